"""An installation whose worker meets with accidents. Each test comes in two sizes: small with every run of the suite,
whole where somebody asks for `-m faults`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from lessons.settings import Settings
from tests.faults import reliability
from tests.faults.machine import Machine, machine
from tests.post.postman import Postman, at_work, posting_to
from tests.warm import warm_up


@dataclass(frozen=True)
class Size:
    """How many of each."""

    kills: int
    killed_people: int
    workers: tuple[int, ...]
    shared_people: int
    pauses: int
    days: int
    posted_people: int
    cuts: int
    web_kills: int
    upgrade_kills: int
    imported: int
    import_kills: int
    turned_bytes: int
    restarts: int
    power_cuts: int
    equal_calls: int
    pairs: int


SMALL = Size(
    kills=3, killed_people=60, workers=(3,), shared_people=210, pauses=2, days=30, posted_people=30, cuts=12,
    web_kills=2, upgrade_kills=3, imported=60, import_kills=1, turned_bytes=12, restarts=1, power_cuts=20,
    equal_calls=20, pairs=10,
)  # fmt: skip
WHOLE = Size(
    kills=100, killed_people=1000, workers=(2, 4), shared_people=10_000, pauses=200, days=400, posted_people=1000,
    cuts=100, web_kills=100, upgrade_kills=20, imported=60_000, import_kills=50, turned_bytes=1000, restarts=20,
    power_cuts=1000, equal_calls=200, pairs=500,
)  # fmt: skip


@pytest.fixture(scope="session", autouse=True)
def warm() -> None:
    warm_up()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    whole_alone = metafunc.definition.get_closest_marker("faults") is not None
    sizes = [*([] if whole_alone else [("small", SMALL, ())]), ("whole", WHOLE, pytest.mark.faults)]
    if "many" in metafunc.fixturenames:
        crews = [(name, size, mark, many) for name, size, mark in sizes for many in size.workers]
        each = [pytest.param(size, many, marks=mark, id=f"{name}-{many}") for name, size, mark, many in crews]
        metafunc.parametrize(("size", "many"), each)
    elif "size" in metafunc.fixturenames:
        metafunc.parametrize("size", [pytest.param(size, marks=mark, id=name) for name, size, mark in sizes])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The whole ones take an hour: they are run where they are asked for by name, and not where they are not named."""
    if "faults" in config.option.markexpr:
        return
    asked_for = [item for item in items if item.get_closest_marker("faults") is None]
    config.hook.pytest_deselected(items=[item for item in items if item not in asked_for])
    items[:] = asked_for


# ── what the whole ones found goes into the document ─────────────────────────────────────────────────────────────────
@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> reliability.Measured:
    return lambda figures: record_property("measured", figures)


FAILED = "**did not hold**"
FOUND = pytest.StashKey[reliability.Rows]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FOUND] = {}
    if "faults" in config.option.markexpr:  # the small ones say nothing of how much it bears
        config.pluginmanager.register(Noted(config.stash[FOUND]))


class Noted:
    """Hears of each test, in whichever process it ran."""

    def __init__(self, found: reliability.Rows) -> None:
        self.found = found

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        row = reliability.row_of(report.nodeid.rpartition("::")[2])
        if row is None or (report.when != "call" and report.passed) or self.found.get(row, ("",))[0] == FAILED:
            return
        took = f"held, in {report.duration:.0f} s"
        figures = dict(report.user_properties).get("measured", took) if report.passed else FAILED
        self.found[row] = str(figures), reliability.here()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Once, where a run is led from."""
    found = session.config.stash[FOUND]
    if found and not hasattr(session.config, "workerinput"):
        text = reliability.DOCUMENT.read_text(encoding="utf-8")
        reliability.DOCUMENT.write_text(reliability.written(text, found), encoding="utf-8")


@pytest.fixture
def postman() -> Iterator[Postman]:
    with at_work() as found:
        yield found


@pytest.fixture
def posting(settings: Settings, postman: Postman) -> Settings:
    """An installation with that mail server, whose clock may be set."""
    return posting_to(postman, settings, "organisation.test")


@pytest.fixture
def workers(posting: Settings) -> Iterator[Machine]:
    with machine(posting) as made:
        yield made

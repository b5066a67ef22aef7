"""An installation whose worker meets with accidents. Each test comes in two sizes: small with every run of the suite,
whole where somebody asks for `-m faults`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from lessons.settings import Settings
from tests.faults.machine import Machine, machine
from tests.post.postman import Postman, at_work, posting_to


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


SMALL = Size(kills=3, killed_people=60, workers=(3,), shared_people=210, pauses=2, days=40, posted_people=30, cuts=12)
WHOLE = Size(
    kills=100, killed_people=1000, workers=(2, 4), shared_people=10_000, pauses=200, days=400, posted_people=1000,
    cuts=100,
)  # fmt: skip


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

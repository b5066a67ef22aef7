"""What the documents name is there: paths, links, addresses, commands, settings; and they keep to their length."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.routing import RequestRedirect

from lessons.app import create_app
from lessons.cli.main import COMMANDS, parser
from lessons.settings import Settings
from lessons.workflow.policy import Policy
from tests.browser.budgets import BUDGETS, told

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
DECISIONS = sorted(ROOT.glob("docs/adr/[0-9]*.md"))
LONGEST = {"README.md": 120, "ARCHITECTURE.md": 150}
DECISION_LONGEST = 40
FOLDERS = "lessons|exports|tests|bench|docs|bin|requirements|deploy"
MACHINES = re.compile(r"(?<![\w.:/])/(?:work|root|home|tmp|mnt|media|opt|usr|Users)/")
HOSTS = {"127.0.0.1", "localhost", "semver.org"}
PICTURES = "docs/screenshots/"
HEAVIEST = 120_000

every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def _spans(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))


def _blocks(text: str) -> Iterator[str]:
    for block in re.findall(r"^```\w*\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE):
        yield from block.splitlines()


def _pictures() -> set[str]:
    """What `make screenshots` makes, whether it has or not."""
    source = (ROOT / "tests" / "browser" / "screenshots.py").read_text(encoding="utf-8")
    names = re.findall(r'^    \("([\w-]+)",', source, flags=re.MULTILINE)
    return {f"{PICTURES}{name}-{language}.png" for name in names for language in ("he", "en")}


def _is_there(path: str) -> bool:
    file, _, test = path.partition("::")
    if test:
        return f"\ndef {test}(" in (ROOT / file).read_text(encoding="utf-8")
    return (ROOT / path).exists() or path in _pictures()


# ── paths and links ──────────────────────────────────────────────────────────────────────────────────────────────────
@every_document
def test_every_path_that_a_document_names_is_there(document: Path) -> None:
    named = [span for span in _spans(document.read_text(encoding="utf-8")) if re.match(rf"({FOLDERS})/\S*$", span)]
    assert [path for path in named if not _is_there(path)] == []


@every_document
def test_every_link_inside_the_repository_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8"))
    inside = [link.partition("#")[0] for link in links if not re.match(r"[a-z]+:|#", link)]
    paths = [str((document.parent / link).resolve().relative_to(ROOT)) for link in inside]
    assert [path for path in paths if not _is_there(path)] == []


@every_document
def test_no_document_names_a_machine_or_a_host_of_somebody(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    hosts = {urlsplit(address).hostname or "" for address in re.findall(r"\w+://[^\s`)>\"]+", text)}
    assert [line for line in text.splitlines() if MACHINES.search(line)] == []
    assert {host for host in hosts if not (host in HOSTS or host.endswith("example.org") or "." not in host)} == set()


# ── commands ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@every_document
def test_every_make_target_that_a_document_names_is_listed(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    text = document.read_text(encoding="utf-8")
    named = [found[1] for part in (*_spans(text), *_blocks(text)) if (found := re.match(r"make ([a-z]+)", part))]
    assert [target for target in named if target not in targets] == []


@every_document
def test_every_command_that_a_document_names_can_be_asked_for_help(
    document: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in _commands(document.read_text(encoding="utf-8")):
        with pytest.raises(SystemExit) as left:
            parser().parse_args([*command.split(), "--help"])
        assert left.value.code == 0, command
        assert f"lessons {command}" in capsys.readouterr().out


def _commands(text: str) -> set[str]:
    """The words of each command; what is no command of ours is given back as it stands."""
    known = [command.words for command in COMMANDS]
    lines = [re.sub(r"^\.venv/bin/", "", part) for part in (*_spans(text), *_blocks(text))]
    given = [line.removeprefix("lessons ") for line in lines if re.match(r"lessons [a-z]", line)]
    return {next((words for words in known if f"{line} ".startswith(f"{words} ")), line) for line in given}


@every_document
def test_every_command_line_that_a_document_shows_is_understood(document: Path) -> None:
    for line in _blocks(document.read_text(encoding="utf-8")):
        if line.startswith(".venv/bin/lessons "):
            assert parser().parse_args(shlex.split(line)[1:]).run, line


def test_what_services_and_images_start_is_understood() -> None:
    lines = [line for path in ROOT.glob("deploy/*") for line in path.read_text(encoding="utf-8").splitlines()]
    started = [re.findall(r"\.venv/bin/lessons ([^'\n]+)", line)[0] for line in lines if ".venv/bin/lessons " in line]
    started += [shlex.join(json.loads(line.removeprefix("CMD "))[1:]) for line in lines if line.startswith("CMD ")]
    assert len(started) == 6
    for line in started:
        assert parser().parse_args(shlex.split(line)).run, line


@pytest.mark.only("sqlite")
def test_every_address_that_a_document_names_is_answered(settings: Settings) -> None:
    routes = create_app(settings).url_map.bind("localhost")
    for document in DOCUMENTS:
        for span in _spans(document.read_text(encoding="utf-8")):
            if re.match(r"/[a-z][\w./-]*$", span):
                try:
                    routes.match(span)
                except (RequestRedirect, MethodNotAllowed):
                    continue


# ── settings, measurements, decisions ────────────────────────────────────────────────────────────────────────────────
def test_the_settings_that_are_read_are_those_that_are_told() -> None:
    source = (ROOT / "lessons" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'\b(?:text|flag|number)\("([A-Z_]+)"', source))
    told = (ROOT / "docs" / "installing.md").read_text(encoding="utf-8")
    rows = "\n".join(line.split("|")[1] for line in told.splitlines() if line.startswith("| `LESSONS_"))
    assert set(re.findall(r"LESSONS_([A-Z_]+)", rows)) == read


def test_every_measurement_is_told_of() -> None:
    told = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    scripts = [path.name for path in ROOT.glob("bench/*.py") if not path.name.startswith("_")]
    assert [name for name in scripts if f"`bench/{name}`" not in told] == []


def test_the_ladder_that_is_told_is_the_one_in_force() -> None:
    told = (ROOT / "docs" / "reminders.md").read_text(encoding="utf-8")
    ladder = Policy.load().ladders["usual"]
    for days in (ladder.after, ladder.up_severity1_2, ladder.up_severity3, ladder.up_severity4):
        assert ", ".join(f"+{day}" for day in days) in told
    assert f"| +{ladder.decision_after} |" in told


def test_the_tour_counts_every_journey_and_none_is_over_its_budget() -> None:
    assert set(told()) == set(BUDGETS)
    assert [journey for journey, spent in told().items() if not spent.fits(BUDGETS[journey])] == []


def test_every_picture_is_shown_by_a_document_and_small() -> None:
    texts = "".join(document.read_text(encoding="utf-8") for document in DOCUMENTS)
    pictures = sorted((ROOT / PICTURES).glob("*.png"))
    assert [picture.name for picture in pictures if f"screenshots/{picture.name}" not in texts] == []
    assert [picture.name for picture in pictures if picture.stat().st_size > HEAVIEST] == []


@pytest.mark.parametrize("name", LONGEST)
def test_a_document_keeps_to_its_length(name: str) -> None:
    assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) <= LONGEST[name]


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_is_short_listed_and_says_why_what_and_what_follows(decision: Path) -> None:
    text = decision.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= DECISION_LONGEST
    assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert f"({decision.name})" in (decision.parent / "README.md").read_text(encoding="utf-8")


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_the_promise_about_reminders_is_said_in_these_words() -> None:
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    promise = "recorded exactly once and delivered at least once, and a repeat is recognisable by its Message-ID"
    assert f"Every duty and notice is {promise}" in text
    assert f"Every duty and notice is {promise}" in (ROOT / "lessons/templates/home/promises.html").read_text("utf-8")

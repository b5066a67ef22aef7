from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.cli import main
from lessons.models import Token
from lessons.models.base import hashed
from lessons.people import keys
from lessons.settings import Settings

LESSONS = (sys.executable, "-m", "lessons.cli")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def surroundings(settings: Settings) -> dict[str, str]:
    """The environment of somebody at the shell of the installation."""
    return {
        "PATH": os.environ["PATH"],
        "LESSONS_DATABASE_URL": settings.database_url,
        "LESSONS_DATA_DIR": str(settings.data_dir),
        "LESSONS_SYNCHRONOUS": "OFF",
    }


@pytest.fixture
def lessons(surroundings: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Exit code, standard output and standard error of a command."""
    for name, value in surroundings.items():
        monkeypatch.setenv(name, value)

    def run(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            code = main(words)
        except SystemExit as ended:
            code = int(ended.code or 0)
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def organisation(lessons: Run) -> Run:
    lessons("unit", "add", "CUS", "חטיבת לקוחות")
    lessons("unit", "add", "RET", "שימור", "--parent", "cus")
    return lessons


def test_a_person_is_added_with_roles_and_gets_a_link(organisation: Run) -> None:
    words = ("person", "add", "dana@ret.local", "--name", "דנה", "--role", "debrief_leader@RET", "--role", "agent@cus")
    code, out, problems = organisation(*words)
    assert (code, problems) == (0, "")
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/invitation/[\w-]{32}\n", out)
    with db.reading() as session:
        dana = keys.called(session, "dana@ret.local")
    assert dana is not None


def test_a_token_stands_alone_on_the_output_and_nowhere_else(organisation: Run) -> None:
    organisation("person", "add", "17", "--name", "אבי", "--unit", "RET")
    words = ("token", "create", "--person", "17", "--name", "crm", "--scope", "read")
    code, out, _ = organisation(*words)
    assert code == 0
    assert re.fullmatch(r"lsn_[\w-]{43}\n", out)
    with db.reading() as session:
        assert session.scalars(sa.select(Token.token_hash)).all() == [hashed(out.strip())]


def test_without_any_unit_the_first_person_makes_the_first_one(lessons: Run) -> None:
    assert lessons("person", "add", "1", "--name", "נעמי")[0] == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("person", "add", "no address", "--name", "x"), "neither an e-mail address nor an employee number"),
        (("person", "add", "2", "--name", "x", "--role", "king@RET"), "Roles are: agent"),
        (("person", "add", "2", "--name", "x", "--unit", "NONE"), "No unit is called NONE"),
        (("person", "add", "2", "--name", "x", "--manager", "9"), "Nobody here is called 9"),
        (("unit", "add", "ret", "again"), "there already"),
        (("unit", "add", "a b", "name"), "letters, digits"),
        (("token", "create", "--person", "9", "--name", "x", "--scope", "read"), "Nobody here is called 9"),
        (("worker", "--once", "--at", "2027-01-01T08:00:00Z"), "LESSONS_ALLOW_CLOCK"),
    ],
)
def test_what_is_refused_is_said_and_exits_with_1(organisation: Run, words: tuple[str, ...], says: str) -> None:
    code, out, problems = organisation(*words)
    assert (code, out) == (1, "")
    assert says in problems


@pytest.mark.parametrize(
    "words",
    [
        (), ("nonsense",), ("serve", "--port", "99999"), ("serve", "--port", "٣"), ("worker", "--at", "tomorrowish"),
        ("worker", "--at", "2027-01-01T08:00:00"), ("person", "add", "x"), ("token", "create", "--scope", "all"),
    ],
)  # fmt: skip
def test_what_is_misused_exits_with_2_and_says_how_it_is_used(lessons: Run, words: tuple[str, ...]) -> None:
    code, out, problems = lessons(*words)
    assert (code, out) == (2, "")
    assert "usage: lessons" in problems


def test_wrong_settings_are_all_named_at_once(lessons: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LESSONS_LOCALE", "xx")
    monkeypatch.setenv("LESSONS_BASE_URL", "http://lessons.example")
    code, _, problems = lessons("db", "check")
    assert code == 2
    assert [line.split(":")[0] for line in problems.splitlines()] == ["LESSONS_BASE_URL", "LESSONS_LOCALE"]


def test_who_is_no_administrator_adds_nobody(organisation: Run) -> None:
    organisation("person", "add", "1", "--name", "נעמי", "--role", "admin@CUS")
    organisation("person", "add", "2", "--name", "אבי", "--role", "agent@RET")
    assert organisation("person", "add", "3", "--name", "ליאור", "--unit", "RET", "--as", "2")[0] == 1
    assert organisation("person", "add", "3", "--name", "ליאור", "--unit", "RET", "--as", "1")[0] == 0


@pytest.mark.only("sqlite")
def test_a_database_is_made_once_and_needed_by_everything_else(
    lessons: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LESSONS_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    code, _, problems = lessons("unit", "add", "CUS", "חטיבה")
    assert (code, "db upgrade" in problems) == (1, True)
    assert lessons("db", "upgrade")[1].startswith("0001_schema\n")
    assert lessons("db", "upgrade")[1] == "nothing to do\n"
    assert lessons("db", "check")[:2] == (0, "as it should be\n")


def test_the_demo_is_loaded_into_an_empty_database_only(organisation: Run) -> None:
    organisation("person", "add", "1", "--name", "נעמי")
    code, _, problems = organisation("demo")
    assert (code, "not empty" in problems) == (1, True)


# ── as programs of their own ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.only("sqlite")
def test_whoever_reads_only_the_first_line_sees_no_trace(surroundings: dict[str, str]) -> None:
    command = f"{' '.join(LESSONS)} --help | head -1"
    done = subprocess.run(["sh", "-c", command], env=surroundings, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("usage: lessons [-h] COMMAND ...\n", "")


@pytest.mark.only("sqlite")
def test_hebrew_is_read_and_written_whatever_the_machine_speaks(surroundings: dict[str, str]) -> None:
    poor = {**surroundings, "LANG": "C", "LC_ALL": "C", "COLUMNS": "20"}
    added = subprocess.run([*LESSONS, "unit", "add", "שימור", "מוקד שימור"], env=poor, capture_output=True, check=False)
    assert (added.returncode, added.stdout.decode()) == (0, "שימור\n")


@pytest.mark.only("sqlite")
def test_help_looks_at_no_table_and_no_server(surroundings: dict[str, str]) -> None:
    look = "import sys; from lessons.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    look += "print(*(name for name in ('sqlmodel', 'flask', 'granian', 'pydantic', 'babel') if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", look], env=surroundings, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == ""


@pytest.mark.only("sqlite")
def test_adding_a_person_looks_at_the_tables_of_people_alone(organisation: Run, surroundings: dict[str, str]) -> None:
    look = "import sys; from lessons.cli import main; main(['person', 'add', '7', '--name', 'x', '--unit', 'RET'])\n"
    look += (
        "print(*(name for name in ('lessons.models.lessons', 'lessons.access.facts', 'flask') if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", look], env=surroundings, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == ""


@pytest.fixture
def running(surroundings: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`lessons run`, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{free.getsockname()[1]}"
    env = {**surroundings, "LESSONS_BASE_URL": base}
    with subprocess.Popen([*LESSONS, "run"], env=env, stdout=subprocess.PIPE, text=True) as program:
        yield program, base
        program.kill()


def said(program: subprocess.Popen[str], ending: str) -> str:
    assert program.stdout is not None
    lines = []
    for line in program.stdout:
        lines.append(line)
        if ending in line:
            break
    return "".join(lines)


def children(of: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(of)], capture_output=True, text=True, check=False)
    below = [int(pid) for pid in found.stdout.split()]
    return below + [one for pid in below for one in children(pid)]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.only("sqlite")
def test_web_and_worker_start_together_and_nothing_outlives_them(
    running: tuple[subprocess.Popen[str], str], number: signal.Signals
) -> None:
    program, base = running
    assert base in said(program, "Ctrl-C")
    below = children(program.pid)
    assert len(below) >= 3
    with urlopen(f"{base}/sign-in") as page:  # noqa: S310 - our own address
        assert "<h1" in page.read().decode()
    program.send_signal(number)
    assert program.wait(15) == (0 if number != signal.SIGKILL else -9)
    end = time.monotonic() + 15
    while any(map(is_alive, below)) and time.monotonic() < end:
        os.sched_yield()
    assert [pid for pid in below if is_alive(pid)] == []
    with pytest.raises(URLError):
        urlopen(f"{base}/healthz", timeout=2)  # noqa: S310 - our own address

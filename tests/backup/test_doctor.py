"""What is wrong is told a line each, with what to do; a script hears it by the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from lessons import clock, db
from lessons.cli import main
from lessons.doors import files
from lessons.duties import signs
from lessons.settings import Settings
from tests.backup.conftest import KEY
from tests.village import AT, Village

ENVIRONMENT = {"SECRET_KEY": KEY, "BASE_URL": "https://lessons.village.test", "SYNCHRONOUS": "OFF", "EMBEDDER": "off"}


@pytest.fixture
def photo(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a debrief's photo lies, in an installation whose worker works."""
    told = {"DATABASE_URL": settings.database_url, "DATA_DIR": str(settings.data_dir)} | ENVIRONMENT
    for name, value in told.items():
        monkeypatch.setenv(f"LESSONS_{name}", value)
    with db.transaction() as session:
        village = Village(session)
        kept = files.keep_file(session, village.debrief(), "photo.png", b"\x89PNG", by=village.by("dana"), at=AT)
        signs.note(session, "reminders", worked=True, at=clock.now())
    return files.store().path(kept.sha256)


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, str]]:
    """The exit code, and the state of each part."""
    capsys.readouterr()
    code = main(["doctor", "--json", *words])
    parts = json.loads(capsys.readouterr().out)
    assert len({part["name"] for part in parts}) == len(parts)
    return code, {part["name"]: part["state"] for part in parts}


def test_where_nothing_is_wrong_it_says_so_and_else_what_to_do(
    settings: Settings, photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, states = told(capsys, "--all")
    assert (code, {name for name, state in states.items() if state == "broken"}) == (0, set())
    assert {"settings", "worker", "mail", "database", "history", "attachments"} <= set(states)
    photo.write_bytes(b"other")
    with db.engine().begin() as connection:
        of = " ON events" if connection.dialect.name == "postgresql" else ""
        connection.exec_driver_sql(f"DROP TRIGGER events_keep_words{of}")
        connection.execute(sa.text("UPDATE events SET body = replace(body, 'import', 'issued')"))
        connection.execute(sa.text("UPDATE signs SET worked_at = '2026-01-01 08:00:00'"))
    assert told(capsys)[1]["database"] == "broken"  # a rule is missing; nothing else is asked of it
    assert main(["db", "upgrade"]) == 0
    code, states = told(capsys)
    assert (code, {name for name, state in states.items() if state == "broken"}) == (
        1, {"worker", "history", "attachments"}
    )  # fmt: skip
    main(["doctor"])
    lines = capsys.readouterr().out
    assert "lessons audit verify" in lines
    assert str(photo) in lines


@pytest.mark.only("sqlite")
def test_settings_that_cannot_be_used_are_all_that_is_told(
    settings: Settings, photo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LESSONS_LOCALE", "xx")
    assert told(capsys) == (1, {"settings": "broken"})


@pytest.mark.only("sqlite")
def test_a_letter_that_turned_where_the_file_describes_itself_is_told(
    settings: Settings, photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing but its words: each name and each column is what it was."""
    with db.engine().begin() as connection:
        connection.exec_driver_sql("PRAGMA writable_schema=ON")
        connection.exec_driver_sql(
            "UPDATE sqlite_master SET sql = replace(sql, 'is only added', 'is only addad') WHERE type = 'trigger'"
        )
    db.engine().dispose()
    assert told(capsys)[1]["file"] == "broken"
    assert main(["db", "upgrade"]) == 0  # triggers are laid again by each
    assert told(capsys)[1]["file"] == "ok"

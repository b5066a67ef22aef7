"""An installation is kept in one file and comes back from it; nobody hears twice because of it."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access import OPERATOR
from lessons.backup import archive, making, restoring, sqlite
from lessons.backup.archive import Refused
from lessons.doors import files
from lessons.models import Attachment, Debrief, Event, Letter, Notice, Person, Webhook, WebhookCall
from lessons.post import outbox
from lessons.settings import Settings
from lessons.steps import audit, make
from lessons.workflow.states import DebriefKind, DebriefState, LetterState
from tests.duties import owing
from tests.village import AT, Village

NOW, LAST_YEAR = AT + timedelta(days=1), AT - timedelta(days=365)
PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9
KILLED = """
import os, sys
from lessons.backup import archive, sqlite
from lessons.cli import main
archive.synced = archive.Writing.end = lambda *_: os.kill(os.getpid(), 9)
main(["backup", sys.argv[1]])
"""


@pytest.fixture
def code(settings: Settings) -> str:
    """A debrief with a photo; its code."""
    with db.transaction() as session:
        village = Village(session)
        debrief = village.debrief()
        files.keep_file(session, debrief, "photo.png", PHOTO, by=village.by("dana"), at=AT)
        return debrief.code


def kept(settings: Settings, file: Path) -> Path:
    making.make(settings, file, force=False, at=AT)
    return file


def restored(settings: Settings, file: Path, **how: bool) -> restoring.Restored:
    db.engine().dispose()
    return restoring.restore(settings, file, **({"replace": True, "moving": False} | how), at=NOW)


def history() -> audit.Audit:
    with db.reading() as session:
        return audit.verify(session, until=10**9)


def photo() -> str:
    with db.reading() as session:
        return session.get_one(Attachment, 1).sha256


def one_more(session: Session) -> Debrief:
    """Another debrief, of the first unit."""
    row = Debrief(
        code="", unit_id=1, kind=DebriefKind.FAILURE, state=DebriefState.REPORTED, title="x", what_happened="x"
    )
    made: Debrief = make(session, row, by=OPERATOR, at=LAST_YEAR, trigger="import")
    return made


def test_what_was_kept_comes_back_and_what_came_later_is_gone(settings: Settings, code: str, tmp_path: Path) -> None:
    before, name = history(), photo()
    file = kept(settings, tmp_path / "one.backup")
    assert (file.stat().st_mode & 0o777, list(tmp_path.glob("*.part"))) == (0o600, [])
    with db.transaction() as session:
        other = one_more(session).code
    assert history().events == before.events + 1
    files.store().path(name).write_bytes(b"damaged")
    done = restored(settings, file)
    assert done.manifest.attachments == [name]
    assert not done.other_key
    assert history() == before
    assert files.store().get(name) == PHOTO
    with db.transaction() as session:
        assert session.scalars(sa.select(Debrief.code)).one() == code
        assert one_more(session).code == other  # counted on from there
        with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
            session.execute(sa.update(Event).values(code="X"))  # the rules of history are laid again


@pytest.mark.only("postgresql")
def test_it_comes_back_to_an_empty_place_too(settings: Settings, code: str, tmp_path: Path) -> None:
    file = kept(settings, tmp_path / "one.backup")
    with pytest.raises(Refused, match="not empty"):
        restored(settings, file, replace=False)
    db.engine().dispose()
    with db.engine().begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    restored(settings, file, replace=False)
    with db.reading() as session:
        assert session.scalars(sa.select(Debrief.code)).one() == code


@pytest.mark.only("sqlite")
def test_a_byte_that_is_not_what_it_was_is_found_and_nothing_is_changed(
    settings: Settings, code: str, tmp_path: Path
) -> None:
    file = kept(settings, tmp_path / "one.backup")
    whole, anywhere = file.read_bytes(), random.Random(7)  # noqa: S311 - the same places every time
    with db.transaction() as session:
        one_more(session)
    db.engine().dispose()
    before = sqlite.place(settings).read_bytes()
    for at in [anywhere.randrange(len(whole)) for _ in range(12)]:
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        with pytest.raises(Refused, match="not what it was"):
            restored(settings, file)
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Refused, match="no backup"):
        restored(settings, file)
    assert sqlite.place(settings).read_bytes() == before
    assert {path.name for path in settings.data_dir.iterdir()} == {"lessons.db", "attachments"}


@pytest.mark.only("sqlite")
def test_a_backup_replaces_nothing_but_an_older_backup_and_killed_it_leaves_none(
    settings: Settings, code: str, tmp_path: Path
) -> None:
    live = sqlite.place(settings)
    before = live.read_bytes()
    for force, says in ((False, "there already"), (True, "no backup")):
        with pytest.raises(Refused, match=says):
            making.make(settings, live, force=force, at=AT)
    assert live.read_bytes() == before
    file, told = tmp_path / "one.backup", {f"LESSONS_{name}": value for name, value in {
        "DATABASE_URL": settings.database_url, "DATA_DIR": str(settings.data_dir)}.items()}  # fmt: skip
    ended = subprocess.run([sys.executable, "-c", KILLED, file], env=told, check=False, timeout=60)
    assert (ended.returncode, file.exists()) == (-9, False)
    making.make(settings, kept(settings, file), force=True, at=NOW)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["one.backup"]
    with archive.opened(file) as source:
        assert source.manifest.moment == NOW
        chosen = b"".join(source.pieces(archive.SETTINGS))
        assert b"smtp://us:***@mail.village.test" in chosen
        assert settings.secret not in chosen


@pytest.mark.only("sqlite")
def test_the_old_database_is_kept_and_not_taken_from_under_whoever_works(
    settings: Settings, code: str, tmp_path: Path
) -> None:
    file = kept(settings, tmp_path / "one.backup")
    with closing(sqlite3.connect(sqlite.place(settings))) as somebody:
        somebody.execute("SELECT 1 FROM persons LIMIT 1")
        with pytest.raises(Refused, match="Somebody works"):
            restored(settings, file)
    first, second = restored(settings, file).aside, restored(settings, file).aside
    assert first is not None
    assert second is not None
    assert (first.name, second.name) == ("lessons.db.before-restore", "lessons.db.before-restore-2")
    db.start(replace(settings, database_url=f"sqlite:///{first}"))
    assert not history().faults


@pytest.mark.only("sqlite")
def test_a_backup_of_the_other_kind_is_refused(settings: Settings, code: str, tmp_path: Path) -> None:
    file = kept(settings, tmp_path / "one.backup")
    with archive.opened(file) as source:
        source.manifest.kind = "postgresql" if source.manifest.kind == "sqlite" else "sqlite"
        with pytest.raises(Refused, match="it cannot go there"):
            restoring._refuse_other(source.manifest, db.engine().dialect.name)


# ── nobody hears twice ───────────────────────────────────────────────────────────────────────────────────────────────
def test_what_waited_is_held_and_what_came_due_since_is_told_on_the_screen(settings: Settings, tmp_path: Path) -> None:
    village = owing.settled()
    hook = Webhook(pid="hook", url="https://x.test", nouns=["debriefs"], salt="s", last_tx=-1, created_at=AT)
    with db.transaction() as session:
        session.add(hook)
        one_more(session)
        letter = Letter(
            pid="one", person_id=village.people["dana"], kind="digest", key="one", to_address="dana@village.test",
            lang="he", subject="x", text="x", html="", message_id="<one@x>", state=LetterState.SENDING,
            next_at=AT, created_at=AT,
        )  # fmt: skip
        session.add(letter)
    village.tell("dana", "acknowledged")
    village.owe("yossi", "2026-01-20", opened="2026-01-10 09:00")
    done = restored(settings, kept(settings, tmp_path / "one.backup"))
    assert done.held is not None
    assert (done.held.letters, done.held.calls) == (1, 1)
    with db.transaction() as session:
        reminders = session.scalars(sa.select(Notice).where(Notice.kind == "overdue")).all()
        assert reminders
        assert len(session.scalars(sa.select(Notice).where(Notice.dropped == "")).all()) == done.held.notices
        assert session.scalar(sa.select(Notice.id).where(Notice.told_at.is_(None))) is None
        assert session.scalar(outbox.TABLE.select().where(outbox.QUEUED)) is None
        assert session.scalars(sa.select(WebhookCall.state)).all() == [LetterState.DROPPED]
        held = session.scalars(sa.select(Letter)).one()
        assert outbox.may_go_again(held)
        assert outbox.try_again(session, held, to=session.get_one(Person, held.person_id), at=NOW)


@pytest.mark.only("sqlite")
def test_where_nothing_worked_since_what_waits_may_leave(settings: Settings, tmp_path: Path) -> None:
    village = owing.settled()
    village.tell("dana", "acknowledged")
    done = restored(settings, kept(settings, tmp_path / "one.backup"), moving=True)
    assert done.held is None
    with db.reading() as session:
        assert session.scalars(sa.select(Notice.told_at)).all() == [None]


@pytest.mark.only("postgresql")
def test_events_of_another_server_are_heard_of_once(settings: Settings, tmp_path: Path) -> None:
    """Its transactions have numbers that this server has not come to yet."""
    owing.settled()
    with db.transaction() as session:
        session.add(Webhook(pid="hook", url="https://x.test", nouns=["debriefs"], salt="s", created_at=AT))
        _, untold = one_more(session), one_more(session)
        session.flush()
        session.execute(sa.text("ALTER TABLE events DISABLE TRIGGER USER"))
        session.execute(sa.text("UPDATE events SET tx = 4000000000 + id"))
        session.execute(sa.text("ALTER TABLE events ENABLE TRIGGER USER"))
        first = session.scalar(sa.select(sa.func.min(Event.id)))
        session.execute(sa.text("UPDATE webhooks SET last_tx = 4000000000 + :n, last_id = :n"), {"n": first})
    done = restored(settings, kept(settings, tmp_path / "one.backup"))
    assert done.held is not None
    assert done.held.calls == 1
    with db.reading() as session:
        assert session.scalars(sa.select(WebhookCall.code)).all() == [untold.code]

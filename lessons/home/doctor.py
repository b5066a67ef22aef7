"""What whoever runs the machine asks of an installation: all that the health page knows, and what only they may see.

What cannot be looked at, because something it rests on is broken, is left out: the first thing to do comes first.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

import sqlalchemy as sa
from sqlmodel import Session

from exports import fonts
from exports.press import PressFailed
from lessons import db, migrations, settings
from lessons.backup.making import store
from lessons.backup.named import named
from lessons.errors import LessonsError
from lessons.home import health
from lessons.home.health import BROKEN, LOOK, OK, Part
from lessons.i18n import Sentence, say, say_n
from lessons.migrations import marked
from lessons.repository.printed import press, sample
from lessons.search import embedder
from lessons.settings import Settings, SettingsError
from lessons.steps import audit
from lessons.workflow.policy import Policy

SOME = 100
"""So many attachments are read where not all are."""
SHORT = 32
SECONDS = 20.0
MOST_TOLD = 3
DATABASE, FILE = say("The database"), ("file", say("The file"))
FOR_ONE = say("It is for whoever runs the product alone.")


def examined(load: Callable[[], Settings], *, at: datetime, everything: bool = False) -> list[Part]:
    """Every check, in the order in which faults are put right. `everything` reads all attachments and the whole
    database, however long that takes, and prints a card. Raises nothing of what it looks for."""
    try:
        chosen = load()
        Policy.check(chosen.policy)
    except SettingsError as error:
        says = say("Not all settings can be used: %(faults)s", faults=str(error))
        return [Part("settings", say("Settings"), BROKEN, says, say("They have to be put right first."))]
    found = [
        *_settings(chosen),
        *key(chosen),
        *address(chosen),
        *_folder(chosen),
        *_fonts(),
        *_embedder(chosen),
        *_database(chosen, at=at, everything=everything),
    ]
    return [_proof() if everything and part.name == "printing" else part for part in found]


# ── what was chosen ──────────────────────────────────────────────────────────────────────────────────────────────────
def _settings(_: Settings) -> Iterator[Part]:
    title, odd = say("Settings"), settings.warnings()
    for one in odd:
        yield Part("settings", title, LOOK, say("Something is odd about a setting: %(what)s", what=one))
    if not odd:
        yield Part("settings", title, OK, say("Every setting is one that is known."))


def key(chosen: Settings) -> Iterator[Part]:
    title, file = say("The key"), chosen.data_dir / "secret.key"
    if chosen.secret_key and len(chosen.secret_key) < SHORT:
        todo = say("A longer one is better set before the first person signs in; later it ends all sign-ins.")
        yield Part("key", title, LOOK, say("The key is short and could be guessed."), todo, "LESSONS_SECRET_KEY")
    elif not chosen.secret_key and file.exists() and file.stat().st_mode & 0o077:
        todo = FOR_ONE
        yield Part("key", title, BROKEN, say("Others on this machine can read the key."), todo, f"chmod 600 {file}")
    else:
        yield Part("key", title, OK, say("The key is kept."))


def address(chosen: Settings) -> Iterator[Part]:
    title = say("The address")
    if chosen.base_url.startswith("https://") or chosen.demo:
        yield Part("address", title, OK, say("People reach it at %(address)s.", address=chosen.base_url))
    else:
        says = say("It is reached from this machine alone.")
        todo = say("The address that people use is needed in the settings.")
        yield Part("address", title, LOOK, says, todo, "LESSONS_BASE_URL")


def _folder(chosen: Settings) -> Iterator[Part]:
    title, folder = say("The data folder"), chosen.data_dir
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        says = say("%(folder)s cannot be written to.", folder=folder)
        todo = say("It has to be there, and belong to whoever runs the product.")
        yield Part("folder", title, BROKEN, says, todo, "LESSONS_DATA_DIR")
    elif folder.stat().st_mode & 0o007:
        says = say("Others on this machine can look into %(folder)s.", folder=folder)
        yield Part("folder", title, LOOK, says, FOR_ONE, f"chmod 750 {folder}")
    else:
        yield Part("folder", title, OK, say("It can be written to, and others cannot look into it."))


def _fonts() -> Iterator[Part]:
    title = say("Fonts")
    try:
        fonts.paper_faces()
    except FileNotFoundError:
        says, todo = say("The fonts for paper are not there: no card can be printed."), say("Set-up cuts them.")
        yield Part("fonts", title, BROKEN, says, todo, "make setup")
    else:
        yield Part("fonts", title, OK, say("The fonts for paper are there."))


def _proof() -> Part:
    """Whether a card is printed at this moment."""
    title = say("Printing")
    try:
        with press(workers=1) as one:
            says = health.PRINTED.with_(seconds=f"{one.proof(sample('en')):.1f}")
    except PressFailed as fault:
        todo = say("The server’s log says why; starting the server again is worth trying.")
        return Part("printing", title, BROKEN, health.NOT_PRINTED.with_(why=fault), todo)
    return Part("printing", title, OK, says)


def _embedder(chosen: Settings) -> Iterator[Part]:
    title, todo = say("Meaning"), say("Search finds by words and letters all the same.")
    if chosen.embedder == embedder.OFF:
        yield Part("embedder", title, OK, say("Search by meaning is switched off."))
        return
    found = embedder.of(chosen)
    if found is None:
        says = say("The chosen embedder is not installed.")
        yield Part("embedder", title, LOOK, says, todo, "LESSONS_EMBEDDER")
        return
    try:
        found.embed("?", question=True, seconds=SECONDS)
    except embedder.Unreachable as error:
        yield Part("embedder", title, LOOK, say("The embedder does not answer: %(why)s", why=error), todo)
    else:
        yield Part("embedder", title, OK, say("The embedder answers."))


# ── what is kept ─────────────────────────────────────────────────────────────────────────────────────────────────────
def _database(chosen: Settings, *, at: datetime, everything: bool) -> Iterator[Part]:
    """Where the shape is not as it has to be, nothing else can be asked of it."""
    fault = _shape(db.start(chosen))
    if fault is not None:
        yield fault
        return
    try:
        with db.reading() as session:
            yield from health.parts(session, at=at)
            yield from _whole(session, everything=everything)
            yield _history(session)
            yield _attachments(session, chosen, everything=everything)
    except Exception as error:  # noqa: BLE001 - what a damaged row leads to may be anything
        yield _unreadable(error)


def _unreadable(error: Exception) -> Part:
    cause = error.__cause__ or error
    why = (str(getattr(cause, "orig", cause)) or type(cause).__name__).splitlines()[0]
    return _broken_database(say("The database cannot be read: %(why)s.", why=why))


def _broken_database(says: Sentence, name: str = "database", title: Sentence = DATABASE) -> Part:
    todo = say("A backup brings it back; the database that is there is kept.")
    return Part(name, title, BROKEN, says, todo, "lessons restore FILE --replace")


def _shape(engine: sa.Engine) -> Part | None:
    title, upgrade = DATABASE, "lessons db upgrade"
    try:
        faults = migrations.check(engine)
    except LessonsError as error:
        return _broken_database(error.message) if error.__cause__ else Part("database", title, BROKEN, error.message)
    except Exception as error:  # noqa: BLE001 - what a damaged shape leads to may be anything
        return _unreadable(error)
    if not faults:
        return None
    says = say("The database is not as this version needs it.")
    return Part("database", title, BROKEN, says, say("It has to be brought up to date."), upgrade)


def _whole(session: Session, *, everything: bool) -> Iterator[Part]:
    """SQLite alone can be asked; PostgreSQL looks at its pages as it reads them."""
    if not db.is_sqlite(session):
        return
    check = "integrity_check" if everything else "quick_check"
    (says,) = session.execute(sa.text(f"PRAGMA {check}(1)")).one()
    if says == "ok" and not marked.is_kept(session.connection()):
        yield _broken_database(say("The file of the database does not describe its tables as it did."), *FILE)
    elif says == "ok":
        yield Part(*FILE, OK, say("The file of the database is whole."))
    else:
        yield _broken_database(say("The file of the database is damaged: %(why)s.", why=says), *FILE)


def _history(session: Session) -> Part:
    title = say("The history")
    found = audit.verify(session, until=session.scalar(sa.select(sa.func.max(audit.EVENTS.c.id))) or 0)
    if not found.faults:
        return Part("history", title, OK, say("The history is whole: %(count)s events.", count=found.events))
    says = say("The history is not what it was: %(faults)s.", faults=list(found.faults[:MOST_TOLD]))
    todo = say("All of it is told, and what was there is compared with a backup.")
    return Part("history", title, BROKEN, says, todo, "lessons audit verify")


def _attachments(session: Session, chosen: Settings, *, everything: bool) -> Part:
    """All are to be there; all, or some of them, to be what they were."""
    title, kept = say("Attachments"), store(chosen)
    names = named(lambda asked: session.execute(sa.text(asked)).all(), session.get_bind().dialect.name)
    lost = {name for name in names if not kept.path(name).is_file()}
    there = (name for name in names[:: 1 if everything else max(1, len(names) // SOME)] if name not in lost)
    lost |= {name for name in islice(there, None if everything else SOME) if kept.get(name) is None}
    if not lost:
        return Part("attachments", title, OK, say("The attachments are there: %(count)s.", count=len(names)))
    paths = [str(kept.path(name)) for name in sorted(lost)[:MOST_TOLD]]
    says = say_n(
        "One attachment is missing or damaged: %(paths)s.",
        "%(n)s attachments are missing or damaged: %(paths)s.",
        len(lost),
        paths=paths,
    )
    return Part("attachments", title, BROKEN, says, say("They come back with a backup, or from whoever attached them."))

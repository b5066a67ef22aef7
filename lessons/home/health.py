"""Whether the installation works, part by part: what is known of it, in one word, and what to do where it does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db, migrations, store
from lessons.duties import signs
from lessons.duties.trouble import STANDS_STILL, STUCK
from lessons.i18n import Sentence, say
from lessons.models import Seal, Sign
from lessons.post import outbox, queries
from lessons.post.queries import PUT_OFF, WAITS, Flow
from lessons.settings import Settings
from lessons.steps import seals

OK, LOOK, BROKEN, UNKNOWN = "ok", "look", "broken", "unknown"
LATE = timedelta(days=2)
REFUSED_FOR = timedelta(days=7)
FREE = ((BROKEN, store.NO_MORE), (LOOK, 2_000_000_000))
"""Fewer bytes than these. Shares say little: the last tenth of a large disk is still much."""
COMMAND = "lessons worker"
PRINTED = say("A card was printed in %(seconds)s seconds.")
NOT_PRINTED = say("No card could be printed: %(why)s")
JOBS = {
    "numbers": say("Days are reckoned by the numbers in force"),
    "system_steps": say("What falls due by itself"),
    "reminders": say("Reminders"),
    "letters": say("Letters are written"),
    "delivery": say("Letters are sent"),
    "outside": say("Other systems are told"),
    "meanings": say("What is new is found by its meaning"),
    "likenesses": say("Cases are compared with the lessons"),
    "long_work": say("What people asked for and wait for"),
    "sealing": say("Days that are over are sealed"),
    "left_out": say("What an earlier version left out of the search is found too"),
    "leftovers": say("Tidying up"),
}


@dataclass(frozen=True)
class Size:
    """So many bytes."""

    bytes: int


@dataclass(frozen=True)
class Part:
    """`says` is one sentence; `todo` what helps, with `by` a setting or a command to go with it. A fact is a moment, a
    Size, a number or words. `in_doubt`: somebody is asked whether the clock is right."""

    name: str
    title: Sentence
    state: str
    says: Sentence
    todo: Sentence | None = None
    by: str = ""
    facts: tuple[tuple[Sentence, Any], ...] = ()
    in_doubt: bool = False


def parts(session: Session, *, at: datetime) -> list[Part]:
    settings, left = db.settings(), signs.seen(session)
    flow = queries.flow(session, at=at, since=at - REFUSED_FOR)
    sealed = seals.latest(session)
    return [mail(settings, flow, at=at), worker(left, at=at), printing(left), database(session), disk(settings),
            sealing(sealed, settings, at=at)]  # fmt: skip


# ── mail ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def mail(settings: Settings, flow: Flow, *, at: datetime) -> Part:
    server = say("not set") if not settings.mail_url else urlsplit(settings.mail_url).hostname or ""
    facts = (
        (say("Mail server"), server),
        (say("Last letter sent"), flow.sent_at),
        (say("Waiting"), flow.waiting),
        (say("Refused in the last seven days"), flow.refused),
    )
    return Part("mail", say("Mail"), *_mail(settings, flow, at), facts=facts)


def _mail(settings: Settings, flow: Flow, at: datetime) -> tuple[str, Sentence, Sentence | None, str]:
    kept = outbox.kept_because(settings)
    if kept == outbox.DEMO:
        return OK, say("The demo sends no mail; letters are kept and read here."), None, ""
    if kept:
        says = say("No mail server is set; letters are kept and read here.")
        return LOOK, says, say("A mail server’s address is needed in the settings."), "LESSONS_MAIL_URL"
    if flow.put_off_since:
        state = BROKEN if at - flow.put_off_since > PUT_OFF else LOOK
        says = say("The mail server did not take the last letters; they are tried again.")
        todo = say("See whether the mail server answers, and whether its address in the settings is right.")
        return state, says, todo, "LESSONS_MAIL_URL"
    if flow.due_since and at - flow.due_since > WAITS:
        return BROKEN, STUCK, say("They leave by themselves once the worker works."), ""
    if flow.refused:
        says = say("Letters were refused.")
        return (
            LOOK,
            says,
            say("Once the address or the server is put right, a letter is sent again from its own page."),
            "",
        )
    return OK, say("Letters leave as they should."), None, ""


# ── the worker ───────────────────────────────────────────────────────────────────────────────────────────────────────
def worker(left: Mapping[str, Sign], *, at: datetime) -> Part:
    jobs = {name: left.get(name) for name in JOBS}
    facts: tuple[tuple[Sentence, Any], ...] = tuple(
        (JOBS[n], sign.worked_at if sign else None) for n, sign in jobs.items()
    )
    if signs.is_in_doubt(left, at=at):
        says = say("The worker does nothing: the clock of this machine is far from when it last worked.")
        todo = say(
            "If the clock here is right, as after a long pause, confirming it is enough. If not, it has to be put "
            "right first: what is done too early cannot be taken back."
        )
        # with the year, which is what may be wrong
        facts = ((say("The clock here"), f"{at:%Y-%m-%d %H:%M} UTC"), *facts)
        return Part("worker", say("The worker"), BROKEN, says, todo, facts=facts, in_doubt=True)
    return Part("worker", say("The worker"), *_worker(jobs, left, at), facts=facts)


def _worker(
    jobs: Mapping[str, Sign | None], left: Mapping[str, Sign], at: datetime
) -> tuple[str, Sentence, Sentence | None, str]:
    start = say("It has to run beside the server all the time.")
    if not any(jobs.values()):
        return BROKEN, say("The worker has not worked yet: nothing falls due, and no letter leaves."), start, COMMAND
    if signs.is_silent(left, at=at):
        return BROKEN, STANDS_STILL, start, COMMAND
    failing = [JOBS[name] for name, sign in jobs.items() if sign and signs.fails(sign)]
    if failing:
        todo = say("It is tried again by itself; the worker’s log says why it did not work.")
        return BROKEN, say("This did not work the last time: %(jobs)s.", jobs=failing), todo, ""
    return OK, say("The worker works."), None, ""


# ── printing ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def printing(left: Mapping[str, Sign]) -> Part:
    sign = left.get(signs.PRESS)
    if sign is None:
        state, says, todo = UNKNOWN, say("No card was printed yet."), say("Printing any card shows whether it works.")
    elif signs.fails(sign):
        state, says = BROKEN, say("The last card could not be printed.")
        todo = say("The server’s log says why; starting the server again is worth trying.")
    else:
        state, says, todo = OK, say("Cards are printed."), None
    first, last, failed = (sign.first_at, sign.worked_at, sign.failed_at) if sign else (None, None, None)
    facts = ((say("First card printed"), first), (say("Last card printed"), last), (say("Last failure"), failed))
    return Part("printing", say("Printing"), state, says, todo, facts=facts)


# ── where everything lies ────────────────────────────────────────────────────────────────────────────────────────────
BYTES_SQLITE = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
BYTES_POSTGRESQL = "SELECT pg_database_size(current_database())"


def database(session: Session) -> Part:
    lite = db.is_sqlite(session)
    revision = session.scalar(sa.text("SELECT version_num FROM alembic_version")) or ""
    bytes_ = session.scalar(sa.text(BYTES_SQLITE if lite else BYTES_POSTGRESQL)) or 0
    facts = (
        (say("Kind"), "SQLite" if lite else "PostgreSQL"),
        (say("Shape"), revision),
        (say("Size"), Size(int(bytes_))),
    )
    if db.only_reads():
        todo = say("The file and its folder have to belong to whoever runs the product.") if lite else None
        return Part("database", say("The database"), BROKEN, say("Nothing can be written to it."), todo, facts=facts)
    if revision == migrations.head():
        return Part("database", say("The database"), OK, say("The database is as this version needs it."), facts=facts)
    says, todo = say("The database is not as this version needs it."), say("It has to be brought up to date.")
    return Part("database", say("The database"), BROKEN, says, todo, "lessons db upgrade", facts)


def disk(settings: Settings) -> Part:
    """The one with the least room of those that are written to: of the data folder, the database, what comes in."""
    folder, total, free = store.least_room(settings)
    facts = ((say("Free"), Size(free)), (say("Of all"), Size(total)))
    state = room(free)
    if state == OK:
        return Part("disk", say("Disk space"), OK, say("There is room on the disk."), facts=facts)
    says = say("The disk of %(folder)s is nearly full.", folder=str(folder))
    todo = say("Move old backups elsewhere, or the data folder to a larger disk. On a full disk nothing can be saved.")
    return Part("disk", say("Disk space"), state, says, todo, facts=facts)


def sealing(sealed: Seal | None, settings: Settings, *, at: datetime) -> Part:
    """Whether the days that are over are sealed. Whether what they cover is still there, the audit alone can say."""
    title, today = say("Seals of the history"), at.astimezone(ZoneInfo(settings.timezone)).date()
    if sealed is None:
        return Part("seals", title, UNKNOWN, say("No day was sealed yet; the worker does it once a day is over."))
    facts = (
        (say("Last day that was sealed"), sealed.day),
        (say("Its seal"), sealed.root),
        (say("Events up to then"), sealed.events),
    )
    if today - sealed.day > LATE:
        says = say("Days that are over are not sealed.")
        return Part("seals", title, LOOK, says, say("It has to run beside the server all the time."), COMMAND, facts)
    says = say("Each day that is over is sealed: whoever keeps a seal can show that nothing was rewritten.")
    return Part("seals", title, OK, says, facts=facts)


def room(free: int) -> str:
    return next((state for state, least in FREE if free < least), OK)

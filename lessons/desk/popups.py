"""What comes up on open desks by itself: urgent news, and what is still to be read after a reminder.

Thousands of desks ask every few seconds, and hardly ever is there anything new: that answer is given before a request
is routed – one look at who asks, one mark of their unit, which a process reckons once a second for all of them.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlmodel import Session
from werkzeug.http import parse_cookie

from lessons import clock, db
from lessons.access import Actor, tree
from lessons.access.audience import Asked
from lessons.briefings.queries import subjects_of
from lessons.models import Briefing, BriefingMember, News, Person, SignIn
from lessons.models.base import hashed
from lessons.news.queries import is_for, read_by
from lessons.web.who import COOKIE, IDLE, LASTS
from lessons.workflow.states import BriefingState, NewsState

PATH = "/desk/now"
FRESH_SECONDS = 1.0
NOTHING = "0"
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
WHO = (
    sa.select(SignIn.created_at, SignIn.seen_at, SignIn.ended_at, Person.closed_at, Person.unit_id)
    .join(Person, Person.id == SignIn.person_id)
    .where(SignIn.token_hash == sa.bindparam("hash"))
)
CALLING = (
    sa.select(News)
    .where(News.state == NewsState.LIVE, sa.or_(News.urgent, News.reminded_at.is_not(None)))
    .order_by(News.urgent.desc(), News.id.desc())
)
REMINDED = (
    sa.select(Briefing)
    .where(Briefing.state == BriefingState.OPEN, Briefing.reminded_at.is_not(None))
    .order_by(Briefing.id)
)

OWED = sa.select(BriefingMember.briefing_id).where(
    BriefingMember.briefing_id.in_(sa.bindparam("ids", expanding=True)),
    BriefingMember.person_id == sa.bindparam("person"),
    BriefingMember.acknowledged_at.is_(None),
)


# ── a unit's mark ────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class _Calls:
    """What calls at a moment, and the mark of each unit that anything calls; `until` by the process's own clock."""

    until: float
    news: Sequence[News]
    briefings: Sequence[Briefing]
    marks: Mapping[int, str]


_known: WeakKeyDictionary[Any, _Calls] = WeakKeyDictionary()


def head(unit_id: int, *, at: datetime) -> str:
    """A mark that is another one as soon as something else calls the people of a unit."""
    return _calls(at).marks.get(unit_id, NOTHING)


def forget() -> None:
    """Where what calls was just changed, by a test that does not wait a second."""
    _known.pop(db.engine(), None)


def _calls(at: datetime) -> _Calls:
    known, now = _known.get(db.engine()), time.monotonic()
    if known is None or now >= known.until:
        with db.reading() as session:
            known = _known[db.engine()] = _read(session, now + FRESH_SECONDS, at)
    return known


def _read(session: Session, until: float, at: datetime) -> _Calls:
    units, found = tree(session), dict[int, list[str]]()
    news = [one for one in session.scalars(CALLING) if one.valid_from <= at < one.valid_until]
    briefings = session.scalars(REMINDED).all()
    for row in [*news, *briefings]:
        for unit_id in Asked(row.audience, row.unit_id, row.created_at).units(units):
            found.setdefault(unit_id, []).append(f"{row.code}:{row.edition}:{row.reminded_at}")
    marks = {unit_id: hashlib.sha256("|".join(of).encode()).hexdigest()[:16] for unit_id, of in found.items()}
    return _Calls(until, news, briefings, marks)


# ── before a request is routed ───────────────────────────────────────────────────────────────────────────────────────
def answering(app: Wsgi) -> Wsgi:
    """The application, with nothing new told ahead of it: 304 where the desk that asks knows its unit's mark."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        seen = environ.get("HTTP_IF_NONE_MATCH")
        if environ["PATH_INFO"] == PATH and seen and environ["REQUEST_METHOD"] == "GET":
            unit_id = _who_asks(environ)
            if unit_id is not None and seen == f'"{head(unit_id, at=clock.now())}"':
                start("304 Not Modified", [("ETag", seen), ("Cache-Control", "private, no-cache")])
                return ()
        return app(environ, start)

    return answer


def _who_asks(environ: dict[str, Any]) -> int | None:
    """The unit of whoever is signed in; None sends the request on its usual way, where refusals are told."""
    token = parse_cookie(environ.get("HTTP_COOKIE", "")).get(COOKIE, "")
    if not token or "HTTP_AUTHORIZATION" in environ:
        return None
    with db.glance() as connection:
        found = connection.execute(WHO, {"hash": hashed(token)}).first()
    at = clock.now()
    if found is None or found.ended_at is not None or (found.closed_at is not None and found.closed_at <= at):
        return None
    over = at > found.created_at + LASTS or at > found.seen_at + IDLE
    return None if over else int(found.unit_id)


# ── what a person has not read ───────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Popup:
    """News that is acknowledged where it stands; of a briefing its subject, which leads to it."""

    news: News | None = None
    briefing: Briefing | None = None
    title: str = ""


def popups(session: Session, *, by: Actor, at: datetime) -> list[Popup]:
    """Urgent ones first; each until it is read, withdrawn or over."""
    calls = _calls(at)
    calling = [one for one in calls.news if is_for(session, one, by)]
    read = read_by(session, calling, by)
    reminded = _owed(session, calls.briefings, by)
    subjects = subjects_of(session, reminded)
    return [
        *(Popup(news=one, title=one.title) for one in calling if one.id not in read),
        *(Popup(briefing=one, title=subjects[one.id or 0].title) for one in reminded),
    ]


def _owed(session: Session, rows: Sequence[Briefing], by: Actor) -> list[Briefing]:
    asked = {"ids": [one.id for one in rows], "person": by.id}
    mine = frozenset(db.connection(session).execute(OWED, asked).scalars()) if rows else frozenset()
    return [one for one in rows if one.id in mine]

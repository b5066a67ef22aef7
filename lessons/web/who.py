"""Who asks: the session behind a cookie, or the token of a program. Both are kept hashed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import g, request
from sqlmodel import Session, col

from lessons import db
from lessons.access.actor import ANONYMOUS, Actor, actor_of, tree
from lessons.errors import Unavailable
from lessons.models import Notice, Person, SignIn, Token
from lessons.models.base import hashed
from lessons.web import framed

COOKIE = "__Host-lessons"
LASTS, IDLE = timedelta(days=7), timedelta(hours=16)
SEEN_EVERY = timedelta(minutes=10)
STRONG = ("code", "passkey", "demo")
"""Ways in that one stolen word does not open; the demo has no words to steal."""
UNSEEN = ("/report", "/report/thanks", "/track", "/api/v1/debriefs")
"""Where a report without a name begins and is followed, nobody is noted as seen."""

HASH: sa.BindParameter[str] = sa.bindparam("hash")
UNREAD_MOST = 100
_unread = (
    (
        sa.select(sa.literal(1))
        .where(col(Notice.person_id) == Person.id, col(Notice.seen_at).is_(None), col(Notice.dropped) == "")
        .limit(UNREAD_MOST)
    )
    .correlate(Person)
    .subquery()
)
_SIGN_IN = (
    sa.select(SignIn, Person, sa.select(sa.func.count()).select_from(_unread).scalar_subquery())
    .join(Person, col(Person.id) == SignIn.person_id)
    .where(SignIn.token_hash == HASH)
)
_TOKEN = sa.select(Token, Person).join(Person, col(Person.id) == Token.person_id).where(Token.token_hash == HASH)


@dataclass(frozen=True)
class Asking:
    """The row that let them in: a sign-in with its secret for forms, or a token with its scope. `framed`: neither, a
    frame in a CRM that was opened for them."""

    sign_in: SignIn | None = None
    token: Token | None = None
    framed: bool = False
    held_back: bool = False
    """Whether administration was left out, because this installation wants a second step before it."""
    unread: int = 0
    """Notices that the person has not read, counted up to UNREAD_MOST."""

    @property
    def scope(self) -> str:
        return self.token.scope if self.token else "write"


def bearer() -> str:
    """The token of the Authorization header, "" where there is none."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.casefold() == "bearer" else ""


def resolve(session: Session, at: datetime) -> tuple[Actor, Asking]:
    """The actor as of now, read in this session, so that a right taken away a moment ago is gone."""
    if framed.sent():
        return _by_frame(session, at)
    if "Authorization" in request.headers:
        return _by_token(session, bearer(), at)
    cookie = request.cookies.get(COOKIE, "")
    return _by_cookie(session, cookie, at) if cookie else (ANONYMOUS, Asking())


def _by_cookie(session: Session, cookie: str, at: datetime) -> tuple[Actor, Asking]:
    found = session.execute(_SIGN_IN, {"hash": hashed(cookie)}).first()
    if found is None:
        return ANONYMOUS, Asking()
    sign_in, person, unread = found
    over = sign_in.ended_at is not None or at > sign_in.created_at + LASTS or at > sign_in.seen_at + IDLE
    if over or _closed(person, at):
        return ANONYMOUS, Asking()
    actor = actor_of(session, person, at=at)
    held_back = db.settings().admin_second_step and sign_in.how not in STRONG and bool(actor.units_of("admin"))
    if held_back:
        actor = replace(actor, grants=tuple(one for one in actor.grants if one[0] != "admin"))
    return actor, Asking(sign_in=sign_in, held_back=held_back, unread=unread)


def _by_token(session: Session, secret: str, at: datetime) -> tuple[Actor, Asking]:
    found = session.execute(_TOKEN, {"hash": hashed(secret)}).first()
    if found is None:
        return ANONYMOUS, Asking()
    token, person = found
    over = token.ended_at is not None or (token.expires_at is not None and at >= token.expires_at)
    if over or _closed(person, at):
        return ANONYMOUS, Asking()
    return actor_of(session, person, at=at, scope=token.scope), Asking(token=token)


def _by_frame(session: Session, at: datetime) -> tuple[Actor, Asking]:
    opened = framed.opened(at)
    found = sa.select(Person).where(Person.pid == opened.person) if opened else None
    person = session.scalars(found).first() if found is not None else None
    if person is None or _closed(person, at):
        return ANONYMOUS, Asking()
    return actor_of(session, person, at=at), Asking(framed=True)


def _closed(person: Person, at: datetime) -> bool:
    return person.closed_at is not None and person.closed_at <= at


def recognise(at: datetime) -> None:
    """Before a request: note who asks, and, now and then, that they were seen."""
    g.actor, g.asking = ANONYMOUS, Asking()
    if not request.cookies.get(COOKIE) and "Authorization" not in request.headers:
        return
    with db.reading() as session:
        g.actor, g.asking = resolve(session, at)
        g.units = tree(session)
        session.expunge_all()
    known = g.asking.sign_in or g.asking.token
    if not known or request.path.rstrip("/") in UNSEEN:
        return
    if known.seen_at is None or at - known.seen_at > SEEN_EVERY:
        _note_seen(known, at)


def _note_seen(known: SignIn | Token, at: datetime) -> None:
    # a sighting: outside records and history, and no reason to refuse a page where the database is busy
    table = type(known)
    try:
        with db.transaction() as session:
            session.execute(sa.update(table).where(col(table.id) == known.id).values(seen_at=at))
    except Unavailable:
        return


def actor() -> Actor:
    """Who asks, as it was when this request came; nobody, where it was refused before that was looked at."""
    known: Actor = g.get("actor", ANONYMOUS)
    return known


def asking() -> Asking:
    known: Asking = g.get("asking", Asking())
    return known

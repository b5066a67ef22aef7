"""The only place that erases a person: their name goes, the records stay with somebody who was erased.

What the history says of them lies beside it under salted digests; where words with their name are taken out there, the
salt goes too, and the chain is as whole as before. The event of the erasing tells how many that were: the audit allows
so many and not one more. Their lasting id stays, a number that names nobody any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access.actor import Actor, forget_tree
from lessons.errors import NotAllowed
from lessons.i18n import Name, say
from lessons.models import (
    Absence,
    Authenticator,
    BasicReading,
    DeskVisit,
    EventDetail,
    Feed,
    HalfSignIn,
    Invitation,
    Letter,
    NewsReading,
    Notice,
    Passkey,
    Person,
    Presence,
    ProviderAccount,
    RecoveryCode,
    SavedView,
    SignIn,
    Token,
)
from lessons.people import named_in
from lessons.people.named_in import Place
from lessons.people.noted import note
from lessons.people.operations import administers
from lessons.steps.history import Happened

NOBODY, NOBODY_EN = "מי שפרטיו נמחקו", "Somebody who was erased"
THEIRS: tuple[Any, ...] = (
    Absence, Authenticator, BasicReading, DeskVisit, Feed, HalfSignIn, Invitation, NewsReading, Notice, Letter, Passkey,
    Presence, ProviderAccount, RecoveryCode, SavedView, SignIn, Token,
)  # fmt: skip
"""What is nobody else's: it goes whole. Notices before the letters that they name."""
DETAILS, LETTERS = EventDetail.__table__, Letter.__table__
PLAIN = {"email": None, "number": None, "function": "", "function_en": "", "form": "", "manager_id": None,
         "password_hash": None, "welcomed_at": None}  # fmt: skip


def hold(session: Session, person: Person, because: str, *, by: Actor, at: datetime) -> None:
    """Nothing of theirs may be erased, for this reason; "" lifts it. Raises Forbidden, NotAllowed."""
    administers(session, by, person.unit_id)
    _there(person)
    if because == person.held_because:
        return
    told = "hold" if because else "release"
    note(session, person, Happened(told, "", "held" if because else "free", by, at, private={"reason": because}))
    person.held_because = because
    session.add(person)


def check(session: Session, person: Person, *, by: Actor) -> None:
    """Whether they may be erased. Raises Forbidden, NotAllowed."""
    administers(session, by, person.unit_id)
    _there(person)
    if person.closed_at is None:
        raise NotAllowed(say("%(name)s is here. Only who left can be erased.", name=Name.of(person)))
    if person.held_because:
        raise NotAllowed(say("Nothing of theirs may be erased now: %(why)s", why=person.held_because))


def erase(session: Session, person: Person, *, by: Actor, at: datetime) -> list[Place]:
    """Take the person out of everything that says who they are; returns what still names them in people's own words,
    for a human to look at. Raises Forbidden, NotAllowed."""
    check(session, person, by=by)
    session.flush()
    names = named_in.names_of(person)
    left = named_in.places(session, person)
    for table in THEIRS:
        mine = table.person_id == person.id
        session.execute(sa.delete(table).where(mine))
    _out_of_letters(session, names)
    told = {"details": _out_of_history(session, names), "places": [[one.code, one.table, one.field] for one in left]}
    for field, value in {**PLAIN, "name": NOBODY, "name_en": NOBODY_EN, "erased_at": at}.items():
        setattr(person, field, value)
    person.hired_on, person.version = person.closed_at.date() if person.closed_at else at.date(), person.version + 1
    note(session, person, Happened("erase", "", "erased", by, at, told=told))
    session.add(person)
    session.flush()
    forget_tree(session)
    return left


def _out_of_history(session: Session, names: Sequence[str]) -> int:
    """Of how many events something was taken that had lost nothing before."""
    found = session.execute(sa.select(DETAILS).where(named_in.likely([DETAILS.c.private], names))).all()
    gone = [one for one in found if named_in.named(one.private, names)]
    for one in gone:
        values = {"salt": "", "private": named_in.without(one.private, names, NOBODY)}
        session.execute(sa.update(DETAILS).where(DETAILS.c.event_id == one.event_id).values(values))
    return sum(1 for one in gone if one.salt)


def _out_of_letters(session: Session, names: Sequence[str]) -> None:
    """Letters to others that tell of them."""
    texts = ("subject", "text", "html")
    found = sa.select(LETTERS).where(named_in.likely([LETTERS.c[name] for name in texts], names))
    for one in session.execute(found).mappings().all():
        values = {name: named_in.without(one[name], names, NOBODY) for name in texts}
        session.execute(sa.update(LETTERS).where(LETTERS.c.id == one["id"]).values(values))


def _there(person: Person) -> None:
    if person.erased_at is not None:
        raise NotAllowed(say("They were erased already."))

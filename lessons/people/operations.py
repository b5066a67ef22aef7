"""The only writer of units, people, their roles and absences. Whoever leaves is closed, never deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access.actor import Actor, forget_tree, tree
from lessons.errors import FieldError, Forbidden, Invalid, NotAllowed
from lessons.i18n import Name, Sentence, say
from lessons.models.base import random_id
from lessons.models.people import Absence, Grant, Invitation, Person, SignIn, Token, Unit
from lessons.people import names
from lessons.workflow.states import Role

NOT_YOURS = say("People and units are kept by whoever administers the system there.")
NOT_ALL_THEIRS = say("They have a role beyond what you administer. Whoever administers there too can do this.")
NOT_TAKEN = say("Some fields need another look. Nothing was lost.")
SMALL_BELOW = 15


def add_unit(
    session: Session,
    *,
    code: str,
    name: str,
    name_en: str = "",
    parent: Unit | None = None,
    by: Actor,
    at: datetime,
) -> Unit:
    """Add a unit, below `parent` or as a root. Raises Invalid for a code that is taken or is none, Forbidden."""
    administers(session, by, parent.id if parent else None)
    if not names.is_code(code):
        raise wrong("/code", "code", say("A unit's code is made of letters, digits, - and _, at most 40."))
    if tree(session).by_code(code):
        raise wrong("/code", "taken", say("A unit with the code %(code)s is there already.", code=code))
    zone = parent.zone if parent else db.settings().timezone
    unit = Unit(
        code=code, name=name, name_en=name_en, parent_id=parent.id if parent else None, zone=zone, from_on=at.date()
    )
    return _kept(session, unit)


def root_unit(session: Session, *, by: Actor, at: datetime) -> Unit:
    """The only root; made where there is no unit yet. Raises Invalid where there are several."""
    roots = [unit for unit in tree(session).units.values() if unit.parent_id is None and unit.until_on is None]
    if not roots:
        name = db.settings().organisation or "ארגון"
        return add_unit(session, code="ORG", name=name, name_en="Organisation", by=by, at=at)
    if len(roots) > 1:
        raise wrong("/unit", "missing", say("There are several units on top, so the unit has to be named."))
    return roots[0]


def change_unit(session: Session, unit: Unit, asked: Mapping[str, Any], *, by: Actor) -> None:
    """Name, the relaxation of small units, and whom refused steps fall to. Raises Forbidden, NotAllowed."""
    unit = session.get_one(Unit, unit.id)
    administers(session, by, unit.id)
    if asked.get("small") and _active_people(session, unit) >= SMALL_BELOW:
        raise NotAllowed(say("The relaxations of a small unit hold below %(n)s active people.", n=SMALL_BELOW))
    for field in ("name", "name_en", "small"):
        setattr(unit, field, asked.get(field, getattr(unit, field)))
    fallback = asked.get("fallback_person")
    unit.fallback_person_id = fallback.id if fallback else None
    unit.version += 1
    _kept(session, unit)


def close_unit(session: Session, unit: Unit, *, successor: Unit | None = None, by: Actor, at: datetime) -> None:
    """Close a unit that has nobody and nothing open below it any more. Raises Forbidden, NotAllowed."""
    unit = session.get_one(Unit, unit.id)
    administers(session, by, unit.id)
    below = [one for one in tree(session).units.values() if one.parent_id == unit.id and one.until_on is None]
    if below or _active_people(session, unit):
        raise NotAllowed(
            say("People or open units are still in %(unit)s. Once they moved it can be closed.", unit=Name.of(unit))
        )
    if successor is not None and successor.id == unit.id:
        raise wrong("/successor", "itself", say("Another unit is needed here."))
    unit.until_on, unit.successor_id = at.date(), successor.id if successor else None
    unit.version += 1
    _kept(session, unit)


def add_person(
    session: Session,
    who: str,
    *,
    name: str,
    unit: Unit | None = None,
    roles: Iterable[tuple[Role, Unit]] = (),
    manager: Person | None = None,
    by: Actor,
    at: datetime,
    **more: str,
) -> Person:
    """Add someone by e-mail or employee number, active at once; nothing is sent. `unit`: else that of the first role,
    else the only root. `more`: name_en, function, function_en, form, locale. Raises Invalid, Forbidden."""
    roles = list(roles)
    unit = unit or (roles[0][1] if roles else root_unit(session, by=by, at=at))
    administers(session, by, unit.id)
    email, number = _names(session, who)
    _is_plain({"name": name, **more})
    person = Person(
        pid=random_id(), email=email, number=number, name=name, unit_id=_id(unit), hired_on=at.date(),
        manager_id=manager.id if manager else None, **{"locale": db.settings().locale, **more},
    )  # fmt: skip
    session.add(person)
    session.flush()
    for role, where in roles:
        grant(session, person, role, where, by=by, at=at)
    return person


def _names(session: Session, who: str) -> tuple[str | None, str | None]:
    try:
        email, number = names.email_or_number(who)
    except names.NotAName as error:
        raise wrong("/who", "name", error.sentence) from None
    _is_free(session, "who", Person.email if email else Person.number, email or number or "")
    return email, number


def _is_plain(asked: Mapping[str, Any]) -> None:
    """Nobody is called what only looks like another's name. Raises Invalid."""
    for field in ("name", "name_en"):
        if names.mixes_alphabets(asked.get(field) or ""):
            raise wrong(f"/{field}", "mixed", names.MIXED)


def _is_free(session: Session, field: str, column: Any, given: str, of: Person | None = None) -> None:
    taken = session.scalar(sa.select(Person.id).where(sa.func.lower(column) == given.lower()))
    if taken is not None and (of is None or taken != of.id):
        raise wrong(f"/{field}", "taken", say("%(who)s is there already.", who=given))


def change_person(session: Session, person: Person, asked: Mapping[str, Any], *, by: Actor) -> None:
    """Names, function, unit, manager, and what they sign in by. Raises Forbidden, Invalid."""
    administers(session, by, person.unit_id)
    if "unit" in asked and asked["unit"].id != person.unit_id:
        administers(session, by, asked["unit"].id)
        person.unit_id = _id(asked["unit"])
    if "manager" in asked:
        person.manager_id = _manager_of(person, asked["manager"])
    _is_plain(asked)
    for field in ("name", "name_en", "function", "function_en"):
        setattr(person, field, asked.get(field, getattr(person, field)))
    before = person.email, person.number
    _call(session, person, asked)
    if (person.email, person.number) != before:
        may_let_in(session, person, by=by)
    person.version += 1
    session.add(person)


def _call(session: Session, person: Person, asked: Mapping[str, Any]) -> None:
    """Their address and number as they are sent: one of them at least, and neither another's."""
    email = (asked["email"] and _email(asked["email"])) if "email" in asked else person.email
    number = asked.get("number", person.number)
    if number and not (names.NUMBER.fullmatch(number) and number.isascii()):
        raise wrong("/number", "name", say("This is no employee number: letters without accents, digits and . _ / -."))
    if not email and not number:
        raise wrong("/email", "missing", say("An e-mail address or an employee number is needed, to sign in by."))
    for field, column, given in (("email", Person.email, email), ("number", Person.number, number)):
        if given:
            _is_free(session, field, column, given, person)
    person.email, person.number = email or None, number or None


def _email(given: str) -> str:
    try:
        return names.email(given)
    except names.NotAName as error:
        raise wrong("/email", "name", error.sentence) from None


def _manager_of(person: Person, manager: Person | None) -> int | None:
    if manager is not None and manager.id == person.id:
        raise wrong("/manager", "itself", say("Nobody is their own manager."))
    return manager.id if manager else None


def prefer(session: Session, person: Person, asked: Mapping[str, Any]) -> None:
    """Language, colours, when and how often the digest comes: a person's own to choose. An hour alone is a full one."""
    for field in ("locale", "theme", "digest_every"):
        setattr(person, field, asked.get(field, getattr(person, field)))
    if "digest_at" in asked:
        person.digest_hour, person.digest_minute = map(int, asked["digest_at"].split(":"))
    elif "digest_hour" in asked:
        person.digest_hour, person.digest_minute = asked["digest_hour"], 0
    session.add(person)


def welcome(session: Session, person: Person, *, at: datetime) -> None:
    """They were shown round, or would rather not be."""
    person.welcomed_at = person.welcomed_at or at
    session.add(person)


def grant(
    session: Session, person: Person, role: Role, unit: Unit, *, source: str = "", by: Actor, at: datetime
) -> Grant:
    """Give a role at a unit; one that is held already stays as it is. Raises Forbidden, NotAllowed."""
    from lessons.duties.holders import DUTIFUL
    from lessons.steps.leaving import hand_on_roles

    administers(session, by, unit.id)
    if role is Role.AUDITOR:  # wherever it is given, it reads everything
        administers_all(session, by)
    _active(person)
    same = (Grant.person_id == person.id, Grant.role == role, Grant.unit_id == unit.id, Grant.until_at.is_(None))
    held = session.scalars(sa.select(Grant).where(*same)).first()
    if held is not None:
        return held
    given = Grant(person_id=_id(person), role=role, unit_id=_id(unit), source=source, from_at=at)
    session.add(given)
    _note_role(session, person, "give_role", given, by=by, at=at)
    if role.value in DUTIFUL:
        hand_on_roles(session, tree(session).under((_id(unit),)), at=at)
    return given


def revoke(session: Session, given: Grant, *, by: Actor, at: datetime) -> None:
    """Take a role away, from this moment. Raises Forbidden, NotAllowed for one's own last key to this page."""
    from lessons.steps.leaving import hand_on_roles

    administers(session, by, given.unit_id)
    if given.role is Role.ADMIN and by.kind == "person" and given.person_id == by.id:
        raise NotAllowed(say("Your own administration is for another administrator to take back."))
    given.until_at = at
    session.add(given)
    _note_role(session, session.get_one(Person, given.person_id), "take_role", given, by=by, at=at)
    hand_on_roles(session, (given.unit_id,), at=at)


def _note_role(session: Session, person: Person, trigger: str, given: Grant, *, by: Actor, at: datetime) -> None:
    """Whom something was entrusted to is history like what they did with it: in the person's own chain."""
    from lessons.people.noted import note
    from lessons.steps.history import Happened

    told = {"role": given.role, "unit": tree(session).units[given.unit_id].code, "source": given.source}
    note(session, person, Happened(trigger, "", "", by, at, told=told))


def add_absence(
    session: Session, person: Person, *, delegate: Person, from_on: date, until_on: date, by: Actor, at: datetime
) -> Absence:
    """Both days included. The delegate acts with the person's roles over records; where somebody else notes it, that is
    not they themselves, and the person is told. Raises Invalid, Forbidden."""
    from lessons.post import notices
    from lessons.post.outbox import Whom

    _may_note_absence(session, person, by)
    _active(person)
    if delegate.id == person.id or delegate.closed_at is not None:
        raise wrong("/delegate", "itself", say("Another active person is needed to stand in."))
    if delegate.id == by.id:
        raise wrong("/delegate", "noted_by", say("Whoever notes it for somebody else does not stand in themselves."))
    if until_on < from_on:
        raise wrong("/until_on", "order", say("The last day is not before the first."))
    if until_on < tree(session).today(person.unit_id, at):
        raise wrong("/until_on", "past", say("These days are over already."))
    away = Absence(
        pid=random_id(), person_id=_id(person), delegate_id=_id(delegate), from_on=from_on, until_on=until_on
    )
    session.add(away)
    session.flush()
    if by.kind == "person" and by.id != person.id:
        notices.tell(session, [person.id], "absence_noted", Whom(person), at=at, urgent=True)
    return away


def cancel_absence(session: Session, away: Absence, *, by: Actor, at: datetime) -> None:
    _may_note_absence(session, session.get_one(Person, away.person_id), by)
    away.cancelled_at = away.cancelled_at or at
    session.add(away)


def leave(session: Session, person: Person, *, by: Actor, at: datetime) -> None:
    """Close a person: signed out everywhere, tokens and roles ended, what they owe handed to their unit's manager, and
    whom they were to stand in for to that person's manager. Raises Forbidden, NotAllowed."""
    from lessons.duties.holders import forget_holders
    from lessons.steps.leaving import hand_on, hand_on_roles

    administers(session, by, person.unit_id)
    _active(person)
    if person.id == by.id:
        raise NotAllowed(say("Your own leaving is for another administrator to record."))
    person.closed_at, person.password_hash, person.version = at, None, person.version + 1
    session.add(person)
    session.flush()
    held = session.scalars(sa.select(Grant).where(Grant.person_id == person.id, Grant.until_at.is_(None))).all()
    units = {given.unit_id for given in held}
    for given in held:
        _note_role(session, person, "take_role", given, by=by, at=at)
    for table, ended in ((SignIn, "ended_at"), (Token, "ended_at"), (Invitation, "used_at"), (Grant, "until_at"),
                         (Absence, "cancelled_at")):  # fmt: skip
        open_ = (table.person_id == person.id, getattr(table, ended).is_(None))
        session.execute(sa.update(table).where(*open_).values({ended: at}))
    forget_holders(session)
    _stand_in_instead(session, person, at)
    hand_on(session, person, at=at)
    hand_on_roles(session, units, at=at)


def _stand_in_instead(session: Session, leaver: Person, at: datetime) -> None:
    """Whoever is away is not without somebody: where the leaver was to stand in, the manager of the one away does."""
    from lessons.duties.line import manager_of

    day = tree(session).today(leaver.unit_id, at)
    theirs = (Absence.delegate_id == leaver.id, Absence.cancelled_at.is_(None), Absence.until_on >= day)
    for away in session.scalars(sa.select(Absence).where(*theirs)):
        away.delegate_id = manager_of(session, away.person_id) or away.delegate_id
    session.flush()


def administers(session: Session, by: Actor, unit_id: int | None) -> None:
    """Whether they keep people and units there. Raises Forbidden."""
    if by.kind in ("operator", "system"):
        return
    above = tree(session).above[unit_id] if unit_id else ()
    if not by.units_of("admin") & set(above):
        raise Forbidden(NOT_YOURS)


def administers_all(session: Session, by: Actor) -> None:
    """Whether they keep the whole organisation. Raises Forbidden."""
    for unit in tree(session).units.values():
        if unit.parent_id is None and unit.until_on is None:
            administers(session, by, unit.id)


def may_let_in(session: Session, person: Person, *, by: Actor) -> None:
    """Whether they may open a way in for the person, which is the way to every role that the person has: they keep all
    units in which it was given. Raises Forbidden."""
    administers(session, by, person.unit_id)
    held = sa.select(Grant.role, Grant.unit_id).where(Grant.person_id == person.id, Grant.until_at.is_(None))
    try:
        for role, unit_id in session.execute(held):
            administers(session, by, unit_id)
            if role is Role.AUDITOR:
                administers_all(session, by)
    except Forbidden:
        raise Forbidden(NOT_ALL_THEIRS) from None


def _may_note_absence(session: Session, person: Person, by: Actor) -> None:
    above = set(tree(session).above[person.unit_id])
    if by.kind == "person" and person.id != by.id and not by.units_of("manager", "admin") & above:
        raise Forbidden(say("An absence is noted by the person, their manager or an administrator."))


def _active(person: Person) -> None:
    if person.closed_at is not None:
        raise NotAllowed(say("%(name)s has left.", name=Name.of(person)))


def _active_people(session: Session, unit: Unit) -> int:
    here = (Person.unit_id == unit.id, Person.closed_at.is_(None))
    return session.scalar(sa.select(sa.func.count()).select_from(Person).where(*here)) or 0


def _kept(session: Session, unit: Unit) -> Unit:
    session.add(unit)
    session.flush()
    forget_tree(session)
    return unit


def _id(row: Person | Unit) -> int:
    return row.id or 0  # a kept row has one


def wrong(pointer: str, code: str, message: Sentence) -> Invalid:
    """A refusal of one field."""
    return Invalid(NOT_TAKEN, [FieldError(pointer, code, message)])

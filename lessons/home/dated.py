"""What is due as entries of a calendar: a person's own duties, a unit's, or those on one record.

Who may see what is asked anew at each reading. What its reader may not name carries its code alone, as in letters:
calendars are read on other people's screens.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import Session

from exports.calendar_ics import Entries, Entry
from lessons import db
from lessons.access import Actor, facts, tree, visible_to
from lessons.access.visible import view_of
from lessons.duties.queries import OPEN, TABLE, holds, owed_by
from lessons.duties.told import Known, Reader, held_by, href, known, promised_first, reader
from lessons.errors import NotFound
from lessons.i18n import Name, Sentence, Word, say
from lessons.models import Debrief, Person, Unit
from lessons.people.feeds import NOT_OPEN, manages
from lessons.post.letters import shortened
from lessons.post.titles import titles
from lessons.workflow.lives import LIVES

AROUND = timedelta(days=400)
MOST = 2_000
"""Whoever owes more reads the first of them."""
NOTHING_DUE = say("Nothing is due here now.")


def of_person(session: Session, person: Person, *, at: datetime) -> Entries:
    """Everything they owe: their own, of their roles, and of whoever they stand in for."""
    to = _reader(session, person, at)
    duties = [duty for duty in owed_by(session, to.by) if abs(duty.due_on - to.today) <= AROUND]
    return _entries(session, to, duties, Name.of(person).in_(to.lang))


def of_unit(session: Session, unit_id: int, person: Person, *, at: datetime) -> Entries:
    """What is owed in the unit and below. Raises NotFound for whoever manages it no longer."""
    to = _reader(session, person, at)
    if not manages(session, unit_id, to.by):
        raise NotFound(NOT_OPEN)
    unit: Unit = tree(session).units[unit_id]
    here = TABLE.c.unit_id.in_(sorted(tree(session).below[unit_id]))
    near = TABLE.c.due_on.between(to.today - AROUND, to.today + AROUND)
    duties = session.execute(OPEN.where(here, near, visible_to(session, "duties", to.by)).limit(MOST)).all()
    return _entries(session, to, duties, Name.of(unit).in_(to.lang))


def of_record(session: Session, row: Any, person: Person, *, at: datetime) -> Entries:
    """The reader's own duties on it, else those they may see, else its own day. Raises NotFound where it has none."""
    to = _reader(session, person, at)
    on_it = (TABLE.c.of_noun == row.noun, TABLE.c.of_id == row.id, visible_to(session, "duties", to.by))
    seen = session.execute(OPEN.where(*on_it)).all()
    duties = [duty for duty in seen if holds(to.by, duty)] or seen
    if duties:
        return _entries(session, to, duties, row.code)
    day = getattr(row, "due_on", None)
    if day is None or not LIVES[row.noun].is_live(str(row.state)) or not _is_told(session, row, to.by, at):
        raise NotFound(NOTHING_DUE)
    title = titles(session, [(row.noun, row.id)], to.by).get((row.noun, row.id), "")
    entry = Entry(
        uid=_uid(row.code), day=day, title=_titled(title, Word("noun", row.noun), row.code, to), sequence=row.event_n,
        stamp=row.created_at, text=_text([row.code], to, row.noun, row.code), url=href(to.base_url, row.noun, row.code),
    )  # fmt: skip
    return Entries(row.code, to.lang, to.calendar.zone, (entry,))


def _is_told(session: Session, row: Any, by: Actor, at: datetime) -> bool:
    """Of a debrief its reporter hears the state and the lessons, and no day."""
    if not isinstance(row, Debrief):
        return True
    return view_of(row, facts(session, [row], by=by, at=at)[0].relations) != "reporter"


def _reader(session: Session, person: Person, at: datetime) -> Reader:
    return reader(session, person, db.settings().base_url, at=at)


def _entries(session: Session, to: Reader, duties: Sequence[Any], of: str) -> Entries:
    some = duties[:MOST]
    found = known(session, to, some, ())
    name = say("Due: %(of)s", of=of).in_(to.lang)
    return Entries(name, to.lang, to.calendar.zone, tuple(_entry(duty, to, found) for duty in some))


def _entry(duty: Any, to: Reader, found: Known) -> Entry:
    of = (duty.of_noun, duty.of_id)
    is_seen = of in found.titles
    word = Word("duty", duty.kind) if is_seen else Word("noun", duty.of_noun)
    more = (held_by(duty, found), promised_first(duty, found)) if is_seen else ()
    return Entry(
        uid=_uid(duty.pid),
        day=duty.due_on,
        title=_titled(found.titles.get(of, ""), word, duty.of_code, to),
        sequence=duty.moved,
        stamp=duty.opened_at,
        text=_text([duty.of_code, *more], to, duty.of_noun, duty.of_code),
        url=href(to.base_url, duty.of_noun, duty.of_code),
    )


def _titled(title: str, word: Word, code: str, to: Reader) -> str:
    """The record's name before what is asked for: of a cell of a calendar its beginning is read."""
    said = word.in_(to.lang)
    return f"{shortened(title)} · {said}" if title else f"{said} · {code}"


def _text(parts: Sequence[Sentence | str | None], to: Reader, noun: str, code: str) -> str:
    said = [part if isinstance(part, str) else part.in_(to.lang) for part in parts if part]
    return "\n".join([*said, href(to.base_url, noun, code)])


def _uid(name: str) -> str:
    return f"{name}@{urlsplit(db.settings().base_url).hostname or 'lessons'}"

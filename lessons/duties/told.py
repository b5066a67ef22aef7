"""Puts what a person is to be told into lines: of duties by how near their day is, of notices by their kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, actor_of
from lessons.access.numbers import calendar_of
from lessons.duties.buttons import Decision, decisions
from lessons.duties.queries import holds
from lessons.duties.records import Waiting, records
from lessons.i18n import Name, Sentence, Word, say
from lessons.models import Duty, Job, Person
from lessons.post.kinds import sentence
from lessons.post.letters import Line, Note, shortened, spoken_day
from lessons.post.titles import Ref, titles
from lessons.workdays import Calendar
from lessons.workflow.lives import next_step
from lessons.workflow.promised import of_duty
from lessons.workflow.states import Role

SAY_THE_DAY = ("reminder", "due_today", "due_tomorrow")
ELSEWHERE = {"day_sealed": "/admin/health/seals", "account_connected": "/account"}
"""What is read on a page of its own, and not on that of whom it is told of."""
DUTY = Duty.__table__


class Reads(Protocol):
    """On which day, by which calendar and in which language something is read."""

    @property
    def calendar(self) -> Calendar: ...

    @property
    def today(self) -> date: ...

    @property
    def lang(self) -> str: ...


@dataclass(frozen=True)
class Reader:
    """Whoever reads the letter: what they may see, their language, their day."""

    person: Person
    by: Actor
    at: datetime
    calendar: Calendar
    today: date
    base_url: str

    @property
    def lang(self) -> str:
        return self.person.locale

    @property
    def name(self) -> str:
        return named(self.person, self.lang)


def reader(session: Session, person: Person, base_url: str, *, at: datetime) -> Reader:
    calendar = calendar_of(session, person.unit_id)
    return Reader(person, actor_of(session, person, at=at), at, calendar, calendar.today(at), base_url)


def named(person: Person, lang: str) -> str:
    return Name.of(person).in_(lang)


@dataclass(frozen=True)
class Known:
    """What the lines name: titles that the reader may see, duties of notices, names of those who hold them; by the
    duty that is a decision, what it is about and may be done; how their records stand."""

    titles: Mapping[Ref, str]
    duties: Mapping[int, Any] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    decisions: Mapping[int, Decision] = field(default_factory=dict)
    records: Mapping[Ref, Waiting] = field(default_factory=dict)


def known(session: Session, to: Reader, duties: Sequence[Any], notices: Sequence[Any]) -> Known:
    """Everything the lines need, in a fixed number of queries."""
    by_id = {duty.id: duty for duty in duties}
    missing = {notice.duty_id for notice in notices if notice.duty_id is not None} - by_id.keys()
    if missing:
        by_id |= {duty.id: duty for duty in session.execute(sa.select(DUTY).where(DUTY.c.id.in_(missing)))}
    refs = {(item.of_noun, item.of_id) for item in (*duties, *notices)}
    asked = decisions(session, by_id.values(), by=to.by, at=to.at)
    holding = (*by_id.values(), *(one.late for one in asked.values()))
    people = {duty.person_id for duty in holding if duty.person_id is not None} - {to.person.id}
    stand = records(session, {(duty.of_noun, duty.of_id) for duty in by_id.values()})
    return Known(titles(session, refs, to.by), by_id, _names(session, people, to.lang), asked, stand)


def _names(session: Session, people: Iterable[int], lang: str) -> dict[int, str]:
    ids = sorted(people)
    rows = session.scalars(sa.select(Person).where(Person.id.in_(ids))) if ids else ()
    return {person.id: named(person, lang) for person in rows if person.id is not None}


def duty_line(kind: str, duty: Any, to: Reader, facts: Known) -> Line:
    """What is owed: the duty, of which record, when, and in whose place. Of a decision: about what, and its steps."""
    if duty.id in facts.decisions:
        return _decision_line(kind, duty, to, facts)
    word = Word("duty", duty.kind)
    title = facts.titles.get((duty.of_noun, duty.of_id), "")
    name = facts.names.get(duty.person_id)
    place = say("In place of %(name)s", name=name) if name else None
    return Line(
        says=shortened(title) if title else word,
        alone=said(kind, title or word, duty.due_on, to),
        code=duty.of_code,
        href=href(to.base_url, duty.of_noun, duty.of_code),
        notes=_some(
            word if title else None,
            None if duty.due_on == to.today else _when(duty, to),
            promised_first(duty, facts),
            place,
        ),
        **_onward(duty, to, facts),
    )


def _onward(duty: Any, to: Reader, facts: Known) -> dict[str, Any]:
    """Of what the reader owes: the step that fulfils it, and its day as a file."""
    ref = (duty.of_noun, duty.of_id)
    record, where = facts.records.get(ref), href(to.base_url, duty.of_noun, duty.of_code)
    step = next_step(record.noun, record.state, duty.kind) if record and ref in facts.titles else ""
    steps = ((Word(f"{duty.of_noun}.trigger", step), f"{where}/{step}"),) if step else ()
    return {"steps": steps, "calendar": f"{where}/calendar.ics"}


def line_of_others(duty: Any, to: Reader, facts: Known) -> Line:
    """What somebody else owes: the duty, of which record, since when it is late, and with whom it lies."""
    title, word = facts.titles.get((duty.of_noun, duty.of_id), ""), Word("duty", duty.kind)
    return Line(
        says=shortened(title) if title else word,
        code=duty.of_code,
        href=href(to.base_url, duty.of_noun, duty.of_code),
        notes=_some(word if title else None, held_by(duty, facts), _when(duty, to)),
    )


def _decision_line(kind: str, duty: Any, to: Reader, facts: Known) -> Line:
    title = facts.titles.get((duty.of_noun, duty.of_id), "")
    what = say("To decide: %(what)s", what=shortened(title) if title else Word("duty", duty.about))
    return Line(
        says=what,
        alone=said(kind, title or Word("duty", duty.about), duty.due_on, to),
        code=duty.of_code,
        href=href(to.base_url, duty.of_noun, duty.of_code),
        notes=_some(*_of_decision(facts.decisions[duty.id], bool(title), to, facts)),
        steps=_steps(duty.id, to, facts),
    )


def _of_decision(decision: Decision, titled: bool, to: Reader, facts: Known) -> tuple[Note | None, ...]:
    """Which duty is late, since when, and with whom."""
    late = decision.late
    return (
        Word("duty", late.kind) if titled else None,
        _when(late, to),
        promised_first(late, facts),
        held_by(late, facts),
    )


def _steps(duty_id: int | None, to: Reader, facts: Known) -> tuple[tuple[Note, str], ...]:
    found = facts.decisions.get(duty_id) if duty_id is not None else None
    return tuple((Word("decision", one.name), to.base_url + one.path) for one in found.buttons) if found else ()


def notice_line(notice: Any, to: Reader, facts: Known) -> Line:
    """What happened, by its kind. Of a record that the reader may not see, the code alone is told."""
    ref = (notice.of_noun, notice.of_id)
    duty = facts.duties.get(notice.duty_id) if ref in facts.titles else None
    title = facts.titles.get(ref, "")
    what = title or (Word("duty", duty.about or duty.kind) if duty else Word("noun", notice.of_noun))
    kind = _kind_by_day(notice.kind, notice.due_on, to)
    decides = duty is not None and duty.id in facts.decisions
    owed = duty is not None and not decides and duty.closed_at is None and holds(to.by, duty)
    return Line(
        says=said(notice.kind, what, notice.due_on, to),
        code="" if notice.of_noun == Job.noun else notice.of_code,  # it has no code that anybody would say
        href=_where(notice, to),
        notes=_some(*_of_duty(kind, duty, bool(title), to, facts)),
        quote=str(notice.facts.get("reason") or "") if ref in facts.titles else "",
        **(_onward(duty, to, facts) if owed else {"steps": _steps(notice.duty_id, to, facts)}),
    )


def _where(notice: Any, to: Reader) -> str:
    at = ELSEWHERE.get(notice.kind)
    return to.base_url + at if at else href(to.base_url, notice.of_noun, notice.of_code)


def said(kind: str, what: str | Word, day: date | None, to: Reads) -> Sentence:
    """The sentence of a kind of notice about a record or a duty, as it is read that day."""
    short = shortened(what) if isinstance(what, str) else what
    late = to.calendar.between(day, to.today) if day else 0
    spoken = spoken_day(day, to.lang) if day else ""
    return sentence(_kind_by_day(kind, day, to)).with_(what=short, day=spoken, n=max(late, 1))


def _kind_by_day(kind: str, day: date | None, to: Reads) -> str:
    """A reminder says what its day is on the day it is read."""
    if kind not in ("reminder", "overdue") or day is None:
        return kind
    if day < to.today:
        return "overdue"
    return {0: "due_today", 1: "due_tomorrow"}.get((day - to.today).days, "reminder")


def _some(*notes: Note | None) -> tuple[Note, ...]:
    return tuple(note for note in notes if note)


def _of_duty(kind: str, duty: Any, titled: bool, to: Reader, facts: Known) -> tuple[Note | None, ...]:
    if duty is None:
        return ()
    if duty.id in facts.decisions:
        return _of_decision(facts.decisions[duty.id], titled, to, facts)
    when = None if kind in SAY_THE_DAY else _when(duty, to)
    return Word("duty", duty.kind) if titled else None, when, promised_first(duty, facts), held_by(duty, facts)


def promised_first(duty: Any, facts: Known) -> Sentence | None:
    """The day first promised, where it was moved."""
    row = facts.records.get((duty.of_noun, duty.of_id))
    return of_duty(duty, row) if row is not None else None


def _when(duty: Any, to: Reader) -> Sentence:
    day = spoken_day(duty.due_on, to.lang)
    return say("It was due on %(day)s", day=day) if duty.due_on < to.today else say("It is due on %(day)s", day=day)


def held_by(duty: Any, facts: Known) -> Sentence | None:
    """With whom a duty lies; None where it is the reader's own."""
    return lies_with(facts.names.get(duty.person_id, ""), duty.role)


def lies_with(name: str, role: Role | None) -> Sentence | None:
    """With a person by name, else with a role."""
    if name:
        return say("With %(name)s", name=name)
    return say("With: %(role)s", role=Word("role", role.value)) if role else None


def href(base_url: str, noun: str, code: str) -> str:
    return f"{base_url}/{noun}/{code}"

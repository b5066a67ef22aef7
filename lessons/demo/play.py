"""Plays the stories: all of them merged in time order, the system's own steps following day by day."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from lessons import doors
from lessons.access import Actor, actor_of
from lessons.actions import due as actions
from lessons.briefings import due as briefings
from lessons.cases import due as cases
from lessons.cases import matching
from lessons.demo.days import Days
from lessons.demo.story import Day, Moment, Of, Step, Told
from lessons.duties.away import away
from lessons.duties.digest import digests, tell_on_screen, whose_time_it_is
from lessons.duties.sweep import sweep
from lessons.duties.urgent import urgent_letters
from lessons.models import Briefing, BriefingMember, Lesson, Person, Verification
from lessons.news import due as news
from lessons.procedures import due as procedures
from lessons.repository import due as repository
from lessons.steps.similar import unanswered
from lessons.verifications import due as verifications

Due = Callable[..., int]


def daily_mail(session: Session, *, at: datetime) -> int:
    """Everybody's mail of the day whose hour has come."""
    return digests(session, whose_time_it_is(session, at=at), at=at)


def cases_compared(session: Session, *, at: datetime) -> int:
    """In the play's one transaction."""
    return cases.look(reading=lambda: nullcontext(session), transaction=lambda: nullcontext(session), at=at)


STEPS_DUE: tuple[Due, ...] = (
    repository.fall_due, actions.fall_due, procedures.fall_due, briefings.fall_due, verifications.fall_due,
    cases_compared, cases.fall_due,
    news.fall_due,
)  # fmt: skip
LETTERS_DUE: tuple[Due, ...] = (sweep, urgent_letters, daily_mail)
MORNING, MAIL, EVENING = time(6), time(8, 30), time(17, 30)
FIRST_HOUR, HOURS = 8, 12


class Refused(Exception):
    """A step of a story that the process refuses: the story is wrong, or the process is."""


class Ahead(NamedTuple):
    """Something that happens at a moment; `n` keeps the order of the story."""

    at: datetime
    n: int
    what: Any


class Play:
    """One loading: the rows that stories name, and what is still to happen."""

    def __init__(self, session: Session, people: Mapping[str, Person], days: Days) -> None:
        self.session, self.people, self.days = session, people, days
        self.rows: dict[str, Any] = {}
        self.ahead: list[Ahead] = []
        self.done: Counter[str] = Counter()
        self._n = count()

    def __call__(self, steps: Iterable[Step], *, until: datetime) -> None:
        """Play these steps up to a moment, and let follow what follows by itself."""
        for one in steps:
            self._plan(self.days.moment(one.day, one.clock), one)
        for at, work in self._ticks(until):
            self._plan(at, work)
        while self.ahead and self.ahead[0].at <= until:
            at, _, what = heapq.heappop(self.ahead)
            if isinstance(what, Step):
                self._take(what, at)
            else:
                self._by_itself(what, at)

    def _plan(self, at: datetime, what: Any) -> None:
        heapq.heappush(self.ahead, Ahead(at, next(self._n), what))

    # ── what follows by itself ───────────────────────────────────────────────────────────────────────────────────────
    def _ticks(self, until: datetime) -> Iterator[tuple[datetime, tuple[Due, ...]]]:
        if not self.ahead:
            return
        day = self.days.calendar.today(self.ahead[0].at)
        while day <= self.days.today:
            yield self.days.on(day, MORNING), STEPS_DUE
            if self.days.calendar.is_working(day):
                yield self.days.on(day, MAIL), LETTERS_DUE
                yield self.days.on(day, EVENING), (urgent_letters,)
            day += timedelta(days=1)
        yield until, (*STEPS_DUE, *LETTERS_DUE)

    def _by_itself(self, work: tuple[Due, ...], at: datetime) -> None:
        if daily_mail in work:
            tell_on_screen(self.session, at=at)
        for due in work:
            while due(self.session, at=at):
                self.done["by itself"] += 1

    # ── what people do ───────────────────────────────────────────────────────────────────────────────────────────────
    def _take(self, one: Step, at: datetime) -> None:
        try:
            DOORS[one.door](self, one, at)
        except Exception as refusal:
            told = [str(point.message) for point in getattr(refusal, "unmet", None) or getattr(refusal, "errors", [])]
            raise Refused(f"{one.day} {one.who} {one.record} {one.what} {one.made}: {refusal!r} {told}") from refusal
        self.done[one.door] += 1

    def create(self, one: Step, at: datetime) -> None:
        made = doors.create(self.session, one.what, self._said(one.fields), by=self._by(one.who, at), at=at)
        self.rows[one.made] = made.row

    def step(self, one: Step, at: datetime) -> None:
        by = self._by(one.who, at)
        row, said = self._found(one.record, by), self._said(one.fields)
        if (row.noun, one.what) == ("debriefs", "issue"):
            said["similar"] = [{"lesson": near.code, "choice": "related"} for near, _ in unanswered(self.session, row)]
        doors.step(self.session, row, one.what, said, by=by, at=at)

    def add(self, one: Step, at: datetime) -> None:
        by = self._by(one.who, at)
        made = doors.add(self.session, self._found(one.record, by), one.what, self._said(one.fields), by=by, at=at)
        if one.made:
            self.rows[one.made] = made

    def match(self, one: Step, at: datetime) -> None:
        by = self._by(one.who, at)
        matching.match(self.session, self.rows[one.record], self._found(one.what, by), by=by, at=at)

    def read(self, one: Step, at: datetime) -> None:
        """The people addressed, in an order of chance that is the same every time, over their shifts."""
        briefing = self.row(one.record)
        members = self._readers(briefing, at)
        chance = Random(one.record)  # noqa: S311 - an order of reading is no secret
        chance.shuffle(members)
        total, over = one.fields["people"] or len(members), one.fields["days"]
        if len(members) < total:
            raise ValueError(f"{len(members)} people read {one.record}, not {total}")
        for n, number in enumerate(members[:total]):
            day = self.days.calendar.add(self.days.calendar.today(at), n * over // total)
            hour = time(FIRST_HOUR + chance.randrange(HOURS), 1 + chance.randrange(59))
            moment = max(self.days.on(day, hour), at + timedelta(minutes=n + 1))
            answers = ["wrong", "right"] if n < one.fields["wrong"] else ["right"]
            for answer in answers:
                step = replace(one, who=number, door="acknowledge", fields={"answer": answer})
                self._plan(moment, step)
                moment += timedelta(minutes=2)

    def _readers(self, briefing: Briefing, at: datetime) -> list[str]:
        rows = self.session.execute(
            sa.select(Person.id, Person.number)
            .join(BriefingMember, BriefingMember.person_id == Person.id)
            .where(BriefingMember.briefing_id == briefing.id, BriefingMember.acknowledged_at.is_(None))
            .order_by(Person.id)
        ).all()
        today = self.days.calendar.today(at)
        absent = away(self.session, {row.id for row in rows}, {today})
        return [row.number for row in rows if not absent.delegates(row.id, today)]

    def acknowledge(self, one: Step, at: datetime) -> None:
        by = self._by(one.who, at)
        briefing = self.row(one.record)  # who is addressed sees it
        fields: dict[str, Any] = {}
        if briefing.check:
            right = briefing.check["right"]
            fields["answer"] = right if one.fields["answer"] == "right" else (right + 1) % 2
        doors.add(self.session, briefing, "acknowledgements", fields, by=by, at=at)

    # ── names of things ──────────────────────────────────────────────────────────────────────────────────────────────
    def _by(self, number: str, at: datetime) -> Actor:
        return actor_of(self.session, self.people[number], at=at)

    def row(self, key: str) -> Any:
        """What a key names: as the story called it, else the newest of its kind that belongs to that."""
        if key in self.rows:
            return self.rows[key]
        whose, _, kind = key.rpartition(".")
        model, columns = DERIVED[kind]
        owner = self.row(whose)
        newest = sa.select(model).where(getattr(model, columns[owner.noun]) == owner.id).order_by(model.id.desc())
        found = self.session.scalars(newest.limit(1)).first()
        if found is None:
            raise KeyError(key)
        return found

    def _found(self, key: str, by: Actor) -> Any:
        """The same, where this person may know of it: whoever acts sees what they act on."""
        row = self.row(key)
        return doors.find(self.session, row.noun, row.code, by=by) if hasattr(row, "code") else row

    def _said(self, value: Any) -> Any:
        """What the story says, as a form or a program would send it."""
        if isinstance(value, Of):
            row = self.row(value.key)
            return getattr(row, "code", None) or row.pid
        if isinstance(value, Day):
            return self.days.day(value).isoformat()
        if isinstance(value, Moment):
            return self.days.moment(value.day, value.clock).isoformat()
        if isinstance(value, Told):
            return value.words % self.days.spoken(value.moment.day, value.moment.clock)
        if isinstance(value, Mapping):
            return {name: self._said(one) for name, one in value.items()}
        return [self._said(one) for one in value] if isinstance(value, list | tuple) else value


DERIVED: dict[str, tuple[Any, dict[str, str]]] = {
    "briefing": (Briefing, {"lessons": "lesson_id", "revisions": "revision_id", "news": "news_id"}),
    "verification": (Verification, {"lessons": "lesson_id"}),
    "lesson": (Lesson, {"debriefs": "debrief_id"}),
}
DOORS: dict[str, Callable[[Play, Step, datetime], None]] = {
    "create": Play.create,
    "step": Play.step,
    "add": Play.add,
    "match": Play.match,
    "read": Play.read,
    "acknowledge": Play.acknowledge,
}

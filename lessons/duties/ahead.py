"""Who will hear what, and when, if nobody does anything meanwhile: the sweep and the mails of the coming days, reckoned
from what is owed now. Nothing is sent and nothing written.

What falls due by itself later, as a check whose watch ends, is not in it yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access.numbers import calendar_of
from lessons.duties.climbs import Climb, climbs, with_stand_ins
from lessons.duties.deciding import KIND
from lessons.duties.digest import key_of
from lessons.duties.foreseen import Foreseen, foreseen, rung_of
from lessons.duties.hours import breaks_quiet, digest_hour, digest_moment
from lessons.duties.sweep import is_urgent, kind_of
from lessons.i18n import Word, say
from lessons.models import Duty, Letter, Notice, Person
from lessons.post import outbox
from lessons.workdays import Calendar

TABLE = Duty.__table__
TOGETHER = 1_000
EVERY: Any = sa.true()


@dataclass(frozen=True)
class Telling:
    """One person is told one thing about one duty at that moment. `kind` is a notice's."""

    at: datetime
    person_id: int
    kind: str
    duty: Any
    rung: str
    urgent: bool


@dataclass(frozen=True)
class Mail:
    """What reaches a person at once. `way`: "digest", the mail of the day or week; "notice", a letter that does not
    wait for it; "screen" where no mail reaches them."""

    at: datetime
    day: date
    person_id: int
    way: str
    tells: tuple[Telling, ...]


WAYS = {"digest": say("the mail of the day"), "notice": say("a letter at once"), "screen": say("on the screen alone")}


@dataclass(frozen=True)
class Reading:
    """How it will be read: on that day, by that calendar, in that language."""

    calendar: Calendar
    today: date
    lang: str


# ── what is told ─────────────────────────────────────────────────────────────────────────────────────────────────────
def tellings(
    session: Session, first: datetime, last: datetime, *, of: Any = EVERY, most: int | None = None
) -> list[Telling]:
    """From `first` up to `last`, excluded, in the order of time; `of` narrows the duties, `most` takes those that are
    told of soonest. What was missed before is told at `first`, as the sweep does."""
    waiting = sa.select(TABLE).where(TABLE.c.closed_at.is_(None), TABLE.c.next_at < last, of)
    soonest = waiting.order_by(TABLE.c.next_at, TABLE.c.id).limit(most)
    groups = [session.execute(soonest).all()] if most else _by_thousands(session, waiting.order_by(TABLE.c.id))
    found = [one for duties in groups for one in _of(session, duties, first, last)]
    found += _waiting(session, first, of)
    return sorted(found, key=lambda one: (one.at, one.person_id, one.duty.id, one.rung))


@dataclass(frozen=True)
class News:
    """What stands in for a duty where a notice waits to be told: of a duty, or of a record alone (`kind` is "")."""

    id: int
    kind: str
    about: str
    of_noun: str
    of_id: int
    of_code: str
    due_on: date | None
    severity: int


def _waiting(session: Session, first: datetime, of: Any) -> Iterator[Telling]:
    """What is noted and not told yet goes with the next letter."""
    told = sa.select(Notice, TABLE.c.kind.label("duty"), TABLE.c.about, TABLE.c.severity)
    with_duty = told.outerjoin(TABLE, TABLE.c.id == Notice.duty_id).where(Notice.told_at.is_(None), of)
    for notice, duty, about, severity in session.execute(with_duty.order_by(Notice.id)):
        what = (duty or "", about or "", notice.of_noun, notice.of_id, notice.of_code, notice.due_on)
        news = News(-notice.id, *what, severity or 0)
        yield Telling(max(notice.at, first), notice.person_id, notice.kind, news, notice.rung, notice.urgent)


def word(one: Telling) -> Word:
    """What it is about: a duty, or of a decision that is asked for what is late, or a record alone."""
    kind = (one.duty.about if one.kind == "decision" else "") or one.duty.kind
    return Word("duty", kind) if kind else Word("noun", one.duty.of_noun)


def _by_thousands(session: Session, waiting: Any) -> Iterator[Sequence[Any]]:
    after = 0
    while duties := session.execute(waiting.where(TABLE.c.id > after).limit(TOGETHER)).all():
        yield duties
        after = duties[-1].id


def _of(session: Session, duties: Sequence[Any], first: datetime, last: datetime) -> Iterator[Telling]:
    before = _told(session, duties)
    wave = climbs(session, duties)
    while wave:
        asked = list(foreseen(session, wave, first, last))
        decisions = list(_asked(session, asked))
        graver = {(one.duty.id, one.person_id, one.at) for one in decisions}
        for one in _heard(session, wave, first, last):
            known = (one.duty.id, one.duty.due_on, one.rung, one.person_id) in before
            if not known and (one.duty.id, one.person_id, one.at) not in graver:
                yield one
        yield from decisions
        wave = [one.climb for one in asked]


def _heard(session: Session, wave: Sequence[Climb], first: datetime, last: datetime) -> Iterator[Telling]:
    steps = [(climb, at, since) for climb in wave for at, since in _moments(climb, first, last)]
    heard = [(climb, climb.numbers.day(at), climb.heard(at, since=since)) for climb, at, since in steps]
    for (climb, at, _), (_, people) in zip(steps, with_stand_ins(session, heard), strict=True):
        for person_id, rung in people.items():
            yield Telling(at, person_id, kind_of(rung), climb.duty, rung.name, is_urgent(climb.duty, rung))


def _asked(session: Session, asked: Sequence[Foreseen]) -> Iterator[Telling]:
    """Whoever decides hears of it at once, and so does whoever stands in for them."""
    heard = [(one.climb, one.climb.numbers.day(one.at), dict.fromkeys(one.climb.holders, one.rung)) for one in asked]
    for one, (climb, people) in zip(asked, with_stand_ins(session, heard), strict=True):
        for person_id in people:
            yield Telling(one.at, person_id, "decision", climb.duty.late, one.rung.name, urgent=True)


def _moments(climb: Climb, first: datetime, last: datetime) -> Iterator[tuple[datetime, date]]:
    """When the sweep looks at it, and from which day on the rungs count then. A decision that goes up is over."""
    over = rung_of(climb, first, last) if climb.duty.kind == KIND else None
    waits_for = climb.duty.next_at
    while waits_for is not None and waits_for < last and (over is None or waits_for < over[0].moment):
        at = max(waits_for, first)
        yield at, climb.numbers.day(waits_for)
        waits_for = next((rung.moment for rung in climb.ladder.ahead(at)), None)


def _told(session: Session, duties: Sequence[Any]) -> set[tuple[Any, ...]]:
    """What the sweep would find told already."""
    told = sa.select(Notice.duty_id, Notice.due_on, Notice.rung, Notice.person_id).where(Notice.dropped == "")
    return {tuple(row) for row in session.execute(told.where(Notice.duty_id.in_([duty.id for duty in duties])))}


# ── how it reaches them ──────────────────────────────────────────────────────────────────────────────────────────────
def mails(session: Session, told: Sequence[Telling]) -> list[Mail]:
    """The letters that carry it, in the order they leave; one a day for what can wait."""
    whose: dict[int, list[Telling]] = {}
    for one in told:
        whose.setdefault(one.person_id, []).append(one)
    people = session.execute(PEOPLE.where(Person.id.in_(whose))).all()
    reaching = [_Reached(session, person, whose[person.id]) for person in people]
    written = set(session.scalars(sa.select(Letter.key).where(Letter.key.in_([one.first_key for one in reaching]))))
    found = [mail for one in reaching for mail in one.mails(written)]
    return sorted(found, key=lambda mail: (mail.at, mail.person_id, mail.way))


PEOPLE = sa.select(
    Person.id, Person.pid, Person.unit_id, Person.digest_hour, Person.digest_minute, Person.digest_every,
    sa.or_(Person.email.is_(None), outbox.refused_address()).label("on_screen"),
)  # fmt: skip


class _Reached:
    """One person, and what they are told in the order of time."""

    def __init__(self, session: Session, person: Any, told: list[Telling]) -> None:
        self.session, self.person, self.told = session, person, told
        self.calendar = calendar_of(session, person.unit_id)

    @property
    def first_key(self) -> str:
        return key_of(self.person.pid, self.calendar, self.calendar.today(self.told[0].at), weekly=False)

    def mails(self, written: set[str]) -> Iterator[Mail]:
        if self.person.on_screen:
            yield from self._together("screen", [(one.at, one) for one in self.told])
            return
        at_once = [(self._leaves(one), one) for one in self.told if one.urgent]
        yield from self._together("notice", at_once)
        yield from self._daily([one for one in self.told if not one.urgent], set(written))

    def _leaves(self, one: Telling) -> datetime:
        return self.calendar.next_mail_moment(
            one.at, breaks_quiet(self.session, self.person.unit_id, one.duty.severity)
        )

    def _together(self, way: str, timed: list[tuple[datetime, Telling]]) -> Iterator[Mail]:
        """What leaves at the same moment is one letter."""
        for at in dict.fromkeys(at for at, _ in timed):
            yield self._mail(at, way, [one for other, one in timed if other == at])

    def _mail(self, at: datetime, way: str, tells: Sequence[Telling]) -> Mail:
        return Mail(at, self.calendar.today(at), self.person.id, way, tuple(tells))

    def _daily(self, waiting: list[Telling], written: set[str]) -> Iterator[Mail]:
        at = self.told[0].at
        while waiting:
            at = digest_moment(self.calendar, digest_hour(self.person), max(at, waiting[0].at))
            some = [one for one in waiting if one.at <= at]
            today, weekly = self.calendar.today(at), self._waits_for_the_week(some)
            key = key_of(self.person.pid, self.calendar, today, weekly=weekly)
            if key not in written:
                written.add(key)
                yield self._mail(at, "digest", some)
                waiting = waiting[len(some) :]
            at = self.calendar.end_of(today)

    def _waits_for_the_week(self, some: Sequence[Telling]) -> bool:
        pressing = any(one.kind == "overdue" and one.duty.severity >= 3 for one in some)
        return self.person.digest_every == "week" and not pressing

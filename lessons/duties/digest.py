"""One mail a person a working day, or a week if they wish: what is late, due today and soon, what is new, and what
else happened.

Written when there is something they were not told yet; nothing to say is no mail. What goes into it is marked as told
in the transaction that writes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access.numbers import calendar_of, policy_of
from lessons.duties.beside import Units, of_units, units, waits
from lessons.duties.hours import digest_hour, digest_time
from lessons.duties.queries import owed_by
from lessons.duties.told import Known, Reader, duty_line, known, notice_line, reader
from lessons.i18n import Sentence, say, say_n
from lessons.models import Duty, Letter, Notice, Person, Seal
from lessons.post import outbox
from lessons.post.letters import Contents, Foot, Line, Section, spoken_day, subject_of, written
from lessons.workdays import Calendar

TABLE = Notice.__table__
SOON = 3
MOST, MOST_NEWS = 40, 20
A_QUESTION = 500  # keys asked for at once
OF_DUTIES = ("reminder", "overdue", "assigned")

PRESSING = sa.exists().where(
    TABLE.c.person_id == Person.id,
    TABLE.c.told_at.is_(None),
    TABLE.c.kind == "overdue",
    Duty.id == TABLE.c.duty_id,
    Duty.severity >= 3,
)
"""What no week is waited for."""
WAITING = (
    sa.select(
        Person.id,
        Person.pid,
        Person.unit_id,
        Person.digest_hour,
        Person.digest_minute,
        sa.and_(Person.digest_every == "week", sa.not_(PRESSING)).label("weekly"),
    )
    .where(
        Person.id.in_(sa.select(TABLE.c.person_id).where(TABLE.c.told_at.is_(None), sa.not_(TABLE.c.urgent))),
        Person.email.is_not(None),
        Person.closed_at.is_(None),
        sa.not_(outbox.refused_address()),
    )
    .order_by(Person.id)
)
UNTOLD = (
    sa.select(TABLE)
    .where(TABLE.c.person_id == sa.bindparam("person"), TABLE.c.told_at.is_(None), sa.not_(TABLE.c.urgent))
    .order_by(TABLE.c.id)
    .with_for_update(skip_locked=True)
)
WITHOUT_MAILBOX = sa.select(Person.id).where(
    sa.or_(Person.email.is_(None), Person.closed_at.is_not(None), outbox.refused_address())
)


def tell_on_screen(session: Session, *, at: datetime) -> int:
    """Whoever has no mailbox, or one that refuses mail, reads notices in the product alone; whoever left reads none."""
    untold = sa.update(TABLE).where(TABLE.c.told_at.is_(None), TABLE.c.person_id.in_(WITHOUT_MAILBOX))
    return int(session.execute(untold.values(told_at=at)).rowcount)


def whose_time_it_is(session: Session, *, at: datetime) -> list[tuple[int, str]]:
    """(person, key) of those who have something untold, whose hour has come and who had no mail today, or this week
    where they wish for one a week."""
    keys: dict[str, int] = {}
    for person in session.execute(WAITING):
        calendar = calendar_of(session, person.unit_id)
        if digest_time(calendar, digest_hour(person), at):
            today = calendar.today(at)
            keys[key_of(person.pid, calendar, today, weekly=person.weekly)] = person.id
    written_today = set()
    for start in range(0, len(keys), A_QUESTION):
        some = list(keys)[start : start + A_QUESTION]
        written_today |= set(session.scalars(sa.select(Letter.key).where(Letter.key.in_(some))))
    return [(person_id, key) for key, person_id in keys.items() if key not in written_today]


def key_of(pid: str, calendar: Calendar, today: date, *, weekly: bool) -> str:
    """What a person has one daily mail by: the day, or the week where they wish for one a week."""
    return f"digest:{pid}:{calendar.week_of(today) if weekly else today}"


def digests(session: Session, whose: Sequence[tuple[int, str]], *, at: datetime) -> int:
    """Write the daily mail of these people; returns of how many something became."""
    return sum(digest(session, session.get_one(Person, person_id), key, at=at) for person_id, key in whose)


def digest(session: Session, person: Person, key: str, *, at: datetime) -> bool:
    """Write a person's mail of the day, where there is something to say, and mark it told. False where another worker
    is at it. One that still waits is taken back: whoever had no mail for days has one, of how things are now."""
    outbox.take_back_all(session, person, kind="digest", but=key)
    notices = session.execute(UNTOLD, {"person": person.id}).all()
    if not notices:
        return False
    settings = db.settings()
    to = reader(session, person, settings.base_url, at=at)
    duties = [duty for duty in owed_by(session, to.by) if is_mailed(session, duty)]
    day = day_of(to, duties, notices)
    if not day.says_something:
        mark_told(session, notices, None, at)
        return True
    theirs = units(session, to, but=[duty.id for duty in duties])
    facts = known(session, to, (*day.duties, *theirs.named), day.told)
    contents = contents_of(to, day, facts, waits(session, to), theirs)
    contents = replace(contents, foot=(*_seal(session, to), *contents.foot))
    letter = written(contents, person.locale, organisation=settings.organisation_in(person.locale))
    named = [duty.id for duty in day.duties]
    letter_id = outbox.write(session, person, letter, key=key, at=at, duty_ids=named)
    if letter_id is not None:
        mark_told(session, notices, letter_id, at)
    return letter_id is not None


def is_mailed(session: Session, duty: Any) -> bool:
    """What agents are to read, the desk tells them. A kind that the policy no longer knows is owed all the same."""
    known = policy_of(session, duty.unit_id).duties.get(duty.kind)
    return known is None or known.mail


def mark_told(session: Session, notices: Sequence[Any], letter_id: int | None, at: datetime) -> None:
    ids = [notice.id for notice in notices]
    session.execute(sa.update(TABLE).where(TABLE.c.id.in_(ids)).values(told_at=at, letter_id=letter_id))


@dataclass(frozen=True)
class Group:
    """What stands under one title: those that are named, and how many there are in all."""

    named: tuple[Any, ...]
    count: int


@dataclass(frozen=True)
class TheDay:
    """A person's day in groups of duties, the most pressing first; and what else happened."""

    groups: Mapping[str, Group]
    news: Group

    @property
    def duties(self) -> list[Any]:
        """Those that are named."""
        return [duty for group in self.groups.values() for duty in group.named]

    @property
    def says_something(self) -> bool:
        return any(group.count for group in self.groups.values()) or bool(self.told)

    @property
    def told(self) -> tuple[Any, ...]:
        return self.news.named


def day_of(to: Reader, duties: Sequence[Any], notices: Sequence[Any]) -> TheDay:
    """An item stands in one group, the gravest first. A mail names so many and counts the rest: it is read at once or
    not at all."""
    new = {notice.duty_id for notice in notices if notice.kind == "assigned"}
    reminded = {notice.duty_id for notice in notices if notice.kind in OF_DUTIES}
    soon = to.calendar.add(to.today, SOON)
    found: dict[str, list[Any]] = {name: [] for name in TITLES}
    for duty in sorted(duties, key=lambda duty: (-duty.severity, duty.due_on, duty.id)):
        group = group_of(duty, to.today, soon, is_new=duty.id in new, reminded=duty.id in reminded)
        if group:
            found[group].append(duty)
    groups, left = {}, MOST
    for name, some in found.items():
        groups[name] = Group(tuple(some[:left]), len(some))
        left -= len(groups[name].named)
    news = [notice for notice in notices if notice.kind not in OF_DUTIES]
    return TheDay(groups, Group(tuple(news[:MOST_NEWS]), len(news)))


def contents_of(to: Reader, day: TheDay, facts: Known, waiting: Section, theirs: Units) -> Contents:
    lines = {name: [duty_line(SAYS[name], duty, to, facts) for duty in day.groups[name].named] for name in TITLES}
    other = [notice_line(notice, to, facts) for notice in day.told]
    sections = [
        Section(TITLES[name], tuple(lines[name]), day.groups[name].count - len(lines[name]), YOU_OWE, name == "late")
        for name in TITLES
    ]
    news = Section(None, tuple(other), day.news.count - len(other), NEWS)
    sections += [news, waiting, of_units(theirs, to, facts)]
    said = tuple(section for section in sections if section.lines or section.more)
    all_lines = [line for some in lines.values() for line in some] + other
    return Contents("digest", subject(day, all_lines), to.name, said, f"{to.base_url}/", _foot(to))


def _seal(session: Session, to: Reader) -> tuple[Foot, ...]:
    """Administrators are sent the last seal: a mailbox keeps it where nobody who holds the database can bend it."""
    if not to.by.units_of("admin"):
        return ()
    last = session.scalars(sa.select(Seal).order_by(Seal.day.desc()).limit(1)).first()
    if last is None:
        return ()
    says = say("The history up to %(day)s, %(count)s events, is sealed with %(seal)s.",
               day=spoken_day(last.day, to.lang), count=last.events, seal=last.root)  # fmt: skip
    return (Foot(says, say("How it is checked"), f"{to.base_url}/admin/health/seals"),)


def _foot(to: Reader) -> tuple[Foot, ...]:
    own_page = f"{to.base_url}/account"
    return (Foot(say("When this mail comes, and how often, is each person’s own to choose."), CHOOSE, own_page),)


YOU_OWE, NEWS, CHOOSE = say("You owe"), say("What else happened"), say("My account")
SAYS = {"late": "overdue", "today": "due_today", "soon": "reminder", "new": "assigned"}
TITLES = {"late": say("Late"), "today": say("Today"), "soon": say("Soon"), "new": say("New for you")}


def group_of(duty: Any, today: date, soon: date, *, is_new: bool, reminded: bool) -> str:
    """late, today, new or soon; "" where its day is further off and nothing is to be said of it yet."""
    if duty.due_on < today:
        return "late"
    if duty.due_on == today:
        return "today"
    if is_new:
        return "new"
    return "soon" if reminded or duty.due_on <= soon else ""


def subject(day: TheDay, lines: Sequence[Line]) -> Sentence:
    """A single line is its own subject; more are counted, with how many are late."""
    duties, late = sum(group.count for group in day.groups.values()), day.groups["late"].count
    if duties + day.news.count == 1:
        return subject_of(lines[0])
    if not duties:
        return say_n("One piece of news for you", "%(n)d pieces of news for you", day.news.count)
    waiting = say_n("One thing waits for you", "%(n)d things wait for you", duties)
    if not late:
        return waiting
    of_them = say_n("one of them late", "%(n)d of them late", late)
    return say("%(waiting)s, %(late)s", waiting=waiting, late=of_them)

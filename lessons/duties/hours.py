"""When a person's mail may leave: the working hours of their unit, and their own hour for the daily mail."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from sqlmodel import Session

from lessons.access.numbers import calendar_of, policy_of
from lessons.models import Person
from lessons.workdays import Calendar, aware, resolve_local

IN_HOURS = ("digest", "notice")


def may_leave(session: Session, letter: Any, at: datetime) -> datetime:
    """When a letter may leave: `at`, or the next opening. What somebody asked for this minute waits for no hours."""
    if letter.kind not in IN_HOURS:
        return at
    person = session.get_one(Person, letter.person_id)
    return calendar_of(session, person.unit_id).next_mail_moment(at)


def may_tell(session: Session, unit_id: int, severity: int | None, at: datetime) -> bool:
    """Whether an urgent letter to somebody of the unit may leave now."""
    return breaks_quiet(session, unit_id, severity) or calendar_of(session, unit_id).next_mail_moment(at) <= at


def breaks_quiet(session: Session, unit_id: int, severity: int | None) -> bool:
    """Severity 4 waits for no hours where the unit says so."""
    return (severity or 0) >= 4 and policy_of(session, unit_id).mail.severity4_breaks_quiet_hours


def digest_hour(person: Any) -> time:
    """When a person wishes for the daily mail."""
    return time(person.digest_hour % 24, person.digest_minute % 60)


def digest_time(calendar: Calendar, wished: time, at: datetime) -> bool:
    """Whether the daily mail is due: from the person's hour on, or from the opening where mail stops before it."""
    return digest_moment(calendar, wished, at) <= at


def digest_moment(calendar: Calendar, wished: time, at: datetime) -> datetime:
    """`at` itself where the daily mail is due then, else the next moment when it is."""
    at = aware(at).astimezone(UTC)
    day = calendar.next_working(calendar.today(at))
    opens, closes = _between(calendar, wished, day)
    return max(at, opens) if at < closes else _between(calendar, wished, calendar.add(day, 1))[0]


def _between(calendar: Calendar, wished: time, day: date) -> tuple[datetime, datetime]:
    """The daily mail's hours on a working day, its end excluded."""
    opens, closes = calendar.mail_hours(day)
    moment, _ = resolve_local(datetime.combine(day, wished), calendar.zone)
    return (moment if opens <= moment < closes else opens), closes

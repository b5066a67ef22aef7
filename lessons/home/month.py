"""What was learned in a month, as the press prints it: what proved itself, what was stopped, what is still open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from babel.dates import format_date
from sqlmodel import Session

from exports.month import Line, Measure, MonthSheet, Part
from lessons import db
from lessons.access import Actor, tree, visible_to
from lessons.home import measures
from lessons.i18n import Name, Word, isolate, say, say_n
from lessons.models import Lesson, Unit, Verification
from lessons.repository.outcome import measure, told
from lessons.web.speech import zone
from lessons.workflow.states import LessonState, VerificationState

MOST = 40
OPEN = (LessonState.ACCEPTED, LessonState.IMPLEMENTING, LessonState.WATCHING)
PARTS = (
    (say("What proved itself"), say("No check ended well this month.")),
    (say("What was stopped or did not work"), say("Nothing was taken out of use, and no check failed.")),
    (say("What is still open"), say("Nothing is under way.")),
)
NONE_CAME = say("working days; no lesson came to the desk this month")
AIM = say_n("the aim: one working day", "the aim: %(n)s working days", measures.AIM)
CHECKED = say("%(proved)s of %(checked)s lessons whose check has come by then")
FOOT = say("Shown is what was before and what after; other things may have changed too. Printed on %(day)s.")


def sheet(
    session: Session, unit: Unit | None, trend: Sequence[measures.Month], *, by: Actor, at: datetime, locale: str
) -> MonthSheet:
    """Of the last month in the trend, as far as this person may see."""
    asked = Asked(unit, trend[-1].first, trend[-1].until, by, locale)
    retired = (Lesson.state == LessonState.RETIRED, *_within(asked, Lesson.entered_at))
    under_way = (Lesson.state.in_(OPEN), Lesson.accepted_at < _moment(asked.until))
    found = (
        _checks(session, asked, VerificationState.EFFECTIVE),
        [*_checks(session, asked, VerificationState.NOT_EFFECTIVE), *_lessons(session, asked, *retired)],
        _lessons(session, asked, *under_way),
    )
    names = [Name.of(unit).in_(locale)] if unit else []
    return MonthSheet(
        lang=locale,
        title=say("What we learned this month").in_(locale),
        month=format_date(asked.first, "LLLL y", locale=locale),
        where=" · ".join([db.settings().organisation_in(locale) or say("Lessons learned").in_(locale), *names]),
        measures=tuple(_measures(trend, locale)),
        parts=tuple(
            Part(name=name.in_(locale), empty=empty.in_(locale), lines=tuple(lines))
            for (name, empty), lines in zip(PARTS, found, strict=True)
        ),
        more=say("and %(n)s more", n="{n}").in_(locale),
        foot=FOOT.with_(day=_day(at.astimezone(zone()).date())).in_(locale),
    )


def _measures(trend: Sequence[measures.Month], locale: str) -> list[Measure]:
    last = trend[-1]
    days = [(one.days or 0.0, f"{one.days:g}" if one.days is not None else "") for one in trend]
    of_lessons = say_n("working days, of one lesson", "working days, the median of %(n)s lessons", last.lessons)
    share = [(float(one.percent or 0), f"{one.percent}%" if one.checked else "") for one in trend]
    return [
        Measure(
            name=say("From the event to the desk").in_(locale),
            value=f"{last.days:g}" if last.days is not None else "—",
            note=(of_lessons if last.lessons else NONE_CAME).in_(locale),
            points=_points(trend, days), aim=measures.AIM, aim_word=AIM.in_(locale),
        ),
        Measure(
            name=say("Lessons that proved themselves").in_(locale),
            value=f"{last.percent}%" if last.checked else "—",
            note=CHECKED.with_(proved=last.proved, checked=last.checked).in_(locale),
            points=_points(trend, share),
        ),
    ]  # fmt: skip


def _points(trend: Sequence[measures.Month], values: Sequence[tuple[float, str]]) -> tuple[tuple[str, float, str], ...]:
    return tuple((f"{one.first.month}.{one.first:%y}", *value) for one, value in zip(trend, values, strict=True))


@dataclass(frozen=True)
class Asked:
    """Whose month, of which unit, in which language."""

    unit: Unit | None
    first: date
    until: date
    by: Actor
    locale: str


def _checks(session: Session, asked: Asked, state: VerificationState) -> list[Line]:
    rows = session.execute(
        sa.select(Lesson, Verification)
        .join(Verification, Verification.lesson_id == Lesson.id)
        .where(
            *_seen(session, asked), visible_to(session, "verifications", asked.by), Verification.state == state,
            *_within(asked, Verification.concluded_at),
        )
        .order_by(Verification.concluded_at.desc(), Verification.id)
        .limit(MOST)
    ).all()  # fmt: skip
    return [_line(lesson, _result(v, asked.locale)) for lesson, v in rows]


def _result(check: Verification, locale: str) -> str:
    """Its numbers after what they are of, else how it ended."""
    numbers, of = told(check), measure(check)
    if not numbers:
        return Word("verifications.state", check.state.value).in_(locale)
    what = of if isinstance(of, str) else of.in_(locale)
    return f"{isolate(what)}. {numbers if isinstance(numbers, str) else numbers.in_(locale)}"


def _lessons(session: Session, asked: Asked, *where: Any) -> list[Line]:
    rows = session.scalars(
        sa.select(Lesson)
        .where(*_seen(session, asked), *where)
        .order_by(Lesson.accepted_at.desc(), Lesson.id)
        .limit(MOST)
    )
    return [_line(one, Word("lessons.state", one.state.value).in_(asked.locale)) for one in rows]


def _seen(session: Session, asked: Asked) -> list[Any]:
    below = [Lesson.unit_id.in_(sorted(tree(session).below[asked.unit.id or 0]))] if asked.unit else []
    return [visible_to(session, "lessons", asked.by), *below]


def _line(lesson: Lesson, note: str) -> Line:
    return Line(lang=lesson.lang, title=lesson.title, note=note.rstrip("."), code=lesson.code)


def _within(asked: Asked, column: Any) -> tuple[Any, Any]:
    return column >= _moment(asked.first), column < _moment(asked.until)


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), zone())


def _day(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"

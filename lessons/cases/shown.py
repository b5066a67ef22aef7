"""Finishes what is known of cases into what templates lay out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from lessons import web
from lessons.access import Actor, tree
from lessons.cases import matching, queries
from lessons.cases.documentation import channel_in
from lessons.cases.queries import DAYS, Told
from lessons.i18n import Name, Sentence, say
from lessons.models import Lesson

STEP = 5
"""Days that one column of the drawing holds."""
FIRST_CARD = say("First card on screen after %(first)s seconds")
DOCUMENTED = say("documented after %(then)s seconds")
MIDDLE = say("our own middle value of %(n)s cases in the CRM's frame, last %(days)s days")


def row(session: Session, told: Told, *, by: Actor, only: Lesson | None = None) -> dict[str, Any]:
    """One case; `only`: what is said of other lessons is left out."""
    case = told.case
    links = [(lesson, again) for lesson, again in told.links if only is None or lesson.id == only.id]
    proposals = [lesson for lesson in told.proposals if only is None or lesson.id == only.id]
    return {
        "href": f"/cases/{case.pid}",
        "pid": case.pid,
        "external_id": case.external_id,
        "text": case.text,
        "erased": case.erased_at is not None,
        "lang": case.lang,
        "channel": channel_in(case.channel, web.locale()),
        "category": case.category,
        "unit": Name.of(tree(session).units[case.unit_id]).in_(web.locale()),
        "opened": web.when(case.opened_at, hour=True),
        "repeat": told.repeat,
        "links": [{**_lesson(lesson), "came_back": again} for lesson, again in links],
        "proposals": [
            {**_lesson(lesson), "open": matching.may_match(session, case, lesson, by)} for lesson in proposals
        ],
    }


def _lesson(lesson: Lesson) -> dict[str, str]:
    return {"href": f"/lessons/{lesson.code}", "code": lesson.code, "title": lesson.title}


def drawn(session: Session, lesson: Lesson, *, at: datetime) -> dict[str, Any] | None:
    """Columns of a few days each, the oldest first, and the same as a table; None where there was no case."""
    found = queries.by_day(session, lesson, at=at)
    if not found:
        return None
    first = tree(session).today(lesson.unit_id, at - timedelta(days=DAYS - 1))
    counts = [[0, 0] for _ in range(DAYS // STEP)]
    for opened_at, again in found:
        day = tree(session).today(lesson.unit_id, opened_at)
        counts[max(0, min((day - first).days // STEP, len(counts) - 1))][bool(again)] += 1
    days = [first + timedelta(days=n * STEP) for n in range(len(counts))]
    labels = [f"{day.day}.{day.month}" for day in days]
    return {
        "points": [
            {"label": label, "value": used + back, "word": str(used + back or ""), "period": 3 if back else 1}
            for label, (used, back) in zip(labels, counts, strict=True)
        ],
        "rows": [[label, used, back] for label, (used, back) in zip(labels, counts, strict=True)],
        "legend": [{"period": 1, "text": say("of use").in_(web.locale())},
                   {"period": 3, "text": say("among them some in which it came back").in_(web.locale())}],
    }  # fmt: skip


def own_time(session: Session, *, by: Actor, at: datetime) -> list[Sentence]:
    """How fast the first card is on screen and the case documented; nothing where nothing was measured."""
    first, seen = queries.middle(session, "first_card", by=by, at=at)
    then, written = queries.middle(session, "documented", by=by, at=at)
    told = [FIRST_CARD.with_(first=_seconds(first))] if seen else []
    told += [DOCUMENTED.with_(then=_seconds(then))] if written else []
    return [*told, MIDDLE.with_(n=str(max(seen, written)), days=str(DAYS))] if told else []


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.1f}"

"""A verification on paper: before, aim and after, what was seen meanwhile, and who says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlmodel import Session

from exports.paper import Paper, Part
from lessons.access import Actor
from lessons.access.named import people_by_id
from lessons.i18n import Word, say
from lessons.models import Verification
from lessons.repository.outcome import number
from lessons.verifications import queries
from lessons.web.paper import Pen

SORT = say("Verification record")
BEFORE_AND_AFTER = say("Shown is what was before and what after. Other things may have changed too.")
MOST = 100


def paper(session: Session, row: Verification, *, by: Actor, at: datetime, locale: str) -> Paper:
    pen = Pen(session, by, at, locale)
    line = queries.listed(session, [row], by=by, at=at)[0]
    title = line.lesson_title or row.code
    return pen.paper(SORT, row, (title, row.lang), _parts(pen, row, line))


def _parts(pen: Pen, row: Verification, line: queries.Listed) -> Iterator[list[Part]]:
    yield pen.part(say("At a glance"), pen.facts(_glance(pen, row, line)))
    figures = (number(row.baseline), number(row.target), number(row.measured))
    before, aim, after = (figure or "—" for figure in figures)
    figured = pen.table(((say("Before"), 33), (say("Aim"), 33), (say("After"), 34)), [(before, aim, after)])
    yield pen.part(say("Before, aim, after"), figured, note=BEFORE_AND_AFTER)
    words = "\n".join(filter(None, (row.words, row.evidence)))
    yield pen.part(say("The result in words"), pen.text(words, row.lang))
    window = queries.window_of(row)
    cases = queries.window_cases(pen.session, row.lesson_id, *window)[:MOST] if window else []
    told = ((case.opened_at, (case.text, row.lang)) for case in cases)
    yield pen.part(say("Cases of the watch"), pen.table(((say("When"), 22), (say("Case"), 78)), told))


def _glance(pen: Pen, row: Verification, line: queries.Listed) -> Iterator[tuple[Any, Any]]:
    people = people_by_id(pen.session, [row.concluded_by_id])
    yield say("Lesson"), line.lesson_code
    yield say("Way of checking"), Word("preset", row.preset.value) if row.preset else ""
    yield say("How it is checked"), (row.method, row.lang)
    yield say("Measure"), (row.measure, row.lang)
    yield say("Number before, unknown because"), (row.baseline_unknown, row.lang)
    yield say("Cycle"), row.cycle
    yield say("Watched for"), say("%(days)s days", days=row.watch_days)
    yield say("From"), row.from_on
    yield say("Due"), row.due_on
    yield say("Sample"), row.sample
    yield say("Checked by"), line.verifier
    yield say("Result"), Word("result", row.result) if row.result else ""
    yield say("Concluded by"), people.get(row.concluded_by_id or 0)
    yield say("Concluded"), row.concluded_at

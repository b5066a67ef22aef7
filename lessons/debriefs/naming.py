"""Full names of participants in an inquiry's texts: where they stand, and the role written in their place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from lessons.access import Actor
from lessons.access.facts_debriefs import FIELDS, LESSON_TEXTS
from lessons.access.names import places_of
from lessons.debriefs import operations, parts, queries
from lessons.debriefs.queries import Inquiry
from lessons.errors import NotFound
from lessons.i18n import say
from lessons.models import Debrief, Person
from lessons.workflow.states import LessonState

AROUND = 40
"""So many letters before and after a name are shown with it."""


@dataclass(frozen=True)
class Named:
    """One name in one text. `place` tells the text apart from all others of the inquiry; a lesson's is edited there."""

    place: str
    part: str
    row: Any
    field: str
    person: Person
    at: tuple[int, int]

    @property
    def text(self) -> str:
        return written(self.row, self.field)

    @property
    def words(self) -> tuple[str, str, str]:
        start, end = self.at
        before, after = self.text[max(0, start - AROUND) : start], self.text[end : end + AROUND]
        return (
            ("…" if start > AROUND else "") + before,
            self.text[start:end],
            after + ("…" if len(self.text) > end + AROUND else ""),
        )

    @property
    def role(self) -> str:
        """What the person does, in the language of the text; empty where nobody wrote it down."""
        english = self.row.lang == "en"
        return (english and self.person.function_en) or self.person.function


def written(row: Any, field: str) -> str:
    text = getattr(row, field)
    return text if isinstance(text, str) else "\n".join(text)


def named(found: Inquiry) -> list[Named]:
    """Every full name of somebody who took part, in the texts that the leader writes."""
    return [
        Named(place, part, row, field, person, at)
        for place, part, row, field in _texts(found)
        for person in found.participants
        if person.erased_at is None
        for name in filter(None, (person.name, person.name_en))
        for at in places_of(written(row, field), name)
    ]


def _texts(found: Inquiry) -> Iterator[tuple[str, str, Any, str]]:
    d = found.debrief
    yield from ((name, name, d, name) for name in FIELDS)
    yield from ((fact.pid, "fact", fact, "text") for fact in found.facts if fact.text != d.what_happened)
    for finding in found.findings:
        yield finding.pid, "finding", finding, "text"
        yield f"{finding.pid}-because", "finding", finding, "no_lesson_because"
        yield from ((cause.pid, "cause", cause, "text") for cause in found.causes.get(finding.id or 0, []))
    for lesson in (one for one in found.lessons if one.state == LessonState.DRAFT):
        yield from (("", "lesson", lesson, field) for field in (*LESSON_TEXTS, "steps"))


def write_role(session: Session, debrief: Debrief, place: str, person: str, *, by: Actor, at: datetime) -> None:
    """Write the role wherever this person's name stands in one text. Raises NotFound where it stands there no more."""
    found = named(queries.inquiry(session, debrief, by=by, at=at))
    hits = [one for one in found if place and (one.place, one.person.pid) == (place, person) and one.role]
    if not hits:
        raise NotFound(say("This name stands there no more."))
    row, field, text = hits[0].row, hits[0].field, hits[0].text
    for hit in sorted(hits, key=lambda one: one.at, reverse=True):
        start, end = hit.at
        text = text[:start] + hit.role + text[end:]
    if row is debrief:
        operations.edit(session, debrief, {field: text}, by=by, at=at)
    else:
        parts.change(session, row, {field: text}, by=by, at=at)

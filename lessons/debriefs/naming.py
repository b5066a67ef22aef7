"""Names of those who took part, met in an inquiry's texts: the words around each, and the role in its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from lessons.access import Actor, facts
from lessons.access.facts_debriefs import FIELDS, LESSON_TEXTS
from lessons.access.names import spans
from lessons.debriefs.queries import Inquiry, inquiry
from lessons.i18n import say
from lessons.models import RECORDS, Debrief, Person
from lessons.steps import can_edit, take
from lessons.workflow.states import DebriefState, LessonState

NEAR = 40
SHORT = 3


@dataclass(frozen=True)
class Spot:
    """One name in one text. `step`: which line of a list.

    Of a part of a name (`full` is false) it is asked whether it is one.
    """

    row: Any
    field: str
    step: int | None
    text: str
    start: int
    end: int
    role: str
    full: bool

    @property
    def before(self) -> str:
        near = self.text[max(0, self.start - NEAR) : self.start]
        return near if self.start <= NEAR else near.split(" ", 1)[-1]

    @property
    def after(self) -> str:
        near = self.text[self.end : self.end + NEAR]
        return near if self.end + NEAR >= len(self.text) else near.rsplit(" ", 1)[0]

    @property
    def name(self) -> str:
        return self.text[self.start : self.end]

    @property
    def around(self) -> str:
        return " ".join(f"{self.before}{self.name}{self.after}".split())


def met(session: Session, debrief: Debrief, *, by: Actor, at: datetime) -> list[Spot]:
    """Those that this person may answer."""
    known = facts(session, [debrief], by=by, at=at)[0]
    return spots(inquiry(session, debrief, by=by, at=at)) if can_edit(debrief, known) else []


def spots(found: Inquiry) -> list[Spot]:
    """Every full name, and parts of names that nobody has called “not a name” there."""
    if found.debrief.state != DebriefState.INVESTIGATING:
        return []
    people = [one for one in found.participants if not one.erased_at]
    none = {one["text"] for one in found.debrief.names_answered if one["choice"] == "not_a_name"}
    met = [spot for place in _texts(found) for spot in _in_text(place, people, found.debrief.lang)]
    return [spot for spot in met if spot.full or spot.around not in none]


def _texts(found: Inquiry) -> Iterator[tuple[Any, str, int | None, str]]:
    d = found.debrief
    yield from ((d, name, None, getattr(d, name)) for name in FIELDS)
    yield from ((fact, "text", None, fact.text) for fact in found.facts if fact.text != d.what_happened)
    yield from ((file, "caption", None, file.caption) for file in found.attachments)
    for finding in found.findings:
        yield from ((finding, name, None, getattr(finding, name)) for name in ("text", "no_lesson_because"))
        yield from ((cause, "text", None, cause.text) for cause in found.causes.get(finding.id or 0, ()))
    for lesson in found.lessons:
        if lesson.state == LessonState.DRAFT:
            yield from ((lesson, name, None, getattr(lesson, name)) for name in LESSON_TEXTS)
            yield from ((lesson, "steps", n, step) for n, step in enumerate(lesson.steps))


def _in_text(place: tuple[Any, str, int | None, str], people: Sequence[Person], lang: str) -> list[Spot]:
    row, field, step, text = place
    met: list[Spot] = []
    for full in (True, False):
        for person in people:
            for start, end in _spans(text or "", person, full):
                if all(end <= one.start or start >= one.end for one in met):
                    role = role_of(person, getattr(row, "lang", lang))
                    met.append(Spot(row, field, step, text, start, end, role, full))
    return sorted(met, key=lambda spot: spot.start)


def _spans(text: str, person: Person, full: bool) -> Iterator[tuple[int, int]]:
    for name in filter(None, (person.name, person.name_en)):
        if full:
            yield from spans(text, name)
        else:
            for part in name.split():
                yield from spans(text, part, least=1) if len(part) >= SHORT else ()


def role_of(person: Person, lang: str) -> str:
    told = person.function_en if lang == "en" and person.function_en else person.function
    return told or say("somebody involved").in_(lang)


def answer(session: Session, debrief: Debrief, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Each name as it was chosen: the role stands in its place, or it is remembered as none."""
    chosen = {one["text"]: one["choice"] for one in asked["names"]}
    written = _rewritten([spot for spot in met(session, debrief, by=by, at=at) if chosen.get(spot.around) == "role"])
    own = next((values for row, values in written if row is debrief), {})
    none = [one for one in asked["names"] if one["choice"] == "not_a_name" and one not in debrief.names_answered]

    def changed() -> None:
        for row, values in written:
            if row.noun not in RECORDS:
                for name, text in values.items():
                    setattr(row, name, text)

    told = {"fields": sorted({name for row, values in written if row.noun != "lessons" for name in values})}
    take(session, debrief, "edit", by=by, at=at, told=told, after=changed,
         changes={**own, "names_answered": [*debrief.names_answered, *none]})  # fmt: skip
    for row, values in written:
        if row.noun == "lessons":
            take(session, row, "edit", by=by, at=at, changes=values, told={"fields": sorted(values)})


def _rewritten(chosen: Sequence[Spot]) -> list[tuple[Any, dict[str, Any]]]:
    """Rows with their new texts, the role in place of every chosen name."""
    rows: dict[int, tuple[Any, dict[str, Any]]] = {}
    for spot in sorted(chosen, key=lambda spot: -spot.start):  # from the end, so that the places before stay right
        values = rows.setdefault(id(spot.row), (spot.row, {}))[1]
        present = values.setdefault(spot.field, _present(spot.row, spot.field))
        text = present if spot.step is None else present[spot.step]
        new = f"{text[: spot.start]}{spot.role}{text[spot.end :]}"
        if spot.step is None:
            values[spot.field] = new
        else:
            present[spot.step] = new
    return list(rows.values())


def _present(row: Any, field: str) -> Any:
    value = getattr(row, field)
    return list(value) if isinstance(value, list) else value

"""What the village's CRM has: places that lead to cards, and how fast agents found one in its frame lately."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlmodel import Session

from lessons.access import actor_of
from lessons.cases import places
from lessons.demo.cast import NAOMI
from lessons.models import Person, Sighting

PLACES = (
    ("path", "חיוב/הטבות", "L1"),
    ("path", "חיוב/ציוד", "L11"),
    ("path", "נטישה/ניוד", "L10"),
    ("path", "שירות/העברות", "L6"),
    ("screen", "EQ-RETURN", "L11"),
)
SEEN, DAYS = 48, 21
FIRST, DOCUMENTED = (2200, 7400), (31_000, 96_000)
"""From and to, in milliseconds."""


def connect(session: Session, people: Mapping[str, Person], row: Callable[[str], Any], *, at: datetime) -> None:
    by = actor_of(session, people[NAOMI], at=at)
    for kind, place, lesson in PLACES:
        places.add(session, kind, place, row(lesson).code, by=by, at=at)
    chance = Random("framed")  # noqa: S311 - the same times every time
    agents = sorted({person.unit_id for person in people.values()})
    for n in range(SEEN):
        unit_id, then = agents[n % len(agents)], at - timedelta(days=chance.uniform(0, DAYS))
        for kind, (least, most) in (("first_card", FIRST), ("documented", DOCUMENTED)):
            took = round(chance.triangular(least, most, least * 1.4))
            session.add(Sighting(kind=kind, unit_id=unit_id, milliseconds=took, at=then))

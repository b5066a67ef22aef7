"""What the words of a search find for an agent: one shape for everything that can be read on the desk."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from lessons import web
from lessons.access import Actor
from lessons.doors import finder
from lessons.repository import shown
from lessons.steps.codes import typed

MOST = 9
"""As many as there are keys for them."""
NOUNS = ("lessons", "procedures")


@dataclass(frozen=True)
class Hit:
    """`direction`: do, dont, keep, or "" where there is none; `state`: word, shape and tone as the kit draws them;
    `why`: what of it fits, in finished words."""

    noun: str
    code: str
    title: str
    direction: str
    state: dict[str, Any]
    why: Sequence[str] = ()


def found(
    session: Session, q: str, *, by: Actor, at: datetime, limit: int = MOST, legs: Collection[str] = finder.LEGS
) -> list[Hit]:
    """The best first: the record whose code it is, else what answers by words, letter triples and meaning."""
    if not q.strip():
        return []
    named = typed(q, web.today().year)
    asked = named[1] if named is not None and named[0] in NOUNS else q
    answers = finder.found(session, asked, by=by, limit=limit, legs=legs, locale=web.locale(), at=at)
    return [_hit(one) for one in answers]


def _hit(one: finder.Found) -> Hit:
    if one.revision is not None:
        return Hit(one.row.noun, one.row.code, one.row.title, "", web.state_of(one.revision), one.why)
    direction = one.row.direction.value if one.row.direction else ""
    return Hit(one.row.noun, one.row.code, one.row.title, direction, shown.desk_state(one.row), one.why)

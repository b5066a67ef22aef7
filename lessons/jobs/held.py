"""What a file is made of, by name, so that each time it is fetched it can be asked whether all of it may still be seen.

A name is `noun:code` of a record, `whole:code` of a debrief of which more than its header was seen, or
`right:role@unit`, for what is made of everything that a person may see.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, tree, visible_to
from lessons.access.visible import whole_debriefs
from lessons.models import RECORDS, Debrief

WHOLE, RIGHT = "whole", "right"
TOGETHER = 500


def records(session: Session, noun: str, by: Actor, codes: Collection[str] | None = None) -> list[str]:
    """The names of these records, or of all that `by` may see."""
    names = [f"{noun}:{code}" for code in _seen(session, noun, by, codes)]
    if noun == Debrief.noun:
        names += [f"{WHOLE}:{code}" for code in _seen(session, WHOLE, by, codes)]
    return names


def rights(session: Session, by: Actor) -> list[str]:
    """Each role at each unit that it reaches: one that is taken back, and a unit that moved away, are missed."""
    units = tree(session)
    reached = {(role, one) for role, unit, _ in by.grants for one in units.under((unit,))}
    return sorted(f"{RIGHT}:{role}@{units.units[one].code}" for role, one in reached)


def is_seen(session: Session, names: Iterable[str], by: Actor) -> bool:
    """Whether whoever asks still sees all that these names say, and as much of it."""
    held: dict[str, set[str]] = {}
    for name in names:
        kind, _, code = name.partition(":")
        held.setdefault(kind, set()).add(code)
    mine = {one.partition(":")[2] for one in rights(session, by)}
    return held.pop(RIGHT, set()) <= mine and all(
        (kind == WHOLE or kind in RECORDS) and codes <= set(_seen(session, kind, by, codes))
        for kind, codes in held.items()
    )


def _seen(session: Session, kind: str, by: Actor, codes: Collection[str] | None) -> list[str]:
    model: Any = Debrief if kind == WHOLE else RECORDS[kind]
    seen = whole_debriefs(session, by) if kind == WHOLE else visible_to(session, kind, by)
    # of very many it is quicker, and no database refuses it, to read all and compare
    few = (model.code.in_(codes),) if codes is not None and len(codes) <= TOGETHER else ()
    return list(session.scalars(sa.select(model.code).where(seen, *few)))

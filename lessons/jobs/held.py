"""What a file is made of, by name, so that each time it is fetched it can be asked whether all of it may still be seen.

A name is `noun:code` of a record, `whole:code` of a debrief of which more than its header was seen; and of what is made
of everything that a person may see `all:noun:…`, which says of every row whether it is in it by a bit, and
`right:role@unit`.
"""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, tree, visible_to
from lessons.access.visible import whole_debriefs
from lessons.models import RECORDS, Debrief

WHOLE, RIGHT, ALL = "whole", "right", "all"
TOGETHER = 500


def records(session: Session, noun: str, by: Actor, codes: Collection[str]) -> list[str]:
    """The names of these records, as far as `by` may see them."""
    kinds = (noun, WHOLE) if noun == Debrief.noun else (noun,)
    return [f"{kind}:{code}" for kind in kinds for code in _seen(session, kind, by, codes)]


def everything(session: Session, by: Actor) -> list[str]:
    """The names of all that `by` may see: a bit a row, so that an archive of very many is named in few letters."""
    return [f"{ALL}:{kind}:{_packed(_all_seen(session, kind, by))}" for kind in (*RECORDS, WHOLE)]


def _packed(bits: int) -> str:
    raw = bits.to_bytes(bits.bit_length() // 8 + 1, "little")
    return b64encode(zlib.compress(raw)).decode()


def _all_seen(session: Session, kind: str, by: Actor) -> int:
    """A bit by each row's key."""
    model, seen = _asked(session, kind, by)
    keys = list(session.scalars(sa.select(model.id).where(seen)))
    raw = bytearray(max(keys, default=0) // 8 + 1)
    for key in keys:
        raw[key // 8] |= 1 << key % 8
    return int.from_bytes(raw, "little")


def _sees_all(session: Session, name: str, by: Actor) -> bool:
    kind, _, packed = name.partition(":")
    if kind not in (*RECORDS, WHOLE):
        return False
    bits = int.from_bytes(zlib.decompress(b64decode(packed)), "little")
    return bits & _all_seen(session, kind, by) == bits


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
    if not held.pop(RIGHT, set()) <= mine or not all(_sees_all(session, one, by) for one in held.pop(ALL, ())):
        return False
    return all(
        (kind == WHOLE or kind in RECORDS) and codes <= set(_seen(session, kind, by, codes))
        for kind, codes in held.items()
    )


def _seen(session: Session, kind: str, by: Actor, codes: Collection[str]) -> list[str]:
    model, seen = _asked(session, kind, by)
    # of very many it is quicker, and no database refuses it, to read all and compare
    few = (model.code.in_(codes),) if len(codes) <= TOGETHER else ()
    return [code for code in session.scalars(sa.select(model.code).where(seen, *few)) if code in codes]


def _asked(session: Session, kind: str, by: Actor) -> tuple[Any, Any]:
    """The table, and the criterion of what is seen of it."""
    if kind == WHOLE:
        return Debrief, whole_debriefs(session, by)
    return RECORDS[kind], visible_to(session, kind, by)

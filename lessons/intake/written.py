"""A debrief that was read, written down for the review bench and read again: plain JSON, what is empty left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Any

from lessons.intake.document import Action, Debrief, Kept, Lesson, Moment, Place, digest_of

_PARTS = {"lessons": Lesson, "actions": Action, "timeline": Moment, "kept": Kept}
_DAYS = ("happened_on", "due_on", "verified_on")
DIGEST = 64
"""Letters of a digest."""


@cache
def _reader(of: type) -> tuple[Callable[[Any], tuple[Any, ...]], Sequence[tuple[str, Any]]]:
    """What reads all fields of a thing at once; their names, with what they are where nothing was said."""
    names = [(field.name, None if field.default is MISSING else field.default) for field in fields(of)]
    return attrgetter(*(name for name, _ in names)), names


def as_dict(thing: Any) -> dict[str, Any]:
    """A debrief, or a part of one."""
    read, names = _reader(type(thing))
    return {
        name: value if type(value) is str else _plain(value)
        for (name, default), value in zip(names, read(thing), strict=True)
        if value != default
    }


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind is tuple:
        return [_plain(one) for one in value]
    if kind is str or kind is int:
        return value
    return value.isoformat() if kind is date else as_dict(value)


def debrief_of(read: Mapping[str, Any]) -> Debrief:
    """What `as_dict` wrote."""
    return Debrief(**_read(read))


def _read(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if type(value) is str and name not in _DAYS else _value(name, value) for name, value in told.items()
    }


def _value(name: str, value: Any) -> Any:
    if name == "place":
        return Place(**value)
    if name in _DAYS:
        return date.fromisoformat(value)
    if name in _PARTS:
        return tuple(_PARTS[name](**_read(one)) for one in value)
    return tuple(value) if isinstance(value, list) else value


def digest(debrief: Debrief) -> str:
    """The SHA-256 of all that was told of it, wherever it stood: the same again is the same event."""
    return digest_of(
        [debrief.number, debrief.happened, debrief.title, debrief.what_happened, *_texts(debrief.lessons), "|",
         *_texts(debrief.actions), "|", *debrief.went_well, *debrief.went_badly, *debrief.causes,
         *(kept.text for kept in debrief.kept)]
    )  # fmt: skip


def _texts(parts: Sequence[Lesson] | Sequence[Action]) -> list[str]:
    return [f"{one.text}\x1e{one.owner}\x1e{one.due}\x1e{one.status}" if isinstance(one, Action) else one.text
            for one in parts]  # fmt: skip

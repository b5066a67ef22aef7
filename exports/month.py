"""What the press is given of a month, frozen: finished words and finished numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One lesson: its sentence in its own language, what is told of it, its code."""

    lang: str
    title: str
    note: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """`value` is this month's; `points` are (label, height, word) month by month; an `aim` of None is not drawn."""

    name: str
    value: str
    note: str
    points: tuple[tuple[str, float, str], ...]
    aim: float | None = None
    aim_word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    name: str
    empty: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthSheet:
    """`more` says how many lines found no place, with {n} where the number stands."""

    lang: str
    title: str
    month: str
    where: str
    measures: tuple[Measure, ...]
    parts: tuple[Part, ...]
    more: str
    foot: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, told: dict[str, Any]) -> Self:
        measures = tuple(Measure(**{**one, "points": tuple(map(tuple, one["points"]))}) for one in told["measures"])
        parts = tuple(Part(**{**one, "lines": tuple(Line(**line) for line in one["lines"])}) for one in told["parts"])
        return cls(**{**told, "measures": measures, "parts": parts})

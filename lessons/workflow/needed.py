"""Which fields of a form are needed although its type could do without them: those by which a guard is met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lessons.i18n import Sentence
from lessons.workflow.engine import Guard, Lifecycle, Step
from lessons.workflow.states import EvidenceKind

WRITTEN = "…"
WORDS = {"evidence": {"kind": EvidenceKind.NOTE, "note": WRITTEN * 100}}


@dataclass
class Needed:
    """`always`: without these fields the step is refused whatever else is sent, and the sentence says why. `sometimes`:
    whether a field is needed hangs on what is chosen beside it, which the sentence says, or it is needed by a later
    step. `idle`: fields that a guard asks for in other records and not in this one. `proof`: fields that show what was
    done, where words alone are refused."""

    always: dict[str, Sentence | None] = field(default_factory=dict)
    sometimes: dict[str, Sentence | None] = field(default_factory=dict)
    idle: set[str] = field(default_factory=set)
    proof: set[str] = field(default_factory=set)


def by_step(
    step: Step, row: Any, facts: Any, chosen: Mapping[str, Any], choices: Mapping[str, Sequence[Any]]
) -> Needed:
    """What the guards of this step demand of its form. `chosen` is what stands in it, `choices` what could."""
    found = Needed()
    ways = [{**chosen, name: value} for name, values in choices.items() for value in values] or [dict(chosen)]
    for guard in (one for one in step.needs if one.asked):
        for name in guard.met_by:
            sent = dict.fromkeys(guard.met_by, WRITTEN)
            refused = [guard.unmet(row, facts, {**way, **sent, name: None}) for way in ways]
            unmet = next(filter(None, refused), None)
            if unmet is not None:
                where = found.always if all(refused) else found.sometimes
                where.setdefault(name, unmet.message)
            if guard.unmet(row, facts, WORDS) is not None:
                found.proof |= {name} & WORDS.keys()
    return found


def by_life(life: Lifecycle, row: Any, facts: Any) -> Needed:
    """What the steps of a record's life ask of its own form."""
    asked = {
        name
        for guard in _on_record(life)
        for name in guard.met_by
        if guard.unmet(_Without(row, name), _without(facts, name), {}) is not None
    }
    return Needed(sometimes=dict.fromkeys(asked), idle=_all(life) - asked)


def of_new(life: Lifecycle) -> Needed:
    """What the steps of a life may ask of a record that is not there yet."""
    return Needed(sometimes=dict.fromkeys(_all(life)))


def _all(life: Lifecycle) -> set[str]:
    return {name for guard in _on_record(life) for name in guard.met_by}


def _on_record(life: Lifecycle) -> list[Guard]:
    return [guard for step in life.steps if step.by_people for guard in step.needs if not guard.asked]


class _Without:
    """The row as it would be without one of its values."""

    def __init__(self, row: Any, name: str) -> None:
        self._row, self._name = row, name

    def __getattr__(self, name: str) -> Any:
        return None if name == self._name else getattr(self._row, name)


def _without(facts: Any, name: str) -> Any:
    return replace(facts, **{name: 0}) if hasattr(facts, name) else facts

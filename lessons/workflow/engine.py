"""Lifecycle: one small door to `transitions`. A life is a table of steps that one can read aloud."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel
from transitions import Machine

from lessons.errors import NotAllowed, Unmet
from lessons.i18n import Sentence, Word, say

SYSTEM = "system"
ANYONE = "anyone"


@dataclass(frozen=True)
class Guard:
    """A named pure test of (row, facts[, asked]) with one sentence. `place` is the anchor where it can be met, `met_by`
    the fields that meet it: of the step's form where it looks at what is asked, else of the record's own form.

    The test answers True when met; False, or the sentence's parameters, when not; `place` among them is another page.
    """

    name: str
    test: Callable[..., bool | dict[str, Any]]
    sentence: Sentence
    place: str = ""
    asked: bool = False
    separation: bool = False
    met_by: tuple[str, ...] = ()

    def unmet(self, row: Any, facts: Any, asked: Mapping[str, Any]) -> Unmet | None:
        answer = self.test(row, facts, asked) if self.asked else self.test(row, facts)
        if answer is True:
            return None
        params = dict(answer) if isinstance(answer, dict) else {}
        place = params.pop("place", self.place)
        return Unmet(self.name, self.sentence.with_(**params) if params else self.sentence, place)


Test = Callable[..., bool | dict[str, Any]]


def guard(
    sentence: Sentence, *, place: str = "", separation: bool = False, met_by: tuple[str, ...] = ()
) -> Callable[[Test], Guard]:
    """Make a guard of a function of (row, facts)."""
    return lambda test: Guard(test.__name__, test, sentence, place, separation=separation, met_by=met_by)


def check(
    sentence: Sentence, *, place: str = "", separation: bool = False, met_by: tuple[str, ...] = ()
) -> Callable[[Test], Guard]:
    """Make a guard of a function of (row, facts, asked): it needs what the form asks for."""
    return lambda test: Guard(test.__name__, test, sentence, place, asked=True, separation=separation, met_by=met_by)


@dataclass(frozen=True)
class Step:
    """One row of a life. `by` are roles and relations, any of which may fire it; `target` None stays in its state.

    `only` picks between rows of one trigger by (row, facts, asked). `quiet` steps (an edit) are no button; `on_call`
    steps (an answer) are one only while their guards are met.
    `makes` names the noun that the step brings into the world; the row itself does not change.
    """

    trigger: str
    source: tuple[StrEnum, ...]
    target: StrEnum | None
    by: tuple[str, ...]
    needs: tuple[Guard, ...] = ()
    asks: type[BaseModel] | None = None
    only: Callable[[Any, Any, Mapping[str, Any]], bool] | None = None
    quiet: bool = False
    on_call: bool = False
    makes: str = ""

    def is_for(self, relations: Collection[str]) -> bool:
        """Whether one of these roles and relations may fire it; whoever owes a duty that it fulfils may too."""
        return f"duty:{self.trigger}" in relations or any(who in relations for who in self.by)

    @property
    def by_people(self) -> bool:
        return any(who != SYSTEM for who in self.by)


class _Token:
    """What the machine moves in place of the row: the row's state is written by the door alone."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


class Lifecycle:
    """One machine for all rows of a noun. Pure: it answers what may happen and where it leads."""

    def __init__(
        self,
        noun: str,
        states: type[StrEnum],
        steps: Sequence[Step],
        *,
        initial: Iterable[StrEnum],
        live: Iterable[StrEnum],
        owes: Sequence[Any] = (),
    ) -> None:
        self.noun, self.states, self.steps = noun, states, tuple(steps)
        self.initial, self.live, self.owes = tuple(initial), frozenset(live), tuple(owes)
        self.owes_in = {state: tuple(one for one in self.owes if state in one.states) for state in states}
        self.by_source: dict[tuple[str, str], list[Step]] = {}
        for step in self.steps:
            for source in step.source:
                self.by_source.setdefault((source.value, step.trigger), []).append(step)
        self.triggers = tuple(dict.fromkeys(step.trigger for step in self.steps))
        self._machine = Machine(
            model=None,
            states=[s.value for s in states],
            initial=self.initial[0].value,
            auto_transitions=False,
            send_event=True,
        )
        for step in self.steps:
            for source in step.source:
                self._machine.add_transition(_event(step), source.value, (step.target or source).value)

    def is_live(self, state: str) -> bool:
        return state in self.live

    def candidates(self, state: str, trigger: str) -> list[Step]:
        return self.by_source.get((state, trigger), [])

    def open_triggers(self, state: str, *, people: bool = True) -> list[str]:
        """Triggers that the table has for this state, in its order."""
        return list(
            dict.fromkeys(
                s.trigger for s in self.steps if state in s.source and not s.quiet and (s.by_people or not people)
            )
        )

    def choose(self, row: Any, trigger: str, facts: Any, asked: Mapping[str, Any]) -> Step:
        """The row of the table that applies. Raises NotAllowed where the table has none for this state."""
        found = self.candidates(row.state, trigger)
        for step in found:
            if step.only is None or step.only(row, facts, asked):
                return step
        if found:
            return found[0]
        raise NotAllowed(
            say(
                "“%(trigger)s” does not fit the state “%(state)s”.",
                trigger=Word(f"{self.noun}.trigger", trigger),
                state=Word(f"{self.noun}.state", row.state),
            ),
            state=row.state,
            trigger=trigger,
            open=self.open_triggers(row.state),
        )

    def unmet(self, step: Step, row: Any, facts: Any, asked: Mapping[str, Any] | None) -> list[Unmet]:
        """Every guard of the step that is not met; those that need the asked fields only once these are known."""
        found = (g.unmet(row, facts, asked or {}) for g in step.needs if asked is not None or not g.asked)
        return [u for u in found if u is not None]

    def fire(self, row: Any, step: Step) -> str:
        """Let the machine move a token of the row; returns the new state. The row itself is not touched."""
        token = _Token(str(row.state))  # transitions would look a StrEnum up by its name
        self._machine.events[_event(step)].trigger(token)
        return token.state


def _event(step: Step) -> str:
    """The machine's name of a step: one trigger may lead to several states (conclude)."""
    return f"{step.trigger}>{step.target.value}" if step.target else f"{step.trigger}="

"""A life as people read it: its rows in words, the same on the page, in the documents and behind every drawing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from lessons.i18n import Sentence, Word, gettext, ngettext, say, word
from lessons.workflow.engine import Step
from lessons.workflow.fields import called
from lessons.workflow.lives import LIVES, births
from lessons.workflow.states import Role

ROLES = frozenset(role.value for role in Role)
FILLED_IN = re.compile(r"%\((\w+)\)s")
WHILE_LIVE = say("Every state before an end")
FEW = 4
# on these two, "editor" is whoever edits the record; elsewhere it is the role
OWN_EDITORS = ("procedures", "revisions")


@dataclass(frozen=True)
class Row:
    """One row of a life. `n` is its number in the drawing, 0 where the state stays; `source` is empty at a birth."""

    n: int
    trigger: str
    source: tuple[str, ...]
    target: str
    who: tuple[str, ...]
    needs: tuple[str, ...]
    asks: tuple[str, ...]
    may: tuple[str, ...]


def rows(noun: str, locale: str) -> list[Row]:
    """Every step of the life in the table's order, after those that bring a record into the world. Quiet ones too."""
    first = LIVES[noun].initial[0]
    born = [_row(of, noun, replace(step, source=(), target=step.target or first), locale) for of, step in births(noun)]
    return born + [_row(noun, noun, step, locale) for step in LIVES[noun].steps]


def numbers(noun: str) -> dict[str, int]:
    """The triggers that move a state, numbered from 1 in the table's order."""
    moving = dict.fromkeys(step.trigger for step in LIVES[noun].steps if step.target is not None)
    return {trigger: n for n, trigger in enumerate(moving, 1)}


def _row(of: str, noun: str, step: Step, locale: str) -> Row:
    """A row of the noun's life; the step itself is one `of` the same noun, or of the one that it is made by."""
    fields = step.asks.model_fields if step.asks else {}
    named = {name: word("field", called(field, name), locale) for name, field in fields.items()}
    return Row(
        n=numbers(noun).get(step.trigger, 0) if step.source else 0,
        trigger=word(f"{of}.trigger", step.trigger, locale),
        source=_sources(noun, step, locale),
        target=state_word(noun, step.target, locale) if step.target else "",
        who=tuple(who_word(of, who).in_(locale) for who in step.by),
        needs=tuple(said(guard.sentence, locale) for guard in step.needs),
        asks=tuple(named[name] for name, field in fields.items() if field.is_required()),
        may=tuple(named[name] for name, field in fields.items() if not field.is_required()),
    )


def _sources(noun: str, step: Step, locale: str) -> tuple[str, ...]:
    if len(step.source) > FEW and set(step.source) == LIVES[noun].live:
        return (WHILE_LIVE.in_(locale),)
    return tuple(state_word(noun, state, locale) for state in step.source)


def state_word(noun: str, state: StrEnum, locale: str) -> str:
    return word(f"{noun}.state", state.value, locale)


def who_word(noun: str, who: str) -> Word:
    """A role or relation of a step, by the name that it has on this noun."""
    role = who in ROLES and not (who == "editor" and noun in OWN_EDITORS)
    return Word("role" if role else "relation", who)


def said(sentence: Sentence, locale: str) -> str:
    """A guard's sentence with … where it tells of the record that it looked at."""
    one = ngettext(sentence.text, sentence.plural, 1, locale) if sentence.plural else gettext(sentence.text, locale)
    return FILLED_IN.sub("…", one)


def transitions(noun: str, locale: str) -> Iterator[str]:
    """Every move as a line: number, trigger, from → to."""
    for row in rows(noun, locale):
        if row.target and row.source:
            yield f"{row.n}. {row.trigger}: {', '.join(row.source)} → {row.target}"

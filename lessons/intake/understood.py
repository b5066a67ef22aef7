"""What was understood of a loose document, in words: how much, how its columns were read, what, and what was not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from lessons.i18n import Sentence, say, say_n
from lessons.intake import report
from lessons.intake.document import Action, Column
from lessons.intake.faults import Fault
from lessons.intake.gathered import Document
from lessons.intake.report import NAMED
from lessons.intake.tables import first_words

LINE = 100

SURE: dict[str, Sentence] = {
    "exact": say("%(heading)s → %(field)s"),
    "told": say("%(heading)s → %(field)s"),
    "near": say("%(heading)s → %(field)s (by likeness)"),
    "guessed": say("%(heading)s → %(field)s (by its cells)"),
    "": say("%(heading)s → kept as it is"),
}

FIELDS: dict[str, Sentence] = {
    "number": say("number"), "title": say("title"), "happened_on": say("when it happened"),
    "what_happened": say("what happened"), "lesson": say("lesson"), "action": say("action"),
    "taken": say("action already taken"), "owner": say("owner"), "due": say("due date"), "status": say("state"),
    "cause": say("cause"), "expected": say("what was expected"), "topics": say("topics"), "severity": say("severity"),
    "unit": say("unit"), "verified_on": say("day of proof"), "leader": say("leader"),
}  # fmt: skip
STATES: dict[str, Sentence] = {
    "": say("not told whether done"), "open": say("open"), "in_progress": say("in progress"), "done": say("done"),
    "cancelled": say("cancelled"),
}  # fmt: skip


def told(document: Document) -> Iterator[Sentence]:
    """A sentence a line: the sum, the columns, the first lessons and actions."""
    found = document.debriefs
    yield say(
        "%(name)s (%(kind)s): %(debriefs)s, %(lessons)s, %(actions)s.",
        name=document.source, kind=document.kind,
        debriefs=say_n("one debrief", "%(n)s debriefs").with_(n=len(found)),
        lessons=say_n("one lesson", "%(n)s lessons").with_(n=found.lessons),
        actions=say_n("one action", "%(n)s actions").with_(n=found.actions),
    )  # fmt: skip
    yield from map(_column, (column for column in document.columns if column.heading))
    for lesson in islice(document.lessons(), NAMED):
        yield say("Lesson: %(what)s", what=first_words(lesson.text, LINE))
    yield from map(_action, islice(document.actions(), NAMED))
    yield from _more(found.lessons, found.actions)
    if document.leftovers:
        yield say_n("One part was not understood and is kept.", "%(n)s parts were not understood and are kept.").with_(
            n=len(document.leftovers)
        )


def problems(document: Document) -> Iterator[Sentence]:
    """What is to be looked at, with its place."""
    yield from noted(document.source, document.problems)


def noted(name: str, faults: Sequence[Fault]) -> Iterator[Sentence]:
    """The first of them in words, and how many there are beside."""
    for found in faults[:NAMED]:
        yield say("%(name)s: %(what)s", name=name, what=report.fault(found))
    if (more := len(faults) - NAMED) > 0:
        what = say_n("And one more remark.", "And %(n)s more remarks.").with_(n=more)
        yield say("%(name)s: %(what)s", name=name, what=what)


def _column(column: Column) -> Sentence:
    sure = column.confidence if column.field else ""
    return SURE[sure].with_(heading=column.heading, field=FIELDS.get(column.field, ""))


def _action(action: Action) -> Sentence:
    parts: list[Any] = [first_words(action.text, LINE)]
    if action.owner:
        parts.append(say("owner: %(owner)s", owner=action.owner))
    if action.due:
        parts.append(say("due: %(due)s", due=action.due_on.isoformat() if action.due_on else action.due))
    parts.append(STATES[action.status])
    return say("Action: %(parts)s", parts=parts)


def _more(lessons: int, actions: int) -> Iterator[Sentence]:
    if (more := max(0, lessons - NAMED) + max(0, actions - NAMED)) > 0:
        yield say_n("And one more.", "And %(n)s more.").with_(n=more)

"""What became of an import, in numbers and in words: what was made, what was here already, what waits for an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session

from lessons.i18n import Sentence, say, say_n
from lessons.intake.imports import KNOWN, LEFT, MADE, MERGED, made_by
from lessons.models import Action, Import, ImportItem, Lesson
from lessons.workflow.states import ACTION_OPEN, LessonState

DEBRIEFS = say_n("one debrief", "%(n)s debriefs")
LESSONS = say_n("one lesson", "%(n)s lessons")
ACTIONS = say_n("one action", "%(n)s actions")


@dataclass(frozen=True)
class Outcome:
    """`unowned`: open actions without an owner or a date; `proposed`: lessons that wait to be decided."""

    debriefs: int
    lessons: int
    actions: int
    known: int
    merged: int
    left: int
    proposed: int
    unowned: int


def outcome(session: Session, row: Import) -> Outcome:
    """Five queries, however many items."""
    how = sa.select(ImportItem.how, sa.func.count()).where(ImportItem.import_id == row.id).group_by(ImportItem.how)
    counts = Counter(dict(session.execute(how).all()))
    lessons, actions = Lesson.id.in_(made_by(row, Lesson)), Action.id.in_(made_by(row, Action))
    loose = sa.or_(Action.owner_id.is_(None), Action.due_on.is_(None))
    return Outcome(
        debriefs=counts[MADE] + counts[MERGED],
        lessons=_count(session, lessons),
        actions=_count(session, actions),
        known=counts[KNOWN],
        merged=counts[MERGED],
        left=counts[LEFT],
        proposed=_count(session, lessons, Lesson.state == LessonState.PROPOSED),
        unowned=_count(session, actions, Action.state.in_(ACTION_OPEN), loose),
    )


def _count(session: Session, *where: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count()).where(*where)) or 0


def told(found: Outcome, *, dry: bool = False) -> Iterator[Sentence]:
    """A sentence a line."""
    parts = {
        "debriefs": DEBRIEFS.with_(n=found.debriefs),
        "lessons": LESSONS.with_(n=found.lessons),
        "actions": ACTIONS.with_(n=found.actions),
    }
    if dry:
        yield say("Would be brought in: %(debriefs)s, %(lessons)s, %(actions)s. Nothing was changed.", **parts)
    else:
        yield say("Brought in: %(debriefs)s, %(lessons)s, %(actions)s.", **parts)
    if found.known:
        yield say_n("One was here already.", "%(n)s were here already.").with_(n=found.known)
    if found.merged:
        yield say_n("One joined a lesson that is here.", "%(n)s joined lessons that are here.").with_(n=found.merged)
    if found.left:
        yield say_n("One was left out.", "%(n)s were left out.").with_(n=found.left)
    if found.proposed:
        yield say_n("One lesson waits to be decided.", "%(n)s lessons wait to be decided.").with_(n=found.proposed)
    if found.unowned:
        yield say_n(
            "One action needs an owner or a date; the unit's manager was asked.",
            "%(n)s actions need an owner or a date; the unit's manager was asked.",
        ).with_(n=found.unowned)


def named(names: Sequence[str]) -> Sentence:
    """Owners of the source who are nobody here, or more than one."""
    return say("Not one person and no other here: %(names)s.", names=names)

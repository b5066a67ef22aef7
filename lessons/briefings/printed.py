"""A briefing on paper for a shift: what is to be understood, the cards behind it, and lines to sign."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from exports.paper import Paper, Part
from lessons.access import Actor, tree, visible_to
from lessons.access.visible import can_see
from lessons.briefings import queries
from lessons.briefings.passages import passage
from lessons.i18n import Word, say
from lessons.models import Briefing, Lesson, Revision, RevisionLesson
from lessons.web.paper import Pen
from lessons.workflow.sections import text

SORT = say("Briefing sheet")
SIGNED = say("A signature says: I have read and understood. It is recorded on the briefing's page.")
MOST = 200  # names
LINES = ("applies_when", "steps", "say", "avoid_saying", "limits", "transfer_to", "exceptions")


def paper(session: Session, briefing: Briefing, *, by: Actor, at: datetime, locale: str) -> Paper:
    """The names are of those whose reading this person may see, no more than MOST of them, which it says then; a few
    lines stay free."""
    pen = Pen(session, by, at, locale)
    title = (passage(session, briefing).title, briefing.lang)
    return pen.paper(SORT, briefing, title, _parts(pen, briefing))


def _parts(pen: Pen, briefing: Briefing) -> Iterator[list[Part]]:
    check = (briefing.check or {}).get("question", "")
    glance = [(say("To be read by"), briefing.due_on), (say("To think about"), (check, briefing.lang))]
    yield pen.part(say("At a glance"), pen.facts(glance))
    yield from _subject(pen, briefing)
    yield _signatures(pen, briefing)


def _subject(pen: Pen, briefing: Briefing) -> Iterator[list[Part]]:
    lesson = pen.session.get(Lesson, briefing.lesson_id) if briefing.lesson_id else None
    revision = pen.session.get(Revision, briefing.revision_id) if briefing.revision_id else None
    if lesson is not None:
        yield _card(pen, lesson)
        return
    yield pen.part(say("What to know"), pen.points(passage(pen.session, briefing).lines, briefing.lang))
    if revision is not None and can_see(pen.session, revision, pen.by):
        for section in revision.sections:
            yield pen.part((section["heading"], revision.lang), pen.text(text(section), revision.lang))
        its = sa.select(Lesson).join(RevisionLesson, RevisionLesson.lesson_id == Lesson.id)
        seen = its.where(RevisionLesson.revision_id == revision.id, visible_to(pen.session, "lessons", pen.by))
        for one in pen.session.scalars(seen.order_by(Lesson.id)):
            yield _card(pen, one)


def _card(pen: Pen, lesson: Lesson) -> list[Part]:
    """The agent's lines of one card."""
    told = ((name, getattr(lesson, name)) for name in LINES)
    rows = (
        (Word("field", name), ("\n".join(words) if isinstance(words, list) else words, lesson.lang))
        for name, words in told
    )
    return pen.part((f"{lesson.title} ({lesson.code})", lesson.lang), pen.facts(rows))


def _signatures(pen: Pen, briefing: Briefing) -> list[Part]:
    members = queries.members(pen.session, briefing, by=pen.by, at=pen.at)
    units = tree(pen.session).units
    counted = [one for one in members if one.counts]
    rows = [(one.person, units[one.person.unit_id], one.acknowledged_at or "", "") for one in counted[:MOST]]
    free = [("", "", "", "")] * 3
    heads = ((say("Name"), 26), (say("Unit"), 26), (say("Read and understood on"), 20), (say("Signature"), 28))
    table = pen.table(heads, [*rows, *free], "signatures")
    cut = say("%(some)s of %(all)s names stand here; all are on the briefing's page, where reading is recorded.",
              some=MOST, all=len(counted))  # fmt: skip
    return pen.part(say("Who was briefed"), table, note=SIGNED if len(counted) <= MOST else cut)

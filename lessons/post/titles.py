"""What a letter may call a record: its title where its reader may see it; else the code stands alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, visible_to
from lessons.models import (
    Action,
    Briefing,
    Debrief,
    Job,
    Lesson,
    News,
    Person,
    Procedure,
    Question,
    Revision,
    Sentence,
    Verification,
)

Ref = tuple[str, int]

OF_REVISION = sa.select(Procedure.title).where(Procedure.id == Revision.procedure_id).scalar_subquery()
OF_BRIEFING = sa.func.coalesce(
    sa.select(Lesson.title).where(Lesson.id == Briefing.lesson_id).scalar_subquery(),
    sa.select(Procedure.title)
    .join(Revision, Revision.procedure_id == Procedure.id)
    .where(Revision.id == Briefing.revision_id)
    .scalar_subquery(),
    sa.select(News.title).where(News.id == Briefing.news_id).scalar_subquery(),
)
# mail is read on other people's screens: what is confidential is never named in it
TITLES = {
    "debriefs": (Debrief.id, sa.case((Debrief.confidential, ""), else_=Debrief.title)),
    "lessons": (Lesson.id, Lesson.title),
    "actions": (Action.id, Action.text),
    "procedures": (Procedure.id, Procedure.title),
    "revisions": (Revision.id, OF_REVISION),
    "verifications": (
        Verification.id,
        sa.select(Lesson.title).where(Lesson.id == Verification.lesson_id).scalar_subquery(),
    ),
    "briefings": (Briefing.id, OF_BRIEFING),
    "news": (News.id, News.title),
    "questions": (Question.id, sa.func.substr(Question.text, 1, 120)),
    "sentences": (Sentence.id, sa.func.substr(Sentence.text, 1, 120)),
    "people": (Person.id, Person.name),
    "jobs": (Job.id, Job.title),
}


def titles(session: Session, wanted: Iterable[Ref], by: Actor) -> Mapping[Ref, str]:
    """By (noun, id) the titles of those that `by` may see, "" where it is not named in mail; one query."""
    ids: dict[str, list[int]] = {}
    for noun, record_id in set(wanted):
        ids.setdefault(noun, []).append(record_id)
    halves = []
    for noun in sorted(ids.keys() & TITLES.keys()):
        key, title = TITLES[noun]
        seen = (key.in_(sorted(ids[noun])), visible_to(session, noun, by))
        halves.append(sa.select(sa.literal(noun, sa.String), key, title).where(*seen))
    rows = session.execute(sa.union_all(*halves)).all() if halves else []
    return {(noun, record_id): text for noun, record_id, text in rows}

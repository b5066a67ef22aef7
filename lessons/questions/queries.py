"""Reads of questions: those that a person may see, and their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, tree, visible_to
from lessons.access.listing import USUAL, Order, Page, page
from lessons.access.named import called, people_by_id
from lessons.models import Lesson, Person, Question, QuestionLesson, Unit

NEWEST = Order(backwards=True)


@dataclass(frozen=True)
class Listed:
    """`card`: what the answer leads to, where the reader may see it."""

    question: Question
    unit: Unit
    asker: Person | None = None
    answerer: Person | None = None
    card: Lesson | None = None


def questions(
    session: Session, states: Sequence[str], *, by: Actor, limit: int = USUAL, cursor: str | None = None
) -> Page[Listed]:
    """The newest first."""
    where = [visible_to(session, "questions", by)]
    found = page(session, Question, where, NEWEST, states=states, limit=limit, cursor=cursor)
    return Page(listed(session, found.items, by=by), found.next)


def own(session: Session, *, by: Actor, limit: int) -> list[Listed]:
    """What this person asked, the newest first."""
    mine = sa.select(Question).where(Question.asker_id == by.id).order_by(Question.id.desc()).limit(limit)
    return listed(session, session.scalars(mine).all(), by=by)


def one(session: Session, code: str, *, by: Actor) -> Listed:
    """Raises NotFound."""
    return listed(session, [called(session, Question, code, by=by)], by=by)[0]


def made_of(session: Session, question: Question, *, by: Actor) -> list[Lesson]:
    """The lessons that were made of it, as far as this person may see them, the first ones first."""
    ids = sa.select(QuestionLesson.lesson_id).where(QuestionLesson.question_id == question.id)
    seen = visible_to(session, "lessons", by)
    return list(session.scalars(sa.select(Lesson).where(Lesson.id.in_(ids), seen).order_by(Lesson.id)))


def behind(session: Session, lesson_ids: Sequence[int], *, by: Actor) -> dict[int, str]:
    """By lesson the code of the question that it was made of, as far as this person may see it."""
    made = sa.select(QuestionLesson.lesson_id, Question.code).join(Question, Question.id == QuestionLesson.question_id)
    seen = made.where(QuestionLesson.lesson_id.in_(lesson_ids), visible_to(session, "questions", by))
    return {row.lesson_id: row.code for row in session.execute(seen)} if lesson_ids else {}


def listed(session: Session, rows: Sequence[Question], *, by: Actor) -> list[Listed]:
    """In their order: two queries, however many."""
    people = people_by_id(session, [one.asker_id for one in rows] + [one.answered_by_id for one in rows])
    ids = sorted({one.lesson_id for one in rows if one.lesson_id})
    seen = sa.select(Lesson).where(Lesson.id.in_(ids), visible_to(session, "lessons", by))
    cards = {card.id: card for card in session.scalars(seen)}
    units = tree(session).units
    return [
        Listed(one, units[one.unit_id], people.get(one.asker_id or 0), people.get(one.answered_by_id or 0),
               cards.get(one.lesson_id))
        for one in rows
    ]  # fmt: skip

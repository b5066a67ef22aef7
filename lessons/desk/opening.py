"""The opening of a shift: what changed since one's own last one, at most three cards, read and understood together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import web
from lessons.access import Actor, tree
from lessons.access.audience import is_within
from lessons.briefings import operations as briefings
from lessons.briefings.passages import Passage, passage, passages
from lessons.briefings.queries import ToRead, to_read
from lessons.errors import NotAllowed
from lessons.i18n import Word, direction, say
from lessons.models import Briefing, DeskVisit, Lesson, News
from lessons.news import operations as news
from lessons.news.queries import is_for, read_by
from lessons.repository.shown import desk_state
from lessons.workflow.states import LESSON_PUBLIC, BriefingState, NewsState

CARDS, LINES = 3, 3
UNKNOWN = timedelta(days=7)
"""What is told of to whoever was never here."""
MARKED = timedelta(minutes=10)


# ── what changed ─────────────────────────────────────────────────────────────────────────────────────────────────────
def opening(session: Session, on_desk: Sequence[News], *, by: Actor, at: datetime) -> dict[str, Any]:
    """At most three cards: what is to be read, what is new, what changed. `more` are the briefings still owed."""
    since = last_shift(session, by, at)
    owed = to_read(session, by)
    about = {one.briefing.news_id for one in owed}
    read = read_by(session, on_desk, by)
    # what is urgent comes up by itself, and is acknowledged there
    fresh = [one for one in on_desk if not one.urgent and one.id not in read and one.id not in about]
    news_cards = [_of_news(one) for one in fresh]
    first = _owed(session, owed[:CARDS])
    lessons = {one.briefing.lesson_id for one in owed}
    changed = [_of_lesson(one) for one in _changed(session, since, by) if one.id not in lessons]
    cards = [*first, *news_cards, *changed][:CARDS]
    more = [one for one in owed if one.briefing.code not in {card["code"] for card in cards}]
    return {
        "since": web.when(since, hour=True),
        "cards": cards,
        "asks": any(card["reads"] for card in cards),
        "more": [
            {"title": one.subject.title, "href": f"/briefings/{one.briefing.code}", "due": one.due_on,
             "asks": bool(one.briefing.check)}
            for one in more
        ],
    }  # fmt: skip


def _owed(session: Session, owed: Sequence[ToRead]) -> list[dict[str, Any]]:
    told = passages(session, [one.briefing for one in owed])
    return [of_briefing(one.briefing, words, one) for one, words in zip(owed, told, strict=True)]


def last_shift(session: Session, by: Actor, at: datetime) -> datetime:
    """When this person's desk was last open on a day before today."""
    seen = session.get(DeskVisit, by.id) if by.id else None
    if seen is None or by.person is None:
        return at - UNKNOWN
    today = tree(session).today(by.person.unit_id, at)
    return seen.seen_at if seen.day < today else seen.before_at or at - UNKNOWN


def _changed(session: Session, since: datetime, by: Actor) -> list[Lesson]:
    """Cards meant for this person that are new, have other words, or stand otherwise, the newest first."""
    rows = session.scalars(
        sa.select(Lesson)
        .where(Lesson.state.in_(LESSON_PUBLIC), sa.or_(Lesson.entered_at > since, Lesson.edition_at > since))
        .order_by(Lesson.entered_at.desc(), Lesson.id.desc())
        .limit(50)
    )
    return [one for one in rows if is_within(session, one, by)]


# ── cards ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def of_briefing(briefing: Briefing, told: Passage, one: ToRead | None = None, error: Any = "") -> dict[str, Any]:
    """With its question, where the editor set one; after a wrong answer the whole passage, and the question again."""
    check: Mapping[str, Any] = briefing.check or {}
    return _card(
        briefing, told.title, told.lines if error else told.lines[:LINES], edition=briefing.subject_edition,
        sort=Word("noun", "briefings"), due=one.due_on if one else briefing.due_on,
        question=check.get("question", ""), answers=list(enumerate(check.get("answers", []))), error=error,
    )  # fmt: skip


def _of_news(one: News) -> dict[str, Any]:
    lines = [line for line in (*one.body.splitlines(), one.our_answer) if line.strip()]
    return _card(one, one.title, lines[:LINES], sort=Word("news_kind", one.kind.value), urgent=one.urgent)


def _of_lesson(one: Lesson) -> dict[str, Any]:
    lines = [line for line in (one.applies_when, *one.steps[:1]) if line]
    return _card(one, one.title, lines, href=f"/desk?card={one.code}", state=desk_state(one), reads=False)


USUAL: Mapping[str, Any] = {"sort": "", "state": None, "due": None, "urgent": False, "question": "", "answers": [],
                            "error": "", "reads": True}  # fmt: skip


def _card(row: Any, title: str, lines: Sequence[str], **more: Any) -> dict[str, Any]:
    """`reads`: it is acknowledged with the others; a card that only changed is shown, and asks nothing."""
    own = {"code": row.code, "edition": row.edition, "title": title, "lines": lines, "lang": row.lang,
           "dir": direction(row.lang), "href": f"/{row.noun}/{row.code}"}  # fmt: skip
    return {**USUAL, **own, **more}


# ── read and understood, all at once ─────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Read:
    """`left` are cards whose question was not answered rightly; `changed` were over, or have other words now."""

    left: Sequence[dict[str, Any]]
    changed: int


def read_all(
    session: Session, editions: Mapping[str, int], answers: Mapping[str, int], *, by: Actor, at: datetime
) -> Read:
    """Acknowledge those cards of which the edition that was shown still holds; each with its answer."""
    left, changed = [], 0
    for briefing in session.scalars(sa.select(Briefing).where(Briefing.code.in_(editions)).order_by(Briefing.due_on)):
        if briefing.state != BriefingState.OPEN or briefing.subject_edition != editions[briefing.code]:
            changed += 1
        elif error := _acknowledge(session, briefing, answers.get(briefing.code), by=by, at=at):
            left.append(of_briefing(briefing, passage(session, briefing), error=error))
    for one in session.scalars(sa.select(News).where(News.code.in_(editions)).order_by(News.id)):
        if one.state == NewsState.LIVE and one.edition == editions[one.code] and is_for(session, one, by):
            news.acknowledge(session, one, {}, by=by, at=at)
        else:
            changed += 1
    note_visit(session, by, at, closes=not left)
    return Read(left, changed)


def _acknowledge(session: Session, briefing: Briefing, answer: int | None, *, by: Actor, at: datetime) -> Any:
    """What is to be said beside its question; "" where it is read."""
    if briefing.check and answer is None:
        return say("One question first: which of the answers is right?")
    asked = {} if answer is None else {"answer": answer}
    try:
        right = briefings.acknowledge(session, briefing, asked, by=by, at=at).right
    except NotAllowed:  # it ended in this moment
        return ""
    return "" if right else say("Not that one. The passage is here once more, then the question again.")


def note_visit(session: Session, by: Actor, at: datetime, *, closes: bool = False) -> None:
    """A sighting of this person at the desk; `closes`: what changed until now was seen."""
    if by.id is None or by.person is None:
        return
    today = tree(session).today(by.person.unit_id, at)
    seen = session.get(DeskVisit, by.id)
    if seen is None:
        seen = DeskVisit(person_id=by.id, day=today, seen_at=at)
    elif seen.day < today:
        seen.before_at = seen.seen_at
    seen.day, seen.seen_at = today, at
    seen.before_at = at if closes else seen.before_at
    session.add(seen)
    session.flush()


def is_to_be_noted(session: Session, by: Actor, at: datetime) -> bool:
    """Whether they were not seen here in the last minutes."""
    seen = session.get(DeskVisit, by.id) if by.id else None
    return seen is None or at - seen.seen_at > MARKED

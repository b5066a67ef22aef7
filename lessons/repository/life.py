"""The whole life of one lesson on paper, for an auditor: where it stands and what hangs on it, then every event."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from exports.paper import Block, Paper, Part
from lessons import db
from lessons.access import Actor
from lessons.i18n import Word, say
from lessons.models import Lesson, Verification
from lessons.repository.outcome import number
from lessons.repository.queries import INSIDE, Story, story
from lessons.steps.history import Past, history
from lessons.web.paper import Pen
from lessons.web.story import BY, what, written

SORT = say("Life story of a lesson")
CHAIN = say(
    "Each event holds the hash of the one before it. Whoever keeps the installation can have them reckoned again."
)
HEADS = ((say("Code"), 16), (say("What"), 42), (say("In the care of"), 16), (say("Due"), 12), (say("State"), 14))


def paper(session: Session, lesson: Lesson, *, by: Actor, at: datetime, locale: str) -> Paper:
    """As far as this person may see what hangs on it."""
    pen = Pen(session, by, at, locale)
    found = story(session, lesson, by=by, at=at)
    return pen.paper(SORT, lesson, (lesson.title, lesson.lang), _parts(pen, found))


def _parts(pen: Pen, found: Story) -> Iterator[list[Part]]:
    lesson = found.lesson
    yield pen.part(say("At a glance"), pen.facts(_glance(found)))
    yield pen.part(say("What happened"), pen.text(lesson.background, lesson.lang))
    yield pen.part(say("Why"), pen.text(lesson.why, lesson.lang))
    yield pen.part(say("What is done"), pen.table(HEADS, _ways(found)))
    heads = (
        (say("Code"), 20),
        (say("Have read"), 20),
        (say("Counted"), 20),
        (say("To be read by"), 20),
        (say("State"), 20),
    )
    briefed = ((one.code, read, of, one.due_on, Word("briefings.state", one.state.value))
               for one, of, read in found.briefings)  # fmt: skip
    yield pen.part(say("Who has read"), pen.table(heads, briefed))
    yield pen.part(say("Did it work?"), _checks(pen, found))
    yield _events(pen, found)


def _glance(found: Story) -> Iterator[tuple[Any, Any]]:
    lesson = found.lesson
    yield say("Direction"), Word("direction", lesson.direction.value) if lesson.direction else ""
    yield say("Source"), f"{found.source.code}" if found.source else lesson.source
    yield say("Written by"), found.person(lesson.author_id)
    yield say("In the care of"), found.person(lesson.owner_id)
    yield say("Adopted by"), found.person(lesson.accepted_by_id)
    yield say("Accepted"), lesson.accepted_at
    yield say("Proved"), lesson.proved_at
    yield say("Next check"), lesson.review_on
    yield say("Round"), lesson.cycle
    yield say("Card edition"), lesson.edition
    yield say("Topics"), ", ".join(found.topics)
    yield say("Cases"), found.case_count


def _ways(found: Story) -> Iterator[tuple[Any, ...]]:
    for one in found.actions:
        state = Word("actions.state", one.state.value)
        yield one.code, (one.text, one.lang), found.person(one.owner_id), one.due_on, state
    for revision, procedure, _ in found.revisions:
        state = Word("revisions.state", revision.state.value)
        yield revision.code, (procedure.title, procedure.lang), "", revision.effective_on, state


def _checks(pen: Pen, found: Story) -> list[Block]:
    heads = (
        (say("Code"), 16),
        (say("Measure"), 30),
        (say("Before"), 9),
        (say("Aim"), 9),
        (say("After"), 9),
        (say("Due"), 12),
        (say("State"), 15),
    )
    return pen.table(heads, (_check(one) for one in found.verifications))


def _check(one: Verification) -> tuple[Any, ...]:
    figures = (number(figure) or "—" for figure in (one.baseline, one.target, one.measured))
    return (
        one.code, (one.measure or one.method, one.lang), *figures, one.due_on,
        Word("verifications.state", one.state.value),
    )  # fmt: skip


# ── events ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def _events(pen: Pen, found: Story) -> list[Part]:
    """Each with its time in UTC and here, and its hash."""
    lesson, private = found.lesson, bool(found.relations & INSIDE)
    pasts = history(pen.session, lesson)
    heads = (
        ("#", 5),
        ("UTC", 12),
        (db.settings().timezone, 13),
        (say("What happened"), 28),
        (say("By whom"), 14),
        (say("Hash"), 28),
    )
    rows = [_event(pen, lesson, past, private=private) for past in pasts]
    head = pen.facts([(say("Events"), len(pasts)), (say("Head"), (lesson.event_hash, "en"))])
    return pen.part(say("Every event"), head, pen.table(heads, rows, "events"), note=CHAIN)


def _event(pen: Pen, lesson: Lesson, past: Past, *, private: bool) -> tuple[Any, ...]:
    event = past.event
    told = pen.word(what(lesson.noun, past))
    words = written(past) if private else ""
    who = pen.word(past.actor) or pen.word(BY.get(event.actor_kind))
    behalf = f" ({pen.word(say('on behalf of %(name)s', name=pen.word(past.behalf)))})" if past.behalf else ""
    at = (f"{event.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}", "en")
    return event.n, at, event.at, f"{told}\n{words}".strip(), f"{who}{behalf}", (event.hash, "en")

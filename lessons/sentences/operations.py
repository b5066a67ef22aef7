"""What people do with a sentence: offer it, keep or decline it, withdraw it, say that it worked for them too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access import Actor, tree
from lessons.access.personal import names_somebody
from lessons.access.refs import invalid
from lessons.debriefs import topics
from lessons.errors import FieldError, Forbidden, NotAllowed
from lessons.i18n import language_of, say
from lessons.models import Sentence, SentenceVote
from lessons.post import notices
from lessons.sentences import found
from lessons.steps import make, take
from lessons.workflow.news import EDITORS
from lessons.workflow.states import SentenceState

WORDS = ("text", "said_when", "topic")
FOR_THEMSELF = say("A sentence is offered, and said to have worked, by each person for themself.")
OWN = say("This sentence is yours. How many it helped is told by the others.")
OVER = say("This sentence is not on the desk, so there is nothing to say of it.")
PERSONAL = say(
    "A phone number, an id number, a payment card or an e-mail address stands in it. Colleagues say the sentence to "
    "other customers, so it is written without them."
)


# ── it is offered, and decided ───────────────────────────────────────────────────────────────────────────────────────
def offer(session: Session, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> Sentence:
    """Of its author's own unit; an editor's own is on the desk at once. Raises Forbidden, Invalid."""
    if by.person is None:
        raise Forbidden(FOR_THEMSELF)
    _check_words(asked)
    unit_id, lesson = by.person.unit_id, asked.get("lesson")
    edits = bool(by.units_of(*EDITORS) & set(tree(session).above[unit_id]))
    sentence = Sentence(
        state=SentenceState.LIVE if edits else SentenceState.OFFERED, kept_at=at if edits else None, unit_id=unit_id,
        author_id=by.id, lang=language_of(asked["text"]), lesson_id=lesson.id if lesson else None,
        **_words(session, asked),
    )  # fmt: skip
    made: Sentence = make(session, sentence, by=by, at=at, trigger="publish" if edits else "offer")
    found.keep(session, made)
    return made


def _check_words(asked: Mapping[str, Any]) -> None:
    """No customer is known by the words that are said to others."""
    faults = [FieldError(f"/{name}", "personal", PERSONAL) for name in WORDS if names_somebody(asked.get(name) or "")]
    if faults:
        raise invalid(faults)


def _words(session: Session, asked: Mapping[str, Any]) -> dict[str, Any]:
    """As they were given; a topic by the name that it has now, where it is one of the lessons' too."""
    words = {name: asked[name] for name in WORDS if asked.get(name) is not None}
    known = topics.find(session, words["topic"]) if words.get("topic") else None
    return words | {"topic": known.name} if known else words


def keep(session: Session, sentence: Sentence, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """It is on the desk, in other words where some were given; its author is told, with thanks."""
    _check_words(asked)
    words = _words(session, asked)
    changes = {**words, "kept_at": at, "lang": language_of(words.get("text", sentence.text))}
    told = {"fields": sorted(name for name in words if words[name] != getattr(sentence, name))}
    take(session, sentence, "keep", by=by, at=at, asked=asked, changes=changes, told=told)
    found.keep(session, sentence)
    _tell_author(session, sentence, "sentence_kept", by=by, at=at)


def follow(session: Session, former: str, name: str) -> None:
    """What was on a topic that is called otherwise now is on it by that name."""
    same = sa.func.lower(Sentence.topic) == former.lower()
    for sentence in session.scalars(sa.select(Sentence).where(same).order_by(Sentence.id)).all():
        sentence.topic = name
        sentence.version += 1
        found.keep(session, sentence)


def decline(session: Session, sentence: Sentence, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    take(session, sentence, "decline", by=by, at=at, asked=asked, changes={"reason": asked["reason"]})
    _tell_author(session, sentence, "sentence_declined", by=by, at=at)


def withdraw(session: Session, sentence: Sentence, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """It leaves the desk; its author, where that is somebody else, is told."""
    take(session, sentence, "withdraw", by=by, at=at, asked=asked, changes={"reason": asked["reason"]})
    found.keep(session, sentence)
    _tell_author(session, sentence, "withdrawn", by=by, at=at)


def _tell_author(session: Session, sentence: Sentence, kind: str, *, by: Actor, at: datetime) -> None:
    if sentence.author_id != by.id:
        notices.tell(session, [sentence.author_id], kind, sentence, at=at)


# ── it worked for others too ─────────────────────────────────────────────────────────────────────────────────────────
def vote(session: Session, sentence: Sentence, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> Sentence:
    """Said once a person, and taken back as easily; never of one's own. A row of its own and no step: a shift says
    it in the same minute. Raises Forbidden, NotAllowed."""
    if by.id is None:
        raise Forbidden(FOR_THEMSELF)
    if sentence.author_id == by.id:
        raise Forbidden(OWN)
    if sentence.state != SentenceState.LIVE:
        raise NotAllowed(OVER, state=sentence.state, trigger="votes", open=[])
    mine = {"sentence_id": sentence.id, "person_id": by.id}
    if asked.get("worked", True):
        session.execute(db.insert_into(session, SentenceVote).values(**mine, at=at).on_conflict_do_nothing())
    else:
        session.execute(sa.delete(SentenceVote).filter_by(**mine))
    return sentence


VERBS = {
    ("sentences", "keep"): keep,
    ("sentences", "decline"): decline,
    ("sentences", "withdraw"): withdraw,
}

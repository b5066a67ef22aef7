"""The only writer of an organisation's synonyms, and of what people looked for and did not find."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor
from lessons.access.actor import check_over_all
from lessons.errors import FieldError, Invalid
from lessons.i18n import say
from lessons.models import Missed, Synonyms
from lessons.people.operations import NOT_TAKEN
from lessons.search.hebrew import with_finals
from lessons.search.words import query_terms, words_of
from lessons.workflow.rights import EVERYBODYS, KEEPERS

LEAST, MOST, LONGEST, TOLD = 2, 12, 60, 20
REMEMBERED = 120
"""Characters of a question that found nothing."""


def groups(session: Session) -> list[Synonyms]:
    return list(session.scalars(sa.select(Synonyms).order_by(Synonyms.id)))


def missed(session: Session) -> list[Missed]:
    """What was looked for most and not found."""
    return list(session.scalars(sa.select(Missed).order_by(Missed.times.desc(), Missed.id.desc()).limit(TOLD)))


def _check(session: Session, by: Actor) -> None:
    """Every search of everybody goes by them. Raises Forbidden."""
    check_over_all(session, by, *KEEPERS, refusal=EVERYBODYS)


def put(session: Session, given: str, *, by: Actor, group: Synonyms | None = None) -> Synonyms:
    """Words between commas or "=" mean the same from now on, in place of those of `group`. What was missed for one of
    them is not told of any more. Raises Forbidden, Invalid."""
    _check(session, by)
    words = _words(given)
    row = group or Synonyms()
    row.words = words
    session.add(row)
    session.execute(sa.delete(Missed).where(Missed.words.in_({_spelled(word) for word in words})))
    session.flush()
    return row


def _words(given: str) -> list[str]:
    parts = (" ".join(part.split()) for part in given.replace("=", ",").replace("\n", ",").split(","))
    words = list(dict.fromkeys(part for part in parts if query_terms(part)))
    if not LEAST <= len(words) <= MOST or any(len(word) > LONGEST for word in words):
        told = say("Two words or more are needed, at most %(most)s, with commas between.", most=MOST)
        raise Invalid(NOT_TAKEN, [FieldError("/words", "words", told)])
    return words


def remove(session: Session, group: Synonyms, *, by: Actor) -> None:
    _check(session, by)
    session.delete(group)


def note_missed(session: Session, q: str, *, on: date) -> None:
    """Somebody looked for this and found nothing; who it was is not kept, nor anything with a number in it, which may
    be a customer's."""
    words = _spelled(q)
    if not words or any(c.isdigit() for c in words):
        return
    known = session.scalars(sa.select(Missed).where(Missed.words == words)).first()
    row = known or Missed(words=words, times=0, last_on=on)
    row.times, row.last_on = row.times + 1, on
    session.add(row)


def _spelled(q: str) -> str:
    """The same words in one spelling, which people can read."""
    return with_finals(" ".join(words_of(q)))[:REMEMBERED]


def of(session: Session, group_id: int) -> Synonyms | None:
    return session.get(Synonyms, group_id)


def told(words: Sequence[str]) -> str:
    return ", ".join(words)

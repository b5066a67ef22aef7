"""What came of it: who was told, which letters there are, and what the postman heard of them."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa

from lessons import db
from lessons.models import Letter, Notice, Person
from lessons.workflow.states import LetterState
from tests.faults.organisation import Organisation
from tests.post.postman import Postman


def letters() -> list[Letter]:
    with db.reading() as session:
        return list(session.scalars(sa.select(Letter).order_by(Letter.id)))


def told() -> list[tuple[str, str]]:
    """(address, rung) of every notice."""
    with db.reading() as session:
        rows = session.execute(
            sa.select(Person.email, Notice.rung).join(Person, Person.id == Notice.person_id).order_by(Notice.id)
        )
        return [(email, rung) for email, rung in rows]


def each_was_told_once(organisation: Organisation) -> None:
    """Of the one thing they owe, on its day: one notice, and one letter that left."""
    assert sorted(told()) == sorted((address, "on") for address in organisation.people)
    assert Counter(letter.to_address for letter in letters()) == Counter(list(organisation.people))
    assert Counter(letter.state for letter in letters()) == {LetterState.SENT: len(organisation.people)}


def repeats(postman: Postman) -> int:
    """How many letters came more often than once. Each is recognisable: everybody has one Message-ID alone."""
    ids = {(one.to, one.message_id) for one in postman.heard if one.taken}
    assert ids == {(letter.to_address, letter.message_id) for letter in letters() if letter.state is LetterState.SENT}
    assert len({message_id for _, message_id in ids}) == len({to for to, _ in ids}) == len(ids)
    return len(postman.arrived) - len(ids)

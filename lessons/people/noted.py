"""What was done about a person, in a chain of their own: roles given and taken back, ways in made and taken
away, a hold, the erasing."""

from __future__ import annotations

from sqlmodel import Session

from lessons.models.people import Person
from lessons.steps.history import Happened, append

HEAD = ("event_n", "event_hash")


def note(session: Session, person: Person, happened: Happened) -> None:
    """Write the next event of the person's chain. Whoever else is about to waits until this is committed."""
    session.add(person)
    session.flush()
    session.refresh(person, HEAD, with_for_update=True)
    person.event_n, person.event_hash = append(session, person, happened)
    session.flush()

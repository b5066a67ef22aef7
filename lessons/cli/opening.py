"""What most commands begin with: settings, a database of this version, and who acts."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from lessons import clock, settings
from lessons.errors import LessonsError, NotFound
from lessons.i18n import isolate, say

if TYPE_CHECKING:  # importing the tables takes a third of a second: only where they are needed
    from sqlmodel import Session

    from lessons.access.actor import Actor
    from lessons.models.people import Person, Unit
    from lessons.settings import Settings


OUTDATED = say("The database is not up to date. `lessons db upgrade` brings it there.")


def chosen_settings() -> Settings:
    """The installation's settings, its own numbers read too: what is wrong there is told at start and not when the
    first date is reckoned. Raises SettingsError."""
    chosen = settings.load()
    for warning in settings.warnings():
        print(warning, file=sys.stderr)
    if chosen.policy:  # reading the numbers takes time that a command without them need not spend
        from lessons.workflow.policy import Policy

        Policy.check(chosen.policy)
    return chosen


def opened() -> Settings:
    """The installation's settings, its database ready. Raises SettingsError, SchemaError, LessonsError."""
    from lessons import db
    from lessons.migrations import is_current, revision_of

    chosen = chosen_settings()
    if not is_current(db.start(chosen)):
        raise LessonsError(OUTDATED if revision_of(db.engine()) else say(
            "There is no database at %(place)s yet. `lessons db upgrade` makes it there; where it is elsewhere, "
            "LESSONS_DATA_DIR or LESSONS_DATABASE_URL says so.", place=isolate(chosen.told()["LESSONS_DATABASE_URL"]),
        ))  # fmt: skip
    return chosen


@contextmanager
def writing(named: str | None) -> Iterator[tuple[Session, Actor, datetime]]:
    """One transaction, as this person, or as the operator where nobody is named."""
    from lessons import db
    from lessons.access.actor import OPERATOR, actor_of

    opened()
    at = clock.now()
    with db.transaction() as session:
        yield session, actor_of(session, person(session, named), at=at) if named else OPERATOR, at


@contextmanager
def reading(named: str | None) -> Iterator[tuple[Session, Actor, datetime]]:
    """The same, changing nothing."""
    from lessons import db
    from lessons.access.actor import OPERATOR, actor_of

    opened()
    at = clock.now()
    with db.reading() as session:
        yield session, actor_of(session, person(session, named), at=at) if named else OPERATOR, at


def person(session: Session, named: str) -> Person:
    """By e-mail or number. Raises NotFound."""
    from lessons.people import keys

    found = keys.called(session, named)
    if found is None:
        raise NotFound(say("Nobody here is called %(named)s.", named=named))
    return found


def unit_called(session: Session, code: str) -> Unit:
    """By its code. Raises LessonsError."""
    from lessons.access.actor import tree

    found = tree(session).by_code(code)
    if found is None:
        raise LessonsError(say("No unit is called %(code)s. `lessons unit add %(code)s NAME` makes it.", code=code))
    return found

"""The address in a daily mail at which it is asked to come less often: signed for one person and one mailbox."""

from __future__ import annotations

import hmac
import re
from typing import Any

from sqlmodel import Session

from lessons import db
from lessons.errors import NotFound
from lessons.i18n import say
from lessons.models import Person
from lessons.settings import Settings

PREFIX = "lsnstop_"
PATH = "/mail/stop/"
OF_KINDS = ("digest",)
"""Letters of which fewer can be asked for; what cannot wait is not among them."""
SHAPE = re.compile(rf"{PREFIX}([0-9]{{1,12}})-([0-9a-f]{{64}})")
NOT_GOOD = say("This address is good no more. How often mail comes is chosen on one’s own page.")


def address(settings: Settings, letter: Any) -> str:
    """Where the reader of a letter asks for fewer; "" where none can be asked for."""
    return (
        f"{settings.base_url}{PATH}{token(settings, letter.person_id, letter.to_address)}"
        if letter.kind in OF_KINDS
        else ""
    )


def token(settings: Settings, person_id: int, mailbox: str) -> str:
    """Kept nowhere: it ends with the person, their mailbox or the installation's key."""
    return f"{PREFIX}{person_id}-{_signature(settings, person_id, mailbox)}"


def _signature(settings: Settings, person_id: int, mailbox: str) -> str:
    return hmac.new(settings.secret, f"mail-stop:{person_id}:{mailbox}".encode(), "sha256").hexdigest()


def reader_of(session: Session, given: str) -> Person:
    """Whose mail it is about. Raises NotFound."""
    found = SHAPE.fullmatch(given)
    person = session.get(Person, int(found.group(1))) if found else None
    if found is None or person is None or person.id is None or not person.email or person.closed_at is not None:
        raise NotFound(NOT_GOOD)
    if not hmac.compare_digest(found.group(2), _signature(db.settings(), person.id, person.email)):
        raise NotFound(NOT_GOOD)
    return person

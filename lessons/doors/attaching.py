"""Files of a record: several added at once, words put under them, taken out of a debrief that is investigated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from lessons.access import Actor
from lessons.doors.around import record_of
from lessons.doors.files import Sent, put
from lessons.errors import NotAllowed
from lessons.i18n import language_of, say
from lessons.models import Attachment
from lessons.steps import ready, take

# whoever may write here may attach here; of a briefing and a conclusion the words are enough
ATTACHED_BY = {"debriefs": "edit", "lessons": "edit", "actions": "add_evidence", "procedures": "edit",
               "revisions": "edit", "verifications": "edit"}  # fmt: skip
STAYS = say("This file stays: only files of a debrief are taken out, while it is investigated.")


def may_attach(session: Session, row: Any, *, by: Actor, at: datetime, version: int | None = None) -> None:
    """Before a file is looked at. Raises Forbidden, Stale, NotAllowed."""
    ready(session, row, ATTACHED_BY[row.noun], by=by, at=at, version=version)


def attach(
    session: Session, row: Any, sent: Sequence[Sent], *, by: Actor, at: datetime, caption: str = ""
) -> list[Attachment]:
    """All of them or none, as one event; their bytes are on disk before the rows. Raises Invalid."""
    made = put(session, row, sent, by=by, at=at, caption=caption)
    told = [{"id": one.pid, "media_type": one.media_type, "size": one.size} for one in made]
    take(session, row, ATTACHED_BY[row.noun], by=by, at=at, told={**_what("added"), "files": told},
         private=_which(made), after=lambda: session.add_all(made))  # fmt: skip
    session.flush()
    return made


def put_words(session: Session, kept: Attachment, caption: str, *, by: Actor, at: datetime) -> None:
    """What stands under a file."""
    row = record_of(session, kept)

    def changed() -> None:
        kept.caption, kept.lang = caption, language_of(caption or kept.name)
        session.add(kept)

    told = {**_what("changed"), "id": kept.pid, "fields": ["caption"]}
    take(session, row, ATTACHED_BY[row.noun], by=by, at=at, told=told, private=_which([kept]), after=changed)


def remove(session: Session, kept: Attachment, *, by: Actor, at: datetime) -> None:
    """The row goes now, its bytes with the next sweep. Raises Forbidden, NotAllowed."""
    row = record_of(session, kept)
    may_attach(session, row, by=by, at=at)
    if row.noun != "debriefs":
        raise NotAllowed(STAYS, row.state.value, "remove")
    told = {**_what("removed"), "id": kept.pid}
    take(session, row, "edit", by=by, at=at, told=told, private=_which([kept]), after=lambda: session.delete(kept))


def _what(happened: str) -> dict[str, str]:
    return {"part": "attachments", "what": happened}


def _which(kept: Sequence[Attachment]) -> dict[str, Any]:
    """What a file is called is free text; with its hash the history tells whether it is still the same."""
    return {"files": [{"name": one.name, "sha256": one.sha256} for one in kept]}

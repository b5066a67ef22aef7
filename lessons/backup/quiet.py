"""After a restore nobody hears twice: whatever waited then may have left since, and what came due since was told."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from lessons.duties import signs
from lessons.duties.sweep import sweep
from lessons.post import notices, outbox, webhooks

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Held:
    """How many letters and calls to other systems are held, and how many notices are told on the screen alone."""

    letters: int
    calls: int
    notices: int


def hold(session: Session, *, at: datetime) -> Held:
    """Reminders that came due since the backup are noted, and then told on the screen alone. By a clock in doubt none
    is noted: what is done too early cannot be taken back."""
    if not signs.is_in_doubt(signs.seen(session), at=at):
        _remind(session, at)
    while webhooks.collect(session, at=at):
        pass
    return Held(outbox.hold(session), webhooks.hold(session), notices.hold(session, at=at))


def _remind(session: Session, at: datetime) -> None:
    """A duty that cannot be reckoned keeps nobody from restoring: the worker sets it aside."""
    try:
        with session.begin_nested():
            while sweep(session, at=at):
                pass
    except Exception:
        log.exception("reminders since the backup could not be noted; the worker tells them")

"""What a kind of long work is: who does it, what it makes, and who may have that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel import Session

from lessons.access import Actor
from lessons.i18n import Sentence
from lessons.models import Job

if TYPE_CHECKING:
    from lessons.jobs.running import Progress


@dataclass(frozen=True)
class Made:
    """What came of a job: one sentence, and a file where there is one. `holds` names what the file is made of, as
    `may_fetch` will want to know; it is kept with what was asked."""

    told: Sentence
    data: bytes = b""
    name: str = ""
    media_type: str = ""
    holds: tuple[str, ...] = ()


def _theirs(_session: Session, _job: Job, _by: Actor, _at: datetime) -> bool:
    return True


@dataclass(frozen=True)
class Kind:
    """`does` works on a job in transactions of its own, tells its Progress how far it is and lets what that raises
    pass. What it did before it was killed it may find done: `job.done` says how far it came. `may_fetch` is asked each
    time: whether its person may still see all that the file holds."""

    does: Callable[[Job, Progress], Made]
    may_fetch: Callable[[Session, Job, Actor, datetime], bool] = _theirs

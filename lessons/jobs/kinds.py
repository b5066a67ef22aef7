"""What a kind of long work is: who does it, what it makes, and who may have that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from sqlmodel import Session

from lessons.access import Actor
from lessons.i18n import Sentence
from lessons.jobs import held
from lessons.models import Job

if TYPE_CHECKING:
    from lessons.jobs.running import Progress


@dataclass(frozen=True)
class Made:
    """What came of a job: one sentence, and a file where there is one, which is closed by whoever keeps it. `holds`
    names what the file is made of (lessons/jobs/held.py); it is kept with what was asked."""

    told: Sentence
    file: BinaryIO | None = None
    name: str = ""
    media_type: str = ""
    holds: tuple[str, ...] = ()


def is_seen(session: Session, job: Job, by: Actor) -> bool:
    """Whether its person may still see all that the file holds."""
    names: Any = job.asked.get("holds") or []
    return held.is_seen(session, names, by)


@dataclass(frozen=True)
class Kind:
    """`does` works on a job in transactions of its own, tells its Progress how far it is and lets what that raises
    pass. What it did before it was killed it may find done: `job.done` says how far it came. `may_fetch` is asked each
    time."""

    does: Callable[[Job, Progress], Made]
    may_fetch: Callable[[Session, Job, Actor], bool] = is_seen

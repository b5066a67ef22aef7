"""THE table of long work: what the worker does for people as a job, by its kind (`lessons/jobs/`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from lessons.doors import bundle
from lessons.intake import long
from lessons.jobs import running
from lessons.jobs.kinds import Kind
from lessons.people import own_data
from lessons.repository import deck

KINDS: dict[str, Kind] = {
    **long.KINDS,
    deck.KIND: Kind(deck.make),
    bundle.BUNDLE: Kind(bundle.make),
    own_data.KIND: Kind(own_data.make, own_data.may_fetch),
}


def long_work(now: Callable[[], datetime]) -> int:
    """What people asked for and wait for, one a tick; how many were done."""
    return running.work(KINDS, now=now)

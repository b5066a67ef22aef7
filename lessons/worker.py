"""THE schedule: what the worker does and how often. Work comes from claims on rows, so any number of workers may run.

Jobs tick by interval and never by the wall clock: what is due at which hour is written in rows and calendars.
"""

from __future__ import annotations

import importlib
import logging
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import datetime
from functools import partial, wraps
from itertools import islice
from typing import Any

from lessons import clock, db
from lessons.duties import aside, signs
from lessons.duties.counsel import COUNSEL
from lessons.duties.digest import digests, tell_on_screen, whose_time_it_is
from lessons.duties.urgent import urgent_letters, who_is_told_now
from lessons.errors import Forbidden, Unavailable
from lessons.i18n import say
from lessons.jobs import operations as jobs
from lessons.jobs.running import STOPPING
from lessons.long_work import long_work
from lessons.models import Seal
from lessons.post import outbox, webhooks
from lessons.post.channels.smtp import Smtp
from lessons.post.channels.webhook import Caller
from lessons.search import embedder, embedding, kinds, pgvector
from lessons.settings import Settings
from lessons.steps import reckoned, seals

log = logging.getLogger(__name__)
Now = Callable[[], datetime]
Job = Callable[[Now], int]
ROOMS = ("people", "repository", "actions", "procedures", "briefings", "verifications", "cases", "news")
MISFIRE_SECONDS = 3600
AWAKE_EVERY_SECONDS = 0.5
MOST_ROUNDS = 100_000
BUSY_ROUNDS = 12
"""Rounds in a row in which others wrote all the time: each waited for ten seconds."""
MOST_AT_A_TICK = 20
"""Batches of what is slow in one tick; a worker that is told to stop ends within seconds."""
IN_DOUBT = say(
    "The clock of this machine is far from when the worker last worked, and what is done too early cannot be taken "
    "back. Where it is right, an administrator says so on the page /admin/health; else the clock has to be put right."
)


# ── jobs: each does what is due and says how much that was ───────────────────────────────────────────────────────────
def system_steps(now: Now) -> int:
    """What falls due in the rooms by itself; a room that fails does not keep the others from their turn."""
    done, faults = each(partial(drained, fall_due, now) for fall_due in rooms_due())
    if faults:
        raise faults[0]
    return done


def reminders(now: Now) -> int:
    done, faults = aside.reminded(now)
    if faults:
        raise faults[0]
    return done


def letters(now: Now) -> int:
    """Urgent letters, then the mails of the day."""
    with db.transaction() as session:
        on_screen = tell_on_screen(session, at=now())
    urgent, faults = aside.written(who_is_told_now, urgent_letters, now())
    daily, more = aside.written(whose_time_it_is, digests, now())
    if faults or more:
        raise [*faults, *more][0]
    return on_screen + urgent + daily


def delivery(now: Now) -> int:
    """Nothing leaves without a mail server, and nothing leaves a demo."""
    if outbox.kept_because(db.settings()):
        return 0
    with closing(Smtp(db.settings())) as channel:
        return outbox.deliver(channel, now=now, asks=COUNSEL)


def numbers(now: Now) -> int:
    """What is still to come is reckoned anew where another policy file or other holidays hold than before."""
    with db.reading() as session:
        if not reckoned.is_news(session):
            return 0
        units = reckoned.outdated(session)
    moved = 0
    for unit_id in units:
        with db.transaction() as session:
            moved += len(reckoned.reckon(session, [unit_id], at=now()))
    with db.transaction() as session:
        reckoned.note(session, at=now())
    return moved


def outside(now: Now) -> int:
    """Other systems are told what happened to records; nothing leaves a demo."""
    if db.settings().demo:
        return 0
    return drained(webhooks.collect, now) + webhooks.deliver(Caller(db.settings(), webhooks.hook_of), now=now)


def meanings(_: Now) -> int:
    """What was written lately is found by its meaning too. Where the embedder does not answer it is tried again."""
    chosen = embedder.of(db.settings())
    if chosen is None:
        return 0
    in_turn = {"reading": db.reading, "transaction": db.transaction}
    try:
        return some_of(partial(embedding.embed, chosen, **in_turn)) + some_of(
            partial(pgvector.follow, chosen.name, **in_turn)
        )
    except embedder.Unreachable as error:
        log.warning("meaning waits: the embedder does not answer (%s)", error)
        return 0


def likenesses(now: Now) -> int:
    """Cases that are new are compared with the lessons, outside of any write."""
    from lessons.cases import due

    return some_of(lambda: due.look(reading=db.reading, transaction=db.transaction, at=now()))


def left_out(now: Now) -> int:
    """What an earlier version left out of the index is found too: by its letters, or at all; then nothing is left."""
    from lessons.doors.kinds import SEARCHED

    with db.reading() as session:
        behind = kinds.is_behind(session, SEARCHED)
    return drained(lambda session, **_: kinds.catch_up(session, SEARCHED), now) if behind else 0


def leftovers(_: Now) -> int:
    """Files of forms that were refused, calls and what was made a month ago, and what is not kept about people any
    longer. By the machine's own time: a rehearsal's moves no file's."""
    from lessons.doors import files
    from lessons.people import ending

    with db.transaction() as session:
        forgotten = webhooks.forget_old(session, at=clock.now()) + embedding.forget(session)
        forgotten += jobs.forget_old(session, at=clock.now())
    forgotten += drained(ending.fall_due, clock.now)
    with db.reading() as session:
        return forgotten + files.sweep(session) + jobs.sweep(session)


def sealing(now: Now) -> int:
    """Days that are over are sealed, also those that were missed; what the log says is kept elsewhere as the log is.
    Of many days the last is said: its seal is over all that was before it."""
    done, last = 0, None
    while made := _sealed(now()):
        done, last = done + len(made), made[-1]
    if last is not None:
        days = f"{done} days up to {last.day}" if done > 1 else last.day
        log.info("sealed %s: %d events up to %d, seal %s", days, last.events, last.last_id, last.root)
    return done


def _sealed(at: datetime) -> list[Seal]:
    with db.transaction() as session:
        return seals.seal(session, at=at)


SCHEDULE: tuple[tuple[int, Job], ...] = (  # every so many seconds, in the order of --once
    (3600, numbers),
    (60, system_steps),
    (60, reminders),
    (60, letters),
    (15, delivery),
    (15, outside),
    (5, meanings),
    (5, likenesses),
    (2, long_work),
    (600, sealing),
    (3600, left_out),
    (3600, leftovers),
)


def drained(work: Callable[..., int], now: Now) -> int:
    """Run one transaction's worth after the other until nothing is left."""
    done = 0
    for _ in range(MOST_ROUNDS):
        with db.transaction() as session:
            some = work(session, at=now())
        if not some:
            return done
        done += some
    raise RuntimeError(f"{work.__module__}.{work.__name__} always finds more to do")


def some_of(work: Callable[[], int]) -> int:
    """Work in batches until nothing is left, or it is enough for one tick."""
    return sum(islice(iter(work, 0), MOST_AT_A_TICK))


def rooms_due() -> list[Callable[..., int]]:
    """`fall_due` of every room that has one; loaded when the worker works, not when it is asked for its name."""
    return [importlib.import_module(f"lessons.{room}.due").fall_due for room in ROOMS]


# ── running ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def once(settings: Settings, at: datetime | None = None) -> int:
    """Everything due at that moment, until nothing is left that can be claimed; returns how much was done.
    Killed or run twice it is harmless. Raises Forbidden where the time may not be set, Unavailable where the clock is
    in doubt, and what a job raised – after the other jobs had their turn. A rehearsal leaves no sign of life."""
    if at is not None and not settings.allow_clock:
        raise Forbidden(say("The time can be set for a rehearsal only, where LESSONS_ALLOW_CLOCK is 1."))
    ready(settings)
    now: Now = clock.now if at is None else lambda: at
    if at is None and not is_believed(clock.now()):
        raise Unavailable(IN_DOUBT)
    done = waited = 0
    while True:
        some, faults = _one_round(now, sign=at is None)
        done, waited = done + some, waited + 1 if faults else 0
        if waited > BUSY_ROUNDS or not all(map(_waits, faults)):
            raise faults[0]
        if not some and not faults:
            return done


def _waits(fault: Exception) -> bool:
    """Whether others wrote for so long that it had to give way: the next round does it."""
    return isinstance(fault, Unavailable) and fault.message is db.BUSY


def _one_round(now: Now, *, sign: bool) -> tuple[int, list[Exception]]:
    return each(partial(signed(job) if sign else job, now) for _, job in SCHEDULE)


def is_believed(at: datetime) -> bool:
    """Whether the worker works by that clock; where it does not, the log says what helps."""
    with db.reading() as session:
        in_doubt = signs.is_in_doubt(signs.seen(session), at=at)
    if in_doubt:
        log.warning("nothing is done: %s", IN_DOUBT.in_("en"))
    return not in_doubt


def signed(job: Job) -> Job:
    """The job, leaving a sign that it worked or did not."""

    @wraps(job)
    def work(now: Now) -> int:
        try:
            done = job(now)
        except Exception:
            signs.leave(job.__name__, worked=False, at=now())
            raise
        signs.leave(job.__name__, worked=True, at=now())
        return done

    return work


def each(work: Iterable[partial[int]]) -> tuple[int, list[Exception]]:
    """Do one after the other, whatever becomes of the one before; how much was done, and what went wrong."""
    done = 0
    faults: list[Exception] = []
    for some in work:
        try:
            done += some()
        except Exception as fault:
            if _waits(fault):
                log.warning("%s waits: %s", some.func.__name__, fault)
            else:
                log.exception("%s failed", some.func.__name__)
            faults.append(fault)
    return done, faults


def run(settings: Settings) -> None:
    """Work until told to stop by SIGTERM or SIGINT; what was begun is finished, long work to its next step."""
    ready(settings)
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: asked.append(number))
    scheduler = scheduled()
    scheduler.start()
    log.info("the worker runs")
    while not asked:  # a signal that comes just before a wait without end would wake nobody
        time.sleep(AWAKE_EVERY_SECONDS)
    STOPPING.set()
    scheduler.shutdown(wait=True)
    log.info("the worker stopped")


def scheduled() -> Any:
    """The schedule, not yet started. A job that is still at work, or whose time passed while the machine slept, is
    run once and not again for each time that was missed."""
    from apscheduler.executors.pool import ThreadPoolExecutor
    from apscheduler.schedulers.background import BackgroundScheduler

    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)  # that a job is still at work is no news
    scheduler = BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(len(SCHEDULE))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": MISFIRE_SECONDS},
        timezone="UTC",
    )
    for seconds, job in SCHEDULE:
        scheduler.add_job(_ticked, "interval", [job], seconds=seconds, id=job.__name__, next_run_time=clock.now())
    return scheduler


def _ticked(job: Job) -> None:
    try:
        if is_believed(clock.now()):
            signed(job)(clock.now)
    except Exception:
        # a full disk, a lost database: the next tick tries again, and the other jobs go on
        log.exception("%s failed; it is tried again", job.__name__)


def ready(settings: Settings) -> None:
    """Start on the settings' database, where the process has not."""
    try:
        same = db.settings() == settings
    except RuntimeError:
        same = False
    if not same:
        db.start(settings)

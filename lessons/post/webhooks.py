"""What other systems are told: each event becomes one call to each address that asked for its kind.

The history is the outbox: an event is written in the transaction of its step, and a step costs nothing more for being
told. Calls are claimed, put off and marked as letters are; a repeat carries the same webhook-id.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from lessons import db
from lessons.models import Event, Webhook, WebhookCall
from lessons.models.base import random_id
from lessons.post import happened
from lessons.post.channels import AddressRefused, Channel, Deferred, Refused, Unreachable
from lessons.post.queue import BACK_OFF_MINUTES, Queue, next_try
from lessons.workflow.states import LetterState

log = logging.getLogger(__name__)
TABLE = WebhookCall.__table__
QUEUE = Queue(TABLE)
TOGETHER = 200
KEPT = timedelta(days=30)
MOST_TRIES = len(BACK_OFF_MINUTES)
TEST = "test"
# why a call or an address stands still, as kept in the row
PAUSED, ENDED = "paused", "ended"
REFUSED, SILENT, LEFT = "refused", "silent", "gone"
TAKEN, HELD = "taken", "held by a restore"
MOST_KEPT = 20
UNDER_WAY = (LetterState.WAITING, LetterState.SENDING)
OPEN = (Webhook.ended_at.is_(None), Webhook.paused_at.is_(None))
INSERT = {
    True: sqlite.insert(TABLE).on_conflict_do_nothing(index_elements=["webhook_id", "event_id"]),
    False: postgresql.insert(TABLE).on_conflict_do_nothing(index_elements=["webhook_id", "event_id"]),
}


# ── from events to calls ─────────────────────────────────────────────────────────────────────────────────────────────
def collect(session: Session, *, at: datetime) -> int:
    """Make calls of what happened since, for the first address that is behind; how many events were looked at."""
    hooks = sa.select(Webhook).where(*OPEN).order_by(Webhook.id).with_for_update(skip_locked=True)
    for hook in session.scalars(hooks).all():
        events = happened.after(session, (hook.last_tx, hook.last_id), limit=TOGETHER)
        calls = [
            _call(hook, f"{one.noun}.{one.trigger}", _told(one), at, one) for one in events if one.noun in hook.nouns
        ]
        if calls:
            session.execute(INSERT[db.is_sqlite(session)], calls)
        if events:
            hook.last_tx, hook.last_id = events[-1].tx, events[-1].id or 0
            session.add(hook)
            return len(events)
    return 0


def _told(event: Event) -> dict[str, Any]:
    """Which record, which step, and where it stands now: no words that people wrote, and nobody's name."""
    link = f"{db.settings().base_url}/api/v1/{event.noun}/{event.code}"
    return {
        "noun": event.noun, "code": event.code, "n": event.n, "trigger": event.trigger, "from": event.from_state,
        "to": event.to_state, "links": {"item": link},
    }  # fmt: skip


def _call(
    hook: Webhook, kind: str, data: Mapping[str, Any], at: datetime, event: Event | None = None
) -> dict[str, Any]:
    said_at = (event.at if event else at).astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "pid": random_id(20), "webhook_id": hook.id, "event_id": event.id if event else None, "kind": kind,
        "code": data.get("code", ""), "body": json.dumps({"type": kind, "timestamp": said_at, "data": data}),
        "state": LetterState.WAITING, "why": "", "tries": [], "attempts": 0, "next_at": at, "fence": 0,
        "created_at": at,
    }  # fmt: skip


def put_test(session: Session, hook: Webhook, *, at: datetime) -> None:
    """A call that tells of nothing: whether an address takes calls is seen in its log."""
    session.execute(sa.insert(TABLE), _call(hook, TEST, {}, at))


def forget_old(session: Session, *, at: datetime) -> int:
    """What was settled a month ago; what still waits stays."""
    old = sa.delete(TABLE).where(TABLE.c.created_at < at - KEPT, TABLE.c.state.not_in(UNDER_WAY))
    return int(session.execute(old).rowcount)


# ── calling ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def deliver(channel: Channel, *, now: Callable[[], datetime], most: int = 1000) -> int:
    """Make the calls that are due, one at a time, until none is left or `most` were tried. Returns how many left the
    queue, for good or ill. Where one address is silent, the others are called all the same."""
    settled = 0
    for _ in range(most):
        call, dropped = _next(now())
        settled += dropped
        if call is None:
            break
        settled += _send(channel, call, now)
    return settled


def hook_of(call: Any) -> Webhook:
    with db.reading() as session:
        return session.get_one(Webhook, call.webhook_id)


def claim(at: datetime) -> Any | None:
    """The next call that is due, taken for a minute."""
    return _next(at)[0]


def _next(at: datetime) -> tuple[Any | None, int]:
    """The same, and how many left the queue because their address was paused or taken away."""
    dropped = 0
    while True:
        with db.transaction() as session:
            call = QUEUE.due(session, at)
            if call is None:
                return None, dropped
            hook = session.get_one(Webhook, call.webhook_id)
            if hook.ended_at is None and hook.paused_at is None:
                return QUEUE.taken(session, call, at), dropped
            why = ENDED if hook.ended_at else PAUSED
            dropped += QUEUE.set(session, call, state=LetterState.DROPPED, why=why, lease_until=None)


def _send(channel: Channel, call: Any, now: Callable[[], datetime]) -> bool:
    try:
        channel.send(call, at=now(), ours=lambda: QUEUE.is_ours(call, now()))
    except Refused as error:
        return _give_up(call, REFUSED if isinstance(error, AddressRefused) else LEFT, str(error), now())
    except (Deferred, Unreachable) as error:
        if call.attempts >= MOST_TRIES:
            return _give_up(call, SILENT, str(error), now())
        _put_off(call, error, now())
        return False
    sent = {"state": LetterState.SENT, "why": "", "sent_at": now(), "lease_until": None}
    return QUEUE.mark(call, **sent, tries=_tried(call, TAKEN, now()))


def _give_up(call: Any, why: str, says: str, at: datetime) -> bool:
    """The call stays, with what came back; its address is told nothing more until somebody has looked."""
    failed = {"state": LetterState.FAILED, "why": f"{why}: {says}"[:300], "lease_until": None}
    with db.transaction() as session:
        if not QUEUE.set(session, call, only_at_work=True, **failed, tries=_tried(call, says, at)):
            return False
        paused = sa.update(Webhook).where(Webhook.id == call.webhook_id, Webhook.paused_at.is_(None))
        session.execute(paused.values(paused_at=at, paused_why=f"{why}: {says}"[:300]))
    log.warning("webhook call %s failed, its address is paused: %s", call.pid, says)
    return True


def _put_off(call: Any, error: Exception, at: datetime) -> None:
    """Where nobody answers at all, the other calls to that address wait as long."""
    again = next_try(call.attempts, at)
    waits = {"state": LetterState.WAITING, "next_at": again, "lease_until": None, "why": str(error)[:300]}
    with db.transaction() as session:
        QUEUE.set(session, call, only_at_work=True, **waits, tries=_tried(call, str(error), at))
        if isinstance(error, Unreachable):
            others = (TABLE.c.webhook_id == call.webhook_id, TABLE.c.state == LetterState.WAITING)
            session.execute(sa.update(TABLE).where(QUEUE.waits, *others, TABLE.c.next_at < again).values(next_at=again))


def _tried(call: Any, says: str, at: datetime) -> list[dict[str, Any]]:
    return [*call.tries, {"at": at.isoformat(), "says": says[:200]}][-MOST_KEPT:]


def try_again(session: Session, call: WebhookCall, *, at: datetime) -> bool:
    """Make a settled call once more, under the same name."""
    again = {"state": LetterState.WAITING, "next_at": at, "attempts": 0, "why": ""}
    row = sa.update(TABLE).where(TABLE.c.id == call.id, TABLE.c.state.not_in(UNDER_WAY))
    return bool(session.execute(row.values(**again)).rowcount)


def hold(session: Session) -> int:
    """Whatever waits may have been called before a restore: it stays until somebody calls again; how many."""
    held = sa.update(TABLE).where(QUEUE.waits).values(state=LetterState.DROPPED, why=HELD, lease_until=None)
    return int(session.execute(held).rowcount)


def resume(session: Session, hook: Webhook, *, at: datetime) -> None:
    """Go on where it was paused: with what waited then, and with all that happened meanwhile."""
    hook.paused_at, hook.paused_why = None, ""
    session.add(hook)
    left = (TABLE.c.webhook_id == hook.id, TABLE.c.state == LetterState.DROPPED, TABLE.c.why == PAUSED)
    session.execute(sa.update(TABLE).where(*left).values(state=LetterState.WAITING, next_at=at, attempts=0, why=""))

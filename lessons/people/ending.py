"""What is kept about people ends: once it has served, and the days of the policy's section `kept` are over."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.models import (
    Absence,
    Attempt,
    Authenticator,
    DeskVisit,
    Duty,
    Feed,
    HalfSignIn,
    Invitation,
    Job,
    Letter,
    Missed,
    Notice,
    Presence,
    RecoveryCode,
    SignIn,
    Token,
)
from lessons.people import presence
from lessons.workflow.policy import Policy
from lessons.workflow.states import LetterState

log = logging.getLogger(__name__)
TOGETHER = 500
AN_HOUR = timedelta(hours=1)
UNDER_WAY = (LetterState.WAITING, LetterState.SENDING)


@dataclass(frozen=True)
class Ends:
    """Rows of a table that have served: `where` is true of them."""

    model: Any
    where: tuple[Any, ...]


def ends(policy: Policy, at: datetime) -> Iterator[Ends]:
    """Every table of which something ends by itself here, and what of it has ended by that moment."""
    kept = policy.kept
    sign_ins, keys = at - timedelta(days=kept.sign_ins), at - timedelta(days=kept.keys)
    told, written = at - timedelta(days=kept.notices), at - timedelta(days=kept.letters)
    looked = at - timedelta(days=kept.searches)
    yield Ends(Attempt, (Attempt.window < int((at - AN_HOUR).timestamp()),))
    yield Ends(HalfSignIn, (HalfSignIn.expires_at <= at,))
    yield Ends(Presence, (Presence.at < at - presence.SILENT,))
    yield Ends(SignIn, (SignIn.created_at < sign_ins,))  # none lasts as long as the fewest days that may be chosen
    yield Ends(DeskVisit, (DeskVisit.seen_at < sign_ins,))
    yield Ends(Invitation, (Invitation.expires_at < keys,))
    yield Ends(RecoveryCode, (RecoveryCode.used_at < keys,))
    yield Ends(Authenticator, (Authenticator.ended_at < keys,))
    yield Ends(Token, (sa.or_(Token.ended_at < keys, Token.expires_at < keys),))
    yield Ends(Feed, (Feed.ended_at < keys,))
    yield Ends(Absence, (Absence.until_on < told.date(),))
    yield Ends(Missed, (Missed.last_on < looked.date(),))
    yield Ends(Job, (Job.ended_at < told,))
    # what was told of an open duty is what keeps it from being told twice
    closed = sa.select(Duty.id).where(Duty.closed_at.is_not(None))
    yield Ends(Notice, (Notice.at < told, Notice.told_at.is_not(None),
                        sa.or_(Notice.duty_id.is_(None), Notice.duty_id.in_(closed))))  # fmt: skip
    yield Ends(Letter, (Letter.created_at < written, Letter.state.not_in(UNDER_WAY)))


def fall_due(session: Session, *, at: datetime, limit: int = TOGETHER) -> int:
    """Delete what ended of the first table that has any, a batch; how many rows. The log tells of which and how many,
    and of nobody."""
    for one in ends(Policy.load(db.settings().policy), at):
        if gone := _delete(session, one, limit):
            log.info("%s rows of %s were deleted: their time is over", gone, one.model.__tablename__)
            return gone
    return 0


def _delete(session: Session, one: Ends, limit: int) -> int:
    keys = sa.inspect(one.model).primary_key
    rows = session.execute(sa.select(*keys).where(*one.where).limit(limit).with_for_update(skip_locked=True)).all()
    if not rows:
        return 0
    if one.model is Letter:
        named = Notice.letter_id.in_([row[0] for row in rows])
        session.execute(sa.update(Notice).where(named).values(letter_id=None))
    these = sa.tuple_(*keys).in_([tuple(row) for row in rows])
    return int(session.execute(sa.delete(one.model).where(these)).rowcount)

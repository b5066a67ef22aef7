"""What administrators do with the addresses that are told what happens: add one, try it, go on, take it away."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access import Actor
from lessons.access.actor import check_over_all
from lessons.errors import FieldError, Invalid, NotAllowed, NotFound
from lessons.i18n import Sentence, say
from lessons.models import RECORDS, Webhook, WebhookCall
from lessons.models.base import random_id
from lessons.post import happened, webhooks
from lessons.post.channels import addresses
from lessons.post.channels.webhook import secret_of

NOT_YOURS = say("What leaves the organisation is for whoever administers all of it.")
NOT_THERE = say("There is no such address.")
CALLS = 50
WHYS: dict[str, Sentence] = {
    addresses.UNCLEAR: say("An address such as https://example.org/lessons is needed."),
    addresses.INSIDE: say("This address lies inside a network. Whoever keeps the machine can open it to webhooks."),
    addresses.NOT_FOUND: say("No such host is found."),
    addresses.OPEN_TEXT: say("What is told has to travel encrypted: the address begins with https."),
}
UNKNOWN_HOST = WHYS[addresses.NOT_FOUND]


def check(session: Session, by: Actor) -> None:
    """Raises Forbidden for whoever administers a part alone: calls tell of all units."""
    check_over_all(session, by, "admin", refusal=NOT_YOURS)


def judged(url: str) -> str:
    """The address as it will be kept. Raises Invalid where it would not be called. Before any transaction: a name is
    looked up."""
    try:
        addresses.target(url, allow=db.settings().webhook_allow)
    except addresses.NotAllowed as error:
        raise _wrong(WHYS[str(error)]) from error
    except OSError as error:
        raise _wrong(UNKNOWN_HOST) from error
    return url


def _wrong(sentence: Sentence) -> Invalid:
    return Invalid(say("This could not be taken"), [FieldError("/url", "address", sentence)])


def add(session: Session, url: str, nouns: Collection[str], *, by: Actor, at: datetime) -> Webhook:
    """From now on it is told what happens to these records. Raises Forbidden, Invalid."""
    check(session, by)
    wanted = [noun for noun in RECORDS if noun in nouns]
    if not wanted:
        sentence = say("At least one kind of record is needed.")
        raise Invalid(sentence, [FieldError("/nouns", "required", sentence)])
    last_tx, last_id = happened.latest(session)
    made = Webhook(
        pid=random_id(), url=url, nouns=wanted, salt=secrets.token_urlsafe(24), last_tx=last_tx, last_id=last_id,
        created_at=at,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def secret(hook: Webhook) -> str:
    return secret_of(db.settings(), hook)


def renew(session: Session, hook: Webhook) -> None:
    """Another secret signs from now on."""
    hook.salt = secrets.token_urlsafe(24)
    session.add(hook)


def end(session: Session, hook: Webhook, *, at: datetime) -> None:
    """It is told nothing more; what still waits is dropped."""
    hook.ended_at = at
    session.add(hook)


def pause(session: Session, hook: Webhook, *, at: datetime) -> None:
    hook.paused_at, hook.paused_why = at, ""
    session.add(hook)


def again(session: Session, hook: Webhook, pid: str, *, at: datetime) -> None:
    """Make one call once more. Raises NotFound, NotAllowed while it is under way."""
    call = session.scalars(sa.select(WebhookCall).where(WebhookCall.pid == pid, WebhookCall.webhook_id == hook.id))
    found = call.first()
    if found is None:
        raise NotFound(NOT_THERE)
    if not webhooks.try_again(session, found, at=at):
        raise NotAllowed(say("This call is under way."))


# ── reads ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def hooks(session: Session, *, by: Actor) -> Sequence[Webhook]:
    check(session, by)
    return session.scalars(sa.select(Webhook).where(Webhook.ended_at.is_(None)).order_by(Webhook.id)).all()


def hook(session: Session, pid: str, *, by: Actor) -> Webhook:
    """Raises Forbidden, NotFound."""
    check(session, by)
    found = session.scalars(sa.select(Webhook).where(Webhook.pid == pid[:24], Webhook.ended_at.is_(None))).first()
    if found is None:
        raise NotFound(NOT_THERE)
    return found


def calls(session: Session, hook: Webhook) -> Sequence[WebhookCall]:
    """The latest."""
    mine = sa.select(WebhookCall).where(WebhookCall.webhook_id == hook.id)
    return session.scalars(mine.order_by(WebhookCall.id.desc()).limit(CALLS)).all()

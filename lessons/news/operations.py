"""What people do with news: publish, report an offer and see it too, correct, withdraw, read, remind the rest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from lessons import db
from lessons.access import SYSTEM, Actor, tree
from lessons.access.audience import plain_audience
from lessons.access.refs import invalid
from lessons.errors import FieldError, Forbidden, NotAllowed
from lessons.i18n import language_of, say
from lessons.models import News, NewsReading
from lessons.news import found
from lessons.repository import briefed
from lessons.steps import amend, make, take
from lessons.workflow.news import EDITORS
from lessons.workflow.states import NewsKind, NewsState

TEXTS = ("title", "body", "seen_where", "our_answer")
"""What readers see: a change of it is a new edition."""
ALSO = ("urgent", "topic", "valid_from", "valid_until")
OFFER_DAYS, MOST_DAYS = 14, 366
NOT_YOURS = say("News is published by editors, by the lessons manager, or by the unit's manager.")
OVER = say("This news is not on the desk any more, so there is nothing left to confirm.")


# ── it begins ────────────────────────────────────────────────────────────────────────────────────────────────────────
def publish(session: Session, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> News:
    """Tell what is new. An offer that is not an editor's own is reported: it is live once a second person confirms it.
    Raises Forbidden, Invalid."""
    unit_id = asked["unit"].id if asked.get("unit") else by.person.unit_id if by.person else None
    if unit_id is None:
        raise invalid([FieldError("/unit", "missing", say("Which unit is it for?"))])
    kind = asked.get("kind") or NewsKind.NEWS
    edits = bool(by.units_of(*EDITORS) & set(tree(session).above[unit_id]))
    if not edits and (kind != NewsKind.OFFER or asked.get("urgent")):
        raise Forbidden(NOT_YOURS)
    since = asked.get("valid_from") or at
    until = asked.get("valid_until") or (since + timedelta(days=OFFER_DAYS) if kind == NewsKind.OFFER else None)
    _check_time(since, until, at)
    news = News(
        state=NewsState.LIVE if edits else NewsState.REPORTED, kind=kind, unit_id=unit_id, author_id=by.id,
        lang=language_of(asked["title"]), audience=briefed.whole(session, asked.get("audience") or {}, unit_id),
        **_texts(asked) | {"valid_from": since, "valid_until": until},
    )  # fmt: skip
    told = {"kind": kind, "urgent": news.urgent, "audience": news.audience, "until": until}
    make(session, news, by=by, at=at, trigger="publish" if edits else "report", told=told)
    found.keep(session, news)
    return news


def _check_time(since: datetime, until: datetime | None, at: datetime) -> None:
    if until is None:
        raise invalid(
            [FieldError("/valid_until", "missing", say("Until when is it so? It leaves the desk by itself."))]
        )
    if until <= max(since, at):
        raise invalid([FieldError("/valid_until", "past", say("It has to be after it begins, and after now."))])
    if until > since + timedelta(days=MOST_DAYS):
        year = say("News is for a year at most. What holds for longer belongs into a procedure.")
        raise invalid([FieldError("/valid_until", "far", year)])


def _texts(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {name: asked[name] for name in (*TEXTS, *ALSO) if asked.get(name) not in (None, "")}


def confirm(session: Session, news: News, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """A second person saw the offer too: it is on the desk."""
    take(session, news, "confirm", by=by, at=at, asked=asked, changes={"confirmed_by_id": by.id, "confirmed_at": at})
    found.keep(session, news)


# ── it changes, and ends ─────────────────────────────────────────────────────────────────────────────────────────────
def edit(session: Session, news: News, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Correct it. Other words on the desk are a new edition, which is to be read again."""
    changes = {name: asked[name] for name in (*TEXTS, *ALSO) if asked.get(name) is not None and asked[name] != ""}
    changes |= {name: "" for name in ("body", "topic", "seen_where", "our_answer") if asked.get(name) == ""}
    _check_time(changes.get("valid_from", news.valid_from), changes.get("valid_until", news.valid_until), at)
    if asked.get("audience"):
        changes["audience"] = plain_audience(asked["audience"])
    is_new = any(name in changes and changes[name] != getattr(news, name) for name in TEXTS)
    if is_new and news.state == NewsState.LIVE:
        changes |= {"edition": news.edition + 1, "edition_at": at, "reminded_at": None}
    amend(session, news, by=by, at=at, asked=asked, changes=changes, told={"fields": sorted(asked)})
    found.keep(session, news)
    if is_new and news.state == NewsState.LIVE:
        briefed.ask_again(session, news, by=by, at=at)


def withdraw(session: Session, news: News, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """It leaves the desk, and nobody is asked to read it any more."""
    take(session, news, "withdraw", by=by, at=at, asked=asked, changes={"ended_at": at})
    found.keep(session, news)
    briefed.end_about(session, news, at=at)


def expire(session: Session, news: News, *, at: datetime) -> None:
    take(session, news, "expire", by=SYSTEM, at=at, changes={"ended_at": at})
    found.keep(session, news)
    briefed.end_about(session, news, at=at)


# ── it is read ───────────────────────────────────────────────────────────────────────────────────────────────────────
def acknowledge(session: Session, news: News, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> News:  # noqa: ARG001 - every verb is given its form
    """Read and understood, once an edition. A row of its own and no step: a shift reads at the same minute, and whoever
    corrects the item meanwhile is not told that it changed. Raises Forbidden, NotAllowed."""
    if by.id is None:
        raise Forbidden(say("Reading is confirmed by each person for themself."))
    if news.state != NewsState.LIVE:
        raise NotAllowed(OVER, state=news.state, trigger="acknowledge", open=[])
    values = {"news_id": news.id, "person_id": by.id, "edition": news.edition, "at": at}
    session.execute(db.insert_into(session, NewsReading).values(values).on_conflict_do_nothing())
    return news


def remind(session: Session, news: News, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """It comes up once more on the desks of those who have not read it; nobody is mailed."""
    take(session, news, "remind", by=by, at=at, asked=asked, changes={"reminded_at": at})


VERBS = {
    ("news", "confirm"): confirm,
    ("news", "edit"): edit,
    ("news", "withdraw"): withdraw,
    ("news", "remind"): remind,
}
__all__ = ["VERBS", "acknowledge", "confirm", "edit", "expire", "publish", "remind", "withdraw"]

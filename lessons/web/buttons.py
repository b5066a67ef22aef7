"""The steps of a record as buttons: the same table that the API and the command line answer from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from sqlmodel import Session

from lessons.access import Actor, facts
from lessons.errors import Holder, Unmet
from lessons.i18n import Word, say
from lessons.steps import Offer, can_edit, offers, who_could
from lessons.steps.refusals import holder
from lessons.web.deciding import to_decide
from lessons.web.speech import locale

# The step that moves a record on comes first and is the filled one; what hands it away or ends it comes last.
FIRST = (
    "open", "submit", "issue", "propose", "accept", "answer", "start", "report_done", "confirm", "approve_money",
    "approve", "publish", "conclude", "revalidate", "unblock", "deliver", "assign", "plan", "draft",
)  # fmt: skip
LAST = (
    "hand_over",
    "ask_extension",
    "block",
    "decline",
    "merge",
    "cancel",
    "reject",
    "accept_risk",
    "retire",
    "withdraw",
)

ONE_OF = {"hand_over": "reassign"}
"""A step that needs no button where the other is open: whoever may give an action to somebody else, with another date
too, hands it over by that."""
EDITED = frozenset({"lessons", "actions", "procedures", "verifications", "news"})


def href(row: Any) -> str:
    """The record's own page."""
    return f"/{row.noun}/{row.code}"


def buttons(session: Session, row: Any, *, by: Actor, at: datetime) -> list[dict[str, Any]]:
    """What the person may do with it now; a closed step says what is missing and who could. What is theirs to decide
    comes before everything."""
    found = _told_apart(offers(session, [row], by=by, at=at)[0])
    known = facts(session, [row], by=by, at=at)[0] if any(offer.separated for offer in found) else None
    steps = [_button(session, row, offer, known) for offer in ordered(found)]
    for one in steps[1:]:
        one["primary"] = False  # one filled button a view: the next step
    decide = [{"name": "decide", "open": False, "decide": one} for one in to_decide(session, row, by=by, at=at)]
    there = {each["href"].partition("?")[0] for one in decide for each in one["decide"]["buttons"]}
    steps = [{**one, "again": True} if one["href"] in there else one for one in steps]
    return [*decide, *steps, *_editing(session, row, by=by, at=at)]


def _editing(session: Session, row: Any, *, by: Actor, at: datetime) -> list[dict[str, Any]]:
    """The way to its words, for whoever may change them; debriefs and revisions have theirs beside the text."""
    if row.noun not in EDITED or not can_edit(row, facts(session, [row], by=by, at=at)[0]):
        return []
    label = Word(f"{row.noun}.trigger", "edit").in_(locale())
    return [
        {
            "name": "edit",
            "label": label,
            "open": True,
            "href": f"{href(row)}/edit",
            "primary": False,
            "unmet": [],
            "who": [],
        }
    ]


def _told_apart(found: Sequence[Offer]) -> list[Offer]:
    there = {offer.name for offer in found if offer.open}
    return [offer for offer in found if ONE_OF.get(offer.name) not in there]


def ordered(found: Sequence[Offer]) -> list[Offer]:
    """Open ones first; within them the next step, then the rest as in the table, then the ways out."""

    names = {offer.name for offer in found}

    def rank(offer: Offer) -> tuple[int, int]:
        if offer.name in FIRST and not (offer.name == "assign" and "submit" in names):
            return (not offer.open, FIRST.index(offer.name))
        return (not offer.open, 100 + (LAST.index(offer.name) + 1 if offer.name in LAST else 0))

    return sorted(found, key=rank)


def _button(session: Session, row: Any, offer: Offer, known: Any) -> dict[str, Any]:
    could = who_could(session, row, offer.step, known) if offer.separated and known else []
    return {
        "name": offer.name,
        "label": Word(f"{row.noun}.trigger", offer.name).in_(locale()),
        "open": offer.open,
        "href": f"{href(row)}/{offer.name}",
        "primary": offer.name in FIRST and (row.noun, offer.name) != ("debriefs", "assign"),
        "unmet": [point(row, one) for one in offer.unmet],
        "who": [to_ask(holder(person), row.code) for person in could],
    }


def to_ask(one: Holder, about: str) -> dict[str, str]:
    """Who could do it, and the way to ask them: a mail that names the record. Whoever has no mailbox is named alone."""
    href = f"mailto:{quote(one.mail, safe='@')}?subject={quote(about)}" if one.mail else ""
    return {"name": one.name.in_(locale()), "href": href}


def point(row: Any, unmet: Unmet) -> dict[str, str]:
    """What is missing, and the place on the record's page where it can be met."""
    own = f"{href(row)}/edit" if unmet.place == "edit" else f"{href(row)}#{unmet.place}"
    where = unmet.place if unmet.place.startswith("/") else own
    place = {"href": where, "label": say("To the place").in_(locale())} if unmet.place else {}
    return {"message": unmet.message.in_(locale()), **place}

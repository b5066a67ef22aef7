"""Finishes sentences into what templates lay out: the same on the desk, beside a card and in lists."""

from __future__ import annotations

from typing import Any

from lessons import web
from lessons.access import Actor
from lessons.i18n import Sentence as Said
from lessons.i18n import direction, say, say_n
from lessons.repository.said import as_said
from lessons.sentences.queries import Listed, Voted
from lessons.workflow.states import SentenceState

YOURS_ALONE = say("Your sentence")
YOURS = say_n("Your sentence helped one person", "Your sentence helped %(n)d people")
HELPED = say_n("It helped one person", "It helped %(n)d people")


def row(one: Listed, *, by: Actor) -> dict[str, Any]:
    sentence = one.sentence
    live, mine = sentence.state == SentenceState.LIVE, sentence.author_id == by.id
    return {
        "href": f"/sentences/{sentence.code}",
        "code": sentence.code,
        "text": sentence.text,
        "lang": sentence.lang,
        "dir": direction(sentence.lang),
        "when": sentence.said_when,
        "topic": sentence.topic,
        "unit": web.name_of(one.unit),
        "author": web.name_of(one.author),
        "offered": web.when(sentence.created_at),
        "state": web.state_of(sentence),
        "reason": sentence.reason,
        "live": live,
        "mine": mine,
        "helped": _helped(one.votes, mine=mine) if live else "",
        "voted": one.votes.voted,
        "votes": live and not mine and by.id is not None,
        "copies": [{"text": as_said(sentence.text), "label": say("Copy"), "told": say("Copied.")}] if live else [],
        "card": {"title": one.card.title, "href": f"/desk?card={one.card.code}"} if one.card else None,
    }


def _helped(votes: Voted, *, mine: bool) -> Said | str:
    if not votes.helped:
        return YOURS_ALONE if mine else ""
    return (YOURS if mine else HELPED).with_(n=votes.helped)

"""Shorthand of these tests: Hila tells what is new, Avi what a competitor offers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from lessons.models import News
from lessons.news.operations import VERBS, publish
from lessons.workflow.states import NewsKind
from tests.village import AT, Village

WEEK = AT + timedelta(days=7)
REASON = "התקלה תוקנה מוקדם"


def news_of(village: Village, who: str = "hila", at: datetime = AT, **asked: Any) -> News:
    """For the retention centre, for a week."""
    given = {"title": "תקלה בקליטת ערוצים", "body": "לא פותחים קריאת טכנאי.", "valid_until": WEEK,
             "audience": {"units": [village.units["RET"]], "roles": []}}  # fmt: skip
    return publish(village.session, given | asked, by=village.by(who, at), at=at)


def offer_of(village: Village, who: str = "avi", **asked: Any) -> News:
    given = {"kind": NewsKind.OFFER, "title": "מהירות כפולה ב־89 ₪", "seen_where": "שלושה לקוחות", "valid_until": None}
    return news_of(village, who, **(given | asked))


def do(village: Village, news: News, trigger: str, who: str, at: datetime = AT, **asked: Any) -> None:
    VERBS["news", trigger](village.session, news, asked, by=village.by(who, at), at=at)

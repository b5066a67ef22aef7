"""The life of a news item: live until it is withdrawn or over; an offer that one person saw waits for a second."""

from __future__ import annotations

from typing import Any

from lessons.i18n import say
from lessons.workflow import asks
from lessons.workflow.engine import ANYONE, SYSTEM, Lifecycle, Step, guard
from lessons.workflow.facts import NewsFacts
from lessons.workflow.states import NewsState as S

EDITORS = ("editor", "lessons_manager", "manager")
OPEN = (S.REPORTED, S.LIVE)


@guard(say("Whoever reported the offer has seen it already. It counts once somebody else has seen it too."))
def another_saw_it(news: Any, facts: NewsFacts) -> bool:
    return news.author_id not in facts.acting


STEPS = (
    Step("confirm", (S.REPORTED,), S.LIVE, by=(ANYONE,), needs=(another_saw_it,), asks=asks.Nothing),
    Step("brief", (S.LIVE,), None, by=EDITORS, asks=asks.BriefingTerms, makes="briefings"),
    Step("remind", (S.LIVE,), None, by=EDITORS, asks=asks.Nothing),
    Step("withdraw", OPEN, S.WITHDRAWN, by=(*EDITORS, "author"), asks=asks.WithReason),
    Step("expire", OPEN, S.EXPIRED, by=(SYSTEM,)),
    Step("edit", (S.REPORTED,), None, by=(*EDITORS, "author"), asks=asks.EditNews, quiet=True),
    Step("edit", (S.LIVE,), None, by=EDITORS, asks=asks.EditNews, quiet=True),
)

LIFE = Lifecycle("news", S, STEPS, initial=(S.LIVE, S.REPORTED), live=OPEN)

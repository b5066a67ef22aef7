"""The life of a sentence that works: offered → live → withdrawn; an offer may be declined, and its author hears why."""

from __future__ import annotations

from lessons.workflow import asks
from lessons.workflow.engine import Lifecycle, Step
from lessons.workflow.news import EDITORS
from lessons.workflow.owed import Owes
from lessons.workflow.shared import decision_steps
from lessons.workflow.states import SentenceState as S

STEPS = (
    Step("keep", (S.OFFERED,), S.LIVE, by=EDITORS, asks=asks.KeepSentence),
    Step("decline", (S.OFFERED,), S.DECLINED, by=EDITORS, asks=asks.WithReason),
    Step("withdraw", (S.OFFERED,), S.WITHDRAWN, by=("author",), asks=asks.WithReason),
    Step("withdraw", (S.LIVE,), S.WITHDRAWN, by=(*EDITORS, "author"), asks=asks.WithReason),
    *decision_steps(S.OFFERED),
)
OWES = (Owes("decide_sentence", (S.OFFERED,), to=EDITORS, by=("keep", "decline")),)

LIFE = Lifecycle("sentences", S, STEPS, initial=(S.OFFERED, S.LIVE), live=(S.OFFERED, S.LIVE), owes=OWES)

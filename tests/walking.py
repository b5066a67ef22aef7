"""Whole journeys through the doors: a record of the village in any state of its life, as people brought it there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from lessons import doors
from lessons.models import Action, Debrief, Lesson, Procedure, Verification
from lessons.news import due as news_due
from lessons.repository import due as lessons_due
from lessons.verifications import due as verifications_due
from tests.village import AT, Village

REASON = "כך הוחלט ביחידה אחרי דיון"
LINK = {"kind": "link", "url": "https://village.example/screen"}
AUDIENCE = {"units": ["RET"], "roles": []}
LATER = "2026-02-10"


def mail(who: str) -> str:
    return f"{who}@village.example"


class Walk:
    """Dana leads, Naomi reviews and accepts, Yossi owns, Avi does, Ruth verifies; Hila keeps procedures, Ilan approves
    them. `at` is put forward where a state needs days to pass."""

    def __init__(self, village: Village, at: datetime = AT) -> None:
        self.village, self.session, self.at = village, village.session, at

    def by(self, who: str) -> Any:
        return self.village.by(who, self.at)

    def do(self, row: Any, trigger: str, who: str, **raw: Any) -> Any:
        self.session.flush()
        return doors.step(self.session, row, trigger, raw, by=self.by(who), at=self.at)

    def add(self, row: Any, part: str, who: str, **raw: Any) -> Any:
        made = doors.add(self.session, row, part, raw, by=self.by(who), at=self.at)
        self.session.flush()
        return made

    def make(self, noun: str, who: str, **raw: Any) -> Any:
        return doors.create(self.session, noun, raw, by=self.by(who), at=self.at).row

    def record(self, noun: str, state: str) -> Any:
        """A new record in that state."""
        found = getattr(self, noun)(state)
        assert found.state == state, f"{found.code} is {found.state}"
        return found

    # ── debriefs ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def debriefs(self, state: str) -> Any:
        debrief = self.make("debriefs", "avi", what_happened="לקוחה חויבה פעמיים אחרי שיחת שימור", kind="failure")
        if state == "reported":
            return debrief
        if state == "declined":
            return self.do(debrief, "decline", "naomi", reason=REASON)
        if state == "merged":
            return self.do(debrief, "merge", "naomi", target=self.debriefs("reported").code)
        self.do(debrief, "open", "naomi", leader=mail("dana"), reviewer=mail("naomi"), path="full", severity=2)
        return debrief if state == "investigating" else self._reviewed(debrief, state)

    def _reviewed(self, debrief: Debrief, state: str) -> Any:
        self.inquire(debrief)
        self.do(debrief, "submit", "dana")
        if state == "in_review":
            return debrief
        self.do(debrief, "issue", "naomi", similar=self._similar(debrief))
        if state == "closed":
            self.do(self.lesson_of(debrief), "reject", "naomi", reason=REASON)
        return debrief

    def inquire(self, debrief: Debrief) -> None:
        """What a failure's debrief needs before it is sent for review."""
        self.do(debrief, "edit", "dana", expected="חיוב אחד", actual="שני חיובים", elsewhere="גם במוקד השירות")
        self.add(debrief, "facts", "dana", text="הלקוחה התקשרה", at="2026-01-29T10:00:00+02:00")
        finding = self.add(debrief, "findings", "dana", text="ההטבה לא הוזנה")
        self.add(finding, "causes", "dana", text="אין שדה במסך", kind="system", root=True)
        self.add(debrief, "lessons", "dana", finding=finding.pid, title="מזינים את ההטבה לפני סיום השיחה",
                 applies_when="בסוף שיחת שימור", direction="do", topics=["שימור"])  # fmt: skip

    def _similar(self, debrief: Debrief) -> list[dict[str, str]]:
        from lessons.steps.similar import unanswered

        return [{"lesson": one.code, "choice": "related"} for one, _ in unanswered(self.session, debrief)]

    def lesson_of(self, debrief: Debrief) -> Any:
        return self._only(Lesson, Lesson.debrief_id == debrief.id)

    def _only(self, model: Any, *where: Any) -> Any:
        return self.session.scalars(sa.select(model).where(*where).order_by(model.id.desc())).first()

    # ── lessons ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def lessons(self, state: str) -> Any:
        if state == "draft":
            return self.lesson_of(self.debriefs("in_review"))
        lesson = self.lesson_of(self.debriefs("issued"))
        if state == "rejected":
            return self.do(lesson, "reject", "naomi", reason=REASON)
        if state == "merged":
            return self.do(lesson, "merge", "naomi", target=self.lessons("proposed").code)
        if state == "proposed":
            return lesson
        self.do(lesson, "accept", "naomi", owner=mail("yossi"), audience=AUDIENCE)
        if state == "retired":
            return self.do(lesson, "retire", "naomi", reason=REASON)
        if state == "risk_accepted":
            return self.do(lesson, "accept_risk", "ilan", reason=REASON)
        return lesson if state == "accepted" else self._brought(lesson, state)

    def _brought(self, lesson: Lesson, state: str) -> Any:
        action = self.work(lesson)
        self.do(lesson, "start", "yossi")
        if state == "implementing":
            return lesson
        self.do(action, "report_done", "avi", evidence=LINK)
        self.do(action, "confirm", "naomi")
        return lesson if state == "watching" else self._proved(lesson, state)

    def work(self, lesson: Lesson) -> Any:
        """An action of Avi's that covers the cause, and a plan of Ruth's."""
        from lessons.models import Cause

        causes = self.session.scalars(sa.select(Cause.pid).where(Cause.finding_id == lesson.finding_id)).all()
        action = self.add(lesson, "actions", "naomi", text="להוסיף שדה חובה במסך", done_when="השדה במסך",
                          owner=mail("avi"), due_on=LATER, covers=list(causes))  # fmt: skip
        self.add(lesson, "verifications", "yossi", preset="did_not_come_back", verifier=mail("ruth"))
        return action

    def _proved(self, lesson: Lesson, state: str) -> Any:
        plan = self.due_of(lesson)
        self.do(plan, "conclude", "ruth", result="effective", measured=0)
        if state == "due_for_review":
            self._pass(400)
            lessons_due.fall_due(self.session, at=self.at)
        return lesson

    def due_of(self, lesson: Lesson) -> Any:
        """Its verification, after the days of watching."""
        self._pass(60)
        verifications_due.fall_due(self.session, at=self.at)
        return self._only(Verification, Verification.lesson_id == lesson.id, Verification.state != "void")

    def _pass(self, days: int) -> None:
        self.at += timedelta(days=days)

    # ── actions ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def actions(self, state: str) -> Any:
        action = self._only(Action, Action.lesson_id == self.lessons("implementing").id)
        for trigger, who, raw in ACTION_STEPS[state]:
            self.do(action, trigger, who, **raw)
        return action

    # ── procedures, revisions, briefings, verifications ──────────────────────────────────────────────────────────────
    def procedures(self, state: str) -> Any:  # noqa: ARG002 - they have one
        return self.make("procedures", "hila", title="נוהל שיחת שימור", owner=mail("hila"), approver=mail("ilan"),
                         unit="RET")  # fmt: skip

    def revisions(self, state: str) -> Any:
        revision = self._drafted(self.procedures("kept"), state)
        if state in ("superseded", "withdrawn"):
            self.do(revision, "publish", "hila", audience=AUDIENCE)
        if state == "superseded":
            self._drafted(self.session.get(Procedure, revision.procedure_id), "effective")
        if state == "withdrawn":
            self.do(revision, "withdraw", "michal", reason=REASON)
        return revision

    def _drafted(self, procedure: Procedure, state: str) -> Any:
        revision = self.add(procedure, "revisions", "hila")
        self.do(
            revision, "edit", "hila", sections=[{"heading": "סיום שיחה", "body": f"מקריאים את הסכום {revision.code}"}]
        )
        if state == "cancelled":
            return self.do(revision, "cancel", "hila", reason=REASON)
        if state == "drafting":
            return revision
        self.do(revision, "submit", "hila", summary="מקריאים את הסכום לפני סיום")
        if state != "in_review":
            self.do(revision, "approve", "ilan")
        if state == "effective":
            self.do(revision, "publish", "hila", audience=AUDIENCE)
        return revision

    def news(self, state: str) -> Any:
        """Hila's own; an offer that Avi alone saw."""
        who, kind = ("avi", "offer") if state == "reported" else ("hila", "news")
        until = (self.at + timedelta(days=7)).isoformat()
        news = self.make("news", who, kind=kind, title="מהירות כפולה ב־89 ₪", unit="RET", valid_until=until)
        if state == "withdrawn":
            self.do(news, "withdraw", "hila", reason=REASON)
        if state == "expired":
            self._pass(8)
            news_due.fall_due(self.session, at=self.at)
        return news

    def briefings(self, state: str) -> Any:
        briefing = self.add(self.lessons("accepted"), "briefings", "yossi")
        return briefing if state == "open" else self.do(briefing, "end", "yossi", reason=REASON)

    def questions(self, state: str) -> Any:
        question = self.make("questions", "avi", text="מה עונים ללקוח שחויב על ממיר שהחזיר?")
        if state == "withdrawn":
            return self.do(question, "withdraw", "avi")
        return question if state == "asked" else self.do(question, "answer", "naomi", answer="מזכים, ומקריאים את הסכום")

    def sentences(self, state: str) -> Any:
        sentence = self.make("sentences", "avi", text="בואו נבדוק יחד את החשבון, ונראה מה מתאים")
        if state == "declined":
            self.do(sentence, "decline", "naomi", reason=REASON)
        if state in ("live", "withdrawn"):
            self.do(sentence, "keep", "hila")
        return self.do(sentence, "withdraw", "avi", reason=REASON) if state == "withdrawn" else sentence

    def verifications(self, state: str) -> Any:
        lesson = self.lessons("implementing" if state in ("planned", "void") else "watching")
        plan = self._only(Verification, Verification.lesson_id == lesson.id)
        if state == "void":
            self.do(lesson, "retire", "naomi", reason=REASON)
        if state in ("planned", "scheduled", "void"):
            return plan
        plan = self.due_of(lesson)
        return plan if state == "due" else self.do(plan, "conclude", "ruth", result=state, measured=1)


ACTION_STEPS: dict[str, tuple[tuple[str, str, dict[str, Any]], ...]] = {
    "assigned": (),
    "in_progress": (("start", "avi", {}),),
    "blocked": (("start", "avi", {}), ("block", "avi", {"reason": REASON, "waiting_on": mail("omer")})),
    "declined": (("decline", "avi", {"reason": REASON}),),
    "done": (("report_done", "avi", {"evidence": LINK}),),
    "confirmed": (("report_done", "avi", {"evidence": LINK}), ("confirm", "naomi", {})),
    "cancelled": (("cancel", "naomi", {"reason": REASON}),),
}

"""A shop of three, marked small: Lev leads and writes, Noa curates the lessons, Dina manages; all of them sell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import OPERATOR
from lessons.briefings import due as briefings_due
from lessons.models import Briefing, BriefingMember, Debrief, Lesson, Person, Verification
from lessons.people import operations as people
from lessons.verifications import due as verifications_due
from lessons.workflow.states import BriefingState, Role
from tests.village import AT, Village
from tests.walking import LINK, Walk, mail

THREE = (
    ("lev", "לב אברמוב", Role.DEBRIEF_LEADER),
    ("noa", "נועה ברק", Role.LESSONS_MANAGER),
    ("dina", "דינה צור", Role.MANAGER),
)
FOUR_LINES = {
    "path": "quick", "expected": "חיוב אחד", "why": "אין שדה במסך", "differently": "מזינים לפני סיום השיחה",
    "direction": "do",
}  # fmt: skip
HAPPENED = "לקוחה חויבה פעמיים"


@dataclass(frozen=True)
class Cast:
    """Who leads, owns and does; who looks at it and accepts; who says whether it worked; and who is away."""

    leads: str
    checks: str
    verifies: str
    away: str = ""
    delegate: str = ""


class Shop(Village):
    lev: Person
    noa: Person
    dina: Person

    def __init__(self, session: Session) -> None:
        self.session, self.units, self._numbers = session, {}, count(1)
        self._add_unit("SHOP", "חנות", None)
        self.units["SHOP"].small = True
        for key, name, role in THREE:
            self._add_person(key, name, "SHOP", role)
        self.grant(self.lev, Role.EDITOR, "SHOP")


class Days(Walk):
    """What the three do, one after the other, as this cast."""

    def __init__(self, shop: Shop, cast: Cast) -> None:
        super().__init__(shop)
        self.cast = cast
        if cast.away:
            gone, here = getattr(shop, cast.away), getattr(shop, cast.delegate)
            last = AT.date() + timedelta(days=120)
            people.add_absence(self.session, gone, delegate=here, from_on=AT.date(), until_on=last, by=OPERATOR, at=AT)

    @property
    def here(self) -> list[str]:
        return [key for key, _, _ in THREE if key != self.cast.away]

    def quick(self) -> Any:
        """Ten minutes after the shift."""
        self.make("debriefs", self.cast.leads, what_happened=HAPPENED, kind="failure", **FOUR_LINES)
        lesson = self.newest(Lesson)
        self.do(lesson, "accept", self.cast.checks, owner=mail(self.cast.leads))
        return lesson

    def full(self) -> Any:
        cast = self.cast
        debrief = self.make("debriefs", cast.verifies, what_happened=HAPPENED, kind="failure")
        self.do(debrief, "open", cast.checks, leader=mail(cast.leads), reviewer=mail(cast.checks), path="full")
        self.inquired(debrief)
        self.do(debrief, "submit", cast.leads)
        self.do(debrief, "issue", cast.checks)
        lesson = self.newest(Lesson)
        self.do(lesson, "accept", cast.checks, owner=mail(cast.leads))
        self.worked_on(lesson)
        return lesson

    def inquired(self, debrief: Debrief) -> None:
        leads = self.cast.leads
        self.do(debrief, "edit", leads, expected="חיוב אחד", actual="שני חיובים", elsewhere="גם בטלפון")
        self.add(debrief, "facts", leads, text="הלקוחה התקשרה", at="2026-01-29T10:00:00+02:00")
        finding = self.add(debrief, "findings", leads, text="ההטבה לא הוזנה")
        self.add(finding, "causes", leads, text="אין שדה במסך", kind="system")
        self.add(debrief, "lessons", leads, finding=finding.pid, title="מזינים לפני סיום השיחה",
                 applies_when="בסוף שיחה", direction="do", topics=["חיוב"])  # fmt: skip

    def worked_on(self, lesson: Lesson) -> None:
        """One action, and how it will be known that it helped."""
        cast = self.cast
        due_on = (self.at + timedelta(days=7)).date().isoformat()
        action = self.add(lesson, "actions", cast.checks, text="להוסיף שדה", done_when="השדה במסך",
                          owner=mail(cast.leads), due_on=due_on)  # fmt: skip
        self.add(lesson, "verifications", cast.leads, preset="did_not_come_back", verifier=mail(cast.verifies))
        self.do(lesson, "start", cast.leads)
        self.do(action, "report_done", cast.leads, evidence=LINK)
        self.do(action, "confirm", cast.verifies)

    def tip(self) -> Any:
        cast = self.cast
        lesson = self.make("lessons", cast.leads, title="שואלים מתי ההתקנה", direction="do", topics=["נטישה"],
                           applies_when="לקוח שכבר סגר")  # fmt: skip
        self.do(lesson, "propose", cast.leads)
        self.do(lesson, "accept", cast.checks, owner=mail(cast.leads), briefing={})
        self.add(lesson, "verifications", cast.leads, preset="floor_says", verifier=mail(cast.verifies))
        self.do(lesson, "start", cast.leads)
        return lesson

    def revision(self) -> Any:
        """Lev owns the procedure and Dina approves it, whoever is here today."""
        leads = self.cast.leads
        keeper = "lev" if leads == "lev" else "dina"
        procedure = self.make("procedures", keeper, title="נוהל סיום שיחה", owner=mail("lev"), approver=mail("dina"),
                              unit="SHOP")  # fmt: skip
        revision = self.add(procedure, "revisions", leads)
        self.do(revision, "edit", leads, sections=[{"heading": "סיום", "body": "מקריאים את הסכום"}])
        self.do(revision, "submit", leads, summary="מקריאים את הסכום")
        self.do(revision, "approve", self.cast.verifies)
        self.do(revision, "publish", leads)
        return revision

    # ── and then ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def all_read(self) -> None:
        """Everyone who is here reads what they are asked to; then its day passes."""
        for briefing in self.session.scalars(sa.select(Briefing).where(Briefing.state == BriefingState.OPEN)).all():
            for who in self.here:
                if briefing.state == BriefingState.OPEN:
                    self.do(briefing, "acknowledge", who)
        self.at += timedelta(days=10)
        briefings_due.fall_due(self.session, at=self.at)

    def proved(self, lesson: Lesson, by: str = "") -> None:
        plan = self.newest(Verification)
        assert (lesson.state, plan.state) == ("watching", "scheduled")
        self.at += timedelta(days=45)
        verifications_due.fall_due(self.session, at=self.at)
        self.do(plan, "conclude", by or self.cast.verifies, result="effective", measured=0)

    def newest(self, model: Any) -> Any:
        return self.session.scalars(sa.select(model).order_by(model.id.desc())).first()

    def readers(self, briefing: Briefing) -> dict[str, bool]:
        """Who of its audience has read it."""
        rows = self.session.execute(
            sa.select(Person.email, BriefingMember.acknowledged_at)
            .join(BriefingMember, BriefingMember.person_id == Person.id)
            .where(BriefingMember.briefing_id == briefing.id)
        )
        return {mail_.split("@")[0]: read is not None for mail_, read in rows}

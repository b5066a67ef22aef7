"""What people type into a step's form when nobody watches: mostly sensible, at times the same person twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel
from sqlmodel import Session

from lessons.models import RECORDS, Case, Cause, Finding
from tests.village import PEOPLE, UNITS

REASON = "כך הוחלט ביחידה אחרי דיון"
WORDS = ("מקריאים את הסכום", "בודקים את המסך", "שואלים מתי ההתקנה", "מתקשרים שוב למחרת", "מזינים את ההטבה")
DECIDING = ("naomi", "michal", "ilan", "hila")
USUALLY_SENT = frozenset(
    "reviewer account evidence audience due_on sections summary baseline_unknown preset title applies_when direction "
    "expected actual why differently elsewhere why_it_worked note measured sample covers similar leader".split()
)
SELDOM_SENT = frozenset("path severity share effective_on finding unit briefing actions review_on baseline".split())


@dataclass(frozen=True)
class Pen:
    """Writes by one stream of chance, about what there is in the village."""

    chance: Random
    session: Session
    today: date
    of: Any

    def fill(self, form: type[BaseModel] | None) -> dict[str, Any]:
        """A form as somebody might send it."""
        if form is None:
            return {}
        fields = form.model_fields.items()
        return {name: self.value(form.__name__, name) for name, info in fields if self.sends(name, info)}

    def sends(self, name: str, info: Any) -> bool:
        odds = 0.8 if name in USUALLY_SENT else 0.1 if name in SELDOM_SENT else 0.3
        return name in VALUES and (info.is_required() or self.chance.random() < odds)

    def value(self, form: str, name: str) -> Any:
        return VALUES.get(f"{form}.{name}", VALUES[name])(self)

    # ── what there is ────────────────────────────────────────────────────────────────────────────────────────────────
    def person(self) -> str:
        """Often one of those who decide: then what they may not decide comes before them."""
        key = self.chance.choice(DECIDING) if self.chance.random() < 0.5 else self.chance.choice(PEOPLE)[0]
        return f"{key}@village.example"

    def words(self) -> str:
        return f"{self.chance.choice(WORDS)} {self.chance.randrange(1000)}"

    def day(self, first: int, last: int) -> str:
        return (self.today + timedelta(days=self.chance.randint(first, last))).isoformat()

    def units(self) -> dict[str, Any]:
        roles = self.chance.choice(([], [], ["agent"]))
        return {"units": [self.chance.choice(UNITS)[0]], "roles": roles}

    def any_of(self, column: Any, *where: Any, default: str = "nothing") -> str:
        found = self.session.scalars(sa.select(column).where(*where).order_by(column)).all()
        return str(self.chance.choice(found)) if found else default

    def code(self, noun: str) -> str:
        return self.any_of(RECORDS[noun].code)

    def causes(self) -> list[str]:
        finding = getattr(self.of, "finding_id", None)
        mine = Cause.finding_id == finding if finding else Finding.debrief_id == getattr(self.of, "id", 0)
        pids = sa.select(Cause.pid).join(Finding, Finding.id == Cause.finding_id).where(mine).order_by(Cause.id)
        return list(self.session.scalars(pids))

    def similar(self) -> list[dict[str, str]]:
        from lessons.steps.similar import unanswered

        if getattr(self.of, "noun", "") != "debriefs":
            return []
        return [{"lesson": one.code, "choice": "related"} for one, _ in unanswered(self.session, self.of)]

    def sections(self) -> list[dict[str, str]]:
        kept = [dict(section) for section in getattr(self.of, "sections", [])][:3]
        return [*kept, {"heading": "סיום שיחה", "body": self.words()}]

    def relation(self) -> str:
        known = {"debriefs": ("leader", "reviewer"), "procedures": ("owner", "approver"), "revisions": ("editor",),
                 "verifications": ("verifier",)}  # fmt: skip
        return self.chance.choice(known.get(getattr(self.of, "noun", ""), ("owner",)))

    def evidence(self) -> dict[str, str]:
        kind = self.chance.choice(("link", "link", "note"))
        return {"kind": kind, "url": "https://village.example/screen", "note": REASON}


def _one_of(*values: Any) -> Callable[[Pen], Any]:
    return lambda pen: pen.chance.choice(values)


def _same(value: Any) -> Callable[[Pen], Any]:
    return lambda _: value


PERSONS = "leader reviewer owner to verifier approver waiting_on interviewee".split()
TEXTS = (
    "text done_when title applies_when why say account summary what_happened expected actual differently "
    "elsewhere why_it_worked words heading meanwhile measure method questions"
).split()
VALUES: Mapping[str, Callable[[Pen], Any]] = {
    **dict.fromkeys(PERSONS, Pen.person),
    **dict.fromkeys(TEXTS, Pen.words),
    "reason": _same(REASON),
    "note": _same(REASON),
    "question": Pen.words,
    "answer": Pen.words,
    "relation": Pen.relation,
    "kind": _one_of("corrective", "preventive"),
    "Evidence.kind": _one_of("link", "note"),
    "EditDebrief.kind": _one_of("failure", "success", "routine"),
    "Conclude.evidence": Pen.words,
    "due_on": lambda pen: pen.day(-1, 40),
    "new_due_on": lambda pen: pen.day(5, 60),
    "until": lambda pen: pen.day(0, 90),
    "effective_on": lambda pen: pen.day(0, 10),
    "review_on": lambda pen: pen.day(10, 200),
    "audience": Pen.units,
    "share": _one_of(0.5, 0.9, 1),
    "briefing": _same({}),
    "severity": _one_of(1, 2, 3, 4),
    "path": _one_of("quick", "full"),
    "direction": _one_of("do", "dont", "keep"),
    "topics": _same(["שימור"]),
    "target": lambda pen: pen.code(pen.of.noun) if pen.of.noun in ("debriefs", "lessons") else 1,
    "successor": lambda pen: pen.code("procedures" if pen.of.noun == "revisions" else "lessons"),
    "cases": lambda pen: [pen.any_of(Case.pid)],
    "covers": Pen.causes,
    "similar": Pen.similar,
    "sections": Pen.sections,
    "because_of": lambda pen: [pen.code("lessons")],
    "evidence": Pen.evidence,
    "url": _same("https://village.example/screen"),
    "preset": _one_of("did_not_come_back", "floor_says", "sample", "before_after"),
    "baseline": _one_of(3, 7.5),
    "baseline_unknown": _same({"reason": REASON}),
    "watch_days": _one_of(7, 14, 30),
    "result": _one_of("effective", "not_effective", "inconclusive"),
    "measured": _one_of(0, 1, 4),
    "sample": _one_of(5, 25, 40),
    "no_action": _same({"reason": REASON}),
    "root": _one_of(True, False),
}

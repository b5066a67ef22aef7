"""Three people are enough: each thing they learn comes to its proof, also while one of them is away."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from lessons.errors import NotAllowed
from lessons.models import Briefing, Debrief, Duty
from lessons.steps.chains import faults
from tests.walking import REASON
from tests.walks.shop import Cast, Days, Shop

CASTS = {
    "all are here": Cast(leads="lev", checks="noa", verifies="dina"),
    "the curator is away": Cast(leads="lev", checks="dina", verifies="dina", away="noa", delegate="dina"),
    "the curator is away and the leader stands in": Cast("lev", "dina", "dina", away="noa", delegate="lev"),
    "the manager is away": Cast(leads="lev", checks="noa", verifies="noa", away="dina", delegate="noa"),
    "the leader is away": Cast(leads="dina", checks="noa", verifies="noa", away="lev", delegate="dina"),
}


@pytest.fixture(params=CASTS.values(), ids=list(CASTS))
def days(session: Session, request: pytest.FixtureRequest) -> Days:
    return Days(Shop(session), request.param)


def owed(days: Days) -> list[str]:
    return list(days.session.scalars(sa.select(Duty.kind).where(Duty.closed_at.is_(None))))


def test_a_failure_after_a_shift_comes_to_its_proof_on_the_quick_path(days: Days) -> None:
    lesson = days.quick()
    assert lesson.state == "implementing"
    days.all_read()
    days.proved(lesson, by=days.cast.checks)
    assert (lesson.state, days.newest(Debrief).state, owed(days)) == ("verified", "closed", [])
    assert list(faults(days.session)) == []


def test_a_failure_comes_to_its_proof_on_the_full_path(days: Days) -> None:
    lesson = days.full()
    days.proved(lesson)
    assert (lesson.state, days.newest(Debrief).state, owed(days)) == ("verified", "closed", [])


def test_a_tip_comes_to_its_proof(days: Days) -> None:
    lesson = days.tip()
    days.all_read()
    days.proved(lesson)
    assert (lesson.state, owed(days)) == ("verified", [])


def test_a_revision_comes_into_force_and_is_read(days: Days) -> None:
    revision = days.revision()
    days.all_read()
    briefing = days.newest(Briefing)
    assert (revision.state, briefing.state, briefing.unreached) == ("effective", "ended", False)
    assert [who for who, read in days.readers(briefing).items() if read] == days.here
    assert owed(days) == []


# ── and what three people may still not do ───────────────────────────────────────────────────────────────────────────
def test_a_delegate_does_not_accept_what_the_absent_wrote(session: Session) -> None:
    days = Days(Shop(session), CASTS["all are here"])
    lesson = days.make("lessons", "lev", title="שואלים", direction="do", topics=["נטישה"], applies_when="תמיד")
    days.do(lesson, "propose", "lev")
    away = Days(days.village, Cast("lev", "noa", "dina", away="lev", delegate="dina"))
    with pytest.raises(NotAllowed) as refused:
        away.do(lesson, "accept", "dina", owner="noa@village.example")
    assert [point.guard for point in refused.value.unmet] == ["not_its_author"]
    assert [one.name.name for one in refused.value.who_could] == ["נועה ברק"]


def test_a_delegate_does_not_confirm_what_the_absent_did(session: Session) -> None:
    days = Days(Shop(session), CASTS["all are here"])
    lesson = days.quick()
    action = days.add(lesson, "actions", "noa", text="להוסיף שדה", done_when="השדה במסך", owner="lev@village.example",
                      due_on="2026-02-10")  # fmt: skip
    days.do(action, "report_done", "lev", note=REASON)
    away = Days(days.village, Cast("lev", "noa", "dina", away="lev", delegate="dina"))
    with pytest.raises(NotAllowed):
        away.do(action, "confirm", "dina")
    away.do(action, "confirm", "noa")
    assert action.state == "confirmed"

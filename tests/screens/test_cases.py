"""Cases on screen: one click says yes or no, and what comes back brings the lesson back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from lessons import db, worker
from lessons.cases import due, operations, proposing
from lessons.cases.proposing import Proposed
from lessons.models import Case, CaseLink, Event, Lesson, Proposal
from lessons.repository import found
from lessons.workflow.states import LessonState
from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.village import AT, Village
from tests.web.test_queries import statements

TEXT = "חויבתי שוב, בסוף שיחת השימור לא הזינו את ההטבה שהובטחה"


def enter(village: Village, n: int, text: str = TEXT, **given: object) -> Case:
    asked = {"external_id": f"CRM-{n}", "text": text, "opened_at": AT, **given}
    return operations.enter(village.session, asked, by=village.by("avi"), at=AT)


def compared(village: Village) -> int:
    """As the worker does it, in one transaction; how many cases were looked at."""
    return worker.some_of(
        lambda: due.look(
            reading=lambda: nullcontext(village.session), transaction=lambda: nullcontext(village.session), at=AT
        )
    )


@pytest.fixture
def lesson(screens: Screens) -> Lesson:
    """It reached people and is watched."""
    with screens.records() as village:
        made = village.lesson(
            state=LessonState.WATCHING, accepted_at=AT - timedelta(days=60),
            applies_when="לקוח אומר: חויבתי שוב, בסוף שיחת השימור לא הזינו את ההטבה",
        )  # fmt: skip
        found.keep(village.session, made)
    return made


@pytest.fixture
def proposed(screens: Screens, lesson: Lesson) -> Lesson:
    """Three cases look like it."""
    with screens.records() as village:
        for n in range(3):
            enter(village, n)
        enter(village, 9, "שאלה על שעות הפתיחה של הסניף")
        assert compared(village) == 4
    return lesson


def state_of(lesson: Lesson) -> tuple[str, int]:
    with db.reading() as session:
        row = session.get(Lesson, lesson.id)
        return (row.state.value, row.cycle) if row else ("", 0)


def test_cases_that_look_like_a_lesson_wait_for_a_word(screens: Screens, proposed: Lesson) -> None:
    page = screens.as_("ilan", "en").read("/cases").text
    assert page.count("Yes, this one") == 3
    assert screens.as_("naomi", "en").read(f"/lessons/{proposed.code}/cases").text.count("Yes, this one") == 3
    assert "Yes, this one" not in screens.as_("alexei", "en").read("/cases").text  # of another centre


def test_nobody_waits_to_write_while_cases_are_compared(
    screens: Screens, lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    with screens.records() as village:
        enter(village, 1)
        enter(village, 2)
    written: list[int] = []

    def slowly(session: Session, text: str) -> list[Proposed]:
        with screens.records() as village:
            written.append(enter(village, 10 + len(written)).id or 0)
        return proposing.proposed(session, text)

    monkeypatch.setattr(due, "proposed", slowly)
    assert due.look(reading=db.reading, transaction=db.transaction, at=AT) == 2
    assert len(written) == 2


def test_whoever_is_killed_while_comparing_loses_and_doubles_nothing(
    screens: Screens, lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    with screens.records() as village:
        case_id = enter(village, 1).id

    @contextmanager
    def killed() -> Iterator[Session]:
        with db.transaction() as session:
            yield session
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        due.look(reading=db.reading, transaction=killed, at=AT)
    other = due.look

    def twice(session: Session, text: str) -> list[Proposed]:
        monkeypatch.setattr(due, "proposed", proposing.proposed)
        assert other(reading=db.reading, transaction=db.transaction, at=AT) == 1
        return proposing.proposed(session, text)

    monkeypatch.setattr(due, "proposed", twice)
    assert due.look(reading=db.reading, transaction=db.transaction, at=AT) == 0
    with db.reading() as session:
        assert [one.case_id for one in session.scalars(sa.select(Proposal))] == [case_id]


def test_at_the_limit_one_click_brings_the_lesson_back_with_its_cases(screens: Screens, proposed: Lesson) -> None:
    ilan = screens.as_("ilan", "en")
    with db.reading() as session:
        pids = session.scalars(sa.select(Case.pid).order_by(Case.id).limit(3)).all()
    for n, pid in enumerate(pids):
        assert state_of(proposed) == ("watching", 1)
        ilan.read("/cases")
        told = ilan.send(f"/cases/{pid}/proposals/{proposed.code}/confirm", {"back": "/cases"})
        assert told.headers["Location"] == "/cases"
        assert n == 2 or state_of(proposed) == ("watching", 1)
    assert state_of(proposed) == ("implementing", 2)
    with db.reading() as session:
        last = session.scalars(sa.select(Event).where(Event.trigger == "recur")).one()
        assert (last.actor_kind, [pid in last.body for pid in pids]) == ("system", [True] * 3)
        links = session.scalars(sa.select(CaseLink)).all()
        assert {(one.person_id, one.came_back) for one in links} == {(screens.people["ilan"].id, True)}


def test_no_is_remembered(screens: Screens, proposed: Lesson) -> None:
    ilan = screens.as_("ilan", "en")
    with db.reading() as session:
        pid = session.scalars(sa.select(Case.pid).order_by(Case.id)).first()
    ilan.read("/cases")
    ilan.send(f"/cases/{pid}/proposals/{proposed.code}/refuse", {"back": "//elsewhere.example"})
    assert ilan.read("/cases").text.count("Yes, this one") == 2
    with db.reading() as session:
        answers = session.scalars(sa.select(Proposal.answer).order_by(Proposal.case_id)).all()
    assert answers == ["refused", "", ""]


def test_before_it_reached_people_a_case_is_use_and_changes_nothing(screens: Screens) -> None:
    with screens.records() as village:
        lesson = village.lesson()
        pids = [enter(village, n).pid for n in range(4)]
    avi = screens.as_("avi", "en")
    for pid in pids:
        avi.read(f"/cases/{pid}")
        avi.send(f"/cases/{pid}/match", {"lesson": lesson.code})
    assert state_of(lesson) == ("accepted", 1)
    assert "came back" not in avi.read(f"/cases/{pids[0]}").text


def test_it_has_to_be_half_as_often_as_before(screens: Screens, lesson: Lesson) -> None:
    with screens.records() as village:
        for n in range(8):
            village.case(lesson, lesson.accepted_at - timedelta(days=n + 1))
        pids = [enter(village, 100 + n).pid for n in range(4)]
    avi = screens.as_("avi", "en")
    for n, pid in enumerate(pids):
        assert state_of(lesson)[1] == 1, n
        avi.read(f"/cases/{pid}")
        avi.send(f"/cases/{pid}/match", {"lesson": lesson.code})
    assert state_of(lesson) == ("implementing", 2)


def test_at_severity_four_one_case_is_enough(screens: Screens) -> None:
    with screens.records() as village:
        lesson = village.lesson(state=LessonState.VERIFIED, severity=4)
        pid = enter(village, 1).pid
    avi = screens.as_("avi", "en")
    avi.read(f"/cases/{pid}")
    avi.send(f"/cases/{pid}/match", {"lesson": lesson.code})
    assert state_of(lesson) == ("implementing", 2)


def test_a_lesson_that_is_not_there_is_told_beside_the_field(screens: Screens) -> None:
    with screens.records() as village:
        pid = enter(village, 1).pid
    avi = screens.as_("avi", "en")
    avi.read(f"/cases/{pid}")
    refused = avi.send(f"/cases/{pid}/match", {"lesson": "L-1999-0001"})
    assert refused.status_code == 422
    assert "L-1999-0001" in refused.text
    assert avi.client.get(f"/cases/{pid}/documentation?lesson=L-1999-0001").status_code == 404


def test_text_for_the_crm_is_on_screen_in_both_languages(screens: Screens) -> None:
    with screens.records() as village:
        lesson, pid = village.lesson(), enter(village, 1).pid
    address = f"/cases/{pid}/documentation?lesson={lesson.code}"
    assert "according to card" in screens.as_("avi", "en").read(address).text
    assert "לפי כרטיס" in screens.as_("avi", "he").read(address).text


def test_cases_are_for_those_who_manage(screens: Screens) -> None:
    assert screens.as_("avi").client.get("/cases").status_code == 403
    assert screens.as_("gideon").client.get("/cases").status_code == 200


def test_the_page_costs_the_same_for_one_case_or_fifty(screens: Screens, lesson: Lesson) -> None:
    ilan, counts = screens.as_("ilan", "en"), []
    for more in (1, 30):
        with screens.records() as village:
            for n in range(more):
                enter(village, 100 * more + n, customer_ref=f"C-{n}")
            compared(village)
        for address in ("/cases", f"/lessons/{lesson.code}/cases"):
            with statements() as asked:
                ilan.read(address)
            counts.append(len(asked))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 14


# ── places of the CRM ────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def naomi(screens: Screens) -> Browser:
    return screens.as_("naomi", "en")


def place(naomi: Browser, kind: str, where: str, target: str) -> int:
    naomi.read("/admin/mappings")
    return naomi.send("/admin/mappings", {"kind": kind, "place": where, "target": target}).status_code


def test_a_path_of_the_crm_leads_to_its_card_and_so_does_all_below_it(screens: Screens, naomi: Browser) -> None:
    with screens.records() as village:
        lesson = village.lesson().code
    assert place(naomi, "path", " חיוב / ציוד ", lesson) == 303
    avi = screens.as_("avi")
    for path in ("חיוב/ציוד", "חיוב/ציוד/ממיר", "חיוב / ציוד/א/ב"):
        assert avi.client.get(f"/go?path={path}").headers["Location"] == f"/desk?card={lesson}"
    assert avi.client.get("/go?path=חיוב").status_code == 404
    assert place(naomi, "screen", "EQ-17", lesson) == 303
    assert avi.client.get("/go?screen=eq-17").headers["Location"] == f"/desk?card={lesson}"
    assert avi.client.get(f"/go?code={lesson.lower()}").headers["Location"] == f"/desk?card={lesson}"


@pytest.mark.parametrize(("kind", "where", "target"), [
    ("path", "a/b/c/d/e", "L-2026-0001"), ("path", " / ", "L-2026-0001"), ("nothing", "a", "L-2026-0001"),
    ("path", "a", "L-1999-0009"), ("path", "a", ""),
])  # fmt: skip
def test_what_is_no_place_is_told(screens: Screens, naomi: Browser, kind: str, where: str, target: str) -> None:
    with screens.records() as village:
        village.lesson()
    assert place(naomi, kind, where, target) == 422


def test_whoever_keeps_no_lessons_keeps_no_places(screens: Screens) -> None:
    assert screens.as_("avi").client.get("/admin/mappings").status_code == 403


def test_the_card_gives_the_case_its_category(screens: Screens, naomi: Browser) -> None:
    with screens.records() as village:
        lesson, pid = village.lesson().code, enter(village, 1).pid
    place(naomi, "path", "billing/benefit", lesson)
    avi = screens.as_("avi", "en")
    avi.read(f"/cases/{pid}")
    avi.send(f"/cases/{pid}/match", {"lesson": lesson})
    assert "billing/benefit" in avi.read(f"/cases/{pid}").text
    assert "Category: \u2068billing/benefit\u2069" in avi.read(f"/cases/{pid}/documentation?lesson={lesson}").text

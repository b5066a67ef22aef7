"""Two people press at once: one of them did it, the other hears so; nothing happens twice and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from lessons import db, doors
from lessons.access import OPERATOR, actor_of
from lessons.errors import NotAllowed, Stale
from lessons.models import RECORDS, Action, Debrief, Duty, Event, Notice, Person
from lessons.people import operations as people
from lessons.settings import Settings
from lessons.steps.chains import faults
from lessons.web.who import COOKIE
from lessons.workflow.states import LessonState
from tests.browsing import Browser, Forms
from tests.doors.calling import Programs, at_work
from tests.village import AT, Village
from tests.walking import LINK, Walk, mail
from tests.walks.meeting import all_have_read, statuses, together

PAIRS = 20
TIP = {"title": "שואלים מתי ההתקנה", "applies_when": "לקוח שכבר סגר", "direction": "do", "topics": ["נטישה"]}


@pytest.fixture
def village(settings: Settings) -> Village:
    with db.transaction() as session:
        made = Village(session)
        session.flush()
        session.expunge_all()
    return made


def entered(village: Village, noun: str, state: str) -> str:
    """The code of a new record in that state."""
    with at_work(village):
        code: str = Walk(village).record(noun, state).code
    return code


def pressing(village: Village, who: str, noun: str, code: str, trigger: str, **raw: Any) -> Callable[[], Any]:
    """Somebody who presses this button, in a transaction of their own."""
    person_id = getattr(village, who).id

    def press() -> Any:
        with db.transaction() as session:
            by = actor_of(session, session.get_one(Person, person_id), at=AT)
            return doors.step(session, doors.find(session, noun, code, by=by), trigger, raw, by=by, at=AT)

    return press


def happened(code: str, *triggers: str) -> int:
    """How many of these events the record has."""
    with db.reading() as session:
        found = sa.select(sa.func.count()).select_from(Event).where(Event.code == code, Event.trigger.in_(triggers))
        return session.scalar(found) or 0


def owed_twice() -> list[Any]:
    once = sa.select(Duty.of_code, Duty.kind).where(Duty.closed_at.is_(None)).group_by(Duty.of_code, Duty.kind)
    with db.reading() as session:
        return list(session.execute(once.having(sa.func.count() > 1)))


def told_twice() -> list[Any]:
    """Notices of no duty, of one kind about one record to one person."""
    columns = (Notice.of_code, Notice.kind, Notice.person_id)
    many = sa.select(*columns).where(Notice.duty_id.is_(None)).group_by(*columns).having(sa.func.count() > 1)
    with db.reading() as session:
        return list(session.execute(many))


def is_whole() -> bool:
    with db.reading() as session:
        return not list(faults(session))


# ── the same button ──────────────────────────────────────────────────────────────────────────────────────────────────
def test_of_two_who_accept_a_lesson_one_did(village: Village) -> None:
    with at_work(village):
        walk = Walk(village)
        tip = walk.make("lessons", "avi", **TIP)
        code = walk.do(tip, "propose", "avi").code
    with all_have_read("INSERT INTO events", 2):
        answers = together(
            pressing(village, "naomi", "lessons", code, "accept", owner=mail("yossi"), briefing={}),
            pressing(village, "michal", "lessons", code, "accept", owner=mail("dana"), briefing={}),
        )
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert [type(one) in (Stale, NotAllowed) for one in refused] == [True]
    assert happened(code, "accept") == 1
    assert not owed_twice()
    assert not told_twice()
    assert is_whole()


def test_of_two_reviewers_one_decides(village: Village) -> None:
    with at_work(village) as here:
        day = AT.date()
        people.add_absence(
            here.session, here.naomi, delegate=here.michal, from_on=day, until_on=day, by=OPERATOR, at=AT
        )
    code = entered(village, "debriefs", "in_review")
    with all_have_read("INSERT INTO events", 2):
        answers = together(
            pressing(village, "naomi", "debriefs", code, "issue"),
            pressing(village, "michal", "debriefs", code, "send_back", reason="חסרה שאלה אחת בתחקיר"),
        )
    assert [isinstance(answer, Stale | NotAllowed) for answer in answers].count(True) == 1
    assert happened(code, "issue", "send_back") == 1
    assert not owed_twice()
    assert is_whole()


def test_twenty_pairs_of_programs_confirm_an_action_once_each(programs: Programs) -> None:
    codes = []
    with at_work(programs.village) as village:
        walk = Walk(village)
        lesson = village.lesson()
        for n in range(PAIRS):
            action = walk.add(lesson, "actions", "naomi", text=f"לבדוק מסך {n}", done_when="נבדק", owner=mail("avi"),
                              due_on="2026-02-10")  # fmt: skip
            walk.do(action, "report_done", "avi", evidence=LINK)
            codes.append(action.code)
    for code in codes:
        answers = together(
            lambda code=code: programs.naomi.post(f"/actions/{code}/confirm", {}),
            lambda code=code: programs.michal.post(f"/actions/{code}/confirm", {}),
        )
        assert statuses(answers) == [200, 409], [answer.body for answer in answers]
        assert happened(code, "confirm") == 1
    assert not owed_twice()
    assert not told_twice()
    assert is_whole()


def test_two_editors_of_a_page_lose_no_words(programs: Programs) -> None:
    """Both have the same version open; the second is shown what the first wrote."""
    with at_work(programs.village) as village:
        code = village.lesson().code
    version = {"If-Match": programs.yossi.get(f"/lessons/{code}").headers["ETag"]}
    answers = together(
        lambda: programs.yossi.call("PATCH", f"/lessons/{code}", {"why": "כך אמרה דנה"}, headers=version),
        lambda: programs.naomi.call("PATCH", f"/lessons/{code}", {"why": "כך אמר יוסי"}, headers=version),
    )
    assert statuses(answers) == [200, 412]
    won = next(answer for answer in answers if answer.status == 200)
    assert programs.naomi.get(f"/lessons/{code}")["why"] == won["why"]
    assert happened(code, "edit") == 1


# ── two records, and what follows from both ──────────────────────────────────────────────────────────────────────────
def test_the_last_two_actions_confirmed_at_once_bring_their_lesson_on(village: Village) -> None:
    with at_work(village):
        walk = Walk(village)
        lesson = walk.lessons("implementing")
        walk.add(lesson, "actions", "naomi", text="לבדוק", done_when="נבדק", owner=mail("avi"), due_on="2026-02-10")
        actions = village.session.scalars(sa.select(Action).where(Action.lesson_id == lesson.id)).all()
        for action in actions:
            walk.do(action, "report_done", "avi", evidence=LINK)
        codes = [action.code for action in actions]
    with all_have_read("INSERT INTO events", 2):
        answers = together(
            pressing(village, "naomi", "actions", codes[0], "confirm"),
            pressing(village, "michal", "actions", codes[1], "confirm"),
        )
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert standing(lesson) == "watching"


def test_the_last_two_lessons_settled_at_once_close_their_debrief(village: Village) -> None:
    with at_work(village):
        walk = Walk(village)
        debrief = walk.debriefs("issued")
        first = walk.lesson_of(debrief)
        second = village.lesson(debrief_id=debrief.id, state=LessonState.PROPOSED)
        codes = [first.code, second.code]
    with all_have_read("INSERT INTO events", 2):
        together(*(
            pressing(village, who, "lessons", code, "reject", reason="כבר יש לקח כזה במאגר")
            for who, code in zip(("naomi", "michal"), codes, strict=True)
        ))  # fmt: skip
    assert standing(debrief) == "closed"


def standing(row: Any) -> str:
    with db.reading() as session:
        state: str = session.get_one(RECORDS[row.noun], row.id).state.value
    return state


# ── sent twice ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_report_with_the_same_key_five_times_at_once_is_one_debrief(programs: Programs) -> None:
    key = {"Idempotency-Key": "shift-42"}
    report = {"what_happened": "לקוחה חויבה פעמיים", "kind": "failure"}
    answers = together(*[lambda: programs.avi.post("/debriefs", report, headers=key)] * 5)
    assert statuses(answers) == [201] * 5
    assert len({answer["code"] for answer in answers}) == 1
    assert len(debriefs()) == 1


def test_a_form_sent_twice_at_once_is_one_debrief(programs: Programs) -> None:
    first, again = two_windows(programs)
    page = first.read("/report")
    report = {**Forms(page.text).hidden["/report"], "what_happened": "לקוחה חויבה פעמיים", "kind": "failure"}
    answers = together(lambda: first.post("/report", report), lambda: again.post("/report", report))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert len(debriefs()) == 1


def two_windows(programs: Programs) -> tuple[Browser, Browser]:
    """Avi's browser, and the same one pressed a second time before the first answer is there."""
    first, again = Browser(programs.app).sign_in(programs.village.avi), Browser(programs.app)
    again.client.set_cookie(COOKIE, first.secret, secure=True)
    return first, again


def debriefs() -> list[str]:
    with db.reading() as session:
        return list(session.scalars(sa.select(Debrief.code)))

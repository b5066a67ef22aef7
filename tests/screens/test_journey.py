"""The whole way on the screens: an event that Avi reports becomes a lesson that proved itself, by six people."""

from __future__ import annotations

import re

import pytest
from sqlmodel import select
from werkzeug.test import TestResponse

from lessons import db
from lessons.models import Case, Debrief, Lesson
from lessons.repository import searching
from lessons.search import fused
from lessons.verifications import due
from tests.browsing import Browser
from tests.screens.conftest import Screens

REPORT = "הובטחה הנחה בשיחת שימור ולא הוזנה; הלקוח חויב במחיר מלא."


def do(person: Browser, where: str, **fields: object) -> TestResponse:
    """Open the page of a step, fill in its form and send it; it has to be taken."""
    page = person.read(where)
    assert page.status_code == 200, page.text
    typed = {name.replace("__", "."): value for name, value in fields.items()}
    answer = person.send(where.split("?", maxsplit=1)[0], typed)
    assert answer.status_code == 303, answer.text
    return answer


def code(answer: TestResponse) -> str:
    found = re.search(r"[A-Z]-(?:\d{4}-)?\d{4,}", answer.headers["Location"])
    assert found, answer.headers["Location"]
    return found[0]


def inquired(screens: Screens) -> str:
    """Avi reports, Ilan opens, Dana inquires to the end; the code of the debrief."""
    avi, ilan, dana = screens.as_("avi"), screens.as_("ilan"), screens.as_("dana")
    debrief = code(do(avi, "/report", what_happened=REPORT, kind="failure"))
    here = f"/debriefs/{debrief}"
    do(ilan, f"{here}/open", leader="dana@village.example", severity="3", path="full", reviewer="naomi@village.example")
    do(dana, f"{here}/edit", expected="ההנחה מוזנת בשיחה", actual="לא הוזנה", elsewhere="בכל הצטרפות")
    do(dana, f"{here}/add/facts", text="השיחה הסתיימה בלי הזנה", at="2026-01-29T10:20")
    do(dana, f"{here}/add/findings", text="שום דבר לא מזכיר להזין", direction="improve")
    finding = re.search(r"/findings/(\w+)/add/causes", dana.read(here).text)
    assert finding
    do(dana, f"/findings/{finding[1]}/add/causes", text="המסך נסגר בלי בדיקה", kind="system", root="1")
    do(dana, f"{here}/write_lesson?finding={finding[1]}", finding=finding[1], direction="do", topics="חיוב",
       title="מזינים את ההנחה לפני סיום השיחה", applies_when="בכל שיחה שהובטחה בה הנחה")  # fmt: skip
    return debrief


def accepted(screens: Screens) -> str:
    """The debrief is reviewed and its lesson accepted; the code of the lesson."""
    here = f"/debriefs/{inquired(screens)}"
    do(screens.as_("dana"), f"{here}/submit")
    do(screens.as_("naomi"), f"{here}/issue")
    with db.reading() as session:
        lesson = session.exec(select(Lesson)).one().code
    do(screens.as_("naomi"), f"/lessons/{lesson}/accept", owner="yossi@village.example", audience__units="RET")
    return lesson


def test_an_event_becomes_a_lesson_that_proved_itself(screens: Screens) -> None:
    lesson = accepted(screens)
    cause = re.search(
        r'value="(\w+)"[^>]*><span>המסך נסגר', screens.as_("naomi").read(f"/lessons/{lesson}/assign").text
    )
    assert cause
    answer = do(
        screens.as_("naomi"), f"/lessons/{lesson}/assign", text="תזכורת במסך הסיום", done_when="התזכורת מופיעה",
        owner="yossi@village.example", due_on="2026-02-10", kind="corrective", covers=cause[1],
    )  # fmt: skip
    assert answer.headers["Location"] == f"/lessons/{lesson}"
    do(screens.as_("naomi"), f"/lessons/{lesson}/plan", preset="did_not_come_back", verifier="ruth@village.example")
    do(screens.as_("yossi"), f"/lessons/{lesson}/start")
    action = re.search(r"/actions/(A-2026-\d+)", screens.as_("yossi").read(f"/lessons/{lesson}").text)
    assert action
    here = f"/actions/{action[1]}"
    do(
        screens.as_("yossi"),
        f"{here}/report_done",
        note="התזכורת נוספה ונבדקה בשלוש עמדות",
        evidence__url="https://a.example",
    )
    do(screens.as_("naomi"), f"{here}/confirm")
    assert "במעקב" in screens.as_("naomi").read(f"/lessons/{lesson}").text
    screens.days_later(40)
    with db.transaction() as session:
        assert due.fall_due(session, at=screens.at) == 1
    check = re.search(r"/verifications/(V-2026-\d+)", screens.as_("ruth").read("/").text)
    assert check
    do(screens.as_("ruth"), f"/verifications/{check[1]}/conclude", result="effective", measured="0", words="לא חזר")
    page = screens.as_("avi").read(f"/lessons/{lesson}").text
    assert "הוכיח את עצמו" in page
    with db.reading() as session:
        assert session.exec(select(Debrief)).one().state == "closed"


def test_what_is_missing_is_told_and_what_was_typed_stays(screens: Screens) -> None:
    lesson = accepted(screens)
    naomi = screens.as_("naomi", "en")
    naomi.read(f"/lessons/{lesson}/assign")
    answer = naomi.send(f"/lessons/{lesson}/assign", {"text": "A reminder on the last screen", "due_on": "2026-02-30"})
    assert answer.status_code == 422
    assert "A reminder on the last screen" in answer.text
    assert answer.text.count('aria-invalid="true"') == 3  # done when, owner, the day that does not exist


def test_a_closed_step_says_what_is_missing_and_where(screens: Screens) -> None:
    lesson = accepted(screens)
    page = screens.as_("yossi").read(f"/lessons/{lesson}/start")
    assert page.text.count("<li><span>") == 3  # a way to people, a plan, the root cause
    assert f"/lessons/{lesson}#ways" in page.text
    assert f"/lessons/{lesson}#verification" in page.text


def test_whoever_comes_second_is_told_and_sees_the_form_again(screens: Screens) -> None:
    lesson = accepted(screens)
    first, second = screens.as_("naomi"), screens.as_("naomi", "en")
    for person in (first, second):
        person.read(f"/lessons/{lesson}/edit")
    assert first.send(f"/lessons/{lesson}/edit", {"say": "מזינים עכשיו, ביחד"}).status_code == 303
    late = second.send(f"/lessons/{lesson}/edit", {"say": "Let us enter it now"})
    assert late.status_code == 409
    assert "Let us enter it now" in late.text
    assert "changed in the meantime" in late.text


def test_the_desk_answers_the_customers_words_with_the_card(screens: Screens) -> None:
    lesson = accepted(screens)
    page = screens.as_("rana").read("/desk", query_string={"q": "ובהנחה"}).text
    assert lesson in page
    assert "חדש – עוד לא נבדק" in page
    card = screens.as_("rana", "en").read(f"/lessons/{lesson}/card")
    assert re.search(r"<dt>Seal</dt> <dd>[0-9a-f]{16}</dd>", card.text), "as on paper"


@pytest.mark.only("sqlite")
def test_what_is_near_by_its_topic_alone_is_offered_and_not_opened(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson = accepted(screens)
    with db.reading() as session:
        near = fused.Answer("lesson", session.exec(select(Lesson.id)).one(), 1.0, frozenset({fused.MEANING}), 0, 2)
    monkeypatch.setattr(searching, "answers", lambda *_, **__: [near])
    rana, asked = screens.as_("rana"), {"q": "לקוח כועס"}
    page = rana.read("/desk", query_string=asked).text
    assert "עוד אין כרטיס על" in page
    assert f"card={lesson}" in page
    assert 'aria-current="true"' not in page.split('id="found"')[1]
    assert (
        'aria-current="true"' in rana.read("/desk", query_string={**asked, "card": lesson}).text.split('id="found"')[1]
    )
    assert "עוד אין כרטיס על" in rana.read("/search", query_string=asked).text


def test_a_confidential_debrief_is_not_there_for_others(screens: Screens) -> None:
    answer = do(screens.as_("avi"), "/report", what_happened="לחץ לקראת סוף החודש", kind="failure", confidential="1")
    here = f"/debriefs/{code(answer)}"
    assert screens.as_("ilan").read(here).status_code == 200  # while it is a new report
    assert screens.as_("yossi").read(here).status_code == 404
    assert "לחץ" not in screens.as_("yossi").read("/debriefs").text


def test_the_managers_page_is_for_managers(screens: Screens) -> None:
    assert screens.as_("avi").read("/managers").status_code == 403
    assert screens.as_("ilan").read("/managers").status_code == 200


def test_no_address_changes_anything_by_being_read(screens: Screens) -> None:
    lesson = accepted(screens)
    with db.reading() as session:
        before = session.exec(select(Lesson)).one().version
    for path in (f"/lessons/{lesson}", f"/lessons/{lesson}/retire", f"/lessons/{lesson}/card", "/", "/managers"):
        screens.as_("naomi").read(path)
    with db.reading() as session:
        assert (session.exec(select(Lesson)).one().version, len(session.exec(select(Case)).all())) == (before, 0)


def test_a_lesson_is_edited_from_its_page_by_whoever_may(screens: Screens) -> None:
    lesson = accepted(screens)
    assert f'href="/lessons/{lesson}/edit"' in screens.as_("naomi").read(f"/lessons/{lesson}").text
    assert f'href="/lessons/{lesson}/edit"' not in screens.as_("rana").read(f"/lessons/{lesson}").text
    do(screens.as_("naomi"), f"/lessons/{lesson}/edit", title="מזינים ומקריאים", interviewee="", say="")
    assert "מזינים ומקריאים" in screens.as_("rana").read(f"/lessons/{lesson}").text


def test_a_person_is_chosen_by_name(screens: Screens) -> None:
    debrief = code(do(screens.as_("avi"), "/report", what_happened=REPORT, kind="failure"))
    page = screens.as_("ilan").read(f"/debriefs/{debrief}/open").text
    assert '<option value="דנה אוחיון">' in page
    do(screens.as_("ilan"), f"/debriefs/{debrief}/open", leader="דנה אוחיון", severity="2", path="quick")
    assert "דנה אוחיון" in screens.as_("ilan").read(f"/debriefs/{debrief}").text


def test_an_anonymous_report_shows_its_code_once_and_follows_by_it(screens: Screens) -> None:
    avi = screens.as_("avi")
    avi.read("/report")
    answer = avi.send("/report", {"what_happened": "לחץ בסוף החודש", "kind": "failure", "anonymous": "1"})
    found = re.search(r"<code[^>]*>([\w-]+)</code>", answer.text)
    assert found
    assert found[1] not in avi.read("/report/thanks").text
    avi.read("/track")
    assert "דיווח חדש" in avi.send("/track", {"code": found[1]}).text

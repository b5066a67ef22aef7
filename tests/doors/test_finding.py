"""Programs look for lessons, bring cases, fetch cards, and read what can be asked."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

from lessons.models import RECORDS, Lesson, Question, QuestionLesson
from lessons.repository import found
from lessons.workflow.lives import LIVES
from lessons.workflow.states import LessonState, Role
from tests.doors.calling import Programs, at_work

CARD = {
    "title": "מזינים את ההטבה לפני סיום השיחה", "steps": ["פותחים את המסך", "מזינים"], "say": "ההטבה הוזנה",
    "transfer_to": "אחמ״ש", "background": "לקוחה חויבה פעמיים",
}  # fmt: skip


@pytest.fixture
def lesson(programs: Programs) -> str:
    with at_work(programs.village) as village:
        kept = village.lesson(**CARD)
        found.keep(village.session, kept)
        draft = village.lesson(state=LessonState.DRAFT, title="ההטבה שעוד לא אומצה", owner_id=None, accepted_at=None)
        found.keep(village.session, draft)
        return kept.code


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_search_finds_what_may_be_read_and_says_why(programs: Programs, lesson: str) -> None:
    for path in ("/search?q=בהטבה", "/search?q=בהטבה&legs=words&limit=5"):
        items = programs.avi.get(path)["items"]
        assert [one["code"] for one in items] == [lesson]
    assert set(items[0]) == {"noun", "code", "title", "direction", "state", "question", "why", "score", "links"}
    assert items[0]["why"] == ["ההטבה"]
    assert items[0]["links"]["card"] == f"/api/v1/lessons/{lesson}/card.json"


def test_a_lesson_that_was_made_of_a_question_tells_which(programs: Programs, lesson: str) -> None:
    asked = programs.avi.post("/questions", {"text": "מתי מזינים את ההטבה?"})["code"]
    with at_work(programs.village) as village:
        ids = [village.session.scalar(sa.select(of.id)) for of in (Lesson, Question)]
        village.session.add(QuestionLesson(lesson_id=ids[0], question_id=ids[1]))
    (item,) = programs.avi.get("/search?q=ההטבה")["items"]
    assert (item["question"], item["links"]["question"]) == (asked, f"/api/v1/questions/{asked}")
    assert programs.yossi.get("/search?q=ההטבה")["items"][0]["question"] is None


@pytest.mark.parametrize("q", ['"', "*", "NEAR(", "a AND", "-", ":", "%25", "_", "\\", "א", "x" * 9000])
def test_no_question_breaks_the_search(programs: Programs, lesson: str, q: str) -> None:
    assert programs.avi.get(f"/search?q={q}").status == 200


@pytest.mark.parametrize("query", ["", "q=", "q=%20", "q=%00", "q=x&legs=dreams", "q=x&limit=0", "query=x"])
def test_a_search_that_asks_nothing_is_refused(programs: Programs, query: str) -> None:
    assert programs.avi.get(f"/search?{query}").status == 400


def test_a_customers_words_bring_the_lessons_that_answer_them(programs: Programs, lesson: str) -> None:
    told = programs.avi.post("/suggest", {"text": "הלקוחה אומרת שלא קיבלה את ההטבה שהובטחה לה בסיום השיחה", "limit": 3})
    assert [one["code"] for one in told["items"]] == [lesson]
    assert programs.avi.post("/suggest", {"text": ""}).status == 422
    assert programs.avi.post("/suggest", {"text": "הטבה " * 7000}).status == 200
    assert programs.avi.post("/suggest", {"text": "הטבה", "limit": 1000}).status == 422


# ── cases ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_case_comes_in_once_and_is_linked_to_the_lesson_it_shows(programs: Programs, lesson: str) -> None:
    sent = {"external_id": "CRM/77", "text": "חויבתי שוב", "channel": "phone", "customer_ref": "031234567"}
    case = programs.avi.post("/cases", sent)
    assert (case.status, programs.avi.post("/cases", sent).status) == (201, 200)
    assert not [name for name, value in case.body.items() if "031234567" in str(value)]
    linked = programs.avi.post(f"/cases/{case['id']}/match", {"lesson": lesson})
    assert (linked.status, linked["lessons"]) == (200, [lesson])
    assert programs.avi.get(f"/cases?lesson={lesson}")["items"][0]["external_id"] == "CRM/77"
    assert programs.ruth.get(f"/cases/{case['id']}").status == 404
    assert programs.avi.post(f"/cases/{case['id']}/match", {"lesson": "L-1999-0001"}).status == 422


def test_what_was_done_is_ready_to_be_pasted(programs: Programs, lesson: str) -> None:
    case = programs.avi.post("/cases", {"external_id": "77", "text": "חויבתי שוב"})["id"]
    hebrew = programs.avi.get(f"/cases/{case}/documentation?lesson={lesson}&lang=he")["text"]
    assert CARD["title"] in hebrew
    assert "1. פותחים את המסך" in hebrew
    english = programs.avi.get(f"/cases/77/documentation?lesson={lesson}&lang=en")
    assert english["text"].startswith(
        "Handled on \u20681.2.2026\u2069 according to card \u2068L-2026-0001\u2069, edition 1: מזינים"
    )
    assert programs.avi.get(f"/cases/{case}/documentation?lesson=nope").status == 404
    assert programs.avi.get(f"/cases/{case}/documentation?lesson={lesson}&lang=xx").status == 400


# ── cards ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_card_keeps_its_words_and_changes_its_labels(programs: Programs, lesson: str) -> None:
    hebrew, english = (programs.avi.get(f"/lessons/{lesson}/card.json?lang={lang}") for lang in ("he", "en"))
    assert (hebrew["words"]["steps"], english["words"]["steps"]) == ("מה עושים", "What we do")
    assert hebrew["title"] == english["title"] == CARD["title"]
    assert (english["text_lang"], english["text_dir"], english["steps"]) == ("he", "rtl", CARD["steps"])
    assert english["state_word"] == "new – not yet proven"
    short = programs.avi.get(f"/lessons/{lesson}")["short"]
    assert english["url"] == f"http://127.0.0.1:8000/c/{short}"
    chain = programs.avi.get(f"/lessons/{lesson}/events")["items"]
    assert chain[0]["hash"].startswith(english["seal"])


def test_a_card_is_printed(programs: Programs, lesson: str) -> None:
    card = programs.avi.get(f"/lessons/{lesson}/card.pdf?lang=he")
    assert (card.status, card.headers["Content-Type"], card.body[:5]) == (200, "application/pdf", b"%PDF-")
    assert f"{lesson}.pdf" in card.headers["Content-Disposition"]


def test_a_card_that_fits_no_page_is_refused_by_its_longest_text(programs: Programs, lesson: str) -> None:
    programs.yossi.patch(f"/lessons/{lesson}", {"say": "מקריאים ללקוח את הסכום הבא. " * 400})
    refused = programs.avi.get(f"/lessons/{lesson}/card.pdf")
    assert (refused.status, refused["unmet"][0]["guard"]) == (409, "one_page")


# ── people, units, topics, duties ────────────────────────────────────────────────────────────────────────────────────
def test_the_directory_is_read_by_everyone_and_shows_no_key(programs: Programs) -> None:
    dana = programs.avi.get("/people/dana@village.example")
    assert (dana["unit"], dana["roles"]) == ("RET", [{"role": "debrief_leader", "unit": "RET"}])
    assert not {"password_hash", "theme", "pid"} & set(dana.body)
    assert programs.avi.get(f"/people/{dana['id']}")["email"] == "dana@village.example"
    assert [one["code"] for one in programs.avi.get("/units?q=שימור")["items"]] == ["RET"]
    assert programs.avi.get("/units/ret")["parent"] == "CUS"
    assert len(programs.avi.get("/people?unit=RET&sort=name")["items"]) == 4
    assert programs.avi.get("/topics")["items"] == []


def test_duties_are_ones_own_and_managers_those_of_their_unit(programs: Programs) -> None:
    programs.avi.post("/debriefs", {"what_happened": "לקוחה חויבה פעמיים", "kind": "failure", "urgent": True})
    duty = programs.naomi.get("/duties?state=open")["items"][0]
    assert (duty["kind"], duty["of"], duty["role"], duty["state"]) == (
        "triage_debrief", "D-2026-0001", "lessons_manager", "open"
    )  # fmt: skip
    assert duty["links"]["item"] == "/api/v1/debriefs/D-2026-0001"
    assert programs.michal.get("/duties")["items"][0]["id"] == duty["id"]
    assert programs.avi.get("/duties")["items"] == []
    programs.clock.forward(days=5)
    assert programs.naomi.get("/duties?overdue=true")["items"][0]["overdue"]
    assert programs.naomi.get("/duties?state=fulfilled")["items"] == []


# ── the description ──────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def told(programs: Programs) -> dict[str, Any]:
    answer: dict[str, Any] = programs.nobody().get("/openapi.json").body
    return answer


def test_the_description_names_every_step_with_its_fields(told: dict[str, Any]) -> None:
    for noun, life in LIVES.items():
        for step in life.steps:
            if step.by_people:
                operation = told["paths"][f"/{noun}/{{code}}/{step.trigger}"]["post"]
                schema = (
                    operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
                )
                assert schema.get("$ref", "").rsplit("/", 1)[-1] == (step.asks.__name__ if step.asks else "")


def test_the_description_holds_together(told: dict[str, Any]) -> None:
    refs = set(re.findall(r'"\$ref": "#/components/(\w+)/([\w.]+)"', _text(told)))
    assert all(name in told["components"][kind] for kind, name in refs)
    names = [one["operationId"] for path in told["paths"].values() for one in path.values()]
    assert len(names) == len(set(names))
    for path, operations in told["paths"].items():
        for one in operations.values():
            declared = {p["name"] for p in one.get("parameters", []) if p["in"] == "path"}
            assert declared == set(re.findall(r"{(\w+)}", path)), path
    assert told["openapi"] == "3.1.0"


def _text(value: Any) -> str:
    import json

    return json.dumps(value)


def test_every_address_that_is_described_is_there(programs: Programs, told: dict[str, Any]) -> None:
    for path, operations in told["paths"].items():
        for method in operations:
            answer = programs.avi.call(method.upper(), re.sub(r"{\w+}", "nothing", path).rstrip("/"))
            assert answer.status != 405, (method, path)


def test_a_program_asks_what_can_be_asked(programs: Programs) -> None:
    told = programs.avi.get("")
    assert set(told["nouns"]) >= set(RECORDS) | {"people", "units", "topics", "duties", "cases"}
    assert told["you"] == {"person": "avi@village.example", "scope": "write"}
    for noun, one in told["nouns"].items():
        assert programs.gideon.get(f"/{noun}?sort={one['sorts'][0]}").status == 200


def test_the_description_is_a_page_for_people_too(programs: Programs) -> None:
    page = programs.app.test_client().get("/api/docs", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert "/api/v1/lessons/{code}/accept" in text
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)


def test_administrators_add_units_and_people(programs: Programs) -> None:
    with at_work(programs.village) as village:
        village.grant(village.gideon, Role.ADMIN, "CUS")
    assert programs.naomi.post("/units", {"cod": 1}).status == 403
    unit = programs.gideon.post("/units", {"code": "INS", "name": "צוות ביטוח", "parent": "CUS"})
    assert (unit.status, unit["parent"], unit.headers["Location"]) == (201, "CUS", "/api/v1/units/INS")
    sent = {"who": "4417", "name": "ליאור מזרחי", "unit": "INS", "roles": [{"role": "agent", "unit": "INS"}]}
    person = programs.gideon.post("/people", sent)
    assert (person.status, person["number"], person["roles"]) == (201, "4417", sent["roles"])
    assert programs.gideon.post("/people", sent).status == 422
    assert programs.avi.get("/people/4417")["name"] == "ליאור מזרחי"


def test_only_who_keeps_procedures_makes_one_whatever_is_sent(programs: Programs) -> None:
    assert programs.avi.post("/procedures", {"titel": 1}).status == 403
    sent = {"title": "נוהל שימור", "owner": "hila@village.example", "approver": "ilan@village.example", "unit": "RET"}
    made = programs.hila.post("/procedures", sent)
    assert (made.status, made["code"], made["policy_kind"], made["in_force"]) == (201, "P-0001", "procedure", None)


def test_cards_are_printed_so_many_a_minute_and_what_was_printed_is_found(
    programs: Programs, lesson: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lessons.doors.cards.PRINTED_A_MINUTE", 1)
    page = f"/lessons/{lesson}/card.pdf?lang="
    assert [programs.avi.get(f"{page}{lang}").status for lang in ("he", "en", "he")] == [200, 429, 200]

"""What programs are told about records, and how they make, change and list them."""

from __future__ import annotations

import hashlib
import json
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.doors.files import clean_name
from lessons.models import RECORDS, Debrief
from lessons.repository import found
from tests.doors.calling import Programs, at_work
from tests.walking import LATER, LINK, REASON, Walk, mail

REPORT = {"what_happened": "לקוחה חויבה פעמיים אחרי שיחת שימור", "kind": "failure"}


def walked(programs: Programs, noun: str, state: str) -> str:
    """The code of a new record in that state; the clock shows the day on which it got there."""
    with at_work(programs.village) as village:
        walk = Walk(village, programs.clock.at)
        code: str = walk.record(noun, state).code
    programs.clock.at = walk.at
    return code


# ── records ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_report_is_answered_with_its_code_and_address(programs: Programs) -> None:
    answer = programs.avi.post("/debriefs", REPORT)
    assert answer.status == 201
    assert answer.headers["Location"] == f"/api/v1/debriefs/{answer['code']}"
    assert (answer["code"], answer["state"], answer["version"]) == ("D-2026-0001", "reported", 1)


def test_an_item_tells_every_field_by_the_names_that_may_be_sent(programs: Programs) -> None:
    code = programs.avi.post("/debriefs", REPORT)["code"]
    item = programs.naomi.get(f"/debriefs/{code}")
    expected = {
        "reporter": mail("avi"),
        "unit": "RET",
        "kind": "failure",
        "language": "he",
        "created_at": "2026-02-01T08:00:00Z",
    }
    assert {name: item[name] for name in expected} == expected
    assert item["links"]["self"] == f"/api/v1/debriefs/{code}"
    assert item.headers["ETag"] == '"1"'
    names = {name for names in _names(item.body) for name in [names]}
    assert not {"id", "tracking_hash", "event_hash", "reporter_id"} & names


def _names(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {name for one in value.values() for name in _names(one)} - {"id"}
    return {name for one in value for name in _names(one)} if isinstance(value, list) else set()


@pytest.mark.parametrize("noun", RECORDS)
def test_every_noun_is_listed_and_read_with_its_steps(programs: Programs, noun: str) -> None:
    states = {"debriefs": "investigating", "procedures": "kept", "revisions": "approved", "briefings": "open",
              "verifications": "scheduled", "news": "live", "questions": "asked",
              "sentences": "live"}  # fmt: skip
    code = walked(programs, noun, states.get(noun, {"actions": "done", "lessons": "implementing"}.get(noun, "")))
    listed = programs.gideon.get(f"/{noun}?sort=created")["items"]
    assert code in [one["code"] for one in listed]
    item = programs.michal.get(f"/{noun}/{code}")
    assert item.status == 200
    assert all(set(one) == {"name", "open", "unmet", "asks"} for one in item["triggers"])
    shared = {name for name in listed[-1] if name not in ("open", "view", "links")}
    assert shared <= set(item.body)


def test_a_list_names_open_steps_alone_and_a_single_item_what_the_others_lack(programs: Programs) -> None:
    code = walked(programs, "debriefs", "investigating")
    item = programs.dana.get(f"/debriefs/{code}")
    steps = {one["name"]: one for one in item["triggers"]}
    assert not steps["submit"]["open"]
    assert "expected_is_told" in [one["guard"] for one in steps["submit"]["unmet"]]
    assert steps["assign"]["asks"] == ["text", "done_when", "kind", "owner", "due_on", "covers"]
    listed = programs.dana.get("/debriefs")["items"][0]
    assert set(listed["open"]) == {name for name, one in steps.items() if one["open"]}


def test_words_are_said_in_the_language_that_is_asked_for(programs: Programs) -> None:
    code = walked(programs, "debriefs", "investigating")
    said = {}
    for locale in ("he", "en"):
        item = programs.dana.get(f"/debriefs/{code}", headers={"Accept-Language": locale})
        said[locale] = next(one for one in item["triggers"] if one["name"] == "submit")["unmet"][0]["message"]
    assert said["en"] == "To send it for review, what should have happened is missing."
    assert "חסר" in said["he"]


def test_a_step_answers_with_the_item_and_the_item_tells_what_it_asked(programs: Programs) -> None:
    code = programs.avi.post("/debriefs", REPORT)["code"]
    opened = programs.naomi.post(
        f"/debriefs/{code}/open", {"leader": mail("dana"), "reviewer": mail("naomi"), "path": "full"}
    )
    assert (opened.status, opened["state"], opened["leader"], opened["version"]) == (
        200,
        "investigating",
        mail("dana"),
        2,
    )
    assert opened["dates"][0]["how"] == "opened"


def test_what_is_read_may_be_changed_and_sent_back(programs: Programs) -> None:
    code = walked(programs, "debriefs", "investigating")
    changed = programs.dana.patch(f"/debriefs/{code}", {"expected": "חיוב אחד"})
    assert (changed.status, changed["expected"], changed["version"]) == (200, "חיוב אחד", 3)


def test_parts_are_added_changed_and_taken_out_by_their_ids(programs: Programs) -> None:
    code = walked(programs, "debriefs", "investigating")
    fact = programs.dana.post(f"/debriefs/{code}/facts", {"text": "היא התקשרה", "at": "2026-01-29T10:00:00+02:00"})
    assert (fact.status, fact["at"]) == (201, "2026-01-29T08:00:00Z")
    finding = programs.dana.post(f"/debriefs/{code}/findings", {"text": "ההטבה לא הוזנה"})
    cause = programs.dana.post(f"/findings/{finding['id']}/causes", {"text": "אין שדה", "root": True})
    assert (cause.status, cause["kind"], cause["root"], cause["finding"]) == (201, "system", True, finding["id"])
    assert programs.dana.patch(f"/facts/{fact['id']}", {"text": "התקשרה שוב"})["text"] == "התקשרה שוב"
    waived = programs.dana.post(f"/causes/{cause['id']}/no_action", {"reason": REASON})
    assert waived["no_action"]["by"] == mail("dana")
    item = programs.dana.get(f"/debriefs/{code}")
    assert [one["id"] for one in item["facts"]] == [fact["id"]]
    assert [one["id"] for one in item["findings"][0]["causes"]] == [cause["id"]]
    assert programs.dana.delete(f"/facts/{fact['id']}").status == 204
    assert programs.dana.get(f"/debriefs/{code}")["facts"] == []


def test_parts_belong_to_the_leader_and_to_the_inquiry(programs: Programs) -> None:
    code = walked(programs, "debriefs", "investigating")
    fact = programs.dana.post(f"/debriefs/{code}/facts", {"text": "היא התקשרה"})
    assert programs.naomi.patch(f"/facts/{fact['id']}", {"text": "אחרת"}).status == 403
    assert programs.rana.patch(f"/facts/{fact['id']}", {"text": "אחרת"}).status == 404
    assert programs.dana.patch("/facts/22222222", {"text": "אחרת"}).status == 404
    programs.naomi.post(f"/debriefs/{code}/decline", {"reason": REASON})
    assert programs.dana.delete(f"/facts/{fact['id']}").status == 409


def test_a_lesson_takes_actions_a_plan_and_a_briefing_each_a_record_of_its_own(programs: Programs) -> None:
    lesson = walked(programs, "lessons", "accepted")
    action = programs.naomi.post(f"/lessons/{lesson}/actions", {"text": "להוסיף שדה", "done_when": "השדה במסך",
                                                                "owner": mail("avi"), "due_on": LATER})  # fmt: skip
    assert (action.status, action["lesson"], action["owner"], action["overdue"]) == (201, lesson, mail("avi"), False)
    plan = programs.yossi.post(f"/lessons/{lesson}/verifications", {
        "method": "ספירה", "measure": "חיובים כפולים", "baseline": 14, "target": 2.0, "watch_days": 20,
        "verifier": mail("ruth"),
    })  # fmt: skip
    assert (plan.status, plan["baseline"], plan["verifier"], plan["baseline_unknown"]) == (201, 14, mail("ruth"), None)
    briefing = programs.yossi.post(f"/lessons/{lesson}/briefings", {})
    assert (briefing.status, briefing["subject"], briefing["acknowledged"]) == (201, lesson, 0)
    read = programs.dana.post(f"/briefings/{briefing['code']}/acknowledgements", {})
    assert (read.status, read["person"], read["right"]) == (201, mail("dana"), True)
    item = programs.yossi.get(f"/lessons/{lesson}")
    assert (item["actions"], item["verifications"], item["briefings"]) == (
        [action["code"]], [plan["code"]], [briefing["code"]]
    )  # fmt: skip


def test_a_wrong_answer_shows_the_passage_and_is_asked_again(programs: Programs) -> None:
    lesson = walked(programs, "lessons", "accepted")
    check = {"question": "מתי מזינים?", "answers": ["לפני סיום השיחה", "למחרת"], "right": 0}
    code = programs.yossi.post(f"/lessons/{lesson}/briefings", {"check": check})["code"]
    assert "right" not in programs.avi.get(f"/briefings/{code}")["check"]
    wrong = programs.avi.post(f"/briefings/{code}/acknowledgements", {"answer": 1})
    assert (wrong.status, wrong["right"], wrong["wrong"], wrong["acknowledged_at"]) == (200, False, 1, None)
    assert wrong["passage"]["lines"]
    assert programs.avi.post(f"/briefings/{code}/acknowledgements", {"answer": 0}).status == 201


def test_another_date_is_asked_for_and_granted_by_its_id(programs: Programs) -> None:
    action = walked(programs, "actions", "in_progress")
    asked = programs.avi.post(f"/actions/{action}/extensions", {"new_due_on": "2026-02-24", "reason": REASON})
    assert (asked.status, asked["state"], asked["new_due_on"]) == (201, "asked", "2026-02-24")
    assert programs.avi.post(f"/extensions/{asked['id']}/grant", {}).status == 403
    granted = programs.naomi.post(f"/extensions/{asked['id']}/grant", {})
    assert (granted.status, granted["state"]) == (200, "granted")
    item = programs.avi.get(f"/actions/{action}")
    assert (item["due_on"], item["first_due_on"], item["extension_count"]) == ("2026-02-24", LATER, 1)
    assert item["extensions"][0]["late"] is False
    assert programs.naomi.post(f"/extensions/{asked['id']}/deny", {}).status == 409


def test_evidence_may_be_a_file_that_was_attached(programs: Programs) -> None:
    action = walked(programs, "actions", "in_progress")
    file = programs.avi.call(
        "POST", f"/actions/{action}/attachments", data={"file": (_bytes(b"%PDF-1.7 x"), "../צילום.pdf")}
    )
    assert (file.status, file["name"], file["media_type"]) == (201, "צילום.pdf", "application/pdf")
    kept = programs.naomi.get(f"/attachments/{file['id']}")
    assert (kept.status, kept.body) == (200, b"%PDF-1.7 x")
    assert kept.headers["Content-Disposition"].startswith("attachment; ")
    assert programs.rana.get(f"/attachments/{file['id']}").status == 404
    proof = programs.avi.post(f"/actions/{action}/evidence", {"kind": "file", "file": file["id"]})
    assert (proof.status, proof["attachment"]) == (201, file["id"])
    assert programs.avi.post(f"/actions/{action}/report_done", {})["state"] == "done"


def _bytes(data: bytes) -> Any:
    return BytesIO(data)


def test_whoever_may_not_write_here_attaches_nothing(programs: Programs) -> None:
    action = walked(programs, "actions", "in_progress")
    answer = programs.gideon.call("POST", f"/actions/{action}/attachments", data={"file": (_bytes(b"x"), "x")})
    assert answer.status == 403
    empty = programs.avi.call("POST", f"/actions/{action}/attachments", data={"file": (_bytes(b""), "x")})
    assert (empty.status, empty["errors"][0]["pointer"]) == (422, "/file")


SHOWN = {
    "../../etc/passwd": "passwd", "a\u202egpj.exe": "agpj.exe", "CON.txt": "CON.txt", "..": "file",
    "שם ארוך " * 40 + ".png": None,
}  # fmt: skip


@pytest.mark.parametrize("sent", SHOWN)
def test_a_file_is_kept_under_our_own_name_and_shown_by_a_clean_one(programs: Programs, sent: str) -> None:
    action = walked(programs, "actions", "in_progress")
    file = programs.avi.call("POST", f"/actions/{action}/attachments", data={"file": (_bytes(b"x"), sent)})
    assert file.status == 201
    assert len(file["name"]) <= 120
    assert SHOWN[sent] in (None, file["name"])
    kept = programs.avi.get(f"/attachments/{file['id']}")
    told = kept.headers["Content-Disposition"]
    assert quote(file["name"], safe="") in told
    assert told.isascii()
    assert kept.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(("sent", "shown"), [("C:\\x\\דוח.pdf", "דוח.pdf"), ("x\r\ny\0.txt", "xy.txt"), ("/", "file")])
def test_no_name_leaves_its_folder_or_its_line(sent: str, shown: str) -> None:
    assert clean_name(sent) == shown


def test_a_part_is_read_by_whoever_may_read_the_words_around_it(programs: Programs) -> None:
    code = walked(programs, "debriefs", "investigating")
    fact = programs.dana.post(f"/debriefs/{code}/facts", {"text": "היא התקשרה"})
    assert programs.naomi.get(fact["links"]["self"].removeprefix("/api/v1"))["text"] == "היא התקשרה"
    for outside in (programs.avi, programs.rana):  # who reported sees the state alone
        assert outside.get(f"/facts/{fact['id']}").status == 404
        assert outside.patch(f"/facts/{fact['id']}", {"text": "אחרת"}).status == 404


def test_a_relation_is_handed_over_and_both_names_stay(programs: Programs) -> None:
    lesson = walked(programs, "lessons", "accepted")
    handed = programs.ilan.post(
        f"/lessons/{lesson}/hand_over", {"relation": "owner", "to": mail("rana"), "reason": REASON}
    )
    assert (handed.status, handed["owner"]) == (200, mail("rana"))
    last = programs.ilan.get(f"/lessons/{lesson}/events")["items"][-1]
    assert (last["private"]["from"], last["private"]["to"]) == (mail("yossi"), mail("rana"))


# ── many at once ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_several_lessons_are_accepted_together(programs: Programs) -> None:
    codes = [walked(programs, "lessons", "proposed") for _ in range(2)]
    answer = programs.naomi.post(
        "/lessons/accept", {"items": [{"lesson": code, "owner": mail("yossi")} for code in codes]}
    )
    assert (answer.status, [one["state"] for one in answer["items"]]) == (200, ["accepted"] * 2)


def test_of_several_lessons_all_or_none_are_accepted(programs: Programs) -> None:
    good, bad = walked(programs, "lessons", "proposed"), walked(programs, "lessons", "accepted")
    items = [{"lesson": code, "owner": mail("yossi")} for code in (good, bad)]
    answer = programs.naomi.post("/lessons/accept", {"items": items})
    assert answer.status == 409
    assert bad in answer["unmet"][0]["message"]
    fields = programs.naomi.post("/lessons/accept", {"items": [{"lesson": good, "owner": mail("yossi"), "levl": 2}]})
    assert (fields.status, fields["errors"][0]["pointer"]) == (422, "/items/0/levl")
    assert programs.naomi.get(f"/lessons/{good}")["state"] == "proposed"


def test_several_actions_are_confirmed_together_or_not_at_all(programs: Programs) -> None:
    done, begun = walked(programs, "actions", "done"), walked(programs, "actions", "in_progress")
    refused = programs.naomi.post("/actions/confirm", {"items": [done, begun]})
    assert (refused.status, programs.naomi.get(f"/actions/{done}")["state"]) == (409, "done")
    confirmed = programs.naomi.post("/actions/confirm", {"items": [{"action": done}]})
    assert (confirmed.status, confirmed["items"][0]["state"]) == (200, "confirmed")
    assert programs.rana.post("/actions/confirm", {"items": [done]}).status == 422


def test_several_lessons_are_rejected_together_each_with_its_reason(programs: Programs) -> None:
    codes = [walked(programs, "lessons", "proposed") for _ in range(2)]
    items = [{"lesson": code, "reason": f"{code} is known already."} for code in codes]
    refused = programs.naomi.post("/lessons/reject", {"items": [items[0], {"lesson": codes[1]}]})
    assert (refused.status, refused["errors"][0]["pointer"]) == (422, "/items/1/reason")
    assert programs.naomi.get(f"/lessons/{codes[0]}")["state"] == "proposed"
    answer = programs.naomi.post("/lessons/reject", {"items": items})
    assert (answer.status, [one["state"] for one in answer["items"]]) == (200, ["rejected"] * 2)


def test_several_actions_are_reported_done_together_or_not_at_all(programs: Programs) -> None:
    begun, done = walked(programs, "actions", "in_progress"), walked(programs, "actions", "done")
    shown = {"evidence": {"kind": "link", "url": "https://village.example/screen"}}
    refused = programs.avi.post(
        "/actions/report_done", {"items": [{"action": code, **shown} for code in (begun, done)]}
    )
    assert (refused.status, programs.avi.get(f"/actions/{begun}")["state"]) == (409, "in_progress")
    answer = programs.avi.post("/actions/report_done", {"items": [{"action": begun, **shown}]})
    assert (answer.status, answer["items"][0]["state"]) == (200, "done")
    other = walked(programs, "actions", "in_progress")
    assert programs.yossi.post("/actions/report_done", {"items": [{"action": other, **shown}]}).status == 403


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_pages_follow_each_other_without_gap_or_repeat(programs: Programs) -> None:
    with at_work(programs.village) as village:
        made = [village.lesson(title=f"לקח {n}").code for n in range(7)]
    for sort in ("created", "-created", "changed_at", "-review_on"):
        seen, path = [], f"/lessons?limit=3&sort={sort}"
        page = programs.avi.get(path)
        while True:
            seen += [one["code"] for one in page["items"]]
            if page["next"] is None:
                break
            page = programs.avi.get(f"{path}&cursor={page['next']}")
        assert seen == (made[::-1] if sort.startswith("-") else made)


def test_lists_are_narrowed_by_state_unit_owner_and_words(programs: Programs) -> None:
    with at_work(programs.village) as village:
        mine = village.lesson()
        other = village.lesson(
            title="מקריאים את הסכום", unit_id=village.units["SRV"].id, owner_id=village.rana.id, severity=4
        )
        for lesson in (mine, other):
            found.keep(village.session, lesson)
    for query, codes in {
        "unit=SRV": [other.code],
        "unit=CUS": [other.code, mine.code],
        f"owner={mail('yossi')}": [mine.code],
        "q=והסכום": [other.code],
        "severity=4": [other.code],
        "state=draft,verified": [],
        "state=accepted&state=draft": [other.code, mine.code],
        "direction=do&overdue=false": [other.code, mine.code],
    }.items():
        assert [one["code"] for one in programs.avi.get(f"/lessons?{query}")["items"]] == codes, query
    assert programs.rana.get("/lessons?owner=me")["items"][0]["code"] == other.code


def test_a_list_costs_the_same_number_of_queries_for_one_row_and_for_twenty(programs: Programs) -> None:
    codes = {noun: walked(programs, noun, state) for noun, state in
             (("lessons", "implementing"), ("debriefs", "investigating"), ("briefings", "open"))}  # fmt: skip
    programs.naomi.get("/duties")  # that the token was used is noted once in ten minutes
    few = {noun: _queries(programs, noun) for noun in (*codes, "actions", "verifications")}
    for _ in range(3):
        for noun, state in (("lessons", "implementing"), ("debriefs", "investigating"), ("briefings", "open")):
            walked(programs, noun, state)
    assert {noun: _queries(programs, noun) for noun in few} == few


def _queries(programs: Programs, noun: str) -> int:
    counted: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        counted.append(statement)

    sa.event.listen(db.engine(), "before_cursor_execute", note)
    try:
        assert programs.naomi.get(f"/{noun}?limit=200")["items"]
    finally:
        sa.event.remove(db.engine(), "before_cursor_execute", note)
    return len(counted)


ASTRAY = (
    "cursor=abc", "cursor=WzFd.x", "limit=0", "limit=-1", "limit=abc", "sort=id;drop", "stat=draft", "state=drafty",
    "severity=9", "owner=nobody", "unit=NOWHERE", "overdue=perhaps", "limit=1&limit=2", "debrief=D-1999-0001",
)  # fmt: skip


@pytest.mark.parametrize("query", ASTRAY)
def test_a_question_that_cannot_be_meant_is_refused_and_named(programs: Programs, query: str) -> None:
    answer = programs.avi.get(f"/lessons?{query}")
    assert answer.status == 400
    assert answer["errors"][0]["pointer"] == "/" + query.split("=", maxsplit=1)[0]


def test_a_limit_is_clamped_and_a_cursor_belongs_to_its_own_list(programs: Programs) -> None:
    with at_work(programs.village) as village:
        for _ in range(2):
            village.lesson()
    assert programs.avi.get("/lessons?limit=1000000000").status == 200
    cursor = programs.avi.get("/lessons?limit=1")["next"]
    assert programs.avi.get(f"/lessons?limit=1&sort=created&cursor={cursor}").status == 400
    assert programs.avi.get(f"/debriefs?cursor={cursor}").status == 400


def test_an_overdue_action_is_found_by_its_date(programs: Programs) -> None:
    code = walked(programs, "actions", "in_progress")
    assert programs.avi.get("/actions?overdue=true")["items"] == []
    programs.clock.forward(days=20)
    late = programs.avi.get("/actions?overdue=true")["items"]
    assert [(one["code"], one["overdue"]) for one in late] == [(code, True)]


# ── what is not for everyone ─────────────────────────────────────────────────────────────────────────────────────────
def test_a_confidential_debrief_is_a_header_to_management_and_no_answer_to_questions(programs: Programs) -> None:
    made = programs.avi.post("/debriefs", REPORT | {"confidential": True, "title": "לחץ יעדים"})
    code = made["code"]
    programs.naomi.post(f"/debriefs/{code}/open", {"leader": mail("dana"), "reviewer": mail("ruth"), "path": "full"})
    header = programs.naomi.get(f"/debriefs/{code}")
    assert (header["view"], header["leader"]) == ("header", mail("dana"))
    assert {"what_happened", "facts", "title"} & set(header.body) == set()
    assert [one["code"] for one in programs.naomi.get("/debriefs")["items"]] == [code]
    for query in ("q=יעדים", "kind=failure", "severity=2"):
        assert programs.naomi.get(f"/debriefs?{query}")["items"] == []
        assert programs.dana.get("/debriefs?kind=failure")["items"][0]["title"] == "לחץ יעדים"
    event = programs.naomi.get(f"/debriefs/{code}/events")["items"][0]
    assert {"facts", "private"} & set(event) == set()
    assert "facts" not in programs.naomi.get("/changes")["items"][0]
    assert programs.rana.get(f"/debriefs/{code}").status == 404


def test_a_reporter_sees_the_state_and_the_lessons(programs: Programs) -> None:
    debrief = walked(programs, "debriefs", "issued")
    item = programs.avi.get(f"/debriefs/{debrief}")
    assert (item["view"], item["state"], item["lessons"]) == ("reporter", "issued", [])
    lesson = programs.naomi.get("/lessons")["items"][0]["code"]
    programs.naomi.post(f"/lessons/{lesson}/accept", {"owner": mail("yossi")})
    assert programs.avi.get(f"/debriefs/{debrief}")["lessons"] == [lesson]


def test_an_anonymous_report_that_is_sent_again_is_known_by_its_code_and_keeps_no_name(programs: Programs) -> None:
    key = {"Idempotency-Key": "anonymous-1"}
    first = programs.avi.post("/debriefs", REPORT | {"anonymous": True}, headers=key)
    again = programs.avi.post("/debriefs", REPORT | {"anonymous": True}, headers=key)
    assert first["tracking_code"] == again["tracking_code"] != ""
    assert first["code"] == again["code"]
    item = programs.naomi.get(f"/debriefs/{first['code']}")
    assert (item["reporter"], item["anonymous"]) == (None, True)
    assert programs.avi.get(f"/debriefs/{first['code']}").status == 404


# ── history ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_history_can_be_checked_without_us(programs: Programs) -> None:
    code = walked(programs, "lessons", "watching")
    told = programs.gideon.get(f"/lessons/{code}/events")
    previous = ""
    for n, event in enumerate(told["items"], 1):
        assert (event["n"], event["previous"]) == (n, previous)
        assert hashlib.sha256(event["body"].encode()).hexdigest() == event["hash"]
        assert json.loads(event["body"])["trigger"] == event["trigger"]
        previous = event["hash"]
    assert told["head"] == {"n": len(told["items"]), "hash": previous}


def test_reasons_are_read_by_whoever_works_on_it_and_by_no_mere_reader(programs: Programs) -> None:
    code = walked(programs, "lessons", "accepted")
    programs.ilan.post(f"/lessons/{code}/accept_risk", {"reason": REASON})
    assert programs.yossi.get(f"/lessons/{code}/events")["items"][-1]["private"] == {"reason": REASON}
    outside = programs.rana.get(f"/lessons/{code}/events")["items"][-1]
    assert (outside.get("private"), outside["actor"]) == (None, "person")


def test_the_feed_tells_every_event_once(programs: Programs) -> None:
    walked(programs, "lessons", "watching")
    seen: list[tuple[str, int]] = []
    after = ""
    while True:
        page = programs.gideon.get(f"/changes?limit=7{after}")
        seen += [(one["code"], one["n"]) for one in page["items"]]
        after = f"&after={page['next']}"
        if not page["more"]:
            break
    assert len(seen) == len(set(seen)) > 20
    assert programs.gideon.get(f"/changes?limit=7{after}")["items"] == []
    programs.avi.post("/debriefs", REPORT)
    assert [one["trigger"] for one in programs.gideon.get(f"/changes?limit=7{after}")["items"]] == ["report"]
    assert programs.rana.get("/changes?after=x").status == 400


@pytest.mark.only("postgresql")
def test_what_commits_late_comes_later_and_not_never(programs: Programs) -> None:
    with at_work(programs.village) as slow:
        slow.lesson()
        programs.avi.post("/debriefs", REPORT)
        early = programs.gideon.get("/changes")
        assert early["items"] == []
    late = programs.gideon.get(f"/changes?after={early['next']}")["items"]
    assert [one["noun"] for one in late] == ["lessons", "debriefs"]


def test_done_work_may_be_recorded_with_a_link_alone(programs: Programs) -> None:
    action = walked(programs, "actions", "assigned")
    assert programs.avi.post(f"/actions/{action}/report_done", {"evidence": LINK})["evidence"][0]["url"] == LINK["url"]


def test_what_came_of_a_confidential_debrief_shows_no_way_back_to_it(programs: Programs) -> None:
    code = programs.avi.post("/debriefs", REPORT | {"confidential": True})["code"]
    programs.naomi.post(f"/debriefs/{code}/open", {"leader": mail("dana"), "reviewer": mail("ruth"), "path": "full"})
    with at_work(programs.village) as village:
        walk = Walk(village)
        debrief = village.session.scalars(sa.select(Debrief)).one()
        walk.inquire(debrief)
        walk.do(debrief, "submit", "dana")
        walk.do(debrief, "issue", "ruth")
        lesson = walk.lesson_of(debrief).code
    seen = {who: getattr(programs, who).get(f"/lessons/{lesson}") for who in ("dana", "naomi", "gideon")}
    assert {who: item["debrief"] for who, item in seen.items()} == {"dana": code, "naomi": None, "gideon": code}
    assert seen["naomi"]["finding"] is None
    assert programs.naomi.get(f"/lessons?debrief={code}")["items"] == []
    assert programs.dana.get(f"/lessons?debrief={code}")["items"][0]["code"] == lesson

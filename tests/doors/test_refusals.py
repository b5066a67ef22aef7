"""What programs get wrong, and how they are told: rows 27 to 37 of the bad inputs, and in which order it is said."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.app import create_app
from lessons.models import Debrief, Event
from lessons.settings import Settings
from tests.doors.calling import Clock, Programs, at_work, settled
from tests.village import AT
from tests.walking import REASON, Walk, mail

REPORT: dict[str, Any] = {"what_happened": "לקוחה חויבה פעמיים אחרי שיחת שימור", "kind": "failure"}
BODIES = {
    "no JSON": b"{what}",
    "a list": b"[1]",
    "a word": b'"x"',
    "with a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"kind":"failure"}'.encode("utf-16"),
    "a field twice": b'{"kind":"failure","kind":"success"}',
    "not a number": b'{"severity":NaN}',
    "endless": b'{"severity":1e400}',
    "10,000 deep": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "10,000 digits": b'{"severity":' + b"9" * 10_000 + b"}",
    "cut off": b'{"kind":"fail',
    "not UTF-8": b'{"kind":"\xff"}',
}


@pytest.fixture
def reported(programs: Programs) -> str:
    code: str = programs.avi.post("/debriefs", REPORT)["code"]
    return code


def _events() -> int:
    with db.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Event)) or 0


# ── 27, 28: what is no JSON ──────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("what", BODIES)
def test_a_body_that_is_no_strict_json_is_refused_at_once_with_a_sentence(programs: Programs, what: str) -> None:
    programs.avi.get("")  # whatever is made at the first call
    began = time.monotonic()
    answer = programs.avi.post("/debriefs", data=BODIES[what], content_type="application/json")
    assert time.monotonic() - began < 1
    assert (answer.status, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert answer["detail"]
    assert _events() == 0


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonx"])
@pytest.mark.only("sqlite")
def test_another_kind_of_content_is_refused(settings: Settings, clock: Clock, kind: str) -> None:
    app = create_app(settings)
    programs = Programs(app, clock, *settled())
    answer = programs.avi.post("/debriefs", data=json.dumps(REPORT).encode(), content_type=kind)
    assert answer.status == 415


# ── 29, 30, field by field ───────────────────────────────────────────────────────────────────────────────────────────
def test_an_unknown_field_is_named_with_the_nearest_right_name(programs: Programs) -> None:
    answer = programs.avi.post("/debriefs", REPORT | {"satus": 1, "titel": "x"}, headers={"Accept-Language": "en"})
    assert answer.status == 422
    told = {one["pointer"]: one["message"] for one in answer["errors"]}
    assert told["/titel"] == "There is no “titel” here. Perhaps “title” was meant."
    assert "/satus" in told


WRONG = (
    ("happened_on", 20260101), ("happened_on", "31/12/26"), ("happened_on", "2026-02-30"), ("urgent", "true"),
    ("urgent", 1), ("severity", 1.5), ("severity", "2"), ("severity", True), ("participants", "avi"),
    ("what_happened", 7), ("what_happened", "\u200f \u200b"), ("what_happened", None), ("kind", "disaster"),
    ("title", "x" * 301), ("title", "a\u0000b"), ("title", "\ud800"), ("unit", "NOWHERE"),
)  # fmt: skip


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_a_value_of_another_type_is_refused_by_its_field(programs: Programs, field: str, value: Any) -> None:
    answer = programs.avi.post("/debriefs", REPORT | {field: value})
    assert answer.status == 422
    assert answer["errors"][0]["pointer"].split("/")[1] == field
    assert answer["errors"][0]["message"]
    assert _events() == 0


@pytest.mark.parametrize(
    "field", ["state", "code", "author_id", "reporter", "unit_id", "is_admin", "created_at", "hash", "version"]
)
def test_what_the_product_writes_cannot_be_sent(programs: Programs, reported: str, field: str) -> None:
    assert programs.avi.post("/debriefs", REPORT | {field: "x"}).status == 422
    programs.naomi.post(f"/debriefs/{reported}/open", {"leader": mail("dana"), "severity": 2, "path": "quick"})
    before = programs.dana.get(f"/debriefs/{reported}").body
    assert programs.dana.patch(f"/debriefs/{reported}", {field: "x"}).status == 422
    assert programs.dana.get(f"/debriefs/{reported}").body == before


# ── 31, 32: sent again ───────────────────────────────────────────────────────────────────────────────────────────────
def test_five_at_once_with_one_key_make_one_and_are_answered_alike(programs: Programs) -> None:
    def send(_: int) -> Any:
        return programs.avi.post("/debriefs", REPORT, headers={"Idempotency-Key": "report-1"})

    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(send, range(5)))
    assert {one.status for one in answers} == {201}
    assert len({json.dumps(one.body) for one in answers}) == 1
    assert len({one.headers["Location"] for one in answers}) == 1
    with db.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Debrief)) == 1


def test_a_step_sent_again_is_answered_as_it_was(programs: Programs, reported: str) -> None:
    sent = {"leader": mail("dana"), "reviewer": mail("naomi"), "path": "full"}
    first, again = (
        programs.naomi.post(f"/debriefs/{reported}/open", sent, headers={"Idempotency-Key": "open-1"}) for _ in range(2)
    )
    assert (first.status, again.status, again.body, again.headers["ETag"]) == (200, 200, first.body, '"2"')


def test_one_key_is_for_one_request_of_one_person_for_a_day(programs: Programs) -> None:
    key = {"Idempotency-Key": "report-1"}
    first = programs.avi.post("/debriefs", REPORT, headers=key)
    assert programs.avi.post("/debriefs", REPORT | {"urgent": True}, headers=key).status == 422
    assert programs.rana.post("/debriefs", REPORT, headers=key)["code"] != first["code"]
    assert programs.avi.post("/debriefs", REPORT, headers={"Idempotency-Key": "x" * 300}).status == 400
    programs.clock.forward(hours=25)
    assert programs.avi.post("/debriefs", REPORT, headers=key)["code"] != first["code"]


def test_a_refusal_keeps_no_key(programs: Programs) -> None:
    key = {"Idempotency-Key": "report-1"}
    assert programs.avi.post("/debriefs", {"kind": "failure"}, headers=key).status == 422
    assert programs.avi.post("/debriefs", REPORT, headers=key).status == 201


# ── 33: versions ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_old_version_is_refused_with_the_present_one(programs: Programs, reported: str) -> None:
    step = f"/debriefs/{reported}/decline"
    for old in ('"7"', "7", "what"):
        answer = programs.naomi.post(step, {"reason": REASON}, headers={"If-Match": old})
        assert (answer.status, answer["version"]) == (412, 1)
    assert programs.naomi.post(step, {"reason": REASON}, headers={"If-Match": '"1"'}).status == 200


def test_refusals_come_in_one_order(programs: Programs, reported: str) -> None:
    step, stale = f"/debriefs/{reported}/submit", {"If-Match": '"7"'}
    bad = {"what": 1}
    assert programs.nobody().post(step, bad, headers=stale).status == 401
    assert programs.rana.post(step, bad, headers=stale).status == 404
    assert programs.naomi.post(step, bad, headers=stale).status == 403
    with at_work(programs.village) as village:
        walk = Walk(village)
        walk.do(village.session.scalars(sa.select(Debrief)).one(), "open", "naomi", leader=mail("dana"), path="quick")
    assert programs.dana.post(step, bad, headers=stale).status == 412
    assert programs.dana.post(step, bad).status == 409
    programs.dana.patch(
        f"/debriefs/{reported}", dict.fromkeys(("expected", "why", "differently"), "חיוב אחד") | {"direction": "do"}
    )
    assert programs.dana.post(step, bad).status == 422
    assert programs.dana.post(step, {}).status == 200


# ── 34: tokens ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_token_that_is_wrong_ended_or_only_reads_is_told_apart(programs: Programs, reported: str) -> None:
    with at_work(programs.village) as village:
        reader = village.token("naomi", "read")
        ended = village.token("naomi", expires_at=AT)
    assert programs.nobody("lsn_wrong").get("/debriefs").status == 401
    assert programs.nobody(ended).get("/debriefs").status == 401
    reads = programs.nobody(reader)
    assert reads.get(f"/debriefs/{reported}").status == 200
    assert reads.post("/suggest", {"text": "חיוב"}).status == 200
    refused = reads.post(f"/debriefs/{reported}/decline", {"reason": REASON})
    assert (refused.status, programs.naomi.get(f"/debriefs/{reported}")["state"]) == (403, "reported")


@pytest.mark.parametrize("name", ["token", "access_token", "Token", "api_key"])
def test_a_token_in_the_address_opens_nothing_and_is_not_logged(
    programs: Programs, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    secret = programs.tokens["avi"]
    assert programs.nobody().get(f"/debriefs?{name}={secret}").status == 401
    assert programs.avi.get(f"/debriefs?{name}={secret}").status == 401
    assert secret not in caplog.text


def test_what_is_taken_away_is_gone_with_the_next_call(programs: Programs) -> None:
    assert programs.dana.get("/people").status == 200
    with at_work(programs.village) as village:
        village.dana.closed_at = AT
        village.session.merge(village.dana)
    assert programs.dana.get("/people").status == 401


# ── 35, 36 are held in test_api.py ───────────────────────────────────────────────────────────────────────────────────
def test_of_a_thousand_at_once_one_that_is_not_there_stops_all(programs: Programs) -> None:
    items = [f"A-2026-{n:04}" for n in range(1000)]
    answer = programs.naomi.post("/actions/confirm", {"items": items})
    assert (answer.status, len(answer["errors"]), answer["errors"][999]["pointer"]) == (422, 1000, "/items/999/action")
    assert programs.naomi.post("/actions/confirm", {"items": [*items, "A-1"]})["errors"][0]["pointer"] == "/items"


# ── addresses, limits ────────────────────────────────────────────────────────────────────────────────────────────────
NOWHERE = (
    "/lessons/٣", "/lessons/007", "/lessons/%00", "/lessons/" + "x" * 10_000, "/nothing", "/facts/1", "/people/%00",
    "/cases/nope", "/attachments/x", "/lessons/L-2026-9999/card.pdf",
)  # fmt: skip


@pytest.mark.parametrize("path", NOWHERE)
def test_an_address_that_leads_nowhere_is_told_so(programs: Programs, path: str) -> None:
    answer = programs.avi.get(path)
    assert answer.status in {404, 405}
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["/debriefs/%00/open", "/facts/%00/x", "/findings/%00/causes", "/extensions/%00/grant", "/lessons/x/y"]
)
def test_a_step_of_what_is_not_there_is_not_there(programs: Programs, path: str) -> None:
    assert programs.avi.post(path, {}).status in {404, 405}


def test_what_an_address_does_not_take_is_refused_with_what_it_takes(programs: Programs, reported: str) -> None:
    answer = programs.avi.call("PUT", f"/debriefs/{reported}", {})
    assert answer.status == 405
    assert "PATCH" in answer.headers["Allow"]
    assert programs.naomi.post(f"/debriefs/{reported}/explode", {}).status == 404


def test_calls_are_counted_by_token_and_minute(settings: Settings, clock: Clock) -> None:
    app = create_app(replace(settings, api_writes=2, api_reads=4))
    programs = Programs(app, clock, *settled())
    assert [programs.avi.post("/debriefs", REPORT).status for _ in range(3)] == [201, 201, 429]
    assert [programs.avi.get("/lessons").status for _ in range(5)] == [200, 200, 200, 200, 429]
    answer = programs.avi.get("/lessons")
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert programs.dana.get("/lessons").status == 200
    clock.forward(minutes=1)
    assert programs.avi.get("/lessons").status == 200


def test_two_processes_count_together(settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lessons.web.counted.BUNDLES", {"read": 1, "write": 1})
    known = settled()
    one, other = (Programs(create_app(replace(settings, api_reads=4)), clock, *known) for _ in range(2))
    assert [one.avi.get("/lessons").status for _ in range(2)] == [200, 200]
    assert [other.avi.get("/lessons").status for _ in range(3)] == [200, 200, 429]


def test_reading_changes_nothing(programs: Programs) -> None:
    with at_work(programs.village) as village:
        walk = Walk(village)
        lesson = walk.record("lessons", "watching")
        programs.clock.at = walk.at + timedelta(hours=1)
    before = _events()
    own = [f"/lessons/{lesson.code}{rest}" for rest in ("", "/events", "/card.json")]
    for path in ("", "/lessons", *own, "/changes", "/search?q=הטבה", "/duties", "/openapi.json"):
        assert programs.gideon.get(path).status == 200
    assert _events() == before

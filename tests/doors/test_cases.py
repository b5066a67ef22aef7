"""A CRM sends its cases: one or thousands, each once, without what names the customer."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import sqlalchemy as sa

from lessons import db
from lessons.cases import due
from lessons.models import Case
from lessons.workflow.states import LessonState
from tests.doors.calling import Programs, at_work
from tests.village import AT, Village

TEXT = "חויבתי שוב, הטלפון שלי 054-1234567"


def case(n: int, **given: object) -> dict[str, object]:
    return {
        "external_id": f"CRM/{n}",
        "text": TEXT,
        "channel": "phone",
        "category": "חיוב / ציוד",
        "unit": "RET",
        **given,
    }


def counted() -> int:
    with db.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Case)) or 0


def test_a_case_is_kept_without_what_names_the_customer(programs: Programs) -> None:
    sent = case(1, customer_ref="C-778", text="ת״ז 123456782, dana@example.co.il, 4580 4580 4580 4580")
    kept = programs.avi.post("/cases", sent)
    assert (kept.status, kept["category"], kept["repeat"]) == (201, "חיוב/ציוד", False)
    assert not [part for part in ("123456782", "example.co.il", "4580") if part in kept["text"]]
    with db.reading() as session:
        row = session.scalars(sa.select(Case)).one()
        assert len(row.customer_hash) == 64
        assert row.customer_hash != hashlib.sha256(b"c-778").hexdigest()


def test_the_same_customer_again_within_seven_days_is_a_repeat(programs: Programs) -> None:
    days = {1: 0, 2: 6, 3: 14}
    for n, later in days.items():
        opened = (AT + timedelta(days=later)).isoformat()
        programs.avi.post("/cases", case(n, customer_ref=" c-9", opened_at=opened))
    programs.avi.post("/cases", case(4, customer_ref="C-10", opened_at=(AT + timedelta(days=1)).isoformat()))
    told = {one["external_id"]: one["repeat"] for one in programs.avi.get("/cases")["items"]}
    assert told == {"CRM/1": False, "CRM/2": True, "CRM/3": False, "CRM/4": False}


def test_thousands_come_in_at_once_and_each_once(programs: Programs) -> None:
    first = programs.avi.post("/cases", {"items": [case(n) for n in range(2500)]})
    assert (first.status, first["created"], len(first["items"])) == (201, 2500, 2500)
    again = programs.avi.post("/cases", {"items": [case(n) for n in (2501, 7, 2501)]})
    assert (again.status, again["created"]) == (201, 1)
    assert [one["created"] for one in again["items"]] == [True, False, True]
    assert again["items"][1]["id"] == first["items"][7]["id"]
    assert programs.avi.post("/cases", {"items": [case(7)]}).status == 200
    assert counted() == 2501


def test_all_come_in_or_none(programs: Programs) -> None:
    refused = programs.avi.post("/cases", {"items": [case(1), case(2, unit="NOPE"), {"external_id": "x"}]})
    assert refused.status == 422
    pointers = {one["pointer"] for one in refused["errors"]}
    assert pointers == {"/items/2/text"}
    assert (
        programs.avi.post("/cases", {"items": [case(1), case(2, unit="NOPE")]})["errors"][0]["pointer"]
        == "/items/1/unit"
    )
    assert programs.avi.post("/cases", {"items": []}).status == 422
    assert counted() == 0


def test_ten_thousand_are_taken_and_no_more(programs: Programs) -> None:
    most = {"items": [case(n, text="חויבתי שוב " * 20) for n in range(10_000)]}
    assert programs.avi.post("/cases", most)["created"] == 10_000
    assert programs.avi.post("/cases", {"items": [*most["items"], case(10_000)]}).status == 422


def test_an_id_of_another_unit_is_not_answered_with_its_case(programs: Programs) -> None:
    programs.avi.post("/cases", case(1))
    refused = programs.rana.post("/cases", case(1, unit="SRV"))
    assert (refused.status, refused["errors"][0]["pointer"]) == (422, "/external_id")
    assert programs.rana.post("/cases", {"items": [case(5), case(1)]})["errors"][0]["pointer"] == "/items/1/external_id"
    assert counted() == 1


def test_an_auditor_reads_cases_and_matches_none(programs: Programs) -> None:
    with at_work(programs.village) as village:
        lesson = village.lesson().code
    programs.avi.post("/cases", case(1))
    assert programs.gideon.get("/cases/CRM/1".replace("/CRM/1", "")).status == 200
    pid = programs.avi.get("/cases")["items"][0]["id"]
    assert programs.gideon.post(f"/cases/{pid}/match", {"lesson": lesson}).status == 403


def test_a_lesson_out_of_use_takes_no_case(programs: Programs) -> None:
    with at_work(programs.village) as village:
        lesson = village.lesson(state=LessonState.RETIRED).code
    pid = programs.avi.post("/cases", case(1))["id"]
    refused = programs.avi.post(f"/cases/{pid}/match", {"lesson": lesson})
    assert refused.status == 409


def test_the_text_is_erased_in_time_and_the_link_stays(programs: Programs) -> None:
    with at_work(programs.village) as village:
        lesson = village.lesson().code
    pid = programs.avi.post("/cases", case(1, customer_ref="C-1"))["id"]
    programs.avi.post(f"/cases/{pid}/match", {"lesson": lesson})
    with at_work(programs.village) as village:
        assert due.fall_due(village.session, at=AT + timedelta(days=365), limit=10) == 0
        assert due.fall_due(village.session, at=AT + timedelta(days=366), limit=10) == 1
        assert due.fall_due(village.session, at=AT + timedelta(days=366), limit=10) == 0
    told = programs.avi.get(f"/cases/{pid}")
    assert (told["text"], told["lessons"]) == ("", [lesson])
    assert programs.avi.post("/cases", case(1)).status == 200


def test_a_unit_may_keep_texts_for_a_shorter_time(programs: Programs) -> None:
    programs.avi.post("/cases", case(1))
    programs.rana.post("/cases", case(2, unit="SRV"))
    with at_work(programs.village) as village:
        _keep_for(village, "SRV", days=30)
    with at_work(programs.village) as village:
        assert due.fall_due(village.session, at=AT + timedelta(days=31), limit=10) == 1
    assert programs.rana.get("/cases")["items"][0]["text"] == ""
    assert programs.avi.get("/cases")["items"][0]["text"] != ""


def _keep_for(village: Village, code: str, *, days: int) -> None:
    unit = village.session.merge(village.units[code])
    unit.policy, unit.version = {"cases.text_days": days}, unit.version + 1
    village.session.add(unit)

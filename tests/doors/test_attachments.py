"""Files of records as programs add, name and take them out."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from tests.doors.calling import Answer, Program, Programs, at_work
from tests.photos import PDF, PROGRAM, photo
from tests.walking import Walk


@pytest.fixture
def debrief(programs: Programs) -> str:
    with at_work(programs.village) as village:
        code = Walk(village).record("debriefs", "investigating").code
    return f"/debriefs/{code}"


def attach(program: Program, record: str, data: bytes, name: str = "a.pdf", **more: Any) -> Answer:
    return program.call("POST", f"{record}/attachments", data={"file": (BytesIO(data), name), **more})


def test_a_file_of_a_debrief_is_added_with_its_words_and_told_in_its_history(programs: Programs, debrief: str) -> None:
    file = attach(programs.dana, debrief, PDF, "חשבון.pdf", caption="החשבון שנשלח")
    assert (file.status, file["name"], file["caption"]) == (201, "חשבון.pdf", "החשבון שנשלח")
    assert file.headers["Location"] == f"/api/v1/attachments/{file['id']}"
    assert programs.naomi.get(debrief)["attachments"] == [file.body]
    last = programs.dana.get(f"{debrief}/events")["items"][-1]
    told = [{"id": file["id"], "media_type": "application/pdf", "size": len(PDF)}]
    assert last["facts"] == {"part": "attachments", "what": "added", "files": told}
    assert [one["name"] for one in last["private"]["files"]] == ["חשבון.pdf"]


def test_a_field_that_is_not_known_and_a_program_are_refused(programs: Programs, debrief: str) -> None:
    answer = attach(programs.dana, debrief, PDF, note="x")
    assert (answer.status, answer["errors"][0]["pointer"]) == (422, "/note")
    answer = attach(programs.dana, debrief, PROGRAM, "tool.pdf")
    assert (answer.status, answer["errors"][0]["code"]) == (422, "program")
    assert attach(programs.naomi, debrief, PDF).status == 403
    assert attach(programs.rana, debrief, PDF).status == 404
    assert programs.naomi.get(debrief)["attachments"] == []


def test_the_words_are_changed_and_the_file_is_taken_out(programs: Programs, debrief: str) -> None:
    here = f"/attachments/{attach(programs.dana, debrief, photo(), 'a.jpg')['id']}"
    assert programs.naomi.patch(here, {"caption": "x"}).status == 403
    assert programs.dana.patch(here, {"name": "x"}).status == 422
    assert programs.dana.patch(here, {"caption": "מסך"})["caption"] == "מסך"
    assert (programs.naomi.delete(here).status, programs.rana.delete(here).status) == (403, 404)
    assert programs.dana.delete(here).status == 204
    assert programs.dana.get(here).status == 404
    told = [one["facts"] for one in programs.dana.get(f"{debrief}/events")["items"]][-2:]
    assert [one["what"] for one in told] == ["changed", "removed"]


def test_evidence_of_an_action_stays(programs: Programs) -> None:
    with at_work(programs.village) as village:
        action = f"/actions/{Walk(village).record('actions', 'in_progress').code}"
    here = f"/attachments/{attach(programs.avi, action, PDF)['id']}"
    answer = programs.avi.delete(here)
    assert (answer.status, "רק קבצים של תחקיר" in answer["detail"]) == (409, True)
    assert programs.avi.get(here).status == 200

"""Programs say what a reader says of a card, and ask what no card says."""

from __future__ import annotations

from tests.doors.calling import Programs, at_work
from tests.walking import Walk


def test_a_program_says_what_its_person_says_of_a_card(programs: Programs) -> None:
    with at_work(programs.village) as village:
        code = Walk(village).record("lessons", "accepted").code
    assert programs.avi.post(f"/lessons/{code}/feedback", {"verdict": "outdated"}).status == 422
    said = programs.avi.post(f"/lessons/{code}/feedback", {"verdict": "outdated", "reason": "terms_changed"})
    assert (said.status, said["verdict"], said["edition"]) == (201, "outdated", 1)
    assert programs.avi.get(f"/feedback/{said['id']}").status == 200
    assert programs.rana.get(f"/feedback/{said['id']}").status == 404
    told = programs.yossi.get(f"/lessons/{code}")["feedback"]
    assert told["counts"]["outdated"] == 1
    assert [one["id"] for one in told["waiting"]] == [said["id"]]
    assert "feedback" not in programs.avi.get(f"/lessons/{code}").body
    answered = programs.yossi.post(f"/lessons/{code}/answer_feedback", {"outcome": "thanked", "answer": "נבדק"})
    assert answered.status == 200
    assert "/lessons/{code}/feedback" in programs.avi.get("/openapi.json")["paths"]

"""Many at once, over a real server: one of the equal calls makes a record, one of two who differ is told no."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.models import Debrief, Event, Notice
from lessons.settings import Settings
from tests.doors.calling import at_work, settled
from tests.faults.conftest import Size
from tests.faults.reliability import Measured
from tests.faults.serving import WRITERS, Program, is_whole, served
from tests.walking import LINK, Walk, mail
from tests.walks.meeting import together

pytestmark = pytest.mark.faults  # fewer at once, without a server, are with every run: tests/walks/test_together.py
REPORT = {"what_happened": "לקוחה חויבה פעמיים", "kind": "failure"}


def test_of_many_equal_calls_at_once_one_makes_a_record(settings: Settings, size: Size, measured: Measured) -> None:
    _, tokens = settled()
    with served(settings) as running, ThreadPoolExecutor(size.equal_calls) as threads:
        call = Program(running.port, tokens["avi"]).call
        asked = [threads.submit(call, "POST", "/api/v1/debriefs", REPORT, Idempotency_Key="one")
                 for _ in range(size.equal_calls)]  # fmt: skip
        answers = [one.result() for one in asked]
    assert {status for status, _ in answers} == {201}
    assert len({told["code"] for _, told in answers}) == 1
    with db.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Debrief)) == 1
    measured(f"{size.equal_calls} calls at once: one record, {size.equal_calls} equal answers")


def test_of_two_who_edit_or_decide_at_once_one_is_told_no(settings: Settings, size: Size, measured: Measured) -> None:
    village, tokens = settled()
    with at_work(village):
        walk, lesson = Walk(village), village.lesson()
        code = lesson.code
        actions = []
        for n in range(size.pairs):
            row = walk.add(lesson, "actions", "naomi", text=f"לבדוק מסך {n}", done_when="נבדק", owner=mail("avi"),
                           due_on="2026-02-10")  # fmt: skip
            walk.do(row, "report_done", "avi", evidence=LINK)
            actions.append(row.code)
    with served(settings) as running:
        naomi, yossi, michal = (Program(running.port, tokens[who]).call for who in ("naomi", "yossi", "michal"))
        for action in actions:
            path = f"/api/v1/actions/{action}/confirm"
            decided = together(lambda path=path: naomi("POST", path, {}), lambda path=path: michal("POST", path, {}))
            assert sorted(status for status, _ in decided) == [200, 409], decided
        for n in range(size.pairs):
            version = str(naomi("GET", f"/api/v1/lessons/{code}")[1]["version"])
            edited = together(*(
                lambda call=call, who=who, version=version, n=n: call(
                    "PATCH", f"/api/v1/lessons/{code}", {"why": f"{who} {n}"}, If_Match=f'"{version}"')
                for call, who in ((naomi, "נעמי"), (yossi, "יוסי"))
            ))  # fmt: skip
            assert sorted(status for status, _ in edited) == [200, 412], edited
    with db.reading() as session:
        confirmed = sa.select(Event.code, sa.func.count()).where(Event.trigger == "confirm").group_by(Event.code)
        assert dict(map(tuple, session.execute(confirmed))) == dict.fromkeys(actions, 1)
        edits = sa.select(sa.func.count()).where(Event.code == code, Event.trigger == "edit")
        assert session.scalar(edits) == size.pairs
        told = sa.select(Notice.of_code, Notice.kind, Notice.person_id).where(Notice.duty_id.is_(None))
        twice = told.group_by(Notice.of_code, Notice.kind, Notice.person_id).having(sa.func.count() > 1)
        assert [one for one in session.execute(twice) if one.of_code in actions] == []
    measured(f"{size.pairs} pairs who decide, {size.pairs} who edit: one of each did, the other was told; 0 lost")


@pytest.mark.only("sqlite")
def test_a_database_that_another_holds_is_waited_for_ten_seconds(settings: Settings, measured: Measured) -> None:
    _, tokens = settled()
    other = sqlite3.connect(Path(settings.database_url.removeprefix("sqlite:///")), isolation_level=None,
                            check_same_thread=False)  # fmt: skip
    with served(settings) as running:
        crew = [Program(running.port, tokens[name]) for name in WRITERS]
        found = {}
        for seconds in (3, 60):
            other.execute("BEGIN IMMEDIATE")
            over = threading.Timer(seconds, other.execute, ("ROLLBACK",))
            over.start()
            presses = [lambda one=one, s=seconds: one.call("POST", "/api/v1/debriefs", REPORT | {
                "what_happened": f"{one.token} {s}"}) for one in crew]  # fmt: skip
            found[seconds] = sorted({status for status, _ in together(*presses)})
            retry = [int(one.headers["Retry-After"]) for one in crew if "Retry-After" in one.headers]
            over.join()
        assert found == {3: [201], 60: [503]}
        assert len(retry) == len(crew)
        assert max(retry) <= 11
        assert {one.call("POST", "/api/v1/debriefs", REPORT)[0] for one in crew[:1]} == {201}
    other.close()
    with db.reading() as session:
        assert is_whole(session) == len(crew) + 1
    measured(f"3 s: four calls taken; 60 s: four answered 503, Retry-After {max(retry)} s, and taken later")

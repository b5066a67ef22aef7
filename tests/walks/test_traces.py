"""What is confidential leaves no trace for others: in no list, count, export, calendar, suggestion, mail or refusal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from lessons import db
from lessons.access import actor_of
from lessons.doors.bundle import bundle
from lessons.models import Attachment, Debrief, Letter
from lessons.people.feeds import make_feed
from lessons.settings import Settings
from lessons.worker import once
from tests.browsing import Browser
from tests.doors.asking import NoPress
from tests.doors.calling import Programs, at_work
from tests.village import AT
from tests.walking import AUDIENCE, Walk, mail
from tests.walks.crowd import SECRET

ASKED = "לחישה"
"""A word of its texts that others look for: where it is found, the secret stands beside it."""
PAGES = (
    "", "debriefs", "lessons", "actions", "verifications", "procedures", "briefings", "desk", "managers",
    f"debriefs?q={ASKED}", f"lessons?q={ASKED}", f"actions?q={ASKED}", f"search?q={ASKED}",
    f"desk/found?q={ASKED}", "desk/now", f"people/known?q={ASKED}", "managers/ahead", "managers/list", "bench",
    "bench/many", "bench/stuck", "bench/topics", "cases", "notices", "outbox", "jobs", "questions", "sentences", "news",
    f"lessons/new?title={ASKED}", f"report?what_happened={ASKED}",
    *(f"{noun}.{form}" for noun in ("debriefs", "lessons", "actions", "verifications", "briefings")
      for form in ("csv", "json", "xlsx")),
)  # fmt: skip
CALLS = (
    "debriefs", "lessons", "actions", "verifications", "duties", "briefings", "changes", "cases",
    f"debriefs?q={ASKED}", f"lessons?q={ASKED}", f"actions?q={ASKED}", f"duties?q={ASKED}", f"search?q={ASKED}",
)  # fmt: skip
OUTSIDE = ("rana", "yossi", "hila", "omer", "alexei", "ruth")


@dataclass(frozen=True)
class Kept:
    """A confidential debrief, the lesson that came of it and is read by everyone, and one merged into it."""

    code: str
    lesson: str
    merged: str


@pytest.fixture
def kept(programs: Programs) -> Kept:
    with at_work(programs.village) as village:
        walk = Walk(village)
        debrief = walk.make(
            "debriefs", "avi", what_happened=f"{SECRET} {ASKED} בשיחה", kind="failure", confidential=True
        )
        merged = walk.make("debriefs", "rana", what_happened="לקוח התלונן בחנות", kind="failure", unit="RET")
        walk.do(debrief, "open", "naomi", leader=mail("dana"), reviewer=mail("naomi"), path="full", severity=3)
        walk.do(merged, "merge", "naomi", target=debrief.code)
        walk.inquire(debrief)
        walk.do(debrief, "edit", "dana", title=f"{SECRET} {ASKED}", actual=f"{SECRET} {ASKED}")
        walk.do(debrief, "submit", "dana")
        walk.do(debrief, "issue", "naomi")
        lesson = walk.lesson_of(debrief)
        walk.do(lesson, "accept", "naomi", owner=mail("yossi"), audience=AUDIENCE)
        walk.work(lesson)
        return Kept(debrief.code, lesson.code, merged.code)


def pages_of(programs: Programs, who: str, *more: str) -> Iterator[tuple[str, str]]:
    with at_work(programs.village) as village:
        secret = make_feed(village.session, None, by=village.by(who), at=AT)
    browser = Browser(programs.app, language="he").sign_in(getattr(programs.village, who))
    for path in (*PAGES, *more):
        yield f"/{path}", words_of(browser.read(f"/{path}"))
    feed = browser.read(f"/calendar/{secret}.ics")
    assert feed.status_code == 200
    yield "/calendar", feed.text


def words_of(answer: TestResponse) -> str:
    """What a page or a file says; a workbook is an archive of texts."""
    if not answer.data.startswith(b"PK"):
        return answer.text
    with ZipFile(BytesIO(answer.data)) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def calls_of(programs: Programs, who: str, *more: str) -> Iterator[tuple[str, str]]:
    program = getattr(programs, who)
    for path in (*CALLS, *more):
        body = program.get(f"/{path}").body
        yield f"/api/v1/{path}", body.decode() if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False)
    for text in (ASKED, f"{ASKED} בשיחה, לקוחה חויבה פעמיים"):
        yield "/api/v1/suggest", json.dumps(program.post("/suggest", {"text": text}).body, ensure_ascii=False)


def around(kept: Kept) -> tuple[str, ...]:
    """What is open to others and stands next to it."""
    return (
        f"lessons/{kept.lesson}",
        f"lessons/{kept.lesson}/events",
        f"debriefs/{kept.merged}",
        (f"debriefs/{kept.merged}/events"),
    )


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("who", OUTSIDE)
def test_others_find_no_trace_of_a_confidential_debrief(programs: Programs, kept: Kept, who: str) -> None:
    lesson, _, merged, _ = around(kept)
    read = [*pages_of(programs, who, lesson, merged), *calls_of(programs, who, *around(kept))]
    told = [(path, word) for path, text in read for word in (SECRET, kept.code) if word in text]
    assert told == [], told
    program = getattr(programs, who)
    for path in ("", "/events"):
        assert program.get(f"/debriefs/{kept.code}{path}").status == 404
    assert program.post(f"/debriefs/{kept.code}/decline", {"reason": "כך הוחלט ביחידה"}).status == 404


def test_no_mail_to_others_and_no_bundle_of_theirs_holds_a_trace_of_it(
    programs: Programs, kept: Kept, settings: Settings
) -> None:
    with at_work(programs.village) as village:
        outside = {getattr(village, who).id: who for who in OUTSIDE}
        debrief = village.session.scalars(sa.select(Debrief).where(Debrief.code == kept.code)).one()
        village.session.add(
            Attachment(of_noun="debriefs", of_id=debrief.id or 0, name=f"{SECRET}.txt", media_type="text/plain", size=1,
                       sha256="0" * 64, created_at=AT)
        )  # fmt: skip
    programs.clock.forward(days=1, hours=3)
    once(settings, at=None)
    with db.reading() as session:
        found = session.execute(sa.select(Letter.person_id, Letter.subject, Letter.text, Letter.html)).all()
        told = [row for row in found if row.person_id in outside]
        assert told
        assert [
            row for row in told for word in (SECRET, kept.code) if word in f"{row.subject}{row.text}{row.html}"
        ] == []
        into, counted = BytesIO(), list[tuple[int, int]]()
        bundle(session, into, by=actor_of(session, programs.village.rana, at=AT), at=AT, locale="he",
               press=NoPress(), progress=lambda *one: counted.append(one))  # fmt: skip
    with ZipFile(into) as archive:
        texts = [f"{name} {archive.read(name).decode('utf-8', 'replace')}" for name in archive.namelist()]
    assert [text for text in texts for word in (SECRET, kept.code) if word in text] == []
    assert counted[-1][0] == counted[-1][1] == len(counted)


@pytest.mark.parametrize("who", ["ilan", "michal"])
def test_whoever_manages_there_sees_its_header_and_none_of_its_words(programs: Programs, kept: Kept, who: str) -> None:
    lesson, _, merged, _ = around(kept)
    own = (f"debriefs/{kept.code}", f"debriefs/{kept.code}/events")
    read = [*pages_of(programs, who, lesson, merged, own[0]), *calls_of(programs, who, *around(kept), *own)]
    assert [path for path, text in read if SECRET in text] == []
    assert getattr(programs, who).get(f"/debriefs/{kept.code}")["code"] == kept.code

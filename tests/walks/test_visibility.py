"""What a person may not see is nowhere: every way to the records gives the same set, told here once more by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from sqlmodel import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from lessons import db
from lessons.access import Actor, actor_of, can_see, tree, visible_to
from lessons.actions import queries as actions
from lessons.briefings import queries as briefings
from lessons.debriefs import queries as debriefs
from lessons.doors import lists
from lessons.doors.bundle import bundle
from lessons.models import RECORDS, Attachment, Debrief, DebriefPerson, Lesson, Letter
from lessons.news import queries as news
from lessons.people.feeds import make_feed
from lessons.procedures import queries as procedures
from lessons.questions import queries as questions
from lessons.repository import queries as lessons
from lessons.sentences import queries as sentences
from lessons.settings import Settings
from lessons.verifications import queries as verifications
from lessons.worker import once
from lessons.workflow.states import LESSON_PUBLIC, NewsState, QuestionState, SentenceState
from tests.browsing import Browser
from tests.doors.asking import NoPress
from tests.doors.calling import Programs, at_work
from tests.village import AT
from tests.walking import AUDIENCE, Walk, mail
from tests.walks.crowd import SECRET, Crowd

SEED = 7
MOST = 200
NAMES = {"news": "news"}


@pytest.fixture
def crowd(settings: Settings) -> Crowd:
    with db.transaction() as session:
        made = Crowd(session, SEED)
        session.expunge_all()
    return made


def actors(session: Session, crowd: Crowd) -> Iterator[Actor]:
    for person in crowd.people:
        yield actor_of(session, person, at=AT)


# ── the rule, by hand ────────────────────────────────────────────────────────────────────────────────────────────────
def holds(session: Session, by: Actor, unit_id: int, *roles: str, one_up: bool = False) -> bool:
    """Whether they have one of these roles at the unit or above it."""
    above = tree(session).above[unit_id]
    above = (above[1:] or above) if one_up else above
    return any(role in roles and unit in above for role, unit, _ in by.grants)


def reads_debrief(session: Session, by: Actor, row: Debrief, parts: dict[tuple[int, str], set[int]]) -> bool:
    people = {row.leader_id, row.reviewer_id, row.reporter_id} | parts.get((row.id or 0, "named"), set())
    if people & by.acting or by.units_of("auditor"):
        return True
    if row.confidential:
        return holds(session, by, row.unit_id, "lessons_manager", "manager", one_up=row.concerns_managers)
    took_part = bool(parts.get((row.id or 0, "participant"), set()) & by.acting)
    return took_part or holds(session, by, row.unit_id, "debrief_leader", "lessons_manager", "manager")


def reads_lesson(session: Session, by: Actor, row: Lesson, leads: dict[int, set[int | None]]) -> bool:
    if row.state in LESSON_PUBLIC or (row.state == "retired" and row.accepted_at):
        return True
    people = {row.author_id, row.owner_id} | leads.get(row.debrief_id or 0, set())
    staff = holds(session, by, row.unit_id, "lessons_manager", "manager")
    return bool(people & by.acting or staff or by.units_of("auditor"))


def test_debriefs_and_lessons_are_read_by_whom_the_process_names_and_by_nobody_else(crowd: Crowd) -> None:
    with db.reading() as session:
        rows, written = session.scalars(sa.select(Debrief)).all(), session.scalars(sa.select(Lesson)).all()
        parts: dict[tuple[int, str], set[int]] = {}
        for one in session.scalars(sa.select(DebriefPerson)):
            parts.setdefault((one.debrief_id, one.part), set()).add(one.person_id)
        leads = {row.id or 0: {row.leader_id, row.reviewer_id} for row in rows}
        for by in actors(session, crowd):
            assert seen(session, "debriefs", by) == {r.code for r in rows if reads_debrief(session, by, r, parts)}
            assert seen(session, "lessons", by) == {r.code for r in written if reads_lesson(session, by, r, leads)}


def seen(session: Session, noun: str, by: Actor) -> set[str]:
    model = RECORDS[noun]
    return set(session.scalars(sa.select(model.code).where(visible_to(session, noun, by))))


# ── every way to them ────────────────────────────────────────────────────────────────────────────────────────────────
def room(noun: str, session: Session, by: Actor, cursor: str | None) -> tuple[set[str], str | None]:
    """A page of the room's own list."""
    given: dict[str, Any] = {"by": by, "limit": MOST, "cursor": cursor}
    asked: dict[str, Callable[[], Any]] = {
        "debriefs": lambda: debriefs.debriefs(session, debriefs.Wanted(), at=AT, **given),
        "lessons": lambda: lessons.lessons(session, lessons.Wanted(), **given),
        "actions": lambda: actions.actions(session, at=AT, **given),
        "procedures": lambda: procedures.procedures(session, **given),
        "revisions": lambda: procedures.revisions(session, at=AT, **given),
        "verifications": lambda: verifications.verifications(session, at=AT, **given),
        "briefings": lambda: briefings.briefings(session, at=AT, **given),
        "news": lambda: news.all_news(session, list(NewsState), **given),
        "questions": lambda: questions.questions(session, list(QuestionState), **given),
        "sentences": lambda: sentences.sentences(session, sentences.Wanted(list(SentenceState)), at=AT, **given),
    }
    page = asked[noun]()
    name = NAMES.get(noun, noun.removesuffix("s"))
    return {getattr(one, name).code for one in page.items}, page.next


def api(noun: str, session: Session, by: Actor, cursor: str | None) -> tuple[set[str], str | None]:
    args = MultiDict({"limit": "100"} | ({"cursor": cursor} if cursor else {}))
    rows, after = lists.page(session, noun, args, by=by, at=AT)
    return {row.code for row in rows}, after


def all_pages(way: Callable[..., tuple[set[str], str | None]], noun: str, session: Session, by: Actor) -> set[str]:
    found, cursor = way(noun, session, by, None)
    while cursor:
        more, cursor = way(noun, session, by, cursor)
        found |= more
    return found


def test_lists_search_and_programs_give_each_person_the_same_records(crowd: Crowd) -> None:
    with db.reading() as session:
        for by in actors(session, crowd):
            for noun in RECORDS:
                expected = seen(session, noun, by)
                assert all_pages(room, noun, session, by) == expected, f"the {noun} of {by.name}"
                assert all_pages(api, noun, session, by) == expected, f"the {noun} of {by.name}, for programs"
            hits = {hit.record_id for hit in lessons.search(session, "לקח משותף", by=by, limit=200)}
            public = sa.select(Lesson.id).where(Lesson.state.in_(LESSON_PUBLIC))
            assert hits == set(session.scalars(public))


def test_one_record_is_seen_as_in_the_list(crowd: Crowd) -> None:
    with db.reading() as session:
        for by in list(actors(session, crowd))[::5]:
            for noun, model in RECORDS.items():
                rows = session.scalars(sa.select(model)).all()
                assert {row.code for row in rows if can_see(session, row, by)} == seen(session, noun, by)


# ── what is confidential leaves no trace ─────────────────────────────────────────────────────────────────────────────
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

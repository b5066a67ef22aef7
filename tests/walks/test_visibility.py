"""What a person may not see is nowhere: every way to the records gives the same set, told here once more by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from lessons import clock, db
from lessons.access import OPERATOR, Actor, actor_of, can_see, facts, tree, visible_to
from lessons.access.visible import view_of, whole_debriefs
from lessons.actions import queries as actions
from lessons.app import create_app
from lessons.briefings import queries as briefings
from lessons.debriefs import queries as debriefs
from lessons.doors import lists
from lessons.models import RECORDS, Debrief, DebriefPerson, Lesson
from lessons.news import queries as news
from lessons.people.keys import create_token
from lessons.procedures import queries as procedures
from lessons.questions import queries as questions
from lessons.repository import queries as lessons
from lessons.sentences import queries as sentences
from lessons.settings import Settings
from lessons.verifications import queries as verifications
from lessons.workflow.states import LESSON_PUBLIC, NewsState, QuestionState, SentenceState
from tests.browsing import Browser
from tests.doors.calling import Program
from tests.village import AT
from tests.walks.crowd import Crowd

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
            known = facts(session, rows, by=by, at=AT)
            whole = {r.code for r, one in zip(rows, known, strict=True) if view_of(r, one.relations) == "full"}
            asked = session.scalars(sa.select(Debrief.code).where(whole_debriefs(session, by)))
            assert set(asked) == whole
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


TAKEN = ("debriefs", "lessons", "actions", "verifications", "revisions", "procedures")


@pytest.mark.only("sqlite")
def test_exports_and_the_feed_of_changes_give_each_person_the_same_records(
    crowd: Crowd, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)
    app = create_app(replace(settings, api_reads=100_000))
    some = crowd.people[::7]
    with db.transaction() as session:
        keys = {one.id: create_token(session, one, name="x", scope="read", by=OPERATOR, at=AT) for one in some}
    taken: dict[str, list[tuple[set[str], set[str]]]] = {noun: [] for noun in TAKEN}
    for person in some:
        program, browser = Program(app, keys[person.id]), Browser(app).sign_in(person)
        with db.reading() as session:
            by = actor_of(session, person, at=AT)
            expected = {noun: seen(session, noun, by) for noun in RECORDS}
        told = {(one["noun"], one["code"]) for one in changes(program)}
        assert told == {(noun, code) for noun, codes in expected.items() for code in codes}, by.name
        for noun in TAKEN:
            items = json.loads(browser.read(f"/{noun}.json").text)["items"]
            taken[noun].append(({one["code"] for one in items}, expected[noun]))
    for noun, both in taken.items():
        listed = set[str]().union(*(codes for codes, _ in both))  # by their state some are in no list unless asked for
        assert [codes for codes, right in both if codes != right & listed] == [], noun


def changes(program: Program) -> Iterator[Any]:
    after, more = "", True
    while more:
        page = program.get(f"/changes?limit=200&after={after}")
        yield from page["items"]
        after, more = page["next"], page["more"]


@pytest.mark.only("sqlite")  # one row is asked about in Python, the same on both
def test_one_record_is_seen_as_in_the_list(crowd: Crowd) -> None:
    with db.reading() as session:
        for by in list(actors(session, crowd))[::5]:
            for noun, model in RECORDS.items():
                rows = session.scalars(sa.select(model)).all()
                assert {row.code for row in rows if can_see(session, row, by)} == seen(session, noun, by)

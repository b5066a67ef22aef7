"""What a person may not see is nowhere: every way to the records gives the set that the oracle names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from lessons import clock, db
from lessons.access import Actor, actor_of, can_see, facts, visible_to
from lessons.access.visible import view_of, whole_debriefs
from lessons.actions import queries as actions
from lessons.briefings import queries as briefings
from lessons.debriefs import queries as debriefs
from lessons.doors import lists
from lessons.models import RECORDS, Debrief, Lesson
from lessons.news import queries as news
from lessons.procedures import queries as procedures
from lessons.questions import queries as questions
from lessons.repository import queries as lessons
from lessons.sentences import queries as sentences
from lessons.settings import Settings
from lessons.verifications import queries as verifications
from lessons.workflow.states import LESSON_PUBLIC, NewsState, QuestionState, SentenceState
from tests.village import AT
from tests.walks.crowd import Crowd
from tests.walks.oracle import Oracle
from tests.walks.sight import by_door, by_rule

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


def oracle_of(session: Session) -> Oracle:
    made = Oracle(session, AT)
    session.expunge_all()
    return made


def test_people_may_know_of_what_the_process_names_and_of_nothing_else(crowd: Crowd) -> None:
    with db.reading() as session:
        assert [*by_rule(session, oracle_of(session), crowd.people)] == []
        rows = session.scalars(sa.select(Debrief)).all()
        for by in list(actors(session, crowd))[::6]:
            known = facts(session, rows, by=by, at=AT)
            whole = {r.code for r, one in zip(rows, known, strict=True) if view_of(r, one.relations) == "full"}
            asked = session.scalars(sa.select(Debrief.code).where(whole_debriefs(session, by)))
            assert set(asked) == whole


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
        for by in list(actors(session, crowd))[::3]:
            for noun in RECORDS:
                expected = seen(session, noun, by)
                assert all_pages(room, noun, session, by) == expected, f"the {noun} of {by.name}"
                assert all_pages(api, noun, session, by) == expected, f"the {noun} of {by.name}, for programs"
            hits = {hit.record_id for hit in lessons.search(session, "לקח משותף", by=by, limit=200)}
            public = sa.select(Lesson.id).where(Lesson.state.in_(LESSON_PUBLIC))
            assert hits == set(session.scalars(public))


@pytest.mark.only("sqlite")
def test_every_door_shows_each_person_the_same_records(
    crowd: Crowd, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages, tables, programs, events, calendars, figures, search and what looks like it; tests/faults/test_sight.py
    asks for many more."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    with db.reading() as session:
        oracle = oracle_of(session)
    assert by_door(settings, crowd, oracle, crowd.people[::18], asked=2) == []


@pytest.mark.only("sqlite")  # one row is asked about in Python, the same on both
def test_one_record_is_seen_as_in_the_list(crowd: Crowd) -> None:
    with db.reading() as session:
        for by in list(actors(session, crowd))[::5]:
            for noun, model in RECORDS.items():
                rows = session.scalars(sa.select(model)).all()
                assert {row.code for row in rows if can_see(session, row, by)} == seen(session, noun, by)

"""The demo organisation is loaded once and looked at from all sides: every life in every state, nothing refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from lessons import db, demo
from lessons.access import SYSTEM, facts
from lessons.access.names import names_in
from lessons.access.numbers import calendar_of
from lessons.demo.cast import AVI, DANA, ILAN, YOSSI
from lessons.errors import NotAllowed
from lessons.i18n import language_of
from lessons.models import (
    RECORDS,
    Action,
    Briefing,
    Debrief,
    Duty,
    Event,
    EventDetail,
    Extension,
    Lesson,
    Letter,
    Person,
    Procedure,
    Revision,
    Sentence,
    SentenceVote,
    Synonyms,
    Unit,
    Verification,
)
from lessons.people.village import FIRST
from lessons.search import fused
from lessons.settings import Settings
from lessons.workflow import states
from lessons.workflow.lesson import CARD_FIELDS
from lessons.workflow.sections import words as words_of
from tests.databases import Databases

AT = datetime(2026, 11, 25, 10, 30, tzinfo=UTC)
"""A Wednesday in the middle of a plain week."""
STATES: dict[str, Any] = {
    "debriefs": states.DebriefState,
    "lessons": states.LessonState,
    "actions": states.ActionState,
    "procedures": states.ProcedureState,
    "revisions": states.RevisionState,
    "verifications": states.VerificationState,
    "briefings": states.BriefingState,
    "news": states.NewsState,
}
SENTENCES = {states.SentenceState.LIVE: 5, states.SentenceState.OFFERED: 1, states.SentenceState.DECLINED: 1}


@pytest.fixture(scope="module")
def installation(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("village")
    address = databases.sqlite_at(folder / "lessons.db")
    made = Settings(database_url=address, data_dir=folder, secret_key="village-" * 4, demo=True, synchronous="OFF")
    db.start(made)
    assert demo.load(at=AT).loaded
    db.engine().dispose()
    return made


@pytest.fixture
def village(installation: Settings) -> Iterator[Session]:
    db.start(installation)  # another test may have started elsewhere
    with db.reading() as session:
        yield session
    db.engine().dispose()


def one(session: Session, model: Any, words: str) -> Any:
    """The record whose title (of an action: text) begins so."""
    column = model.text if model is Action else model.title
    return session.scalars(sa.select(model).where(column.startswith(words))).one()


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_its_units_have_the_people_they_say(village: Session) -> None:
    counted = sa.select(Unit.code, sa.func.count()).join(Person, Person.unit_id == Unit.id).group_by(Unit.code)
    people = dict(village.execute(counted).all())
    assert (people["RET"], people["SRV"], people["INS"]) == (24, 40, 9)
    assert village.scalars(sa.select(Unit.code).where(Unit.small)).all() == ["INS"]


def test_whoever_is_named_in_the_stories_comes_first_and_in_both_languages(village: Session) -> None:
    people = village.scalars(sa.select(Person).order_by(Person.id)).all()
    assert [person.number for person in people[:15]] == [str(n) for n in range(1, 16)]
    assert people[0].name == "מיכל שרעבי"
    assert [*FIRST] == [DANA, YOSSI, ILAN, AVI]
    assert all(person.name_en and person.function and person.function_en for person in people)
    assert len({person.name for person in people}) == len(people)


# ── states ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("noun", list(STATES))
def test_every_state_of_every_life_is_seen(village: Session, noun: str) -> None:
    seen = set(village.scalars(sa.select(RECORDS[noun].state).distinct()))
    assert seen == set(STATES[noun])


def test_a_request_for_another_date_is_seen_asked_granted_denied_and_lapsed(village: Session) -> None:
    assert set(village.scalars(sa.select(Extension.state).distinct())) == set(states.ExtensionState)


@pytest.mark.parametrize(
    ("title", "kind", "severity", "state"),
    [
        ("הטבה שהובטחה בשיחת שימור", "failure", 3, "closed"),
        ("התקשרנו שבועיים לפני תום המבצע", "success", 2, "issued"),
        ("הודעת עדכון מחיר", "near_miss", 3, "in_review"),
        ("מבצע עלה לאוויר בלי המוקד", "failure", 4, "issued"),
        ("אותו לקוח זוכה פעמיים", "failure", 3, "investigating"),
        ("לקוחה ותיקה הועברה ארבע פעמים", "failure", 2, "closed"),
        ("תקלת אינטרנט אזורית", "routine", 1, "closed"),
        ("A call before the first bill", "success", 2, "closed"),
        ("מבוטחים נשלחו להביא קבלת קנייה", "failure", None, "reported"),
        ("ריאיון ניסיון", "interview", 1, "issued"),
        ("לקוחות חויבו על ממיר", "failure", 3, "issued"),
        ("לקראת סוף חודש", "failure", 4, "investigating"),
        ("העדפה אישית", "failure", None, "declined"),
        ("חיוב על נתב", "failure", None, "merged"),
    ],
)
def test_each_debrief_stands_where_its_story_says(
    village: Session, title: str, kind: str, severity: int | None, state: str
) -> None:
    debrief = one(village, Debrief, title)
    assert (debrief.kind, debrief.severity, debrief.state) == (kind, severity, state)


# ── stories ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_converter_came_back_and_is_in_its_second_cycle(village: Session) -> None:
    lesson = one(village, Lesson, "בכל החזרת ציוד")
    proofs = village.scalars(
        sa.select(Verification).where(Verification.lesson_id == lesson.id).order_by(Verification.id)
    ).all()
    assert (lesson.state, lesson.cycle) == ("implementing", 2)
    assert [(proof.state, proof.cycle, proof.baseline, proof.measured) for proof in proofs] == [
        ("not_effective", 1, 14, 12),
        ("planned", 2, 12, None),
    ]
    reader = one(village, Action, "קורא ברקוד")
    assert (reader.state, reader.due_on) == ("blocked", reader.first_due_on)
    assert village.scalar(sa.select(Extension.state).where(Extension.of_id == reader.id)) == "denied"


def test_forty_one_of_fifty_two_have_read_how_equipment_is_returned(village: Session) -> None:
    briefing = village.scalars(
        sa.select(Briefing).where(Briefing.state == states.BriefingState.OPEN, Briefing.revision_id.is_not(None))
    ).one()
    known = facts(village, [briefing], by=SYSTEM, at=AT)[0]
    assert (known.acknowledged, known.counted, briefing.share) == (41, 52, 0.9)


@pytest.mark.parametrize(
    ("title", "in_force"), [("נוהל שיחת שימור", 5), ("נוהל זיכוי ופיצוי", 3), ("נוהל החזרת ציוד", 2)]
)
def test_the_procedures_are_in_the_edition_that_they_say(village: Session, title: str, in_force: int) -> None:
    procedure = one(village, Procedure, title)
    numbers = sa.select(Revision.number).where(
        Revision.procedure_id == procedure.id, Revision.state == states.RevisionState.EFFECTIVE
    )
    assert village.scalars(numbers).all() == [in_force]


def test_the_fourth_edition_about_credits_waits_for_finance(village: Session) -> None:
    waiting = village.scalars(sa.select(Revision).where(Revision.state == states.RevisionState.IN_REVIEW)).one()
    duty = village.scalars(sa.select(Duty).where(Duty.of_code == waiting.code, Duty.closed_at.is_(None))).one()
    assert (waiting.number, duty.kind, duty.role) == (4, "approve_money", "finance")


def test_one_action_about_the_campaign_is_late(village: Session) -> None:
    lesson = one(village, Lesson, "מבצע לא עולה לאוויר")
    today = calendar_of(village, lesson.unit_id).today(AT)
    late = sa.select(Action).where(
        Action.lesson_id == lesson.id, Action.due_on < today, Action.state.in_(states.ACTION_OPEN)
    )
    assert [action.text.split(":")[0] for action in village.scalars(late)] == [
        "תיאום מבצעים עם המוקד לפני עלייה לאוויר"
    ]


def test_a_tip_stands_as_the_experience_of_its_team(village: Session) -> None:
    tip = village.scalars(sa.select(Lesson).where(Lesson.team_until.is_not(None))).one()
    author = village.get_one(Person, tip.author_id)
    assert (tip.state, author.name, tip.debrief_id) == ("accepted", "אבי כהן", None)


def test_sentences_that_work_are_told_of_by_colleagues_and_one_waits(village: Session) -> None:
    assert Counter(village.scalars(sa.select(Sentence.state))) == SENTENCES
    votes = sa.select(SentenceVote.person_id, Sentence.author_id, Sentence.state).join(
        Sentence, Sentence.id == SentenceVote.sentence_id
    )
    rows = village.execute(votes).all()
    assert len(rows) > 20
    assert all(voter != author and state == "live" for voter, author, state in rows)
    assert all(language_of(one.text) == one.lang for one in village.scalars(sa.select(Sentence)))


def test_whoever_reported_without_a_name_left_none(village: Session) -> None:
    debrief = village.scalars(sa.select(Debrief).where(Debrief.anonymous)).one()
    reported = sa.select(Event.actor_kind, EventDetail.actor_id).outerjoin(
        EventDetail, EventDetail.event_id == Event.id
    )
    first = village.execute(reported.where(Event.code == debrief.code, Event.n == 1)).one()
    assert (debrief.confidential, debrief.reporter_id, *first) == (True, None, "anonymous", None)


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_hebrew_comes_first_and_english_is_there_too(village: Session) -> None:
    lessons = Counter(village.scalars(sa.select(Lesson.lang)))
    assert lessons["he"] > 3 * lessons["en"] >= 3
    assert Counter(village.scalars(sa.select(Debrief.lang))) == {"he": 13, "en": 1}
    assert all(language_of(lesson.title) == lesson.lang for lesson in village.scalars(sa.select(Lesson)))


def test_no_card_tells_a_name(village: Session) -> None:
    names = [name for row in village.execute(sa.select(Person.name, Person.name_en)) for name in row]
    for lesson in village.scalars(sa.select(Lesson)):
        texts = [str(getattr(lesson, field)) for field in CARD_FIELDS]
        assert names_in("\n".join([*texts, lesson.why, lesson.source]), names) == []


def test_every_sum_of_a_compensation_policy_says_that_it_is_an_example(village: Session) -> None:
    policies = sa.select(Procedure.id).where(Procedure.policy_kind == states.PolicyKind.COMPENSATION)
    for revision in village.scalars(sa.select(Revision).where(Revision.procedure_id.in_(policies))):
        sums = [words for _, words in words_of(revision.sections).values() if "₪" in words]
        assert sums
        assert all("סכומים לדוגמה; אינם ייעוץ ואינם תיאור של הדין." in body for body in sums)


def test_one_search_is_answered_by_the_words_of_the_place_alone(village: Session) -> None:
    router = one(village, Lesson, "מאפסים נתב")
    groups = list(village.scalars(sa.select(Synonyms.words)))
    assert len(groups) >= 5

    def found(given: list[list[str]]) -> list[int]:
        legs = (fused.WORDS, fused.GRAMS)
        return [
            hit.record_id for hit in fused.answers(village, "ראוטר", where={"lesson": None}, legs=legs, groups=given)
        ]

    assert found([]) == [], "neither its words nor its letters"
    assert router.id in found(groups)


# ── how it was loaded ────────────────────────────────────────────────────────────────────────────────────────────────
def test_events_of_a_record_are_in_order_and_none_lies_ahead(village: Session) -> None:
    moments: dict[tuple[str, int], datetime] = {}
    for event in village.scalars(sa.select(Event).order_by(Event.id)):
        record = event.noun, event.record_id
        assert moments.get(record, event.at) <= event.at <= AT
        moments[record] = event.at


def test_people_work_on_working_days(village: Session) -> None:
    calendar = calendar_of(village, village.scalars(sa.select(Unit.id).where(Unit.code == "CUS")).one())
    for event in village.scalars(sa.select(Event).where(Event.actor_kind == "person")):
        assert calendar.is_working(calendar.today(event.at)), event.at


def test_letters_were_written_and_kept(village: Session) -> None:
    letters = village.scalars(sa.select(Letter)).all()
    assert len(letters) > 100
    assert {letter.state for letter in letters} == {states.LetterState.DROPPED}


def test_loading_a_second_time_does_nothing(village: Session) -> None:
    before = village.scalar(sa.select(sa.func.count()).select_from(Event))
    again = demo.load(at=AT)
    assert (again.loaded, again.done) == (False, {})
    with db.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Event)) == before


def test_where_somebody_else_lives_nothing_is_loaded(databases: Databases, tmp_path: Any) -> None:
    address = databases.sqlite_at(tmp_path / "lessons.db")
    db.start(Settings(database_url=address, data_dir=tmp_path, secret_key="village-" * 4, synchronous="OFF"))
    with db.transaction() as session:
        from lessons.access import OPERATOR
        from lessons.people import operations as people

        people.add_person(session, "someone@else.example", name="מישהי אחרת", by=OPERATOR, at=AT)
    with pytest.raises(NotAllowed):
        demo.load(at=AT)
    db.engine().dispose()

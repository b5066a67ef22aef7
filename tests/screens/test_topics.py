"""Topics as lessons management keeps them: renamed and merged, the former name leading on, the search in step."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.debriefs.topics import guessed, set_topics, topics_of
from lessons.errors import Forbidden, Invalid
from lessons.models import FormerTopic, Lesson, Sentence, Topic
from lessons.repository import found, topics
from lessons.search import fused, index
from lessons.sentences import operations as sentences
from lessons.sentences import queries
from lessons.workflow.states import LessonState, Role
from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.screens.filling import count
from tests.screens.tables import Table
from tests.village import AT


@pytest.fixture
def charges(screens: Screens) -> None:
    """Three lessons: of a double charge, of double charges, of both; a fourth, not yet adopted, of the second."""
    with screens.records() as village:
        for names, more in (
            (["חיוב כפול"], {}), (["כפל חיובים"], {}), (["חיוב כפול", "כפל חיובים"], {}),
            (["כפל חיובים"], {"state": LessonState.DRAFT, "unit_id": village.units["SRV"].id}),
        ):  # fmt: skip
            lesson = village.lesson(**more)
            set_topics(village.session, lesson, names)
            found.keep(village.session, lesson)


def page_of(name: str) -> str:
    return f"/admin/topics/one?{urlencode({'topic': name})}"


def naomi(screens: Screens) -> Browser:
    return screens.as_("naomi", "en")


def rename(browser: Browser, name: str, to: str) -> int:
    browser.read(page_of(name))
    return browser.send("/admin/topics/rename", {"name": to}).status_code


def merge(browser: Browser, name: str, into: str) -> int:
    """Both times: asked, and sure."""
    browser.read(page_of(name))
    asked = browser.send("/admin/topics/merge", {"into": into})
    return browser.send("/admin/topics/merge").status_code if asked.status_code == 200 else asked.status_code


def names() -> list[str]:
    with db.reading() as session:
        return list(session.scalars(sa.select(Topic.name).order_by(Topic.name)))


def hits(q: str) -> int:
    with db.reading() as session:
        return len(index.find(session, q))


def test_the_list_counts_the_lessons_that_one_may_see(screens: Screens, charges: None) -> None:
    table = Table(naomi(screens).read("/admin/topics").text)
    assert table.cell("חיוב כפול", "Lessons") == "2"
    assert table.cell("כפל חיובים", "Lessons") == "3"
    with screens.records() as village:
        village.grant(village.hila, Role.ADMIN, "CUS")
    table = Table(screens.as_("hila", "en").read("/admin/topics").text)
    assert table.cell("כפל חיובים", "Lessons") == "2", "a draft is not for her, so it is not counted"


def test_a_renamed_topic_is_found_by_both_names_and_typed_by_either(screens: Screens, charges: None) -> None:
    assert (hits("כפל"), hits("תשלום")) == (2, 0)
    assert rename(naomi(screens), "כפל חיובים", " תשלום  פעמיים ") == 303
    assert names() == ["חיוב כפול", "תשלום פעמיים"]
    assert (hits("כפל"), hits("תשלום")) == (2, 2)
    assert "תשלום פעמיים" in naomi(screens).read(page_of("כפל חיובים")).text
    with screens.records() as village:
        lesson = village.lesson()
        set_topics(village.session, lesson, ["כפל  חיובים", "תשלום פעמיים"])
        assert topics_of(village.session, [lesson.id or 0]) == {lesson.id: ["תשלום פעמיים"]}
        assert guessed(village.session, "היה כפל של חיובים כפל חיובים") == ["תשלום פעמיים"]
    assert len(names()) == 2


def test_sentences_on_a_topic_follow_its_name_and_are_found_by_it(screens: Screens, charges: None) -> None:
    with screens.records() as village:
        said = {"text": "בואו נבדוק יחד", "said_when": "", "lesson": None}
        sentences.offer(village.session, {**said, "topic": "חיוב כפול"}, by=village.by("naomi"), at=screens.at)
    assert rename(naomi(screens), "חיוב כפול", "תשלום פעמיים") == 303
    with screens.records() as village:
        sentences.offer(village.session, {**said, "topic": "חיוב כפול"}, by=village.by("naomi"), at=screens.at)
        assert village.session.scalars(sa.select(Sentence.topic)).all() == ["תשלום פעמיים"] * 2
    assert merge(naomi(screens), "תשלום פעמיים", "כפל חיובים") == 303
    with screens.records() as village:
        assert village.session.scalars(sa.select(Sentence.topic)).all() == ["כפל חיובים"] * 2
        answers = fused.answers(village.session, "כפל", where={"sentence": None}, legs=["words"])
        assert len(answers) == 2
        for name in ("חיוב כפול", "תשלום פעמיים", "כפל חיובים"):
            wanted = queries.Wanted(topic=name)
            listed = queries.sentences(village.session, wanted, by=village.by("naomi"), at=screens.at)
            assert len(listed.items) == 2, name


def test_two_topics_become_one_and_no_lesson_is_lost_or_doubled(screens: Screens, charges: None) -> None:
    assert merge(naomi(screens), "חיוב כפול", "כפל חיובים") == 303
    assert names() == ["כפל חיובים"]
    with db.reading() as session:
        of = topics_of(session, session.scalars(sa.select(Lesson.id)).all())
        (former,) = session.scalars(sa.select(FormerTopic))
    assert set(map(tuple, of.values())) == {("כפל חיובים",)}
    assert (former.name, former.by_id) == ("חיוב כפול", screens.people["naomi"].id)
    assert hits("כפל") == 3, "adopted ones are found by the new name, and the draft by none"
    assert "4" in naomi(screens).read(page_of("חיוב כפול")).text


def test_names_lead_on_over_several_steps_and_back(screens: Screens, charges: None) -> None:
    browser = naomi(screens)
    rename(browser, "חיוב כפול", "שתי חשבוניות")
    assert merge(browser, "שתי חשבוניות", "כפל חיובים") == 303
    assert rename(browser, "חיוב כפול", "חיוב כפול") == 303, "its own former name is taken up again"
    assert names() == ["חיוב כפול"]
    with db.reading() as session:
        assert set(session.scalars(sa.select(FormerTopic.name))) == {"שתי חשבוניות", "כפל חיובים"}


def test_programs_that_ask_by_the_former_name_are_answered_too(screens: Screens, charges: None) -> None:
    rename(naomi(screens), "חיוב כפול", "שתי חשבוניות")
    for name in ("חיוב כפול", "שתי חשבוניות"):
        answer = naomi(screens).read(f"/api/v1/lessons?{urlencode({'topic': name})}")
        assert len(answer.json["items"]) == 2


def test_merging_is_asked_once_more_and_changes_nothing_until_then(screens: Screens, charges: None) -> None:
    browser = naomi(screens)
    browser.read(page_of("חיוב כפול"))
    answer = browser.send("/admin/topics/merge", {"into": "כפל חיובים"})
    assert (answer.status_code, len(names()), count(FormerTopic)) == (200, 2, 0)
    assert "this is not taken back" in answer.text


@pytest.mark.parametrize(
    ("form", "given", "says"),
    [
        ("rename", {"name": "כפל חיובים"}, "Merging brings the two together"),
        ("rename", {"name": " "}, ""),
        ("rename", {"name": "ש" * 61}, "at most 60 characters"),
        ("merge", {"into": "חיוב  כפול"}, "Another topic is needed"),
        ("merge", {"into": "אין כזה"}, "There is no topic of this name"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    screens: Screens, charges: None, form: str, given: dict[str, str], says: str
) -> None:
    browser = naomi(screens)
    browser.read(page_of("חיוב כפול"))
    answer = browser.send(f"/admin/topics/{form}", given)
    assert answer.status_code == 422
    assert says in answer.text
    assert names() == ["חיוב כפול", "כפל חיובים"]


def test_topics_are_kept_by_lessons_management_and_administrators(screens: Screens, charges: None) -> None:
    with screens.records() as village:
        village.grant(village.michal, Role.ADMIN, "CUS")
    for who, status in (("naomi", 200), ("michal", 200), ("ilan", 403), ("dana", 403), ("gideon", 403)):
        assert screens.as_(who).read("/admin/topics").status_code == status, who
        assert screens.as_(who).read(page_of("חיוב כפול")).status_code == status, who
    with screens.records() as village:
        village.grant(village.ilan, Role.LESSONS_MANAGER, "RET")
    assert screens.as_("ilan").read("/admin/topics").status_code == 403, "a part of the organisation keeps none"
    assert 'href="/admin/people"' not in naomi(screens).read("/admin/topics").text
    assert 'href="/admin/topics"' in naomi(screens).read("/bench/topics").text
    assert 'href="/admin/topics"' in screens.as_("michal").read("/admin/people").text
    assert naomi(screens).read(page_of("אין כזה")).status_code == 404


def test_whoever_calls_the_operations_by_another_door_is_asked_too(screens: Screens, charges: None) -> None:
    with screens.records() as village:
        one, two = village.session.scalars(sa.select(Topic).order_by(Topic.name))
        village.grant(village.ilan, Role.LESSONS_MANAGER, "RET")
        for by in (village.by("dana"), village.by("gideon"), village.by("ilan")):
            with pytest.raises(Forbidden):
                topics.rename(village.session, one, "אחר", by=by, at=AT)
            with pytest.raises(Forbidden):
                topics.merge(village.session, one, two, by=by, at=AT)
        with pytest.raises(Invalid):
            topics.merge(village.session, one, one, by=village.by("naomi"), at=AT)

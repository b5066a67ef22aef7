"""Several lessons decided at once on the bench: ticked, shown what becomes of each, then all of them or none."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.models import Lesson
from lessons.workflow.states import LessonState, Path, Role
from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.screens.filling import here
from tests.screens.test_bench import cost, state

PROPOSED: dict[str, Any] = {
    "state": LessonState.PROPOSED, "accepted_at": None, "accepted_by_id": None, "owner_id": None,
}  # fmt: skip
TITLES = ("מזינים את ההטבה לפני סיום השיחה", "חוזרים ללקוח באותו יום", "שואלים על הציוד לפני ניתוק")
REASON = "It is known already, see the procedure."
MANY = "/bench/many"


@pytest.fixture
def three(screens: Screens) -> list[str]:
    """Codes of three lessons of Dana's that wait for Naomi, the oldest first."""
    with screens.records() as village:
        return [village.lesson(title=title, **PROPOSED).code for title in TITLES]


@pytest.fixture
def own(screens: Screens) -> str:
    """One that Naomi wrote herself."""
    with screens.records() as village:
        return village.lesson(title="לקח של נעמי", author_id=village.naomi.id, **PROPOSED).code


@pytest.fixture
def naomi(screens: Screens) -> Browser:
    return screens.as_("naomi", "en")


def preview(person: Browser, codes: list[str], decision: str = "accept", **more: Any) -> str:
    """What the page says would happen."""
    person.read(MANY)
    answer = person.send(f"{MANY}/preview", {"lesson": codes, "decision": decision, **more})
    assert answer.status_code == 200, answer.text
    return answer.text


def confirm(person: Browser) -> Any:
    assert person.page is not None
    items = re.findall(r'name="item" value="([^"]+)"', person.page.text)
    return person.send(MANY, {"item": items})


@here
def test_all_that_wait_are_listed_with_a_box_to_tick(screens: Screens, naomi: Browser, three: list[str]) -> None:
    page = naomi.read(MANY).text
    assert [page.index(f'value="{code}"') for code in three] == sorted(page.index(f'value="{c}"') for c in three)
    assert " checked" not in page
    assert naomi.read(f"{MANY}?all=1").text.count(" checked") == 3
    assert naomi.read(f"{MANY}?lesson={three[1]}").text.count(" checked") == 1
    assert screens.as_("dana", "en").read(MANY).status_code == 403


@here
def test_nothing_to_tick_says_what_brings_lessons_here(naomi: Browser) -> None:
    assert "comes here when its debrief is approved" in naomi.read(MANY).text


@here
def test_a_preview_changes_nothing(naomi: Browser, three: list[str]) -> None:
    page = preview(naomi, three)
    assert "3 lessons will be adopted" in page
    assert page.count("דנה אוחיון") == 3
    assert "Nothing has been done yet" in page
    assert {state(code) for code in three} == {LessonState.PROPOSED}
    assert naomi.read(f"{MANY}/preview").headers["Location"] == MANY


@here
def test_those_ticked_are_adopted_together_each_by_its_own_author(naomi: Browser, three: list[str]) -> None:
    preview(naomi, three[:2])
    answer = confirm(naomi)
    assert answer.status_code == 303
    page = naomi.read(answer.headers["Location"]).text
    assert "2 lessons were adopted." in page
    assert all(f'href="/lessons/{code}"' in page for code in three[:2])
    assert [state(code) for code in three] == [LessonState.ACCEPTED, LessonState.ACCEPTED, LessonState.PROPOSED]
    with db.reading() as session:
        first = session.scalars(sa.select(Lesson).where(Lesson.code == three[0])).one()
        assert (first.owner_id, first.audience["units"]) == (first.author_id, ["RET"])


@here
def test_one_reason_is_given_for_all_that_are_not_adopted(screens: Screens, naomi: Browser, three: list[str]) -> None:
    naomi.read(MANY)
    short = naomi.send(f"{MANY}/preview", {"lesson": three, "decision": "reject", "reason": "no"})
    assert short.status_code == 422
    assert short.text.count(" checked") == 3
    assert "at least 10" in short.text
    assert REASON in preview(naomi, three, "reject", reason=REASON)
    page = naomi.read(confirm(naomi).headers["Location"]).text
    assert "3 lessons were not adopted." in page
    assert {state(code) for code in three} == {LessonState.REJECTED}
    assert REASON in screens.as_("dana", "en").read(f"/lessons/{three[2]}").text


@here
def test_nothing_ticked_is_told_and_not_an_error(naomi: Browser, three: list[str]) -> None:
    naomi.read(MANY)
    answer = naomi.send(f"{MANY}/preview", {"decision": "accept"})
    assert answer.status_code == 422
    assert "Nothing is ticked yet" in answer.text


@here
def test_ones_own_lesson_stays_and_it_is_said_who_could(naomi: Browser, three: list[str], own: str) -> None:
    page = preview(naomi, [*three, own])
    assert "3 lessons will be adopted" in page
    stays = page.split("These stay as they are")[1]
    assert "The lesson is yours, so the decision belongs to someone else." in stays
    assert "Who could do it:" in stays
    assert f'value="{own}/' not in page
    confirm(naomi)
    assert state(own) == LessonState.PROPOSED


@here
def test_one_whose_author_left_is_sent_to_its_own_form(screens: Screens, naomi: Browser, three: list[str]) -> None:
    with screens.records() as village:
        village.session.merge(village.avi).closed_at = screens.at
        left = village.lesson(title="לקח של אבי", author_id=village.avi.id, **PROPOSED).code
    page = preview(naomi, [left])
    assert "in whose care it will be" in page
    assert f'href="/lessons/{left}/accept?next=/bench/many"' in page
    assert "One lesson will be adopted" not in page


@here
def test_what_was_decided_meanwhile_is_told_as_it_stands(naomi: Browser, three: list[str]) -> None:
    naomi.read("/bench")
    naomi.send(f"/lessons/{three[0]}/reject", {"reason": REASON})
    page = preview(naomi, three[:1])
    assert "does not fit the state" in page
    assert "These stay as they are" in page


def test_where_one_has_changed_since_the_preview_none_is_done(screens: Screens, three: list[str]) -> None:
    naomi = screens.as_("naomi", "en")
    preview(naomi, three)
    ilan = screens.as_("naomi", "he")
    ilan.read(f"/lessons/{three[1]}/edit")
    ilan.send(f"/lessons/{three[1]}/edit", {"title": "משפט אחר לגמרי"})
    answer = confirm(naomi)
    assert answer.status_code == 409
    assert "Nothing was done: not all of these can be." in answer.text
    assert three[1] in answer.text.split("data-refused")[1].split("</div>")[0]
    assert {state(code) for code in three} == {LessonState.PROPOSED}
    assert "משפט אחר לגמרי" in answer.text
    assert confirm(naomi).status_code == 303
    assert {state(code) for code in three} == {LessonState.ACCEPTED}


@here
def test_sent_twice_it_is_done_once(naomi: Browser, three: list[str]) -> None:
    preview(naomi, three)
    assert confirm(naomi).headers["Location"] == confirm(naomi).headers["Location"]


@here
def test_on_the_quick_path_it_is_told_that_readers_are_asked_at_once(screens: Screens, naomi: Browser) -> None:
    with screens.records() as village:
        quick = village.debrief(path=Path.QUICK)
        code = village.lesson(debrief_id=quick.id, **PROPOSED).code
    assert "Its readers are asked at once" in preview(naomi, [code])
    confirm(naomi)
    assert state(code) == LessonState.IMPLEMENTING


@here
def test_what_was_done_offers_what_the_life_allows_and_no_more(naomi: Browser, three: list[str]) -> None:
    preview(naomi, three[:1])
    page = naomi.read(confirm(naomi).headers["Location"]).text
    assert f'href="/lessons/{three[0]}/reject?next=' in page
    preview(naomi, three[1:2], "reject", reason=REASON)
    page = naomi.read(confirm(naomi).headers["Location"]).text
    assert f"/lessons/{three[1]}/" not in page
    assert f'href="/lessons/new?like={three[1]}"' in page
    assert TITLES[1] in naomi.read(f"/lessons/new?like={three[1]}").text


@here
def test_what_somebody_else_decided_is_not_there(screens: Screens, naomi: Browser, three: list[str]) -> None:
    preview(naomi, three)
    done = confirm(naomi).headers["Location"]
    with screens.records() as village:
        village.grant(village.ruth, Role.LESSONS_MANAGER, "CUS")
    assert screens.as_("ruth", "en").read(done).status_code == 404
    for at in ("", "x", "2026-02-01T08:00:00"):
        assert naomi.read(f"{MANY}/done?at={at}").status_code == 404


@here
def test_the_keys_stand_beside_the_words(naomi: Browser, three: list[str]) -> None:
    page = naomi.read(MANY).text
    assert all(f'data-key="{key}"' in page and f"<kbd>{key.upper()}</kbd>" in page for key in "art")
    page = preview(naomi, three)
    assert all(f'data-key="{key}"' in page and f"<kbd>{key.upper()}</kbd>" in page for key in "yb")


@here
def test_the_list_costs_the_same_for_one_as_for_many(screens: Screens, naomi: Browser, three: list[str]) -> None:
    before = cost(naomi, MANY)
    with screens.records() as village:
        for n in range(120):
            village.lesson(title=f"לקח {n}", **PROPOSED)
    assert cost(naomi, MANY) == before <= 8
    assert naomi.read(MANY).text.count('name="lesson"') == 100
    assert "There are more" in naomi.read(MANY).text

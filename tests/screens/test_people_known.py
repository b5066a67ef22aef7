"""People in a form's list: all of a small place; of a large one those whose names hold what is typed."""

from __future__ import annotations

import re

from lessons.models import Person
from lessons.models.base import random_id
from lessons.web.speech import MOST_PEOPLE
from lessons.workflow.states import LessonState
from tests.screens.conftest import Screens
from tests.screens.filling import here
from tests.village import TODAY

ASKS = 'data-asks="/people/known"'


def add(screens: Screens, *people: tuple[str, str]) -> None:
    with screens.records() as village:
        for name, email in people:
            unit_id = village.units["RET"].id or 0
            village.session.add(Person(pid=random_id(), name=name, email=email, unit_id=unit_id, hired_on=TODAY))


def crowd(screens: Screens) -> None:
    add(screens, *((f"אאדם {n:03}", f"a{n}@village.example") for n in range(MOST_PEOPLE)))


def known(screens: Screens, typed: str) -> list[str]:
    return re.findall(r'<option value="([^"]*)"', screens.as_("michal").read(f"/people/known?q={typed}").text)


@here
def test_a_small_place_is_in_the_list_whole(screens: Screens) -> None:
    page = screens.as_("hila").read("/procedures/new").text
    assert screens.people["rana"].name in page
    assert ASKS not in page


def test_a_large_place_is_asked_for_as_one_types(screens: Screens) -> None:
    crowd(screens)
    page = screens.as_("hila").read("/procedures/new").text
    assert page.count(ASKS) == 2
    assert screens.people["rana"].name not in page
    assert page.count("<option") < 2 * MOST_PEOPLE + 20
    assert known(screens, screens.people["rana"].name[:3]) == [screens.people["rana"].name]
    assert known(screens, "a17@") == ["אאדם 017"]
    assert known(screens, "אין כזה") == []
    assert known(screens, "%") == []
    assert len(known(screens, "")) == MOST_PEOPLE


@here
def test_two_of_one_name_are_told_apart_although_one_of_them_is_not_in_the_list(screens: Screens) -> None:
    crowd(screens)
    add(screens, ("תמר כהן", "tamar1@village.example"), ("תמר כהן", "tamar2@village.example"))
    assert known(screens, "tamar1") == ["tamar1@village.example"]


def test_whoever_stands_in_a_form_stands_there_by_name_in_a_large_place_too(screens: Screens) -> None:
    with screens.records() as village:
        village.session.get_one(Person, village.yossi.id).number = "E-77"
        lesson = village.lesson(author_id=village.yossi.id, owner_id=None, state=LessonState.PROPOSED)
    crowd(screens)
    naomi = screens.as_("naomi")
    for page in (f"/lessons/{lesson.code}/accept", "/actions?owner=E-77"):
        assert f'value="{screens.people["yossi"].name}"' in naomi.read(page).text, page

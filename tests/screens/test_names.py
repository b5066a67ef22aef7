"""Names in the texts of an inquiry: the role stands in their place, or they are remembered as none."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.models import Debrief, DebriefPerson, Event, Fact, Lesson
from lessons.workflow.states import DebriefState, LessonState
from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.screens.filling import here, only

pytestmark = here


@pytest.fixture
def named(screens: Screens) -> str:
    """An inquiry whose texts name Avi, who took part and answers calls."""
    with screens.records() as village:
        debrief = village.debrief(state=DebriefState.INVESTIGATING, actual="ולאבי כהן נאמר שהזיכוי הוזן", lang="he")
        village.session.add(DebriefPerson(debrief_id=debrief.id, person_id=village.avi.id, part="participant"))
        village.session.add(Fact(debrief_id=debrief.id, text="אבי הקשיב לשיחה", lang="he", created_at=screens.at))
        village.lesson(state=LessonState.DRAFT, debrief_id=debrief.id, accepted_at=None, accepted_by_id=None,
                       lang="he", steps=["שואלים את אבי כהן"])  # fmt: skip
        village.session.get_one(type(village.avi), village.avi.id).function = "נציג שימור"
        return f"/debriefs/{debrief.code}"


def test_a_full_name_is_replaced_by_the_role_in_every_text_with_one_event(named: str, dana: Browser) -> None:
    page = dana.read(named).text
    assert 'id="names"' in page
    assert "<mark>אבי כהן</mark>" in page
    whole, step = "names.ולאבי כהן נאמר שהזיכוי הוזן", "names.שואלים את אבי כהן"
    assert dana.send(f"{named}/names", {whole: "role", step: "role"}).status_code == 303
    assert only(Debrief).actual == "ולנציג שימור נאמר שהזיכוי הוזן"
    assert only(Lesson).steps == ["שואלים את נציג שימור"]
    assert "<mark>אבי כהן</mark>" not in dana.read(named).text
    with db.reading() as session:
        edits = sa.select(sa.func.count()).where(Event.trigger == "edit", Event.noun == "debriefs")
        assert session.scalar(edits) == 1


def test_the_refused_sending_for_review_can_be_answered_where_it_is_refused(named: str, dana: Browser) -> None:
    assert f'action="{named}/names"' in dana.read(f"{named}/submit").text
    dana.send(f"{named}/names", {"names.ולאבי כהן נאמר שהזיכוי הוזן": "role"})
    assert only(Debrief).actual == "ולנציג שימור נאמר שהזיכוי הוזן"


def test_a_first_name_is_asked_about_and_not_a_name_is_remembered(named: str, dana: Browser) -> None:
    assert "<mark>אבי</mark>" in dana.read(named).text
    dana.send(f"{named}/names", {"names.אבי הקשיב לשיחה": "not_a_name"})
    assert only(Fact).text == "אבי הקשיב לשיחה"
    assert "<mark>אבי</mark>" not in dana.read(named).text


def test_not_a_name_releases_no_full_name(named: str, dana: Browser) -> None:
    dana.read(named)
    dana.send(f"{named}/names", {"names.ולאבי כהן נאמר שהזיכוי הוזן": "not_a_name"})
    assert "<mark>אבי כהן</mark>" in dana.read(named).text


def test_only_who_may_edit_the_inquiry_answers(named: str, screens: Screens, dana: Browser) -> None:
    yossi = screens.as_("yossi", "en")
    yossi.read(named)
    dana.read(named)
    yossi.page = dana.page
    assert yossi.send(f"{named}/names", {"names.x": "role"}).status_code >= 400
    assert 'id="names"' not in screens.as_("naomi", "en").read(named).text

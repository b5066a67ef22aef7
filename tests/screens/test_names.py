"""Names of people who took part are written as roles, on the debrief's own page."""

from __future__ import annotations

import re

import pytest

from lessons.access.names import places_of
from lessons.debriefs import naming, operations
from lessons.errors import Forbidden
from lessons.models import Debrief
from lessons.workflow.states import DebriefState, LessonState
from tests.screens.conftest import Screens
from tests.screens.filling import here, only
from tests.village import AT


def test_a_name_becomes_the_role_where_it_stands_and_only_there(screens: Screens) -> None:
    with screens.records() as village:
        village.avi.function = "נציגות שירות"
        village.session.add(village.avi)
        debrief = village.debrief(state=DebriefState.INVESTIGATING)
        by = village.by("dana")
        told = {"participants": [village.avi], "actual": "פנו לאבי כהן, ואז שוב לאבי כהן", "expected": "אבי כהן מחייג"}
        operations.edit(village.session, debrief, told, by=by, at=AT)
        page, person = f"/debriefs/{debrief.code}", village.avi.pid
    dana = screens.as_("dana")
    assert "<mark>אבי כהן</mark>" in dana.read(page).text
    sent = dana.send(f"{page}/names", {"place": "actual", "person": person})
    assert sent.status_code == 303
    kept = only(Debrief)
    assert kept.actual == "פנו לנציגות שירות, ואז שוב לנציגות שירות"
    assert kept.expected == "אבי כהן מחייג"
    assert len(re.findall("<mark>", dana.read(page).text)) == 1
    assert dana.send(f"{page}/names", {"place": "actual", "person": person}).status_code == 404
    with screens.records() as village:
        kept = village.session.get_one(Debrief, kept.id)
        with pytest.raises(Forbidden):
            naming.write_role(village.session, kept, "expected", person, by=village.by("naomi"), at=AT)
    assert only(Debrief).expected == "אבי כהן מחייג"


@here
def test_a_name_in_a_draft_lesson_leads_to_the_lesson(screens: Screens) -> None:
    with screens.records() as village:
        debrief = village.debrief(state=DebriefState.INVESTIGATING)
        lesson = village.lesson(state=LessonState.DRAFT, debrief_id=debrief.id, background="אבי כהן חייג")
        operations.edit(village.session, debrief, {"participants": [village.avi]}, by=village.by("dana"), at=AT)
        page, way = f"/debriefs/{debrief.code}", f"/lessons/{lesson.code}/edit"
    shown = screens.as_("dana").read(page).text
    assert "<mark>אבי כהן</mark>" in shown
    assert way in shown


@here
def test_a_name_is_found_where_it_was_written_with_its_points_and_glued_letters() -> None:
    text = "אז וּלְאָבִי כהן נאמר"
    ((start, end),) = places_of(text, "אבי כהן")
    assert text[start:end] == "אָבִי כהן"

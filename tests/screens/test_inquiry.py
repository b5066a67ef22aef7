"""An inquiry as its leader works on it: why, and why again, and the way from what is missing to its place."""

from __future__ import annotations

import re

from lessons.models import Cause, Finding, Lesson
from tests.browsing import Browser
from tests.screens.filling import count, fill, here, only

pytestmark = here


def _asked(dana: Browser, inquiry: str) -> str:
    fill(dana, f"{inquiry}/add/findings", text="The discount was not entered", direction="improve")
    return f"/findings/{only(Finding).pid}/add/causes"


def test_each_cause_asks_why_again_until_it_is_enough(dana: Browser, inquiry: str) -> None:
    form = _asked(dana, inquiry)
    onward = fill(dana, form, text="The screen closes", kind="system").headers["Location"]
    assert onward == f"{form}?parent={only(Cause).pid}"
    page = dana.read(onward).text
    assert "And why is that?" in page
    assert f'href="{inquiry}#findings"' in page
    assert re.search(rf'value="{only(Cause).pid}" selected', page)


def test_a_root_cause_ends_the_asking(dana: Browser, inquiry: str) -> None:
    form = _asked(dana, inquiry)
    assert fill(dana, form, text="Nobody tests it", root="1").headers["Location"] == f"{inquiry}#findings"
    assert count(Cause) == 1


def test_what_is_missing_leads_to_a_place_that_takes_the_focus(dana: Browser, inquiry: str) -> None:
    page = dana.read(inquiry).text
    places = re.findall(r'href="#([a-z_]+)"', page.split("<aside")[1])
    assert places
    for place in places:
        assert len(re.findall(rf'id="{place}"', page)) == 1, place
        assert re.search(rf'id="{place}" tabindex="-1"', page), place


def test_a_lesson_that_lacks_something_is_where_its_line_leads(dana: Browser, inquiry: str) -> None:
    fill(dana, f"{inquiry}/write_lesson", title="Enter the discount before the call ends", direction="do")
    edit = f'href="/lessons/{only(Lesson).code}/edit"'
    assert edit in dana.read(inquiry).text.split("<aside")[1]
    assert edit in dana.read(f"{inquiry}/submit").text

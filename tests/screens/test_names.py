"""A participant's full name in the texts of an inquiry: told where it stands, replaced by what they do."""

from __future__ import annotations

import sqlalchemy as sa

from lessons import db
from lessons.access.names import instead
from lessons.models import Cause, Debrief, Fact
from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.screens.filling import fill, here, only


def test_glued_letters_stay_and_other_words_too() -> None:
    assert instead("נמסר לאבי כהן, והוא", "אבי כהן", "נציג שימור") == "נמסר לנציג שימור, והוא"
    assert instead("Cohen, Avi told", "Avi Cohen", "an agent") == "an agent told"
    assert instead("אבי אמר", "אבי כהן", "נציג") == "אבי אמר"
    assert instead("אבי כהנא", "אבי כהן", "נציג") == "אבי כהנא"


@here
def test_a_name_is_told_with_its_places_and_replaced_in_all_of_them(
    screens: Screens, dana: Browser, inquiry: str
) -> None:
    with screens.records() as village:
        village.session.get_one(type(village.avi), village.avi.id).function = "נציג שימור"
        avi, finding = village.avi.name, village.cause(village.session.get_one(Debrief, only(Debrief).id))
        village.session.get_one(Cause, finding.id).text = f"המסך נסגר לפני ש{avi} שמר"
    fill(dana, f"{inquiry}/edit", participants=["avi@village.example"], actual=f"נמסר ל{avi} לחכות")
    fill(dana, f"{inquiry}/add/facts", text=f"{avi} ענה", at="2026-01-29T10:20")
    page = dana.read(inquiry).text
    assert 'id="names"' in page
    assert dana.send(f"{inquiry}/names", {"person": screens.people["avi"].pid}).status_code == 303
    assert only(Debrief).actual == "נמסר לנציג שימור לחכות"
    assert only(Fact).text == "נציג שימור ענה"
    with db.reading() as session:
        assert session.scalars(sa.select(Cause.text)).one() == "המסך נסגר לפני שנציג שימור שמר"
    assert only(Debrief).event_n >= 5  # each text by its own edit
    assert 'id="names"' not in dana.read(inquiry).text


@here
def test_whoever_may_not_edit_the_inquiry_replaces_nothing(screens: Screens, dana: Browser, inquiry: str) -> None:
    fill(dana, f"{inquiry}/edit", participants=["avi@village.example"], actual=f"נמסר ל{screens.people['avi'].name}")
    rana = screens.as_("rana", "en")
    rana.read("/account")
    csrf = rana.page.text.split('name="csrf_token" value="')[1].split('"')[0] if rana.page else ""
    sent = {"csrf_token": csrf, "person": screens.people["avi"].pid}
    assert rana.post(f"{inquiry}/names", sent).status_code in (403, 404)
    assert screens.people["avi"].name in only(Debrief).actual

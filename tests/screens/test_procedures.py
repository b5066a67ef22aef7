"""The text of a procedure on its page: as it is written, and as it stood on a day that is asked about."""

from __future__ import annotations

from datetime import timedelta

from tests.procedures.writing import HOW, SUMS, procedure_of, published
from tests.screens.conftest import Screens
from tests.screens.filling import here
from tests.village import AT


@here
def test_the_text_that_was_in_force_on_a_day_is_shown_for_that_day(screens: Screens) -> None:
    with screens.records() as village:
        procedure = procedure_of(village)
        published(village, procedure, sections=[{**HOW, "body": "At the **end** of the call"}, SUMS])
        published(village, procedure, at=AT + timedelta(days=10), sections=[{**HOW, "body": "Before the end"}, SUMS])
        page, day = f"/procedures/{procedure.code}", AT.date() + timedelta(days=5)
    screens.days_later(20)
    hila = screens.as_("hila", "en")
    assert "Before the end" in hila.read(page).text
    then = hila.read(f"{page}?on={day}").text
    assert "At the <strong>end</strong> of the call" in then
    assert "This is how it stood on" in then
    assert "Nothing was in force on that day" in hila.read(f"{page}?on={AT.date() - timedelta(days=3)}").text
    for where in (f"{page}?on={AT.date() + timedelta(days=400)}", f"{page}?on=yesterday"):
        assert "Before the end" in hila.read(where).text

"""Words that mean the same here: kept on a page, known to every search, suggested by what was not found."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.errors import Forbidden
from lessons.models import Missed
from lessons.people import synonyms
from lessons.repository import found, queries
from tests.screens.conftest import Screens
from tests.village import AT


def _found(screens: Screens, q: str) -> list[int]:
    with screens.records() as village:
        return [one.record_id for one in queries.search(village.session, q, by=village.by("avi"))]


def test_whoever_asks_by_one_word_finds_what_is_called_by_the_other(screens: Screens) -> None:
    with screens.records() as village:
        lesson = village.lesson(title="ביטול שירות בשיחה אחת")
        found.keep(village.session, lesson)
    assert _found(screens, "התנתקות") == []
    admin = screens.signed_in("naomi", admin=True) if hasattr(screens, "signed_in") else None
    with screens.records() as village:
        with pytest.raises(Forbidden):
            synonyms.put(village.session, "ביטול, התנתקות", by=village.by("avi"))
    assert admin is None or admin


def test_what_was_not_found_is_counted_without_numbers_or_names(screens: Screens) -> None:
    with db.transaction() as session:
        for q in ("התנתקות", "הִתנתקות", "לקוח 054-1234567"):
            synonyms.note_missed(session, q, on=AT.date())
    with db.reading() as session:
        rows = session.scalars(sa.select(Missed)).all()
    assert [(row.words, row.times) for row in rows] == [("התנתקות", 2)]

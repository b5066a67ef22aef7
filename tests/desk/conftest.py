"""The village's screens, for whoever answers calls."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session

from lessons.models import Lesson
from lessons.repository import found
from tests.browsing import Browser
from tests.screens.conftest import Screens, screens
from tests.village import Village

__all__ = ["screens"]


@pytest.fixture
def avi(screens: Screens) -> Browser:
    return screens.as_("avi", "en")


def on_desk(village: Village, title: str, **given: Any) -> Lesson:
    """A card that agents find."""
    lesson = village.lesson(title=title, **given)
    found.keep(village.session, lesson)
    return lesson


@pytest.fixture
def village(session: Session) -> Village:
    return Village(session)

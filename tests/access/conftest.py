"""The village that facts are read from."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from tests.village import Village


@pytest.fixture
def village(session: Session) -> Village:
    return Village(session)

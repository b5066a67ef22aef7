"""The village on each database, in a transaction that is never committed."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from tests.village import Village


@pytest.fixture
def village(session: Session) -> Village:
    return Village(session)

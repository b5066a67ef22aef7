"""An installation that sends its letters to a postman of ours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lessons.post.channels.smtp import Smtp
from lessons.settings import Settings
from tests.duties.owing import Village, settled
from tests.post.postman import Postman, at_work, posting_to


@pytest.fixture
def postman() -> Iterator[Postman]:
    with at_work() as found:
        yield found


@pytest.fixture
def posting(settings: Settings, postman: Postman) -> Settings:
    """An installation with that mail server, whose clock the test sets."""
    return posting_to(postman, settings, "village.test", organisation="כפר")


@pytest.fixture
def village(posting: Settings) -> Village:
    return settled()


@pytest.fixture
def smtp(posting: Settings) -> Iterator[Smtp]:
    channel = Smtp(posting)
    yield channel
    channel.close()

"""An installation that sends its letters to a postman of ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from lessons import db
from lessons.post.channels.smtp import Smtp
from lessons.settings import Settings
from tests.duties.owing import Village, settled
from tests.post.postman import Postman, at_work


@pytest.fixture
def postman() -> Iterator[Postman]:
    with at_work() as found:
        yield found


@pytest.fixture
def posting(settings: Settings, postman: Postman) -> Settings:
    """An installation with that mail server, whose clock the test sets."""
    made = replace(
        settings, allow_clock=True, mail_url=f"smtp://127.0.0.1:{postman.port}",
        mail_from="Lessons <lessons@village.test>", base_url="https://lessons.village.test", organisation="כפר",
    )  # fmt: skip
    db.start(made)
    return made


@pytest.fixture
def village(posting: Settings) -> Village:
    return settled()


@pytest.fixture
def smtp(posting: Settings) -> Iterator[Smtp]:
    channel = Smtp(posting)
    yield channel
    channel.close()

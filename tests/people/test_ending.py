"""What is kept about people ends by itself once its days are over, and nothing sooner."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.models import Absence, Attempt, Duty, Letter, Missed, Notice, SignIn, Token
from lessons.people import ending, keys
from lessons.workflow.states import LetterState
from tests.village import AT, Village

DAY, LONG_AGO = date(2020, 1, 1), AT - timedelta(days=800)


def letter(person_id: int, at: datetime, n: int, state: LetterState = LetterState.SENT) -> Letter:
    return Letter(pid=f"p{n}", person_id=person_id, kind="digest", key=f"k{n}", lang="he", subject="לטיפולך", text="x",
                  html="x", message_id=f"<{n}@x>", state=state, next_at=at, created_at=at)  # fmt: skip


def notice(person_id: int, at: datetime, **of: Any) -> Notice:
    return Notice(person_id=person_id, kind="left", of_noun="people", of_id=person_id, of_code="x", at=at, **of)


def duty(person_id: int, n: int, closed_at: datetime | None) -> Duty:
    return Duty(pid=f"d{n}", kind="do_action", of_noun="actions", of_id=n, of_code="A", unit_id=1, person_id=person_id,
                opened_at=LONG_AGO, due_on=LONG_AGO.date(), due_at=LONG_AGO, closed_at=closed_at)  # fmt: skip


def left(model: Any) -> int:
    with db.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def ended() -> int:
    done = 0
    while True:
        with db.transaction() as session:
            some = ending.fall_due(session, at=AT, limit=2)
        done += some
        if not some:
            return done


def test_what_has_served_goes_in_batches_and_what_still_serves_stays(
    village: Village, caplog: pytest.LogCaptureFixture
) -> None:
    dana, yossi = village.dana, village.yossi
    assert dana.id is not None
    assert yossi.id is not None
    with db.transaction() as session:
        for at in (LONG_AGO, LONG_AGO, LONG_AGO, AT - timedelta(days=1)):
            keys.sign_in(session, dana, at=at)
        first, waits = letter(dana.id, LONG_AGO, 1), letter(dana.id, LONG_AGO, 2, LetterState.WAITING)
        open_, closed = duty(dana.id, 1, None), duty(dana.id, 2, LONG_AGO)
        session.add_all([first, waits, letter(dana.id, AT, 3), open_, closed])
        session.flush()
        session.add_all([
            notice(dana.id, LONG_AGO, told_at=LONG_AGO), notice(dana.id, LONG_AGO),
            notice(dana.id, LONG_AGO, told_at=LONG_AGO, duty_id=open_.id),
            notice(dana.id, LONG_AGO, told_at=LONG_AGO, duty_id=closed.id),
            notice(dana.id, AT, told_at=AT, letter_id=first.id),
            Absence(pid="a1", person_id=dana.id, delegate_id=yossi.id, from_on=DAY, until_on=DAY),
            Token(token_hash="t1", person_id=dana.id, name="old", scope="read", created_at=LONG_AGO, ended_at=LONG_AGO),
            Token(token_hash="t2", person_id=dana.id, name="used", scope="read", created_at=LONG_AGO),
            Missed(words="ממיר", last_on=DAY), Attempt(key="who:x", window=1),
        ])  # fmt: skip
    with caplog.at_level(logging.INFO):
        assert ended() == 3 + 1 + 2 + 1 + 1 + 1 + 1
    assert (left(SignIn), left(Letter), left(Absence), left(Token), left(Missed), left(Attempt)) == (1, 2, 0, 1, 0, 0)
    with db.reading() as session:
        stay = session.scalars(sa.select(Notice).order_by(Notice.id)).all()
    assert [(one.duty_id is not None, one.told_at, one.letter_id) for one in stay] == [
        (False, None, None), (True, LONG_AGO, None), (False, AT, None),
    ]  # fmt: skip
    assert "2 rows of sign_ins were deleted: their time is over" in caplog.text
    assert dana.name not in caplog.text

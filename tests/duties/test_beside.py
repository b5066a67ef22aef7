"""What a mail tells beside what its reader owes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.models import Action, Debrief, Duty
from lessons.workflow.states import ActionState
from tests.duties.owing import Village, at
from tests.web.test_queries import statements

Live = Callable[[str], int]
THURSDAY = "2026-09-10"

WAITS = """\
You wait for
============
- Reported by Dana (A-2026-0002)
  Reported done; it waits to be confirmed
  With Ruth
  Since 6 Sep 2026
  https://lessons.village.test/actions/A-2026-0002
- Held up by others (A-2026-0003)
  Held up
  With Yossi
  Since 7 Sep 2026
  https://lessons.village.test/actions/A-2026-0003
- Asked for later (A-2026-0004)
  A later date was asked for; it waits for a decision
  With: Unit management
  Since 8 Sep 2026
  https://lessons.village.test/actions/A-2026-0004
"""
UNITS = """\
Your units
==========

7 things are late
- Grave (A-2026-0010)
  Do an action
  With Yossi
  It was due on 9 Sep 2026
  https://lessons.village.test/actions/A-2026-0010
"""


def change(duty_id: int, **values: object) -> None:
    """Of the action that a duty is about."""
    with db.transaction() as session:
        of = sa.select(Duty.of_id).where(Duty.id == duty_id).scalar_subquery()
        session.execute(sa.update(Action).where(Action.id == of).values(**values))


@pytest.fixture
def waiting(village: Village) -> Village:
    """Dana did one thing, cannot go on with another, and asked for a later date of a third."""
    dana = village.people["dana"]
    done = village.owe("ruth", "2026-09-20", kind="confirm_action", text="Reported by Dana", opened="2026-09-06 09:00")
    change(done, owner_id=dana, state=ActionState.DONE, entered_at=at("2026-09-06 09:00"))
    held_up = village.owe("dana", "2026-09-20", text="Held up by others", opened="2026-09-01 09:00")
    change(held_up, owner_id=dana, state=ActionState.BLOCKED, waiting_on_id=village.people["yossi"],
           entered_at=at("2026-09-07 09:00"))  # fmt: skip
    asked = village.owe("manager", "2026-09-20", kind="decide_extension", unit="CUS", text="Asked for later",
                        opened="2026-09-08 09:00")  # fmt: skip
    change(asked, owner_id=dana)
    return village


def test_what_its_reader_waits_for_stands_in_a_mail_that_is_sent_anyway(waiting: Village, live: Live) -> None:
    live(f"{THURSDAY} 08:00")
    assert waiting.letters("dana") == []
    waiting.owe("dana", THURSDAY, text="Of today")
    live(f"{THURSDAY} 08:30")
    (letter,) = waiting.letters("dana")
    assert WAITS in letter.text
    assert letter.subject == "Due today: Of today (A-2026-0005)"


def test_what_others_do_and_what_was_decided_is_waited_for_by_nobody_else(waiting: Village, live: Live) -> None:
    waiting.owe("yossi", THURSDAY)
    live(f"{THURSDAY} 08:30")
    assert "בהמתנה לאחרים" not in waiting.letters("yossi")[0].text


def test_whoever_manages_a_unit_reads_how_it_stands_and_what_presses_most(village: Village, live: Live) -> None:
    village.owe("dana", "2026-09-09", text="Their own")
    for n in range(7):
        village.owe("yossi", "2026-09-08", text=f"Late {n}")
    village.owe("yossi", "2026-09-09", text="Grave", severity=3)
    with db.transaction() as session:
        session.execute(sa.update(Duty).where(Duty.of_code == "A-2026-0009").values(closed_at=at("2026-09-09 09:00")))
    live("2026-09-10 07:59")
    assert village.letters("dana") == []
    live(f"{THURSDAY} 08:00")
    letter = village.letters("dana")[-1]
    assert UNITS in letter.text
    assert "- and 2 things more\n\nTo the managers’ page:\nhttps://lessons.village.test/managers\n" in letter.text
    assert letter.text.count("Their own") == 1


def test_a_mail_costs_the_same_queries_however_much_is_late_and_waited_for(waiting: Village, live: Live) -> None:
    asked: list[int] = []
    for number, day in enumerate(("2026-09-07", "2026-09-08", "2026-09-09"), 1):
        for _ in range(number * number):
            waiting.owe("dana", day)
            waiting.owe("yossi", "2026-09-06")
        with statements() as found:
            live(f"{day} 08:00")
        asked.append(sum("FROM actions LEFT OUTER JOIN duties" in one or "OVER ()" in one for one in found))
    assert len(waiting.letters("dana")) == 3
    assert asked[1:] == [asked[0]] * 2


def test_of_what_a_manager_may_not_see_the_code_alone_is_told_and_others_read_of_no_unit(
    village: Village, live: Live
) -> None:
    with db.transaction() as session:
        session.execute(sa.update(Debrief).values(confidential=True))
    for who in ("dana", "ruth"):
        village.owe(who, THURSDAY)
    village.owe("yossi", "2026-09-08", text="Of a confidential debrief")
    live(f"{THURSDAY} 08:00")
    (managing,) = village.letters("dana")
    assert "Your units\n==========\n\nOne thing is late\n- Do an action (A-2026-0004)\n" in managing.text
    assert "Of a confidential debrief" not in managing.text + managing.html
    assert "Your units" not in village.letters("ruth")[0].text

"""The policy as people read it: as it holds at their unit, with the days on which mail rests."""

from __future__ import annotations

import sqlalchemy as sa

from lessons.models import Unit
from tests.screens.conftest import Screens
from tests.screens.filling import here


def told(screens: Screens, path: str = "/process/reminders", who: str = "avi") -> str:
    return " ".join(screens.as_(who, "en").read(path).text.split())


def test_each_unit_reads_its_own_numbers(screens: Screens) -> None:
    with screens.records() as village:
        own = {"duties.confirm_action.days": 9, "ladders.usual.after": [2]}
        where = sa.update(Unit).where(Unit.code == "SRV")
        village.session.execute(where.values(policy=own, version=Unit.version + 1))
    assert "9 days" not in told(screens, "/process/reminders?unit=RET")
    assert "15 working days after" in told(screens, "/process/reminders?unit=RET")
    there = told(screens, "/process/reminders?unit=SRV")
    assert "9 days" in there
    assert "2 working days after" in there
    assert "8 working days after" in there  # up the line, at severity 4


@here
def test_days_without_mail_are_named_and_the_process_leads_there(screens: Screens) -> None:
    assert 'href="/process/reminders"' in told(screens, "/process")
    assert "Passover" in told(screens) or "Pesach" in told(screens)
    assert "from \u206808:00\u2069 to \u206818:00\u2069" in told(screens)

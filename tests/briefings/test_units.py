"""Whoever asks for a reading sees by unit how far it is; the shares together are what the briefing counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lessons.briefings.queries import readings_of
from lessons.briefings.units import by_unit
from lessons.errors import Forbidden, NotAllowed
from lessons.workflow.states import BriefingState
from tests.briefings.reading import DUE, away, briefing_of, do, read
from tests.village import AT, TODAY, Village

BOTH = ("RET", "SRV")


def test_each_unit_has_its_share_and_whoever_is_away_does_not_count(village: Village) -> None:
    away(village, "yossi", TODAY - timedelta(days=1), DUE + timedelta(days=3))
    audience = {"units": [village.units[code] for code in BOTH], "roles": ["agent"]}
    briefing = briefing_of(village, audience=audience, share=1)
    read(village, briefing, "avi")
    village.session.flush()
    found = {one.unit_id: (one.read, one.of) for one in by_unit(village.session, briefing, at=AT)}
    assert found == {village.units["RET"].id: (1, 1), village.units["SRV"].id: (0, 1)}
    whole = readings_of(village.session, [briefing], at=AT)[briefing.id or 0]
    assert (whole.read, whole.of) == (sum(read for read, _ in found.values()), sum(of for _, of in found.values()))


@pytest.mark.parametrize("who", ["yossi", "ilan", "naomi", "hila"])
def test_whoever_asks_for_the_reading_reminds_the_rest(village: Village, who: str) -> None:
    briefing = briefing_of(village)
    do(village, briefing, "remind", who)
    assert (briefing.reminded_at, briefing.state) == (AT, BriefingState.OPEN)


def test_nobody_else_does_and_not_where_nobody_is_missing(village: Village) -> None:
    briefing = briefing_of(village)
    with pytest.raises(Forbidden):
        do(village, briefing, "remind", "avi")
    village.avi.closed_at = village.yossi.closed_at = AT
    village.session.flush()
    with pytest.raises(NotAllowed):
        do(village, briefing, "remind", "naomi")

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from lessons.workdays import happens_twice, offset, resolve_local, zone_named

JERUSALEM = "Asia/Jerusalem"


def test_a_time_that_summer_time_skips_moves_on_by_an_hour() -> None:
    for skipped in ("2026-03-27T02:30", "2027-03-26T02:30"):
        moment, moved = resolve_local(datetime.fromisoformat(skipped), JERUSALEM)
        assert moved
        assert moment.astimezone(ZoneInfo(JERUSALEM)).strftime("%H:%M") == "03:30"


def test_of_a_time_that_comes_twice_the_first_is_kept_and_its_offset_can_be_shown() -> None:
    twice = datetime.fromisoformat("2026-10-25T01:30")
    assert resolve_local(twice, JERUSALEM) == (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), False)
    assert resolve_local(twice.replace(fold=1), JERUSALEM) == (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), False)
    assert happens_twice(twice, JERUSALEM)
    assert offset(datetime(2026, 10, 24, 22, 30, tzinfo=UTC), JERUSALEM) == "+03:00"
    assert offset(datetime(2026, 10, 24, 23, 30, tzinfo=UTC), JERUSALEM) == "+02:00"


def test_an_ordinary_time_is_neither_moved_nor_doubled() -> None:
    noon = datetime.fromisoformat("2026-10-25T12:00")
    assert resolve_local(noon, JERUSALEM) == (datetime(2026, 10, 25, 10, tzinfo=UTC), False)
    assert not happens_twice(noon, JERUSALEM)
    assert not happens_twice(datetime.fromisoformat("2026-03-27T02:30"), JERUSALEM)


def test_a_wall_clock_has_no_zone_of_its_own() -> None:
    with pytest.raises(ValueError, match="no zone of its own"):
        resolve_local(datetime(2026, 8, 30, 9, tzinfo=UTC), JERUSALEM)


@pytest.mark.parametrize("name", ["", "Nowhere", "../etc/passwd", "Asia", "x\0y"])
def test_a_zone_that_does_not_exist_is_refused_in_words(name: str) -> None:
    with pytest.raises(ValueError, match="No time zone is called"):
        zone_named(name)

"""Clocks that are wrong for a while, and workers that were away: no burst, no repeat, one mail for what was missed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest

from lessons import clock, worker
from lessons.errors import Unavailable
from lessons.settings import Settings
from tests.duties.owing import at, day
from tests.faults.conftest import Size
from tests.faults.model import ZONE
from tests.faults.organisation import A_TEAM, Organisation, chance_of, each_owes, founded
from tests.faults.outcome import letters, told
from tests.post.postman import Postman

SUNDAY, MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (f"2026-09-{n:02}" for n in (6, 7, 8, 9, 10))
Work = Callable[[str], None]


@pytest.fixture
def organisation(posting: Settings, size: Size) -> Organisation:
    """Everybody works from Sunday to Thursday."""
    return founded(chance_of(1), teams=size.posted_people // A_TEAM + 1, people=size.posted_people, calendars=[{}])


@pytest.fixture
def work(posting: Settings, monkeypatch: pytest.MonkeyPatch) -> Work:
    """A turn of the worker by the machine's own clock, which shows that time."""

    def worked(wall: str) -> None:
        monkeypatch.setattr(clock, "now", lambda: at(wall))
        worker.once(posting)

    return worked


def days_of_mail(postman: Postman) -> Counter[date]:
    """How many mails came on each day; nobody has two on one."""
    each = Counter((one.to, one.written.astimezone(ZONE).date()) for one in postman.heard)
    assert set(each.values()) <= {1}
    return Counter(on for _, on in each)


def test_a_clock_a_day_ahead_and_then_right_again_tells_each_thing_once(
    organisation: Organisation, work: Work, postman: Postman, size: Size
) -> None:
    each_owes(organisation, day(MONDAY))
    many = len(organisation.people)
    work(f"{SUNDAY} 10:00")
    work(f"{MONDAY} 10:00")  # it is Sunday still
    assert days_of_mail(postman) == {day(MONDAY): many}
    with pytest.raises(Unavailable):
        work(f"{SUNDAY} 10:10")
    for wall in (f"{MONDAY} 10:10", f"{MONDAY} 16:00", f"{TUESDAY} 11:00"):
        work(wall)
    assert days_of_mail(postman) == {day(MONDAY): many, day(TUESDAY): many}
    assert Counter(told()) == {(who, rung): 1 for who in organisation.people for rung in ("on", "after+1")}
    assert repeats_none(postman)


def test_a_clock_a_day_or_an_hour_back_repeats_nothing(
    organisation: Organisation, work: Work, postman: Postman, size: Size
) -> None:
    each_owes(organisation, day(MONDAY))
    work(f"{MONDAY} 11:00")
    with pytest.raises(Unavailable):
        work(f"{SUNDAY} 11:00")
    for wall in (f"{MONDAY} 10:00", f"{MONDAY} 10:30", f"{MONDAY} 11:30"):
        work(wall)
    assert days_of_mail(postman) == {day(MONDAY): len(organisation.people)}
    assert Counter(told()) == {(who, "on"): 1 for who in organisation.people}
    assert repeats_none(postman)


def test_three_days_off_are_one_mail_a_person_with_all_of_it(
    organisation: Organisation, work: Work, postman: Postman, size: Size
) -> None:
    each_owes(organisation, day(MONDAY), day(TUESDAY), day(WEDNESDAY))
    work(f"{SUNDAY} 10:00")
    work(f"{THURSDAY} 10:00")
    work(f"{THURSDAY} 12:00")
    assert days_of_mail(postman) == {day(THURSDAY): len(organisation.people)}
    assert Counter(told()) == {
        (who, rung): times for who in organisation.people for rung, times in (("after+1", 2), ("after+3", 1))
    }
    assert {len(letter.duty_ids) for letter in letters()} == {3}
    assert repeats_none(postman)


def repeats_none(postman: Postman) -> bool:
    return len(set(postman.ids())) == len(postman.ids())

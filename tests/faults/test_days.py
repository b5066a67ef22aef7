"""A year of an organisation, with holidays, both changes of the clock, and workers that stay away for days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random

import sqlalchemy as sa

from lessons import db
from lessons.models import Absence, Unit
from lessons.settings import Settings
from tests.databases import Kind
from tests.faults import living
from tests.faults.conftest import Size
from tests.faults.living import Acting, Watch, moment
from tests.faults.model import DAY
from tests.faults.organisation import Organisation, chance_of, founded
from tests.post.postman import Postman, free_port

AUTUMN, SPRING = date(2026, 9, 20), date(2027, 3, 21)
"""Sukkot and the end of summer time; its beginning and Pesach."""
OWN_NUMBERS: tuple[dict[str, object], ...] = (
    {"ladders.usual.after": [2, 4], "ladders.usual.up_severity3": [1, 5]},
    {"ladders.usual.on_the_day": False},
)
OFTEN, SIDE_BY_SIDE, UNREACHABLE, AN_OUTAGE = 0.45, 0.3, 0.15, 0.08
A_YEAR = 365


def settled(chance: Random, first: date) -> Organisation:
    """Sixteen people. Two of the units have numbers of their own; people are away for a while and others stand in."""
    made = founded(chance, teams=4, people=16)
    living.debriefs_of(made, chance, moment(first, 7))
    with db.transaction() as session:
        for unit, numbers in zip(chance.sample(made.units[1:], 2), OWN_NUMBERS, strict=True):
            session.execute(sa.update(Unit).where(Unit.id == unit).values(policy=numbers))
        for n in range(24):
            start, (who, instead) = first + chance.randint(0, 30) * DAY, chance.sample(list(made.people.values()), 2)
            until = start + chance.randint(1, 14) * DAY
            session.add(Absence(pid=f"away{n}", person_id=who, delegate_id=instead, from_on=start, until_on=until))
    return made


@dataclass
class Year:
    """So many days of an organisation, one after the other."""

    acting: Acting
    watch: Watch
    chance: Random
    up: Settings
    down: Settings

    def live(self, day: date, hours: Sequence[float]) -> None:
        """People do things at any hour of the day; workers come at these hours."""
        work = living.two if self.chance.random() < SIDE_BY_SIDE else living.one
        acts = {moment(day, self.chance.uniform(6, 22)) for _ in range(self.chance.randint(0, 2))}
        turns = {moment(day, round(hour, 2)) for hour in hours}
        for at in sorted(acts | turns):
            if at in turns:
                self.watch.turn(at, work(self.down if self.chance.random() < UNREACHABLE else self.up))
            else:
                self.acting.act(at)
                self.watch.look(at)

    def hours(self) -> list[float]:
        """When workers come on a day: at night, in the morning, at work, in the evening; seldom at all of these."""
        spans = ((0, 8), (8, 11), (11, 17), (17, 24))
        return [self.chance.uniform(*span) for span in spans if self.chance.random() < OFTEN]


def test_each_is_told_exactly_once_and_in_time_whatever_the_workers_did(
    posting: Settings, postman: Postman, size: Size, kind: Kind
) -> None:
    first, days, chance = AUTUMN, size.days, chance_of(size.days)
    if days < A_YEAR and kind == "postgresql":  # where it takes twice as long
        first, days = SPRING, days // 2
    down = replace(posting, mail_url=f"smtp://127.0.0.1:{free_port()}")
    acting = Acting(settled(chance, first), chance)
    year = Year(acting, Watch(living.places(), moment(first, 0)), chance, posting, down)
    away = 0
    for day in (first + n * DAY for n in range(days)):
        away = chance.randint(1, 5) if chance.random() < AN_OUTAGE else away - 1
        year.live(day, year.hours() if away < 1 else ())
    end = first + days * DAY
    for day in (end + n * DAY for n in range(8)):
        year.watch.turn(moment(day, 11), living.one(posting))
    living.nothing_is_left(moment(end, 0))
    assert len(year.watch.heard) > days, "hardly anything happened"
    assert max(Counter(postman.ids()).values()) == 1

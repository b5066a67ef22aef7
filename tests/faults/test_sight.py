"""Who sees what, at full size: five hundred people with roles by chance, and over ten thousand records of all nouns."""

from __future__ import annotations

from random import Random

import pytest

from lessons import clock, db
from lessons.settings import Settings
from tests.village import AT
from tests.walks.crowd import Census, Crowd
from tests.walks.oracle import Oracle
from tests.walks.sight import by_door, by_rule

pytestmark = pytest.mark.faults  # sixty people and four hundred records are with every run: tests/walks
SEED = 500
MANY = Census(
    people=500, teams=3, debriefs=2500, lessons=2500, actions=2000, plans=800, procedures=700, others=300
)  # fmt: skip
AT_THE_DOORS, ASKED = 25, 8


def test_all_doors_show_everybody_what_the_process_names_and_nothing_else(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.transaction() as session:
        crowd = Crowd(session, SEED, MANY)
        session.expunge_all()
    monkeypatch.setattr(clock, "now", lambda: AT)
    with db.reading() as session:
        oracle = Oracle(session, AT)
        session.expunge_all()
        assert [*by_rule(session, oracle, crowd.people)] == []
    assert sum(map(len, oracle.rows.values())) > 10_000
    some = Random(SEED).sample(crowd.people, AT_THE_DOORS)  # noqa: S311 - the same people each time
    assert by_door(settings, crowd, oracle, some, asked=ASKED) == []

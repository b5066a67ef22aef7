"""Who an audience is on a given day."""

from __future__ import annotations

from datetime import date, timedelta

from lessons.access import audience_people
from lessons.workflow.states import Role
from tests.access.records import AT
from tests.village import Village


def names(village: Village, audience: dict[str, list[str]], unit: str = "RET") -> set[str]:
    ids = audience_people(village.session, audience, village.units[unit].id or 0, at=AT)
    return {key for key, person in vars(village).items() if getattr(person, "id", None) in ids and key != "session"}


def test_without_units_it_is_the_records_own_unit_and_below(village: Village) -> None:
    assert names(village, {}) == {"ilan", "dana", "yossi", "avi"}
    assert names(village, {}, "CUS") >= {"michal", "avi", "rana", "gideon"}


def test_units_and_roles_narrow_it(village: Village) -> None:
    assert names(village, {"units": ["SRV"], "roles": []}) == {"alexei", "rana"}
    assert names(village, {"units": ["cus"], "roles": ["agent"]}) == {"yossi", "avi", "rana"}
    assert names(village, {"units": ["NOWHERE"], "roles": []}) == set()


def test_a_role_granted_above_holds_below(village: Village) -> None:
    village.grant(village.dana, Role.AGENT, "CUS")
    assert names(village, {"units": ["RET"], "roles": ["agent"]}) == {"dana", "yossi", "avi"}
    village.grant(village.ilan, Role.AGENT, "SRV")
    assert "ilan" not in names(village, {"units": ["RET"], "roles": ["agent"]})


def test_whoever_left_or_has_not_come_yet_is_not_addressed(village: Village) -> None:
    village.avi.closed_at = AT - timedelta(days=1)
    village.dana.hired_on = date(2026, 6, 11)
    village.session.flush()
    assert names(village, {}) == {"ilan", "yossi"}

"""Who has which role where, as administrators see it, and where a role that the process needs is nobody's."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from lessons.models import Grant, Unit
from lessons.models.base import random_id
from lessons.steps import rights
from lessons.workflow.states import Role
from tests.screens.conftest import Screens
from tests.screens.tables import Table
from tests.web.test_queries import statements


def read(screens: Screens) -> Table:
    page = screens.as_("michal", "en").read("/admin/roles")
    assert page.status_code == 200
    return Table(page.text)


def administer(screens: Screens, unit: str = "CUS") -> None:
    with screens.records() as village:
        village.grant(village.michal, Role.ADMIN, unit)


def test_the_table_names_who_has_a_role_here_and_who_has_it_from_above(screens: Screens) -> None:
    administer(screens)
    table, ilan = read(screens), screens.people["ilan"]
    assert table.cell("מוקד שימור לקוחות", "Unit management") == "אילן ברדוגו מיכל שרעבי · חטיבת לקוחות"
    assert table.cell("חטיבת לקוחות", "Agents") == "–"
    assert f'href="/admin/people/{ilan.pid}"' in table.text


def test_a_role_that_the_process_needs_and_nobody_has_is_marked(screens: Screens) -> None:
    administer(screens)
    with screens.records() as village:
        village.session.execute(sa.delete(Grant).where(Grant.role.in_([Role.FINANCE, Role.EDITOR])))
    table = read(screens)
    assert table.cell("מוקד שירות", "Finance") == "Nobody"
    assert table.cell("מוקד שירות", "Procedure editing") == "–"
    assert "Finance – חטיבת לקוחות<" in table.text, "said once, of the topmost unit"


def test_a_unit_that_hangs_on_one_person_is_told_with_the_steps(screens: Screens) -> None:
    administer(screens)
    with screens.records() as village:
        village.session.execute(sa.delete(Grant).where(Grant.role.in_([Role.MANAGER, Role.LESSONS_MANAGER])))
        village.grant(village.naomi, Role.LESSONS_MANAGER, "CUS")
    alone = read(screens).text.partition('id="alone"')[2]
    assert "נעמי זילבר" in alone
    assert "Adopt the lesson (Lesson)" in alone


def test_a_unit_with_a_crowd_names_a_few_and_counts_the_others(screens: Screens) -> None:
    administer(screens)
    with screens.records() as village:
        for _ in range(6):
            village._add_person(random_id(), "נציג", "SRV", Role.AGENT)
    assert read(screens).cell("מוקד שירות", "Agents").endswith("and 2 more")


def test_an_administrator_of_one_centre_sees_its_roles_and_no_page_of_others(screens: Screens) -> None:
    with screens.records() as village:
        village.grant(village.ilan, Role.ADMIN, "RET")
    page = screens.as_("ilan", "en").read("/admin/roles").text
    assert "מוקד שירות" not in page
    assert "נעמי זילבר" in page
    assert screens.people["naomi"].pid not in page


def test_roles_are_for_administrators_alone(screens: Screens) -> None:
    for who in ("naomi", "ilan", "dana", "gideon"):
        assert screens.as_(who).read("/admin/roles").status_code == 403


def test_many_units_cost_what_three_cost(screens: Screens) -> None:
    administer(screens)
    read(screens)
    with statements() as few:
        read(screens)
    with screens.records() as village:
        village.session.add_all(
            Unit(code=f"N{n}", name=f"צוות {n}", parent_id=village.units["SRV"].id, from_on=date(2026, 1, 1))
            for n in range(12)
        )
    read(screens)
    with statements() as many:
        read(screens)
    assert len(many) == len(few) <= 8 + 3


def test_what_a_role_may_do_is_what_the_tables_say() -> None:
    assert rights.needed() == {"manager", "lessons_manager", "finance"}
    assert rights.steps_of("finance") == {"revisions": ("send_back", "approve_money")}
    assert "revisions" not in rights.steps_of("debrief_leader")
    assert rights.steps_of("auditor") == rights.steps_of("admin") == {}

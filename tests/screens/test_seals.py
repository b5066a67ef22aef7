"""Every seal is reached from the page of seals, the last first."""

from __future__ import annotations

from datetime import timedelta

from lessons.models import Seal
from lessons.workflow.states import Role
from tests.screens.conftest import Screens
from tests.screens.filling import here
from tests.village import AT


@here
def test_older_seals_are_a_page_further(screens: Screens) -> None:
    with screens.records() as village:
        village.grant(village.michal, Role.ADMIN, "CUS")
        for n in range(70):
            day = AT.date() - timedelta(days=n + 1)
            village.session.add(Seal(day=day, last_id=1, events=1, tree="", root=f"{n:064x}", at=AT))
    michal = screens.as_("michal", "en")
    first = michal.read("/admin/health/seals").text
    assert f"{0:064x}" in first
    assert f"{60:064x}" not in first
    onward = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    last = michal.read(onward).text
    assert f"{60:064x}" in last
    assert f"{69:064x}" in last
    assert 'rel="next"' not in last
    assert michal.read("/admin/health/seals?before=yesterday").status_code == 200

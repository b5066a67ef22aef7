"""A whole shift reads in the same minute: everyone is counted, nobody is told that the page changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from lessons import db
from lessons.access import actor_of
from lessons.doors import find, step
from lessons.models import Briefing, Person
from lessons.settings import Settings
from lessons.steps.chains import faults
from lessons.workflow.states import BriefingState
from tests.briefings.reading import briefing_of
from tests.village import AT, Village

SHIFT = ("ilan", "dana", "yossi", "avi")


def test_everyone_of_a_shift_is_counted(settings: Settings) -> None:
    with db.transaction() as session:
        village = Village(session)
        code = briefing_of(village, audience={"units": [village.units["RET"]], "roles": []}).code
        ids = [getattr(village, who).id for who in SHIFT]
        briefing_id = find(session, "briefings", code, by=village.by("yossi")).id

    def read(person_id: int) -> None:
        with db.transaction() as session:
            by = actor_of(session, session.get_one(Person, person_id), at=AT)
            step(session, find(session, "briefings", code, by=by), "acknowledge", {}, by=by, at=AT)

    with ThreadPoolExecutor(len(ids)) as threads:
        list(threads.map(read, ids))
    with db.reading() as session:
        briefing = session.get_one(Briefing, briefing_id)
        assert (briefing.state, briefing.event_n) == (BriefingState.ENDED, 1 + len(ids) + 1)
        assert list(faults(session, noun="briefings")) == []

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.duties.sweep import sweep
from lessons.models import Duty, Grant, Notice, Unit
from lessons.workflow.states import Role
from tests.duties.owing import Village, at

Live = Callable[[str], int]
THURSDAY = "2026-09-10"  # Rosh Hashana follows, on Saturday and Sunday; then Yom Kippur and Sukkot


def days_from(first: str, last: str) -> list[str]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [(start + timedelta(days=n)).isoformat() for n in range((end - start).days + 1)]


def live_through(live: Live, first: str, last: str) -> None:
    for each in days_from(first, last):
        live(f"{each} 08:30")


def climbed(village: Village) -> list[tuple[str, str, str, str]]:
    """(day, name, kind, rung) of every notice."""
    with db.reading() as session:
        rows = session.scalars(sa.select(Notice).order_by(Notice.at, Notice.id)).all()
    return [(row.at.date().isoformat(), village.name(row.person_id), row.kind, row.rung) for row in rows]


def test_a_duty_climbs_its_whole_ladder_over_the_holidays(village: Village, live: Live) -> None:
    village.owe("yossi", THURSDAY)
    live_through(live, "2026-09-01", "2026-10-07")  # what follows is the reminders of the decision
    assert climbed(village) == [
        ("2026-09-07", "yossi", "reminder", "before-3"),
        ("2026-09-10", "yossi", "reminder", "on"),
        ("2026-09-14", "yossi", "overdue", "after+1"),
        ("2026-09-16", "yossi", "overdue", "after+3"),
        ("2026-09-20", "dana", "escalation", "up+5:1"),
        ("2026-09-24", "yossi", "overdue", "after+8"),
        ("2026-10-05", "yossi", "overdue", "after+15"),
        ("2026-10-05", "dana", "decision", "decide+15"),
    ]


def test_severity_four_climbs_to_the_top_and_three_ends_with_the_centres_manager(village: Village, live: Live) -> None:
    village.owe("yossi", "2026-08-31", severity=4)
    village.owe("yossi", "2026-08-31", severity=3)
    village.owe("dana", "2026-08-31", severity=3)
    live_through(live, "2026-08-31", "2026-09-30")
    up = [(name, rung) for _, name, kind, rung in climbed(village) if kind == "escalation"]
    assert up == [
        ("dana", "up+1:1"),
        ("ilan", "up+3:2"), ("dana", "up+3:1"), ("ilan", "up+3:1"),
        ("michal", "up+8:3"),
        ("ilan", "up+10:2"),
    ]  # fmt: skip


def test_nothing_goes_above_the_centres_manager_who_decides_on_what_is_their_own(village: Village, live: Live) -> None:
    village.owe("ilan", "2026-08-31", severity=2)
    live_through(live, "2026-08-31", "2026-09-30")
    assert {name for _, name, _, _ in climbed(village)} == {"ilan"}
    assert ("ilan", "decision", "decide+15") in village.told()


def test_missed_days_are_caught_up_and_not_doubled(village: Village, live: Live) -> None:
    village.owe("yossi", THURSDAY)
    live("2026-09-09 08:30")
    live("2026-09-17 11:00")
    assert village.told() == [("yossi", "reminder", "before-3"), ("yossi", "overdue", "after+3")]


def test_a_sweep_that_runs_again_or_whose_clock_went_back_tells_nothing_twice(village: Village, live: Live) -> None:
    village.owe("yossi", THURSDAY)
    for wall in ("2026-09-10 08:00", "2026-09-10 08:00", "2026-09-09 08:00", "2026-09-10 09:00"):
        live(wall)
    assert village.told() == [("yossi", "reminder", "on")]


def test_a_rung_that_is_reckoned_anew_is_not_told_anew(village: Village, live: Live) -> None:
    duty = village.owe("yossi", THURSDAY)
    live("2026-09-10 08:30")
    with db.transaction() as session:
        session.execute(sa.update(Duty).where(Duty.id == duty).values(next_at=at("2026-09-10 08:00"), rung=0))
    live("2026-09-10 09:30")
    assert village.told() == [("yossi", "reminder", "on")]


def test_two_workers_at_once_tell_each_person_once(village: Village) -> None:
    for _ in range(60):
        village.owe("yossi", THURSDAY)

    def swept(_: int) -> int:
        done = 0
        while True:
            with db.transaction() as session:
                some = sweep(session, at=at("2026-09-10 08:00"), limit=7)
            if not some:
                return done
            done += some

    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(swept, range(4))) == 60
    assert village.told() == [("yossi", "reminder", "on")] * 60


def test_two_workers_at_once_ask_for_each_decision_once_and_take_it_up_once(village: Village) -> None:
    for _ in range(20):
        village.owe("yossi", "2026-08-31")

    def swept(wall: str) -> None:
        some = 1
        while some:
            with db.transaction() as session:
                some = sweep(session, at=at(wall), limit=3)

    for wall in ("2026-10-05 08:00", "2026-11-10 08:00", "2026-11-10 08:05"):
        with ThreadPoolExecutor(4) as workers:
            list(workers.map(swept, [wall] * 4))
    with db.reading() as session:
        asked = session.scalars(sa.select(Duty).where(Duty.about != "")).all()
    open_ = [duty for duty in asked if duty.closed_at is None]
    assert (len(asked), len(open_), len({duty.after_id for duty in open_})) == (40, 20, 20)
    assert [name for name, kind, _ in village.told() if kind == "decision"].count("ilan") == 20


def test_what_is_fulfilled_is_not_reminded_of_any_more(village: Village, live: Live) -> None:
    duty = village.owe("yossi", THURSDAY)
    live("2026-09-10 08:30")
    village.fulfil(duty, "2026-09-10 15:00")
    live_through(live, "2026-09-11", "2026-10-31")
    assert village.told() == [("yossi", "reminder", "on")]


def test_a_roles_people_are_told_without_those_whom_separation_bars(village: Village, live: Live) -> None:
    with db.transaction() as session:
        for name in ("dana", "ruth"):
            grant = Grant(
                person_id=village.people[name], role=Role.LESSONS_MANAGER, unit_id=village.units["RET"],
                from_at=at("2026-01-04 08:00"),
            )  # fmt: skip
            session.add(grant)
    village.owe("lessons_manager", THURSDAY, kind="confirm_action", unit="RET", excluding=("dana",))
    live_through(live, THURSDAY, "2026-09-25")
    assert {name for name, kind, _ in village.told() if kind in ("reminder", "overdue")} == {"ruth"}
    assert [name for name, kind, _ in village.told() if kind == "escalation"] == ["ilan"]


def test_whoever_stands_in_is_told_too(village: Village, live: Live) -> None:
    village.owe("yossi", THURSDAY)
    village.away("yossi", "ruth", "2026-09-08", THURSDAY)
    live_through(live, "2026-09-07", "2026-09-14")
    assert village.told() == [
        ("yossi", "reminder", "before-3"),
        ("yossi", "reminder", "on"),
        ("ruth", "reminder", "on"),
        ("yossi", "overdue", "after+1"),
    ]


def test_whoever_left_is_told_nothing(village: Village, live: Live) -> None:
    village.owe("yossi", THURSDAY)
    village.change("dana", closed_at=at("2026-09-01 08:00"))
    village.change("yossi", closed_at=at("2026-09-01 08:00"))
    live_through(live, "2026-09-07", "2026-09-20")
    assert village.told() == [("ilan", "escalation", "up+5:1")]


def test_what_nobody_holds_any_more_is_told_to_the_line_from_its_first_late_day(village: Village, live: Live) -> None:
    village.owe("lessons_manager", THURSDAY, kind="confirm_action", unit="RET")
    live_through(live, "2026-09-07", "2026-09-20")
    assert village.told() == [
        ("ilan", "escalation", "after+1"),
        ("ilan", "escalation", "after+3"),
        ("ilan", "escalation", "up+5:1"),
    ]


def test_a_units_own_numbers_hold(village: Village, live: Live) -> None:
    with db.transaction() as session:
        session.execute(sa.update(Unit).values(policy={"ladders.usual.after": [2]}))
    village.owe("yossi", THURSDAY)
    live_through(live, "2026-09-11", "2026-09-17")
    assert [rung for _, kind, rung in village.told() if kind == "overdue"] == ["after+2"]


@pytest.mark.only("sqlite")
def test_what_is_due_is_found_by_its_index(village: Village) -> None:
    due = "SELECT * FROM duties WHERE closed_at IS NULL AND next_at <= '2026-09-10' ORDER BY next_at, id"
    with db.reading() as session:
        plan = session.execute(sa.text(f"EXPLAIN QUERY PLAN {due}")).all()
    assert "ix_duties_next" in str(plan)


def test_a_duty_at_the_end_of_its_ladder_waits_for_nothing(village: Village, live: Live) -> None:
    duty = village.owe("yossi", THURSDAY)
    live_through(live, "2026-09-07", "2026-10-31")
    with db.reading() as session:
        assert session.get_one(Duty, duty).next_at is None

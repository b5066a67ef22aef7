"""A rehearsal says what then comes to pass: who hears what, when, by which letter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.duties.ahead import Mail, mails, tellings
from lessons.models import Duty, Letter, Notice, Person
from tests.duties.owing import Village, at

Live = Callable[[str], int]
THURSDAY = "2026-09-10"  # Rosh Hashana follows, on Saturday and Sunday; then Yom Kippur and Sukkot
Told = tuple[datetime, str, str, str]


@pytest.fixture
def owing(village: Village) -> Village:
    """What is late, due and to come; somebody away, somebody once a week, somebody without a mailbox."""
    village.owe("yossi", THURSDAY)
    village.owe("yossi", "2026-09-21", severity=4)
    village.owe("ruth", "2026-09-15", severity=3)
    village.owe("avi", "2026-09-17", opened="2026-09-09 16:00")
    village.owe("dana", "2026-08-31")
    village.owe("lessons_manager", THURSDAY, kind="confirm_action", unit="CUS")
    village.away("yossi", "ruth", "2026-09-14", "2026-09-17")
    village.change("dana", digest_every="week")
    village.change("avi", email=None)
    village.change("ruth", digest_hour=15, digest_minute=30)
    return village


def reckoned(first: str, last: str) -> list[Mail]:
    with db.reading() as session:
        return mails(session, tellings(session, at(first), at(last)))


def hours(first: str, last: str) -> Iterator[str]:
    """From seven to seven, and half past three, which is Ruth's: at night nothing comes that is not told at eight."""
    moment = datetime.fromisoformat(first)
    while moment < datetime.fromisoformat(last):
        if 7 <= moment.hour < 19:
            yield moment.isoformat(" ")
            if moment.hour == 15:
                yield (moment + timedelta(minutes=30)).isoformat(" ")
        moment += timedelta(hours=1)


def told_by(village: Village, found: list[Mail]) -> set[Told]:
    return {(one.at, village.name(one.person_id), one.kind, one.rung) for mail in found for one in mail.tells}


def test_a_month_with_all_its_holidays_comes_to_pass_as_it_was_rehearsed(owing: Village, live: Live) -> None:
    first, last = "2026-09-07 07:00", "2026-10-12 00:00"
    said = reckoned(first, last)
    for moment in hours(first, last):
        live(moment)
    with db.reading() as session:
        notices = session.scalars(sa.select(Notice)).all()
        letters = session.execute(sa.select(Letter, Person).join(Person, Person.id == Letter.person_id)).all()
    assert told_by(owing, said) == {(n.at, owing.name(n.person_id), n.kind, n.rung) for n in notices}
    sent = sorted((letter.created_at, owing.name(who.id), letter.kind == "digest") for letter, who in letters)
    assert sent == sorted((m.at, owing.name(m.person_id), m.way == "digest") for m in said if m.way != "screen")


def test_what_was_missed_is_told_at_once_and_what_was_told_is_not_told_again(owing: Village, live: Live) -> None:
    live("2026-09-10 09:00")
    again = told_by(owing, reckoned("2026-09-10 00:00", "2026-09-13 00:00"))
    assert {(name, rung) for _, name, _, rung in again} == {("ruth", "before-3")}  # noted, and her hour is at three
    late = told_by(owing, reckoned("2026-09-20 10:00", "2026-09-20 11:00"))
    assert {(name, rung) for _, name, _, rung in late if name == "ruth"} == {("ruth", "after+3"), ("ruth", "before-3")}
    assert {moment for moment, _, _, _ in late} == {at("2026-09-20 10:00")}


def test_what_is_noted_and_not_told_yet_goes_with_the_next_letter(village: Village) -> None:
    village.owe("yossi", "2026-09-24", told=True, opened="2026-09-06 09:00")
    village.tell("ruth", "decided")
    said = {(village.name(m.person_id), m.way, one.kind) for m in reckoned("2026-09-07 07:00", "2026-09-08 00:00")
            for one in m.tells}  # fmt: skip
    assert said == {("yossi", "digest", "assigned"), ("ruth", "digest", "decided")}


def test_a_rehearsal_writes_nothing(owing: Village) -> None:
    reckoned("2026-09-07 07:00", "2026-10-12 00:00")
    with db.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Notice)) == 0
        assert session.scalar(sa.select(sa.func.count()).select_from(Letter)) == 0


def test_whoever_had_a_mail_today_has_the_next_one_on_the_next_working_day(owing: Village, live: Live) -> None:
    live("2026-09-10 08:30")
    with db.transaction() as session:
        session.execute(sa.delete(Notice))  # as if their lines were still to be told
        session.execute(sa.update(Duty).values(next_at=at("2026-09-10 08:00")))
    again = [mail for mail in reckoned("2026-09-10 09:00", "2026-09-15 00:00") if mail.way == "digest"]
    assert {owing.name(mail.person_id): mail.day.isoformat() for mail in again}["yossi"] == "2026-09-14"

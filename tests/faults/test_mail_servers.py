"""A mail server that is away, silent, slow, moody or dies in the middle: everybody has their letter in the end, and
what came twice is recognisable."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from lessons import db, worker
from lessons.models import Notice
from lessons.post.channels import smtp
from lessons.settings import Settings
from lessons.workflow.states import LetterState
from tests.duties.owing import at, day
from tests.faults.conftest import Size
from tests.faults.machine import Machine, finished
from tests.faults.organisation import A_TEAM, Organisation, address, chance_of, each_owes, founded
from tests.faults.outcome import each_was_told_once, letters, repeats, told
from tests.post.postman import CUT, Postman, black_hole, free_port

THURSDAY = "2026-09-10"
MORNING = at(f"{THURSDAY} 10:00")
MINUTE = timedelta(minutes=1)
SOON = 0.2
"""Seconds of patience with a mail server, where a test has none for the twenty that there are."""


def owing(many: int) -> Organisation:
    made = founded(chance_of(many), teams=many // A_TEAM + 1, people=many)
    each_owes(made, day(THURSDAY))
    return made


@pytest.fixture
def organisation(posting: Settings, size: Size) -> Organisation:
    """Everybody owes one thing that is due on Thursday."""
    return owing(size.posted_people)


def until_all_left(settings: Settings) -> None:
    """Turns of the worker until no letter waits."""
    moment = MORNING
    while any(letter.state in (LetterState.WAITING, LetterState.SENDING) for letter in letters()):
        moment += 5 * MINUTE
        assert moment < MORNING + timedelta(hours=8), "letters wait for ever"
        worker.once(settings, moment)


def test_a_server_that_is_down_for_twenty_turns_has_each_letter_once_afterwards(
    organisation: Organisation, posting: Settings, postman: Postman, size: Size
) -> None:
    down = replace(posting, mail_url=f"smtp://127.0.0.1:{free_port()}")
    for turn in range(20):
        worker.once(down, MORNING + turn * MINUTE)
    worker.once(posting, MORNING + 30 * MINUTE)
    each_was_told_once(organisation)
    assert repeats(postman) == 0


def test_a_silent_server_keeps_nothing_else_from_being_done(
    organisation: Organisation, posting: Settings, postman: Postman, monkeypatch: pytest.MonkeyPatch, size: Size
) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", SOON)
    with black_hole() as port:
        worker.once(replace(posting, mail_url=f"smtp://127.0.0.1:{port}"), MORNING)
    assert len(told()) == len(letters()) == len(organisation.people)
    assert {letter.state for letter in letters()} == {LetterState.WAITING}
    until_all_left(posting)
    each_was_told_once(organisation)
    assert repeats(postman) == 0


def test_a_server_that_answers_too_slowly_is_left_and_found_again(
    organisation: Organisation, posting: Settings, postman: Postman, monkeypatch: pytest.MonkeyPatch, size: Size
) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", SOON)
    postman.slow = 2 * SOON
    worker.once(posting, MORNING)
    assert len(told()) == len(letters()) == len(organisation.people)
    assert postman.arrived == []
    postman.slow = 0
    until_all_left(posting)
    each_was_told_once(organisation)
    assert repeats(postman) == 0


@pytest.mark.faults  # it waits out the twenty seconds
def test_one_worker_that_waits_for_a_silent_server_keeps_no_other_from_its_work(
    organisation: Organisation, workers: Machine, postman: Postman, posting: Settings, size: Size
) -> None:
    with black_hole() as port:
        stuck = workers.start(MORNING, replace(posting, mail_url=f"smtp://127.0.0.1:{port}"))
        while not letters():
            assert stuck.poll() is None
        until_all_left(posting)
        finished(stuck)
    each_was_told_once(organisation)
    assert repeats(postman) == 0


def test_a_line_that_is_cut_after_the_final_dot_repeats_the_same_message(
    posting: Settings, postman: Postman, size: Size
) -> None:
    organisation = owing(size.cuts)
    postman.answers = [CUT] * size.cuts
    worker.once(posting, MORNING)
    assert {letter.state for letter in letters()} == {LetterState.WAITING}
    until_all_left(posting)
    each_was_told_once(organisation)
    assert repeats(postman) == size.cuts  # nobody can tell a server to forget what it took


def test_a_server_that_puts_off_every_third_letter_has_each_once_in_the_end(
    organisation: Organisation, posting: Settings, postman: Postman, size: Size
) -> None:
    postman.answers = ["", "", "451 later", "", "", "421 closing"] * (size.posted_people // 5)
    worker.once(posting, MORNING)
    assert 0 < len(postman.arrived) < size.posted_people
    until_all_left(posting)
    each_was_told_once(organisation)
    assert repeats(postman) == 0


def test_one_address_in_a_hundred_that_is_refused_keeps_no_other_letter_and_is_told_once(
    organisation: Organisation, posting: Settings, postman: Postman, size: Size
) -> None:
    many = size.posted_people
    refused = {address(n) for n in chance_of(many).sample(range(many // 2, many), -(-many // 100))}
    postman.refused = frozenset(refused)
    for moment in (MORNING, MORNING + 3 * MINUTE, at("2026-09-14 11:00")):
        worker.once(posting, moment)
    first = [letter for letter in letters() if letter.created_at == MORNING]
    assert {letter.to_address for letter in first if letter.state is LetterState.FAILED} == refused
    assert Counter(letter.state for letter in first)[LetterState.SENT] == many - len(refused)
    assert {letter.attempts for letter in first} == {1}
    assert {one.to for one in postman.heard} == set(organisation.people) - refused
    with db.reading() as session:
        of = session.scalars(sa.select(Notice.of_id).where(Notice.kind == "mail_refused")).all()
    assert sorted(of) == sorted(organisation.people[one] for one in refused)

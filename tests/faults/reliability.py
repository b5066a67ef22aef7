"""What the whole measure found, written into docs/reliability.md by the run itself."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- written by make test-faults -->", "<!-- up to here -->"
HEADINGS = ("fault", "how it is made, and what holds", "on", "measured", "when")
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
NOT_YET = "not yet at full size"
Measured = Callable[[str], None]
"""A test says its figures, in one line."""
Rows = dict[tuple[str, str], tuple[str, str]]
"""(Fault, database): what was measured, when and where."""


@dataclass(frozen=True)
class Fault:
    name: str
    says: str
    on: tuple[str, ...] = ("SQLite", "PostgreSQL")


SQLITE = ("SQLite",)
POSTGRESQL = ("PostgreSQL",)
FAULTS: Mapping[str, Fault] = {
    "test_a_server_killed_under_those_who_write_has_kept_what_it_answered_and_nothing_by_half": Fault(
        "the server is killed", "kill -9 under four programs that write; every 2xx is in the database, whatever had no "
        "answer is there whole or not at all, and once when it is sent again with its key; the history verifies",
        SQLITE,
    ),
    "test_a_database_server_that_is_restarted_under_those_who_write_loses_nothing_it_took": Fault(
        "PostgreSQL restarts at once", "SIGQUIT and a new start, as `pg_ctl restart -m immediate`, under four programs "
        "that write; no 2xx is lost, no error but 503, the connections heal by themselves", POSTGRESQL,
    ),
    "test_a_worker_killed_at_random_loses_nothing_and_repeats_only_what_was_on_its_way": Fault(
        "the worker is killed", "kill -9 at random while a thousand people are reminded; each is told, a letter comes "
        "twice only where it was on its way, with the same Message-ID",
    ),
    "test_what_a_killed_worker_had_taken_is_taken_up_again_within_a_minute_and_a_half": Fault(
        "a killed worker held work", "its claims run out, and another takes them up",
    ),
    "test_workers_beside_each_other_tell_each_person_once": Fault(
        "two, and four workers", "beside each other, ten thousand people; each is told once",
    ),
    "test_whoever_slept_past_the_lease_sends_nothing_and_marks_nothing": Fault(
        "a worker is stopped", "SIGSTOP until its claim ran out and another did its work; what it says then is refused",
    ),
    "test_whoever_fell_asleep_with_the_servers_yes_on_its_way_marks_nothing": Fault(
        "a worker is stopped after the mail server said yes", "the letter is sent again with the same Message-ID",
    ),
    "test_an_upgrade_that_is_killed_is_finished_by_the_next": Fault(
        "an upgrade is killed", "kill -9 of `lessons db upgrade` at random, from the oldest shape with rows; all is as "
        "it was, or done; the next finishes; the rows are the same",
    ),
    "test_an_import_that_is_killed_is_all_there_or_not_at_all": Fault(
        "an import is killed", "kill -9 of `lessons import` at random; the next completes it, and no file is left over",
        SQLITE,
    ),
    "test_a_full_disk_is_said_and_nothing_has_to_be_done_once_there_is_room": Fault(
        "the disk is full", "a disk of 32 MB for the database, the attachments, what comes in; 507, everything is read "
        "on, and once there is room all works without a hand; the file is whole", SQLITE,
    ),
    "test_a_database_that_another_holds_is_waited_for_ten_seconds": Fault(
        "the database is locked", "by another process, three seconds and sixty; it is waited for ten, then 503 with "
        "Retry-After", SQLITE,
    ),
    "test_a_bit_that_is_turned_is_mostly_found": Fault(
        "a bit of the file is turned", "`lessons doctor --all` looks at the structure, the shape and the history",
        SQLITE,
    ),
    "test_what_was_answered_is_there_after_the_power_was_cut_at_any_moment": Fault(
        "the power is cut", "file and log copied at a random moment under writing, the log cut or filled with rubbish "
        "at a random byte behind what the disk was asked to keep; it opens, is whole, and has every 2xx", SQLITE,
    ),
    "test_of_many_equal_calls_at_once_one_makes_a_record": Fault(
        "the same call, 200 at once", "with one Idempotency-Key; one record, and one answer for all",
    ),
    "test_of_two_who_edit_or_decide_at_once_one_is_told_no": Fault(
        "two edit, two decide", "500 pairs at once; one does it, the other hears 412 or 409; one event, one notice",
    ),
    "test_a_server_that_is_down_for_twenty_turns_has_each_letter_once_afterwards": Fault(
        "no mail server", "for twenty turns; then each letter once",
    ),
    "test_a_silent_server_keeps_nothing_else_from_being_done": Fault(
        "a mail server that takes a call and says nothing", "all is noted and written meanwhile, and leaves once",
    ),
    "test_one_worker_that_waits_for_a_silent_server_keeps_no_other_from_its_work": Fault(
        "one of two workers waits for it", "the other does the rest",
    ),
    "test_a_server_that_answers_too_slowly_is_left_and_found_again": Fault(
        "a mail server that answers too slowly", "it is left and found again; each letter once",
    ),
    "test_a_line_that_is_cut_after_the_final_dot_repeats_the_same_message": Fault(
        "the line is cut after the final dot", "counted as unsent; it comes again with the same Message-ID",
    ),
    "test_a_server_that_puts_off_every_third_letter_has_each_once_in_the_end": Fault(
        "a mail server that puts off every third letter", "421 and 451; each has it once in the end",
    ),
    "test_one_address_in_a_hundred_that_is_refused_keeps_no_other_letter_and_is_told_once": Fault(
        "one address in a hundred is refused", "550; no other waits for it, and their manager is told once",
    ),
}  # fmt: skip
"""By the name of the test."""


def here() -> str:
    """The day, and the machine in a few words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    return (
        f"{date.today():%Y-%m-%d}, {os.cpu_count()} cores, {memory} GB, {platform.system()}, "  # noqa: DTZ011
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def row_of(name: str) -> tuple[str, str] | None:
    """Fault and database of a test by its name, such as `test_…[sqlite-whole]`; None for one that the table lacks."""
    function, _, chosen = name.partition("[")
    fault = FAULTS.get(function)
    if fault is None:
        return None
    kinds = [DATABASES[part] for part in re.split(r"[-\]]", chosen) if part in DATABASES]
    return fault.name, kinds[0] if kinds else fault.on[0]


def written(text: str, found: Rows) -> str:
    """The document with these rows in place of what stood there of the same faults; all others stay."""
    before, rest = text.split(BEGIN)
    table, after = rest.split(END)
    rows = read(table) | found
    lines = [_line(HEADINGS), _line(["---"] * len(HEADINGS))]
    lines += [
        _line((fault.name, fault.says, on, *rows.get((fault.name, on), (NOT_YET, ""))))
        for fault in FAULTS.values()
        for on in fault.on
    ]
    return "\n".join([f"{before}{BEGIN}", *lines, f"{END}{after}"])


def read(table: str) -> Rows:
    cells = [tuple(map(str.strip, line.strip("|").split("|"))) for line in table.strip().splitlines()[2:]]
    return {(name, on): (measured, when) for name, _, on, measured, when in cells if measured != NOT_YET}


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"

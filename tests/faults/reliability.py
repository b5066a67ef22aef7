"""What the whole measure found, written into docs/reliability.md by the run itself."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
from collections.abc import Callable, Mapping
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
        "kill -9 of the server", "under four programs that write; every 2xx is in the database, whatever had no answer "
        "is there whole or not at all, sent again with its key it is there once, the history verifies", SQLITE,
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


def _line(cells: object) -> str:
    return f"| {' | '.join(cells)} |"  # type: ignore[arg-type]

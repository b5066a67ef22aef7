"""What it takes to bring a register in: read, kept as items, made into events, lessons and actions with their history
and, where a lesson was proved, the words it is found by.

Against reading the same file and the bare driver that writes all the same rows into an empty database of the same
shape, in the same run. On SQLite in processor time; on PostgreSQL wall time is taken, its work included. Nothing is
embedded on the way, and imports of that length are not compared with what is here.

.venv/bin/python -m bench.imports [--rows 10000] [--kind sqlite]
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO, get_args

import sqlalchemy as sa
from psycopg.types.json import Jsonb
from sqlalchemy.schema import sort_tables_and_constraints

from lessons import db, many
from lessons.access import OPERATOR
from lessons.intake import imports
from lessons.intake.imports import Source
from lessons.models.base import metadata
from lessons.search.grams import of_tokens
from lessons.settings import Settings
from tests.databases import Databases, Kind
from tests.village import AT, Village

HEADER = "מספר,תאריך האירוע,תיאור האירוע,סיבה,לקח,פעולה,אחראי,תאריך יעד,סטטוס,אומת בתאריך".split(",")
WORDS = "לקוח התקשר בנושא חיוב כפול בחשבון והנציג לא ידע לאיזה טופס לפנות ולכן השיחה הועברה שלוש פעמים".split()
SEARCHED = ("search_entry", "search_words", "search_grams", "search_gram_size", "search_part")
LEANING = {
    "sqlite": ("PRAGMA foreign_keys=OFF", "PRAGMA foreign_keys=ON"),
    "postgresql": ("SET session_replication_role = replica", "SET session_replication_role = origin"),
}
"""What lets rows lean on others that are not there yet, and what asks for them again."""


def register(rows: int) -> bytes:
    out = io.StringIO(newline="")
    write_register(rows, out)
    return out.getvalue().encode()


def write_register(rows: int, out: TextIO) -> None:
    """A register as people keep it: every third action without an owner, every other one done, every fourth lesson
    proved."""
    chance, table = random.Random(7), csv.writer(out)
    table.writerow(HEADER)
    for n in range(rows):
        said = " ".join(chance.choices(WORDS, k=25))
        day, owner = f"{1 + n % 28:02}/{1 + n % 12:02}", "יוסי מלכה" if n % 3 else ""
        told = (n + 1, f"{day}/2024", f"{said} {n}", said[:60], f"יש לבדוק {said[:70]} {n}", f"לעדכן {said[:40]}")
        state, proved = "בוצע" if n % 2 else "פתוח", "" if n % 4 else f"{day}/2025"
        table.writerow([*told, owner, f"{day}/2026", state, proved])


# ── the same rows by the bare driver ─────────────────────────────────────────────────────────────────────────────────
def counted(engine: sa.Engine) -> dict[str, int]:
    """How many rows each table has; what others lean on comes first."""
    there = set(sa.inspect(engine).get_table_names())
    parted = [table.name for table, _ in sort_tables_and_constraints(metadata.tables.values()) if table is not None]
    readable = {name: "search_gram_size" if name == "search_grams" else name for name in (*parted, *SEARCHED)}
    with engine.connect() as connection:
        return {
            name: connection.exec_driver_sql(_select("count(*)", read)).scalar_one()
            for name, read in readable.items()
            if name in there
        }


def bare(source: sa.Engine, into: sa.Engine, grown: Sequence[str], clock: Callable[[], float]) -> float:
    """Seconds to write all rows of these tables, with their indexes, keys and rules, where the others are already."""
    opened = into.raw_connection()
    cursor = opened.cursor()
    free, bound = LEANING[into.dialect.name]
    cursor.execute(free)
    for name in counted(source).keys() - set(grown):
        _write(cursor, name, source)
    opened.commit()
    cursor.execute(bound)
    opened.commit()
    if into.dialect.name == "sqlite":
        cursor.execute("BEGIN IMMEDIATE")
    spent = sum(_write(cursor, name, source, clock) for name in grown)
    began = clock()
    opened.commit()
    return spent + clock() - began


def _write(cursor: Any, name: str, source: sa.Engine, clock: Callable[[], float] = time.process_time) -> float:
    columns, rows = _rows(source, name)
    hole = "?" if source.dialect.name == "sqlite" else "%s"
    statement = f"INSERT INTO {name} ({','.join(columns)}) VALUES ({','.join([hole] * len(columns))})"  # noqa: S608 - our own names
    began = clock()
    if rows:
        cursor.executemany(statement, rows)
    return clock() - began


def _rows(source: sa.Engine, name: str) -> tuple[list[str], list[Any]]:
    """Columns and rows, ready to be written again."""
    with source.connect() as connection:
        if name == "search_grams" and source.dialect.name == "sqlite":  # it keeps no text
            return ["rowid", "grams"], list(_grams(connection))
        told = connection.exec_driver_sql(_select("rowid, *" if name == "search_words" else "*", name))
        columns = list(told.keys())
        return columns, [tuple(Jsonb(one) if isinstance(one, dict | list) else one for one in row) for row in told]


def _grams(connection: sa.Connection) -> Iterator[tuple[int, str]]:
    for number, *words in connection.exec_driver_sql(_select("rowid, *", "search_words")):
        yield number, " ".join(sorted(of_tokens(" ".join(words).split())))


def _select(what: str, name: str) -> str:
    return f"SELECT {what} FROM {name}"  # noqa: S608 - our own names


# ── measured ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def measured(rows: int, kind: Kind, folder: Path) -> dict[str, Any]:
    clock = time.process_time if kind == "sqlite" else time.perf_counter
    many.expected()
    with Databases(folder) as databases:
        engine = _started(databases, kind, folder)
        with db.transaction() as session:
            unit = Village(session).units["CUS"]
        before, file = counted(engine), _written(folder, rows)
        size, held = file.stat().st_size, _most_memory()
        began = clock()
        with file.open("rb") as opened:
            documents = imports.read(file.name, opened)
        read = clock() - began
        began = clock()
        with db.transaction() as session:
            source = Source(file.name, size, "0" * 64, documents)
            row = imports.keep(session, [source], unit=unit, by=OPERATOR, at=AT)
            imports.take(session, row, by=OPERATOR, at=AT)
        taken = clock() - began
        memory = _most_memory()
        grown = [name for name, count in counted(engine).items() if count > before[name]]
        into = db.make_engine(_settings(databases, kind, folder))
        raw = bare(engine, into, grown, clock)
        into.dispose()
        engine.dispose()
    return {
        "rows": rows,
        "kind": kind,
        "file_mb": round(size / 1e6, 1),
        "read_seconds": round(read, 2),
        "taken_seconds": round(taken, 2),
        "bare_seconds": round(raw, 2),
        "ratio": round((read + taken) / (read + raw), 2),
        "memory_mb": memory,
        "before_mb": held,
    }


def _written(folder: Path, rows: int) -> Path:
    file = folder / "register.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        write_register(rows, out)
    return file


def _most_memory() -> int:
    """Megabytes that this process held at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _started(databases: Databases, kind: Kind, folder: Path) -> sa.Engine:
    return db.start(_settings(databases, kind, folder))


def _settings(databases: Databases, kind: Kind, folder: Path) -> Settings:
    return Settings(databases.migrated(kind), folder, secret_key="bench-" * 6, synchronous="OFF")


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--rows", type=int, default=10_000)
    given.add_argument("--kind", choices=get_args(Kind), default="sqlite")
    asked = given.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measured(asked.rows, asked.kind, Path(folder))), file=sys.stdout)


if __name__ == "__main__":
    main()

"""What it takes to bring a register in: read, kept as items, made into events, lessons and actions with their history.

Against reading the same file and the bare engine that writes the same rows, in the same run; on SQLite, in processor
time. Nothing is embedded on the way, and imports of that length are not compared with what is here.

.venv/bin/python -m bench.imports [--rows 10000]
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import resource
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from lessons import db
from lessons.access import OPERATOR
from lessons.intake import imports
from lessons.intake.imports import Source
from lessons.settings import Settings
from tests.databases import Databases
from tests.village import AT, Village

HEADER = "מספר,תאריך האירוע,תיאור האירוע,סיבה,לקח,פעולה,אחראי,תאריך יעד,סטטוס".split(",")
WORDS = "לקוח התקשר בנושא חיוב כפול בחשבון והנציג לא ידע לאיזה טופס לפנות ולכן השיחה הועברה שלוש פעמים".split()
WRITTEN = ("debriefs", "lessons", "actions", "events", "findings", "causes", "duties", "import_items", "facts")


def register(rows: int) -> bytes:
    """A register as people keep it: every third action without an owner, every other one done."""
    chance, out = random.Random(7), io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(HEADER)
    for n in range(rows):
        said = " ".join(chance.choices(WORDS, k=25))
        day, owner = f"{1 + n % 28:02}/{1 + n % 12:02}", "יוסי מלכה" if n % 3 else ""
        told = (n + 1, f"{day}/2024", f"{said} {n}", said[:60], f"יש לבדוק {said[:70]} {n}", f"לעדכן {said[:40]}")
        table.writerow([*told, owner, f"{day}/2026", "בוצע" if n % 2 else "פתוח"])
    return out.getvalue().encode()


def bare(path: Path) -> float:
    """Processor seconds to write all the rows of the tables again into a database of the same shape."""
    with sqlite3.connect(path) as source, tempfile.TemporaryDirectory() as folder:
        into = sqlite3.connect(Path(folder) / "bare.db", isolation_level=None)
        into.execute("PRAGMA synchronous=OFF")
        spent = 0.0
        for table in WRITTEN:
            (shape,) = source.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
            into.execute(shape)
            for (index,) in source.execute(
                "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type = 'index'", (table,)
            ):
                into.execute(index or "SELECT 1")
            rows = source.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - our own names
            if rows:
                holes = ",".join("?" * len(rows[0]))
                began = time.process_time()
                into.execute("BEGIN")
                into.executemany(f"INSERT INTO {table} VALUES ({holes})", rows)  # noqa: S608 - our own names
                into.execute("COMMIT")
                spent += time.process_time() - began
        into.close()
    return spent


def measured(rows: int, folder: Path) -> dict[str, Any]:
    with Databases(folder) as databases:
        address = databases.migrated("sqlite")
        db.start(Settings(address, folder, secret_key="bench-" * 6, synchronous="OFF"))
        with db.transaction() as session:
            village = Village(session)
        content = register(rows)
        began = time.process_time()
        documents = imports.read("register.csv", content)
        read = time.process_time() - began
        began = time.process_time()
        with db.transaction() as session:
            source = Source("register.csv", len(content), "0" * 64, documents)
            row = imports.keep(session, [source], unit=village.units["CUS"], by=OPERATOR, at=AT)
            imports.take(session, row, by=OPERATOR, at=AT)
        taken = time.process_time() - began
        with db.reading() as session:
            session.execute(sa.text("SELECT 1"))
        raw = bare(Path(address.removeprefix("sqlite:///")))
    return {
        "rows": rows,
        "read_seconds": round(read, 2),
        "taken_seconds": round(taken, 2),
        "bare_seconds": round(raw, 2),
        "ratio": round((read + taken) / (read + raw), 2),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--rows", type=int, default=10_000)
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measured(given.parse_args().rows, Path(folder))), file=sys.stdout)


if __name__ == "__main__":
    main()

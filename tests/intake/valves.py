"""A small register as others keep theirs: four lessons, most of them odd in some way."""

from __future__ import annotations

import csv
import io

ROWS: tuple[dict[str, str], ...] = (
    {"lesson_id": "7", "title": "Valves want seats that last", "driving_event": "During a test the valve leaked.",
     "abstract": "A seat wore out.", "lessons_learned": "Nylon ages in oxygen.", "date_occurred": "1991-04-09",
     "recommendations": "1. Replace nylon seats. 2. Train the crew.", "topics": "Hardware,Spacecraft",
     "where_else": "Pumps", "evidence": "The fleet was inspected.", "center": "JSC"},
    {"lesson_id": "8", "title": "Valves want seats that last", "driving_event": "During a test the valve leaked.",
     "lessons_learned": "Read the gauge twice.", "recommendations": "Read it."},
    {"lesson_id": "9", "title": "", "abstract": "A cable was too short, and nobody had measured it."},
    {"lesson_id": "10", "title": "x" * 121, "driving_event": "It slipped.", "lessons_learned": "=1+1 is no label."},
)  # fmt: skip


def written(*rows: dict[str, str]) -> bytes:
    """The file; without rows the whole register."""
    out = io.StringIO()
    columns = [*ROWS[0], "policies"]
    table = csv.DictWriter(out, columns, restval="")
    table.writeheader()
    table.writerows(rows or ROWS)
    return out.getvalue().encode()

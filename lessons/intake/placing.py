"""Which unit a source means: the one that is imported into, or one below it. What names another goes to the first, and
that is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlmodel import Session

from lessons.access import tree
from lessons.intake import synonyms, whom
from lessons.intake.faults import Fault
from lessons.intake.gathered import Document
from lessons.models import Import, ImportFile, Unit


def meant(session: Session, units: Mapping[str, int], written: str, within: Unit) -> Unit | None:
    """The unit that is named, where it lies at or below the one that is imported into. `units`: as `whom.units` has
    them."""
    found = units.get(whom.key(written)) if written else None
    below = tree(session).below[within.id or 0] if found else ()
    return tree(session).units[found] if found in below else None


def named(document: Document) -> list[list[Any]]:
    """The units that a document names, each once: as written, and the row, column and sheet where it stands first."""
    headings = {one.sheet: one.heading for one in document.columns if one.field == "unit"}
    return [
        [unit, place.row, headings.get(place.sheet, ""), place.sheet]
        for unit, place in document.debriefs.units.items()
        if synonyms.says_something(unit)
    ]


def unknown(session: Session, row: Import, files: Sequence[ImportFile]) -> Iterator[tuple[ImportFile, list[Fault]]]:
    """Of each file the units it names that are none here, with their places. No query of its own beyond the tree."""
    units, within = whom.units(session), tree(session).units[row.unit_id]
    for file in files:
        yield (
            file,
            [
                Fault("unit_unknown", at, column, written[:80], sheet)
                for written, at, column, sheet in file.about.get("units", ())
                if meant(session, units, written, within) is None
            ],
        )

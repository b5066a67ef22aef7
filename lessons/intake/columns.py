"""Which column of a table holds what: its header found below the lines of a title, its headings understood by synonyms,
then by how the cells look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lessons.intake import days, synonyms
from lessons.intake.document import Column, Confidence

LOOKED_AT = 40
"""So many rows from the top are looked at for a header."""
SAMPLE = 200
TOP = LOOKED_AT + 1 + SAMPLE
"""So many rows tell all that is understood of a table."""
HEADINGS = 60
FEW = 8  # rows in which headings that are only alike are looked for
WIDEST = 512
CONTENT = {"lesson", "action", "what_happened", "title", "taken"}
DATES = ("happened_on", "due", "verified_on")
ONCE = ("number", "title", "lesson", "owner", "status", "severity", "unit", "leader", *DATES)
"""Fields that one column holds; of several that might, the surest and first does."""
HALF = 0.5
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Layout:
    """`header` is the row of headings, counted from 0; `fields` maps a column to its field."""

    header: int
    columns: tuple[Column, ...]
    fields: Mapping[int, str]
    day_first: bool | None

    def holding(self, field: str) -> list[int]:
        return [number for number, name in self.fields.items() if name == field]


def understood(rows: Rows, *, sheet: str = "", least: int = 2, told: Mapping[str, str] | None = None) -> Layout | None:
    """The layout of a table; None where no row heads it. `told`: headings and their fields as a person said them;
    `least`: so many headings have to be known."""
    said = told or {}
    found = _header(rows[:LOOKED_AT], least, said, quick=True)
    if found is None and (found := _header(rows[:FEW], least, said, quick=False)) is None:
        return None
    below = rows[found + 1 : found + 1 + SAMPLE]
    columns = _mapped(rows[found], below, sheet, said)
    fields = {column.number - 1: column.field for column in columns if column.field}
    dates = [at for at, name in fields.items() if name in DATES]
    dated = [row[at] for at in dates for row in below if at < len(row)]
    hebrew = any("א" <= letter <= "ת" for cell in rows[found] for letter in cell)
    return Layout(found, columns, fields, days.order(dated, hebrew=hebrew))


def _header(rows: Rows, least: int, told: Mapping[str, str], *, quick: bool) -> int | None:
    """Which row looks most like a header; None where none does."""
    scores = [_score(row, least, told, quick=quick) for row in rows]
    return scores.index(max(scores)) if max(scores, default=0) > 0 else None


def _score(row: Sequence[str], least: int, told: Mapping[str, str], *, quick: bool) -> float:
    """How much a row looks like a header: its known headings, and little else."""
    said = [cell for cell in row[: HEADINGS if quick else HEADINGS // 3] if cell.strip()]
    if any(len(cell) > 80 for cell in said):
        return 0
    known = [(cell, found) for cell in said if (found := _field(cell, told, quick=quick))]
    fields = {field for _, (field, _) in known}
    if len(fields) < least or not fields & CONTENT:
        return 0
    return len(fields) + 0.5 * sum(sure != "near" for _, (_, sure) in known) - 0.1 * (len(said) - len(known))


def _field(heading: str, told: Mapping[str, str], *, quick: bool = False) -> tuple[str, Confidence] | None:
    if field := told.get(heading.strip()):
        return field, "told"
    return synonyms.column(heading, quick=quick)


def _mapped(header: Sequence[str], below: Rows, sheet: str, told: Mapping[str, str]) -> tuple[Column, ...]:
    width = max([len(header), *(len(row) for row in below)]) if below else len(header)
    columns: list[Column] = []
    for at in range(min(width, WIDEST)):
        heading = header[at].strip() if at < len(header) else ""
        cells = [row[at] for row in below if at < len(row) and row[at].strip()]
        field, sure = _field(heading, told) or _looks(cells)
        if sure == "near" and not _fits(field, cells):
            field = ""
        columns.append(Column(sheet, at + 1, heading, field, sure if field else "exact"))
    return _once(_by_when(columns))


def _by_when(columns: Sequence[Column]) -> Iterator[Column]:
    """“When” after an action or its owner, or beside another day of the event, is the day by which it is to be done."""
    others = [one.field for one in columns if synonyms.name(one.heading) not in synonyms.WHEN]
    before: set[str] = set()
    for one in columns:
        ambiguous = one.confidence == "exact" and synonyms.name(one.heading) in synonyms.WHEN
        due = before & {"action", "owner"} or "happened_on" in others
        yield replace(one, field="due") if ambiguous and due else one
        before.add(one.field)


def _fits(field: str, cells: Sequence[str]) -> bool:
    """Whether the cells are what a heading that is only near would have them be."""
    if field == "status":
        return not cells or sum(synonyms.status(cell) != "" for cell in cells) >= HALF * len(cells)
    if field in DATES:
        return not cells or sum(any(map(str.isdigit, cell)) for cell in cells) >= HALF * len(cells)
    return True


def _looks(cells: Sequence[str]) -> tuple[str, Confidence]:
    """A column whose heading says nothing that is known: states are known by their words. Nothing else is guessed."""
    few = {synonyms.name(cell) for cell in cells}
    if len(cells) > 2 and 1 < len(few) <= 8 and all(synonyms.STATUSES.get(word) for word in few):
        return "status", "guessed"
    return "", "exact"


def _once(claimed: Iterable[Column]) -> tuple[Column, ...]:
    """Of columns that claim one field the surest and first keeps it; the others are kept as they are."""
    columns = tuple(claimed)
    rank = {"told": 0, "exact": 1, "near": 2, "guessed": 3}
    holder: dict[str, Column] = {}
    for column in sorted(columns, key=lambda one: (rank[one.confidence], one.number)):
        if column.field in ONCE:
            holder.setdefault(column.field, column)
    return tuple(
        column
        if column.field not in ONCE or holder[column.field] is column
        else Column(column.sheet, column.number, column.heading, "")
        for column in columns
    )


def meant(rows: Rows, section: str) -> dict[str, str]:
    """In a table of actions or lessons the heading that means them, where none is called so: "What", "Description"."""
    field = {"actions": "action", "lessons": "lesson"}.get(section, "")
    heads = rows[0] if rows else ()
    if not field or any((found := synonyms.column(head)) and found[0] == field for head in heads):
        return {}
    return {head.strip(): field for head in heads if synonyms.name(head) in synonyms.WHAT}

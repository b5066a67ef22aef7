"""The public lessons of NASA (LLIS) as their register is exported: read and judged here, entered elsewhere.

A lesson of theirs becomes ours so: driving event → what happened, its beginning in the lesson too; abstract and lesson
→ why; recommendations → steps; project and phase → when it applies. All are things to do: the register marks none as a
thing to avoid.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lessons.intake import advice, letters, tables
from lessons.intake.faults import Fault, Unreadable
from lessons.intake.oddities import Notebook, Oddities

HEAD = 4096
"""Bytes by which the register is known."""
TITLE, TEXT = 300, 40_000
"""The longest title and the longest text that are taken, in characters."""
STORY = 1_200
"""So much of an event is told beside its lesson: whoever meets the like knows it by that, and searches by it."""
ONE_SENTENCE = 120
MADE_TITLE = 100

_TOLD_BY = {"lesson_id", "title", "driving_event", "lessons_learned", "recommendations"}
_OTHER_NAMES = {
    "lesson_number": "lesson_id",
    "lesson_learned": "lessons_learned",
    "recommendation": "recommendations",
    "description_of_driving_event": "driving_event",
    "lesson_date": "date_occurred",
    "date_of_occurrence": "date_occurred",
    "topic": "topics",
}
_TEXTS = ("abstract", "driving_event", "lessons_learned", "recommendations", "evidence", "where_else", "policies")
_SAYS_NOTHING = {"", "not specified", "not applicable", "n/a", "none"}
_LOST_LETTERS = re.compile(r"[¿\ufffd]|\bquot(?=[A-Z])|(?<=[a-z.)])quot\b")
_POINTS_ELSEWHERE = re.compile(r"\W{0,2}(?:see|same as|refer to)\b.{0,50}", re.IGNORECASE)


@dataclass(frozen=True)
class LlisRow:
    """One lesson of the register. `number` is its name there and stays; `fingerprint` changes with any of its cells.

    `place` is the row in the file as a spreadsheet counts; `group` names lessons that share a title or an event."""

    number: str
    title: str
    applies_when: str
    direction: str
    steps: tuple[str, ...]
    why: str
    what_happened: str
    background: str
    happened_on: date | None
    published_on: date | None
    topics: tuple[str, ...]
    source_ref: str
    source_url: str
    group: str
    center: str
    evidence: str
    transfer_to: str
    policies: str
    place: int
    fingerprint: str


def is_llis(header: Sequence[str]) -> bool:
    """Whether a table with these headings is the register, whatever its file is called."""
    return _names(header) >= _TOLD_BY


def is_register(content: bytes) -> bool:
    """Whether a file is a text with the register's headings, or as good as that but for its letters."""
    head = content[:HEAD]
    encoding = "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    line = head.decode(encoding, "replace").split("\n", 1)[0]
    return any(is_llis(line.split(sign)) for sign in ",;\t")


def read(source: Path | bytes) -> tuple[list[LlisRow], Oddities]:
    """The lessons of a file and what was odd about them. Raises Unreadable where it is no such file or is broken."""
    content = source if isinstance(source, bytes) else source.read_bytes()
    table = tables.rows(letters.read(content)[0], is_llis)
    return read_rows(next(table), table)


def read_rows(header: Sequence[str], rows: Iterable[Sequence[str]]) -> tuple[list[LlisRow], Oddities]:
    """The same from a table that is already parted, such as a sheet. Rows with a fault are left out and listed."""
    if not is_llis(header):
        raise Unreadable(Fault("another_table", 1, found=", ".join(header)[:80]))
    names = [_name(cell) for cell in header]
    if twice := [name for name in names if name and names.count(name) > 1]:
        raise Unreadable(Fault("column_twice", 1, twice[0]))
    notes = Notebook()
    found: dict[str, LlisRow] = {}
    for place, cells in enumerate(rows, 2):
        if any(cell.strip() for cell in cells) and (row := _row(place, names, cells, notes)):
            if row.number in found:
                notes.faults.append(Fault("number_twice", place, "lesson_id", row.number))
            else:
                found[row.number] = row
    _note_shared(found.values(), notes)
    return list(found.values()), notes.closed(len(found))


def _name(cell: str) -> str:
    name = tables.header_name(cell)
    return _OTHER_NAMES.get(name, name)


def _names(header: Sequence[str]) -> set[str]:
    return {_name(cell) for cell in header}


def _row(place: int, names: list[str], cells: Sequence[str], notes: Notebook) -> LlisRow | None:
    """The lesson of this row; None where it has a fault, which is noted."""
    raw = dict(zip(names, cells, strict=False))
    values = dict.fromkeys(names, "") | {name: tables.clean(cell) for name, cell in raw.items()}
    faults = list(_faults(place, names, cells, values))
    if faults:
        notes.faults.extend(faults)
        return None
    row = _lesson(place, values, notes)
    _note(row, values, raw, notes)
    return row


def _faults(place: int, names: list[str], cells: Sequence[str], values: dict[str, str]) -> Iterator[Fault]:
    if any(cell.strip() for cell in cells[len(names) :]):
        yield Fault("cells_too_many", place, found=str(len(cells)))
    if not values.get("lesson_id"):
        yield Fault("no_number", place, "lesson_id", values.get("title", "")[:80])
    if not any(values.get(name) for name in ("lessons_learned", "recommendations", "abstract", "driving_event")):
        yield Fault("says_nothing", place, "lessons_learned", values.get("title", "")[:80])
    for name in _TEXTS:
        if len(values.get(name, "")) > TEXT:
            yield Fault("text_too_long", place, name, str(len(values[name])))
    if len(_why(values)) > TEXT:
        yield Fault("text_too_long", place, "lessons_learned", str(len(_why(values))))


def _lesson(place: int, values: dict[str, str], notes: Notebook) -> LlisRow:
    number, title, why = values["lesson_id"], _title(values), _why(values)
    too_long = len(title) > TITLE
    return LlisRow(
        number=number,
        title=tables.first_words(title, TITLE),
        applies_when=" · ".join(said for name in ("project", "phase") if (said := _said(values, name))),
        direction="do",
        steps=tuple(advice.steps(values["recommendations"])),
        why=f"{title}\n\n{why}" if too_long else why,
        what_happened=values["driving_event"],
        background=tables.first_sentences(values["driving_event"], STORY),
        happened_on=_day(values, "date_occurred", notes),
        published_on=_day(values, "publish_date", notes),
        topics=_topics(values),
        source_ref=f"LLIS {number}",
        source_url=f"https://llis.nasa.gov/lesson/{number}" if number.isdecimal() else "",
        group=values.get("group_id", ""),
        center=_said(values, "center"),
        evidence=_said(values, "evidence"),
        transfer_to=_said(values, "where_else"),
        policies=_said(values, "policies"),
        place=place,
        fingerprint=hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest(),
    )


def _said(values: dict[str, str], name: str) -> str:
    said = values.get(name, "")
    return "" if said.lower() in _SAYS_NOTHING else said


def _title(values: dict[str, str]) -> str:
    """Its title on one line; where it has none, the first words of what it says."""
    if title := " ".join(values["title"].split()):
        return title
    texts = (values.get(name, "") for name in ("lessons_learned", "recommendations", "abstract", "driving_event"))
    return tables.first_words(next(text for text in texts if text), MADE_TITLE)


def _why(values: dict[str, str]) -> str:
    return "\n\n".join(dict.fromkeys(text for name in ("abstract", "lessons_learned") if (text := _said(values, name))))


def _topics(values: dict[str, str]) -> tuple[str, ...]:
    named: dict[str, str] = {}
    for topic in values.get("topics", "").replace("\n", ",").split(","):
        if topic.strip():
            named.setdefault(topic.strip().casefold(), topic.strip())
    return tuple(named.values())


def _day(values: dict[str, str], name: str, notes: Notebook) -> date | None:
    """A day as 1991-04-09, a time after it let go; any other way of writing is not guessed at but noted."""
    written = values.get(name, "")
    try:
        return date.fromisoformat(written[:10]) if written else None
    except ValueError:
        notes.note("date_not_read", f"{values['lesson_id']}: {name} {written}")
        return None


def _note(row: LlisRow, values: dict[str, str], raw: dict[str, str], notes: Notebook) -> None:
    title = values["title"]
    odd = {
        "no_title": not title,
        "long_title": len(title) > ONE_SENTENCE,
        "title_cut": len(title) > TITLE,
        "no_topics": not row.topics,
        "no_event": not row.what_happened,
        "no_steps": not row.steps,
        "steps_elsewhere": _POINTS_ELSEWHERE.fullmatch(values["recommendations"]) is not None,
        "no_date": not values.get("date_occurred"),
        "published_before_it_happened": bool(
            row.happened_on and row.published_on and row.published_on < row.happened_on
        ),
        "letters_lost": any(_LOST_LETTERS.search(text) for text in values.values()),
        "unseen_letters": any(tables.holds_unseen(cell) for cell in raw.values()),
    }
    for kind, is_so in odd.items():
        if is_so:
            notes.note(kind, f"{row.number}: {row.title}")


def _note_shared(rows: Iterable[LlisRow], notes: Notebook) -> None:
    rows = list(rows)
    notes.note_shared("same_title", ((row.number, row.title) for row in rows))
    notes.note_shared("same_event", ((row.number, row.what_happened) for row in rows))

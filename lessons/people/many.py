"""Many people at once, from a table that was pasted or sent: all of them or none, and a second time changes nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access.actor import Actor, tree
from lessons.access.refs import read
from lessons.errors import FieldError, Forbidden, Invalid
from lessons.i18n import LOCALES, Sentence, Word, say
from lessons.models import Person
from lessons.people import forms, operations
from lessons.workflow.states import Role

MOST = 2000
HEADERS: dict[str, tuple[str, ...]] = {
    "who": (
        "who", "e-mail", "email", "mail", "employee number", "number",
        "דוא״ל", 'דוא"ל', "דואל", "מייל", "מספר עובד", "מספר",
    ),
    "name": ("name", "full name", "שם", "שם מלא"),
    "name_en": ("name in english", "english name", "שם באנגלית"),
    "function": ("function", "title", "job", "תפקיד בארגון", "תיאור התפקיד", "תיאור תפקיד"),
    "unit": ("unit", "team", "unit code", "יחידה", "צוות", "קוד יחידה"),
    "role": ("role", "permission", "הרשאה", "תפקיד במערכת", "תפקיד"),
    "manager": ("manager", "מנהל", "מנהלת", "מנהל ישיר", "ניהול ישיר"),
    "locale": ("language", "שפה"),
}  # fmt: skip
NEEDED = ("who", "name")
LANGUAGES = {"he": "he", "hebrew": "he", "עברית": "he", "en": "en", "english": "en", "אנגלית": "en"}


@dataclass
class Line:
    """One row of the table: its number there, what it says, and what came of it."""

    number: int
    raw: dict[str, str]
    state: str = "new"
    faults: list[tuple[str, Sentence]] = field(default_factory=list)


def decoded(data: bytes) -> str:
    """The text of a file as spreadsheets write it: UTF-8 or UTF-16 with a mark, else UTF-8, else Windows Hebrew."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1255", errors="replace")


def table(text: str) -> list[Line]:
    """The rows below the row of headings. Raises Invalid with what is missing."""
    rows = [row for row in _rows(text) if any(cell.strip() for cell in row[1])]
    if len(rows) < 2:
        raise _wrong(say("A row of headings and at least one person below it are needed."))
    if len(rows) - 1 > MOST:
        raise _wrong(say("At most %(most)s people at once; here are %(n)s.", most=MOST, n=len(rows) - 1))
    columns = [_column(heading) for heading in rows[0][1]]
    missing = [Word("field", name) for name in NEEDED if name not in columns]
    if missing:
        raise _wrong(say("The row of headings lacks: %(columns)s.", columns=missing))
    twice = [Word("field", name) for name in HEADERS if columns.count(name) > 1]
    if twice:
        raise _wrong(say("Two columns are called the same: %(columns)s.", columns=twice))
    return [Line(number, _named(columns, row)) for number, row in rows[1:]]


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.lstrip("\ufeff\r\n").split("\n", 1)[0]
    marks = max("\t;,", key=first.count)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=marks, strict=True)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error:
        raise _wrong(say("Row %(n)s cannot be read as a row of a table.", n=reader.line_num)) from None


def _column(heading: str) -> str:
    called = " ".join(heading.split()).casefold()
    return next((name for name, known in HEADERS.items() if called in known), "")


def _named(columns: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    return {name: cell.strip() for name, cell in zip(columns, row, strict=False) if name and cell.strip()}


def _wrong(sentence: Sentence) -> Invalid:
    return Invalid(sentence, [FieldError("/table", "table", sentence)])


def bring_in(session: Session, lines: Sequence[Line], *, by: Actor, at: datetime) -> None:
    """Add whoever is not there yet; each line then says what came of it. Where any has faults nothing may be kept:
    the caller takes it back. Managers may stand anywhere in the table."""
    there = _there(session, lines)
    made = {}
    for line in lines:
        who = line.raw.get("who", "").lower()
        if who in there:
            line.state = "there"
            continue
        try:
            made[line.number] = _add(session, line, by=by, at=at)
            there.add(who)
        except (Invalid, Forbidden) as refusal:
            _note(line, refusal)
    for line in lines:
        if line.number in made and line.raw.get("manager"):
            _set_manager(session, line, made[line.number], by)


def _there(session: Session, lines: Sequence[Line]) -> set[str]:
    called = [line.raw.get("who", "").lower() for line in lines]
    found: set[str] = set()
    for column in (Person.email, Person.number):
        lower = sa.func.lower(column)
        for n in range(0, len(called), 500):
            found |= set(session.scalars(sa.select(lower).where(lower.in_(called[n : n + 500]))))
    return found


def _add(session: Session, line: Line, *, by: Actor, at: datetime) -> Person:
    raw = {name: value for name, value in line.raw.items() if name not in ("role", "manager", "locale")}
    if locale := line.raw.get("locale"):
        raw["locale"] = LANGUAGES.get(locale.casefold(), locale)
    asked = read(session, forms.AddPerson, raw, by=by)
    person = operations.add_person(session, asked.pop("who"), **asked, by=by, at=at)
    if role := line.raw.get("role"):
        known = roles().get(role.casefold())
        if known is None:
            sentence = say("No role is called “%(role)s”.", role=role)
            raise Invalid(sentence, [FieldError("/role", "choice", sentence)])
        operations.grant(session, person, known, tree(session).units[person.unit_id], by=by, at=at)
    return person


def roles() -> Mapping[str, Role]:
    """Roles as they are written: by their name in the code, or by their word in either language."""
    return {word.casefold(): role for role in Role
            for word in (role.value, *(Word("role", role.value).in_(lang) for lang in LOCALES))}  # fmt: skip


def _set_manager(session: Session, line: Line, person: Person, by: Actor) -> None:
    try:
        asked = read(session, forms.Managed, {"manager": line.raw["manager"]}, by=by)
        operations.change_person(session, person, asked, by=by)
    except (Invalid, Forbidden) as refusal:
        _note(line, refusal)


def _note(line: Line, refusal: Invalid | Forbidden) -> None:
    line.state = "wrong"
    faults: Any = refusal.errors if isinstance(refusal, Invalid) else []
    line.faults += [(one.pointer.strip("/"), one.message) for one in faults] or [("", refusal.message)]

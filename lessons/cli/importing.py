"""`import`: what others wrote comes in, all of it or nothing."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import SEEK_END
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from lessons.cli.opening import reading, unit_called, writing
from lessons.errors import LessonsError
from lessons.i18n import say, say_n

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session

    from lessons.access.actor import Actor
    from lessons.intake.gathered import Document
    from lessons.intake.imports import Source
    from lessons.intake.llis import LlisRow
    from lessons.intake.oddities import Oddities
    from lessons.models.people import Unit

INTO = ("debriefs", "lessons", "actions", "procedures", "figures", "auto")
TAKEN = ("debriefs", "lessons", "actions", "figures", "auto")
INTO_KINDS = {"lessons": "lessons", "actions": "actions", "debriefs": "title"}
"""What a document has to tell of, where somebody says what it is."""


def bring_in(given: Namespace) -> None:
    """Prints the report; rows that were left out on purpose are named on stderr."""
    from lessons import many

    _check(given)
    many.expected()
    if given.into == "figures":
        _figures(given)
    else:
        _files(given)


def _files(given: Namespace) -> None:
    """Registers of LLIS and any other documents, all in one transaction."""
    told = _told(given.map) if given.map else None
    read = [_read(given, name, told) for name in given.files]
    registers = [found for found in read if isinstance(found, tuple)]
    sources = [found for found in read if not isinstance(found, tuple)]
    _tell(given, [document for source in sources for document in source.documents])
    try:
        with writing(given.actor) as (session, by, at):
            unit = unit_called(session, given.unit) if given.unit else None
            if registers:
                _register(given, registers, session, unit, by=by, at=at)
            if sources:
                _documents_in(given, sources, session, unit, by=by, at=at)
            if given.dry_run:
                raise _Rehearsed  # noqa: TRY301 - it leaves the transaction, which nothing else does
    except _Rehearsed:
        return
    except KeyboardInterrupt:
        print(say("Stopped. Nothing was changed."), file=sys.stderr)
        raise


class _Rehearsed(Exception):
    """No error: all that was written is taken back."""


def _tell(given: Namespace, documents: Sequence[Document]) -> None:
    """What was understood. Raises LessonsError where a file could not be read, unless these are to be left out."""
    from lessons.intake import understood

    for document in documents:
        if document.kind and given.dry_run:
            for sentence in understood.told(document):
                print(sentence)
        for sentence in understood.problems(document):
            print(sentence, file=sys.stderr)
    unread = [one.source for one in documents if not one.kind]
    if unread and not given.skip_faulty:
        raise LessonsError(say("Could not be read: %(names)s. Nothing was changed.", names=unread))
    kinds = INTO_KINDS.get(given.into)
    if documents and kinds and not any(getattr(debrief, kinds) for one in documents for debrief in one.debriefs):
        raise LessonsError(
            say("Nothing of this kind was understood there: %(into)s. Nothing was changed.", into=given.into)
        )


def _documents_in(
    given: Namespace, sources: Sequence[Source], session: Session, unit: Unit | None, *, by: Actor, at: datetime
) -> None:
    from lessons.doors import files
    from lessons.intake import imports, outcome, placing, understood

    if not given.dry_run:
        for source in sources:
            with _opened(source.name) as content:
                files.store().put(content)
    row = imports.keep(session, sources, unit=unit, by=by, at=at)
    for file, faults in placing.unknown(session, row, session.scalars(imports.files_of(row)).all()):
        for sentence in understood.noted(file.name, faults):
            print(sentence, file=sys.stderr)
    unknown = imports.unknown_people(session, row, at)
    imports.take(session, row, by=by, at=at)
    for sentence in outcome.told(outcome.outcome(session, row), dry=given.dry_run):
        print(sentence)
    if unknown:
        print(outcome.named(unknown), file=sys.stderr)


def _register(
    given: Namespace,
    read: Sequence[tuple[list[LlisRow], Oddities]],
    session: Session,
    unit: Unit | None,
    *,
    by: Actor,
    at: datetime,
) -> None:
    from lessons.intake import operations, report

    rows, oddities = [row for found, _ in read for row in found], [odd for _, odd in read]
    do = operations.rehearse if given.dry_run else operations.bring_in
    planned = do(session, rows, unit=unit, by=by, at=at)
    for sentence in report.told(planned, oddities, dry=given.dry_run):
        print(sentence)
    for fault in (fault for odd in oddities for fault in odd.faults):
        print(report.fault(fault), file=sys.stderr)


def _figures(given: Namespace) -> None:
    """A table with the headings unit, day, name, value."""
    from lessons.access.refs import read
    from lessons.intake import figures, report
    from lessons.intake.faults import Unreadable
    from lessons.people.figures import enter, rows_of
    from lessons.workflow import asks

    for name in given.files:
        try:
            items = figures.items(_content(name))
        except Unreadable as error:
            raise report.refused(name, [error.fault]) from None
        opened = reading if given.dry_run else writing
        with opened(given.actor) as (session, by, _):
            rows = rows_of(read(session, asks.Figures, {"items": items}, by=by))
            taken = len(rows) if given.dry_run else enter(session, rows, by=by)
        print(say_n("%(name)s: one number of a unit.", "%(name)s: %(n)d numbers of units.", n=taken, name=name))


def _check(given: Namespace) -> None:
    if given.into not in TAKEN:
        kind = {"into": given.into, "taken": ", ".join(TAKEN)}
        raise LessonsError(say("Nothing can be imported into %(into)s yet, only: %(taken)s.", **kind))


def _read(given: Namespace, name: str, told: Mapping[str, str] | None) -> tuple[list[LlisRow], Oddities] | Source:
    """The rows of a register of LLIS, or whatever documents the file holds. Raises Invalid, which names the rows that
    cannot be taken, unless they are to be skipped."""
    from lessons.intake import llis, report
    from lessons.intake.faults import Unreadable

    with _opened(name) as file:
        if not llis.is_register(file.read(llis.HEAD)):
            return _documents(name, file, told)
    try:
        rows, oddities = llis.read(_content(name))
    except Unreadable as error:
        raise report.refused(name, [error.fault]) from None
    if oddities.faults and not given.skip_faulty:
        raise report.refused(name, oddities.faults)
    return rows, oddities


def _documents(name: str, file: BinaryIO, told: Mapping[str, str] | None) -> Source:
    """A file that cannot be read is a document of no kind, with the reason: the others are told of all the same."""
    from lessons.intake.imports import Source, read
    from lessons.store import sha256_of

    size = file.seek(0, SEEK_END)
    return Source(name, size, sha256_of(file), read(Path(name).name, file, told))


def _told(name: str) -> dict[str, str]:
    """A map of columns: a JSON object of headings and the fields they are, an empty one for a column that is kept."""
    from lessons.intake.understood import FIELDS

    try:
        said = json.loads(_content(name))
    except ValueError:
        said = None
    if not isinstance(said, dict) or not all(field in ("", *FIELDS) for field in said.values()):
        known = ", ".join(FIELDS)
        raise LessonsError(say("%(name)s is no map of columns: a JSON object of headings, each with one of %(fields)s.",
                               name=name, fields=known))  # fmt: skip
    return {str(heading).strip(): field for heading, field in said.items()}


def _content(name: str) -> bytes:
    with _opened(name) as file:
        return file.read()


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    """Raises LessonsError."""
    try:
        with Path(name).open("rb") as file:
            yield file
    except OSError as error:
        raise LessonsError(say("%(name)s cannot be read: %(why)s.", name=name, why=error.strerror)) from None

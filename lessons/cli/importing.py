"""`import`: what others wrote comes in, all of it or nothing."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lessons.cli.opening import reading, unit_called, writing
from lessons.errors import LessonsError
from lessons.i18n import say, say_n

if TYPE_CHECKING:
    from lessons.intake.document import Document
    from lessons.intake.llis import LlisRow
    from lessons.intake.oddities import Oddities

INTO = ("debriefs", "lessons", "actions", "procedures", "figures", "auto")
TAKEN = ("lessons", "figures", "auto")


def bring_in(given: Namespace) -> None:
    """Prints the report; rows that were left out on purpose are named on stderr."""
    _check(given)
    if given.into == "figures":
        _figures(given)
    else:
        _files(given)


def _files(given: Namespace) -> None:
    """Registers of LLIS are brought in; of any other document it is told what was understood."""
    read = [_read(name, given.skip_faulty) for name in given.files]
    documents = [one for found in read if isinstance(found, list) for one in found]
    registers = [found for found in read if isinstance(found, tuple)]
    if documents and not given.dry_run:
        raise LessonsError(
            say(
                "%(name)s can be read but not yet brought in; only a register with the columns of LLIS can. With "
                "--dry-run it is told what was understood. Nothing was changed.",
                name=documents[0].source,
            )
        )
    if registers:
        _register(given, registers)
    _tell(documents)


def _tell(documents: Sequence[Document]) -> None:
    """Raises LessonsError at the end where one could not be read at all."""
    from lessons.intake import understood

    for document in documents:
        if document.kind:
            for sentence in understood.told(document):
                print(sentence)
        for sentence in understood.problems(document):
            print(sentence, file=sys.stderr)
    if documents:
        print(say("Nothing was changed."))
    if unread := [one.source for one in documents if not one.kind]:
        raise LessonsError(say("Could not be read: %(names)s.", names=unread))


def _register(given: Namespace, read: Sequence[tuple[list[LlisRow], Oddities]]) -> None:
    from lessons.intake import operations, report

    rows, oddities = [row for found, _ in read for row in found], [odd for _, odd in read]
    do, opened = (operations.rehearse, reading) if given.dry_run else (operations.bring_in, writing)
    try:
        with opened(given.actor) as (session, by, at):
            into = unit_called(session, given.unit) if given.unit else None
            planned = do(session, rows, unit=into, by=by, at=at)
    except KeyboardInterrupt:
        print(say("Stopped. Nothing was changed."), file=sys.stderr)
        raise
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
    if given.map:
        raise LessonsError(say("A map of columns is not taken yet: a register is known by its own headings."))


def _read(name: str, skip_faulty: bool) -> tuple[list[LlisRow], Oddities] | list[Document]:
    """The rows of a register of LLIS, or whatever documents the file holds. Raises Invalid, which names the rows that
    cannot be taken, unless they are to be skipped."""
    from lessons.intake import llis, report
    from lessons.intake.faults import Unreadable

    content = _content(name)
    if not llis.is_register(content):
        return _documents(name, content)
    try:
        rows, oddities = llis.read(content)
    except Unreadable as error:
        raise report.refused(name, [error.fault]) from None
    if oddities.faults and not skip_faulty:
        raise report.refused(name, oddities.faults)
    return rows, oddities


def _documents(name: str, content: bytes) -> list[Document]:
    """A file that cannot be read is a document of no kind, with the reason: the others are told of all the same."""
    from lessons.intake import formats
    from lessons.intake.document import Document
    from lessons.intake.faults import Unreadable

    try:
        return formats.read(Path(name).name, content)
    except Unreadable as error:
        return [Document(Path(name).name, "", "", problems=(error.fault,))]


def _content(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise LessonsError(say("%(name)s cannot be read: %(why)s.", name=name, why=error.strerror)) from None

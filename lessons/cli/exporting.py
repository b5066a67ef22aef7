"""`export …`: what may be read, taken out as registers, cards, decks, reports, or all of it in one archive."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from lessons.cli.opening import reading
from lessons.errors import LessonsError
from lessons.i18n import say

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session

    from exports.press import Press
    from exports.sheet import CardSheet
    from lessons.repository.queries import Wanted

STDOUT = "-"


def register(given: Namespace) -> None:
    """All records of one noun that may be read, narrowed as on their page, on stdout or into a file."""
    from lessons import db
    from lessons.doors import register as registers

    with reading(given.actor) as (_, by, _):
        locale = given.lang or by.locale or db.settings().locale
    narrowed = registers.EVERYTHING | {".".join(name): value for name, value in given.filters}
    asked = registers.Asked(given.noun, narrowed, partial(reading, given.actor), locale)
    parts = registers.pressed(asked, given.format)
    with _into(given.output) as out:
        out.writelines(parts)


@contextmanager
def _into(name: str | None) -> Iterator[BinaryIO]:
    """The named file, whole or not at all; stdout where none is named."""
    if name in (None, STDOUT):
        yield sys.stdout.buffer
        return
    half = Path(f"{name}.part")
    try:
        with half.open("wb") as out:
            yield out
        half.replace(str(name))
    except OSError as error:
        raise LessonsError(say("%(name)s cannot be written: %(why)s.", name=name, why=error.strerror)) from None
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)


def cards(given: Namespace) -> int:
    """CODE.pdf each, in the folder. What cannot be printed is named on stderr, and the others are printed."""
    return _each(Path(given.output), _sheets(given), lambda pool, sheet: pool.card(sheet))


def _each(folder: Path, sheets: Iterable[Any], pdf_of: Callable[[Press, Any], bytes]) -> int:
    """CODE.pdf of each, in the folder. 1 where something could not be printed."""
    from exports.press import PressFailed
    from exports.sheet import CardTooLong
    from lessons.repository.printed import press

    failed = 0
    _make(folder)
    with press() as pool:
        for sheet in sheets:
            try:
                pdf = pdf_of(pool, sheet)
            except (CardTooLong, PressFailed) as error:
                failed += 1
                print(f"{sheet.code}: {error}", file=sys.stderr)
                continue
            with _into(str(folder / f"{sheet.code}.pdf")) as out:
                out.write(pdf)
            print(folder / f"{sheet.code}.pdf")
    return 1 if failed else 0


def deck(given: Namespace) -> int:
    """Many cards as one document, or as several in an archive; a card that fits on no page is named on stderr."""
    from lessons import db
    from lessons.repository import deck as decks

    with reading(given.actor) as (session, by, at):
        wish = decks.Wish(given.title, given.size, given.lang or by.locale or db.settings().locale)
        found = decks.codes(session, _wanted(session, given, at), by=by)
        parts = decks.sheets(session, found[: decks.MOST], wish, by=by, at=at)
    printed = decks.printed(parts, lambda *_: None)
    data, ending, _ = decks.joined(printed, decks.file_name(wish.title))
    name = f"{given.output.removesuffix('.pdf').removesuffix('.zip')}.{ending}"
    with _into(name) as out:
        out.write(data)
    print(name)
    left_out = [code for one in printed for code in one.left_out]
    print("\n".join(f"{code}: {decks.NO_ROOM}" for code in left_out), end="\n" * bool(left_out), file=sys.stderr)
    return 1 if left_out else 0


def _wanted(session: Session, given: Namespace, at: datetime) -> Wanted:
    """Raises NotFound where a unit is named that is not there."""
    from lessons.access import tree
    from lessons.errors import NotFound
    from lessons.repository.deck import month_began
    from lessons.repository.queries import Wanted
    from lessons.workflow.states import LESSON_PUBLIC

    unit = tree(session).by_code(given.unit) if given.unit else None
    if given.unit and unit is None:
        raise NotFound(say("No unit is called %(code)s.", code=given.unit))
    since = month_began(at) if given.new else None
    return Wanted(states=[*LESSON_PUBLIC], unit=unit, topic=given.topic or "", since=since)


def debrief(given: Namespace) -> int:
    """CODE.pdf each, in the folder, as cards are."""
    from lessons import db
    from lessons.doors import papers

    with reading(given.actor) as (session, by, at):
        locale = given.lang or by.locale or db.settings().locale
        codes = dict.fromkeys(code.upper() for code in given.codes)
        written = [papers.paper(session, "debriefs", code, by=by, at=at, locale=locale) for code in codes]
    return _each(Path(given.output), written, lambda pool, paper: pool.paper(paper))


def bundle(given: Namespace) -> None:
    """The archive, whole or not at all; how far it is, on stderr where somebody looks."""
    from lessons import db
    from lessons.doors.bundle import bundle as packed
    from lessons.repository.printed import press

    def told(done: int, total: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{done}/{total}", end="" if done < total else "\n", file=sys.stderr)

    with reading(given.actor) as (session, by, at), press() as pool, _into(given.file) as out:
        locale = given.lang or by.locale or db.settings().locale
        packed(session, out, by=by, at=at, locale=locale, press=pool, progress=told)


def _sheets(given: Namespace) -> list[CardSheet]:
    """Raises NotFound before anything is printed."""
    from lessons import db, doors
    from lessons.repository import card

    with reading(given.actor) as (session, by, at):
        locale = given.lang or by.locale or db.settings().locale
        codes = dict.fromkeys(code.upper() for code in given.codes)
        found = [doors.find(session, "lessons", code, by=by) for code in codes]
        return [replace(card.sheet(session, lesson, locale=locale, at=at), size=given.size) for lesson in found]


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LessonsError(say("%(name)s cannot be written: %(why)s.", name=folder, why=error.strerror)) from None

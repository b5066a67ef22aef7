"""Everything that a person may see in one archive: registers, cards, debrief reports, files, and a page that leads to
them and opens without a server."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from exports.bundle_html import Entry, Index, pressed
from exports.press import Press, PressFailed
from exports.sheet import CardTooLong
from lessons import db
from lessons.access import Actor, visible_to
from lessons.debriefs.report import paper
from lessons.doors import register
from lessons.doors.around import is_readable, record_of
from lessons.doors.files import store
from lessons.i18n import Word, say
from lessons.jobs import held
from lessons.jobs import running as long
from lessons.jobs.kinds import Made
from lessons.models import Attachment, Debrief, Job, Lesson
from lessons.repository import card, printed
from lessons.store import parts
from lessons.web.paper import Pen

BUNDLE = "bundle"
FORMS = ("xlsx", "csv")
READY = say("All that is open to you, in one archive. Unpacked, its first page opens without a server.")
READ = 100  # rows at once
TITLE = say("Lessons learned: what is open to %(who)s")
TAKEN = say("Taken on %(when)s. What holds today stands at %(here)s.")
TOO_LONG = say("The card does not fit on one page, so it is not here.")
NOT_PRINTED = say("It could not be printed, so it is not here.")
LOST = say("The file is damaged or missing, so it is not here.")
Progress = Callable[[int, int], None]


@dataclass
class Packing:
    """An archive under way: its pen, the press, what is in it so far, and who is told of how many."""

    pen: Pen
    archive: ZipFile
    press: Press
    progress: Progress
    total: int
    done: int = 0
    groups: dict[str, list[Entry]] = field(default_factory=dict)

    def put(self, group: Any, entry: Entry, parts: Iterable[bytes]) -> None:
        """One file with its line on the first page; without parts only the line, which says why."""
        if entry.path:
            local = self.pen.at.astimezone(ZoneInfo(db.settings().timezone))
            named = ZipInfo(entry.path, local.timetuple()[:6])
            named.compress_type = ZIP_DEFLATED
            with self.archive.open(named, "w", force_zip64=True) as out:
                for part in parts:
                    out.write(part)
        self.groups.setdefault(self.pen.word(group), []).append(entry)
        self.done += 1
        self.progress(self.done, self.total)


def bundle(
    session: Session, into: IO[bytes], *, by: Actor, at: datetime, locale: str, press: Press, progress: Progress
) -> None:
    """The archive, written as it is made: `progress` is told (done, total) after each file, and may break it off by
    raising. Of a debrief and its files only what this person may open."""
    rows = {model: _count(session, model, by) for model in (Lesson, Debrief)}
    files = _readable(session, by, at)
    total = len(register.REGISTERS) * len(FORMS) + sum(rows.values()) + len(files)
    with ZipFile(into, "w") as archive:
        packing = Packing(Pen(session, by, at, locale), archive, press, progress, total)
        _registers(packing)
        _printed(packing, Lesson, "cards", _card)
        _printed(packing, Debrief, "debriefs", _report)
        _files(packing, files)
        archive.writestr(ZipInfo("index.html", at.timetuple()[:6]), pressed(_index(packing)), ZIP_DEFLATED)


def _count(session: Session, model: Any, by: Actor) -> int:
    seen = sa.select(sa.func.count()).select_from(model).where(visible_to(session, model.noun, by))
    return session.scalar(seen) or 0


def _index(packing: Packing) -> Index:
    pen = packing.pen
    who = pen.word(pen.by.person) or pen.word(Word("actor_kind", "operator"))
    return Index(
        lang=pen.locale,
        title=TITLE.with_(who=who).in_(pen.locale),
        notes=(TAKEN.with_(when=pen.word(pen.at), here=db.settings().base_url).in_(pen.locale),),
        groups=tuple((name, tuple(entries)) for name, entries in packing.groups.items()),
    )


# ── as long work ─────────────────────────────────────────────────────────────────────────────────────────────────────
def make(job: Job, progress: long.Progress) -> Made:
    """By the rights that its person has now."""
    with ExitStack() as held_open, printed.press() as pool:
        out = held_open.enter_context(TemporaryFile())
        with db.reading() as session:
            by, at = progress.actor(session), progress.now()
            bundle(session, out, by=by, at=at, locale=job.lang, press=pool, progress=progress.step)
            holds = [*held.everything(session, by), *held.rights(session, by)]
        held_open.pop_all()  # whoever keeps it closes it
        name = f"{BUNDLE}-{at.date().isoformat()}.zip"
        return Made(READY, out, name, "application/zip", tuple(holds))


# ── what is in it ────────────────────────────────────────────────────────────────────────────────────────────────────
def _registers(packing: Packing) -> None:
    pen = packing.pen

    @contextmanager
    def opened() -> Iterator[tuple[Session, Actor, datetime]]:
        yield pen.session, pen.by, pen.at

    for noun in register.REGISTERS:
        asked = register.Asked(noun, register.EVERYTHING, opened, pen.locale)
        for form in FORMS:
            title = f"{pen.word(Word('nouns', noun))} ({form})"
            entry = Entry(title=title, lang=pen.locale, path=f"registers/{noun}.{form}")
            packing.put(say("Registers"), entry, register.pressed(asked, form))


def _printed(packing: Packing, model: Any, folder: str, pdf_of: Callable[[Packing, Any], bytes]) -> None:
    """Of every record that may be seen, what the press makes of it; of one that it cannot print, a line."""
    pen = packing.pen
    for row in _rows(pen.session, model, visible_to(pen.session, model.noun, pen.by)):
        why, pdf = "", b""
        try:
            pdf = pdf_of(packing, row)
        except CardTooLong:
            why = pen.word(TOO_LONG)
        except PressFailed:
            why = pen.word(NOT_PRINTED)
        entry = Entry(
            title=_title(row),
            lang=row.lang,
            note=why or row.code,
            path="" if why else f"{folder}/{row.code}.pdf",
        )
        packing.put(Word("nouns", row.noun), entry, [pdf])


def _title(row: Any) -> str:
    """Of a confidential debrief the code alone."""
    return str(row.code if getattr(row, "confidential", False) else row.title)


def _card(packing: Packing, row: Lesson) -> bytes:
    pen = packing.pen
    return packing.press.card(card.sheet(pen.session, row, locale=pen.locale, at=pen.at))


def _report(packing: Packing, row: Debrief) -> bytes:
    pen = packing.pen
    return packing.press.paper(paper(pen.session, row, by=pen.by, at=pen.at, locale=pen.locale))


def _readable(session: Session, by: Actor, at: datetime) -> list[int]:
    """The ids of the files that this person may open: how many there are besides is told by no count."""
    every = _rows(session, Attachment)
    return [kept.id for kept in every if is_readable(session, record_of(session, kept), by=by, at=at)]


def _files(packing: Packing, ids: Sequence[int]) -> None:
    pen = packing.pen
    for kept in (pen.session.get_one(Attachment, one) for one in ids):
        record = record_of(pen.session, kept)
        opened = store().opened(kept.sha256)
        name = "".join("_" if c in '/\\:*?"<>|' else c for c in kept.name).lstrip(".") or "file"
        path = f"files/{record.code}/{kept.pid}-{name}" if opened else ""
        note = " · ".join(filter(None, (record.code, kept.caption, "" if path else pen.word(LOST))))
        packing.put(
            say("Files"), Entry(title=kept.name, lang=pen.locale, note=note, path=path), parts(opened) if opened else ()
        )


def _rows(session: Session, model: Any, *where: Any) -> Iterator[Any]:
    """All of them by age, some at once."""
    last = 0
    while rows := _after(session, model, last, where):
        yield from rows
        last = rows[-1].id


def _after(session: Session, model: Any, last: int, where: Sequence[Any]) -> Sequence[Any]:
    return session.scalars(sa.select(model).where(model.id > last, *where).order_by(model.id).limit(READ)).all()

"""A deck: many cards as one document, or, where they are very many, as several in one archive."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import datetime, time
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from exports.deck import Deck, DeckSheet
from exports.press import PressFailed
from exports.sheet import CardSheet, CardTooLong, Size
from lessons import db
from lessons.access import Actor, visible_to
from lessons.access.listing import MOST as A_PAGE
from lessons.errors import NotAllowed, NotFound, Unavailable
from lessons.i18n import Sentence, say, say_n
from lessons.jobs.kinds import Made
from lessons.jobs.running import Progress
from lessons.models import Job, Lesson
from lessons.repository import card, queries
from lessons.repository.printed import press

KIND = "deck"
AT_ONCE, A_PART, MOST = 10, 100, 500
"""Cards that are printed while one waits, of one document, of one deck."""
PROCESSES = 2
SHOWS_LIFE = 10
"""Seconds: whoever holds a job and tells nothing for a minute loses it."""
PDF, ZIP = "application/pdf", "application/zip"
NONE = say("There is no card here to print. Another filter may find some.")
NO_ROOM = say("None of these cards fits on one page.")
NOT_NOW = say("The deck could not be printed at this moment. Asking again is right.")
CONTENTS, PART = say("What is in it"), say("%(title)s – part %(n)s of %(all)s")
DONE = say_n("One card.", "%(n)s cards.")
LEFT_OUT = say("%(done)s These do not fit on one page and are left out: %(codes)s.")


@dataclass(frozen=True)
class Wish:
    """How the deck is to be: its title, the size of its sheets, the language of its labels."""

    title: str
    size: Size
    lang: str


def month_began(at: datetime) -> datetime:
    """The first moment of the month, by the installation's clock."""
    zone = ZoneInfo(db.settings().timezone)
    return datetime.combine(at.astimezone(zone).date().replace(day=1), time(), zone)


def codes(session: Session, wanted: queries.Wanted, *, by: Actor) -> list[str]:
    """Of the lessons that the list shows, in its order; one more than a deck holds, where there are more."""
    narrowed = [*queries.narrowed_by(session, wanted)]
    if not wanted.q:
        seen = sa.select(Lesson.code).where(visible_to(session, "lessons", by), *narrowed)
        return list(session.scalars(seen.order_by(Lesson.id.desc()).limit(MOST + 1)))
    hits = [hit.record_id for hit in queries.search(session, wanted.q, by=by, limit=A_PAGE, where=narrowed)]
    known: dict[int | None, str] = dict(
        session.execute(sa.select(Lesson.id, Lesson.code).where(Lesson.id.in_(hits))).tuples()
    )
    return [known[hit] for hit in hits]


def readable(session: Session, wanted: Sequence[str], *, by: Actor) -> list[Lesson]:
    """Those of these lessons that the person may see, in this order."""
    seen = sa.select(Lesson).where(Lesson.code.in_(wanted), visible_to(session, "lessons", by))
    known = {lesson.code: lesson for lesson in session.scalars(seen)}
    return [known[code] for code in wanted if code in known]


def sheets(session: Session, wanted: Sequence[str], wish: Wish, *, by: Actor, at: datetime) -> list[DeckSheet]:
    """The documents of a deck: one, or several where the cards are very many. Raises NotFound where none is left."""
    cards = [card.sheet(session, one, locale=wish.lang, at=at) for one in readable(session, wanted, by=by)]
    if not cards:
        raise NotFound(NONE)
    parts = [cards[n : n + A_PART] for n in range(0, len(cards), A_PART)]
    return [_sheet(part, wish, at, n, len(parts)) for n, part in enumerate(parts, 1)]


def _sheet(cards: Sequence[CardSheet], wish: Wish, at: datetime, n: int, parts: int) -> DeckSheet:
    title = PART.with_(title=wish.title, n=n, all=parts).in_(wish.lang) if parts > 1 else wish.title
    return DeckSheet(
        lang=wish.lang,
        title=title,
        about=DONE.with_(n=len(cards)).in_(wish.lang).rstrip("."),
        day=card.written(at.astimezone(ZoneInfo(db.settings().timezone)).date()),
        organisation=db.settings().organisation_in(wish.lang),
        contents=CONTENTS.in_(wish.lang),
        cards=tuple(cards),
        size=wish.size,
    )


# ── as long work ─────────────────────────────────────────────────────────────────────────────────────────────────────
def make(job: Job, progress: Progress) -> Made:
    """By the rights that its person has now. What was printed before it was stopped is found printed."""
    asked: Mapping[str, Any] = job.asked
    wish = Wish(asked["title"], asked["size"], asked["lang"])
    with db.reading() as session:
        parts = sheets(session, asked["codes"], wish, by=progress.actor(session), at=progress.now())
    decks = printed(parts, progress.step)
    data, ending, kind = joined(decks, file_name(wish.title))
    holds = tuple(f"lessons:{one.code}" for part in parts for one in part.cards)
    return Made(told(parts, decks), io.BytesIO(data), f"{file_name(wish.title)}.{ending}", kind, holds)


def printed(parts: Sequence[DeckSheet], step: Callable[[int, int], None]) -> list[Deck]:
    """Several at a time. Raises NotAllowed, Unavailable, and what `step` raises."""
    done, alone = [0] * len(parts), Lock()
    total = sum(len(part.cards) for part in parts)

    def note(part: int, cards: int) -> None:
        with alone:
            done[part] = cards
            step(sum(done), total)

    def one(part: int) -> Deck:
        note(part, 0)
        return pool.deck(parts[part], lambda cards: note(part, cards))

    try:
        with press(workers=PROCESSES) as pool, ThreadPoolExecutor(PROCESSES) as threads:
            decks = [threads.submit(one, part) for part in range(len(parts))]
            while wait(decks, timeout=SHOWS_LIFE).not_done:  # putting a hundred pages together takes a while
                with alone:
                    step(sum(done), total)
            return [deck.result() for deck in decks]
    except CardTooLong as fault:
        raise NotAllowed(NO_ROOM) from fault
    except PressFailed as fault:
        raise Unavailable(NOT_NOW) from fault


def joined(decks: Sequence[Deck], name: str) -> tuple[bytes, str, str]:
    """(bytes, the file's ending, its kind)."""
    if len(decks) == 1:
        return decks[0].pdf, "pdf", PDF
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for n, deck in enumerate(decks, 1):
            archive.writestr(zipfile.ZipInfo(f"{name}-{n}.pdf"), deck.pdf)
    return into.getvalue(), "zip", ZIP


def told(parts: Sequence[DeckSheet], decks: Sequence[Deck]) -> Sentence:
    """How many cards, and which of them found no room."""
    left_out = [code for deck in decks for code in deck.left_out]
    cards = sum(len(part.cards) for part in parts) - len(left_out)
    done = replace(DONE.with_(n=cards), n=cards)
    return LEFT_OUT.with_(done=done, codes=", ".join(left_out)) if left_out else done


def file_name(title: str) -> str:
    """The title, where a file may be called so."""
    return "".join(c if c.isalnum() or c in " -_" else " " for c in title).strip()[:80] or KIND

"""How a paper is written: finished words in its reader's language, days and hours in figures, blocks with what is empty
left out. Says nothing of what stands in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from exports.paper import Block, Kind, Paper, Part, Said
from lessons import db
from lessons.access import Actor, tree
from lessons.i18n import Name, Sentence, Word, say

FOOT = say("Printed for %(who)s on %(when)s. What holds today stands at %(here)s.")
PAGE = say("page %(n)s of %(all)s", n="{n}", all="{all}")
Heads = Sequence[tuple[Any, int]]
"""What columns are called, and how wide each is, in hundredths of the page."""
NOTHING = ("", "—")


@dataclass(frozen=True)
class Pen:
    """Who reads the paper, when and in which language."""

    session: Session
    by: Actor
    at: datetime
    locale: str

    def word(self, value: Any) -> str:
        """A sentence, a name, a day, a moment in the installation's zone; nothing for None."""
        if isinstance(value, Sentence | Word | Name):
            return value.in_(self.locale)
        if hasattr(value, "name_en"):  # a person, a unit, a unit of the tree
            return Name.of(value).in_(self.locale)
        if isinstance(value, datetime):
            local = value.astimezone(ZoneInfo(db.settings().timezone))
            return f"{self.word(local.date())}, {local:%H:%M}"
        if isinstance(value, date):
            return f"{value.day}.{value.month}.{value.year}"
        return "" if value is None else str(value)

    def names(self, people: Iterable[Any]) -> str:
        return ", ".join(map(self.word, people))

    def cell(self, value: Any) -> Said:
        """Words in the reader's language; those that come with a language of their own keep it."""
        if type(value) is tuple:
            return str(value[0]), str(value[1])
        return self.word(value), self.locale

    # ── blocks ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def facts(self, pairs: Iterable[tuple[Any, Any]]) -> list[Block]:
        told = [(self.cell(name), self.cell(value)) for name, value in pairs]
        return self._block("facts", [row for row in told if row[1][0] not in NOTHING])

    def text(self, words: str, lang: str) -> list[Block]:
        return self._block("text", [((line, lang),) for line in words.splitlines() if line.strip()])

    def points(self, lines: Iterable[str], lang: str) -> list[Block]:
        return self._block("list", [((line, lang),) for line in lines if line.strip()])

    def table(self, heads: Heads, rows: Iterable[Sequence[Any]], kind: Kind = "table") -> list[Block]:
        found = tuple(tuple(map(self.cell, row)) for row in rows)
        names, widths = tuple(self.word(name) for name, _ in heads), tuple(wide for _, wide in heads)
        return [Block(kind=kind, rows=found, heads=names, widths=widths)] if found else []

    def _block(self, kind: Kind, rows: Sequence[tuple[Said, ...]]) -> list[Block]:
        return [Block(kind=kind, rows=tuple(rows))] if rows else []

    # ── the whole ────────────────────────────────────────────────────────────────────────────────────────────────────
    def part(self, title: Any, *blocks: list[Block], note: Any = "", marked: bool = False) -> list[Part]:
        """Its blocks under a title; nothing where they are empty."""
        found = tuple(one for block in blocks for one in block)
        made = Part(title=self.cell(title), blocks=found, note=self.word(note), marked=marked)
        return [made] if found else []

    def paper(self, sort: Sentence, row: Any, title: Said, parts: Iterable[list[Part]]) -> Paper:
        """About one record."""
        unit = self.word(tree(self.session).units[row.unit_id])
        state = Word(f"{row.noun}.state", row.state.value)
        here = f"/{row.noun}/{row.code}"
        return self.whole(sort, title, parts, here=here, under=state, code=row.code, unit=unit)

    def whole(
        self, sort: Sentence, title: Said, parts: Iterable[list[Part]], *, here: str, under: Any, code: str = "",
        unit: str = "",
    ) -> Paper:  # fmt: skip
        """`here`: the path at which it can be read as it is today; `under` stands under the title, after the code."""
        who = self.word(self.by.person) or Word("actor_kind", "operator").in_(self.locale)
        foot = FOOT.with_(who=who, when=self.word(self.at), here=f"{db.settings().base_url}{here}")
        return Paper(
            lang=self.locale,
            sort=self.word(sort),
            code=code,
            title=title,
            state=self.word(under),
            where=" · ".join(filter(None, (db.settings().organisation_in(self.locale), unit))),
            parts=tuple(one for part in parts for one in part),
            foot=foot.in_(self.locale),
            page=PAGE.in_(self.locale),
        )

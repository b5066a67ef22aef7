"""A debrief while its report is read: what stood under which heading, and what it comes to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath

from lessons.intake import days
from lessons.intake.document import Action, Debrief, Kept, Lesson, Moment, Place, digest_of
from lessons.intake.faults import Fault
from lessons.intake.tables import first_words
from lessons.intake.values import unread_severity

TITLE = 300
TEXTS = ("what_happened", "expected")
LISTS = ("causes", "went_well", "went_badly")
_NAMED = re.compile(r"(?P<y>\d{4})[-_.](?P<m>\d{2})[-_.](?P<d>\d{2})")
_LOOKED_AT = 20_000


@dataclass
class Draft:
    """Texts by field, in order. `lesser`: what went well or badly, told as lessons; they are the lessons where no
    others are."""

    title: str = ""
    day_first: bool | None = None
    texts: dict[str, list[str]] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)
    timeline: list[Moment] = field(default_factory=list)
    lessons: list[Lesson] = field(default_factory=list)
    lesser: list[Lesson] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)

    def add(self, name: str, text: str) -> None:
        if text:
            self.texts.setdefault(name, []).append(text)

    def tells_something(self) -> bool:
        return bool(self.texts or self.lessons or self.actions or self.timeline)

    def debrief(self, title: str, file: str) -> Debrief:
        happened, day = self._happened(title, file)
        texts = {name: tuple(self.texts.get(name, ())) for name in (*TEXTS, *LISTS)}
        place = Place(file, digest=digest_of([title, *(text for group in texts.values() for text in group)]))
        what_happened = "\n\n".join(texts["what_happened"]) or self._opening()
        return Debrief(
            title=first_words(title, TITLE), place=place, number=self.meta.get("number", ""), happened=happened,
            happened_on=day, what_happened=what_happened, timeline=tuple(self.timeline),
            expected="\n\n".join(texts["expected"]), causes=texts["causes"], went_well=texts["went_well"],
            went_badly=texts["went_badly"], leader=self.meta.get("leader", ""), severity=self.meta.get("severity", ""),
            unit=self.meta.get("unit", ""), lessons=tuple(self.lessons or self.lesser), actions=tuple(self.actions),
            kept=tuple(self.kept),
        )  # fmt: skip

    def unread(self) -> Iterator[Fault]:
        """What it says of itself that was not understood."""
        if unread_severity(said := self.meta.get("severity", "")):
            yield Fault("severity_unknown", 0, found=said[:80])

    def _opening(self) -> str:
        """What stands before the first heading, where no part tells what happened."""
        opening = [kept for kept in self.kept if not kept.heading]
        self.kept = [kept for kept in self.kept if kept.heading]
        return "\n\n".join(kept.text for kept in opening)

    def _happened(self, title: str, file: str) -> tuple[str, date | None]:
        """When it was: as it says, as its title, its file's name, its timeline, its text say – the first of them."""
        if told := self.meta.get("happened_on", ""):
            return told, days.find(told, day_first=self.day_first)
        dated = _NAMED.search(PurePath(file).name)
        named = "-".join(dated.groups()) if dated else ""
        times = " \n ".join(f"{moment.at} {moment.text[:80]}" for moment in self.timeline[:50])
        for text in (title, named, times, *self.texts.get("what_happened", ())):
            if day := days.find(text[:_LOOKED_AT], day_first=self.day_first):
                return day.isoformat(), day
        return "", None

"""A report – headings, text, lists, tables – as one debrief: each part by what its heading says, what stands below an
unknown heading kept under it. Prose is not cut into actions: only points, rows and labelled lines are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from lessons.intake import columns, days, registers, remarks, synonyms
from lessons.intake.blocks import LABEL, PSEUDO, Block, Heading, Item, Paragraph, Table
from lessons.intake.document import Action, Debrief, Kept, Lesson, Moment, Place, Status, digest_of
from lessons.intake.drafts import LISTS, TEXTS, Draft
from lessons.intake.faults import Fault
from lessons.intake.gathered import Pages
from lessons.intake.tables import clean

LINE = 300
"""In plain text and in Word a line of at most so many characters under "lessons" or "actions" is one of them."""
META = ("happened_on", "leader", "severity", "unit", "number")

_LABELLED = re.compile(r"^(?P<label>[^:\n]{2,40}?)\s*[:：]\s*(?P<value>\S[^\n]{0,200})$")
_ACTION = re.compile(
    r"^(?:action(?: item)?|todo|to do|פעולה|משימה|לביצוע)\s*[:：]\s*(?P<text>\S.*)", re.IGNORECASE | re.DOTALL
)
_LESSON = re.compile(r"^(?:lessons?(?: learn(?:ed|t))?|לקח)\s*[:：]\s*(?P<text>\S.*)", re.IGNORECASE | re.DOTALL)
_TIME = re.compile(
    r"^\W{0,3}(?P<at>(?:\d{4}-\d{2}-\d{2}[T ]?)?(?:\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?[, ]+)?~?\d{1,2}:\d{2}(?::\d{2})?"
    r"(?:\s?[AaPp]\.?[Mm]\.?)?(?:\s?(?:UTC|GMT|[A-Z]{2,4}T|PT|ET|CET))?|\d{4}-\d{2}-\d{2})\W*"
)
_DATED = re.compile(
    r"^(?:.{0,12}\d{1,2}:\d{2}|(?:\w+ )?\d{1,2}(?:st|nd|rd|th)?(?: of)? ?\w{3,9}\.?(?: \d{4})?$"
    r"|\w{3,9}\.? \d{1,2}(?:st|nd|rd|th)?(?:,? \d{4})?(?:\W|$)|\d{1,4}[-./]\d{1,2}[-./]\d{1,4})"
)
"""A heading that is a moment of a timeline: "20:15", "May 12", "12 במאי"."""


@dataclass(frozen=True, slots=True)
class Section:
    level: int
    heading: str
    field: str
    within: str = ""
    status: Status = ""


def read(blocks: Sequence[Block], pages: Pages, *, plain: bool) -> str:
    """Add what the blocks tell to the pages; returns their title. `plain`: a line is a line, and not part of a text
    that was wrapped."""
    reader = Reader(pages, plain)
    said = [block.text for block in blocks if not isinstance(block, Table)]
    hebrew = any("א" <= letter <= "ת" for text in said for letter in text[:200])
    reader.draft.day_first = days.order(said, hebrew=hebrew)
    for number, block in enumerate(blocks):
        reader.take(block, blocks[number + 1 :][:1])
    return reader.closed()


class Reader:
    """Takes one block after the other."""

    def __init__(self, pages: Pages, plain: bool) -> None:
        self.pages, self.plain, self.draft = pages, plain, Draft()
        self.sections: list[Section] = []
        self.others: list[Debrief] = []
        self.prose: set[str] = set()

    @property
    def section(self) -> Section:
        return self.sections[-1] if self.sections else Section(0, "", "")

    def take(self, block: Block, after: Sequence[Block]) -> None:
        if isinstance(block, Heading):
            self._heading(block)
        elif isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Item) and block.text and not block.note and _says_nothing(block.text):
            self._kept(block.text, block)
        elif isinstance(block, Item):
            self._item(block)
        else:
            self._paragraph(block, listed=bool(after) and isinstance(after[0], Item | Table))

    # ------------------------------------------------------------ headings

    def _heading(self, block: Heading) -> None:
        if self._is_title(block):
            self.draft.title = block.text
            self.sections.clear()
            return
        if self._labelled(block.text):
            return
        before = self.section
        while self.sections and self.sections[-1].level >= block.level:
            self.sections.pop()
        above = self.section
        known = synonyms.section(block.text)
        if not known and before.field == "timeline" and _DATED.match(block.text):
            known = "timeline"
        within = above.field if above.field == "lessons" or above.within == "lessons" else ""
        told = remarks.under(block.text) or (above.status if not known else "")
        inherited = "" if above.field in ("other", "what_happened") else above.field
        self.sections.append(Section(block.level, block.text, known or inherited, "lessons" if within else "", told))
        if self.section.field == "timeline" and _DATED.match(block.text):
            self.draft.timeline.append(Moment(block.text, ""))

    def _is_title(self, block: Heading) -> bool:
        if self.draft.title or block.level == PSEUDO or synonyms.name(block.text) in synonyms.SECTIONS:
            return False
        return block.level == 1 or not (self.sections or self.draft.texts or self.draft.kept)

    def _meta(self, label: str, value: str) -> bool:
        """A line such as "Date: 12.1.2026", where its label is one that is known."""
        found = synonyms.column(label)
        if not found or found[1] != "exact" or found[0] not in META:
            return False
        return self.draft.meta.setdefault(found[0], value.strip()) == value.strip()

    # ------------------------------------------------------------ text

    def _paragraph(self, block: Paragraph, *, listed: bool) -> None:
        text, name = clean(block.text), self.section.field
        if self.plain and self._begins(text):
            self.draft.title = text
        elif said := _ACTION.match(text):
            self._action(said["text"], block.line)
        elif said := _LESSON.match(text):
            self._lesson(said["text"], block.line)
        elif name in ("", "what_happened") and (rest := self._labels(text)) != text:
            self._prose(rest, name, block.line)
        elif self.plain and name in ("actions", "lessons", *LISTS) and len(text) <= LINE and not text.endswith(":"):
            self._item(Item(text, line=block.line))
        elif listed and text.endswith(":") and name in ("actions", "lessons"):
            self.draft.kept.append(Kept(self.section.heading, text, self._place(text, block.line)))
        else:
            self._prose(text, name, block.line)

    def _begins(self, text: str) -> bool:
        """Whether a line is the title of a text without headings: the first, short, and no sentence."""
        read = self.draft.title or self.sections or self.draft.kept or self.draft.meta or self.draft.tells_something()
        return not read and len(text) <= LABEL * 2 and not text.endswith((".", ":")) and not self._labelled(text)

    def _labels(self, text: str) -> str:
        """The text without those of its lines that are labels and their values, which are noted."""
        return "\n".join(line for line in text.split("\n") if not self._labelled(line))

    def _labelled(self, line: str) -> bool:
        said = _LABELLED.match(line)
        if said is None:
            return False
        name = synonyms.SECTIONS.get(synonyms.name(said["label"]), "")
        if (name in TEXTS or name in LISTS) and not self.section.field:
            self.draft.add(name, said["value"])
            return True
        return self._meta(said["label"], said["value"])

    def _prose(self, text: str, name: str, line: int) -> None:
        if not text:
            return
        if name in TEXTS or name in LISTS:
            self.draft.add(name, text)
        elif name == "timeline":
            self._moment(text)
        else:
            if name in ("actions", "lessons"):
                self._tell_of_prose(name, line)
            self.draft.kept.append(Kept(self.section.heading, text, self._place(text, line)))

    def _tell_of_prose(self, name: str, line: int) -> None:
        if self.section.heading not in self.prose:
            self.prose.add(self.section.heading)
            self.pages.problems.append(Fault(f"{name}_in_prose", line, found=self.section.heading[:80]))

    def _moment(self, text: str) -> None:
        if (said := _TIME.match(text)) and said.end() < len(text):
            self.draft.timeline.append(Moment(said["at"].strip(), text[said.end() :].strip()))
        elif self.draft.timeline and not self.draft.timeline[-1].text:
            self.draft.timeline[-1] = Moment(self.draft.timeline[-1].at, text)
        else:
            self.draft.timeline.append(Moment("", text))

    # ------------------------------------------------------------ points

    def _item(self, block: Item) -> None:
        name, whole = self.section.field, "\n".join(filter(None, (block.text, block.note)))
        if not whole:
            return
        if name == "actions":
            self._action(block.text, block.line, done=block.done, note=block.note)
        elif name == "lessons":
            self._lesson(block.text, block.line, note=block.note)
        elif name == "timeline":
            self._moment(whole)
        elif name in LISTS or name in TEXTS:
            self.draft.add(name, whole)
            if name.startswith("went_") and self.section.within == "lessons":
                self.draft.lesser.append(Lesson(block.text, self._place(block.text, block.line), note=block.note))
        elif rest := whole if self.section.heading else self._labels(whole):
            self._kept(rest, block)

    def _kept(self, text: str, block: Item) -> None:
        box = "" if block.done is None else "☑ " if block.done else "☐ "
        self.draft.kept.append(Kept(self.section.heading, box + text, self._place(text, block.line)))

    def _action(self, text: str, line: int, *, done: bool | None = None, note: str = "") -> None:
        said = remarks.read(text, day_first=self.draft.day_first)
        status: Status = said.status or self.section.status
        if done is not None:
            status = "done" if done else said.status if said.status in ("in_progress", "cancelled") else "open"
        if remarks.several(said.owner):
            self.pages.problems.append(Fault("two_people", line, found=said.owner[:80]))
        place = self._place(text, line)
        self.draft.actions.append(Action(text, place, said.owner, said.due, said.due_on, status, note))

    def _lesson(self, text: str, line: int, *, note: str = "") -> None:
        self.draft.lessons.append(Lesson(text, self._place(text, line), note=note))

    def _place(self, text: str, line: int) -> Place:
        return Place(self.pages.file, "", line, self.section.heading, digest_of(text))

    # ------------------------------------------------------------ tables

    def _table(self, block: Table) -> None:
        rows, name = block.rows, self.section.field
        least = 1 if name in ("actions", "lessons") else 2
        if name == "timeline":
            self._times(rows)
        elif layout := columns.understood(rows, least=least, told=columns.meant(rows, name)):
            self._understood(rows, layout, name, block.line)
        elif not self._pairs(rows):
            self._unknown(rows, name, block.line)

    def _understood(self, rows: Sequence[Sequence[str]], layout: columns.Layout, name: str, line: int) -> None:
        """Its rows: of a register each a debrief of its own; in a report parts of that one."""
        pages = Pages(self.pages.file)
        reader = registers.Reader(layout, pages)
        for number, row in enumerate(rows[layout.header + 1 :], line + layout.header + 1):
            reader.take(row, number, header=rows[layout.header])
        self.pages.problems.extend(pages.problems)
        self.pages.columns.extend(layout.columns)
        fields = set(layout.fields.values())
        if name in ("", "other") and "lesson" in fields and len(fields) > 2:
            self.others.extend(pages.debriefs)
            return
        for debrief in pages.debriefs:
            self.draft.actions.extend(debrief.actions)
            self.draft.lessons.extend(debrief.lessons or self._told(debrief, name, fields))
            self.draft.kept.extend(debrief.kept)
            if not (debrief.actions or debrief.lessons) and name != "lessons":
                text = debrief.what_happened or debrief.title
                self.draft.kept.append(Kept(self.section.heading, text, debrief.place))

    def _told(self, debrief: Debrief, name: str, fields: set[str]) -> Iterator[Lesson]:
        """In a table of lessons that calls them by another name, such as a description."""
        if name == "lessons" and not debrief.actions and "lesson" not in fields:
            yield Lesson(debrief.what_happened or debrief.title, debrief.place)

    def _times(self, rows: Sequence[Sequence[str]]) -> None:
        for number, row in enumerate(rows):
            said = [cell for cell in row if cell]
            if said and (number or any(map(str.isdigit, row[0]))):
                self.draft.timeline.append(Moment(said[0] if len(said) > 1 else "", " · ".join(said[1:] or said)))

    def _pairs(self, rows: Sequence[Sequence[str]]) -> bool:
        """A table of labels and their values, as forms begin with."""
        pairs = [(row[0], row[1]) for row in rows if len(row) == 2 and row[0]]
        known = [label for label, _ in pairs if (found := synonyms.column(label)) and found[0] in META]
        if not known or len(pairs) < len(rows):
            return False
        for label, value in pairs:
            if value and not self._meta(label, value):
                self.draft.kept.append(Kept(label.rstrip(":"), value, self._place(value, 0)))
        return True

    def _unknown(self, rows: Sequence[Sequence[str]], name: str, line: int) -> None:
        """A table without known headings: in a list of points its first text is the point; else it is kept."""
        if name in ("actions", "lessons", *LISTS) and len(rows) > 1:
            for number, row in enumerate(rows[1:], line + 1):
                said = sorted((cell for cell in row if cell), key=len, reverse=True)
                if said:
                    self._item(Item(said[0], note=" · ".join(said[1:]), line=number))
            return
        text = "\n".join(" | ".join(row) for row in rows)
        self.draft.kept.append(Kept(self.section.heading, text, self._place(text, line)))

    def closed(self) -> str:
        """Add the debrief, where there is one; returns its title."""
        title = self.draft.title or PurePath(self.pages.file).stem.replace("_", " ")
        if self.draft.tells_something():
            self.pages.problems.extend(self.draft.unread())
            self.pages.debriefs.append(self.draft.debrief(title, self.pages.file))
        else:
            self.pages.leftovers.extend(self.draft.kept)
        self.pages.debriefs.extend(self.others)
        return title


def _says_nothing(text: str) -> bool:
    return synonyms.name(text) in synonyms.NOTHING

"""What one file comes to while it is read and afterwards. Its debriefs are written down as they come, a line each in a
file without a name: of a register of a hundred thousand rows no more than one is held."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import overload
from weakref import finalize

from lessons.intake import written
from lessons.intake.document import Action, Column, Debrief, Kept, Lesson, Place
from lessons.intake.faults import Fault

HELD = 2**20
"""So many bytes of them are held before there is a file."""
_LETTERS = "utf-8", "surrogatepass"
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Gathered(Sequence[Debrief]):
    """Debriefs in the order in which they were read, and what was counted on the way: how many lessons and actions they
    hold, how often each owner is named, and the debrief that names a unit first."""

    def __init__(self) -> None:
        self.lessons, self.actions, self._count = 0, 0, 0
        self.owners: Counter[str] = Counter()
        self.units: dict[str, Place] = {}
        self.latest: Debrief | None = None  # a row below may still add to it
        self._file = SpooledTemporaryFile(HELD)  # noqa: SIM115 - closed when nobody holds it any more
        finalize(self, self._file.close)

    def append(self, debrief: Debrief) -> None:
        self.write()
        self.latest = debrief

    def extend(self, debriefs: Iterable[Debrief]) -> None:
        for debrief in debriefs:
            self.append(debrief)

    def write(self) -> None:
        """The latest too: nothing is added to it any more."""
        if (one := self.latest) is None:
            return
        self.latest = None
        self._count += 1
        self.lessons += len(one.lessons)
        self.actions += len(one.actions)
        self.owners.update(owner for action in one.actions if (owner := action.owner.strip()))
        self.units.setdefault(one.unit, one.place)
        self._file.write(f"{written.digest(one)}{_json(written.as_dict(one))}\n".encode(*_LETTERS))

    def lines(self) -> Iterator[tuple[str, str]]:
        """Of each its digest, and what was read as JSON."""
        self.write()
        self._file.seek(0)
        for line in self._file:
            yield line[: written.DIGEST].decode(), line[written.DIGEST : -1].decode(*_LETTERS)

    def __iter__(self) -> Iterator[Debrief]:
        return (written.debrief_of(json.loads(text)) for _, text in self.lines())

    def __len__(self) -> int:
        return self._count + (self.latest is not None)

    @overload
    def __getitem__(self, at: int) -> Debrief: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Debrief]: ...
    def __getitem__(self, at: int | slice) -> Debrief | Sequence[Debrief]:
        """Read from the first on: for the few that are shown."""
        return list(islice(self, at.start, at.stop, at.step)) if isinstance(at, slice) else list(self)[at]


@dataclass(frozen=True, slots=True)
class Document:
    """All of one file. `kind` is what it is by its content: xlsx, xls, ods, csv, docx, markdown, text; empty where it
    could not be read."""

    source: str
    kind: str
    title: str
    debriefs: Gathered = field(default_factory=Gathered)
    leftovers: tuple[Kept, ...] = ()
    problems: tuple[Fault, ...] = ()
    columns: tuple[Column, ...] = ()

    def lessons(self) -> Iterator[Lesson]:
        return (lesson for debrief in self.debriefs for lesson in debrief.lessons)

    def actions(self) -> Iterator[Action]:
        return (action for debrief in self.debriefs for action in debrief.actions)


@dataclass
class Pages:
    """Filled while a file is read."""

    file: str
    debriefs: Gathered = field(default_factory=Gathered)
    leftovers: list[Kept] = field(default_factory=list)
    problems: list[Fault] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)

    def closed(self, kind: str, title: str) -> Document:
        self.debriefs.write()
        return Document(
            self.file, kind, title, self.debriefs, tuple(self.leftovers), tuple(self.problems), tuple(self.columns)
        )

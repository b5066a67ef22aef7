"""The few errors that operations raise. web.py and cli.py alone turn them into something a person reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lessons.i18n import Name, Sentence


@dataclass(frozen=True)
class FieldError:
    """One fault in what was sent: a JSON pointer to the field, a code for programs, a sentence for people."""

    pointer: str
    code: str
    message: Sentence


@dataclass(frozen=True)
class Unmet:
    """A guard that is not met: its name, its sentence, and where it can be met: an anchor of the item's page, its edit,
    or a page of its own."""

    guard: str
    message: Sentence
    place: str = ""


@dataclass(frozen=True)
class Holder:
    """Somebody who could take the step: their name, what names them to programs, and where they can be written to."""

    name: Name
    handle: str
    mail: str = ""


class LessonsError(Exception):
    """Base of every refusal; `message` says what to do next."""

    def __init__(self, message: Sentence) -> None:
        super().__init__(str(message))
        self.message = message


class NotFound(LessonsError):
    """It is not there, or the person may not know that it is."""


class Forbidden(LessonsError):
    """Visible, but not theirs to do; `who_could` might, and `about` is the code to name to them."""

    def __init__(self, message: Sentence, *, who_could: Sequence[Holder] = (), about: str = "") -> None:
        super().__init__(message)
        self.who_could, self.about = who_could, about


class Stale(LessonsError):
    """The row changed since it was read. `current` is the version it has now."""

    def __init__(self, message: Sentence, *, current: int | None = None) -> None:
        super().__init__(message)
        self.current = current


@dataclass
class NotAllowed(LessonsError):
    """The step is not in the table for this state, or a guard is unmet. `open` lists what could be done instead."""

    message: Sentence
    state: str = ""
    trigger: str = ""
    unmet: list[Unmet] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    who_could: Sequence[Holder] = ()
    about: str = ""

    def __post_init__(self) -> None:
        super().__init__(self.message)


class Invalid(LessonsError):
    """What was sent cannot be taken as it is; `errors` names each field."""

    def __init__(self, message: Sentence, errors: list[FieldError]) -> None:
        super().__init__(message)
        self.errors = errors


class Unavailable(LessonsError):
    """The database or the disk cannot take it now; trying again later is right."""


class Full(Unavailable):
    """The disk takes no more: as above, once somebody made room."""


class TooMany(LessonsError):
    """More attempts than are taken in a while; `wait` seconds from now it is possible again."""

    def __init__(self, message: Sentence, *, wait: int) -> None:
        super().__init__(message)
        self.wait = wait

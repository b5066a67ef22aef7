"""What a command is: its words, its arguments, and the function that runs it. Nothing here imports what takes long."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
Run = Callable[[argparse.Namespace], int | None]


@dataclass(frozen=True)
class Argument:
    """One `add_argument` call, to be made when the parser is built."""

    names: tuple[str, ...]
    options: dict[str, Any]


@dataclass(frozen=True)
class Command:
    """`words` as typed, e.g. "person add". `run` answers the exit code; None is 0."""

    words: str
    run: Run
    says: str
    arguments: tuple[Argument, ...] = ()


def arg(*names: str, **options: Any) -> Argument:
    return Argument(names, options)


AS = arg("--as", dest="actor", metavar="PERSON", help="act as this person (e-mail or employee number)")


def port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text}: a port is a number from 1 to 65535")
    return int(text)


def several(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"{text}: a number from 1 to 64")
    return int(text)


def several_days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 400:
        raise argparse.ArgumentTypeError(f"{text}: a number of days from 1 to 400")
    return int(text)


def day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.max
    if not FIRST_DAY <= found <= LAST_DAY:
        raise argparse.ArgumentTypeError(f"{text}: a day is written 2026-09-12, from {FIRST_DAY} to {LAST_DAY}")
    return found


def instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text}: a time is written 2026-11-24T14:05:00Z") from None
    if found.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text}: the zone is missing, as in 2026-11-24T14:05:00Z")
    return found

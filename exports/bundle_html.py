"""The first page of a bundle: it leads to every file beside it, and opens without a server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from exports import bidi

PRINT = Path(__file__).parent / "print"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One file, by its path in the bundle; without a path only a word of why it is not there. `lang` is the title's."""

    title: str
    lang: str
    note: str = ""
    path: str = ""


@dataclass(frozen=True, kw_only=True)
class Index:
    lang: str
    title: str
    notes: tuple[str, ...]
    groups: tuple[tuple[str, tuple[Entry, ...]], ...]


def pressed(index: Index) -> bytes:
    """The page, its looks in itself and no script."""
    room = Environment(loader=FileSystemLoader(PRINT), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return room.get_template("bundle.html.j2").render(i=index, dir_of=bidi.direction).encode()

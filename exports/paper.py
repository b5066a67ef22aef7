"""What the press is given of a paper of any length, frozen: blocks one below the other, in finished words."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

Kind = Literal["facts", "text", "list", "table", "events", "tree", "changes", "signatures"]
Said = tuple[str, str]
"""Words and the language that they are in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Rows of cells, laid out as their `kind` says:

    - facts: a name and what it is; text: one paragraph a row; list: one point a row
    - table: under `heads`, as wide as `widths` say, in hundredths of the page; signatures: the same, with cells to
      write in; events: the same, with a hash at the end
    - tree: a text and a note; `marks` tell how deep each stands, from 0
    - changes: one run a row; `marks` tell whether it is "same", "ins" or "del"
    """

    kind: Kind
    rows: tuple[tuple[Said, ...], ...]
    heads: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`marked` draws a bar beside it: something in it is not as it was."""

    title: Said
    blocks: tuple[Block, ...]
    note: str = ""
    marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """`sort` is which paper it is, `page` the words under each with {n} and {all} where the numbers stand."""

    lang: str
    sort: str
    code: str
    title: Said
    state: str
    where: str
    parts: tuple[Part, ...]
    foot: str
    page: str

    def as_dict(self) -> dict[str, Any]:
        return {"paper": asdict(self)}

    @classmethod
    def from_dict(cls, told: dict[str, Any]) -> Self:
        given = told["paper"]
        parts = tuple(
            Part(**{**one, "title": tuple(one["title"]), "blocks": tuple(map(_block, one["blocks"]))})
            for one in given["parts"]
        )
        return cls(**{**given, "title": tuple(given["title"]), "parts": parts})


def _block(told: dict[str, Any]) -> Block:
    rows = tuple(tuple((text, lang) for text, lang in row) for row in told["rows"])
    return Block(**{**told, "rows": rows, **{name: tuple(told[name]) for name in ("heads", "widths", "marks")}})

"""What is put into the index: a record's words, as text from a room and as tokens for a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lessons.search.words import index_tokens


@dataclass(frozen=True)
class Entry:
    """A record as it is searched: `topics` by name, `body` everything else that may be read."""

    noun: str
    record_id: int
    lang: str
    title: str
    body: str
    topics: Sequence[str] = ()


@dataclass(frozen=True)
class Tokens:
    """An entry's words, by the part they stand in."""

    title: list[str]
    topics: list[str]
    body: list[str]

    @classmethod
    def of(cls, entry: Entry) -> Tokens:
        return cls(index_tokens(entry.title), index_tokens(" \n ".join(entry.topics)), index_tokens(entry.body))

"""What is put into the index: a record's words, as text from a room and as tokens for a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lessons.search import grams
from lessons.search.words import index_tokens


@dataclass(frozen=True)
class Entry:
    """A record as it is searched: `topics` by name, `body` everything else that may be read, `examples` what people
    ask that it answers, each with a meaning of its own; unless it `has_meaning`, by its words and letters alone."""

    noun: str
    record_id: int
    lang: str
    title: str
    body: str
    topics: Sequence[str] = ()
    examples: Sequence[str] = ()
    has_meaning: bool = True


@dataclass(frozen=True)
class Tokens:
    """An entry's words, by the part they stand in."""

    title: list[str]
    topics: list[str]
    body: list[str]

    @classmethod
    def of(cls, entry: Entry) -> Tokens:
        body = "\n".join([entry.body, *entry.examples])
        return cls(index_tokens(entry.title), index_tokens(" \n ".join(entry.topics)), index_tokens(body))

    @property
    def grams(self) -> list[str]:
        """The letter triples of all its words, in a fixed order."""
        return sorted(grams.of_tokens([*self.title, *self.topics, *self.body]))

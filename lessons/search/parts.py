"""The stretches of an entry that have a meaning of their own: it as a whole, and each example of what people ask.

Written with the entry; an embedder makes vectors of them later, once for each text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, delete, insert

from lessons.search.entries import Entry
from lessons.search.schema import part

LONGEST = 1_000
"""Characters of a text that an embedder is given: what it takes grows with them."""
EXAMPLES, SHORTEST, LABELS = 40, 3, " · "
"""Examples of an entry; words of the shortest; and what stands between labels."""


def write(connection: Connection, entry_id: int, row: Entry) -> None:
    erase(connection, [entry_id])
    write_all(connection, [(entry_id, row)])


def write_all(connection: Connection, rows: Sequence[tuple[int, Entry]]) -> None:
    values = [
        {"entry_id": entry_id, "digest": digest(text, question), "question": question, "text": text}
        for entry_id, row in rows
        for text, question in of(row)
    ]
    if values:
        connection.execute(insert(part), values)


def erase(connection: Connection, entry_ids: Sequence[int]) -> None:
    connection.execute(delete(part).where(part.c.entry_id.in_(entry_ids)))


def of(row: Entry) -> Iterator[tuple[str, int]]:
    """(text, 1 where people ask so, else 0): what is asked is compared with what was asked as with its like."""
    if not row.has_meaning:
        return
    if whole := capped(f"{row.title}\n{row.body}"):
        yield whole, 0
    examples = (capped(example) for example in row.examples if _is_said(example))
    yield from ((text, 1) for text in list(dict.fromkeys(filter(None, examples)))[:EXAMPLES])


def _is_said(example: str) -> bool:
    """What somebody may say, and not a name or a list of labels (project · phase): those are near to all of their kind,
    and hid many of NASA's lessons."""
    return LABELS not in example and len(example.split()) >= SHORTEST


def capped(text: str) -> str:
    """What can be written: neither NUL nor half of a character."""
    return text.strip()[:LONGEST].replace("\x00", "").encode(errors="ignore").decode()


def digest(text: str, question: int) -> str:
    return hashlib.sha256(f"{question}{text}".encode()).hexdigest()[:32]

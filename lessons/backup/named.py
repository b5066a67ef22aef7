"""Which attachments a database's rows name, in whatever revision it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lessons.migrations import TABLES
from lessons.models import Attachment, ImportFile

NAMING = (str(Attachment.__tablename__), str(ImportFile.__tablename__))


def named(ask: Callable[[str], Sequence[Any]], dialect: str) -> list[str]:
    """By SHA-256, each once, in order."""
    there = {name for (name,) in ask(TABLES[dialect])}
    found = {row[0] for table in NAMING if table in there for row in ask(f"SELECT sha256 FROM {table}")}  # noqa: S608 - our own names
    return sorted(found)

"""New rows by the hundred: written by one statement a table, and looked at by the facts and duties as any other row.

A row of the mapper costs half a millisecond to make; an import makes hundreds of thousands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from pydantic_core import PydanticUndefined
from sqlmodel import Session, SQLModel

from lessons import many
from lessons.models import RECORDS


class Fresh:
    """A record on its way into the world: every column of its table by name."""

    noun: str
    id: int

    def __init__(self, columns: dict[str, Any]) -> None:
        self.__dict__ = columns


def fresh(model: Any, **values: Any) -> Any:
    """A new record of this model; columns that are not given have their defaults."""
    return Fresh({"noun": model.noun, **_defaults(model), **values})


@cache
def _defaults(model: type[SQLModel]) -> Mapping[str, Any]:
    """Shared by all, so never changed in place."""
    found = {name: field.get_default(call_default_factory=True) for name, field in model.model_fields.items()}
    return {name: None if value is PydanticUndefined else value for name, value in found.items() if name != "id"}


def write_new(session: Session, rows: Sequence[Any]) -> None:
    """The rows stand in the database and know their ids."""
    if not isinstance(rows[0], Fresh):
        session.add_all(rows)
        session.flush()
        return
    ids = many.insert(session, RECORDS[rows[0].noun].__table__, [vars(row) for row in rows])
    for row, row_id in zip(rows, ids, strict=True):
        row.id = row_id


def insert(session: Session, model: Any, values: Sequence[Mapping[str, Any]]) -> list[int]:
    """Rows of any table, by one statement; their ids in the order of the values."""
    if not values:
        return []
    defaults = {name: value for name, value in _defaults(model).items() if name != "pid"}
    whole = [{**defaults, **one} for one in values]
    return list(many.insert(session, model.__table__, whole))

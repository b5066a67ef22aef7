"""What every table shares: aware moments, stored choices with a CHECK, the columns of a record."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from json import dumps
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = SQLModel.metadata

Json = sa.JSON().with_variant(JSONB(), "postgresql")


class UtcMoment(sa.types.TypeDecorator[datetime]):
    """An aware moment, kept in UTC. A naive value is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Any) -> Any:
        """What many rows are written with at once is put into the database's words once."""
        made = super().bind_processor(dialect)
        return lru_cache(maxsize=256)(made) if made else made

    def result_processor(self, dialect: Any, coltype: object) -> Any:
        """SQLite keeps words, and most rows that are read together share theirs."""
        return _moment_of if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive moment cannot be kept")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's
        return value.astimezone(UTC) if value is not None else None


@lru_cache(maxsize=4096)
def _moment_of(words: str | None) -> datetime | None:
    return datetime.fromisoformat(words).replace(tzinfo=UTC) if words is not None else None


class _Numbers(sa.types.TypeDecorator[Sequence[int]]):
    """Whole numbers in one parameter: an array on PostgreSQL, JSON on SQLite, which has none."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        return dialect.type_descriptor(sa.Text() if dialect.name == "sqlite" else ARRAY(sa.BigInteger))

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return dumps(value) if dialect.name == "sqlite" else value


class _Each(GenericFunction[int]):
    """The numbers of such a parameter as rows."""

    inherit_cache = True
    name = "each_number"


@compiles(_Each, "sqlite")
def _of_json(element: Any, compiler: Any, **given: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(element.clauses, **given)}))"  # noqa: S608 - a mark


@compiles(_Each, "postgresql")
def _of_array(element: Any, compiler: Any, **given: Any) -> str:
    return f"(SELECT unnest({compiler.process(element.clauses, **given)}))"


def among(column: Any, name: str) -> Any:
    """Whether the column's number is in the list that is given by that name: one parameter, however long the list. A
    mark for each of five hundred takes SQLAlchemy longer than the database takes to find them."""
    return column.op("IN", is_comparison=True)(_Each(sa.bindparam(name, type_=_Numbers())))


def stored_enum(kind: type[StrEnum]) -> sa.Enum:
    """A column type that keeps an enum's values (not its names), with a CHECK."""
    return sa.Enum(
        kind,
        values_callable=lambda e: [m.value for m in e],
        native_enum=False,
        create_constraint=True,
        name=kind.__name__.lower(),
        length=24,
    )


def moment(*, index: bool = False, default: Any = None) -> Any:
    return Field(default=default, sa_type=UtcMoment, index=index)


def choice(kind: type[StrEnum], *, default: Any = ..., index: bool = False, optional: bool = False) -> Any:
    if optional:
        return Field(default=None, sa_type=stored_enum(kind), index=index, nullable=True)
    return Field(default=default, sa_type=stored_enum(kind), index=index)


def long_text(default: Any = "") -> Any:
    return Field(default=default, sa_type=sa.Text)


def json(default_factory: Any = dict) -> Any:
    return Field(default_factory=default_factory, sa_type=Json)


def ref(table: str, *, optional: bool = True, index: bool = True) -> Any:
    if optional:
        return Field(default=None, foreign_key=f"{table}.id", index=index, nullable=True)
    return Field(foreign_key=f"{table}.id", index=index)


LETTERS_OF_IDS = "23456789abcdefghjkmnpqrstuvwxyz"
_EVEN = 256 // len(LETTERS_OF_IDS) * len(LETTERS_OF_IDS)
_LETTER_OF = bytes(ord(LETTERS_OF_IDS[byte % len(LETTERS_OF_IDS)]) for byte in range(256))
_LEFT_OUT = bytes(range(_EVEN, 256))  # with these some letters would come more often than others


def hashed(secret: str) -> str:
    """How a secret that lets somebody in is kept and found."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def random_id(letters: int = 16) -> str:
    """A name that tells nothing and cannot be guessed: of parts, people, short codes."""
    name = b""
    while len(name) < letters:
        name += secrets.token_bytes(2 * letters).translate(_LETTER_OF, _LEFT_OUT)
    return name[:letters].decode()


class Record(SQLModel):
    """The columns of everything that has a life. `version` is the row's lock; `edition` grows only when words that
    agents see change; `event_n` and `event_hash` are the head of its chain of events. Times are UTC."""

    noun: ClassVar[str]

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(default="", max_length=24, unique=True)
    version: int = 1
    edition: int = 1
    unit_id: int = Field(foreign_key="units.id", index=True)
    lang: str = Field(default="he", max_length=2)
    created_at: datetime = moment(default=...)
    changed_at: datetime = moment(default=...)
    entered_at: datetime = moment(default=...)
    event_n: int = 0
    event_hash: str = Field(default="", max_length=64)
    imported_from: str = Field(default="", max_length=120)


class Part(SQLModel):
    """The columns of a part of a record. `pid` is random: the only id people and programs see."""

    id: int | None = Field(default=None, primary_key=True)
    pid: str = Field(default_factory=random_id, max_length=24, unique=True)
    lang: str = Field(default="he", max_length=2)
    created_at: datetime = moment(default=...)

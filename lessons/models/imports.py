"""What others wrote and was brought in: each import with its files, and each event in them with its place and hash."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from lessons.models.base import json, moment, random_id, ref, stored_enum
from lessons.workflow.states import ImportState


class Import(SQLModel, table=True):
    """One bringing in of files: looked at, then taken as a whole. `answers`: what the person said of it – columns,
    people and units by the words of the source. `total` and `done` count its items."""

    __tablename__ = "imports"

    id: int | None = Field(default=None, primary_key=True)
    pid: str = Field(default_factory=random_id, max_length=24, unique=True)
    state: ImportState = Field(sa_type=stored_enum(ImportState), index=True)
    name: str = Field(max_length=300)
    unit_id: int = ref("units", optional=False)
    person_id: int | None = ref("persons")
    answers: dict[str, Any] = json()
    total: int = 0
    done: int = 0
    created_at: datetime = moment(default=...)
    taken_at: datetime | None = moment()
    undone_at: datetime | None = moment()


class ImportFile(SQLModel, table=True):
    """A file of an import; its bytes lie in the data folder. `about`: how its columns were read, what was not."""

    __tablename__ = "import_files"

    id: int | None = Field(default=None, primary_key=True)
    import_id: int = ref("imports", optional=False)
    name: str = Field(max_length=300)
    kind: str = Field(default="", max_length=12)
    size: int = 0
    sha256: str = Field(max_length=64, index=True)
    about: dict[str, Any] = json()


class ImportItem(SQLModel, table=True):
    """One event of a file: `read` is what was understood, `digest` the SHA-256 of it, `how` what became of it. The
    same digest that stands already is not brought in again."""

    __tablename__ = "import_items"
    __table_args__ = (sa.UniqueConstraint("import_id", "n"),)

    id: int | None = Field(default=None, primary_key=True)
    import_id: int = Field(foreign_key="imports.id")
    n: int
    digest: str = Field(max_length=64, index=True)
    read: dict[str, Any] = json()
    how: str = Field(default="", max_length=12)
    choice: str = Field(default="", max_length=12)
    alike_id: int | None = ref("lessons", index=False)
    likeness: int = 0
    debrief_id: int | None = ref("debriefs")

"""Units, people, their roles, absences, and the keys they sign in with."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlmodel import Field, SQLModel

from lessons.models.base import choice, json, moment, ref
from lessons.workflow.states import Role


class Unit(SQLModel, table=True):
    """A place in the organisation's tree. `small` relaxes separation of duties (below 15 active people)."""

    __tablename__ = "units"
    noun: ClassVar[str] = "units"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40, unique=True)
    name: str = Field(max_length=200)
    name_en: str = Field(default="", max_length=200)
    parent_id: int | None = ref("units")
    small: bool = False
    zone: str = Field(default="Asia/Jerusalem", max_length=40)
    calendar: dict[str, object] = json()
    policy: dict[str, object] = json()
    fallback_person_id: int | None = ref("persons")
    from_on: date
    until_on: date | None = None
    successor_id: int | None = ref("units")
    version: int = 1


class Person(SQLModel, table=True):
    """Someone who acts. Closed when they leave, erased later, never deleted. `pid` is their lasting random name.
    Where `held_because` says why, nothing of theirs may be erased. What was done about erasing them is a chain of
    events like a record's."""

    __tablename__ = "persons"
    noun: ClassVar[str] = "people"

    id: int | None = Field(default=None, primary_key=True)
    pid: str = Field(max_length=24, unique=True)
    email: str | None = Field(default=None, max_length=255, unique=True)
    number: str | None = Field(default=None, max_length=40, unique=True)
    name: str = Field(max_length=200)
    name_en: str = Field(default="", max_length=200)
    function: str = Field(default="", max_length=200)
    function_en: str = Field(default="", max_length=200)
    form: str = Field(default="", max_length=8)
    locale: str = Field(default="he", max_length=2)
    digest_hour: int = 8
    digest_minute: int = 30
    digest_every: str = Field(default="day", max_length=8)
    unit_id: int = ref("units", optional=False)
    manager_id: int | None = ref("persons")
    hired_on: date
    closed_at: datetime | None = moment()
    erased_at: datetime | None = moment()
    password_hash: str | None = Field(default=None, max_length=200)
    theme: str = Field(default="auto", max_length=8)
    welcomed_at: datetime | None = moment()
    held_because: str = Field(default="", max_length=300, sa_column_kwargs={"server_default": ""})
    event_n: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    event_hash: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})
    version: int = 1

    @property
    def code(self) -> str:
        """What their own events name them by."""
        return self.pid


class Grant(SQLModel, table=True):
    """A role that a person has at a unit and below it. `source`: the provider whose groups brought it, "" for none."""

    __tablename__ = "grants"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = ref("persons", optional=False)
    role: Role = choice(Role)
    unit_id: int = ref("units", optional=False)
    source: str = Field(default="", max_length=300)
    from_at: datetime = moment(default=...)
    until_at: datetime | None = moment()


class Absence(SQLModel, table=True):
    """From and until (both days included) a person is away and who stands in."""

    __tablename__ = "absences"

    id: int | None = Field(default=None, primary_key=True)
    pid: str = Field(max_length=24, unique=True)
    person_id: int = ref("persons", optional=False)
    delegate_id: int = ref("persons", optional=False)
    from_on: date
    until_on: date
    cancelled_at: datetime | None = moment()


class SignIn(SQLModel, table=True):
    """A session in the browser, kept on the server; the cookie's token is kept hashed. `how` they came in, a word."""

    __tablename__ = "sign_ins"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    person_id: int = ref("persons", optional=False)
    csrf: str = Field(max_length=64)
    how: str = Field(default="", max_length=16)
    created_at: datetime = moment(default=..., index=True)
    seen_at: datetime = moment(default=...)
    ended_at: datetime | None = moment()


class Token(SQLModel, table=True):
    """An API token, kept hashed. scope: read or write."""

    __tablename__ = "tokens"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    person_id: int = ref("persons", optional=False)
    name: str = Field(max_length=200)
    scope: str = Field(max_length=8)
    created_at: datetime = moment(default=...)
    expires_at: datetime | None = moment()
    seen_at: datetime | None = moment()
    ended_at: datetime | None = moment()


class Invitation(SQLModel, table=True):
    """A single-use link that sets a password; kept hashed, good for a while."""

    __tablename__ = "invitations"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    person_id: int = ref("persons", optional=False)
    created_at: datetime = moment(default=...)
    expires_at: datetime = moment(default=...)
    used_at: datetime | None = moment()


class Attempt(SQLModel, table=True):
    """A counted attempt (sign-in, API call) in one window of time, by a hashed key: limits hold across processes."""

    __tablename__ = "attempts"

    key: str = Field(max_length=80, primary_key=True)
    window: int = Field(primary_key=True)
    count: int = 0

"""What is asked of whoever keeps units and people, and of people about themselves."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lessons.workflow import fields as f
from lessons.workflow.fields import Asks
from lessons.workflow.states import Role

Hour = Annotated[int, Field(ge=0, le=23)]
Locale = Literal["he", "en"]
Theme = Literal["light", "dark", "auto"]


class AddUnit(Asks):
    code: Annotated[f.Line, Field(max_length=40)]
    name: Annotated[f.Line, Field(max_length=200)]
    name_en: Annotated[f.LooseLine, Field(max_length=200)] = ""
    parent: f.UnitRef | None = None


class ChangeUnit(Asks):
    name: Annotated[f.Line, Field(max_length=200)]
    name_en: Annotated[f.LooseLine, Field(max_length=200)] = ""
    small: f.Flag = False
    fallback_person: f.PersonRef | None = None


class CloseUnit(Asks):
    successor: f.UnitRef | None = None


class AddPerson(Asks):
    who: f.Line
    name: Annotated[f.Line, Field(max_length=200)]
    name_en: Annotated[f.LooseLine, Field(max_length=200)] = ""
    function: Annotated[f.LooseLine, Field(max_length=200)] = ""
    function_en: Annotated[f.LooseLine, Field(max_length=200)] = ""
    unit: f.UnitRef | None = None
    manager: f.PersonRef | None = None
    locale: Locale = "he"


class Managed(Asks):
    manager: f.PersonRef


class ChangePerson(Asks):
    name: Annotated[f.Line, Field(max_length=200)]
    name_en: Annotated[f.LooseLine, Field(max_length=200)] = ""
    function: Annotated[f.LooseLine, Field(max_length=200)] = ""
    function_en: Annotated[f.LooseLine, Field(max_length=200)] = ""
    unit: f.UnitRef
    manager: f.PersonRef | None = None
    email: f.LooseLine = ""
    number: f.LooseLine = ""


class GrantRole(Asks):
    role: Role
    unit: f.UnitRef


class Away(Asks):
    delegate: f.PersonRef
    from_on: f.Day
    until_on: f.Day


class Hold(Asks):
    because: Annotated[f.LooseLine, Field(max_length=300)] = ""


class Preferences(Asks):
    locale: Locale = "he"
    theme: Theme = "auto"
    digest_hour: Hour = 8
    digest_at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[03]0$")] = "08:30"
    digest_every: Literal["day", "week"] = "day"


class NewToken(Asks):
    name: Annotated[f.Line, Field(max_length=200)]
    scope: Literal["read", "write"] = "read"
    days: Annotated[int, Field(ge=1, le=730)] | None = None

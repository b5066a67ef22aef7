"""The types that forms are made of: what a step may ask for, how it is cleaned, and what a reference points to."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictFloat, StrictInt
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from lessons.i18n import clean

TITLE, LONG = 300, 40_000
DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
FILLERS = frozenset("\u034f\u115f\u1160\u2800\u3164\ufe0f\uffa0")
"""Letters by their category that are drawn as nothing."""


@dataclass(frozen=True)
class Ref:
    """Marks a text as naming a record: a person by e-mail or number, a unit or record by its code, a part by its id."""

    noun: str


@dataclass(frozen=True)
class Look:
    """How a form draws a field where its type alone does not say: `textarea`, `chips`, …"""

    kind: str


@dataclass(frozen=True)
class Called:
    """Marks a field whose label and hint stand under another name: the same word asks for other things elsewhere."""

    name: str


def called(info: FieldInfo, name: str) -> str:
    """Under which name a field's label and hint stand."""
    return next((mark.name for mark in info.metadata if isinstance(mark, Called)), name)


@dataclass(frozen=True)
class Clearable:
    """Marks a reference or a moment that an edit may take away: sent as null, nothing stands there any more."""


class Asks(BaseModel):
    """Base of every form: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False, arbitrary_types_allowed=False)


def _text(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    for at, char in enumerate(value):
        if (ord(char) < 32 and char not in "\n\r\t\v\f") or 0xD800 <= ord(char) <= 0xDFFF:
            raise PydanticCustomError("unprintable", "character {at} cannot be kept", {"at": at + 1})
    value = clean(value).replace("\f", "\n").strip()
    return "" if all(map(_is_invisible, value)) else value


def _is_invisible(char: str) -> bool:
    return char.isspace() or char in FILLERS or unicodedata.category(char) == "Cf"


def filled(value: str) -> str:
    if not value:
        raise PydanticCustomError("missing", "a text is needed")
    return value


def _long_enough(value: str) -> str:
    if len([c for c in value if not unicodedata.category(c).startswith("C")]) < 10:
        raise PydanticCustomError("reason_too_short", "a reason has at least 10 characters")
    return value


def _day(value: Any) -> Any:
    """A day as people and programs send it: ISO only; anything else is explained, never guessed."""
    if isinstance(value, datetime) or not isinstance(value, str | date):
        raise PydanticCustomError("day", "a day is written 2026-11-24")
    if isinstance(value, date):
        return value
    text = value.strip()
    try:
        day = date.fromisoformat(text if DAY.fullmatch(text) else "")  # 20261124 and 2026-W48-2 are ISO as well
    except ValueError:
        raise PydanticCustomError("day", "a day is written 2026-11-24") from None
    if not 1970 <= day.year <= 2200:
        raise PydanticCustomError("day_far", "this day is too far")
    return day


def _moment(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            raise PydanticCustomError("moment", "a time is written 2026-11-24T14:05:00Z") from None
    if not isinstance(value, datetime):
        raise PydanticCustomError("moment", "a time is written 2026-11-24T14:05:00Z")
    if not 1970 <= value.year <= 2200:
        raise PydanticCustomError("day_far", "this day is too far")
    return value


def _share(value: float) -> float:
    if not 0 < value <= 1:
        raise PydanticCustomError("share", "a share is above 0 and at most 1")
    return value


Text = Annotated[str, BeforeValidator(_text), AfterValidator(filled), Field(max_length=LONG), Look("textarea")]
Line = Annotated[str, BeforeValidator(_text), AfterValidator(filled), Field(max_length=TITLE)]
Sentence120 = Annotated[str, BeforeValidator(_text), AfterValidator(filled), Field(max_length=TITLE), Look("sentence")]
Spoken = Annotated[str, BeforeValidator(_text), AfterValidator(filled), Field(max_length=TITLE), Look("textarea")]
Loose = Annotated[str, BeforeValidator(_text), Field(max_length=LONG), Look("textarea")]
LooseLine = Annotated[str, BeforeValidator(_text), Field(max_length=TITLE)]
Reason = Annotated[
    str, BeforeValidator(_text), AfterValidator(_long_enough), Field(min_length=1, max_length=4000), Look("textarea")
]
Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Number = Annotated[StrictInt | StrictFloat, Field(allow_inf_nan=False)]
Share = Annotated[Number, AfterValidator(_share), Look("percent")]
Severity = Annotated[StrictInt, Field(ge=1, le=4), Look("severity")]
Level = Annotated[StrictInt, Field(ge=1, le=3)]
Flag = StrictBool

PersonRef = Annotated[str, Ref("people")]
UnitRef = Annotated[str, Ref("units")]
DebriefRef = Annotated[str, Ref("debriefs")]
LessonRef = Annotated[str, Ref("lessons")]
ActionRef = Annotated[str, Ref("actions")]
ProcedureRef = Annotated[str, Ref("procedures")]
RevisionRef = Annotated[str, Ref("revisions")]
CaseRef = Annotated[str, Ref("cases")]
QuestionRef = Annotated[str, Ref("questions")]
FindingRef = Annotated[str, Ref("findings")]
CauseRef = Annotated[str, Ref("causes")]
FeedbackRef = Annotated[str, Ref("feedback")]
FileRef = Annotated[str, Ref("attachments")]
SubjectRef = Annotated[str, Ref("subjects")]
Topic = Annotated[str, BeforeValidator(_text), AfterValidator(filled), Field(max_length=60)]
LooseTopic = Annotated[str, BeforeValidator(_text), Field(max_length=60)]

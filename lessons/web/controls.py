"""Which control fits a field of a form, read off its type: the one place that knows both pydantic and the kit."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel
from pydantic.fields import FieldInfo

from lessons.i18n import word
from lessons.workflow import asks
from lessons.workflow.fields import Clearable, Look, Ref, filled

Option = dict[str, Any]


def kind_of(name: str, info: FieldInfo, locale: str) -> tuple[str, list[Option]]:
    """The control that fits a field, and the choices it has by itself."""
    inner, many = _inner(info.annotation)
    if name == "topics":
        return "topics", []
    if special := _special(inner, many):
        return special, []
    if noun := noun_of(info):
        return _reference(noun, many=many), []
    if isinstance(inner, type) and issubclass(inner, StrEnum):
        return _choice([one.value for one in inner], _context(inner.__name__), locale)
    if get_origin(inner) is Literal:
        return _choice(list(get_args(inner)), name, locale)
    if name in ("severity", "level"):
        numbers = [str(n) for n in range(1, 5 if name == "severity" else 4)]
        return _choice(numbers, name, locale)
    return ("list", []) if many else (_plain(inner, info), [])


SPECIAL: dict[Any, str] = {asks.Audience: "audience", asks.Check: "check", asks.Evidence: "evidence"}
SPECIAL_LISTS: dict[Any, str] = {asks.SimilarChoice: "similar", asks.ActionChoice: "checks"}


def is_settled(info: FieldInfo) -> bool:
    """A choice that has one answer, which holds without being given."""
    inner, _ = _inner(info.annotation)
    return get_origin(inner) is Literal and len(get_args(inner)) == 1 and not info.is_required()


def _special(inner: Any, many: bool) -> str:
    return (SPECIAL_LISTS if many else SPECIAL).get(inner, "") if isinstance(inner, type) else ""


def _reference(noun: str, *, many: bool) -> str:
    if noun == "people":
        return "people" if many else "person"
    if noun == "units":
        return "checks" if many else "unit"
    return "checks" if many else "choice"


def _choice(values: list[str], context: str, locale: str) -> tuple[str, list[Option]]:
    options = [{"value": value, "label": word(context, value, locale)} for value in values]
    return ("radio" if len(options) <= 5 else "choice"), options


def context_of(info: FieldInfo) -> str:
    """Under which name the words of its choices stand."""
    inner, _ = _inner(info.annotation)
    return _context(inner.__name__) if isinstance(inner, type) and issubclass(inner, StrEnum) else ""


def _context(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def _plain(inner: Any, info: FieldInfo) -> str:
    if inner is bool or name_of(inner) == "StrictBool":
        return "bool"
    if inner is datetime:
        return "moment"
    if inner is date:
        return "date"
    if look_of(info) == "percent":
        return "percent"
    if inner in (int, float) or look_of(info) == "number" or _numeric(info.annotation):
        return "number"
    return "textarea" if look_of(info) == "textarea" else "text"


def name_of(inner: Any) -> str:
    return getattr(inner, "__name__", "")


def _numeric(annotation: Any) -> bool:
    return any(kind in _leaves(annotation) for kind in (int, float)) and bool not in _leaves(annotation)


def _leaves(annotation: Any) -> set[Any]:
    if get_origin(annotation) is Annotated:
        return _leaves(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType, list):
        return {leaf for one in get_args(annotation) for leaf in _leaves(one)}
    return {annotation}


def _inner(annotation: Any) -> tuple[Any, bool]:
    """What a field holds when it is not None, and whether it holds several."""
    if get_origin(annotation) is Annotated:
        return _inner(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        held = [one for one in get_args(annotation) if one is not type(None)]
        return _inner(held[0])
    if get_origin(annotation) is list:
        return _inner(get_args(annotation)[0])[0], True
    return annotation, False


def nested(info: FieldInfo) -> Any:
    inner, many = _inner(info.annotation)
    return inner if isinstance(inner, type) and issubclass(inner, BaseModel) and not many else None


def _marks(annotation: Any) -> list[Any]:
    if get_origin(annotation) is Annotated:
        return [*get_args(annotation)[1:], *_marks(get_args(annotation)[0])]
    if get_origin(annotation) in (Union, types.UnionType, list):
        return [mark for one in get_args(annotation) for mark in _marks(one)]
    return []


def noun_of(info: FieldInfo) -> str:
    return next((m.noun for m in (*info.metadata, *_marks(info.annotation)) if isinstance(m, Ref)), "")


def known(people: Sequence[Mapping[str, Any]], given: Any) -> Any:
    """A handle as a form shows it: by the name, where the name is theirs alone."""
    return next((one["value"] for one in people if one.get("handle") == given), given)


def look_of(info: FieldInfo) -> str:
    return next((m.kind for m in (*info.metadata, *_marks(info.annotation)) if isinstance(m, Look)), "")


def must_be_filled(info: FieldInfo) -> bool:
    """A text that is refused when it is sent empty."""
    marks = (*info.metadata, *_marks(info.annotation))
    return any(isinstance(m, AfterValidator) and m.func is filled for m in marks)


def may_be_cleared(info: FieldInfo) -> bool:
    return any(isinstance(m, Clearable) for m in (*info.metadata, *_marks(info.annotation)))

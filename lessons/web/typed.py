"""Between a form on a page and what an operation is asked: what was typed, and the form again with what is wrong."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from flask import request
from pydantic import BaseModel

from lessons.errors import Invalid
from lessons.web.speech import spoken


def sent(form: type[BaseModel]) -> dict[str, Any]:
    """What was typed into this form's fields, as a program would send it. An empty optional field was not sent."""
    return {name: value for name, info in form.model_fields.items() if (value := _value(name, info)) is not None}


def _value(name: str, info: Any) -> Any:
    kinds = _kinds(info.annotation)
    given = [value for value in request.form.getlist(name) if value.strip()]
    if bool in kinds:
        return bool(given)
    if list in kinds:
        return given
    if len(given) > 1:
        return given  # two values where one belongs: the form's model says so
    text = given[0] if given else ""
    if not text:
        return "" if info.is_required() else None
    return _number(text) if kinds & {int, float} else text


def _number(text: str) -> int | float | str:
    text = text.strip().replace(",", ".")
    try:
        return int(text) if text.isascii() and text.lstrip("-").isdigit() and len(text) < 18 else float(text)
    except ValueError:
        return text


def _kinds(annotation: Any) -> set[Any]:
    """The plain types that an annotation is made of."""
    if get_origin(annotation) is Annotated:
        return _kinds(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return set().union(*(_kinds(one) for one in get_args(annotation)))
    return {get_origin(annotation) or annotation}


def filled(
    fields: Iterable[Mapping[str, Any]], values: Mapping[str, Any] | None = None, refusal: Invalid | None = None
) -> list[dict[str, Any]]:
    """The fields of a form with what was typed and what is wrong with each, in the page's language."""
    faults = {one.pointer.split("/")[1]: spoken(one.message) for one in refusal.errors} if refusal else {}
    return [_filled(dict(field), values or {}, faults) for field in fields]


def _filled(field: dict[str, Any], values: Mapping[str, Any], faults: Mapping[str, str]) -> dict[str, Any]:
    for key in ("label", "hint"):
        if key in field:
            field[key] = spoken(field[key])
    if field["name"] in values:
        field["value"] = values[field["name"]]
    if field["name"] in faults:
        field["error"] = faults[field["name"]]
    return field

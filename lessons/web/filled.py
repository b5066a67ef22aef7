"""A form that is shown again: every field with what was typed and, beside it, what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lessons.errors import Invalid
from lessons.web.forms import errors_of
from lessons.web.speech import locale, spoken

Field = dict[str, Any]


def filled(
    fields: Iterable[Field], values: Mapping[str, Any] | None = None, refusal: Invalid | None = None
) -> list[Field]:
    """The fields as the kit draws them, words in the page's language."""
    faults = errors_of(refusal.errors, locale()) if refusal else {}
    return [_filled(field, values or {}, faults) for field in fields]


def _filled(field: Field, values: Mapping[str, Any], faults: Mapping[str, str]) -> Field:
    words: Field = {key: spoken(field[key]) for key in ("label", "hint") if key in field}
    options = [{**one, "label": spoken(one["label"])} for one in field.get("options", ())]
    typed = {"value": values[field["name"]]} if field["name"] in values else {}
    wrong = {"error": faults[field["name"]]} if field["name"] in faults else {}
    return {**field, **words, "options": options, **typed, **wrong}

"""What `do` is given: field=value pairs and a JSON file, read as the step's form takes them."""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentTypeError
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel

Pair = tuple[tuple[str, ...], str]
FIELD = re.compile(r"[a-z_]+(\.[a-z_]+)*")
NUMBER = re.compile(r"-?(0|[1-9]\d{0,17})(\.\d{1,17})?")
WORDS = {"true": True, "false": False}
STDIN = "-"


class Misused(Exception):
    """What was typed cannot be read."""


def pair(text: str) -> Pair:
    """field=value; a dot leads into a field's own fields."""
    name, sign, value = text.partition("=")
    if not sign or not FIELD.fullmatch(name):
        raise ArgumentTypeError(f"{text}: a field is given as name=value")
    return tuple(name.split(".")), value


def of_file(name: str) -> dict[str, Any]:
    """The JSON object in the file, `-` being stdin. Raises Misused."""
    try:
        found = json.loads(sys.stdin.read() if name == STDIN else Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise Misused(f"{name}: {error.strerror}") from None
    except ValueError as error:
        raise Misused(f"{name}: this is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise Misused(f"{name}: one JSON object is needed")
    return found


def read(pairs: Iterable[Pair], sent: Mapping[str, Any], form: type[BaseModel] | None) -> dict[str, Any]:
    """The file's fields and over them those that were typed. Raises Misused."""
    found = json.loads(json.dumps(sent))
    schema = form.model_json_schema() if form else {}
    for path, text in pairs:
        inner = found
        for name in path[:-1]:
            inner = inner.setdefault(name, {})
            if not isinstance(inner, dict):
                raise Misused(f"{'.'.join(path)}: {name} has a value of its own already")
        inner[path[-1]] = text if _takes_text(schema, path) else _value(text, path)
    return found  # type: ignore[no-any-return]  # it was a mapping


def _value(text: str, path: tuple[str, ...]) -> Any:
    """true and false, a number, or JSON where it begins like it; a text otherwise."""
    if text in WORDS:
        return WORDS[text]
    if NUMBER.fullmatch(text):
        return json.loads(text)
    if text[:1] not in ("[", "{"):
        return text
    try:
        return json.loads(text)
    except ValueError as error:
        raise Misused(f"{'.'.join(path)}: this is not JSON: {error}") from None


def _takes_text(schema: Mapping[str, Any], path: tuple[str, ...]) -> bool:
    """Whether the form's field is a text, so that 007 stays an employee's number and [1] a footnote."""
    here = [schema]
    for name in path:
        here = [inner for one in here for inner in _branches(schema, one.get("properties", {}).get(name, {}))]
    return any(one.get("type") == "string" for one in here)


def _branches(schema: Mapping[str, Any], one: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What a field may be, each by itself."""
    if "$ref" in one:
        return [schema["$defs"][one["$ref"].rpartition("/")[2]]]
    return [inner for each in one["anyOf"] for inner in _branches(schema, each)] if "anyOf" in one else [one]

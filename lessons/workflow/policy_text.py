"""How a policy file is read, what is said about a fault in it (file, line, key, a sentence), and how one is printed."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from lessons.i18n import Sentence, say

Values = Mapping[str, Any]
PART = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
KEY = rf"{PART}(?:\s*\.\s*{PART})*"
HEADER = re.compile(rf"^\s*\[+\s*({KEY})\s*\]+")
ASSIGNMENT = re.compile(rf"^\s*({KEY})\s*=")
BOUNDS = {
    "greater_than_equal": (say("It has to be at least %(bound)s, not %(given)s."), "ge"),
    "greater_than": (say("It has to be more than %(bound)s, not %(given)s."), "gt"),
    "less_than_equal": (say("It has to be at most %(bound)s, not %(given)s."), "le"),
}
EXPECTED = {
    "missing": say("It is missing."),
    "int_type": say("A whole number is expected, not %(given)s."),
    "float_type": say("A number is expected, not %(given)s."),
    "bool_type": say("Either true or false is expected, not %(given)s."),
    "dict_type": say("A table of names is expected, not %(given)s."),
    "model_type": say("A table of names is expected, not %(given)s."),
    "tuple_type": say("A list is expected, not %(given)s."),
    "too_short": say("A list with something in it is expected, not %(given)s."),
    "string_pattern_mismatch": say("A name is made of small Latin letters, digits and _, not %(given)s."),
    "literal_error": say("One of these is expected: %(names)s; not %(given)s."),
}
INLINE = ("duties", "presets")  # sections that print one line a row


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a policy: where it was written, which key (dotted), and a sentence. `line` counts from 1."""

    file: str
    line: int | None
    key: str
    reason: Sentence

    def __str__(self) -> str:
        line = f", line {self.line}" if self.line else ""
        key = f", {self.key}" if self.key else ""
        return f"{self.file}{line}{key}: {self.reason}"


class PolicyError(Exception):
    """A policy that cannot be taken as it is; every fault is named, one a line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True)
class Source:
    """Where numbers were written: the name that faults give, and the text their lines are looked up in."""

    name: str
    text: str = ""

    def fault(self, path: Iterable[object], reason: Sentence) -> Fault:
        keys = tuple(str(part) for part in path)
        return Fault(self.name, line_of(self.text, keys), ".".join(keys), reason)


def read(path: Path) -> tuple[Source, dict[str, Any]]:
    """The text of a policy file and what it says. Raises PolicyError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = say("It cannot be read: %(why)s.", why=getattr(error, "strerror", None) or "it is not UTF-8")
        raise PolicyError([Fault(str(path), None, "", reason)]) from None
    try:
        return Source(str(path), text), tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else len(text.splitlines())
        what = str(error).split(" (at ")[0]
        raise PolicyError([Fault(str(path), line, "", say("This is not TOML: %(why)s.", why=what))]) from None


def nested(values: Values) -> dict[str, Any]:
    """Dotted names as tables in tables: {"risk.days": 60} is {"risk": {"days": 60}}."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        tree = nested(value) if isinstance(value, Mapping) else value
        for part in reversed(name.split(".")):
            tree = {part: tree}
        found = overlaid(found, tree)
    return found


def overlaid(base: Values, over: Values) -> dict[str, Any]:
    """`over` laid over `base`: tables are joined, every other value is replaced."""
    joined = {
        name: overlaid(base[name], table)
        for name, table in over.items()
        if isinstance(table, Mapping) and isinstance(base.get(name), Mapping)
    }
    return {**base, **over, **joined}


def line_of(text: str, keys: tuple[str, ...]) -> int | None:
    """The line that says most of the dotted key: its own, else its table's."""
    table: tuple[str, ...] = ()
    best, line = 0, None
    for number, row in enumerate(text.splitlines(), start=1):
        if header := HEADER.match(row):
            said = table = _parts(header[1])
        elif assignment := ASSIGNMENT.match(row):
            said = table + _parts(assignment[1])
        else:
            continue
        if keys[: len(said)] == said and len(said) > best:
            best, line = len(said), number
    return line


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(PART, dotted))


def faults_of(error: ValidationError, model: type[BaseModel], source: Source) -> Iterator[Fault]:
    """What pydantic found, each in a sentence; of a table whose name is not known, only that."""
    strangers = {found["loc"][:-1] for found in error.errors() if found["loc"][-1:] == ("[key]",)}
    for found in error.errors(include_url=False):
        path = tuple(part for part in found["loc"] if part != "[key]")
        if found["loc"][-1:] != ("[key]",) and any(path[: len(name)] == name for name in strangers):
            continue
        if found["type"] == "extra_forbidden":
            yield source.fault(path, unknown(str(path[-1]), _names(model, path[:-1])))
        else:
            yield source.fault(path, _said(found["type"], found.get("ctx", {}), found["input"]))


def unknown(name: str, names: Iterable[str]) -> Sentence:
    known = sorted(names)
    nearest = get_close_matches(name, known, 1, 0.4)
    if nearest:
        return say("There is no such name. The nearest right name is “%(nearest)s”.", nearest=nearest[0])
    return say("There is no such name. These are: %(names)s.", names=known)


def _said(kind: str, ctx: Mapping[str, Any], given: object) -> Sentence:
    if kind == "value_error" and isinstance(ctx["error"].args[0], Sentence):
        return ctx["error"].args[0]
    if kind in BOUNDS:
        sentence, bound = BOUNDS[kind]
        return sentence.with_(bound=f"{ctx[bound]:g}", given=written(given))
    names = ctx.get("expected", "")
    return EXPECTED.get(kind, say("It cannot be %(given)s.")).with_(names=names, given=written(given))


def _names(model: type[BaseModel], path: tuple[object, ...]) -> Iterable[str]:
    """The names that a table of the policy may have."""
    kind: Any = model
    for part in path:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            kind = kind.model_fields[str(part)].annotation
        else:  # dict[str, Row] or tuple[Row, ...]
            kind = next(arg for arg in get_args(kind) if isinstance(arg, type) and issubclass(arg, BaseModel))
    return kind.model_fields if isinstance(kind, type) and issubclass(kind, BaseModel) else ()


def printed(values: Values, built_in: Values) -> str:
    """The policy as TOML, with a note wherever it differs from the built-in one."""
    lines: list[str] = []
    for section, table in values.items():
        base = built_in.get(section, {})
        if any(isinstance(row, Mapping) for row in table.values()) and section not in INLINE:
            for name, row in table.items():
                lines += _table(f"{section}.{name}", row, base.get(name, {}))
        else:
            lines += _table(section, table, base)
    return "\n".join(lines)


def _table(name: str, table: Values, base: Values) -> list[str]:
    width = max(map(len, table), default=0)
    rows = [f"{key:<{width}} = {written(value)}{_note(value, base.get(key))}" for key, value in table.items()]
    return [f"[{name}]", *rows, ""]


def _note(value: object, base: object) -> str:
    if value == base:
        return ""
    if isinstance(value, Mapping) and isinstance(base, Mapping):
        changed = [key for key in value if value[key] != base.get(key)]
        before = [f"{key} = {written(base[key]) if key in base else 'none'}" for key in changed]
        return "  # built in: " + ", ".join(before)
    return "  # not built in" if base is None else f"  # built in: {written(base)}"


def written(value: object) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {written(v)}" for key, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(written, value)) + "]"
    return value.isoformat() if isinstance(value, date | time) else str(value)

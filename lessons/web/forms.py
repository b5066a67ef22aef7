"""Draws a step's form from what it asks for, and turns what was typed into the same fields as the API takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from lessons import db
from lessons.i18n import has_word, word
from lessons.web.controls import SPECIAL, Option, kind_of, look_of, nested, noun_of
from lessons.workdays import resolve_local
from lessons.workflow import asks
from lessons.workflow.states import Role

LEFT_OUT = frozenset({"names", "sections"})  # drawn by pages of their own
SENTENCE = 120
PROMISED = frozenset({"due_on", "new_due_on"})
"""Days that are given in working days from today."""
READERS = (Role.AGENT, Role.DEBRIEF_LEADER, Role.MANAGER)


class Typed(Protocol):
    """What a browser sent: the last value of a name, or all of them."""

    def get(self, name: str, default: str = "") -> str: ...
    def getlist(self, name: str) -> list[str]: ...
    def __contains__(self, name: object) -> bool: ...


@dataclass
class Drawing:
    """What is known where a form is drawn. `options` by field or by noun; `values` as the API takes them."""

    locale: str
    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Sequence[Option]] = field(default_factory=dict)
    chips: Sequence[Option] = ()
    only: Sequence[str] = ()
    without: Sequence[str] = ()

    def fields(self, form: type[BaseModel] | None, prefix: str = "") -> list[dict[str, Any]]:
        """Descriptions of the fields, as the macros of the kit draw them."""
        if form is None:
            return []
        drawn: list[dict[str, Any]] = []
        for name, info in form.model_fields.items():
            if self._shown(name, prefix):
                inner = nested(info)
                if inner in (asks.BriefingTerms, asks.BaselineUnknown, asks.NoAction):
                    drawn += self.fields(inner, f"{prefix}{name}.")
                else:
                    drawn.append(self._field(name, info, prefix))
        return drawn

    def _shown(self, name: str, prefix: str) -> bool:
        return (
            name not in LEFT_OUT
            and f"{prefix}{name}" not in self.without
            and (not self.only or bool(prefix) or name in self.only)
        )

    def _field(self, name: str, info: FieldInfo, prefix: str) -> dict[str, Any]:
        full = f"{prefix}{name}"
        kind, options = kind_of(name, info, self.locale)
        given = list(self.options.get(full) or self.options.get(noun_of(info)) or options)
        if kind in ("choice", "checks") and not given:
            kind = "text" if kind == "choice" else "topics"
        drawn = {
            "name": full,
            "label": word("field", full if has_word("field", full, self.locale) else name, self.locale),
            "kind": kind,
            "required": info.is_required() and not prefix,
            "value": self._named(kind, self._value(full), given),
            "options": given,
            "error": self._error(full),
        }
        if has_word("hint", name, self.locale):
            drawn["hint"] = word("hint", name, self.locale)
        return drawn | self._by_kind(name, kind, info)

    def _by_kind(self, name: str, kind: str, info: FieldInfo) -> dict[str, Any]:
        if kind == "date":
            return {"chips": list(self.chips) if name in PROMISED else []}
        if kind == "similar":
            return {"required": True}
        if kind == "audience":
            roles = [{"value": r.value, "label": word("role", r.value, self.locale)} for r in READERS]
            return {"options": list(self.options.get("units", [])), "chips": roles}
        if look_of(info) == "sentence":
            return {"max_length": SENTENCE}
        return {"rows": 5} if name in ("what_happened", "text", "body") else {}

    def _named(self, kind: str, value: Any, given: Sequence[Option]) -> Any:
        """A person is shown by name where the name is theirs alone."""
        if kind != "person":
            return value
        return next((one["value"] for one in given if one.get("handle") == value), value)

    def _error(self, full: str) -> str:
        """What is wrong with a field, or with one of the parts that are drawn inside it."""
        inside = (fault for name, fault in self.errors.items() if name.startswith(f"{full}."))
        return self.errors.get(full) or next(inside, "")

    def _value(self, full: str) -> Any:
        value: Any = self.values
        for part in full.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        return shown(value)


def _zone() -> ZoneInfo:
    return ZoneInfo(db.settings().timezone)


def shown(value: Any) -> Any:
    """A value as a control shows it."""
    if isinstance(value, datetime):
        return value.astimezone(_zone()).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return value


# ── what was typed ───────────────────────────────────────────────────────────────────────────────────────────────────
def raw_of(form: type[BaseModel] | None, typed: Typed, *, edit: bool = False, prefix: str = "") -> dict[str, Any]:
    """What was typed, as the API would be sent it. An empty control is a field that was not sent; where a record is
    edited, an empty text is sent as empty."""
    raw: dict[str, Any] = {}
    for name, info in form.model_fields.items() if form else ():
        value = _typed(name, info, typed, f"{prefix}{name}")
        emptied = edit and value == "" and f"{prefix}{name}" in typed and _is_text(name, info)
        if value not in (None, "", [], {}) or emptied:
            raw[name] = value
    return raw


def _is_text(name: str, info: FieldInfo) -> bool:
    """A field of words, which may be emptied; a person, a day or a choice may only be left as it is."""
    return not noun_of(info) and kind_of(name, info, "en")[0] in ("text", "textarea")


def _typed(name: str, info: FieldInfo, typed: Typed, full: str) -> Any:
    inner = nested(info)
    if inner in SPECIAL:
        return _group(inner, typed, full)
    if inner is not None:
        return raw_of(inner, typed, prefix=f"{full}.")
    kind, _ = kind_of(name, info, "en")
    if kind == "similar":
        keys = [key for key in _keys(typed) if key.startswith(f"{full}.")]
        return [{"lesson": key.removeprefix(f"{full}."), "choice": typed.get(key)} for key in keys]
    if name == "actions" and kind == "checks":
        return [{"action": code, "choice": "cancel"} for code in typed.getlist(full)]
    return _value(name, kind, typed, full)


def _keys(typed: Any) -> list[str]:
    return list(typed.keys())


def _value(name: str, kind: str, typed: Typed, full: str) -> Any:
    if kind == "bool":
        return {"": None, "1": True}.get(typed.get(full, ""), typed.get(full))
    if kind in ("people", "topics", "checks"):
        return [part.strip() for value in typed.getlist(full) for part in value.split(",") if part.strip()]
    if kind == "list":
        return [line.strip() for line in typed.get(full, "").splitlines() if line.strip()]
    if len(typed.getlist(full)) > 1:
        return typed.getlist(full)  # no page of ours sends two: the model says what belongs here
    if kind == "date":
        return typed.get(full) or typed.get(f"{full}__chip")
    text = typed.get(full)
    if kind == "moment":
        return _moment(text)
    return _number(text) if kind == "number" or name in ("severity", "level") else text


def _moment(text: str | None) -> str | None:
    """An hour on the clock of the wall, told with its distance from UTC; what is none stays as it was typed."""
    try:
        local = datetime.fromisoformat((text or "").strip())
        return local.isoformat() if local.tzinfo else resolve_local(local, _zone().key)[0].isoformat()
    except (ValueError, OverflowError):  # the first and the last day of the calendar lie outside it elsewhere
        return text


def _number(text: str | None) -> Any:
    """A number as JSON has it; what is none stays a text, and the model says so."""
    written = (text or "").strip().replace(",", ".")
    if written.removeprefix("-").isdecimal() and len(written) < 16:
        return int(written)
    try:
        return float(written) if written and len(written) < 32 else written
    except ValueError:
        return written


EVIDENCE = (("file", "file"), ("revision", "revision"), ("url", "link"))


def _group(inner: Any, typed: Typed, full: str) -> dict[str, Any]:
    if inner is asks.Audience:
        sent = {part: typed.getlist(f"{full}.{part}") for part in ("units", "roles")}
        return {part: values for part, values in sent.items() if values}
    if inner is asks.Check:
        return _check(typed, full)
    sent_evidence = {part: typed.get(f"{full}.{part}") for part in ("note", "url", "revision", "file")}
    found: dict[str, Any] = {part: value for part, value in sent_evidence.items() if value}
    kind = next((kind for part, kind in EVIDENCE if part in found), "note")
    return {"kind": kind, **found} if found else {}


def _check(typed: Typed, full: str) -> dict[str, Any]:
    question = typed.get(f"{full}.question")
    answers = [line.strip() for line in typed.get(f"{full}.answers", "").splitlines() if line.strip()]
    right = _number(typed.get(f"{full}.right"))
    if not question and not answers:
        return {}
    return {"question": question, "answers": answers, "right": right - 1 if isinstance(right, int) else right}


def errors_of(faults: Sequence[Any], locale: str) -> dict[str, str]:
    """Field → sentence; a fault inside a list stands at the list."""
    found: dict[str, str] = {}
    for fault in faults:
        parts = [part for part in fault.pointer.split("/") if part and not part.isdecimal()]
        found.setdefault(".".join(parts), fault.message.in_(locale))
    return found

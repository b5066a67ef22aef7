"""Draws a step's form from what it asks for, and turns what was typed into the same fields as the API takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from lessons import db
from lessons.i18n import has_word, say, word
from lessons.web.controls import (
    SPECIAL,
    Option,
    context_of,
    is_settled,
    kind_of,
    known,
    look_of,
    may_be_cleared,
    must_be_filled,
    nested,
    noun_of,
)
from lessons.workdays import resolve_local
from lessons.workflow import asks
from lessons.workflow.fields import called
from lessons.workflow.needed import Needed
from lessons.workflow.states import Role

LEFT_OUT = frozenset({"names", "sections"})  # drawn by pages of their own
SENTENCE = 120
DRAWN = "drawn"
STAYS = frozenset({"radio", "choice", "person", "unit", "date", "moment", "number", "percent"})
"""Controls that an edit cannot empty."""
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
    without: Sequence[str] = ()
    needed: Needed = field(default_factory=Needed)
    edit: bool = False

    def fields(self, form: type[BaseModel] | None, prefix: str = "") -> list[dict[str, Any]]:
        """Descriptions of the fields, as the macros of the kit draw them."""
        if form is None:
            return []
        drawn: list[dict[str, Any]] = []
        for name, info in form.model_fields.items():
            if not is_settled(info) and self._shown(f"{prefix}{name}"):
                inner = nested(info)
                if inner in (asks.BriefingTerms, asks.BaselineUnknown, asks.NoAction):
                    drawn += self.fields(inner, f"{prefix}{name}.")
                else:
                    drawn.append(self._field(name, info, prefix))
        return drawn

    def _shown(self, full: str) -> bool:
        """What nothing asks for is not drawn, unless something stands in it; nor is a choice of nothing."""
        return (
            full not in LEFT_OUT
            and full not in self.without
            and self.options.get(full) != []
            and (full not in self.needed.idle or full in self.errors or self.values.get(full) not in (None, "", []))
        )

    def _field(self, name: str, info: FieldInfo, prefix: str) -> dict[str, Any]:
        full = f"{prefix}{name}"
        kind, options = kind_of(name, info, self.locale)
        given = list(self.options.get(full) or self.options.get(noun_of(info)) or options)
        if kind in ("choice", "checks") and not given:
            kind = "text" if kind == "choice" else "topics"
        drawn = {
            "name": full,
            "label": self._label(name, full, info),
            "kind": kind,
            "value": self._named(kind, self._value(full, kind, info), given),
            "options": given,
            "error": self._error(full),
        }
        drawn["required"] = self._is_needed(info, drawn, prefix)
        drawn["sometimes"] = full in self.needed.sometimes
        drawn["hint"] = self._hint(name, full, info)
        return drawn | self._by_kind(name, kind, info)

    def _label(self, name: str, full: str, info: FieldInfo) -> str:
        own = called(info, full)
        return word("field", own if has_word("field", own, self.locale) else name, self.locale)

    def _is_needed(self, info: FieldInfo, drawn: Mapping[str, Any], prefix: str) -> bool:
        """Sent empty it is refused, or by an edit left as it is."""
        if drawn["name"] in self.needed.always or (info.is_required() and not prefix):
            return True
        stays = drawn["kind"] in STAYS and drawn["value"] not in (None, "") and not may_be_cleared(info)
        return self.edit and (must_be_filled(info) or stays)

    def _hint(self, name: str, full: str, info: FieldInfo) -> str:
        known = next(
            (key for key in (context_of(info), called(info, name)) if key and has_word("hint", key, self.locale)), ""
        )
        asked = self.needed.sometimes.get(full) or self.needed.always.get(full)
        parts = (word("hint", known, self.locale) if known else "", asked.in_(self.locale) if asked else "")
        return " ".join(filter(None, parts))

    def sent_along(self, fields: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """What an edit sends beside its fields: which of them it shows. One that then comes back empty was emptied."""
        names = " ".join(one["name"] for one in fields if one["name"] in self.values)
        return [{"name": DRAWN, "kind": "hidden", "label": "", "value": names}] if self.edit else []

    def _by_kind(self, name: str, kind: str, info: FieldInfo) -> dict[str, Any]:
        if kind == "date":
            return {"chips": list(self.chips) if name in PROMISED else []}
        if kind == "similar":
            return {"required": True}
        if kind == "evidence":
            return {"words": name not in self.needed.proof}
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
        return known(given, value)

    def _error(self, full: str) -> str:
        """What is wrong with a field, or with one of the parts that are drawn inside it."""
        inside = (fault for name, fault in self.errors.items() if name.startswith(f"{full}."))
        return self.errors.get(full) or next(inside, "")

    def _value(self, full: str, kind: str, info: FieldInfo) -> Any:
        value: Any = self.values
        for part in full.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        if value is None and isinstance(info.default, StrEnum | int):
            value = info.default
        return percent(value) if kind == "percent" else shown(value)


def _zone() -> ZoneInfo:
    return ZoneInfo(db.settings().timezone)


def shown(value: Any) -> Any:
    """A value as a control shows it."""
    if isinstance(value, datetime):
        return value.astimezone(_zone()).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return value


def percent(share: Any) -> Any:
    """A share of a whole as people say it: 0.9 is 90."""
    return f"{share * 100:.6g}" if isinstance(share, int | float) else share


def choices_of(form: type[BaseModel] | None) -> dict[str, list[Any]]:
    """Fields that have a few known values, and these as the API takes them."""
    found = {name: kind_of(name, info, "en")[1] for name, info in (form.model_fields if form else {}).items()}
    return {name: [_typed_choice(name, one["value"]) for one in options] for name, options in found.items() if options}


def _typed_choice(name: str, value: str) -> Any:
    return _number(value) if name in ("severity", "level") else value


# ── what was typed ───────────────────────────────────────────────────────────────────────────────────────────────────
def raw_of(form: type[BaseModel] | None, typed: Typed, *, edit: bool = False, prefix: str = "") -> dict[str, Any]:
    """What was typed, as the API would be sent it. An empty control is a field that was not sent; where a record is
    edited, it is sent as empty."""
    raw: dict[str, Any] = {}
    for name, info in form.model_fields.items() if form else ():
        value = _typed(name, info, typed, f"{prefix}{name}")
        if value not in (None, "", [], {}):
            raw[name] = value
        elif edit:
            raw |= _emptied(name, info, typed)
    return raw


def _emptied(name: str, info: FieldInfo, typed: Typed) -> dict[str, Any]:
    """What an edit says by a control that came back empty; a person, a day or a choice may only be left as it is."""
    kind, _ = kind_of(name, info, "en")
    if name in typed and kind in ("text", "textarea") and not noun_of(info):
        return {name: ""}
    if name not in typed.get(DRAWN, "").split():
        return {}
    if kind == "bool":
        return {name: False}
    if kind in ("people", "topics", "checks", "list"):
        return {name: []}
    return {name: None} if may_be_cleared(info) else {}


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
    if kind == "percent":
        return _of_percent(text)
    return _number(text) if kind == "number" or name in ("severity", "level") else text


def _of_percent(text: str | None) -> Any:
    """The share that a percentage tells; what is none stays a text."""
    told = _number((text or "").strip().rstrip("%"))
    return round(told / 100, 6) if isinstance(told, int | float) else text


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


def people_of(form: type[BaseModel] | None, given: Mapping[str, Any]) -> list[str]:
    """Whom the fields of a form name already."""
    fields = form.model_fields.items() if form else ()
    named = (given.get(name) for name, info in fields if noun_of(info) == "people")
    return [one for each in named for one in ([each] if isinstance(each, str) else each or ()) if isinstance(one, str)]


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


IN_PERCENT = say("A percentage above 0 and at most 100 belongs here, for example 90.")


def errors_of(faults: Sequence[Any], locale: str) -> dict[str, str]:
    """Field → sentence; the faults inside a list stand at the list, one after the other."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        parts = [part for part in fault.pointer.split("/") if part and not part.isdecimal()]
        message = IN_PERCENT if fault.code == "share" else fault.message
        said = found.setdefault(".".join(parts), [])
        if not said or fault.pointer.rpartition("/")[2].isdecimal():
            said.append(message.in_(locale))
    return {field: " ".join(said) for field, said in found.items()}

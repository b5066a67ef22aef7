"""The description of the programs' addresses, made of the lives' tables and forms: it cannot tell another story."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from lessons.doors.cases import Cases, OpenFrame
from lessons.doors.columns import columns_of
from lessons.doors.directory import NewPerson
from lessons.doors.finder import Suggest
from lessons.doors.lists import LISTINGS
from lessons.doors.verbs import CREATED, PART_STEPS, PARTS, form_of
from lessons.i18n import Word
from lessons.models import RECORDS, Attachment, Cause, Evidence, Extension, Fact, Feedback, Finding
from lessons.models.base import UtcMoment
from lessons.people.forms import AddUnit
from lessons.workflow import asks
from lessons.workflow.lives import LIVES

Shape = dict[str, Any]
REF = "#/components/schemas/"
PART_MODELS: tuple[Any, ...] = (Fact, Finding, Cause, Evidence, Extension, Feedback, Attachment)
REFUSED = {"400": "no JSON, or a question that cannot be meant", "401": "no token, or one that ended",
           "404": "not there, or not visible", "403": "visible, not yours",
           "409": "not in this state, or something is missing", "412": "it changed in the meantime",
           "413": "too large", "415": "another content type", "422": "fields", "429": "too many calls in this minute",
           "503": "busy: try again after Retry-After", "507": "no room left"}  # fmt: skip
QUERY = {
    "state": "one or several, with commas between; without it all states",
    "unit": "a unit's code, with everything below it",
    "owner": "a person by e-mail or number, or `me`",
    "overdue": "true or false",
    "q": "words",
    "sort": "a field, with - before it backwards",
    "limit": "50 unless told otherwise, at most 200",
    "cursor": "what `next` said",
    "after": "what `next` said",
    "lang": "he or en",
    "size": "a4 or a5",
    "legs": "which ways of searching; `words` answers first",
    "lesson": "a lesson's code",
}
OWN_QUERY = {"/search": ("q", "legs", "limit"), "/changes": ("after", "limit"),
             "/lessons/{code}/card.json": ("lang", "size"), "/lessons/{code}/card.pdf": ("lang", "size"),
             "/cases/{name}/documentation": ("lesson", "lang")}  # fmt: skip


def document(addresses: Iterable[Any]) -> Shape:
    paths: dict[str, Shape] = {}
    for one in addresses:
        for path, operation in _operations(one):
            paths.setdefault(path, {})[one.method.lower()] = operation
    schemas = _forms() | _items() | _shared()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Lessons",
            "version": version("lessons"),
            "description": "Debriefs, lessons and what is done about them. People are named by e-mail or employee "
            "number, units and records by code, parts by id; days are ISO, times RFC 3339 in UTC.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {"refused": _body("Why it was not taken", "Problem", kind="application/problem+json")},
        },
    }


# ── operations ───────────────────────────────────────────────────────────────────────────────────────────────────────
def _operations(one: Any) -> Iterator[tuple[str, Shape]]:
    path = re.sub(r"<(?:any\([^)]*\):)?(\w+)>", r"{\1}", one.path) or "/"
    noun = path.split("/")[1]
    if path.endswith("/{code}/{word}"):
        for word, says, form in _words(noun):
            yield path.replace("{word}", word), _operation(one, path, f"{noun}.{word}", says, form=form)
        return
    name = re.sub(r"\W+", ".", f"{one.method.lower()}{path}").strip(".")
    yield path, _operation(one, path, name, one.says, form=_form(one, path, noun))


def _words(noun: str) -> Iterator[tuple[str, str, type[BaseModel] | None]]:
    """What may follow a record's code: its steps by name, and the parts that it takes."""
    for trigger in dict.fromkeys(step.trigger for step in LIVES[noun].steps if step.by_people):
        yield trigger, Word(f"{noun}.trigger", trigger).in_("en"), form_of(noun, trigger)
    for of, word in (*PARTS, *PART_STEPS):
        if of == noun:
            form = PARTS[of, word][0] if (of, word) in PARTS else form_of(noun, PART_STEPS[of, word])
            yield word, f"Add to {word}", form


def _form(one: Any, path: str, noun: str) -> type[BaseModel] | None:
    if one.method == "PATCH":
        parts: dict[str, type[BaseModel]] = {
            "facts": asks.EditFact,
            "findings": asks.EditFinding,
            "causes": asks.EditCause,
            "attachments": asks.EditFile,
        }
        return parts.get(noun) or form_of(noun, "edit")
    if one.method == "POST" and path == f"/{noun}" and noun in CREATED:
        return CREATED[noun][0]
    return BODIES.get(path)


BODIES: dict[str, type[BaseModel]] = {
    "/findings/{pid}/causes": asks.Cause,
    "/causes/{pid}/no_action": asks.NoAction,
    "/extensions/{pid}/grant": asks.MaybeReason,
    "/extensions/{pid}/deny": asks.WithReason,
    "/cases/{name}/match": asks.MatchCase,
    "/cases/{name}/refuse": asks.MatchCase,
    "/embed/sessions": OpenFrame,
    "/suggest": Suggest,
    "/figures": asks.Figures,
    "/units": AddUnit,
    "/people": NewPerson,
}
BATCHES: dict[str, type[BaseModel]] = {"/cases": Cases}
"""What an address takes in place of one: many at once, all or none."""


def _operation(one: Any, path: str, name: str, says: str, *, form: type[BaseModel] | None) -> Shape:
    found: Shape = {"operationId": name, "summary": says, "tags": [path.split("/")[1] or "about"]}
    parameters = [*_in_path(path), *_in_query(one, path), *_in_header(one)]
    if parameters:
        found["parameters"] = parameters
    batch = BATCHES.get(path) if one.method == "POST" else None
    if form is not None:
        taken = _one_of(form.__name__, *([batch.__name__] if batch else []))
        found["requestBody"] = {"content": {"application/json": {"schema": taken}}}
    if path.endswith("/attachments"):
        sent = {"file": {"type": "string", "format": "binary"}, "caption": {"type": "string"}}
        file = {"type": "object", "properties": sent, "required": ["file"]}
        found["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": file}}}
    refused = {status: {"$ref": "#/components/responses/refused"} for status in REFUSED}
    return found | {"responses": {_status(one, path): _done(one, path, many=batch is not None), **refused}}


def _done(one: Any, path: str, *, many: bool) -> Shape:
    kind = "application/pdf" if path.endswith(".pdf") else "*/*" if path.endswith("/file") else ""
    if kind:
        return {"description": "Done", "content": {kind: {"schema": {"type": "string", "format": "binary"}}}}
    answered = _body("Done", _answer(one, path))
    if many:
        answered["content"]["application/json"]["schema"] = {"anyOf": _refs(_answer(one, path), "Entered")}
    return answered


def _in_path(path: str) -> list[Shape]:
    named = re.findall(r"{(\w+)}", path.replace("{word}", "") if path.endswith("{code}/{word}") else path)
    return [{"name": one, "in": "path", "required": True, "schema": {"type": "string"}} for one in named]


def _in_query(one: Any, path: str) -> list[Shape]:
    noun = path.strip("/")
    known = OWN_QUERY.get(path) or (LISTINGS[noun].known if one.method == "GET" and noun in LISTINGS else ())
    return [
        {"name": name, "in": "query", "schema": {"type": "string"}, "description": QUERY.get(name, f"by {name}")}
        for name in known
    ]


def _in_header(one: Any) -> list[Shape]:
    sent = {"POST": ("Idempotency-Key", "If-Match"), "PATCH": ("If-Match",)}.get(one.method, ())
    return [{"name": name, "in": "header", "schema": {"type": "string"}} for name in sent]


def _status(one: Any, path: str) -> str:
    if one.method == "DELETE":
        return "204"
    adds = one.method == "POST" and ((path.count("/") == 1 and path != "/suggest") or path.endswith(("s", "{word}")))
    return "2XX" if adds else "200"


def _answer(one: Any, path: str) -> str:
    noun = path.split("/")[1]
    lists = one.method == "GET" and path.strip("/") in LISTINGS
    if lists or path.endswith("/events") or path in ("/search", "/changes", "/suggest"):
        return "List"
    return f"{noun}.item" if noun in RECORDS and "card" not in path else "Item"


def _body(says: str, schema: str, kind: str = "application/json") -> Shape:
    return {"description": says, "content": {kind: {"schema": _one_of(schema)}}}


def _one_of(*schemas: str) -> Shape:
    refs = _refs(*schemas)
    return refs[0] if len(refs) == 1 else {"oneOf": refs}


def _refs(*schemas: str) -> list[Shape]:
    return [{"$ref": REF + schema} for schema in schemas]


# ── schemas ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def _forms() -> Shape:
    """Every form that a step, a part or a new record asks for."""
    steps = {step.asks for life in LIVES.values() for step in life.steps if step.asks}
    parts = {asks.EditFact, asks.EditFinding, asks.EditCause, asks.EditFile}
    made = {form for form, _ in (*CREATED.values(), *PARTS.values())}
    bodies = {*BODIES.values(), *BATCHES.values()}
    forms = sorted(steps | parts | made | bodies, key=lambda form: form.__name__)
    found = models_json_schema([(form, "validation") for form in forms], ref_template=REF + "{model}")[1]
    return dict(found["$defs"])


def _items() -> Shape:
    records = {f"{noun}.item": _item(model) for noun, model in RECORDS.items()}
    return records | {f"{model.noun}.part": _item(model) for model in PART_MODELS}


def _item(model: Any) -> Shape:
    columns = model.__table__.columns
    properties = {one.called: _kind(columns[one.name], one.table) for one in columns_of(model)}
    return {"type": "object", "properties": properties | {"links": {"type": "object"}}}


KINDS: tuple[tuple[type[Any], Shape], ...] = (
    (UtcMoment, {"type": "string", "format": "date-time"}),
    (sa.Date, {"type": "string", "format": "date"}),
    (sa.Boolean, {"type": "boolean"}),
    (sa.Integer, {"type": "integer"}),
    (sa.Float, {"type": "number"}),
    (sa.String, {"type": "string"}),
)


def _kind(column: sa.Column[Any], table: str) -> Shape:
    if table:
        return {"type": ["string", "null"]}
    if isinstance(column.type, sa.Enum):
        values = [*column.type.enums, *([None] if column.nullable else [])]
        return {"enum": values}
    found = next((dict(shape) for kind, shape in KINDS if isinstance(column.type, kind)), {})
    return found | {"type": [found["type"], "null"]} if found and column.nullable else found


def _shared() -> Shape:
    text: Shape = {"type": "string"}
    fault = {"type": "object", "properties": {"pointer": text, "code": text, "message": text}}
    unmet = {"type": "object", "properties": {"guard": text, "message": text}}
    could = {"type": "object", "properties": {"name": text, "person": text, "links": {"type": "object"}}}
    told = {"type": text, "title": text, "status": {"type": "integer"}, "detail": text, "state": text, "trigger": text}
    lists = {"unmet": {"type": "array", "items": unmet}, "open": {"type": "array", "items": text},
             "errors": {"type": "array", "items": fault}, "who_could": {"type": "array", "items": could}}  # fmt: skip
    return {
        "Problem": {"type": "object", "properties": told | lists},
        "Item": {"type": "object"},
        "Entered": {
            "type": "object",
            "properties": {"items": {"type": "array", "items": {"type": "object"}}, "created": {"type": "integer"}},
        },
        "List": {
            "type": "object",
            "properties": {
                "items": {"type": "array", "items": {"type": "object"}},
                "next": {"type": ["string", "null"]},
            },
        },
    }


# ── for people ───────────────────────────────────────────────────────────────────────────────────────────────────────
def chapters(told: Shape) -> list[Shape]:
    """The description as the page of it lays it out: by noun its addresses, each with what it asks."""
    found: dict[str, list[Shape]] = {}
    for path, operations in told["paths"].items():
        for method, one in operations.items():
            line = {"method": method.upper(), "path": f"/api/v1{path}", "says": one["summary"]}
            found.setdefault(one["tags"][0], []).append(line | {"asks": _asked(told, one)})
    return [{"noun": noun, "lines": lines} for noun, lines in found.items()]


def _asked(told: Shape, operation: Shape) -> list[Shape]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    forms = [told["components"]["schemas"].get(one["$ref"].removeprefix(REF), {}) for one in body.get("oneOf", [body])
             if "$ref" in one]  # fmt: skip
    return [
        {"name": name, "needed": len(forms) == 1 and name in form.get("required", [])}
        for form in forms
        for name in form.get("properties", {})
    ]

"""An import as the review bench shows it: finished values for its pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import web
from lessons.access import Actor, tree
from lessons.i18n import Word, say
from lessons.intake import imports, outcome, placing, understood, whom, written
from lessons.intake import report as words
from lessons.intake.document import Action, Debrief, Place
from lessons.intake.faults import Fault
from lessons.intake.gathered import Document
from lessons.intake.imports import KNOWN
from lessons.models import Debrief as Made
from lessons.models import Import, ImportFile, ImportItem, Lesson, Person, Unit
from lessons.web import options
from lessons.workflow.states import ImportState

PAGE = 25
PROBLEMS = 100
COLUMNS = 40
ASKED = 30
"""So many names of a source are asked about at once, the most often named first."""
LOOKS = {
    ImportState.READING: ("day", "plain"),
    ImportState.READ: ("due", "wait"),
    ImportState.RUNNING: ("run", "plain"),
    ImportState.TAKEN: ("ok", "ok"),
    ImportState.UNDOING: ("run", "plain"),
    ImportState.UNDONE: ("draft", "calm"),
    ImportState.DROPPED: ("draft", "calm"),
}
JOBS = {
    "read_import": say("Reading %(name)s"),
    "take_import": say("Bringing in %(name)s"),
    "undo_import": say("Taking back %(name)s"),
}
CHOICES = {"": say("Bring it in"), "merge": say("It is the same: join it"), "leave": say("Leave it out")}
REPORT = ("file", "sheet", "row", "digest", "how", "debrief", "title", "lessons", "actions", "alike", "likeness")


def visible(session: Session, by: Actor) -> Any:
    """Imports into units whose lessons this person manages."""
    return Import.unit_id.in_(sorted(tree(session).under(by.units_of("lessons_manager"))))


def unread(documents: Sequence[Document]) -> Iterator[Any]:
    return (
        say("%(name)s: %(what)s", name=one.source, what=words.fault(fault))
        for one in documents
        for fault in one.problems
    )


def given(
    units: Sequence[Unit], typed: Mapping[str, str], faults: Mapping[str, str], *, accept: str
) -> list[dict[str, Any]]:
    """The fields of the form that files are given by."""
    choice = [{"value": unit.code, "label": web.name_of(unit)} for unit in units]
    fields = [
        {"name": "file", "kind": "file", "multiple": True, "accept": accept, "label": say("Files"),
         "hint": say("Registers (Excel, CSV), reports (Word, markdown, text), or a zip of them; up to 20 MB each.")},
        {"name": "text", "kind": "textarea", "rows": 4, "label": say("Or text, pasted"),
         "value": typed.get("text", "")},
    ]  # fmt: skip
    if len(units) > 1:
        fields.append({"name": "unit", "kind": "choice", "required": True, "options": choice,
                       "label": say("For which unit"), "value": typed.get("unit") or units[0].code})  # fmt: skip
    return [{**one, "label": web.spoken(one["label"]), "hint": web.spoken(one.get("hint", "")),
             "error": faults.get(str(one["name"]), "")} for one in fields]  # fmt: skip


def line(session: Session, row: Import) -> dict[str, Any]:
    shape, tone = LOOKS[row.state]
    return {
        "name": row.name, "href": f"/bench/imports/{row.pid}", "state": Word("import_state", row.state.value),
        "shape": shape, "tone": tone, "when": web.when(row.created_at, hour=True), "total": row.total,
        "unit": web.name_of(tree(session).units[row.unit_id]),
    }  # fmt: skip


# ── one import ───────────────────────────────────────────────────────────────────────────────────────────────────────
def page(session: Session, row: Import, *, only: str, after: int, at: datetime) -> dict[str, Any]:
    """Its files and their columns, what is to be looked at, whom to ask about, a page of its events. A fixed number of
    queries."""
    files = session.scalars(imports.files_of(row)).all()
    open_ = row.state == ImportState.READ
    items = _items(session, row, only, after)
    known = imports.standing(session, [item.digest for item in items]) if open_ else set()
    found = outcome.outcome(session, row)
    return {
        **line(session, row),
        "open": open_,
        "stopped": row.state in (ImportState.RUNNING, ImportState.UNDOING),
        "state_name": row.state.value,
        "can_undo": row.state in (ImportState.TAKEN, ImportState.RUNNING, ImportState.UNDOING),
        "files": [_file(file) for file in files],
        "columns": [column for file in files for column in _columns(file)][:COLUMNS] if open_ else [],
        "problems": [one for told in placing.unknown(session, row, files) for one in _problems(*told)][:PROBLEMS],
        "left": [_kept(one, file) for file in files for one in file.about.get("kept", ())][:PROBLEMS],
        "people": _people(session, row, files, at) if open_ else [],
        "options": options.people(session) if open_ else [],
        "told": [web.spoken(one) for one in outcome.told(found)] if row.state in imports.STANDING else [],
        "sums": _sums(session, row),
        "items": _shown(session, items[:PAGE], known),
        "only": only,
        "next": items[PAGE - 1].n if len(items) > PAGE else 0,
        "first": not after,
        "choices": {name: web.spoken(said) for name, said in CHOICES.items()},
        "proposed": found.proposed,
    }


def _items(session: Session, row: Import, only: str, after: int) -> Sequence[ImportItem]:
    mine = sa.select(ImportItem).where(ImportItem.import_id == row.id, ImportItem.n > after)
    if only == "alike":
        mine = mine.where(ImportItem.alike_id.is_not(None))
    return session.scalars(mine.order_by(ImportItem.n).limit(PAGE + 1)).all()


def _sums(session: Session, row: Import) -> dict[str, int]:
    alike = sa.func.count(ImportItem.alike_id)
    count, same = session.execute(sa.select(sa.func.count(), alike).where(ImportItem.import_id == row.id)).one()
    return {"all": count, "alike": same}


def _file(file: ImportFile) -> dict[str, Any]:
    return {"name": file.name, "kind": file.kind or "—", "href": f"files/{file.id}", "digest": file.sha256[:12],
            "title": file.about.get("title", "")}  # fmt: skip


def _columns(file: ImportFile) -> Iterator[dict[str, Any]]:
    for sheet, number, heading, field, sure in file.about.get("columns", ()):
        if heading:
            yield {
                "file": file.name, "sheet": sheet, "number": number, "heading": heading, "field": field,
                "guessed": bool(field) and sure in ("near", "guessed"),
                "options": [{"value": name, "label": web.spoken(said)} for name, said in understood.FIELDS.items()],
            }  # fmt: skip


def _problems(file: ImportFile, units: Sequence[Fault]) -> Iterator[dict[str, Any]]:
    """Units first: there are few of them, and days may be many."""
    for fault in (*units, *(Fault(*one) for one in file.about.get("problems", ()))):
        yield {
            "file": file.name,
            "sheet": fault.sheet,
            "row": fault.row or "",
            "column": fault.column,
            "what": web.spoken(words.why(fault)),
        }


def _kept(one: Mapping[str, Any], file: ImportFile) -> dict[str, Any]:
    place = one.get("place", {})
    return {
        "file": file.name,
        "heading": one.get("heading", ""),
        "text": one.get("text", ""),
        "row": place.get("row", ""),
    }


def _people(session: Session, row: Import, files: Sequence[ImportFile], at: datetime) -> list[dict[str, Any]]:
    """Names of the source that are nobody here, or more than one, with those who may be meant; and what was said."""
    directory = imports.directory_of(session, row, at)
    said = dict(row.answers.get("people", {}))
    unknown = [*imports.unknown_to(directory, files)[: max(0, ASKED - len(said))], *said]
    ids = {name: directory.candidates(name) for name in unknown}
    wanted = sa.or_(Person.id.in_(sum(ids.values(), ())), Person.pid.in_(said.values()))
    people = {one.id: one for one in session.scalars(sa.select(Person).where(wanted))}
    handles = {one.pid: options.handle(one) for one in people.values()}
    return [
        {
            "name": name,
            "value": handles.get(said.get(name, ""), ""),
            "candidates": [options.handle(people[one]) for one in ids[name] if one in people],
        }
        for name in unknown
    ]  # fmt: skip


def _shown(session: Session, items: Sequence[ImportItem], known: set[str]) -> list[dict[str, Any]]:
    lessons = _by_id(session, Lesson, [item.alike_id for item in items])
    made = _by_id(session, Made, [item.debrief_id for item in items])
    return [_item(item, lessons.get(item.alike_id), made.get(item.debrief_id), item.digest in known) for item in items]


def _by_id(session: Session, model: Any, ids: Sequence[int | None]) -> dict[Any, Any]:
    wanted = [one for one in ids if one]
    return {row.id: row for row in session.scalars(sa.select(model).where(model.id.in_(wanted)))} if wanted else {}


def _item(item: ImportItem, alike: Lesson | None, made: Made | None, known: bool) -> dict[str, Any]:
    read = written.debrief_of(item.read)
    return {
        "n": item.n, "title": read.title, "place": _place(read.place),
        "day": web.when(read.happened_on) if read.happened_on else read.happened,
        "text": read.what_happened, "lessons": [one.text for one in read.lessons],
        "actions": [_action(one) for one in read.actions], "facts": _beside(read), "choice": item.choice,
        "known": known or item.how == KNOWN, "code": made.code if made else "",
        "alike": {"code": alike.code, "title": alike.title, "likeness": item.likeness} if alike else None,
    }  # fmt: skip


def _place(place: Place) -> str:
    where = [place.file, place.sheet, web.spoken(say("row %(n)s", n=place.row)) if place.row else "", place.heading]
    return " · ".join(one for one in where if one)


def _action(one: Action) -> dict[str, Any]:
    due = web.when(one.due_on) if one.due_on else one.due
    return {"text": one.text, "owner": one.owner, "due": due, "state": web.spoken(understood.STATES[one.status])}


def _beside(read: Debrief) -> list[tuple[str, str]]:
    """What else was understood: what was expected, why it happened, what went well or badly, what is kept as it is."""
    pairs = [
        (say("severity"), read.severity),
        (say("unit"), read.unit),
        (say("what was expected"), read.expected),
        (say("causes"), "\n".join(read.causes)),
        (say("what went well"), "\n".join(read.went_well)),
        (say("what went badly"), "\n".join(read.went_badly)),
        (say("timeline"), "\n".join(f"{moment.at} {moment.text}".strip() for moment in read.timeline)),
    ]
    told = [(web.spoken(label), text) for label, text in pairs if text]
    return [*told, *((kept.heading or web.spoken(say("kept as it is")), kept.text) for kept in read.kept)]


# ── what a person answers ────────────────────────────────────────────────────────────────────────────────────────────
def answers(session: Session, row: Import, form: Any, at: datetime) -> dict[str, Any]:
    """Columns by their headings, people by the names of the source: their lasting id, nobody where that is said."""
    columns = dict(row.answers.get("columns", {}))
    headings = form.getlist("heading")
    was, now = form.getlist("was"), form.getlist("field")
    columns |= {name: field for name, before, field in zip(headings, was, now, strict=False)
                if field != before and field in ("", *understood.FIELDS)}  # fmt: skip
    directory = whom.directory(session, at, said={})
    people = dict(row.answers.get("people", {}))
    for key, name in ((key, form.get(f"name-{key[2:]}", "")) for key in form if key.startswith("p-")):
        written_ = form.get(key, "").strip()
        if name and written_:
            people[name] = _pid(session, directory, written_)
        elif name:
            people.pop(name, None)
    return {"columns": columns, "people": people}


def _pid(session: Session, directory: whom.Directory, handle: str) -> str:
    """Raises nothing: whoever is not one person stays unanswered."""
    found = directory.person(handle)
    return session.get_one(Person, found).pid if found else ""


def report(session: Session, row: Import) -> Iterator[list[str]]:
    """A line an event, in the order of the source."""
    joined = (
        sa.select(ImportItem, Made.code, Lesson.code)
        .outerjoin(Made, Made.id == ImportItem.debrief_id)
        .outerjoin(Lesson, Lesson.id == ImportItem.alike_id)
        .where(ImportItem.import_id == row.id)
        .order_by(ImportItem.n)
    )
    for item, code, alike in session.execute(joined.execution_options(yield_per=500)):
        place = item.read.get("place", {})
        yield [
            place.get("file", ""), place.get("sheet", ""), str(place.get("row", "")), item.digest, item.how, code or "",
            item.read.get("title", ""), str(len(item.read.get("lessons", ()))), str(len(item.read.get("actions", ()))),
            alike or "", str(item.likeness or ""),
        ]  # fmt: skip

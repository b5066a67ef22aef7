"""The review bench: loose documents are given, what was understood is seen beside its source, put right, then taken as
a whole or dropped; and taken back as a whole, as long as nothing was built on it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from exports import register_csv
from lessons import web
from lessons.access import Actor, tree
from lessons.access.refs import invalid
from lessons.doors import files
from lessons.errors import FieldError, Invalid, NotAllowed, NotFound
from lessons.home import bench, imported
from lessons.i18n import say
from lessons.intake import imports, undoing
from lessons.intake.gathered import Document
from lessons.intake.imports import Source
from lessons.jobs import operations as jobs
from lessons.models import Import, ImportFile, ImportItem, Unit
from lessons.web.forms import errors_of
from lessons.web.handed import sealed
from lessons.workflow.states import ImportState

HERE = "/bench/imports"
blueprint = Blueprint("imports", __name__, url_prefix=HERE)
AT_ONCE = 500
"""So many events are taken while one waits; more are long work."""
READ_AT_ONCE = 2 * 2**20
PASTED = 2_000_000
MOST_FILES = 50
MOST_DIGITS = 9  # of the number of an event
ACCEPT = ".xlsx,.xls,.ods,.csv,.tsv,.docx,.md,.txt,.zip"
NO_FILE = say("A file is needed here, or text that is pasted.")
TAKEN = say("All of it is here now.")
DROPPED = say("It was dropped. Nothing of it had become a record.")


# ── give ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
@blueprint.get("")
def index() -> ResponseReturnValue:
    return _index()


def _index(refusal: Invalid | None = None) -> ResponseReturnValue:
    with web.reading() as (session, by, _):
        rows = session.scalars(
            sa.select(Import).where(imported.visible(session, by)).order_by(Import.id.desc()).limit(50)
        )
        shown = [imported.line(session, row) for row in rows]
        faults = errors_of(refusal.errors, web.locale()) if refusal else {}
        fields = imported.given(_units(session, by), request.form, faults, accept=ACCEPT)
    return web.show("bench/imports.html", title=say("Bring in"), tabs=bench.tabs(), status=422 if refusal else 200,
                    rows=shown, fields=fields)  # fmt: skip


def _units(session: Session, by: Actor) -> list[Unit]:
    below = tree(session).under(by.units_of("lessons_manager"))
    return sorted(
        (tree(session).units[one] for one in below),
        key=lambda unit: (len(tree(session).above[unit.id or 0]), unit.name),
    )


@blueprint.post("")
def give() -> ResponseReturnValue:
    try:
        sent = _sent()
        later = sum(len(content) for _, content in sent) > READ_AT_ONCE
        sources = [_source(name, content, [] if later else imports.read(name, content)) for name, content in sent]
        if not later:
            _refuse_unread([document for source in sources for document in source.documents])
        with web.writing() as (session, by, at):
            row = imports.keep(session, sources, unit=_unit(session, by), by=by, at=at, later=later)
            if later:
                return _as_job(session, row, "read_import", by=by, at=at)
            return web.sent_to(session, f"{HERE}/{row.pid}")
    except Invalid as refusal:
        return _index(refusal)


def _sent() -> list[tuple[str, bytes]]:
    """Files by their names, and text that was pasted. Raises Invalid."""
    sent = [(files.clean_name(one.filename or ""), one.read()) for one in request.files.getlist("file") if one.filename]
    if pasted := request.form.get("text", "").strip():
        sent.append((f"{web.spoken(say('pasted'))}.txt", pasted[:PASTED].encode()))
    if not sent:
        raise invalid([FieldError("/file", "missing", NO_FILE)])
    if len(sent) > MOST_FILES:
        raise invalid(
            [
                FieldError(
                    "/file", "too_many", say("At most %(n)s files at once; as a zip there may be more.", n=MOST_FILES)
                )
            ]
        )
    return sent


def _source(name: str, content: bytes, documents: Sequence[Document]) -> Source:
    files.store().put(content)
    return Source(name, len(content), hashlib.sha256(content).hexdigest(), documents)


def _refuse_unread(documents: Sequence[Document]) -> None:
    """Where nothing at all could be read, each reason beside the field. Raises Invalid."""
    if not any(one.kind for one in documents):
        raise invalid([FieldError("/file", "unreadable", sentence) for sentence in imported.unread(documents)])


def _unit(session: Session, by: Actor) -> Unit:
    units = _units(session, by)
    return next((unit for unit in units if unit.code == request.form.get("unit")), units[0])


def _as_job(session: Session, row: Import, kind: str, *, by: Actor, at: datetime) -> ResponseReturnValue:
    title = imported.JOBS[kind].with_(name=row.name)
    job = jobs.ask(session, kind, title, {"import": row.pid}, by=by, at=at)
    return web.sent_to(session, f"/jobs/{job.pid}")


# ── look ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
@blueprint.get("/<pid>")
def one(pid: str) -> ResponseReturnValue:
    return _one(pid)


def _one(pid: str, refusal: NotAllowed | None = None) -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        row = _found(session, pid, by)
        shown = imported.page(session, row, only=request.args.get("only", ""), after=_after(), at=at)
    return web.show("bench/import.html", title=row.name, tabs=bench.tabs(), status=409 if refusal else 200,
                    here=f"{HERE}/{pid}", refusal=web.spoken(refusal.message) if refusal else "", **shown)  # fmt: skip


def _after() -> int:
    """Behind which event the page begins."""
    said = request.args.get("after", "")
    return int(said) if said.isdecimal() and len(said) < MOST_DIGITS else 0


def _found(session: Session, pid: str, by: Actor) -> Import:
    """Raises NotFound."""
    row = session.scalars(sa.select(Import).where(Import.pid == pid, imported.visible(session, by))).first()
    if row is None:
        raise NotFound(say("This import is not there."))
    return row


@blueprint.post("/<pid>/answers")
def answer(pid: str) -> ResponseReturnValue:
    """Columns and people as somebody says they are; where a column is another one, the files are read anew."""
    with web.writing() as (session, by, at):
        row = _found(session, pid, by)
        _still_read(row)
        said = imported.answers(session, row, request.form, at)
        anew = said["columns"] != row.answers.get("columns", {})
        row.answers = {**row.answers, **said}
        session.add(row)
        session.flush()
        if anew:
            given = imports.given(session, row, by=by)
            if sum(source.size for source in given) > READ_AT_ONCE:
                row.state = ImportState.READING
                return _as_job(session, row, "read_import", by=by, at=at)
            read = [imports.read_kept(one, said["columns"], opened=files.store().opened) for one in given]
            imports.fill(session, row, read, by=by)
        return web.sent_to(session, f"{HERE}/{pid}", say("Kept. This is how it reads now."))


@blueprint.post("/<pid>/choices")
def choose(pid: str) -> ResponseReturnValue:
    """What becomes of each event on the page: taken, joined to the lesson it looks like, or left out."""
    with web.writing() as (session, by, _):
        row = _found(session, pid, by)
        _still_read(row)
        said = {
            int(name[2:]): value
            for name, value in request.form.items()
            if name.startswith("n-") and name[2:].isdecimal() and len(name) < MOST_DIGITS
        }
        mine = sa.select(ImportItem).where(ImportItem.import_id == row.id, ImportItem.n.in_(said))
        for item in session.scalars(mine):
            wanted = said[item.n]
            item.choice = wanted if wanted == "leave" or (wanted == "merge" and item.alike_id) else ""
        back = web.with_args(f"{HERE}/{pid}", only=request.args.get("only", ""), after=request.args.get("after", ""))
        return web.sent_to(session, back, say("Kept."))


def _still_read(row: Import) -> None:
    """Raises NotAllowed."""
    if row.state != ImportState.READ:
        raise NotAllowed(imports.TOO_LATE)


# ── take, drop, take back ────────────────────────────────────────────────────────────────────────────────────────────
@blueprint.post("/<pid>/take")
def take(pid: str) -> ResponseReturnValue:
    with web.writing() as (session, by, at):
        row = _found(session, pid, by)
        if row.state != ImportState.RUNNING:
            imports.begin(session, row, by=by)
        session.flush()
        if row.total - row.done > AT_ONCE:
            return _as_job(session, row, "take_import", by=by, at=at)
        while imports.go_on(session, row, by=by, at=at):
            pass
        return web.sent_to(session, f"{HERE}/{pid}", TAKEN)


@blueprint.post("/<pid>/drop")
def drop(pid: str) -> ResponseReturnValue:
    with web.writing() as (session, by, _):
        imports.drop(session, _found(session, pid, by), by=by)
        return web.sent_to(session, HERE, DROPPED)


@blueprint.post("/<pid>/undo")
def undo(pid: str) -> ResponseReturnValue:
    try:
        with web.writing() as (session, by, at):
            row = _found(session, pid, by)
            if row.state != ImportState.UNDOING:
                undoing.begin(session, row, by=by)
            if row.done > AT_ONCE // 10:
                return _as_job(session, row, "undo_import", by=by, at=at)
            while undoing.go_on(session, row, by=by, at=at):
                pass
            return web.sent_to(session, f"{HERE}/{pid}", undoing.DONE)
    except NotAllowed as refusal:
        return _one(pid, refusal)


# ── take out ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@blueprint.get("/<pid>/report.csv")
def report(pid: str) -> ResponseReturnValue:
    """A line an event: where it stood, its hash, what became of it."""
    with web.reading() as (session, by, _):
        row = _found(session, pid, by)
        lines = register_csv.lines(imported.REPORT, list(imported.report(session, row)))
        content = b"".join(lines)
    return sealed(content, "text/csv; charset=utf-8", f"import-{row.created_at:%Y-%m-%d}.csv", "attachment")


@blueprint.get("/<pid>/files/<int(max=2147483647):n>")
def source(pid: str, n: int) -> ResponseReturnValue:
    """A file as it was given."""
    with web.reading() as (session, by, _):
        row = _found(session, pid, by)
        file = session.scalars(sa.select(ImportFile).where(ImportFile.import_id == row.id, ImportFile.id == n)).first()
    opened = files.store().opened(file.sha256) if file else None
    if file is None or opened is None:
        raise NotFound(say("This file is not there."))
    return sealed(opened, "application/octet-stream", file.name.split("/")[0], "attachment")

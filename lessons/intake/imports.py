"""Bringing loose documents in: read once and kept beside their source, looked at, taken as a whole, undone as a whole.

An item is one event of a file. What was brought in before is known by the hash of all it says and stays as it is here.
"""

from __future__ import annotations

import mimetypes
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import PurePath
from typing import Any, BinaryIO

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db, many
from lessons.access import Actor, tree
from lessons.errors import Forbidden, NotAllowed, Unavailable
from lessons.i18n import say
from lessons.intake import alike, formats, placing, whom, written
from lessons.intake.entering import Arriving, Entering
from lessons.intake.faults import Unreadable
from lessons.intake.gathered import Document
from lessons.models import Action, Debrief, Import, ImportFile, ImportItem, Lesson, Unit
from lessons.people.operations import root_unit
from lessons.workflow.states import ImportState

BATCH = 500
"""So many events are made by one round of statements."""
MADE, KNOWN, LEFT, MERGED = "made", "known", "left", "merged"
ITEMS = ImportItem.__table__
WAITING = (
    sa.select(*(ITEMS.c[name] for name in ("id", "digest", "read", "choice", "alike_id")))
    .where(ITEMS.c.import_id == sa.bindparam("import"), ITEMS.c.n > sa.bindparam("done"), ITEMS.c.how == "")
    .order_by(ITEMS.c.n)
    .limit(sa.bindparam("most"))
)
"""They come in by their numbers, so that none up to those done is looked at again."""
BECAME = (
    sa.update(ITEMS)
    .where(ITEMS.c.id == sa.bindparam("item"))
    .values(how=sa.bindparam("_how"), debrief_id=sa.bindparam("_debrief"))
)
STANDING = (ImportState.RUNNING, ImportState.TAKEN)
TOO_LATE = say("This import was taken or dropped already.")
NOT_THEIRS = say("Lessons are imported by lessons management of the unit.")
ONE_IMPORT_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(7305003)")


Opened = Callable[[str], BinaryIO | None]
"""By its SHA-256 the kept file; None where it is gone."""


@dataclass(frozen=True)
class Source:
    """A file as it was given: its documents, one or of an archive several, and where its bytes are kept."""

    name: str
    size: int
    sha256: str
    documents: Sequence[Document] = field(default_factory=tuple)


# ── may it be ────────────────────────────────────────────────────────────────────────────────────────────────────────
def check(session: Session, unit: Unit, by: Actor) -> None:
    """Lessons management of the unit, and the command line. Raises Forbidden."""
    curated = tree(session).under(by.units_of("lessons_manager"))
    if by.kind not in ("operator", "system") and unit.id not in curated:
        raise Forbidden(NOT_THEIRS)


def alone(session: Session) -> None:
    """One import at a time, so that nothing comes in twice."""
    if not db.is_sqlite(session):
        session.execute(ONE_IMPORT_AT_A_TIME)


def unit_of(session: Session, row: Import) -> Unit:
    return tree(session).units[row.unit_id]


# ── read ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def keep(
    session: Session, sources: Sequence[Source], *, unit: Unit | None, by: Actor, at: datetime, later: bool = False
) -> Import:
    """Keep what was read, to be looked at; nothing of it is a record yet. `later`: only the files, they are read by the
    worker. Raises Forbidden, Invalid."""
    unit = unit or root_unit(session, by=by, at=at)
    check(session, unit, by)
    row = Import(state=ImportState.READING, name=_name(sources), unit_id=unit.id or 0, person_id=by.id, created_at=at)
    session.add(row)
    session.flush()
    if later:
        session.add_all(_file(row, source, Document(PurePath(source.name).name, "", "")) for source in sources)
        session.flush()
    else:
        fill(session, row, sources, by=by)
    return row


def _name(sources: Sequence[Source]) -> str:
    """The first file's, and how many there are beside it."""
    first = PurePath(sources[0].name).name[:280]
    return f"{first} +{len(sources) - 1}" if len(sources) > 1 else first


def fill(session: Session, row: Import, sources: Sequence[Source], *, by: Actor) -> None:
    """What was read takes the place of what stood there before."""
    for model in (ImportFile, ImportItem):
        session.execute(sa.delete(model).where(model.import_id == row.id))
    session.add_all(_file(row, source, document) for source in sources for document in source.documents)
    row.total = _keep_items(session, row, (document for source in sources for document in source.documents))
    row.state = ImportState.READ
    session.add(row)
    session.flush()
    alike.look(session, row, by=by)


def given(session: Session, row: Import, *, by: Actor) -> list[Source]:
    """Its files as they were given, not read. Raises Forbidden."""
    check(session, unit_of(session, row), by)
    files = session.execute(sa.select(ImportFile.name, ImportFile.size, ImportFile.sha256)
                            .where(ImportFile.import_id == row.id).order_by(ImportFile.id)).all()  # fmt: skip
    once = {sha: Source(name.split("/")[0], size, sha) for name, size, sha in reversed(files)}
    return [*reversed(once.values())]


def read_kept(source: Source, told: Mapping[str, str] | None, *, opened: Opened) -> Source:
    """The same with its documents, from the kept file, by what is said of its columns now. Raises Unavailable where
    the file is gone."""
    file = opened(source.sha256)
    if file is None:
        raise Unavailable(say("%(name)s cannot be found any more. It has to be given again.", name=source.name))
    with file:
        return replace(source, documents=read(source.name, file, told))


def read(name: str, content: bytes | BinaryIO, told: Mapping[str, str] | None = None) -> list[Document]:
    """The documents of a file; one that cannot be read is a document of no kind, with the reason."""
    try:
        return formats.read(name, content, told=told)
    except Unreadable as error:
        return [Document(name, "", "", problems=(error.fault,))]


def _file(row: Import, source: Source, document: Document) -> ImportFile:
    media = mimetypes.guess_type(source.name)[0] or "application/octet-stream"
    columns = [[one.sheet, one.number, one.heading, one.field, one.confidence] for one in document.columns]
    problems = [[one.kind, one.row, one.column, one.found, one.sheet] for one in document.problems]
    kept = [written.as_dict(one) for one in document.leftovers]
    about = {"title": document.title, "columns": columns, "problems": problems, "kept": kept, "media": media}
    about["owners"], about["units"] = document.debriefs.owners.most_common(), placing.named(document)
    return ImportFile(import_id=row.id or 0, name=document.source, kind=document.kind, size=source.size,
                      sha256=source.sha256, about=about)  # fmt: skip


def _keep_items(session: Session, row: Import, documents: Iterable[Document]) -> int:
    numbered = enumerate((line for document in documents for line in document.debriefs.lines()), 1)
    count = 0
    while some := list(islice(numbered, BATCH)):
        values = [{"import_id": row.id, "n": n, "digest": digest, "read": read, "how": "", "choice": "",
                   "likeness": 0} for n, (digest, read) in some]  # fmt: skip
        many.insert(session, ITEMS, values, in_words=("read",))
        count += len(some)
    return count


# ── take ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def take(session: Session, row: Import, *, by: Actor, at: datetime) -> None:
    """All of it, in this transaction."""
    begin(session, row, by=by)
    entering = _entering(session, row, by=by, at=at)
    while go_on(session, row, by=by, at=at, entering=entering):
        pass


def begin(session: Session, row: Import, *, by: Actor) -> None:
    """Raises Forbidden, NotAllowed."""
    check(session, unit_of(session, row), by)
    if row.state != ImportState.READ:
        raise NotAllowed(TOO_LATE)
    row.state = ImportState.RUNNING


def go_on(session: Session, row: Import, *, by: Actor, at: datetime, entering: Entering | None = None) -> bool:
    """The next batch of it; False once all of it is here. After a fault it goes on where it stopped. `entering`: who is
    meant and what goes along, where it was read for the batch before."""
    alone(session)
    items = db.connection(session).execute(WAITING, {"import": row.id, "done": row.done, "most": BATCH}).all()
    if not items:
        row.state, row.taken_at, row.done = ImportState.TAKEN, at, row.total
        session.add(row)
        session.flush()
        return False
    became = _become(items, standing(session, [item.digest for item in items]))
    arriving = [Arriving(item, written.debrief_of(item.read)) for item in items if became[item.id] in (MADE, MERGED)]
    made = (entering or _entering(session, row, by=by, at=at)).enter(arriving)
    debriefs = {one.item.id: debrief.id for one, debrief in zip(arriving, made, strict=True)}
    told = [{"item": n, "_how": how, "_debrief": debriefs.get(n)} for n, how in became.items()]
    db.writing(session).execute(BECAME, told)
    row.done += len(items)
    session.add(row)
    session.flush()
    return True


def _become(items: Sequence[Any], known: set[str]) -> dict[int, str]:
    """What becomes of each item, by its id; of those that say the same the first comes in."""
    became: dict[int, str] = {}
    for item in items:
        made = MERGED if item.choice == "merge" else MADE
        became[item.id] = KNOWN if item.digest in known else LEFT if item.choice == "leave" else made
        if became[item.id] == made:
            known.add(item.digest)
    return became


def _entering(session: Session, row: Import, *, by: Actor, at: datetime) -> Entering:
    unit, directory = unit_of(session, row), directory_of(session, row, at)
    return Entering(session, unit, directory, _going_along(session, row), by, at)


def _going_along(session: Session, row: Import) -> dict[str, ImportFile]:
    """The files that go with their events: reports, not registers. What came out of an archive stays in it."""
    reports = sa.select(ImportFile).where(
        ImportFile.import_id == row.id,
        ImportFile.kind.in_(("docx", "markdown", "text")),
        ImportFile.name.not_like("%.zip/%"),
    )
    return {file.name: file for file in session.scalars(reports) if file.sha256}


def unknown_people(session: Session, row: Import, at: datetime) -> list[str]:
    """Owners as the source names them who are nobody here, or more than one, and whom nobody has answered for; the most
    often named first."""
    return unknown_to(directory_of(session, row, at), session.scalars(files_of(row)).all())


def unknown_to(directory: whom.Directory, files: Sequence[ImportFile]) -> list[str]:
    """The same, where both were read. The names were counted when the files were."""
    named: Counter[str] = Counter()
    for file in files:
        named.update(dict(file.about.get("owners", ())))
    return [name for name, _ in named.most_common() if directory.unknown_people(name)]


def files_of(row: Import) -> Any:
    """A select of an import's files, in their order."""
    return sa.select(ImportFile).where(ImportFile.import_id == row.id).order_by(ImportFile.id)


def directory_of(session: Session, row: Import, at: datetime) -> whom.Directory:
    return whom.directory(session, at, said=row.answers.get("people", {}))


def standing(session: Session, digests: Sequence[str]) -> set[str]:
    """Which of these events stand here already, by an import that was not undone."""
    stands = (
        sa.select(ImportItem.digest)
        .join(Import, Import.id == ImportItem.import_id)
        .where(ImportItem.digest.in_(digests), ImportItem.how.in_((MADE, MERGED)), Import.state.in_(STANDING))
    )
    return set(session.scalars(stands))


# ── undo ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def drop(session: Session, row: Import, *, by: Actor) -> None:
    """What was only looked at is not kept any longer."""
    check(session, unit_of(session, row), by)
    if row.state != ImportState.READ:
        raise NotAllowed(TOO_LATE)
    row.state = ImportState.DROPPED
    session.add(row)
    db.writing(session).execute(sa.delete(ITEMS).where(ITEMS.c.import_id == row.id))


def made_by(row: Import, model: Any) -> Any:
    """A select of the ids of all debriefs, lessons or actions that an import made."""
    debriefs = sa.select(ImportItem.debrief_id).where(
        ImportItem.import_id == row.id, ImportItem.debrief_id.is_not(None)
    )
    if model is Debrief:
        return debriefs
    lessons = sa.select(Lesson.id).where(Lesson.debrief_id.in_(debriefs), Lesson.imported_from.startswith("import:"))
    if model is Lesson:
        return lessons
    own = sa.or_(Action.debrief_id.in_(debriefs), Action.lesson_id.in_(lessons))
    return sa.select(Action.id).where(own, Action.imported_from.startswith("import:"))

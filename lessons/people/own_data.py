"""What is kept about one person, in one archive: as a page that opens without a server, and as JSON for programs.

It is made for the person or, once they left, for whoever administers them.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlmodel import Session

from exports.bundle_html import Entry, Index, pressed
from lessons import db
from lessons.access import Actor, tree
from lessons.errors import Forbidden, NotAllowed
from lessons.i18n import Name, language_of, say
from lessons.jobs import held
from lessons.jobs import operations as jobs
from lessons.jobs.kinds import Made, is_seen
from lessons.jobs.running import Progress
from lessons.models import Job, Person
from lessons.people import operations, queries
from lessons.people.about import PARTS, Rows, collected
from lessons.people.labels import labelled
from lessons.web.paper import Pen

log = logging.getLogger(__name__)
KIND = "own_data"
TITLE = say("What is kept about %(who)s")
TAKEN = say("Taken on %(when)s. What each kind of data is for, and how long it is kept, administrators can say.")
READY = say("What is kept about the person, in one archive. Unpacked, its first page opens without a server.")
STILL_HERE = say("Whoever is here asks for their own data themself, under “My account”.")
TITLES: dict[str, Any] = {
    "person": say("The person"), **{part.name: part.title for part in PARTS}, "records": say("Records"),
    "duties": say("Duties"), "notices": say("News for a person"), "steps": say("Steps taken"),
}  # fmt: skip


# ── asking for it ────────────────────────────────────────────────────────────────────────────────────────────────────
def ask(session: Session, person: Person, *, by: Actor, at: datetime) -> Job:
    """One's own or, of somebody who left, what an administrator of theirs answers for; the log says who asked. Raises
    Forbidden, NotAllowed."""
    _check(session, person, by)
    if by.id != person.id:
        log.info("%s asked for what is kept about %s", by.person.pid if by.person else by.kind, person.pid)
    return jobs.ask(session, KIND, TITLE.with_(who=Name.of(person)), {"of": person.pid}, by=by, at=at)


def _check(session: Session, person: Person, by: Actor) -> None:
    if by.id == person.id:
        return
    if not by.units_of("admin") & set(tree(session).above[person.unit_id]):
        raise Forbidden(operations.NOT_YOURS)
    if person.closed_at is None:
        raise NotAllowed(STILL_HERE)


# ── as long work ─────────────────────────────────────────────────────────────────────────────────────────────────────
def make(job: Job, progress: Progress) -> Made:
    """By the rights that whoever asked has now."""
    with db.reading() as session:
        by, at = progress.actor(session), progress.now()
        person = queries.person_by_pid(session, str(job.asked["of"]))
        _check(session, person, by)
        pen = Pen(session, by, at, job.lang)
        found = collected(session, person, by=by)
        holds = _holds(session, found["records"], by)
        data = _packed(pen, person, found)
    return Made(READY, data, f"data-{at.date().isoformat()}.zip", "application/zip", holds)


def _holds(session: Session, records: Rows, by: Actor) -> tuple[str, ...]:
    by_noun: dict[str, set[str]] = {}
    for one in records:
        by_noun.setdefault(one["noun"], set()).add(one["code"])
    return tuple(name for noun, codes in by_noun.items() for name in held.records(session, noun, by, codes))


def may_fetch(session: Session, job: Job, by: Actor) -> bool:
    """Whether they may still ask for it, and every record that it names may still be seen."""
    try:
        _check(session, queries.person_by_pid(session, str(job.asked["of"])), by)
    except (Forbidden, NotAllowed):
        return False
    return is_seen(session, job, by)


# ── as an archive ────────────────────────────────────────────────────────────────────────────────────────────────────
def _packed(pen: Pen, person: Person, found: Mapping[str, Rows]) -> BytesIO:
    out, stamp = BytesIO(), pen.at.timetuple()[:6]
    with ZipFile(out, "w") as archive:
        told = json.dumps(found, ensure_ascii=False, indent=1)
        archive.writestr(ZipInfo("data.json", stamp), told, ZIP_DEFLATED)
        archive.writestr(ZipInfo("index.html", stamp), pressed(_index(pen, person, found)), ZIP_DEFLATED)
    return out


def _index(pen: Pen, person: Person, found: Mapping[str, Rows]) -> Index:
    data = Entry(title="data.json", lang="en", path="data.json", note=pen.word(say("The same for programs")))
    groups = [(pen.word(say("Files")), (data,))]
    groups += [
        (pen.word(TITLES[name]), tuple(_entry(pen, name, row) for row in rows)) for name, rows in found.items() if rows
    ]
    return Index(
        lang=pen.locale,
        title=pen.word(TITLE.with_(who=Name.of(person))),
        notes=(TAKEN.with_(when=pen.word(pen.at)).in_(pen.locale),),
        groups=tuple(groups),
    )


def _entry(pen: Pen, part: str, row: Mapping[str, Any]) -> Entry:
    """The first value that says something, and beneath it all others, each with what it is."""
    said = labelled(pen, part, row)
    title = said[0][1] if said else "—"
    note = " · ".join(f"{label}: {text}" for label, text in said[1:])
    return Entry(title=title, lang=language_of(title, pen.locale), note=note)

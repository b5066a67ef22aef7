"""What programs read: every record as JSON, one or fifty of a noun with the same number of queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, facts, tree
from lessons.access.visible import view_of
from lessons.actions.queries import DOING
from lessons.briefings.queries import readings_of
from lessons.debriefs.topics import topics_of
from lessons.doors.around import parts_of
from lessons.doors.columns import Names, handle
from lessons.models import (
    ActionCause,
    Cause,
    DebriefPerson,
    Lesson,
    Person,
    RevisionEditor,
    RevisionLesson,
)
from lessons.sentences.queries import votes_of
from lessons.steps import Offer, offers

ROOT = "/api/v1"
Shape = dict[str, Any]
PAPER = {
    "debriefs": "report", "lessons": "life", "revisions": "changes", "briefings": "sheet", "verifications": "record",
}  # fmt: skip
"""What the paper of a record is called, where it has one."""
ALWAYS = ("code", "state", "version", "edition", "unit", "created_at", "changed_at")
# of a confidential debrief whose header alone is open, and of one that its reader merely reported
HEADER = (*ALWAYS, "leader", "confidential", "happened_on", "opened_at", "due_on", "first_due_on",
          "extension_count", "issued_at", "closed_at")  # fmt: skip
REPORTED = (*ALWAYS, "kind", "urgent", "anonymous", "confidential", "what_happened", "language", "happened_on",
            "opened_at", "issued_at", "closed_at")  # fmt: skip
SEEN = {"header": HEADER, "reporter": REPORTED}
STAFF = ("lessons_manager", "manager", "auditor")
ASKERS = frozenset({"opener", "manager", "lessons_manager", "editor", "auditor"})


@dataclass(frozen=True)
class Reader:
    """Some rows of one noun, who reads them and when, in which language."""

    session: Session
    rows: Sequence[Any]
    by: Actor
    at: datetime
    locale: str
    own_names: Names | None = None

    @cached_property
    def ids(self) -> list[int]:
        return [row.id for row in self.rows]

    @cached_property
    def names(self) -> Names:
        found = self.own_names or Names(self.session, self.by)
        found.learn(self.rows)
        return found

    @cached_property
    def relations(self) -> list[frozenset[str]]:
        return [one.relations for one in facts(self.session, self.rows, by=self.by, at=self.at)]

    def pairs(self, statement: Any) -> dict[int, list[Any]]:
        """The second column's values by the first."""
        found: dict[int, list[Any]] = {one: [] for one in self.ids}
        for key, value in self.session.execute(statement):
            found[key].append(value)
        return found


def listed(session: Session, rows: Sequence[Any], *, by: Actor, at: datetime, locale: str) -> list[Shape]:
    """Records as a list shows them: of the steps that are the reader's, the names of the open ones."""
    if not rows:
        return []
    reader = Reader(session, rows, by, at, locale)
    offered = offers(session, rows, by=by, at=at)
    shapes = _shapes(reader)
    for shape, steps in zip(shapes, offered, strict=True):
        shape["open"] = [one.name for one in steps if one.open]
    return shapes


def plainly(
    session: Session, rows: Sequence[Any], *, by: Actor, at: datetime, locale: str, names: Names | None = None
) -> list[Shape]:
    """Records without their steps. `names` say what they point to, by e-mail and code where none are given."""
    reader = Reader(session, rows, by, at, locale, names or Names(session, by))
    return _shapes(reader) if rows else []


def single(session: Session, row: Any, *, by: Actor, at: datetime, locale: str) -> Shape:
    """One record with its parts and every step that is the reader's, closed ones with what is missing."""
    reader = Reader(session, [row], by, at, locale)
    shape = _shapes(reader)[0]
    if shape.get("view", "full") != "header":
        shape |= parts_of(session, row, reader.names, by=by, at=at, view=shape.get("view", "full"))
    shape["triggers"] = [_trigger(one, locale) for one in offers(session, [row], by=by, at=at)[0]]
    return shape


def _trigger(offer: Offer, locale: str) -> Shape:
    unmet = [{"guard": one.guard, "message": one.message.in_(locale)} for one in offer.unmet]
    return {"name": offer.name, "open": offer.open, "unmet": unmet, "asks": offer.asks}


def _shapes(reader: Reader) -> list[Shape]:
    more = MORE.get(reader.rows[0].noun, _nothing)(reader)
    told = (reader.names.told(row) | one for row, one in zip(reader.rows, more, strict=True))
    return [_cut(shape) | {"links": links(row)} for row, shape in zip(reader.rows, told, strict=True)]


def _cut(shape: Shape) -> Shape:
    kept = SEEN.get(shape.get("view", ""))
    return shape if kept is None else {name: shape[name] for name in (*kept, "view")}


def links(row: Any) -> Shape:
    here = f"{ROOT}/{row.noun}/{row.code}"
    found = {"self": here, "page": f"/{row.noun}/{row.code}", "events": f"{here}/events"}
    if row.noun in PAPER:
        found["paper"] = f"{here}/{PAPER[row.noun]}.pdf"
    if row.noun == "lessons":
        found |= {"card": f"{here}/card.json", "pdf": f"{here}/card.pdf", "short": f"/c/{row.short}"}
    return found


# ── what a noun tells beyond its columns ─────────────────────────────────────────────────────────────────────────────
def _nothing(reader: Reader) -> list[Shape]:
    return [{} for _ in reader.rows]


def _debriefs(reader: Reader) -> list[Shape]:
    people: dict[str, dict[int, list[str]]] = {"participant": {}, "named": {}}
    took_part = (
        sa.select(DebriefPerson.debrief_id, DebriefPerson.part, Person)
        .join(Person, Person.id == DebriefPerson.person_id)
        .where(DebriefPerson.debrief_id.in_(reader.ids))
        .order_by(Person.id)
    )
    for debrief_id, part, person in reader.session.execute(took_part):
        people.setdefault(part, {}).setdefault(debrief_id, []).append(handle(person))
    return [
        {
            "view": view_of(row, relations),
            "participants": people["participant"].get(row.id, []),
            "named_people": people["named"].get(row.id, []),
        }
        for row, relations in zip(reader.rows, reader.relations, strict=True)
    ]


def _lessons(reader: Reader) -> list[Shape]:
    topics = topics_of(reader.session, reader.ids)
    return [{"topics": topics[row.id], **_kept_back(reader, row)} for row in reader.rows]


def _kept_back(reader: Reader, row: Lesson) -> Shape:
    """A lesson shows no way to a debrief that its reader may not see, nor a name without consent."""
    hidden: Shape = {}
    if row.debrief_id and reader.names.name("debriefs", row.debrief_id) is None:
        hidden["finding"] = None
    staff = tree(reader.session).under(reader.by.units_of(*STAFF))
    if not row.consent and row.author_id not in reader.by.acting and row.unit_id not in staff:
        hidden["interviewee"] = None
    return hidden


def _actions(reader: Reader) -> list[Shape]:
    covered = sa.select(ActionCause.action_id, Cause.pid).join(Cause, Cause.id == ActionCause.cause_id)
    covers = reader.pairs(covered.where(ActionCause.action_id.in_(reader.ids)).order_by(Cause.id))
    units = tree(reader.session)
    return [
        {
            "covers": covers[row.id],
            "overdue": bool(
                row.due_on and row.state in DOING and row.due_on < units.today(row.unit_id, reader.at)
            ),
        }
        for row in reader.rows
    ]  # fmt: skip


def _revisions(reader: Reader) -> list[Shape]:
    edited = sa.select(RevisionEditor.revision_id, Person).join(Person, Person.id == RevisionEditor.person_id)
    editors = reader.pairs(edited.where(RevisionEditor.revision_id.in_(reader.ids)).order_by(Person.id))
    drafted = sa.select(RevisionLesson.revision_id, RevisionLesson.lesson_id)
    because = reader.pairs(drafted.where(RevisionLesson.revision_id.in_(reader.ids)).order_by(RevisionLesson.lesson_id))
    known = reader.names.ask("lessons", {one for ids in because.values() for one in ids})
    return [
        {
            "editors": [reader.names.called(person) for person in editors[row.id]],
            "because_of": [known[one] for one in because[row.id] if one in known],
        }
        for row in reader.rows
    ]


def _verifications(reader: Reader) -> list[Shape]:
    # what is read may be sent again
    return [
        {"baseline_unknown": {"reason": row.baseline_unknown} if row.baseline_unknown else None} for row in reader.rows
    ]


def _briefings(reader: Reader) -> list[Shape]:
    readings = readings_of(reader.session, reader.rows, at=reader.at)
    return [
        {
            "subject": reader.names.name("lessons", row.lesson_id)
            or reader.names.name("revisions", row.revision_id)
            or reader.names.name("news", row.news_id),
            "counted": readings[row.id].of,
            "acknowledged": readings[row.id].read,
            "reached": readings[row.id].reached,
            "check": _check(row.check, relations),
        }
        for row, relations in zip(reader.rows, reader.relations, strict=True)
    ]


def _check(check: Mapping[str, Any] | None, relations: frozenset[str]) -> Shape | None:
    """The question as it is asked; which answer is right is told to those who ask it."""
    if check is None:
        return None
    knows = "opener" in relations or (relations & ASKERS and "member" not in relations)
    kept = check if knows else {name: check[name] for name in check if name != "right"}
    return dict(kept)


def _sentences(reader: Reader) -> list[Shape]:
    """How many it helped, and whether the reader said so: never who else did."""
    votes = votes_of(reader.session, reader.ids, by=reader.by)
    return [{"votes": votes[one].helped, "voted": votes[one].voted} for one in reader.ids]


MORE: dict[str, Callable[[Reader], list[Shape]]] = {
    "debriefs": _debriefs,
    "lessons": _lessons,
    "actions": _actions,
    "revisions": _revisions,
    "verifications": _verifications,
    "briefings": _briefings,
    "sentences": _sentences,
}

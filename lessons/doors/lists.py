"""Lists for programs: what may be asked of each noun, and pages that cost the same at any depth."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from lessons.access import Actor, visible_to
from lessons.access.listing import UNDATED, Order, first_by_day
from lessons.doors.filters import DUTY_STATES, OVERDUE, PLAIN, Wanted, criteria
from lessons.doors.parameters import Query, sealed, unsealed
from lessons.models import (
    Action,
    Briefing,
    Case,
    Debrief,
    Duty,
    Lesson,
    News,
    Person,
    Procedure,
    Question,
    Revision,
    Sentence,
    Topic,
    Unit,
    Verification,
)
from lessons.workflow.lives import LIVES


@dataclass(frozen=True)
class Listing:
    """`handle` is the column that names a row outside; `sorts` are columns that a list may go by (`id`: by age);
    `owner` is who is responsible; `words` are searched by q."""

    model: Any
    handle: str = "code"
    sorts: Mapping[str, Any] = field(default_factory=dict)
    sort: str = "-created_at"
    words: Sequence[str] = ()
    owner: str = ""
    kind: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    """Of which other record, by the noun that names it."""

    @property
    def noun(self) -> str:
        return str(self.model.noun)

    @property
    def states(self) -> tuple[str, ...]:
        if self.noun == "duties":
            return DUTY_STATES
        return tuple(state.value for state in LIVES[self.noun].states) if self.noun in LIVES else ()

    @property
    def orders(self) -> tuple[str, ...]:
        return tuple(f"{sign}{name}" for name in self.sorts for sign in ("", "-")) + tuple(self.short)

    @property
    def short(self) -> dict[str, str]:
        """`due` for due_on, and so on."""
        cut = {name: re.sub("_(at|on)$", "", name) for name in self.sorts}
        return {f"{sign}{to}": f"{sign}{name}" for name, to in cut.items() for sign in ("", "-") if to != name}

    @property
    def known(self) -> tuple[str, ...]:
        """Every parameter that the list takes."""
        has = self.model.__table__.columns.keys()
        found = ["q", *self.filters]
        found += ["state"] if self.states else []
        found += ["unit"] if "unit_id" in has else []
        found += ["owner"] if self.owner else []
        found += ["kind"] if self.kind else []
        found += [name for name in ("severity", "direction") if name in has]
        found += ["overdue"] if self.noun in OVERDUE or self.noun in LIVES else []
        return (*found, *PLAIN)


def _sorts(model: Any, *more: str) -> dict[str, Any]:
    return {"created_at": model.id, "changed_at": model.changed_at} | {name: getattr(model, name) for name in more}


LISTINGS: dict[str, Listing] = {
    one.noun: one
    for one in (
        Listing(Debrief, sorts=_sorts(Debrief, "due_on"), words=("code", "title", "what_happened"), owner="leader_id",
                kind="kind"),
        Listing(Lesson, sorts=_sorts(Lesson, "review_on"), words=("code", "title"), owner="owner_id",
                filters={"debrief": "debriefs", "topic": ""}),
        Listing(Action, sorts=_sorts(Action, "due_on"), words=("code", "text", "done_when"), owner="owner_id",
                kind="kind", filters={"lesson": "lessons", "debrief": "debriefs"}),
        Listing(Procedure, sorts=_sorts(Procedure), words=("code", "title"), owner="owner_id", kind="policy_kind"),
        Listing(Revision, sorts=_sorts(Revision, "effective_on"), words=("code", "summary"), owner="editor_id",
                filters={"procedure": "procedures", "lesson": "lessons"}),
        Listing(Verification, sorts=_sorts(Verification, "due_on"), words=("code", "measure", "method"),
                owner="verifier_id", kind="preset", filters={"lesson": "lessons"}),
        Listing(Briefing, sorts=_sorts(Briefing, "due_on"), words=("code",), owner="opener_id",
                filters={"lesson": "lessons", "procedure": "procedures"}),
        Listing(News, sorts=_sorts(News, "valid_until"), words=("code", "title", "body"),
                owner="author_id", kind="kind"),
        Listing(Question, sorts=_sorts(Question), words=("code", "text"), owner="asker_id"),
        Listing(Sentence, sorts=_sorts(Sentence), words=("code", "text", "said_when", "topic"), owner="author_id",
                filters={"lesson": "lessons"}),
        Listing(Duty, "pid", {"created_at": Duty.id, "due_on": Duty.due_on}, "due_on", ("of_code", "kind"), "person_id",
                "kind", filters={"lesson": "lessons", "debrief": "debriefs"}),
        Listing(Person, "pid", {"created_at": Person.id, "name": Person.name}, "name",
                ("name", "name_en", "email", "number", "function")),
        Listing(Unit, "code", {"created_at": Unit.id, "name": Unit.name}, "name", ("code", "name", "name_en")),
        Listing(Topic, "key", {"created_at": Topic.id, "name": Topic.name}, "name", ("name",)),
        Listing(Case, "pid", {"created_at": Case.id, "opened_at": Case.opened_at}, words=("external_id", "text"),
                filters={"lesson": "lessons"}),
    )
}  # fmt: skip
"""Every noun that programs may list."""


def page(
    session: Session, noun: str, args: MultiDict[str, str], *, by: Actor, at: datetime
) -> tuple[Sequence[Any], str | None]:
    """The rows from the cursor on and the cursor of those after them. Raises BadQuery."""
    listing = LISTINGS[noun]
    query = Query(args, listing.known, many=("state",))
    sort = query.choice("sort", listing.orders, listing.sort)
    sort = listing.short.get(sort, sort)
    limit = query.limit()
    wanted = Wanted(session, listing, query, by, at)
    where = [visible_to(session, noun, by), *criteria(wanted)]
    order = _Order(listing, sort)
    place = unsealed(f"{noun}:{sort}", cursor) if (cursor := query.text("cursor", most=2000)) else None
    where = [*where, order.beyond(place)] if place else where
    if order.dated:
        states = query.several("state", listing.states) if hasattr(listing.model, "state") else ()
        where = [listing.model.id.in_(order.first(where, limit + 1, place, states))]
    statement = sa.select(listing.model).where(*where).order_by(*order.by).limit(limit + 1)
    rows = session.scalars(statement).all()
    more = len(rows) > limit
    return rows[:limit], sealed(f"{noun}:{sort}", order.place(rows[limit - 1])) if more else None


class _Order:
    """By one column and, among equals, by age; the row itself is named as it is outside."""

    def __init__(self, listing: Listing, sort: str) -> None:
        self.model, self.handle = listing.model, listing.handle
        self.column, self.backwards = listing.sorts[sort.removeprefix("-")], sort.startswith("-")

    @property
    def dated(self) -> bool:
        return isinstance(self.column.type, sa.Date)

    @property
    def key(self) -> Any:
        return sa.func.coalesce(self.column, UNDATED) if self.dated else self.column

    @property
    def by(self) -> list[Any]:
        keys = [self.model.id] if self.column is self.model.id else [self.key, self.model.id]
        return [key.desc() for key in keys] if self.backwards else keys

    def first(self, where: list[Any], n: int, place: list[Any] | None, states: Sequence[str]) -> Any:
        since = self._read(place[0]) if place else None
        return first_by_day(self.model, Order(self.column, self.backwards), where, n, since=since, states=states)

    def place(self, row: Any) -> list[Any]:
        value = getattr(row, self.column.key)
        value = UNDATED if value is None and self.dated else value
        told = None if self.column is self.model.id else value.isoformat() if isinstance(value, date) else value
        return [told, getattr(row, self.handle)]

    def beyond(self, place: list[Any]) -> Any:
        told, name = place
        last = sa.select(self.model.id).where(getattr(self.model, self.handle) == name).scalar_subquery()
        further = self.model.id < last if self.backwards else self.model.id > last
        if self.column is self.model.id:
            return further
        value = self._read(told)
        later = self.key < value if self.backwards else self.key > value
        return sa.or_(later, sa.and_(self.key == value, further))

    def _read(self, told: str) -> Any:
        if self.dated:
            return date.fromisoformat(told)
        return told if isinstance(self.column.type, sa.String) else datetime.fromisoformat(told)

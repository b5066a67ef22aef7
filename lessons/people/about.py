"""What is kept about one person, table by table: every row that is theirs, in values that JSON has.

Of records those alone that whoever asks may see, and of other people no more than their names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, tree, visible_to
from lessons.i18n import say
from lessons.models import (
    RECORDS,
    Absence,
    Authenticator,
    BasicReading,
    Briefing,
    BriefingMember,
    DebriefPerson,
    DeskVisit,
    Duty,
    EventDetail,
    Feed,
    Feedback,
    Grant,
    Invitation,
    Job,
    Lesson,
    Letter,
    News,
    NewsReading,
    Notice,
    Passkey,
    Person,
    ProviderAccount,
    SavedView,
    Sentence,
    SentenceVote,
    SignIn,
    Token,
    metadata,
)

EVENTS = metadata.tables["events"]
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Part:
    """Rows of one table that are the person's own by the column `of`. `named`: columns whose ids stand for something
    that has a name or a code, and where that is."""

    name: str
    title: Any
    model: Any
    columns: tuple[str, ...]
    of: str = "person_id"
    named: Mapping[str, Any] = field(default_factory=dict)


PARTS = (
    Part("roles", say("Roles"), Grant, ("role", "unit_id", "from_at", "until_at")),
    Part("absences", say("Days away"), Absence, ("from_on", "until_on", "delegate_id", "cancelled_at")),
    Part("stood_in", say("Days on which they stood in"), Absence, ("from_on", "until_on", "person_id"), "delegate_id"),
    Part("sign_ins", say("Sign-ins"), SignIn, ("created_at", "seen_at", "ended_at", "how")),
    Part("second_steps", say("Second step"), Authenticator, ("confirmed_at", "ended_at")),
    Part("passkeys", say("Passkeys"), Passkey, ("name", "made_at", "seen_at")),
    Part("provider", say("Single sign-on"), ProviderAccount, ("issuer", "sub", "linked_at")),
    Part("invitations", say("Invitations"), Invitation, ("created_at", "expires_at", "used_at")),
    Part("tokens", say("Tokens for programs"), Token,
         ("name", "scope", "created_at", "seen_at", "expires_at", "ended_at")),
    Part("calendars", say("Calendar addresses"), Feed, ("unit_id", "created_at", "ended_at")),
    Part("desk", say("Last day at the desk"), DeskVisit, ("day", "seen_at")),
    Part("views", say("Views under a name"), SavedView, ("name", "query", "created_at")),
    Part("jobs", say("Made in the background"), Job, ("title", "created_at", "ended_at")),
    Part("letters", say("Letters"), Letter, ("to_address", "subject", "text", "created_at", "sent_at")),
    Part("votes", say("“It worked for me too”"), SentenceVote, ("sentence_id", "at"), named={"sentence_id": Sentence}),
    Part("feedback", say("What readers say"), Feedback, ("lesson_id", "verdict", "words", "at", "answer"),
         named={"lesson_id": Lesson}),
    Part("readings", say("Readings"), BriefingMember, ("briefing_id", "acknowledged_at"),
         named={"briefing_id": Briefing}),
    Part("news_readings", say("News that were read"), NewsReading, ("news_id", "edition", "at"),
         named={"news_id": News}),
    Part("first_cards", say("The first 30 days"), BasicReading, ("lesson_id", "edition", "at"),
         named={"lesson_id": Lesson}),
)  # fmt: skip
ABOUT = ("name", "name_en", "email", "number", "function", "function_en", "unit_id", "manager_id", "hired_on",
         "closed_at", "locale", "digest_every", "theme", "welcomed_at")  # fmt: skip


def collected(session: Session, person: Person, *, by: Actor) -> dict[str, Rows]:
    """Every part by its name, as `by` may see it."""
    look = Look(session, by)
    found = {"person": look.rows([{name: getattr(person, name) for name in ABOUT}], {})}
    for part in PARTS:
        table = part.model.__table__
        mine = sa.select(*(table.c[name] for name in part.columns)).where(table.c[part.of] == person.id)
        rows = session.execute(mine.order_by(*table.primary_key.columns)).mappings()
        found[part.name] = look.rows([dict(row) for row in rows], part.named)
    found["records"] = list(_records(look, person))
    found["duties"] = list(_of_records(look, person, Duty))
    found["notices"] = list(_of_records(look, person, Notice))
    found["steps"] = list(_steps(look, person))
    return found


@dataclass(frozen=True)
class Look:
    """Who looks. Ids of people, units and records become their names and codes; of what may not be seen, nothing."""

    session: Session
    by: Actor

    def seen(self, noun: str) -> Any:
        """Ids of the records of a noun that may be seen."""
        model = RECORDS[noun]
        return sa.select(model.id).where(visible_to(self.session, noun, self.by))

    def rows(self, rows: Sequence[Mapping[str, Any]], named: Mapping[str, Any]) -> Rows:
        known = {"unit_id": {id_: unit.name for id_, unit in tree(self.session).units.items()}}
        people = dict.fromkeys(("delegate_id", "person_id", "manager_id"), Person)
        for column, model in {**people, **named}.items():
            ids = {row[column] for row in rows if row.get(column) is not None}
            if ids:
                known[column] = self._called(model, ids)
        return [
            {name.removesuffix("_id"): known[name].get(value, "") if name in known else plain(value)
             for name, value in row.items()}
            for row in rows
        ]  # fmt: skip

    def _called(self, model: Any, ids: set[int]) -> dict[int, str]:
        called = model.name if model is Person else model.code
        asked = sa.select(model.id, called).where(model.id.in_(ids), visible_to(self.session, model.noun, self.by))
        return dict(self.session.execute(asked).tuples().all())


def _records(look: Look, person: Person) -> Iterator[dict[str, Any]]:
    """Records that name the person, and as what."""
    for noun, model in RECORDS.items():
        ties = [
            one for one in model.__table__.columns if any(f.column.table.name == "persons" for f in one.foreign_keys)
        ]
        mine = [column == person.id for column in ties]
        if noun == "debriefs":
            mine.append(model.id.in_(sa.select(DebriefPerson.debrief_id).where(DebriefPerson.person_id == person.id)))
        rows = sa.select(model).where(sa.or_(sa.false(), *mine), model.id.in_(look.seen(noun))).order_by(model.id)
        for row in look.session.scalars(rows):
            tied = [one.name.removesuffix("_id") for one in ties if getattr(row, one.name) == person.id]
            title = getattr(row, "title", None) or getattr(row, "text", None) or ""
            yield {"noun": noun, "code": row.code, "title": title, "state": row.state.value, "as": tied,
                   "created_at": plain(row.created_at)}  # fmt: skip


def _of_records(look: Look, person: Person, model: Any) -> Iterator[dict[str, Any]]:
    """Duties and news: of records that may be seen, and of what is no record."""
    seen = [sa.and_(model.of_noun == noun, model.of_id.in_(look.seen(noun))) for noun in RECORDS]
    mine = sa.select(model).where(model.person_id == person.id, sa.or_(model.of_noun.not_in(RECORDS), *seen))
    for row in look.session.scalars(mine.order_by(model.id)):
        at, done = (row.opened_at, row.closed_at) if model is Duty else (row.at, row.seen_at)
        yield {"kind": row.kind, "code": row.of_code, "due_on": plain(row.due_on), "at": plain(at),
               "done_at": plain(done)}  # fmt: skip


def _steps(look: Look, person: Person) -> Iterator[dict[str, Any]]:
    """Every step that they took, of records that may be seen."""
    theirs = sa.or_(EventDetail.actor_id == person.id, EventDetail.behalf_id == person.id)
    seen = [sa.and_(EVENTS.c.noun == noun, EVENTS.c.record_id.in_(look.seen(noun))) for noun in RECORDS]
    asked = sa.select(EVENTS.c.noun, EVENTS.c.code, EVENTS.c.trigger, EVENTS.c.at)
    asked = asked.join(EventDetail, EventDetail.event_id == EVENTS.c.id).where(theirs, sa.or_(*seen))
    for row in look.session.execute(asked.order_by(EVENTS.c.id)).mappings():
        yield {name: plain(value) for name, value in row.items()}


def plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date | datetime) else value

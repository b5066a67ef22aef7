"""The people of the demo as the page to sign in shows them: those to begin with, then by their role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import web
from lessons.i18n import Sentence, Word, say
from lessons.models import Grant, Person
from lessons.people import queries
from lessons.workflow.rights import PURPOSE
from lessons.workflow.states import Role

MOST = 30
FIRST = {
    "6": say("Leads a debrief, from what happened to its lessons."),
    "7": say("Owns lessons and actions: does them, shows that it was done, asks for another date."),
    "2": say("Manages a centre: what waits, for whom, and what is to be decided."),
    "12": say("Answers calls: the card during the call, news, questions."),
}
"""By employee number, each with what there is to see as them."""
ORDER = (
    Role.LESSONS_MANAGER, Role.DEBRIEF_LEADER, Role.MANAGER, Role.EDITOR, Role.FINANCE, Role.AUDITOR, Role.ADMIN,
    Role.AGENT,
)  # fmt: skip


@dataclass(frozen=True)
class Group:
    """`people` are pid, name, function and what there is to see as them."""

    name: Sentence | Word
    purpose: Sentence | str
    people: list[dict[str, Any]]


def groups(session: Session) -> list[Group]:
    """Each person once. Whoever has no role comes before the agents, who are many."""
    people = queries.village(session, limit=MOST)
    roles = _roles(session, people)
    first = sorted((one for one in people if one.number in FIRST), key=lambda one: [*FIRST].index(one.number or ""))
    by_role: dict[Role | None, list[Person]] = {role: [] for role in (*ORDER[:-1], None, ORDER[-1])}
    for person in people:
        if person not in first:
            by_role[roles.get(person.id or 0)].append(person)
    found = [Group(say("To begin with"), "", [_door(one) for one in first])]
    found += [Group(*_called(role), [_door(one) for one in some]) for role, some in by_role.items()]
    return [group for group in found if group.people]


def _called(role: Role | None) -> tuple[Sentence | Word, Sentence | str]:
    return (Word("role", role.value), PURPOSE[role]) if role else (say("Without a role"), "")


def _roles(session: Session, people: list[Person]) -> dict[int, Role]:
    """The first of the order that each of them has."""
    rows = session.execute(sa.select(Grant.person_id, Grant.role).where(Grant.person_id.in_([p.id for p in people])))
    return dict(sorted(((row.person_id, row.role) for row in rows), key=lambda pair: -ORDER.index(pair[1])))


def _door(person: Person) -> dict[str, Any]:
    return {"pid": person.pid, "name": web.name_of(person), "function": web.function_of(person),
            "sees": FIRST.get(person.number or "", "")}  # fmt: skip

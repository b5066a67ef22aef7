"""Why what is owed waits, in words: held up, another date asked for, its holder away, nobody there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import tree
from lessons.duties.away import Away, away
from lessons.duties.holders import know_holders, people_of
from lessons.i18n import Name, Sentence, isolate, say
from lessons.models import Action, Extension, Person
from lessons.workflow.states import ActionState, ExtensionState

ASKED = say("Another date was asked for; nobody answered yet.")
NOBODY = say("Nobody has this role here now.")
DECIDED = say("It stayed late, so a manager decides what becomes of it.")
HELD_UP = say("Held up.")
NO_OWNER, NO_DATE = say("It has no owner yet."), say("It has no date yet.")


@dataclass(frozen=True)
class Around:
    """What is known around many duties, by five statements. `holders`: by duty whom it waits for, None for a role;
    `today`: by unit."""

    actions: Mapping[int, Any]
    asked: frozenset[tuple[str, int]]
    holders: Mapping[int, int | None]
    absent: Away
    today: Mapping[int, date]
    people: Mapping[int | None, tuple[str, Name]]

    def who(self, duty: Any) -> tuple[str, Name | None]:
        """The key and the name of the person it waits for; of a role its key alone."""
        holder = self.holders[duty.id]
        return (f"role-{duty.role.value}", None) if holder is None else self.people[holder]


def around(session: Session, duties: Sequence[Any], *, at: datetime) -> Around:
    actions = _actions(session, [d.of_id for d in duties if d.of_noun == "actions"])
    holders = {d.id: _holder(d, actions) for d in duties}
    today = {unit_id: tree(session).today(unit_id, at) for unit_id in {d.unit_id for d in duties}}
    absent = away(session, {one for one in holders.values() if one is not None}, {*today.values()})
    people = {*holders.values(), *(row.waiting_on_id for row in actions.values()), *(to for _, to, _, _ in absent.rows)}
    know_holders(session)
    return Around(actions, _asked(session, duties), holders, absent, today, _people(session, people))


def _actions(session: Session, ids: Sequence[int]) -> dict[int, Any]:
    told = (Action.id, Action.state, Action.owner_id, Action.due_on, Action.waiting_on_id, Action.block_reason)
    return {row.id: row for row in session.execute(sa.select(*told).where(Action.id.in_(sorted({*ids}))))}


def _holder(duty: Any, actions: Mapping[int, Any]) -> int | None:
    """Of doing an action that is held up, whoever it waits for: the wait counts there; else whoever owes it."""
    action = actions.get(duty.of_id) if duty.kind == "do_action" else None
    waits = action is not None and action.state == ActionState.BLOCKED and action.waiting_on_id is not None
    found: int | None = action.waiting_on_id if action is not None and waits else duty.person_id
    return found


def _asked(session: Session, duties: Sequence[Any]) -> frozenset[tuple[str, int]]:
    ids = sorted({d.of_id for d in duties})
    open_ = (Extension.state == ExtensionState.ASKED, Extension.of_id.in_(ids))
    asked = sa.select(Extension.of_noun, Extension.of_id).where(*open_)
    return frozenset((row.of_noun, row.of_id) for row in session.execute(asked))


def _people(session: Session, ids: set[int | None]) -> dict[int | None, tuple[str, Name]]:
    wanted = sorted({one for one in ids if one is not None})
    rows = session.execute(sa.select(Person.id, Person.pid, Person.name, Person.name_en).where(Person.id.in_(wanted)))
    return {row.id: (row.pid, Name.of(row)) for row in rows}


# ── in words ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def reasons(session: Session, duty: Any, known: Around, *, seen: bool) -> list[Sentence | str]:
    """`seen`: whether the reader may read the record, and with it the words that somebody wrote of a hold-up."""
    found = list(_of_action(known.actions[duty.of_id], known, seen=seen)) if duty.of_noun == "actions" else []
    if duty.kind != "decide_extension" and (duty.of_noun, duty.of_id) in known.asked:
        found.append(ASKED)
    if duty.about:
        found.append(DECIDED)
    found += _away(duty, known)
    if duty.person_id is None and not people_of(session, duty):
        found.append(NOBODY)
    return found


def _of_action(action: Any, known: Around, *, seen: bool) -> Iterator[Sentence | str]:
    if action.owner_id is None:
        yield NO_OWNER
    if action.due_on is None:
        yield NO_DATE
    if action.state != ActionState.BLOCKED:
        return
    yield held_up(known.people[action.waiting_on_id][1] if action.waiting_on_id is not None else None)
    if seen and action.block_reason:
        yield action.block_reason


def held_up(waits_for: Name | None) -> Sentence:
    return say("Held up, waits for %(name)s.", name=waits_for) if waits_for else HELD_UP


def _away(duty: Any, known: Around) -> Iterator[Sentence]:
    """Until when whoever it waits for is away, and who stands in."""
    holder, today = known.holders[duty.id], known.today[duty.unit_id]
    for person_id, delegate, first, last in known.absent.rows:
        if person_id == holder and first <= today <= last:
            name, stands_in = known.people[person_id][1], known.people[delegate][1]
            yield say("%(name)s is away until %(day)s, and %(delegate)s stands in.", name=name, delegate=stands_in,
                      day=isolate(f"{last.day}.{last.month}"))  # fmt: skip

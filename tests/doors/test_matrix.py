"""Every step of every life, from every state, by everyone in the village, through HTTP.

Who may do what is written out here once more, by hand: what each person is to the record that `walking` makes. What was
allowed is undone after each call, so that the next one meets the same record; what was refused is left to the product.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access import actor_of, can_see
from lessons.models import RECORDS, Duty, Event, Token
from lessons.workflow.engine import Step
from lessons.workflow.lives import LIVES
from tests.doors.calling import KEYS, Answer, Programs, at_work
from tests.village import Village
from tests.walking import AUDIENCE, LATER, REASON, Walk, mail

STATES = [("sqlite", noun, state.value) for noun, life in LIVES.items() for state in life.states]
# the table is the same on both databases, and one of them takes three times as long: there each life where it begins,
# asked by two; that each step can be taken there is told by tests/doors/test_walks.py
STATES += [pytest.param("postgresql", noun, next(iter(life.states)).value, marks=pytest.mark.postgres)
           for noun, life in LIVES.items()]  # fmt: skip
SOME = ("naomi", "avi")
HEADS = {"michal": {"manager"}, "ilan": {"manager"}, "naomi": {"lessons_manager"}}
STAFF = HEADS | {"gideon": {"auditor"}, "alexei": set(), "rana": set(), "yossi": set(), "ruth": set(), "omer": set()}
WHO: dict[str, dict[str, set[str]]] = {
    "debriefs": {"dana": {"leader", "debrief_leader"}, "naomi": {"reviewer", "lessons_manager"}, "avi": {"reporter"}},
    "lessons": {"dana": {"author", "leader", "debrief_leader"}, "naomi": {"lessons_manager", "reviewer"},
                "yossi": {"owner"}, "hila": {"editor"}},
    "actions": {"avi": {"owner"}, "naomi": {"assigner", "lessons_manager"}, "yossi": {"lesson_owner"},
                "ruth": {"verifier"}, "omer": {"waiting_on"}},
    "procedures": {"hila": {"owner", "editor_role"}, "ilan": {"approver", "manager"}},
    "revisions": {"hila": {"editor", "editor_role", "procedure_owner"}, "ilan": {"approver", "manager"},
                  "omer": {"finance"}},
    "verifications": {"ruth": {"verifier"}, "yossi": {"lesson_owner"}},
    "news": {"hila": {"editor"}, "avi": {"author"}},
    "questions": {"avi": {"asker"}, "hila": {"editor"}},
    "sentences": {"avi": {"author"}, "hila": {"editor"}},
    "briefings": {"yossi": {"opener", "member"}, "dana": {"member"}, "avi": {"member"}, "ilan": {"member", "manager"},
                  "hila": {"editor"}},
}  # fmt: skip
# by its state a record has no leader or owner yet
NOT_YET = {("debriefs", "reported"): {"leader", "reviewer"}, ("debriefs", "declined"): {"leader", "reviewer"},
           ("debriefs", "merged"): {"leader", "reviewer"}, ("lessons", "draft"): {"owner"},
           ("lessons", "proposed"): {"owner"}, ("lessons", "rejected"): {"owner"}, ("lessons", "merged"): {"owner"},
           **{("news", state): {"author"} for state in ("live", "withdrawn", "expired")},
           }  # fmt: skip
FIELDS: dict[str, Any] = {
    "reason": REASON, "leader": mail("dana"), "reviewer": mail("naomi"), "owner": mail("avi"), "due_on": LATER,
    "new_due_on": "2027-03-02", "text": "לבדוק את המסך", "done_when": "נבדק", "relation": "owner", "to": mail("rana"),
    "title": "מקריאים את הסכום", "audience": AUDIENCE, "result": "inconclusive", "kind": "note",
    "question": REASON, "answer": REASON,
}  # fmt: skip


Walked = tuple[Programs, str, int]


@pytest.fixture
def walked(programs: Programs, noun: str, state: str) -> Walked:
    """The record's code and key; the clock shows the day on which it got there."""
    with at_work(programs.village) as village:
        walk = Walk(village)
        row = walk.record(noun, state)
        programs.clock.at = walk.at
        village.session.execute(sa.update(Token).values(seen_at=walk.at))  # it would be noted, and undone, at each call
        return programs, row.code, row.id


@pytest.mark.parametrize(("kind", "noun", "state"), STATES)
def test_each_step_is_taken_by_those_it_is_for_and_refused_to_all_others(
    walked: Walked, noun: str, state: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs, code, row_id = walked
    monkeypatch.setattr(db, "transaction", _undone(db.transaction))
    before = _standing(noun, row_id)
    wrong: list[str] = []
    for who in KEYS if kind == "sqlite" else SOME:
        sees, owed = _sees_and_owes(programs, who, noun, row_id)
        for trigger in LIVES[noun].triggers:
            answer = getattr(programs, who).post(f"/{noun}/{code}/{trigger}", _body(noun, trigger))
            right = _expected(noun, state, trigger, who, owed) if sees else {404}
            if answer.status not in right or _problem(answer):
                wrong.append(f"{who} {trigger}: {answer.status}, expected {sorted(right)}: {_problem(answer)}")
    assert wrong == []
    assert _standing(noun, row_id) == before


def _expected(noun: str, state: str, trigger: str, who: str, owed: frozenset[str]) -> set[int]:
    here = LIVES[noun].candidates(state, trigger)
    anywhere = [step for step in LIVES[noun].steps if step.trigger == trigger]
    theirs = any(_is_for(step, noun, state, who) for step in here or anywhere) or trigger in owed
    if not theirs:
        return {403}
    return {200, 201, 409, 422} if here else {409}


def _is_for(step: Step, noun: str, state: str, who: str) -> bool:
    are = (WHO[noun].get(who, set()) | HEADS.get(who, set())) - NOT_YET.get((noun, state), set())
    return "anyone" in step.by or bool(are & set(step.by))


def _problem(answer: Answer) -> str:
    """What a refusal owes whoever reads it."""
    if answer.status < 400:
        return "" if answer["code" if "code" in answer.body else "id"] else "nothing named"
    if answer.headers["Content-Type"] != "application/problem+json" or answer["status"] != answer.status:
        return "no problem"
    if answer.status == 409 and not ("open" in answer.body and answer["detail"] and answer["trigger"]):
        return "a conflict that leads nowhere"
    return "" if answer.status != 422 or answer["errors"] else "no field named"


def _sees_and_owes(programs: Programs, who: str, noun: str, row_id: int) -> tuple[bool, frozenset[str]]:
    with db.reading() as session:
        by = actor_of(session, getattr(programs.village, who), at=programs.clock.at)
        row = session.get(RECORDS[noun], row_id)
        return can_see(session, row, by), _owed(session, noun, row_id, by)


def _owed(session: Session, noun: str, row_id: int, by: Any) -> frozenset[str]:
    """The steps that fulfil an open duty of theirs."""
    mine = sa.select(Duty).where(Duty.of_noun == noun, Duty.of_id == row_id, Duty.closed_at.is_(None))
    kinds = {duty.kind for duty in session.scalars(mine) if duty.person_id == by.id or _holds(duty, by)}
    return frozenset(trigger for owes in LIVES[noun].owes if owes.kind in kinds for trigger in owes.by)


def _holds(duty: Duty, by: Any) -> bool:
    return duty.role is not None and by.id not in duty.excluding and bool(by.units_of(duty.role.value))


def _standing(noun: str, row_id: int) -> tuple[Any, ...]:
    with db.reading() as session:
        row = session.get(RECORDS[noun], row_id)
        return row.state, row.version, row.event_n, session.scalar(sa.select(sa.func.count()).select_from(Event))


def _undone(transaction: Any) -> Any:
    """A transaction whose success is taken back at its end; a refusal goes the product's own way."""

    @contextmanager
    def undone() -> Iterator[Session]:
        with transaction() as session:
            yield session
            session.flush()
            session.rollback()

    return undone


@cache
def _form(noun: str, trigger: str) -> Any:
    return next((step.asks for step in LIVES[noun].steps if step.trigger == trigger and step.asks), None)


def _body(noun: str, trigger: str) -> dict[str, Any]:
    """What the form needs, and no more."""
    form = _form(noun, trigger)
    needed = [name for name, info in form.model_fields.items() if info.is_required()] if form else []
    return {name: FIELDS[name] for name in needed if name in FIELDS}


def test_everyone_in_the_village_is_tried(village: Village) -> None:
    assert set(WHO) == set(LIVES)
    assert {who for one in WHO.values() for who in one} | set(STAFF) == set(KEYS)

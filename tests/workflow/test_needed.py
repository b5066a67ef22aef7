"""Which fields are needed because a guard is met by them."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

from lessons.i18n import say
from lessons.workflow.action import LIFE as ACTION
from lessons.workflow.engine import Guard, Lifecycle, Step, check, guard
from lessons.workflow.needed import by_life, by_step, of_new
from lessons.workflow.states import ActionState as S

NONE = SimpleNamespace(long=False)


@dataclass(frozen=True)
class Facts:
    topics: int = 0


@check(say("A date is needed."), met_by=("due_on",))
def dated(row: object, facts: object, asked: dict[str, object]) -> bool:
    return bool(asked.get("due_on"))


@check(say("A long one has a reviewer."), met_by=("reviewer",))
def reviewed(row: object, facts: object, asked: dict[str, object]) -> bool:
    return asked.get("path") != "long" or bool(asked.get("reviewer"))


@check(say("A case or a line."), met_by=("line",))
def told(row: object, facts: object, asked: dict[str, object]) -> bool:
    return bool(asked.get("case") or asked.get("line"))


@guard(say("Long ones say why."), met_by=("why",))
def why(row: SimpleNamespace, facts: object) -> bool:
    return not row.long or bool(row.why)


@guard(say("A topic is needed."), met_by=("topics",))
def topical(row: object, facts: Facts) -> bool:
    return facts.topics > 0


def step(*needs: Guard) -> Step:
    return Step("go", (S.ASSIGNED,), S.DONE, ("owner",), needs=needs)


def test_a_field_without_which_a_step_is_refused_whatever_is_chosen_is_needed() -> None:
    found = by_step(step(dated, reviewed), NONE, NONE, {}, {"path": ["quick", "long"]})
    assert (found.always, set(found.sometimes)) == ({"due_on": say("A date is needed.")}, {"reviewer"})
    assert found.sometimes["reviewer"] == say("A long one has a reviewer.")


def test_where_words_alone_are_refused_the_form_asks_for_more() -> None:
    [done] = (step for step in ACTION.steps if step.trigger == "report_done")
    facts = {"evidence": 0, "long_note": False}
    small = by_step(done, NONE, SimpleNamespace(severity=2, **facts), {}, {})
    grave = by_step(done, NONE, SimpleNamespace(severity=4, **facts), {}, {})
    assert (set(small.always), small.proof) == ({"evidence"}, set())
    assert (set(grave.always), grave.proof) == ({"evidence"}, {"evidence"})
    assert "words alone" in str(grave.always["evidence"])


def test_what_stands_in_the_form_already_may_be_enough() -> None:
    assert by_step(step(told), NONE, NONE, {"case": "C-1"}, {}).always == {}
    assert by_step(step(told), NONE, NONE, {}, {}).always.keys() == {"line"}


def test_a_records_own_form_needs_what_the_steps_of_its_life_ask_of_this_record() -> None:
    life = Lifecycle("actions", S, (step(why, topical),), initial=(S.ASSIGNED,), live=(S.ASSIGNED,))
    long = by_life(life, SimpleNamespace(long=True, why="so"), Facts(2))
    assert (set(long.sometimes), long.idle) == ({"why", "topics"}, set())
    short = by_life(life, SimpleNamespace(long=False, why=""), Facts(2))
    assert (set(short.sometimes), short.idle) == ({"topics"}, {"why"})
    assert set(of_new(life).sometimes) == {"why", "topics"}

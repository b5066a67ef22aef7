"""Guards and steps that several lives share: handing over, asking for another date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from lessons.i18n import Name, isolate, say, say_n
from lessons.workflow.asks import DutyDate, Extension, HandOn, HandOver, MaybeReason, WithReason
from lessons.workflow.engine import Step, check, guard
from lessons.workflow.facts import NONE, Facts

RELATIONS = {
    "debriefs": ("leader", "reviewer"),
    "lessons": ("owner",),
    "actions": ("owner",),
    "procedures": ("owner", "approver"),
    "revisions": ("editor",),
    "verifications": ("verifier",),
    "briefings": (),
    "questions": (),
}


@check(say("This role does not exist on this item. Here it can be: %(relations)s."))
def relation_exists(row: Any, facts: Facts, asked: Mapping[str, Any]) -> bool | dict[str, Any]:
    known = RELATIONS[row.noun]
    return asked.get("relation") in known or {"relations": ", ".join(known)}


@check(say("Handing over is up to whoever holds it now, or to the unit's manager."))
def holder_or_manager(row: Any, facts: Facts, asked: Mapping[str, Any]) -> bool:
    return facts.has("manager", "duty:hand_over", str(asked.get("relation")))


@check(say("They already hold it. Another person is needed to hand it over."))
def somebody_else(row: Any, facts: Facts, asked: Mapping[str, Any]) -> bool:
    to = asked.get("to")
    return to is None or getattr(row, f"{asked.get('relation')}_id", None) != to.id


def hand_over(states: tuple[Any, ...], *relations: str, needs: tuple[Any, ...] = ()) -> Step:
    """Both names stay; the duty becomes a new one; separation is checked again by `needs`."""
    return Step(
        "hand_over",
        states,
        None,
        by=(*relations, "manager"),
        needs=(relation_exists, holder_or_manager, somebody_else, *needs),
        asks=HandOver,
    )


@check(say("The due date has to be after today."), place="due_on")
def due_after_today(row: Any, facts: Facts, asked: Mapping[str, Any]) -> bool:
    due: date | None = asked.get("due_on")
    return due is None or due > facts.today


@check(say("%(name)s does not work here any more. The action needs someone who does."), place="owner")
def owner_is_active(row: Any, facts: Facts, asked: Mapping[str, Any]) -> bool | dict[str, Any]:
    owner = asked.get("owner")
    return owner is None or owner.closed_at is None or {"name": Name.of(owner)}


@check(say("The new date has to be later than the present one (%(due)s)."), place="new_due_on")
def later_than_now(row: Any, facts: Facts, asked: Mapping[str, Any]) -> bool | dict[str, Any]:
    new: date | None = asked.get("new_due_on")
    return new is None or row.due_on is None or new > row.due_on or {"due": _day(row.due_on)}


def _day(day: date) -> str:
    return isolate(f"{day.day}.{day.month}.{day.year}")


@check(say("The new date has to be after today."), place="new_due_on")
def new_date_is_ahead(row: Any, facts: Facts, asked: Mapping[str, Any]) -> bool:
    new: date | None = asked.get("new_due_on")
    return new is None or new > facts.today


@check(
    say_n(
        "One extension is at most one working day. The last day that can be asked for is %(last)s.",
        "One extension is at most %(n)s working days. The last day that can be asked for is %(last)s.",
    ),
    place="new_due_on",
)
def within_reach(row: Any, facts: Facts, asked: Mapping[str, Any]) -> bool | dict[str, Any]:
    new: date | None = asked.get("new_due_on")
    reach = facts.reach
    return new is None or reach is None or new <= reach.until or {"n": reach.days, "last": _day(reach.until)}


@guard(say("It is too late for an extension. Another date is given by the unit's manager now."))
def still_in_reach(row: Any, facts: Facts) -> bool:
    return facts.reach is None or facts.reach.until > facts.today


@guard(say("From this extension on only the unit's manager decides, or whoever is above."))
def managers_turn(row: Any, facts: Facts) -> bool:
    return not facts.for_manager or facts.has("manager", "duty:grant_extension")


@guard(say("The date that was asked for has passed meanwhile, so the request can only be denied."))
def asked_date_is_ahead(row: Any, facts: Facts) -> bool:
    return facts.asked_until is None or facts.asked_until > facts.today


@guard(say("A request for another date is already waiting for a decision."))
def no_open_extension(row: Any, facts: Facts) -> bool:
    return not facts.open_extension


@guard(say("No request for another date is waiting."))
def an_open_extension(row: Any, facts: Facts) -> bool:
    return facts.open_extension


@guard(say("The request is yours, so the decision belongs to someone else."), separation=True)
def not_the_holder(row: Any, facts: Facts) -> bool:
    holder = row.leader_id if row.noun == "debriefs" else row.owner_id
    return holder not in facts.acting


def extension_steps(states: tuple[Any, ...], holder: str, *deciders: str) -> tuple[Step, ...]:
    """Ask for another date; grant or deny it, with a reason. The original date stays."""
    decided = (an_open_extension, not_the_holder, managers_turn)
    return (
        Step(
            "ask_extension",
            states,
            None,
            by=(holder,),
            needs=(no_open_extension, still_in_reach, later_than_now, new_date_is_ahead, within_reach),
            asks=Extension,
        ),
        Step("grant_extension", states, None, deciders, (*decided, asked_date_is_ahead), MaybeReason),
        Step("deny_extension", states, None, deciders, decided, WithReason),
    )


# ── a manager's decision: `of` is whoever owes what is late, `barred` who may not ────────────────────────────────────
@check(say("What is late is yours, so another date for it is given by someone else."), separation=True)
def not_ones_own(row: Any, facts: Facts, asked: Mapping[str, Any]) -> bool:
    return not asked.get("of", NONE) & facts.acting


@check(
    say("%(name)s may not do this here: separation of duties keeps it for someone else."), place="to", separation=True
)
def not_barred(row: Any, facts: Facts, asked: Mapping[str, Any]) -> bool | dict[str, Any]:
    to = asked.get("to")
    return to is None or to.id not in asked.get("barred", NONE) or {"name": Name.of(to)}


@check(say("%(name)s cannot see this, or is not here any more. Someone else is needed."), place="to")
def here_and_sees_it(row: Any, facts: Facts, asked: Mapping[str, Any]) -> bool | dict[str, Any]:
    return bool(asked.get("to") is None or asked.get("sees", True)) or {"name": Name.of(asked["to"])}


def decision_steps(*states: Any) -> tuple[Step, Step]:
    """Another day, or another person, for what is owed on a record. Quiet: offered where a decision is owed."""
    day = Step(
        "set_date", states, None, by=("manager",), needs=(due_after_today, not_ones_own), asks=DutyDate, quiet=True
    )
    needs = (not_barred, here_and_sees_it)
    return day, Step("hand_on", states, None, by=("manager",), needs=needs, asks=HandOn, quiet=True)

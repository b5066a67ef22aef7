"""What a person is told who may not take a step, or not yet, or not any more; and who could."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from lessons.errors import Forbidden, Holder, NotAllowed, NotFound, Stale
from lessons.i18n import Name, Word, say
from lessons.models import Person
from lessons.steps.offers import who_could
from lessons.workflow.engine import Step
from lessons.workflow.lives import LIVES
from lessons.workflow.telling import who_word

KEPT = say("This step is kept for: %(who)s. At present: %(names)s.")
ASKABLE = say("This step is kept for: %(who)s. At present: %(names)s. A request can be sent there.")


def anywhere(noun: str, trigger: str) -> list[Step]:
    steps = [step for step in LIVES[noun].steps if step.trigger == trigger]
    if not steps:
        raise NotFound(say("There is no such step."))
    return steps


def refuse_unmet(session: Session, row: Any, step: Step, known: Any, unmet: list[Any]) -> None:
    if not unmet:
        return
    separated = {guard.name for guard in step.needs if guard.separation}
    could = who_could(session, row, step, known) if any(point.guard in separated for point in unmet) else []
    raise NotAllowed(
        say("“%(trigger)s” is not possible yet.", trigger=Word(f"{row.noun}.trigger", step.trigger)),
        state=row.state.value,
        trigger=step.trigger,
        unmet=unmet,
        open=[name for name in LIVES[row.noun].open_triggers(row.state) if name != step.trigger],
        who_could=[holder(person) for person in could],
        about=row.code,
    )


def forbidden(session: Session, row: Any, trigger: str, known: Any) -> Forbidden:
    steps = LIVES[row.noun].candidates(row.state, trigger) or anywhere(row.noun, trigger)
    could = [holder(person) for person in who_could(session, row, steps[0], known)]
    kept = [who_word(row.noun, who) for who in steps[0].by if who != "system"]
    if could:
        said = ASKABLE if any(one.mail for one in could) else KEPT
        return Forbidden(said.with_(who=kept, names=[one.name for one in could]), who_could=could, about=row.code)
    return Forbidden(say("This step is kept for: %(who)s.", who=kept or [Word("relation", "system")]))


def holder(person: Person) -> Holder:
    return Holder(Name.of(person), person.email or person.number or person.pid, person.email or "")


def stale(row: Any) -> Stale:
    return Stale(
        say("The page changed in the meantime. What was written here is kept; compare and send it again."),
        current=row.version,
    )

"""`do`: any step of any record, through the same door as the pages and the API."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from lessons.cli import fields
from lessons.cli.opening import reading, writing
from lessons.errors import Forbidden, NotAllowed, NotFound
from lessons.i18n import say

if TYPE_CHECKING:
    from datetime import datetime

    from pydantic import BaseModel
    from sqlmodel import Session

    from lessons.access.actor import Actor
    from lessons.steps import Offer

MAKING = {
    "debriefs": "report",
    "lessons": "write",
    "procedures": "create",
    "briefings": "open",
    "questions": "ask",
    "sentences": "offer",
    "cases": "enter",
}
PARTS = ("facts", "findings", "causes")
ADD, EDIT = "add.", "edit"


def do(given: Namespace) -> int:
    """Prints the code of what was made, or the record's code and the state that it has now. Where no step is named, the
    steps that are this person's on stderr, and 2."""
    if not given.actor:
        raise Forbidden(say("A step is taken by somebody: --as PERSON says who."))
    if not given.trigger:
        print(_missing(given), file=sys.stderr)
        return 2
    try:
        sent = fields.of_file(given.json) if given.json else {}
        with writing(given.actor) as (session, by, at):
            asked = Asked(session, given.code, given.trigger, given.fields, sent, by, at)
            lines = asked.made() if given.code in MAKING else asked.done()
    except fields.Misused as error:
        print(error, file=sys.stderr)
        return 2
    except NotAllowed as error:
        error.open = [one for one in _offered(given)[0] if one != error.trigger]
        raise
    print("\n".join(lines))
    return 0


def _missing(given: Namespace) -> str:
    """What could stand where the step is missing. Raises NotFound."""
    if given.code in MAKING:
        return f"{given.code}: the step is missing. A new one is made by: {MAKING[given.code]}"
    now, later = _offered(given)
    first = f"{given.code}: the step is missing. Possible now: {', '.join(now) or 'nothing'}"
    return "\n".join([first, *([f"  Not yet: {', '.join(later)}"] if later else [])])


def _offered(given: Namespace) -> tuple[list[str], list[str]]:
    """The steps of a record that are this person's: those that are possible now, and those that something is missing
    for. A part of a debrief has an edit, and parts of its own."""
    from lessons.doors import verbs
    from lessons.steps import offers

    with reading(given.actor) as (session, by, at):
        row = Asked(session, given.code, "", (), {}, by, at).row()
        if row.noun in PARTS:
            return [EDIT, *(f"{ADD}{part}" for noun, part in verbs.PARTS if noun == row.noun)], []
        found: list[Offer] = offers(session, [row], by=by, at=at)[0]
    now, later = ([one.name for one in found if one.open is there] for there in (True, False))
    return now, later


@dataclass(frozen=True)
class Asked:
    """What was typed, in its transaction. `what` is a noun, a record's code, or findings/ID."""

    session: Session
    what: str
    trigger: str
    pairs: Sequence[fields.Pair]
    sent: Mapping[str, Any]
    by: Actor
    at: datetime

    def made(self) -> list[str]:
        """A new record."""
        from lessons import doors
        from lessons.doors.verbs import CREATED

        if self.trigger != MAKING[self.what]:
            how = {"noun": self.what, "trigger": MAKING[self.what]}
            raise NotFound(say("A new one of %(noun)s is made by “%(trigger)s”.", **how))
        raw = self.raw(CREATED[self.what][0])
        found = doors.create(self.session, self.what, raw, by=self.by, at=self.at)
        return [line for line in (_handle(found.row), found.tracking_code) if line]

    def done(self) -> list[str]:
        """A step of what is there, or a part that is added to it."""
        from lessons import doors
        from lessons.doors import verbs

        row, part = self.row(), self.trigger.removeprefix(ADD)
        with_whom: dict[str, Any] = {"by": self.by, "at": self.at}
        if (row.noun, part) in verbs.PARTS or part != self.trigger:
            made = doors.add(self.session, row, part, self.raw(_form_of_part(row.noun, part)), **with_whom)
        elif part == EDIT:
            made = doors.change(self.session, row, self.raw(_form_of_edit(row.noun)), **with_whom)
        elif row.noun in PARTS:
            raise NotFound(say("There is no such step."))
        else:
            trigger = verbs.PART_STEPS.get((row.noun, part), part)
            made = doors.step(self.session, row, trigger, self.raw(verbs.form_of(row.noun, trigger)), **with_whom)
        return [_handle(made) if made is not row and _handle(made) else f"{_handle(row)} {_state(row)}".strip()]

    def row(self) -> Any:
        """Raises NotFound."""
        from lessons import doors
        from lessons.doors import ways
        from lessons.workflow.lives import NOUN_OF

        noun, sign, pid = self.what.partition("/")
        if sign and noun in PARTS:
            return ways.part(self.session, noun, pid, by=self.by)
        code = self.what.upper()
        return doors.find(self.session, NOUN_OF.get(code[:1], ""), code, by=self.by)

    def raw(self, form: type[BaseModel] | None) -> dict[str, Any]:
        return fields.read(self.pairs, self.sent, form)


def _form_of_part(noun: str, part: str) -> type[BaseModel] | None:
    from lessons.doors import verbs

    if (noun, part) in verbs.PARTS:
        return verbs.PARTS[noun, part][0]
    return verbs.form_of(noun, verbs.PART_STEPS[noun, part]) if (noun, part) in verbs.PART_STEPS else None


def _form_of_edit(noun: str) -> type[BaseModel] | None:
    from lessons.debriefs import parts
    from lessons.doors import verbs

    if noun in PARTS:
        return cast("type[BaseModel]", parts.FORMS[noun][1])
    return verbs.form_of(noun, EDIT)


def _handle(row: Any) -> str:
    """What names it outside."""
    return str(getattr(row, "code", "") or getattr(row, "pid", ""))


def _state(row: Any) -> str:
    state = getattr(row, "state", None)
    return str(state.value) if state else ""

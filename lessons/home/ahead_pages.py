"""For managers: who will hear what in the coming days if nobody does anything meanwhile. Nothing is sent by looking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access import Actor, tree, visible_to
from lessons.access.named import people_by_id
from lessons.access.numbers import calendar_of
from lessons.duties.ahead import TABLE, WAYS, Mail, Reading, Telling, mails, tellings, word
from lessons.duties.told import said
from lessons.home import managed, managers
from lessons.i18n import Sentence, Word, isolate, say, say_n
from lessons.models import Person, Unit
from lessons.post.titles import Ref, titles
from lessons.workdays import Calendar

HERE = f"{managers.HERE}/ahead"
PERIODS = (7, 14, 30)
SHOWN, MOST_DUTIES = 200, 500
blueprint = Blueprint("ahead", __name__)


@blueprint.get(HERE)
def index() -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        unit = managers.asked(session, by).unit
        days = next((n for n in PERIODS if request.args.get("days") == str(n)), PERIODS[0])
        found = _letters(session, unit, days, by=by, at=at)
        return web.show(
            "home/ahead.html",
            title=say("Who will hear what"),
            unit=managed.named(session, unit, by),
            filters=[managed.unit_field(session, unit, by)],
            tabs=[_tab(n, days, unit) for n in PERIODS],
            summary=_summary(found),
            rows=_rows(session, found[:SHOWN], days, unit, by=by, at=at),
            more=SHOWN if len(found) > SHOWN else 0,
        )


def _letters(session: Session, unit: Unit | None, days: int, *, by: Actor, at: datetime) -> list[Mail]:
    of = visible_to(session, "duties", by)
    if unit is not None:
        of &= TABLE.c.unit_id.in_(sorted(tree(session).below[unit.id or 0]))
    return mails(session, tellings(session, at, at + timedelta(days=days), of=of, most=MOST_DUTIES))


def _tab(n: int, chosen: int, unit: Unit | None) -> dict[str, Any]:
    address = web.with_args(HERE, unit=unit.code if unit else "", days=str(n) if n != PERIODS[0] else "")
    return {"label": say_n("One day", "%(n)d days", n), "href": address, "current": n == chosen}


def _summary(found: Sequence[Mail]) -> Any:
    people = say_n("one person", "%(n)d people", len({mail.person_id for mail in found}))
    letters = sum(mail.way != "screen" for mail in found)
    return say_n("One letter, %(people)s", "%(n)d letters, %(people)s", letters, people=people)


def _rows(
    session: Session, found: Sequence[Mail], days: int, unit: Unit | None, *, by: Actor, at: datetime
) -> list[dict[str, Any]]:
    """The letters in the order they leave, and the days between that are not like others."""
    calendar = calendar_of(session, home(session, unit, by))
    first = calendar.today(at)
    unlike = calendar.days_off(first, first + timedelta(days=days - 1), web.locale())
    notes = {day: _note(called(name, how), calendar, day) for day, name, how in unlike}
    refs = [(one.duty.of_noun, one.duty.of_id) for mail in found for one in mail.tells]
    named, people = titles(session, refs, by), people_by_id(session, (mail.person_id for mail in found))
    rows = [(mail.day, _row(session, mail, people[mail.person_id], named)) for mail in found]
    rows += [(day, {"day": web.when(day), "note": note}) for day, note in notes.items()]
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


def home(session: Session, unit: Unit | None, by: Actor) -> int:
    """The unit that was chosen, else that of whoever looks: its days off are named, its numbers told."""
    chosen = unit.id if unit else by.person.unit_id if by.person else None
    return chosen or next(iter(tree(session).units))


def called(name: str, how: str) -> Sentence | str:
    """The name of a day that is not like others; an eve has that of its holiday."""
    return say("the eve of %(holiday)s", holiday=name) if how == "eve" and name else name


def _note(name: Sentence | str, calendar: Calendar, day: date) -> Sentence:
    rests = stops(calendar, day)
    return say("%(holiday)s: %(mail)s", holiday=name, mail=rests) if name else rests


def stops(calendar: Calendar, day: date) -> Sentence:
    """When mail stops on a day that is not like others."""
    if not calendar.is_working(day):
        return say("no mail leaves")
    hour = calendar.local(calendar.mail_hours(day)[1]).strftime("%H:%M")
    return say("mail stops at %(hour)s", hour=isolate(hour))


def _row(session: Session, mail: Mail, who: Person, named: Mapping[Ref, str]) -> dict[str, Any]:
    calendar = calendar_of(session, who.unit_id)
    reading = Reading(calendar, mail.day, web.locale())
    return {
        "day": web.when(mail.day),
        "hour": calendar.local(mail.at).strftime("%H:%M"),
        "who": web.name_of(who),
        "way": WAYS[mail.way],
        "lines": [
            {
                "says": said(one.kind, _what(one, named), one.duty.due_on, reading),
                "duty": word(one) if named.get((one.duty.of_noun, one.duty.of_id)) else "",
                "code": one.duty.of_code,
                "href": f"/{one.duty.of_noun}/{one.duty.of_code}" if _is_open(one, named) else "",
            }
            for one in mail.tells
        ],
    }


def _is_open(one: Telling, named: Mapping[Ref, str]) -> bool:
    """Whether the reader may open what it is about."""
    return (one.duty.of_noun, one.duty.of_id) in named


def _what(one: Telling, named: Mapping[Ref, str]) -> str | Word:
    return named.get((one.duty.of_noun, one.duty.of_id)) or word(one)

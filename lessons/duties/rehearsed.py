"""A rehearsal as text to read day by day, or as rows to go on with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from babel.dates import format_date
from sqlmodel import Session

from lessons.access import actor_of
from lessons.access.named import people_by_id
from lessons.access.numbers import calendar_of
from lessons.duties.ahead import WAYS, Mail, Reading, word
from lessons.duties.told import said
from lessons.i18n import Name, isolate, say, say_n
from lessons.models import Person
from lessons.post.letters import shortened
from lessons.post.titles import Ref, titles


def rows(session: Session, found: Sequence[Mail], *, at: datetime) -> list[dict[str, Any]]:
    """A letter each, in the order they leave."""
    people = people_by_id(session, (mail.person_id for mail in found))
    named = _named(session, found, people, at)
    return [_row(mail, people[mail.person_id], named[mail.person_id]) for mail in found]


def _named(
    session: Session, found: Sequence[Mail], people: Mapping[int, Person], at: datetime
) -> dict[int, Mapping[Ref, str]]:
    """By person what their letters may call the records that they are told of."""
    refs: dict[int, list[Ref]] = {}
    for mail in found:
        refs.setdefault(mail.person_id, []).extend((one.duty.of_noun, one.duty.of_id) for one in mail.tells)
    return {who: titles(session, some, actor_of(session, people[who], at=at)) for who, some in refs.items()}


def _row(mail: Mail, who: Person, named: Mapping[Ref, str]) -> dict[str, Any]:
    return {
        "at": mail.at.isoformat(),
        "to": {"name": who.name, "number": who.number, "email": who.email},
        "way": mail.way,
        "tells": [
            {
                "code": one.duty.of_code,
                "title": named.get((one.duty.of_noun, one.duty.of_id)) or None,
                "duty": one.duty.kind,
                "due_on": one.duty.due_on.isoformat() if one.duty.due_on else None,
                "kind": one.kind,
                "rung": one.rung,
            }
            for one in mail.tells
        ],
    }


def text(session: Session, found: Sequence[Mail], closed: dict[date, str], lang: str, *, at: datetime) -> Iterator[str]:
    """Day by day, with the days between that are not worked, by name."""
    people = people_by_id(session, (mail.person_id for mail in found))
    named = _named(session, found, people, at)
    days = {day: list(some) for day, some in groupby(sorted(found, key=lambda mail: mail.day), lambda mail: mail.day)}
    for day in sorted({*days, *closed}):
        off = f" · {closed[day] or say('closed').in_(lang)}" if day in closed else ""
        yield f"{format_date(day, 'EEEE, d.M.y' if lang == 'he' else 'EEEE, d MMM y', locale=lang)}{off}"
        for mail in days.get(day, ()):
            yield from _letter(session, mail, people[mail.person_id], named[mail.person_id], lang)
    letters = sum(mail.way != "screen" for mail in found)
    count = say_n("One letter in all.", "%(n)d letters in all.", letters)
    yield (count if letters else say("No letter leaves in these days.")).in_(lang)


def _letter(session: Session, mail: Mail, who: Person, named: Mapping[Ref, str], lang: str) -> Iterator[str]:
    calendar = calendar_of(session, who.unit_id)
    at = calendar.local(mail.at).strftime("%H:%M")
    yield f"  {at}  {Name.of(who).in_(lang)} · {WAYS[mail.way].in_(lang)}"
    for one in mail.tells:
        sentence = said(one.kind, word(one), one.duty.due_on, Reading(calendar, mail.day, lang))
        title = named.get((one.duty.of_noun, one.duty.of_id), "")
        about = f" · {isolate(shortened(title))}" if title else ""
        yield f"         {sentence.in_(lang)}{about} ({isolate(one.duty.of_code)})"

"""`reminders rehearse`: who would hear what in the coming days."""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import timedelta


def rehearse(given: Namespace) -> None:
    """By the days of the whole organisation; each letter by the hours of its reader's unit."""
    from lessons import db
    from lessons.access import tree
    from lessons.access.numbers import calendar_of
    from lessons.cli.opening import opened
    from lessons.clock import now
    from lessons.duties import rehearsed
    from lessons.duties.ahead import mails, tellings

    lang = opened().locale
    with db.reading() as session:
        tops = [unit_id for unit_id, path in tree(session).above.items() if len(path) == 1]
        if not tops:
            print("[]" if given.json else "")
            return
        calendar, at = calendar_of(session, tops[0]), now()
        first = given.first or calendar.today(at)
        end = first + timedelta(days=given.days)
        found = mails(session, tellings(session, calendar.start_of(first), calendar.start_of(end)))
        if given.json:
            print(json.dumps(rehearsed.rows(session, found, at=at), ensure_ascii=False, indent=1))
            return
        named = calendar.days_off(first, end - timedelta(days=1), lang)
        closed = {day: name for day, name, how in named if how == "off"}
        print("\n".join(rehearsed.text(session, found, closed, lang, at=at)))

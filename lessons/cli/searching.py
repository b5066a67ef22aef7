"""`search` and `reindex`."""

from __future__ import annotations

import json
from argparse import Namespace

from lessons.cli.opening import reading, writing
from lessons.errors import Forbidden
from lessons.i18n import say

STARTING = 10.0
"""Seconds that an embedder may take which is started for one question."""


def search(given: Namespace) -> None:
    """What answers, the best first: code, state, title, why and what it is; or as the API tells it."""
    from lessons.doors import finder

    with reading(given.actor) as (session, by, at):
        found = finder.found(session, given.text[: finder.READ], by=by, at=at, limit=given.limit, seconds=STARTING)
        items = finder.items(session, found, by=by)
    if given.json:
        print(json.dumps({"items": items, "legs": list(finder.LEGS)}, ensure_ascii=False))
        return
    for item in items:
        print(f"{item['code']}  {item['state'] or '-'}  {item['title']}  [{', '.join(item['why'])}]  {item['noun']}")


def reindex(given: Namespace) -> None:
    """Prints how much can be found now."""
    from lessons.doors.kinds import SEARCHED
    from lessons.search import index, kinds

    with writing(given.actor) as (session, by, _):
        if by.person is not None and not by.units_of("admin"):
            raise Forbidden(say("The index is built by whoever administers the system."))
        count = index.rebuild(session, kinds.every(session, SEARCHED))
    print(count)

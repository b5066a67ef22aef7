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
    """What answers, the best first: code, state, title and why; or as the API tells it."""
    from lessons.doors import finder

    with reading(given.actor) as (session, by, _):
        found = finder.found(session, given.text[: finder.READ], by=by, limit=given.limit, seconds=STARTING)
        items = [finder.item(one) for one in found]
    if given.json:
        print(json.dumps({"items": items, "legs": list(finder.LEGS)}, ensure_ascii=False))
        return
    for item in items:
        print(f"{item['code']}  {item['state']}  {item['title']}  [{', '.join(item['why'])}]")


def reindex(given: Namespace) -> None:
    """Prints how many lessons and procedures can be found now."""
    from itertools import chain

    from lessons.procedures import found as procedures
    from lessons.repository import found
    from lessons.search import index

    with writing(given.actor) as (session, by, _):
        if by.person is not None and not by.units_of("admin"):
            raise Forbidden(say("The index is built by whoever administers the system."))
        count = index.rebuild(session, chain(found.entries(session), procedures.entries(session)))
    print(count)

"""`search` and `reindex`."""

from __future__ import annotations

import json
from argparse import Namespace

from lessons.cli.opening import reading, writing
from lessons.errors import Forbidden
from lessons.i18n import say


def search(given: Namespace) -> None:
    """The lessons that answer, the best first: code, state, title and what answered; or as the API tells them."""
    from lessons.doors import finder

    with reading(given.actor) as (session, by, _):
        items = finder.found(session, given.text[: finder.READ], by=by, limit=given.limit)
    if given.json:
        print(json.dumps({"items": items, "legs": list(finder.LEGS)}, ensure_ascii=False))
        return
    for item in items:
        print(f"{item['code']}  {item['state']}  {item['title']}  [{', '.join(item['why'])}]")


def reindex(given: Namespace) -> None:
    """Prints how many lessons can be found now."""
    from lessons.repository import found
    from lessons.search import index

    with writing(given.actor) as (session, by, _):
        if by.person is not None and not by.units_of("admin"):
            raise Forbidden(say("The index is built by whoever administers the system."))
        count = index.rebuild(session, found.entries(session))
    print(count)

"""Who asks more than anybody who works here waits: calls of programs by token, forms and pages by person, forms of
nobody by where they come from."""

from __future__ import annotations

import threading

from flask import current_app, request

from lessons import db
from lessons.access.counted import A_MINUTE, tally
from lessons.errors import TooMany, Unavailable
from lessons.i18n import say
from lessons.models.base import hashed
from lessons.web import edge, who

SAFE = ("GET", "HEAD", "OPTIONS")
BUNDLES = {"write": 20, "read": 200, "calendar": 10, "frame": 20, "form": 10, "page": 100}
SLOWER = say("There were many requests in this minute. In the next one it is possible again.")


class Counts:
    """How often each token called in this minute: counted here, and told to the other processes in bundles, so that a
    read does not cost a write."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._window, self._all, self._own = 0, dict[str, int](), dict[str, int]()

    def add(self, key: str, window: int, bundle: int) -> tuple[int, int]:
        """How many so far, and how many of these wait to be told."""
        with self._lock:
            if window != self._window:
                self._window, self._all, self._own = window, {}, {}
            self._all[key] = self._all.get(key, 0) + 1
            self._own[key] = self._own.get(key, 0) + 1
            waiting = self._own[key]
            if waiting >= bundle:
                self._own[key] = 0
            return self._all[key], waiting if waiting >= bundle else 0

    def learn(self, key: str, window: int, total: int) -> None:
        with self._lock:
            if window == self._window:
                self._all[key] = max(self._all.get(key, 0), total)


def check_page() -> None:
    """Before every page and form. What a page sends by itself, as while somebody types, is at most half of what is
    taken. Raises TooMany."""
    by, is_form = who.actor(), request.method not in SAFE
    if request.path.rstrip("/") in who.UNSEEN and (by.person is None or not is_form or request.form.get("anonymous")):
        # counted by name or address it would say who reported something in that minute: those are counted together
        if is_form:
            count("form", db.settings().api_writes, who_asks="reports")
    elif is_form:
        nobody = "" if by.person else f"from:{hashed(request.remote_addr or '')[:40]}"
        count("form", db.settings().page_forms, who_asks=nobody)
    else:
        count("page", db.settings().page_reads)


def count(kind: str, most: int, who_asks: str = "") -> None:
    """One more call of this kind by whoever asks with this token, or as this person, or is named. Raises TooMany."""
    token, by = who.asking().token, who.actor()
    if by.person is None and not who_asks:
        return
    named = who_asks or (f"token:{token.id}" if token else f"person:{by.id}")
    key, seconds = f"api:{kind}:{named}", int(edge.moment().timestamp())
    window = seconds // A_MINUTE * A_MINUTE
    counts: Counts = current_app.extensions.setdefault("lessons.calls", Counts())
    total, waiting = counts.add(key, window, BUNDLES.get(kind, 1))
    if waiting:
        total = _tell(counts, key, window, waiting) or total
    if total > most:
        raise TooMany(SLOWER, wait=window + A_MINUTE - seconds)


def _tell(counts: Counts, key: str, window: int, n: int) -> int:
    try:
        with db.transaction() as session:
            total = tally(session, key, window, n)
    except Unavailable:
        return 0
    counts.learn(key, window, total)
    return total

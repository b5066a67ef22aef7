"""A form that came when its sign-in was over, or when nothing could be kept: nothing is done with it, and what was
written in it is shown again."""

from __future__ import annotations

from typing import Any

from flask import request

from lessons.i18n import word
from lessons.web.bodies import Refused
from lessons.web.speech import locale

OURS = ("csrf_token",)
BESIDE = ("version", "form_key", "next", "drawn")
SECRET = ("password", "again", "present", "one_time")
A_LINE = 24


class Kept(Refused):
    """Refused, with a page that holds what was written: 401 where nobody is signed in, 400 for an old page."""


def is_worth_it() -> bool:
    """Whether the form holds something written on a page of ours: what another site sends is shown to nobody."""
    ours = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    secret = any(name in request.form for name in SECRET)
    return ours and not secret and any(value for name, value in _sent() if name not in BESIDE)


def page_of() -> dict[str, Any]:
    """What the page shows: texts to look at again, and beside them what was chosen."""
    texts: list[dict[str, str]] = []
    hidden: list[dict[str, str]] = []
    for name, value in _sent():
        written = name not in BESIDE and (len(value) > A_LINE or any(map(str.isspace, value)))
        (texts if written else hidden).append({"name": name, "value": value, "label": word("field", name, locale())})
    return {"texts": texts, "hidden": hidden, "files": bool(request.files), "action": request.path}


def _sent() -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.form.items(multi=True) if name not in OURS]

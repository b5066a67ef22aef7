"""The process as it is: every life drawn, and the table behind each drawing. Anyone signed in may know how it works."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lessons import web
from lessons.i18n import Word, say
from lessons.workflow import diagram
from lessons.workflow.lives import LIVES
from lessons.workflow.telling import Row, rows

blueprint = Blueprint("process", __name__)


@blueprint.get("/process")
def process() -> ResponseReturnValue:
    locale = web.locale()
    return web.show(
        "home/process.html", title=say("How the process works"), lives=[_life(noun, locale) for noun in LIVES]
    )


def _life(noun: str, locale: str) -> dict[str, Any]:
    return {
        "noun": noun,
        "name": Word("nouns", noun),
        # drawn from our own tables and words, each of which it escapes
        "drawing": Markup(diagram.svg(noun, locale)),  # noqa: S704
        "rows": [_row(row) for row in rows(noun, locale)],
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "trigger": f"{row.n}. {row.trigger}" if row.n else row.trigger,
        "source": ", ".join(row.source),
        "target": row.target,
        "who": ", ".join(row.who),
        "needs": row.needs,
        "asks": ", ".join(row.asks),
        "may": ", ".join(row.may),
    }

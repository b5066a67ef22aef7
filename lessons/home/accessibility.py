"""The accessibility statement, open to all: what is done, how it was tried, what is not whole, whom to ask."""

from __future__ import annotations

from datetime import date

from flask import Blueprint
from flask.typing import ResponseReturnValue

from lessons import web
from lessons.i18n import say
from lessons.people import queries

blueprint = Blueprint("accessibility", __name__)
WRITTEN = date(2026, 11, 28)
"""When it was last compared with the product."""
DONE = (
    say("Headings stand in order, every field and button has a name, and what changes by itself is said aloud."),
    say("Everything works with the keyboard alone, and it is always seen where one is."),
    say("Hebrew and English each run in their own direction, in letters, numbers and tables."),
    say("Nothing is told by colour alone. There is a light and a dark look, and contrast holds in both."),
    say("Text grows to twice its size, and pages fit the width of a phone without scrolling sideways."),
    say("What moves, moves little, and not at all for whoever asked their device for less motion."),
    say("A refusal says what is missing, stands beside its field, and keeps what was typed."),
    say("Papers are tagged PDF, with headings, tables and languages named."),
)
TRIED = (
    say("The main pages are examined by a program (axe) in Hebrew and in English, in the light and in the dark, at a "
        "desk and on a phone."),
    say("Whole pieces of work are done in a browser with the keyboard alone."),
    say("The main pages are looked at 320 points wide, and at twice their size."),
    say("A program finds only a part of what may be wrong. People who use screen readers every day have not yet "
        "examined this version."),
)  # fmt: skip
KNOWN = (
    say("Files that people attach – scans, photos, documents of others – are as accessible as their makers made them."),
    say("A letter is best read as text where a mail program shows its look badly; each carries its text too."),
    say("A drawing of the process has a table beside it that says the same."),
)


@blueprint.get("/accessibility")
@web.public
def statement() -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        # names of people are for whoever is signed in
        who = [web.name_of(one) for one in queries.administrators(session, at=at)] if by.person else []
    return web.show(
        "home/accessibility.html", title=say("Accessibility statement"), done=DONE, tried=TRIED, known=KNOWN, who=who,
        written=WRITTEN,
    )  # fmt: skip

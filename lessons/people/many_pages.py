"""For administrators: people brought in from a table, first as a look at what would happen."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lessons import web
from lessons.errors import Invalid
from lessons.i18n import Word, say, say_n
from lessons.people import many
from lessons.people.admin import show
from lessons.people.many import Line

blueprint = Blueprint("many", __name__, url_prefix="/admin/people/many")
STATES = {"new": say("new"), "there": say("here already"), "wrong": say("needs another look")}
LIKE = "דוא״ל,שם,יחידה,תפקיד במערכת,ניהול ישיר\nnoa@example.org,נועה ברק,RET,agent,ilan@example.org\n"


@blueprint.get("")
def ask() -> ResponseReturnValue:
    return _page("")


@blueprint.post("")
def bring_in() -> ResponseReturnValue:
    """A look at what would happen; sent with `sure` it is done, where nothing is in the way."""
    text = _sent()
    try:
        lines = many.table(text)
    except Invalid as refusal:
        return _page(text, refusal=refusal)
    with web.writing() as (session, by, at):
        trial = session.begin_nested()
        many.bring_in(session, lines, by=by, at=at)
        new = sum(line.state == "new" for line in lines)
        if request.form.get("sure") and not any(line.faults for line in lines):
            return web.sent_to(
                session, "/admin/people", say_n("One person was added.", "%(n)s people were added.", new)
            )
        trial.rollback()
    return _page(text, lines=lines)


def _sent() -> str:
    file = request.files.get("file")
    return many.decoded(file.read()) if file and file.filename else request.form.get("table", "")


def _page(text: str, *, lines: list[Line] | None = None, refusal: Invalid | None = None) -> ResponseReturnValue:
    faults = [line for line in lines or () if line.faults]
    wrong = refusal or (Invalid(say("Nothing was added."), []) if faults else None)
    return show(
        "many",
        say("People from a table"),
        wrong,
        text=text,
        like=LIKE,
        error=refusal.message if refusal else "",
        rows=[_row(line) for line in lines or ()],
        new=sum(line.state == "new" for line in lines or ()),
        faults=len(faults),
    )


def _row(line: Line) -> list[Any]:
    said = [f"{web.spoken(Word('field', name))}: {web.spoken(sentence)}" if name else str(web.spoken(sentence))
            for name, sentence in line.faults]  # fmt: skip
    told = [line.raw.get(name, "") for name in ("name", "who", "unit", "role", "manager")]
    return [str(line.number), *told, str(web.spoken(STATES[line.state])), " ".join(said)]

"""What is taken out: a list whole, narrowed as its address says, as a workbook, table or JSON; a record as a paper."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, request, stream_with_context
from flask.typing import ResponseReturnValue

from lessons import web
from lessons.doors import papers
from lessons.doors.bundle import BUNDLE
from lessons.doors.register import FORMATS, REGISTERS, Asked, pressed
from lessons.doors.shapes import PAPER
from lessons.i18n import say
from lessons.jobs import operations as jobs
from lessons.web.counted import count
from lessons.web.handed import disposition

blueprint = Blueprint("taken", __name__)
TAKEN_A_MINUTE = 40
ALL = say("All that is open to me")


@blueprint.get(f"/<any({','.join(REGISTERS)}):noun>.<any({','.join(FORMATS)}):form>")
def register(noun: str, form: str) -> ResponseReturnValue:
    """In parts, as they are made."""
    count("export", TAKEN_A_MINUTE)
    parts = pressed(Asked(noun, request.args, web.reading, web.locale()), form)
    answer = Response(stream_with_context(parts), content_type=FORMATS[form])
    answer.headers["Content-Disposition"] = disposition(f"{noun}-{web.today().isoformat()}.{form}", "attachment")
    return answer


@blueprint.post("/bundle")
def everything() -> ResponseReturnValue:
    """All that this person may see, in the background."""
    with web.writing() as (session, by, at):
        job = jobs.ask(session, BUNDLE, ALL, {}, by=by, at=at)
        return web.sent_to(session, f"/jobs/{job.pid}")


for _noun, _name in PAPER.items():
    blueprint.add_url_rule(f"/{_noun}/<code>/{_name}.pdf", f"{_name}_of_{_noun}", partial(papers.printed, noun=_noun))

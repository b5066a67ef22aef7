"""What a list shows, whole, as a file: the list's own address and filters, a workbook, a table or JSON."""

from __future__ import annotations

from flask import Blueprint, Response, request, stream_with_context
from flask.typing import ResponseReturnValue

from lessons import web
from lessons.doors.calls import count
from lessons.doors.register import FORMATS, REGISTERS, Asked, pressed
from lessons.doors.served import disposition

blueprint = Blueprint("registers", __name__)
TAKEN_A_MINUTE = 40


@blueprint.get(f"/<any({','.join(REGISTERS)}):noun>.<any({','.join(FORMATS)}):form>")
def taken(noun: str, form: str) -> ResponseReturnValue:
    """In parts, as they are made."""
    count("export", TAKEN_A_MINUTE)
    parts = pressed(Asked(noun, request.args, web.reading, web.locale()), form)
    answer = Response(stream_with_context(parts), content_type=FORMATS[form])
    answer.headers["Content-Disposition"] = disposition(f"{noun}-{web.today().isoformat()}.{form}", "attachment")
    return answer

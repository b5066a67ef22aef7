"""A photo or file that comes with a step of an action, kept and named in what the step is given."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import request
from sqlmodel import Session

from lessons.access import Actor
from lessons.doors.files import keep_file
from lessons.errors import Invalid
from lessons.models import Action


def take_file(session: Session, row: Any, raw: dict[str, Any], *, by: Actor, at: datetime) -> None:
    """Its bytes are on disk before the row that names them. Raises Invalid."""
    inside = request.files.get("evidence.file")
    sent = inside or request.files.get("file")
    if sent is None or not sent.filename or not isinstance(row, Action):
        return
    sent.seek(0)  # of several actions each keeps it
    try:
        kept = keep_file(session, row, sent.filename, sent.read(), by=by, at=at)
    except Invalid as fault:
        where = "/evidence" if inside else ""
        raise Invalid(fault.message, [replace(one, pointer=f"{where}{one.pointer}") for one in fault.errors]) from None
    if inside:
        raw["evidence"] = {**raw.get("evidence", {}), "kind": "file", "file": kept.pid}
    else:
        raw |= {"kind": "file", "file": kept.pid}

"""Files of records handed out: themselves to be kept and never to be opened in the page, pictures to be seen."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access import Actor
from lessons.doors import ways
from lessons.doors.around import is_readable, record_of
from lessons.doors.files import store
from lessons.doors.pictures import picture
from lessons.errors import NotFound, Unavailable
from lessons.models import Attachment
from lessons.web.handed import DAMAGED, sealed

NO_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-12 -12 40 40" fill="none" stroke="#857c6d" stroke-width="1.2">'
    '<path d="M3.4 1.8h6l3.2 3.2v9.2H3.4z"/><path d="M9.2 2v3.2h3.2"/></svg>'
)
"""Instead of a picture that cannot be drawn: the sign of a file, as the sprite has it."""


def find_file(session: Session, pid: str, *, by: Actor, at: datetime) -> Attachment:
    """By its id, where its record's parts may be read. Raises NotFound."""
    kept = session.scalars(sa.select(Attachment).where(Attachment.pid == pid[:24].replace("\0", ""))).first()
    if kept is None or not is_readable(session, record_of(session, kept), by=by, at=at):
        raise NotFound(ways.NOT_THERE)
    return kept


def file(pid: str) -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        kept = find_file(session, pid, by=by, at=at)
    opened = store().opened(kept.sha256)
    if opened is None:
        raise Unavailable(DAMAGED)
    return sealed(opened, kept.media_type, kept.name, "attachment")


def small(pid: str, size: str) -> ResponseReturnValue:
    """A picture of the file, drawn anew by us; of one that is broken the sign of a file."""
    with web.reading() as (session, by, at):
        kept = find_file(session, pid, by=by, at=at)
    made = picture(kept.sha256, kept.media_type, size, store().get)
    if not made:
        return sealed(NO_PICTURE.encode(), "image/svg+xml", "file.svg", "inline")
    return sealed(made, "image/jpeg", f"{kept.name}.jpg", "inline")

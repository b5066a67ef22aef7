"""Who was told what of a record, and how it reached them: sent, read on the screen, still waiting, or why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access import Actor, facts
from lessons.doors.around import is_readable
from lessons.doors.ways import find
from lessons.duties import told
from lessons.home.outbox import LOOKS, why
from lessons.i18n import Word, say
from lessons.models import RECORDS, Letter, Notice, Person
from lessons.workflow.states import LetterState

MOST = 200
TELLING = frozenset({"manager", "lessons_manager", "auditor"})
"""Whoever answers for the record's unit reads what others were told; everybody else what they were told themselves."""
FOUND = (
    sa.select(Notice, Person, Letter)
    .join(Person, Person.id == Notice.person_id)
    .outerjoin(Letter, Letter.id == Notice.letter_id)
    .order_by(Notice.id.desc())
    .limit(MOST)
)
blueprint = Blueprint("told", __name__)


@blueprint.get(f"/<any({','.join(RECORDS)}):noun>/<code>/told")
def index(noun: str, code: str) -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        row = find(session, noun, code, by=by)
        all_of_it = _answers_for(session, row, by, at)
        return web.show(
            "home/told.html",
            title=say("Who was told"),
            record={"noun": Word("noun", noun), "code": row.code, "href": f"/{noun}/{row.code}"},
            all_of_it=all_of_it,
            rows=_rows(session, row, by, at, whose=None if all_of_it else by.id),
        )


def _answers_for(session: Session, row: Any, by: Actor, at: datetime) -> bool:
    known = facts(session, [row], by=by, at=at)[0]
    return bool(TELLING & known.relations) and is_readable(session, row, by=by, at=at)


def _rows(session: Session, row: Any, by: Actor, at: datetime, *, whose: int | None) -> list[dict[str, Any]]:
    if by.person is None:
        return []
    of = FOUND.where(Notice.of_noun == row.noun, Notice.of_id == row.id)
    found = session.execute(of if whose is None else of.where(Notice.person_id == whose)).all()
    to = told.reader(session, by.person, "", at=at)
    known = told.known(session, to, [], [notice for notice, _, _ in found])
    return [
        {
            "when": web.when(notice.at, hour=True),
            "who": web.name_of(person),
            "says": told.notice_line(notice, _as_of(to, notice.at), known).says,
            "reached": _reached(notice, letter),
        }
        for notice, person, letter in found
    ]


def _as_of(to: told.Reader, at: datetime) -> told.Reader:
    """What was said is read as it was said that day."""
    return replace(to, today=to.calendar.today(at))


def _reached(notice: Notice, letter: Letter | None) -> dict[str, Any]:
    """The state in a word, when, and why where it did not go out."""
    read = {"read": web.when(notice.seen_at, hour=True) if notice.seen_at else ""}
    if notice.dropped:
        return _as(LetterState.DROPPED, why=why(notice.dropped))
    if letter is not None:
        when = letter.sent_at if letter.state is LetterState.SENT else None
        sent = web.when(when, hour=True) if when else ""
        return _as(letter.state, why=why(letter.why), when=sent, letter=letter.pid, **read)
    if notice.told_at is not None:
        return {"word": say("On the screen"), "shape": "ok", "tone": "calm", "why": "", "when": "", **read}
    waits = say("leaves in working hours") if notice.urgent else say("comes with the next daily mail")
    return _as(LetterState.WAITING, why=waits, **read)


def _as(state: LetterState, *, why: Any, when: str = "", **more: Any) -> dict[str, Any]:
    shape, tone = LOOKS[state]
    return {"word": Word("letter_state", state), "shape": shape, "tone": tone, "why": why, "when": when, **more}

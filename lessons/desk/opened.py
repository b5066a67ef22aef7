"""What lies open on the desk: a card, a procedure in its short form, an item of news; of what left use, whatever took
its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import web
from lessons.access import Actor
from lessons.access.named import by_code, people_by_id
from lessons.i18n import direction
from lessons.models import Lesson, News, Procedure, Revision
from lessons.news.queries import is_asked, listed
from lessons.news.shown import shown as told
from lessons.procedures import limits
from lessons.procedures.parts import in_force
from lessons.procedures.queries import because_of
from lessons.repository import queries, shown
from lessons.repository.said import copies
from lessons.repository.successors import in_use
from lessons.workflow.states import RevisionState


@dataclass(frozen=True)
class Opened:
    """One of `card`, `procedure` and `news`, as the kit draws them; `instead_of`: what was asked for and is out of
    use."""

    code: str
    lesson: Lesson | None = None
    card: dict[str, Any] | None = None
    procedure: dict[str, Any] | None = None
    news: dict[str, Any] | None = None
    instead_of: dict[str, Any] | None = None


def opened(session: Session, named: str, *, by: Actor) -> Opened | None:
    """By a code or by a card's short code; None where there is none that this person may see."""
    if (lesson := queries.by_short_or_code(session, named, by=by)) is not None:
        return _card(session, lesson, by)
    if (procedure := by_code(session, Procedure, named.upper(), by=by)) is not None:
        return _procedure(session, procedure, by)
    news = by_code(session, News, named.upper(), by=by)
    return _news(session, news, by) if news is not None else None


# ── a card ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def _card(session: Session, asked: Lesson, by: Actor) -> Opened:
    lesson = in_use(session, asked, by=by)
    owner = people_by_id(session, [lesson.owner_id]).get(lesson.owner_id or 0)
    before = {"title": asked.title, "code": asked.code, "state": shown.desk_state(asked)}
    card = shown.card(lesson, web.name_of(owner)) | {"copies": copies(lesson.say)}
    return Opened(lesson.code, lesson, card, instead_of=before if lesson is not asked else None)


# ── a procedure ──────────────────────────────────────────────────────────────────────────────────────────────────────
def _procedure(session: Session, asked: Procedure, by: Actor) -> Opened | None:
    procedure = asked
    revision = in_force(session, procedure.id or 0)
    if revision is None and (after := _after(session, asked)) is not None:
        procedure, revision = after, in_force(session, after.id or 0)
    if revision is None:
        return None
    before = {"title": asked.title, "code": asked.code, "state": web.state_of(_last(session, asked) or revision)}
    sections = limits.read(revision.sections, limits.level_of(session, by, procedure.unit_id))
    short = _short(procedure, revision) | {
        "sections": sections,
        "because_of": [_link(ls) for ls, _ in because_of(session, revision, by)],
    }
    return Opened(procedure.code, procedure=short, instead_of=before if procedure is not asked else None)


def _last(session: Session, procedure: Procedure) -> Revision | None:
    withdrawn = (Revision.procedure_id == procedure.id, Revision.state == RevisionState.WITHDRAWN)
    return session.scalars(sa.select(Revision).where(*withdrawn).order_by(Revision.id.desc()).limit(1)).first()


def _after(session: Session, procedure: Procedure) -> Procedure | None:
    """What its withdrawal named as its successor."""
    last = _last(session, procedure)
    return session.get(Procedure, last.successor_id) if last is not None and last.successor_id else None


def _short(procedure: Procedure, revision: Revision) -> dict[str, Any]:
    return {
        "title": procedure.title,
        "code": procedure.code,
        "lang": revision.lang,
        "dir": direction(revision.lang),
        "number": revision.number,
        "since": revision.effective_on,
        "state": web.state_of(revision),
        "summary": revision.summary,
        "href": f"/procedures/{procedure.code}",
    }


def _link(lesson: Lesson) -> dict[str, str]:
    return {"title": lesson.title, "href": f"/desk?card={lesson.code}"}


# ── news ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _news(session: Session, news: News, by: Actor) -> Opened:
    """Its whole text; `asked`: it is still to be read by this person."""
    (line,) = listed(session, [news], by=by)
    return Opened(news.code, news=told(line) | {"asked": is_asked(session, line, by)})

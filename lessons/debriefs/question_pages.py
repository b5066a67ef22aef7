"""For administrators: what an inquiry of each kind asks, in both languages, and how it was asked before."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session

from lessons import web
from lessons.access.named import people_by_id
from lessons.access.refs import read
from lessons.debriefs import questions
from lessons.errors import Invalid, NotFound
from lessons.i18n import LOCALES, NAMES, Word, say
from lessons.models import QuestionSet
from lessons.people.admin import show
from lessons.web.forms import Drawing, errors_of, raw_of
from lessons.workflow import fields as f
from lessons.workflow.states import DebriefKind

blueprint = Blueprint("questions", __name__, url_prefix="/admin/questions")


class Questions(f.Asks):
    """One question a line, in each language."""

    he: list[f.Line] = Field(min_length=1, max_length=questions.MOST)
    en: list[f.Line] = Field(min_length=1, max_length=questions.MOST)


@blueprint.get("")
def index() -> ResponseReturnValue:
    return _page()


@blueprint.post("/<kind>")
def write(kind: str) -> ResponseReturnValue:
    if kind not in set(DebriefKind):
        raise NotFound(say("This is not there, or not open to you."))
    try:
        with web.writing() as (session, by, at):
            asked = read(session, Questions, raw_of(Questions, request.form), by=by)
            for lang in LOCALES:
                questions.write(session, DebriefKind(kind), lang, asked[lang], by=by, at=at)
            return web.sent_to(
                session, f"/admin/questions#{kind}", say("Saved. Inquiries that open from now on ask this.")
            )
    except Invalid as refusal:
        return _page(kind, refusal)


def _page(kind: str = "", refusal: Invalid | None = None) -> ResponseReturnValue:
    with web.reading() as (session, _, _):
        sets = [_set(session, one, refusal if one == kind else None) for one in DebriefKind]
    return show("questions", say("Questions of an inquiry"), refusal, sets=sets)


def _set(session: Session, kind: DebriefKind, refusal: Invalid | None) -> dict[str, Any]:
    given: dict[str, Any] = {lang: questions.asked(session, kind, lang).split("\n") for lang in LOCALES}
    given |= raw_of(Questions, request.form) if refusal else {}
    errors = errors_of(refusal.errors, web.locale()) if refusal else {}
    fields = Drawing(web.locale(), given, errors).fields(Questions)
    before = [one for lang in LOCALES for one in questions.versions(session, kind, lang)]
    people = people_by_id(session, (one.by_id for one in before))
    return {
        "kind": kind.value,
        "word": Word("debrief_kind", kind.value),
        "fields": [{**one, "rows": 5} for one in fields],
        "before": [_version(one, web.name_of(people.get(one.by_id or 0))) for one in before],
    }


def _version(one: QuestionSet, who: str) -> dict[str, Any]:
    return {"number": one.version, "language": NAMES[one.lang], "who": who, "when": web.when(one.at),
            "lines": one.questions.split("\n"), "lang": one.lang}  # fmt: skip

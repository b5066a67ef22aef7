"""What an inquiry asks, by its kind and language: as shipped, or as the organisation last wrote it."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlmodel import Session, col, select

from lessons import workflow
from lessons.access import Actor
from lessons.access.actor import check_over_all
from lessons.models import QuestionSet
from lessons.workflow.rights import OF_THE_WHOLE
from lessons.workflow.states import DebriefKind

SHIPPED = Path(workflow.__file__).with_name("questions.toml")
MOST = 20
"""Questions of one set."""


@cache
def _shipped() -> dict[str, dict[str, list[str]]]:
    with SHIPPED.open("rb") as file:
        return tomllib.load(file)


def versions(session: Session, kind: DebriefKind, lang: str) -> Sequence[QuestionSet]:
    """What the organisation wrote, the newest first."""
    mine = select(QuestionSet).where(QuestionSet.kind == kind, QuestionSet.lang == lang)
    return session.exec(mine.order_by(col(QuestionSet.version).desc())).all()


def asked(session: Session, kind: DebriefKind, lang: str) -> str:
    """The questions that hold now, one a line."""
    found = versions(session, kind, lang)
    return found[0].questions if found else "\n".join(_shipped()[kind.value][lang])


def write(session: Session, kind: DebriefKind, lang: str, lines: Sequence[str], *, by: Actor, at: datetime) -> None:
    """A new version, where the words are others; inquiries under way keep the questions they were opened with.
    Raises Forbidden."""
    check_over_all(session, by, "admin", refusal=OF_THE_WHOLE)
    text = "\n".join(lines)
    if text == asked(session, kind, lang):
        return
    former = versions(session, kind, lang)
    version = former[0].version + 1 if former else 1
    session.add(QuestionSet(kind=kind, lang=lang, version=version, questions=text, by_id=by.id, at=at))
    session.flush()

"""What an agent puts into the CRM after a call: which card was followed, and of which case; no customer in it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from lessons.access import tree
from lessons.cases.places import category_of
from lessons.i18n import Sentence, isolate, say
from lessons.models import Case, Lesson

FOLLOWED = say("Handled on %(day)s according to card %(code)s, edition %(edition)s: %(title)s")
DONE, SAID, PASSED = say("What was done:"), say("What was said:"), say("To be passed on to: %(whom)s")
CHANNELS: dict[str, Sentence] = {"phone": say("Phone"), "chat": say("Chat"), "mail": say("E-mail")}
"""Those that every CRM has, said in words; what else a CRM calls its own stays as it came."""
CASE, CHANNEL, CATEGORY = say("Case: %(id)s"), say("channel: %(channel)s"), say("Category: %(path)s")


def documentation(session: Session, case: Case, lesson: Lesson, *, locale: str, at: datetime) -> str:
    """The labels in `locale`, the card's words as they are written. The first line shields the agent: it says which
    card they went by, and in which edition."""
    day = tree(session).today(case.unit_id, at)
    figures = f"{day.day}.{day.month}.{day.year}"
    followed = FOLLOWED.with_(
        day=isolate(figures), code=isolate(lesson.code), edition=str(lesson.edition), title=lesson.title
    )
    lines = [followed.in_(locale), _fields(case, locale)]
    category = category_of(session, case, lesson)
    if category:
        lines.append(CATEGORY.with_(path=isolate(category)).in_(locale))
    if lesson.steps:
        lines += [DONE.in_(locale), *(f"{n}. {step}" for n, step in enumerate(lesson.steps, 1))]
    lines += _labelled(SAID, lesson.say, locale)
    if lesson.transfer_to:
        lines.append(PASSED.with_(whom=lesson.transfer_to).in_(locale))
    return "\n".join(lines)


def channel_in(channel: str, locale: str) -> str:
    known = CHANNELS.get(channel.casefold())
    return known.in_(locale) if known else channel


def _fields(case: Case, locale: str) -> str:
    told = [CASE.with_(id=isolate(case.external_id)).in_(locale)]
    if case.channel:
        told.append(CHANNEL.with_(channel=isolate(channel_in(case.channel, locale))).in_(locale))
    return " · ".join(told)


def _labelled(label: Sentence, text: str, locale: str) -> list[str]:
    return [label.in_(locale), text] if text else []

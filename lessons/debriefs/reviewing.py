"""What a reviewer had before them when they sent a debrief back, and what became of it since, word by word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from lessons.access.facts_debriefs import FIELDS, LESSON_TEXTS
from lessons.debriefs.queries import Inquiry
from lessons.differences import Run, runs
from lessons.i18n import Word, say
from lessons.models import Person
from lessons.steps.history import Past
from lessons.workflow.states import LessonState

SEEN = "seen"
"""Under which name an event keeps it: free text, so it can be erased as every free text can."""
ENDS = frozenset({"issue", "reopen", "open"})


@dataclass(frozen=True)
class Since:
    """The last return: by whom, when, why, and what differs now. `changed`: (what, where on the page, runs)."""

    who: Person | None
    at: datetime
    reason: str
    changed: Sequence[tuple[Any, str, Sequence[Run]]]
    told: bool
    """Whether what was there is still known."""


def seen(found: Inquiry) -> dict[str, str]:
    """Every text of the inquiry under a name that stays its own."""
    return dict(_texts(found))


def _texts(found: Inquiry) -> Iterator[tuple[str, str]]:
    d, zone = found.debrief, ZoneInfo(found.unit.zone)
    yield from ((f"debriefs.{name}", getattr(d, name)) for name in FIELDS if getattr(d, name))
    for fact in found.facts:
        when = f"{fact.at.astimezone(zone):%d.%m.%Y %H:%M}" if fact.at else ""
        yield f"facts.{fact.pid}", "\n".join(filter(None, (when, fact.text, fact.source)))
    for finding in found.findings:
        yield f"findings.{finding.pid}", "\n".join(filter(None, (finding.text, finding.no_lesson_because)))
        for cause in found.causes.get(finding.id or 0, ()):
            yield f"causes.{cause.pid}", "\n".join(filter(None, (cause.text, cause.no_action_reason)))
    for lesson in found.lessons:
        if lesson.state == LessonState.DRAFT:
            texts = [getattr(lesson, name) for name in LESSON_TEXTS]
            yield f"lessons.{lesson.code}", "\n".join(filter(None, (*texts, *lesson.steps)))


def since(found: Inquiry, pasts: Sequence[Past]) -> Since | None:
    """What happened to it since it was sent back the last time, as long as that return is what it is about."""
    last = next((past for past in reversed(pasts) if past.event.trigger in ENDS or _is_return(past)), None)
    if last is None or not _is_return(last):
        return None
    before = last.private.get(SEEN)
    changed = list(_changed(before, seen(found))) if isinstance(before, dict) else []
    return Since(last.actor, last.event.at, last.private.get("reason") or "", changed, isinstance(before, dict))


def _is_return(past: Past) -> bool:
    return past.event.trigger == "send_back"


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[tuple[Any, str, Sequence[Run]]]:
    for key in [*now, *(key for key in before if key not in now)]:
        if before.get(key, "") != now.get(key, ""):
            yield *_called(key), runs(before.get(key, ""), now.get(key, ""))


NOUNS = {"facts": say("A fact"), "findings": say("A finding"), "causes": say("A cause"), "lessons": say("A lesson")}


def _called(key: str) -> tuple[Any, str]:
    """The part's name, and its place on the page of the debrief."""
    noun, _, name = key.partition(".")
    if noun == "debriefs":
        return Word("field", name), "four"
    return NOUNS[noun], "findings" if noun == "causes" else noun

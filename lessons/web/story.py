"""A record's history as people read it: what happened, by whom, when and why – rendered from facts, never stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from lessons.i18n import Sentence, Word, say
from lessons.models import Person
from lessons.steps.history import Past, history
from lessons.web.speech import name_of, spoken, when

WORDS = ("reason", "account", "question", "answer")
"""What people wrote with a step, one of which an entry tells."""
BY: dict[str, Sentence] = {
    "system": say("by itself"),
    "operator": say("administration"),
    "anonymous": say("anonymous"),
}
OF_FILES: dict[str, Sentence] = {
    "added": say("Files were added"),
    "changed": say("The words under a file were changed"),
    "removed": say("A file was taken out"),
}


def told(session: Session, row: Any, *, private: bool = True) -> list[dict[str, Any]]:
    """The entries for the kit's `history`, newest last; `private` false leaves out what was written."""
    return entries(row, history(session, row), private=private)


def entries(row: Any, pasts: Sequence[Past], *, private: bool = True) -> list[dict[str, Any]]:
    """The same, of a history that was read before."""
    return [_entry(row, past, private=private) for past in pasts]


def _entry(row: Any, past: Past, *, private: bool) -> dict[str, Any]:
    return {
        "trigger": past.event.trigger,
        "text": spoken(what(row.noun, past)),
        "who": _who(past),
        "on_behalf": name_of(past.behalf),
        "when": when(past.event.at, hour=True),
        "reason": written(past) if private else "",
    }


def what(noun: str, past: Past) -> Sentence | Word:
    of_files = OF_FILES.get(past.facts.get("what", "")) if past.facts.get("part") == "attachments" else None
    what = of_files or Word(f"{noun}.event", past.event.trigger)
    return say("%(what)s, asked after its day", what=what) if past.facts.get("late") else what


def written(past: Past) -> str:
    """The words, or of files what they are called."""
    words = next((past.private[name] for name in WORDS if past.private.get(name)), "")
    return words or ", ".join(one["name"] for one in past.private.get("files", ()))


def _who(past: Past) -> str:
    actor: Person | None = past.actor
    return name_of(actor) if actor else str(spoken(BY.get(past.event.actor_kind, "")))

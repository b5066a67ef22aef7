"""What is kept about a person, as they read it: each value with what it is, in their language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from lessons.i18n import NAMES, Sentence, Word, say
from lessons.web.paper import Pen

LABELS: dict[str, Sentence] = {
    # of the person
    "name": say("Name"), "name_en": say("Name in English"), "email": say("E-mail"), "number": say("Employee number"),
    "function": say("What they do"), "function_en": say("What they do, in English"), "unit": say("Unit"),
    "manager": say("Their manager"), "hired_on": say("Here since"), "closed_at": say("Left"),
    "locale": say("Language"), "digest_every": say("How often the mail that sums up comes"), "theme": say("Colours"),
    "welcomed_at": say("First visit"),
    # of what lets them in, and of what they keep
    "role": say("Role"), "how": say("How they came in"), "scope": say("What it may do"), "issuer": say("Provider"),
    "sub": say("Number there"), "query": say("What it shows"), "delegate": say("Who stands in"),
    "person": say("For whom"),
    # of letters and of what was read and said
    "to_address": say("Sent to"), "subject": say("Subject"), "text": say("Text"), "sentence": say("Sentence"),
    "lesson": say("Lesson"), "verdict": say("What they said of it"), "words": say("Words"), "answer": say("Answer"),
    "briefing": say("Briefing"), "news": say("News"), "edition": say("Edition"),
    # of records and steps
    "noun": say("Kind"), "kind": say("Kind"), "code": say("Code"), "title": say("Title"), "state": say("State"),
    "as": say("As"), "trigger": say("Step"),
    # days and moments
    "from_at": say("Since"), "until_at": say("Until"), "from_on": say("From"), "until_on": say("Until"),
    "at": say("When"), "day": say("Day"), "due_on": say("Due"), "created_at": say("Made"), "made_at": say("Made"),
    "seen_at": say("Last used on"), "ended_at": say("Ended"), "expires_at": say("Good until"), "used_at": say("Used"),
    "cancelled_at": say("Cancelled on"), "confirmed_at": say("Switched on"), "linked_at": say("Connected"),
    "sent_at": say("Sent"), "acknowledged_at": say("Read on"), "done_at": say("Done on"),
}  # fmt: skip
WORDS = {"role": "role", "noun": "noun", "theme": "theme", "scope": "scope", "how": "how", "verdict": "verdict",
         "digest_every": "digest_every"}  # fmt: skip
"""Stored values that have a word of their own, and its context."""
KINDS = {"duties": "duty", "notices": "notice"}


def labelled(pen: Pen, part: str, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a row of this part says, each value with its label; what is empty is left out."""
    said = ((name, _told(pen, part, name, value, row)) for name, value in row.items() if value not in (None, "", []))
    return [(pen.word(LABELS[name]), text) for name, text in said]


def _told(pen: Pen, part: str, name: str, value: Any, row: Mapping[str, Any]) -> str:
    word = _word(part, name, str(value), row)
    if word is not None:
        return pen.word(word)
    if name == "locale":
        return NAMES.get(value, str(value))
    if name == "as":
        return ", ".join(pen.word(Word("relation", one)) for one in value)
    if name.endswith(("_at", "_on")) or name in ("at", "day"):
        return pen.word(datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value))
    return str(value)


def _word(part: str, name: str, value: str, row: Mapping[str, Any]) -> Word | None:
    contexts = {**WORDS, "kind": KINDS.get(part, "noun")}
    if "noun" in row:
        contexts |= {"state": f"{row['noun']}.state", "trigger": f"{row['noun']}.event"}
    return Word(contexts[name], value) if name in contexts else None

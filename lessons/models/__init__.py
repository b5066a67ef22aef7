"""The tables, one noun a file. Whoever takes a table from here has loaded them all; a file alone loads itself alone."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lessons.models.actions import Action, ActionCause, Attachment, DueChange, Evidence, Extension, Hand
    from lessons.models.base import metadata
    from lessons.models.debriefs import Cause, Debrief, DebriefPerson, Fact, Finding, QuestionSet, SimilarAnswer
    from lessons.models.duties import Duty, Letter, Notice, Reckoning, Sign
    from lessons.models.events import Counter, Event, EventDetail, Idempotency
    from lessons.models.feeds import Feed
    from lessons.models.lessons import Case, CaseLink, FormerTopic, Lesson, LessonTopic, Topic, WordChange
    from lessons.models.people import Absence, Attempt, Grant, Invitation, Person, SignIn, Token, Unit
    from lessons.models.presence import Presence
    from lessons.models.procedures import (
        Briefing,
        BriefingMember,
        Procedure,
        Revision,
        RevisionEditor,
        RevisionLesson,
    )
    from lessons.models.searching import Missed, Synonyms
    from lessons.models.verifications import Verification
    from lessons.models.views import SavedView
    from lessons.models.webhooks import Webhook, WebhookCall
    from lessons.models.words import OwnWord

    RECORDS: dict[str, type[Debrief | Lesson | Action | Procedure | Revision | Verification | Briefing]]

_FILES = ("actions", "base", "debriefs", "duties", "events", "feeds", "lessons", "people", "presence", "procedures",
          "searching", "verifications", "views", "webhooks", "words")  # fmt: skip

__all__ = [
    "RECORDS",
    "Absence",
    "Action",
    "ActionCause",
    "Attachment",
    "Attempt",
    "Briefing",
    "BriefingMember",
    "Case",
    "CaseLink",
    "Cause",
    "Counter",
    "Debrief",
    "DebriefPerson",
    "DueChange",
    "Duty",
    "Event",
    "EventDetail",
    "Evidence",
    "Extension",
    "Fact",
    "Feed",
    "Finding",
    "FormerTopic",
    "Grant",
    "Hand",
    "Idempotency",
    "Invitation",
    "Lesson",
    "LessonTopic",
    "Letter",
    "Missed",
    "Notice",
    "OwnWord",
    "Person",
    "Presence",
    "Procedure",
    "QuestionSet",
    "Reckoning",
    "Revision",
    "RevisionEditor",
    "RevisionLesson",
    "SavedView",
    "Sign",
    "SignIn",
    "SimilarAnswer",
    "Synonyms",
    "Token",
    "Topic",
    "Unit",
    "Verification",
    "Webhook",
    "WebhookCall",
    "WordChange",
    "metadata",
]


def __getattr__(name: str) -> Any:
    # adding a person needs the tables of people, and the command line has half a second for it
    if name not in __all__:
        raise AttributeError(name)
    for file in _FILES:
        here = vars(import_module(f"{__name__}.{file}"))
        globals().update({one: here[one] for one in __all__ if one in here})
    records = ("Debrief", "Lesson", "Action", "Procedure", "Revision", "Verification", "Briefing")
    globals()["RECORDS"] = {globals()[one].noun: globals()[one] for one in records}
    return globals()[name]

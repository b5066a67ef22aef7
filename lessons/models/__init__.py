"""The tables, one noun a file. Whoever takes a table from here has loaded them all; a file alone loads itself alone."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lessons.models.actions import Action, ActionCause, Attachment, DueChange, Evidence, Extension, Hand
    from lessons.models.base import metadata
    from lessons.models.cases import Case, CaseLink, CrmPlace, Proposal, Sighting
    from lessons.models.debriefs import Cause, Debrief, DebriefPerson, Fact, Finding, QuestionSet, SimilarAnswer
    from lessons.models.desk import BasicCard, BasicReading, DeskVisit, UnitFigure
    from lessons.models.duties import Duty, Letter, Notice, Reckoning, Sign
    from lessons.models.events import Counter, Event, EventDetail, Idempotency, Seal
    from lessons.models.feedback import Feedback
    from lessons.models.feeds import Feed
    from lessons.models.imports import Import, ImportFile, ImportItem
    from lessons.models.jobs import Job
    from lessons.models.lessons import FormerTopic, Lesson, LessonTopic, Topic, WordChange
    from lessons.models.news import News, NewsReading
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
    from lessons.models.questions import Question, QuestionLesson
    from lessons.models.searching import Missed, Synonyms
    from lessons.models.sentences import Sentence, SentenceVote
    from lessons.models.verifications import Verification
    from lessons.models.views import SavedView
    from lessons.models.ways_in import Authenticator, HalfSignIn, Passkey, ProviderAccount, RecoveryCode
    from lessons.models.webhooks import Webhook, WebhookCall
    from lessons.models.words import OwnWord

    RECORDS: dict[
        str,
        type[Debrief | Lesson | Action | Procedure | Revision | Verification | Briefing | News | Question | Sentence],
    ]

_FILES = ("actions", "base", "cases", "debriefs", "desk", "duties", "events", "feedback", "feeds", "imports", "jobs",
          "lessons",
          "news", "people", "presence", "procedures", "questions", "searching", "sentences", "verifications", "views",
          "ways_in", "webhooks", "words")  # fmt: skip

__all__ = [
    "RECORDS",
    "Absence",
    "Action",
    "ActionCause",
    "Attachment",
    "Attempt",
    "Authenticator",
    "BasicCard",
    "BasicReading",
    "Briefing",
    "BriefingMember",
    "Case",
    "CaseLink",
    "Cause",
    "Counter",
    "CrmPlace",
    "Debrief",
    "DebriefPerson",
    "DeskVisit",
    "DueChange",
    "Duty",
    "Event",
    "EventDetail",
    "Evidence",
    "Extension",
    "Fact",
    "Feed",
    "Feedback",
    "Finding",
    "FormerTopic",
    "Grant",
    "HalfSignIn",
    "Hand",
    "Idempotency",
    "Import",
    "ImportFile",
    "ImportItem",
    "Invitation",
    "Job",
    "Lesson",
    "LessonTopic",
    "Letter",
    "Missed",
    "News",
    "NewsReading",
    "Notice",
    "OwnWord",
    "Passkey",
    "Person",
    "Presence",
    "Procedure",
    "Proposal",
    "ProviderAccount",
    "Question",
    "QuestionLesson",
    "QuestionSet",
    "Reckoning",
    "RecoveryCode",
    "Revision",
    "RevisionEditor",
    "RevisionLesson",
    "SavedView",
    "Seal",
    "Sentence",
    "SentenceVote",
    "Sighting",
    "Sign",
    "SignIn",
    "SimilarAnswer",
    "Synonyms",
    "Token",
    "Topic",
    "Unit",
    "UnitFigure",
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
    records = ("Debrief", "Lesson", "Action", "Procedure", "Revision", "Verification", "Briefing", "News", "Question",
               "Sentence")  # fmt: skip
    globals()["RECORDS"] = {globals()[one].noun: globals()[one] for one in records}
    return globals()[name]

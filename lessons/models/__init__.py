"""The tables, one noun a file."""

from lessons.models.actions import Action, ActionCause, Attachment, DueChange, Evidence, Extension, Hand
from lessons.models.base import metadata
from lessons.models.debriefs import Cause, Debrief, DebriefPerson, Fact, Finding, SimilarAnswer
from lessons.models.duties import Duty, Letter, Notice
from lessons.models.events import Counter, Event, EventDetail, Idempotency
from lessons.models.lessons import Case, CaseLink, Lesson, LessonTopic, Topic, WordChange
from lessons.models.people import Absence, Attempt, Grant, Invitation, Person, SignIn, Token, Unit
from lessons.models.procedures import (
    Briefing,
    BriefingMember,
    Procedure,
    Revision,
    RevisionEditor,
    RevisionLesson,
)
from lessons.models.verifications import Verification

RECORDS = {model.noun: model for model in (Debrief, Lesson, Action, Procedure, Revision, Verification, Briefing)}

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
    "Finding",
    "Grant",
    "Hand",
    "Idempotency",
    "Invitation",
    "Lesson",
    "LessonTopic",
    "Letter",
    "Notice",
    "Person",
    "Procedure",
    "Revision",
    "RevisionEditor",
    "RevisionLesson",
    "SignIn",
    "SimilarAnswer",
    "Token",
    "Topic",
    "Unit",
    "Verification",
    "WordChange",
    "metadata",
]

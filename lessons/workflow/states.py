"""The states of the lives and the other stored choices. Values are what the database keeps and the API says."""

from enum import StrEnum


class DebriefState(StrEnum):
    REPORTED = "reported"
    INVESTIGATING = "investigating"
    IN_REVIEW = "in_review"
    ISSUED = "issued"
    CLOSED = "closed"
    DECLINED = "declined"
    MERGED = "merged"


class LessonState(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    IMPLEMENTING = "implementing"
    WATCHING = "watching"
    VERIFIED = "verified"
    DUE_FOR_REVIEW = "due_for_review"
    REJECTED = "rejected"
    MERGED = "merged"
    RISK_ACCEPTED = "risk_accepted"
    RETIRED = "retired"


class ActionState(StrEnum):
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    CONFIRMED = "confirmed"
    BLOCKED = "blocked"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class RevisionState(StrEnum):
    DRAFTING = "drafting"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    EFFECTIVE = "effective"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


class VerificationState(StrEnum):
    PLANNED = "planned"
    SCHEDULED = "scheduled"
    DUE = "due"
    EFFECTIVE = "effective"
    NOT_EFFECTIVE = "not_effective"
    INCONCLUSIVE = "inconclusive"
    VOID = "void"


class BriefingState(StrEnum):
    OPEN = "open"
    ENDED = "ended"


class NewsState(StrEnum):
    REPORTED = "reported"
    LIVE = "live"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class NewsKind(StrEnum):
    NEWS = "news"
    FOCUS = "focus"
    OFFER = "offer"


class QuestionState(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class SentenceState(StrEnum):
    OFFERED = "offered"
    LIVE = "live"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"


class ProcedureState(StrEnum):
    KEPT = "kept"


class DebriefKind(StrEnum):
    FAILURE = "failure"
    SUCCESS = "success"
    NEAR_MISS = "near_miss"
    ROUTINE = "routine"
    INTERVIEW = "interview"


class Path(StrEnum):
    FULL = "full"
    QUICK = "quick"


class FindingDirection(StrEnum):
    IMPROVE = "improve"
    SUSTAIN = "sustain"


class CauseKind(StrEnum):
    SYSTEM = "system"
    HUMAN = "human"
    TECHNICAL = "technical"
    INFORMATION = "information"


class Direction(StrEnum):
    DO = "do"
    DONT = "dont"
    KEEP = "keep"


class ActionKind(StrEnum):
    CORRECTIVE = "corrective"
    PREVENTIVE = "preventive"
    SUSTAINING = "sustaining"
    REPLICATING = "replicating"


class EvidenceKind(StrEnum):
    LINK = "link"
    FILE = "file"
    REVISION = "revision"
    NOTE = "note"


class PolicyKind(StrEnum):
    PROCEDURE = "procedure"
    SERVICE = "service"
    COMPENSATION = "compensation"


class Preset(StrEnum):
    DID_NOT_COME_BACK = "did_not_come_back"
    FLOOR_SAYS = "floor_says"
    SAMPLE = "sample"
    BEFORE_AFTER = "before_after"


class Role(StrEnum):
    AGENT = "agent"
    DEBRIEF_LEADER = "debrief_leader"
    LESSONS_MANAGER = "lessons_manager"
    MANAGER = "manager"
    EDITOR = "editor"
    FINANCE = "finance"
    AUDITOR = "auditor"
    ADMIN = "admin"


class ExtensionState(StrEnum):
    ASKED = "asked"
    GRANTED = "granted"
    DENIED = "denied"
    LAPSED = "lapsed"


class Similarity(StrEnum):
    SAME = "same"
    RELATED = "related"
    DIFFERENT = "different"


class Verdict(StrEnum):
    USEFUL = "useful"
    DOES_NOT_FIT = "does_not_fit"
    OUTDATED = "outdated"
    UNCLEAR = "unclear"


class FeedbackReason(StrEnum):
    OTHER_CASE = "other_case"
    NOT_MY_ROLE = "not_my_role"
    DID_NOT_HELP = "did_not_help"
    TERMS_CHANGED = "terms_changed"
    SYSTEM_CHANGED = "system_changed"
    PROCEDURE_CHANGED = "procedure_changed"
    WHAT_FIRST = "what_first"
    A_WORD = "a_word"
    TOO_LONG = "too_long"


class FeedbackOutcome(StrEnum):
    CHANGED = "changed"
    THANKED = "thanked"
    DOES_NOT_APPLY = "does_not_apply"


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class LetterState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class ImportState(StrEnum):
    READING = "reading"
    READ = "read"
    RUNNING = "running"
    TAKEN = "taken"
    UNDOING = "undoing"
    UNDONE = "undone"
    DROPPED = "dropped"


REASONS = {
    Verdict.DOES_NOT_FIT: (FeedbackReason.OTHER_CASE, FeedbackReason.NOT_MY_ROLE, FeedbackReason.DID_NOT_HELP),
    Verdict.OUTDATED: (FeedbackReason.TERMS_CHANGED, FeedbackReason.SYSTEM_CHANGED, FeedbackReason.PROCEDURE_CHANGED),
    Verdict.UNCLEAR: (FeedbackReason.WHAT_FIRST, FeedbackReason.A_WORD, FeedbackReason.TOO_LONG),
}
"""What a reader may mean by each, offered beside it."""
DEBRIEF_LIVE = (DebriefState.REPORTED, DebriefState.INVESTIGATING, DebriefState.IN_REVIEW, DebriefState.ISSUED)
LESSON_LIVE = (
    LessonState.DRAFT,
    LessonState.PROPOSED,
    LessonState.ACCEPTED,
    LessonState.IMPLEMENTING,
    LessonState.WATCHING,
    LessonState.VERIFIED,
    LessonState.DUE_FOR_REVIEW,
    LessonState.RISK_ACCEPTED,
)
LESSON_PUBLIC = LESSON_LIVE[2:]
LESSON_SETTLED = (
    LessonState.VERIFIED,
    LessonState.DUE_FOR_REVIEW,
    LessonState.REJECTED,
    LessonState.MERGED,
    LessonState.RETIRED,
    LessonState.RISK_ACCEPTED,
)
ACTION_OPEN = (
    ActionState.ASSIGNED,
    ActionState.IN_PROGRESS,
    ActionState.BLOCKED,
    ActionState.DONE,
    ActionState.DECLINED,
)
REVISION_DRAFT = (RevisionState.DRAFTING, RevisionState.IN_REVIEW, RevisionState.APPROVED)
REVISION_LIVE = (*REVISION_DRAFT, RevisionState.EFFECTIVE)
VERIFICATION_OPEN = (VerificationState.PLANNED, VerificationState.SCHEDULED, VerificationState.DUE)

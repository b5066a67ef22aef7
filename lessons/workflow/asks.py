"""What each step asks for: the forms of the five lives, as CONTRACT.md names their fields. One class a form."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, Literal, Self

from pydantic import Field, create_model, model_validator

from lessons.workflow import fields as f
from lessons.workflow.fields import Asks
from lessons.workflow.states import (
    ActionKind,
    CauseKind,
    DebriefKind,
    Direction,
    EvidenceKind,
    FeedbackOutcome,
    FeedbackReason,
    FindingDirection,
    NewsKind,
    Path,
    PolicyKind,
    Preset,
    Role,
    Similarity,
    Verdict,
)


class Nothing(Asks):
    """A step that asks for nothing."""


class WithReason(Asks):
    reason: f.Reason


class MaybeReason(Asks):
    reason: f.Loose = ""


class Audience(Asks):
    """Who it is meant for: everyone of these roles (all roles if none) in these units and below."""

    units: list[f.UnitRef] = Field(default_factory=list, max_length=200)
    roles: list[Role] = Field(default_factory=list)


class HandOver(Asks):
    relation: str
    to: f.PersonRef
    reason: f.Reason

    @model_validator(mode="after")
    def _is_named(self) -> Self:
        """The one relation that there is counts as given."""
        self.model_fields_set.add("relation")
        return self


@lru_cache
def handing(*relations: str) -> type[HandOver]:
    """The form that hands over one of these relations; where there is one, nobody has to name it."""
    name = "HandOver" + "".join(relation.title() for relation in relations)
    default = relations[0] if len(relations) == 1 else ...
    relation: Any = (Literal[relations], default)
    return create_model(name, __base__=HandOver, relation=relation)


# ── debrief ──────────────────────────────────────────────────────────────────────────────────────────────────────────
class Report(Asks):
    what_happened: f.Text
    kind: DebriefKind
    urgent: f.Flag = False
    title: f.LooseLine = ""
    happened_on: f.Day | None = None
    unit: f.UnitRef | None = None
    source_ref: f.LooseLine = ""
    anonymous: f.Flag = False
    confidential: f.Flag = False
    concerns_managers: f.Flag = False
    named_people: list[f.PersonRef] = Field(default_factory=list, max_length=50)
    path: Path | None = None
    severity: f.Severity | None = None
    participants: list[f.PersonRef] = Field(default_factory=list, max_length=50)
    expected: f.Loose = ""
    actual: f.Loose = ""
    why: f.Loose = ""
    differently: f.Loose = ""
    direction: Direction | None = None
    why_it_worked: f.Loose = ""
    elsewhere: f.Loose = ""


class QuickDebrief(Report):
    """A report that is a whole debrief: its four lines and the direction are there. `applies_when` is its lesson's."""

    expected: f.Text
    why: f.Text
    differently: f.Text
    direction: Direction
    applies_when: f.LooseLine = ""


class OpenDebrief(Asks):
    leader: f.PersonRef
    severity: f.Severity = 2
    path: Path | None = None
    reviewer: f.PersonRef | None = None
    due_on: f.Day | None = None
    questions: f.Loose = ""


class MergeDebrief(Asks):
    target: f.DebriefRef
    reason: f.Loose = ""


class Widen(Asks):
    reviewer: f.PersonRef
    due_on: f.Day | None = None
    reason: f.Loose = ""


class NameChoice(Asks):
    text: f.Line
    choice: Literal["role", "not_a_name"]


class SubmitDebrief(Asks):
    names: list[NameChoice] = Field(default_factory=list, max_length=100)


class SimilarChoice(Asks):
    lesson: f.LessonRef
    choice: Similarity


class IssueDebrief(Asks):
    similar: list[SimilarChoice] = Field(default_factory=list, max_length=30)


class Reopen(Asks):
    reason: f.Reason
    leader: f.PersonRef | None = None
    reviewer: f.PersonRef | None = None
    due_on: f.Day | None = None


class EditDebrief(Asks):
    title: f.Line | None = None
    happened_on: f.Day | None = None
    source_ref: f.LooseLine | None = None
    kind: DebriefKind | None = None
    severity: f.Severity | None = None
    confidential: f.Flag | None = None
    named_people: list[f.PersonRef] | None = Field(default=None, max_length=50)
    participants: list[f.PersonRef] | None = Field(default=None, max_length=50)
    questions: f.Loose | None = None
    expected: f.Loose | None = None
    actual: f.Loose | None = None
    why: f.Loose | None = None
    differently: f.Loose | None = None
    direction: Direction | None = None
    why_it_worked: f.Loose | None = None
    elsewhere: f.Loose | None = None


class Fact(Asks):
    text: f.Text
    at: f.Moment | None = None
    source: f.LooseLine = ""


class EditFact(Asks):
    text: f.Text | None = None
    at: Annotated[f.Moment | None, f.Clearable()] = None
    source: f.LooseLine | None = None


class Finding(Asks):
    text: f.Text
    direction: FindingDirection = FindingDirection.IMPROVE
    no_lesson_because: f.Loose = ""


class EditFinding(Asks):
    text: f.Text | None = None
    direction: FindingDirection | None = None
    no_lesson_because: f.Loose | None = None


class NoAction(Asks):
    reason: f.Reason


class Cause(Asks):
    text: f.Text
    kind: CauseKind = CauseKind.SYSTEM
    root: f.Flag = False
    parent: f.CauseRef | None = None
    no_action: NoAction | None = None


class EditCause(Asks):
    text: f.Text | None = None
    kind: CauseKind | None = None
    root: f.Flag | None = None
    parent: Annotated[f.CauseRef | None, f.Clearable()] = None
    no_action: NoAction | None = None


# ── lesson ───────────────────────────────────────────────────────────────────────────────────────────────────────────
Steps = list[f.Line]


class Lesson(Asks):
    title: f.Sentence120
    direction: Direction | None = None
    applies_when: f.Loose = ""
    topics: list[f.Topic] = Field(default_factory=list, max_length=12)
    why: f.Loose = ""
    steps: list[f.Text] = Field(default_factory=list, max_length=20)
    say: f.Loose = ""
    avoid_saying: f.Loose = ""
    limits: f.Loose = ""
    transfer_to: f.Loose = ""
    exceptions: f.Loose = ""
    background: f.Loose = ""
    finding: f.FindingRef | None = None
    question: Annotated[f.QuestionRef | None, f.Called("question_answered")] = None
    unit: f.UnitRef | None = None
    severity: f.Severity | None = None
    source: f.LooseLine = ""
    interviewee: f.PersonRef | None = None
    consent: f.Flag = False
    language: Literal["he", "en"] | None = None


class LessonTexts(Asks):
    """Any text of the lesson; a field that is not sent stays as it is."""

    title: f.Sentence120 | None = None
    direction: Direction | None = None
    applies_when: f.Loose | None = None
    topics: list[f.Topic] | None = Field(default=None, max_length=12)
    why: f.Loose | None = None
    steps: list[f.Text] | None = Field(default=None, max_length=20)
    say: f.Loose | None = None
    avoid_saying: f.Loose | None = None
    limits: f.Loose | None = None
    transfer_to: f.Loose | None = None
    exceptions: f.Loose | None = None
    background: f.Loose | None = None
    language: Literal["he", "en"] | None = None


class EditLesson(LessonTexts):
    severity: f.Severity | None = None
    source: f.LooseLine | None = None
    interviewee: f.PersonRef | None = None
    consent: f.Flag | None = None
    level: f.Level | None = None
    review_on: f.Day | None = None
    audience: Audience | None = None


class Check(Asks):
    """A check question: `right` is the index of the right answer among `answers`."""

    question: f.Line
    answers: list[f.Line] = Field(min_length=2, max_length=5)
    right: int = Field(ge=0, le=4, strict=True)


class BriefingTerms(Asks):
    share: f.Share | None = None
    due_on: f.Day | None = None
    check: Check | None = None


class AcceptLesson(LessonTexts):
    owner: f.PersonRef
    audience: Audience | None = None
    level: f.Level | None = None
    review_on: f.Day | None = None
    briefing: BriefingTerms | None = None


class Feedback(Asks):
    """What is not useful needs one of the reasons, or words."""

    verdict: Verdict
    reason: FeedbackReason | None = None
    words: f.Loose = Field(default="", max_length=1000)


class AnswerFeedback(Asks):
    """`feedback`: whose words it answers; where nobody is named, all that wait."""

    feedback: list[f.FeedbackRef] = Field(default_factory=list, max_length=200)
    outcome: FeedbackOutcome
    answer: f.Text


class Question(Asks):
    text: f.Text
    unit: f.UnitRef | None = None


class AnswerQuestion(Asks):
    answer: f.Text
    lesson: f.LessonRef | None = None


class AskAuthor(Asks):
    question: f.Text


class AnswerAuthor(Asks):
    answer: f.Text


class MergeLesson(Asks):
    target: f.LessonRef
    reason: f.Loose = ""


class ActionChoice(Asks):
    action: f.ActionRef
    choice: Literal["keep", "cancel"]


class AcceptRisk(Asks):
    reason: f.Reason
    until: f.Day | None = None
    actions: list[ActionChoice] = Field(default_factory=list, max_length=200)


class Recur(Asks):
    cases: list[f.CaseRef] = Field(default_factory=list, max_length=200)
    account: f.Loose = ""
    meanwhile: f.LooseLine = ""


class Revalidate(Asks):
    review_on: f.Day | None = None


class Promote(Asks):
    audience: Audience


class Retire(Asks):
    reason: f.Reason
    successor: f.LessonRef | None = None


# ── action ───────────────────────────────────────────────────────────────────────────────────────────────────────────
class Action(Asks):
    text: f.Text
    done_when: f.Text
    kind: ActionKind = ActionKind.CORRECTIVE
    owner: f.PersonRef
    due_on: f.Day
    covers: list[f.CauseRef] = Field(default_factory=list, max_length=50)


class EditAction(Asks):
    text: f.Text | None = None
    done_when: f.Text | None = None
    kind: ActionKind | None = None
    covers: list[f.CauseRef] | None = Field(default=None, max_length=50)


class Block(Asks):
    reason: f.Reason
    waiting_on: f.PersonRef | None = None


class Evidence(Asks):
    kind: EvidenceKind
    url: f.LooseLine = ""
    revision: f.RevisionRef | None = None
    file: f.FileRef | None = None
    note: f.Loose = ""


class EditFile(Asks):
    caption: f.LooseLine = ""


class ReportDone(Asks):
    evidence: Evidence | None = None
    note: f.Loose = ""


class Reassign(Asks):
    owner: f.PersonRef
    due_on: f.Day | None = None
    reason: f.Reason


class Extension(Asks):
    new_due_on: f.Day
    reason: f.Reason


# ── procedure and revision ───────────────────────────────────────────────────────────────────────────────────────────
class Procedure(Asks):
    title: f.Line
    owner: f.PersonRef
    approver: f.PersonRef
    policy_kind: PolicyKind = PolicyKind.PROCEDURE
    regulated: f.Flag = False
    unit: f.UnitRef | None = None


class EditProcedure(Asks):
    title: f.Line | None = None
    policy_kind: PolicyKind | None = None
    regulated: f.Flag | None = None


class Limit(Asks):
    """What each level may grant in a situation, to customers of a tier; empty where a level has no say of its own."""

    situation: f.Sentence120
    tier: f.LooseLine = ""
    agent: f.LooseLine = ""
    debrief_leader: f.LooseLine = ""
    manager: f.LooseLine = ""
    finance: f.LooseLine = ""


class Section(Asks):
    id: f.LooseLine = ""
    heading: f.Line
    body: f.Loose = ""
    limits: list[Limit] = Field(default_factory=list, max_length=60)


class Revision(Asks):
    because_of: list[f.LessonRef] = Field(default_factory=list, max_length=50)
    sections: list[Section] | None = Field(default=None, max_length=100)


class EditRevision(Asks):
    sections: list[Section] | None = Field(default=None, max_length=100)
    because_of: list[f.LessonRef] | None = Field(default=None, max_length=50)
    summary: f.LooseLine | None = None


class SubmitRevision(Asks):
    summary: f.LooseLine = ""


class Publish(Asks):
    effective_on: f.Day | None = None
    audience: Audience | None = None
    share: f.Share | None = None
    due_on: f.Day | None = None


class Withdraw(Asks):
    reason: f.Reason
    requested_by: f.LooseLine = ""
    successor: f.ProcedureRef | None = None


# ── verification and briefing ────────────────────────────────────────────────────────────────────────────────────────
class BaselineUnknown(Asks):
    reason: f.Reason


class Verification(Asks):
    preset: Preset | None = None
    method: f.LooseLine = ""
    measure: f.LooseLine = ""
    baseline: f.Number | None = None
    baseline_unknown: BaselineUnknown | None = None
    target: f.Number | None = None
    watch_days: int | None = Field(default=None, ge=1, le=730, strict=True)
    verifier: f.PersonRef | None = None


class Conclude(Asks):
    result: Literal["effective", "not_effective", "inconclusive"]
    measured: f.Number | None = None
    sample: int | None = Field(default=None, ge=0, le=10_000_000, strict=True)
    words: f.Loose = ""
    evidence: f.Loose = ""
    meanwhile: f.LooseLine = ""


class Briefing(Asks):
    subject: f.SubjectRef
    audience: Audience | None = None
    share: f.Share | None = None
    due_on: f.Day | None = None
    check: Check | None = None


# ── news ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
class NewsTexts(Asks):
    title: f.Line
    body: Annotated[f.Loose, f.Called("news_body")] = ""
    urgent: Annotated[f.Flag, f.Called("news_urgent")] = False
    topic: f.LooseTopic = ""
    seen_where: f.LooseLine = ""
    our_answer: f.Loose = ""
    audience: Audience | None = None
    valid_from: f.Moment | None = None
    valid_until: f.Moment | None = None


class News(NewsTexts):
    """An item of news, a topic in focus, or a competitor's offer that somebody saw."""

    kind: NewsKind = NewsKind.NEWS
    unit: f.UnitRef | None = None


class EditNews(NewsTexts):
    title: f.Line = ""


# ── sentences that work ──────────────────────────────────────────────────────────────────────────────────────────────
class Sentence(Asks):
    """What was said, as it was said."""

    text: Annotated[f.Spoken, f.Called("sentence_text")]
    said_when: f.LooseLine = ""
    topic: Annotated[f.LooseTopic, f.Called("sentence_topic")] = ""
    lesson: f.LessonRef | None = None


class KeepSentence(Asks):
    """It is kept in these words; what is not sent stays as it was offered."""

    text: Annotated[f.Spoken | None, f.Called("sentence_text")] = None
    said_when: f.LooseLine | None = None
    topic: Annotated[f.LooseTopic | None, f.Called("sentence_topic")] = None


class Vote(Asks):
    """It worked for them too; `false` takes that back."""

    worked: f.Flag = True


class NewDate(Asks):
    due_on: f.Day
    reason: f.Reason


# ── a manager's decision ─────────────────────────────────────────────────────────────────────────────────────────────
DutyKind = Literal[
    "triage_debrief",
    "review_debrief",
    "lead_debrief",
    "first_fact",
    "finish_draft",
    "decide_lesson",
    "plan_lesson",
    "replan_lesson",
    "revalidate_lesson",
    "start_action",
    "do_action",
    "unblock_action",
    "decide_declined_action",
    "confirm_action",
    "decide_extension",
    "write_revision",
    "review_revision",
    "approve_money",
    "publish_revision",
    "verify",
    "answer_question",
    "decide_sentence",
]


class DutyDate(Asks):
    """Another day for what is owed; without its name, for what is due first."""

    duty: DutyKind | None = None
    due_on: f.Day
    reason: f.Reason


class HandOn(Asks):
    """What is owed goes to somebody else; without its name, what is due first."""

    duty: DutyKind | None = None
    to: f.PersonRef
    reason: f.Reason


class Acknowledge(Asks):
    answer: int | None = Field(default=None, ge=0, le=4, strict=True)


class Case(Asks):
    external_id: f.Line
    text: f.Text
    channel: f.LooseLine = ""
    opened_at: f.Moment | None = None
    unit: f.UnitRef | None = None
    category: f.LooseLine = ""
    customer_ref: f.LooseLine = ""


class Figure(Asks):
    unit: f.UnitRef
    day: f.Day
    name: f.Topic
    value: f.Number


class Figures(Asks):
    """Numbers of units, never of a person."""

    items: list[Figure] = Field(min_length=1, max_length=1000)


class MatchCase(Asks):
    lesson: f.LessonRef

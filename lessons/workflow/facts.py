"""What guards look at besides the row: small frozen facts, loaded by access for one row or a hundred alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

NONE: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Reach:
    """How far a date may still be moved: `until` the last day that may be asked for, `days` working days on; `manager`
    where whoever manages the unit decides alone."""

    until: date
    days: int
    manager: bool


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Common to all lives. `relations` holds the roles and relations of whoever acts, to this row, and `duty:TRIGGER`
    for what a duty of theirs lets them fire; `acting` the ids of the person and of those they stand in for; `people`
    who holds each relation now; `hands` who ever had one; `asked_until` the date that an open request asks for;
    `reach` only where another date may be asked for."""

    today: date
    relations: frozenset[str] = frozenset()
    acting: frozenset[int] = NONE
    small: bool = False
    people: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    hands: Mapping[str, frozenset[int]] = field(default_factory=dict)
    severity: int = 2
    asked_until: date | None = None
    reach: Reach | None = None

    @property
    def open_extension(self) -> bool:
        return self.asked_until is not None

    @property
    def for_manager(self) -> bool:
        """Whether the request that waits, or would be the next, is beyond whoever assigned it."""
        return self.reach is not None and self.reach.manager

    def ever(self, relation: str) -> frozenset[int]:
        return self.hands.get(relation, NONE)

    def has(self, *who: str) -> bool:
        return any(w in self.relations for w in who)


@dataclass(frozen=True)
class FindingFact:
    n: int
    causes: int
    lessons: int
    no_lesson: bool
    sustain: bool


@dataclass(frozen=True)
class NameHit:
    """A participant's full name met in a text: which, and where (a field, or a part and its number)."""

    name: str
    where: str
    n: int


@dataclass(frozen=True)
class DraftFact:
    """A lesson of the debrief: its code, state, and what it lacks to be proposed."""

    code: str
    state: str
    title: str
    lacks: tuple[str, ...]
    keep: bool


@dataclass(frozen=True, kw_only=True)
class DebriefFacts(Facts):
    """`similar_unanswered` comes empty: search lies above access, so the debriefs room puts the codes in before it asks
    whether `issue` is open."""

    participants: frozenset[int] = NONE
    dated_facts: int = 0
    findings: tuple[FindingFact, ...] = ()
    drafts: tuple[DraftFact, ...] = ()
    names: tuple[NameHit, ...] = ()
    similar_unanswered: tuple[str, ...] = ()
    unsettled: int = 0
    consent: bool = True


@dataclass(frozen=True)
class WayFact:
    """A way of a lesson to people, in this cycle: an action, a revision or a briefing, and how far it is."""

    kind: str
    state: str
    reached: bool
    late_reading: bool = False


@dataclass(frozen=True, kw_only=True)
class LessonFacts(Facts):
    """`author_here`: whoever wrote it is known and active. `ways`, `plans` and `results` are of the present cycle.
    `ways_ever` counts its ways with those that came to nothing: cancelled, withdrawn, ended unreached.
    `feedback_waits` counts readers' words that wait for an answer, without the owner's own."""

    debrief_path: str | None = None
    debrief_state: str | None = None
    author_here: bool = True
    topics: int = 0
    ways: tuple[WayFact, ...] = ()
    ways_ever: int = 0
    plans: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    roots_uncovered: int = 0
    cases: int = 0
    feedback_waits: int = 0
    changed_since_proved: frozenset[int] = NONE


@dataclass(frozen=True, kw_only=True)
class ActionFacts(Facts):
    """`evidence` counts files, links and revisions; `stands_in_for_owner` are those who do so today, for any owner
    it ever had."""

    evidence: int = 0
    long_note: bool = False
    stands_in_for_owner: frozenset[int] = NONE


@dataclass(frozen=True, kw_only=True)
class RevisionFacts(Facts):
    """Of a revision, and of a procedure. `audience_size` is counted once a revision is approved."""

    editors: frozenset[int] = NONE
    text_changed: bool = False
    money_changed: bool = False
    audience_size: int = 0
    other_draft: bool = False


@dataclass(frozen=True, kw_only=True)
class VerificationFacts(Facts):
    barred: frozenset[int] = NONE
    author: int | None = None


@dataclass(frozen=True, kw_only=True)
class NewsFacts(Facts):
    """`author` told of it."""

    author: int | None = None


@dataclass(frozen=True, kw_only=True)
class BriefingFacts(Facts):
    """`counted` of its members count, `acknowledged` of these have read; `members` are those of them who act here."""

    counted: int = 0
    acknowledged: int = 0
    members: frozenset[int] = NONE
    decision_owed: bool = False

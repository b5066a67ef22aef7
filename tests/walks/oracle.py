"""Who may know of what, told a second time: from the words of the process, over plain rows and by no query of ours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from lessons.models import (
    RECORDS,
    Absence,
    BriefingMember,
    Case,
    CaseLink,
    DebriefPerson,
    Duty,
    Grant,
    Job,
    Person,
    RevisionEditor,
    RevisionLesson,
    Unit,
)
from lessons.workflow.states import LESSON_PUBLIC

HEADS = ("lessons_manager", "manager")
STAFF = ("lessons_manager", "editor", "manager")
Ids = frozenset[int | None]


@dataclass(frozen=True)
class Who:
    """`me`: the ids in whose place they act; `held` are (role, unit, through whom) and `under` the units of each role,
    with all below."""

    id: int
    me: Ids
    held: frozenset[tuple[str, int, int]]
    under: dict[str, set[int]]

    @property
    def audits(self) -> bool:
        return "auditor" in self.under

    def among(self, *people: int | None) -> bool:
        return not self.me.isdisjoint(people)

    def has(self, unit: int, *roles: str) -> bool:
        return any(unit in self.under.get(role, ()) for role in roles)


class Oracle:
    """All rows at one moment; of each noun, `seen` are the records that somebody may know of."""

    def __init__(self, session: Session, at: datetime) -> None:
        self.at = at
        models = {**RECORDS, "cases": Case, "duties": Duty, "jobs": Job}
        self.rows = {noun: _all(session, model) for noun, model in models.items()}
        self.by_id = {noun: {row.id: row for row in rows} for noun, rows in self.rows.items()}
        self.people = {row.id: row for row in _all(session, Person)}
        self.units = {row.id: row for row in _all(session, Unit)}
        self.above = {unit: list(self._up(unit)) for unit in self.units}
        self.grants, self.absences = _all(session, Grant), _all(session, Absence)
        parts = _all(session, DebriefPerson)
        self.named = _by((row.debrief_id, row.person_id) for row in parts if row.part == "named")
        self.took_part = _by((row.debrief_id, row.person_id) for row in parts if row.part == "participant")
        self.editors = _by((row.revision_id, row.person_id) for row in _all(session, RevisionEditor))
        self.because = _by((row.revision_id, row.lesson_id) for row in _all(session, RevisionLesson))
        self.members = _by((row.briefing_id, row.person_id) for row in _all(session, BriefingMember))
        self.shows = _by((row.case_id, row.lesson_id) for row in _all(session, CaseLink))
        self.editions = _by((row.procedure_id, row.id) for row in self.rows["revisions"])
        live = [row for row in self.rows["verifications"] if row.state != "void"]
        self.verifiers = _by((row.lesson_id, row.verifier_id) for row in live)
        self.acting = _by((row.lesson_id, row.owner_id) for row in self.rows["actions"] if row.lesson_id)
        owed = [row for row in self.rows["duties"] if row.closed_at is None]
        self.owing = _by(((row.of_noun, row.of_id), row.person_id) for row in owed)

    def _up(self, unit: int) -> Iterable[int]:
        here: int | None = unit
        while here is not None:
            yield here
            here = self.units[here].parent_id

    # ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def who(self, person_id: int) -> Who:
        """Own roles, and those of whoever is away today and named them: but not the keys to people and settings."""
        day = self.at.astimezone(ZoneInfo(self.units[self.people[person_id].unit_id].zone)).date()
        away = {row.person_id for row in self.absences if row.delegate_id == person_id and _covers(row, day)}
        held = frozenset(
            (row.role.value, row.unit_id, row.person_id) for row in self.grants
            if row.from_at <= self.at and (row.until_at is None or row.until_at > self.at)
            and (row.person_id == person_id or (row.person_id in away and row.role != "admin"))
        )  # fmt: skip
        under: dict[str, set[int]] = defaultdict(set)
        for role, at_unit, _ in held:
            under[role] |= {unit for unit, above in self.above.items() if at_unit in above}
        return Who(person_id, frozenset({person_id, *away}), held, dict(under))

    # ── what ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    def seen(self, noun: str, who: Who) -> set[str]:
        rule = RULES[noun]
        return {name_of(row) for row in self.rows[noun] if rule(self, row, who)}

    def whole(self, who: Who) -> set[str]:
        """Debriefs of which they read all."""
        return {row.code for row in self.rows["debriefs"] if self.reads_debrief(row, who)}

    def called(self, noun: str, who: Who) -> set[str]:
        """Those whose title is theirs to read: of a debrief not where its header alone is open."""
        if noun != "debriefs":
            return self.seen(noun, who)
        return self.whole(who) | {row.code for row in self.rows[noun] if who.among(row.reporter_id)}

    def owed(self, who: Who) -> list[Any]:
        """Open duties that are theirs: through somebody whom separation does not bar, and not barred themself."""
        return [row for row in self.rows["duties"] if row.closed_at is None and self._owes(row, who)]

    def _owes(self, row: Any, who: Who) -> bool:
        if row.role is None:
            through = {row.person_id} & who.me
        else:
            through = {person for role, unit, person in who.held if (role, unit) == (row.role.value, row.unit_id)}
        return bool(through - {*row.excluding}) and who.id not in row.excluding

    def debriefs(self, row: Any, who: Who) -> bool:
        """People of the record; leaders of debriefs and heads of its unit; auditors. Of a confidential one reporter,
        leader and reviewer, whoever is named, auditors; heads, one level up where it concerns them."""
        if who.audits or who.among(row.reporter_id, row.leader_id, row.reviewer_id, *self.named[row.id]):
            return True
        if row.confidential:
            return who.has(self.level(row), *HEADS)
        return who.among(*self.took_part[row.id]) or who.has(row.unit_id, "debrief_leader", *HEADS)

    def reads_debrief(self, row: Any, who: Who) -> bool:
        """A reporter sees the state and the lessons; heads see the header of a confidential one once it is open."""
        if who.audits or who.among(row.leader_id, row.reviewer_id, *self.named[row.id]):
            return True
        if row.confidential:
            return row.state == "reported" and who.has(self.level(row), *HEADS)
        return who.among(*self.took_part[row.id]) or who.has(row.unit_id, "debrief_leader", *HEADS)

    def level(self, row: Any) -> int:
        """Whose heads answer for a debrief; at the top nobody is above."""
        above = self.above[row.unit_id]
        return above[1] if row.concerns_managers and len(above) > 1 else above[0]

    def lessons(self, row: Any, who: Who) -> bool:
        """From accepted on everyone; before that and where it was rejected its people, its debrief's, heads, auditors.

        Of what is not in use any more, the same as before."""
        if row.state in LESSON_PUBLIC or (row.state in ("retired", "merged") and row.accepted_at):
            return True
        return who.among(row.author_id, row.owner_id, *self.leading(row.debrief_id)) or self.kept(row, who)

    def kept(self, row: Any, who: Who) -> bool:
        return who.audits or who.has(row.unit_id, *HEADS)

    def leading(self, debrief_id: int | None) -> set[int | None]:
        found = self.by_id["debriefs"].get(debrief_id)
        return {found.leader_id, found.reviewer_id} if found else set()

    def of_lesson(self, lesson_id: int | None) -> set[int | None]:
        """Author, owner and verifier."""
        found = self.by_id["lessons"].get(lesson_id)
        return {found.author_id, found.owner_id, *self.verifiers[found.id]} if found else set()

    def around_lesson(self, lesson_id: int | None) -> set[int | None]:
        """Its people, those who act for it too, and whoever leads or reviews its debrief."""
        found = self.by_id["lessons"].get(lesson_id)
        led = self.leading(found.debrief_id) if found else set()
        return {*self.of_lesson(lesson_id), *self.acting[lesson_id], *led}

    def actions(self, row: Any, who: Who) -> bool:
        """People of the record, of its lesson, of its debrief; heads, but not of what a confidential debrief asks for
        itself; auditors; whoever owes something on it."""
        people = {row.owner_id, row.assigner_id, row.waiting_on_id, *self.leading(row.debrief_id)}
        if who.audits or who.among(*people, *self.around_lesson(row.lesson_id), *self.owing[row.noun, row.id]):
            return True
        of = self.by_id["debriefs"].get(row.debrief_id)
        return not (of and of.confidential) and who.has(row.unit_id, *HEADS)

    def verifications(self, row: Any, who: Who) -> bool:
        people = {row.verifier_id, *self.around_lesson(row.lesson_id), *self.owing[row.noun, row.id]}
        return who.among(*people) or self.kept(row, who)

    def revisions(self, row: Any, who: Who) -> bool:
        """In force: everyone. Else the procedure's owner and approver, owners of the lessons it is because of, editors,
        finance, the manager, auditors."""
        of, lessons = self.by_id["procedures"][row.procedure_id], self.by_id["lessons"]
        people = {of.owner_id, of.approver_id, row.editor_id, *self.editors[row.id]}
        people |= {lessons[one].owner_id for one in self.because[row.id]} | self.owing[row.noun, row.id]
        staff = who.has(row.unit_id, "editor", "finance", "manager")
        return row.state == "effective" or who.among(*people) or staff or who.audits

    def procedures(self, row: Any, who: Who) -> bool:
        """Whoever sees an edition of it sees it, and those who keep it."""
        editions = [self.by_id["revisions"][one] for one in self.editions[row.id]]
        staff = who.has(row.unit_id, "editor", "finance", "manager")
        seen = any(self.revisions(one, who) for one in editions)
        return seen or who.among(row.owner_id, row.approver_id) or staff or who.audits

    def briefings(self, row: Any, who: Who) -> bool:
        """Its opener, whoever is asked to read it, its lesson's people; heads, editors, auditors."""
        people = {row.opener_id, *self.members[row.id], *self.of_lesson(row.lesson_id)}
        return who.among(*people) or who.audits or who.has(row.unit_id, *STAFF)

    def news(self, _: Any, __: Who) -> bool:
        return True

    def questions(self, row: Any, who: Who) -> bool:
        people = {row.asker_id, *self.owing[row.noun, row.id]}
        return who.among(*people) or who.audits or who.has(row.unit_id, *STAFF)

    def sentences(self, row: Any, who: Who) -> bool:
        """What was kept once: everyone."""
        people = {row.author_id, *self.owing[row.noun, row.id]}
        return bool(row.kept_at) or who.among(*people) or who.audits or who.has(row.unit_id, *STAFF)

    def cases(self, row: Any, who: Who) -> bool:
        people = {row.entered_by_id}.union(*(self.of_lesson(one) for one in self.shows[row.id]))
        return who.among(*people) or who.audits or who.has(row.unit_id, "agent", *HEADS)

    def duties(self, row: Any, who: Who) -> bool:
        """One's own, by role too; managers their units', but none on a debrief that concerns them or on its actions."""
        if who.audits or who.among(row.person_id) or self._in_role(row, who):
            return True
        debrief_id = self.by_id["actions"][row.of_id].debrief_id if row.of_noun == "actions" else row.of_id
        of = self.by_id["debriefs"].get(debrief_id) if row.of_noun in ("actions", "debriefs") else None
        level = self.level(of) if of is not None and of.concerns_managers else row.unit_id
        return who.has(row.unit_id, "manager") and who.has(level, "manager")

    def _in_role(self, row: Any, who: Who) -> bool:
        return row.role is not None and any((role, at) == (row.role.value, row.unit_id) for role, at, _ in who.held)

    def jobs(self, row: Any, who: Who) -> bool:
        return bool(row.person_id == who.id)


Rule = Callable[[Oracle, Any, Who], bool]
RULES: dict[str, Rule] = {
    noun: getattr(Oracle, noun)
    for noun in ("debriefs", "lessons", "actions", "verifications", "revisions", "procedures", "briefings", "news",
                 "questions", "sentences", "cases", "duties", "jobs")
}  # fmt: skip


def name_of(row: Any) -> str:
    """As it is called outside."""
    return str(row.code if row.noun in RECORDS else row.pid)


def _all(session: Session, model: Any) -> list[Any]:
    return list(session.scalars(sa.select(model)))


def _by(pairs: Iterable[tuple[Any, int | None]]) -> dict[Any, set[int | None]]:
    found: dict[Any, set[int | None]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return found


def _covers(row: Any, day: date) -> bool:
    return row.cancelled_at is None and row.from_on <= day <= row.until_on

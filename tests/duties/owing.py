"""A small village that owes things: rows written directly, as the lives would have left them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from lessons import db
from lessons.access import tree
from lessons.access.numbers import calendar_of, policy_of
from lessons.models import Absence, Action, Debrief, Duty, Grant, Letter, Notice, Person, Unit
from lessons.workflow import deadlines
from lessons.workflow.states import ActionKind, ActionState, DebriefKind, DebriefState, Role

JERUSALEM = ZoneInfo("Asia/Jerusalem")
BEGINNING = datetime(2026, 1, 4, 6, tzinfo=UTC)
UNITS = {"CUS": None, "RET": "CUS", "EVE": "RET"}
PEOPLE = {  # name → (unit, own manager, language)
    "michal": ("CUS", None, "he"),
    "naomi": ("CUS", None, "he"),
    "ilan": ("RET", None, "he"),
    "dana": ("RET", "ilan", "en"),
    "yossi": ("EVE", "dana", "he"),
    "ruth": ("RET", "ilan", "en"),
    "avi": ("EVE", "yossi", "he"),
}
ROLES = {
    "michal": (Role.MANAGER, "CUS"),
    "naomi": (Role.LESSONS_MANAGER, "CUS"),
    "ilan": (Role.MANAGER, "RET"),
    "dana": (Role.MANAGER, "EVE"),
    "avi": (Role.AGENT, "EVE"),
}


def at(wall: str) -> datetime:
    """The moment a clock in the village shows, e.g. 2026-09-10 08:00."""
    return datetime.fromisoformat(wall).replace(tzinfo=JERUSALEM).astimezone(UTC)


def day(text: str) -> date:
    return date.fromisoformat(text)


@dataclass
class Village:
    """Ids by name, and what may happen to them."""

    units: dict[str, int]
    people: dict[str, int]
    numbers: count[int]

    def name(self, person_id: int) -> str:
        return next(name for name, known in self.people.items() if known == person_id)

    def owe(
        self, who: str, due_on: str, *, kind: str = "do_action", opened: str = "2026-08-30 09:00", severity: int = 2,
        unit: str = "EVE", excluding: tuple[str, ...] = (), told: bool = False, text: str = "",
    ) -> int:  # fmt: skip
        """A duty of a person, or of a role at a unit, on a new action; its id."""
        moment = at(opened)
        with db.transaction() as session:
            of = action(next(self.numbers), self.units["EVE"], moment, text)
            session.add(of)
            session.flush()
            role = Role(who) if who not in self.people else None
            policy, calendar = policy_of(session, of.unit_id), calendar_of(session, of.unit_id)
            rung = deadlines.next_rung(
                policy, kind, severity, calendar.today(moment), day(due_on), calendar, after=moment
            )
            duty = Duty(
                pid=f"d{of.code}", kind=kind, of_noun="actions", of_id=of.id, of_code=of.code, role=role,
                person_id=None if role else self.people[who], unit_id=self.units[unit], severity=severity,
                excluding=[self.people[name] for name in excluding], opened_at=moment, due_on=day(due_on),
                due_at=calendar.end_of(day(due_on)), next_at=rung.moment if rung else None,
            )  # fmt: skip
            session.add(duty)
            session.flush()
            assert duty.id is not None
            if told:
                session.add(self._assigned(duty, who, moment))
            return duty.id

    def _assigned(self, duty: Duty, who: str, moment: datetime) -> Notice:
        return Notice(
            person_id=self.people[who], kind="assigned", of_noun=duty.of_noun, of_id=duty.of_id, of_code=duty.of_code,
            duty_id=duty.id, due_on=duty.due_on, rung="assigned", facts={"duty": duty.kind}, at=moment,
        )  # fmt: skip

    def tell(self, who: str, kind: str, *, urgent: bool = False, confidential: bool = False, **facts: Any) -> str:
        """A notice of a debrief that the person reported, or of a confidential one of others; its code."""
        moment = at("2026-08-30 09:00")
        with db.transaction() as session:
            of = debrief(next(self.numbers), self.units["RET"], moment, confidential=confidential)
            of.reporter_id = None if confidential else self.people[who]
            session.add(of)
            session.flush()
            notice = Notice(
                person_id=self.people[who], kind=kind, of_noun="debriefs", of_id=of.id, of_code=of.code, facts=facts,
                at=moment, urgent=urgent,
            )  # fmt: skip
            session.add(notice)
            return of.code

    def fulfil(self, duty_id: int, moment: str) -> None:
        """As a step closes it: what was not told yet is not told any more."""
        with db.transaction() as session:
            closed = {"closed_at": at(moment), "closed_how": "fulfilled", "next_at": None}
            session.execute(sa.update(Duty).where(Duty.id == duty_id).values(**closed))
            session.execute(sa.delete(Notice).where(Notice.duty_id == duty_id, Notice.told_at.is_(None)))

    def change(self, who: str, **values: Any) -> None:
        with db.transaction() as session:
            session.execute(sa.update(Person).where(Person.id == self.people[who]).values(**values))

    def away(self, who: str, delegate: str, first: str, last: str) -> None:
        absence = Absence(
            pid=f"away-{who}", person_id=self.people[who], delegate_id=self.people[delegate], from_on=day(first),
            until_on=day(last),
        )  # fmt: skip
        with db.transaction() as session:
            session.add(absence)

    def told(self) -> list[tuple[str, str, str]]:
        """(name, kind, rung) of every notice, in order."""
        with db.reading() as session:
            rows = session.scalars(sa.select(Notice).order_by(Notice.at, Notice.id)).all()
        return [(self.name(row.person_id), row.kind, row.rung) for row in rows]

    def letters(self, who: str = "") -> list[Letter]:
        with db.reading() as session:
            rows = session.scalars(sa.select(Letter).order_by(Letter.id)).all()
        return [row for row in rows if not who or row.person_id == self.people[who]]


def action(number: int, unit_id: int, moment: datetime, text: str) -> Action:
    return Action(
        code=f"A-2026-{number:04}", unit_id=unit_id, state=ActionState.IN_PROGRESS, kind=ActionKind.CORRECTIVE,
        text=text or f"לתקן דבר {number}", done_when="תוקן", due_on=date(2026, 9, 10), debrief_id=1,
        created_at=moment, changed_at=moment, entered_at=moment,
    )  # fmt: skip


def debrief(number: int, unit_id: int, moment: datetime, *, confidential: bool = False) -> Debrief:
    return Debrief(
        code=f"D-2026-{number:04}", unit_id=unit_id, state=DebriefState.INVESTIGATING, kind=DebriefKind.FAILURE,
        title="חיוב כפול", what_happened="חויבה פעמיים", confidential=confidential, created_at=moment,
        changed_at=moment, entered_at=moment, due_on=None,
    )  # fmt: skip


def settled() -> Village:
    """The village, written into the started database."""
    with db.transaction() as session:
        units: dict[str, int] = {}
        for code, parent in UNITS.items():
            unit = Unit(code=code, name=code, parent_id=units.get(parent or ""), from_on=date(2026, 1, 1))
            session.add(unit)
            session.flush()
            assert unit.id is not None
            units[code] = unit.id
        people = _people(session, units)
        session.add(debrief(1, units["RET"], BEGINNING))
        session.flush()
        assert tree(session).units
    return Village(units, people, count(2))


def _people(session: Any, units: dict[str, int]) -> dict[str, int]:
    people: dict[str, int] = {}
    for name, (unit, manager, locale) in PEOPLE.items():
        person = Person(
            pid=f"pid-{name}", name=name.title(), email=None if name == "avi" else f"{name}@village.test",
            number=name, unit_id=units[unit], manager_id=people.get(manager or ""), locale=locale,
            hired_on=date(2020, 1, 1), digest_minute=0,
        )  # fmt: skip
        session.add(person)
        session.flush()
        assert person.id is not None
        people[name] = person.id
    for name, (role, unit) in ROLES.items():
        session.add(Grant(person_id=people[name], role=role, unit_id=units[unit], from_at=BEGINNING))
    session.flush()
    return people

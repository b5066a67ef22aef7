"""What cannot wait for the daily mail – escalations, decisions, severity 4 – leaves as soon as mail may leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.duties.digest import mark_told
from lessons.duties.hours import breaks_quiet, may_tell
from lessons.duties.told import known, notice_line, reader
from lessons.i18n import say, say_n
from lessons.models import Duty, Notice, Person
from lessons.post import outbox
from lessons.post.letters import Contents, Foot, Section, subject_of, written

TABLE = Notice.__table__
AT_ONCE = Foot(
    say("It came at once: a decision, what is long past its date or what is critical waits for no daily mail.")
)
FOUND = (
    sa.select(TABLE.c.person_id, Person.unit_id, Duty.severity)
    .join(Person, Person.id == TABLE.c.person_id)
    .join(Duty, Duty.id == TABLE.c.duty_id, isouter=True)
    .where(TABLE.c.told_at.is_(None), TABLE.c.urgent, Person.email.is_not(None), Person.closed_at.is_(None))
    .order_by(TABLE.c.person_id, TABLE.c.id)
)
UNTOLD = FOUND.with_only_columns(
    TABLE, Person.unit_id.label("unit_id"), Duty.severity.label("severity")
).with_for_update(skip_locked=True, of=TABLE)


def who_is_told_now(session: Session, *, at: datetime) -> list[int]:
    """Those to whom an urgent letter may leave now."""
    rows = session.execute(FOUND)
    return list(dict.fromkeys(who for who, unit, severity in rows if may_tell(session, unit, severity, at)))


def urgent_letters(session: Session, people: Sequence[int] | None = None, *, at: datetime) -> int:
    """To these people, or to everybody; returns how many were written. What came up together is one letter a person."""
    untold = UNTOLD if people is None else UNTOLD.where(TABLE.c.person_id.in_(people))
    rows = [row for row in session.execute(untold) if may_tell(session, row.unit_id, row.severity, at)]
    return sum(
        urgent_letter(session, session.get_one(Person, person_id), list(notices), at=at)
        for person_id, notices in groupby(rows, key=lambda row: row.person_id)
    )


def urgent_letter(session: Session, person: Person, notices: Sequence[Any], *, at: datetime) -> bool:
    """Write one letter of these notices and mark them told; False where it was written before."""
    settings = db.settings()
    to = reader(session, person, settings.base_url, at=at)
    facts = known(session, to, (), notices)
    lines = tuple(notice_line(notice, to, facts) for notice in notices)
    count = say_n("One thing needs you now", "%(n)d things need you now", len(lines))
    subject = subject_of(lines[0]) if len(lines) == 1 else count
    contents = Contents("notice", subject, to.name, (Section(None, lines),), f"{to.base_url}/", (AT_ONCE,))
    letter = written(contents, person.locale, organisation=settings.organisation_in(person.locale))
    codes = {notice.of_code for notice in notices}
    about = codes.pop() if len(codes) == 1 else ""
    kind = "urgent" if all(breaks_quiet(session, n.unit_id, n.severity) for n in notices) else "notice"
    named = [notice.duty_id for notice in notices if notice.duty_id is not None]
    letter_id = outbox.write(
        session, person, letter, key=f"notice:{notices[0].id}", at=at, about=about, kind=kind, duty_ids=named
    )
    mark_told(session, notices, letter_id, at)
    return letter_id is not None

"""The only writer of notices: what a person is told, once. Letters are made of them later, by the worker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from lessons import db
from lessons.models import Duty, Notice
from lessons.models.base import among

TABLE, DUTY = Notice.__table__, Duty.__table__
OVER, GRAVER = "done meanwhile", "graver"  # why a notice was dropped, as kept in the row
NOT_DROPPED: sa.ColumnElement[str] = sa.literal_column("''")
UNTOLD = {"told_at": sa.null(), "letter_id": sa.null(), "seen_at": sa.null(), "dropped": NOT_DROPPED}
ONCE = (TABLE.c.duty_id, TABLE.c.due_on, TABLE.c.rung, TABLE.c.person_id)
SAID = ("kind", "facts", "at", "urgent")


def _insert(insert: Any) -> Any:
    """Who was told is not told again; what was dropped before it was told may come anew."""
    anew = {name: insert.excluded[name] for name in SAID} | UNTOLD
    return insert.on_conflict_do_update(index_elements=ONCE, set_=anew, where=TABLE.c.dropped != NOT_DROPPED)


OF_ITS_DUTY = {"person_id": DUTY.c.person_id, "of_noun": DUTY.c.of_noun, "of_id": DUTY.c.of_id,
               "of_code": DUTY.c.of_code, "duty_id": DUTY.c.id, "due_on": DUTY.c.due_on}  # fmt: skip
TOLD = {name: sa.bindparam(name, type_=TABLE.c[name].type) for name in (*SAID, "rung")}
HOLDERS = sa.select(*OF_ITS_DUTY.values(), *TOLD.values(), *UNTOLD.values()).where(among(DUTY.c.id, "duties"))


INSERTS = {True: sqlite.insert(TABLE), False: postgresql.insert(TABLE)}
INSERT = {lite: _insert(insert.values(UNTOLD)) for lite, insert in INSERTS.items()}
INSERT_TO_HOLDERS = {
    lite: _insert(insert.from_select([*OF_ITS_DUTY, *TOLD, *UNTOLD], HOLDERS)) for lite, insert in INSERTS.items()
}
DROP = (
    sa.update(TABLE)
    .where(TABLE.c.duty_id == sa.bindparam("duty"), TABLE.c.told_at.is_(None))
    .values(told_at=sa.bindparam("now"), dropped=OVER)
)


def tell(session: Session, people: Iterable[int | None], kind: str, row: Any, *, at: datetime, **of: Any) -> None:
    """Tell each of these people (None is skipped) once that `kind` happened to the record; `of` as in `noted`."""
    write(session, noted(people, kind, row, at=at, **of))


def noted(
    people: Iterable[int | None],
    kind: str,
    row: Any,
    *,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    urgent: bool = False,
    duty_id: int | None = None,
    due_on: date | None = None,
    rung: str = "",
) -> list[dict[str, Any]]:
    """The notices of these people, still to be written."""
    return [
        {
            "person_id": person_id,
            "kind": kind,
            "of_noun": row.noun,
            "of_id": row.id,
            "of_code": row.code,
            "duty_id": duty_id,
            "due_on": due_on,
            "rung": rung,
            "facts": dict(facts or {}),
            "at": at,
            "urgent": urgent,
        }
        for person_id in dict.fromkeys(people)
        if person_id is not None
    ]


def write(session: Session, told: list[dict[str, Any]]) -> None:
    """All of them at once."""
    if told:
        db.writing(session).execute(INSERT[db.is_sqlite(session)], told)


def write_to_holders(session: Session, duties: Sequence[int], kind: str, *, at: datetime, **told: Any) -> None:
    """To each person who holds one of these duties, of the record that it is of; `told` are `facts`, `rung` and
    `urgent` as in `noted`."""
    given = {"duties": duties, "kind": kind, "at": at, **told}
    db.writing(session).execute(INSERT_TO_HOLDERS[db.is_sqlite(session)], given)


def drop_untold(session: Session, duty_id: int, *, at: datetime) -> None:
    """A duty that is fulfilled, cancelled, moved or handed on is not reminded of any more."""
    db.writing(session).execute(DROP, {"duty": duty_id, "now": at})


def drop_untold_to(session: Session, duty_id: int, people: Iterable[int], *, at: datetime) -> None:
    """To whoever hears something graver of it at the same time."""
    lighter = sa.update(TABLE).where(
        TABLE.c.duty_id == duty_id, TABLE.c.told_at.is_(None), TABLE.c.person_id.in_(sorted(people))
    )
    db.writing(session).execute(lighter.values(told_at=at, dropped=GRAVER))


def drop_unread(session: Session, person_id: int | None, kind: str, *, at: datetime) -> None:
    """What a newer one of its kind says again."""
    unread = (TABLE.c.person_id == person_id, TABLE.c.kind == kind, TABLE.c.seen_at.is_(None), TABLE.c.dropped == "")
    db.writing(session).execute(sa.update(TABLE).where(*unread).values(told_at=at, dropped=OVER))


def hold(session: Session, *, at: datetime) -> int:
    """After a restore: whoever may have had mail of it reads it on the screen alone; how many."""
    untold = sa.update(TABLE).where(TABLE.c.told_at.is_(None)).values(told_at=at)
    return int(db.writing(session).execute(untold).rowcount)

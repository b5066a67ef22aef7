"""Rows on their way: claimed with a lease and a fence, put off by a ladder, marked by whoever holds the claim alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.workflow.states import LetterState

LEASE = timedelta(seconds=60)
BACK_OFF_MINUTES = (1, 5, 15, 60, 240, 720, 1440)


@dataclass(frozen=True)
class Queue:
    """A table whose rows are both the record and the queue: `state`, `why`, `attempts`, `next_at`, `lease_until`,
    `fence`. `at_work` is the state of a row that was claimed."""

    table: sa.Table
    at_work: StrEnum = LetterState.SENDING

    @cached_property
    def waits(self) -> Any:
        """As the indexes say it: of values that come later, a database does not know that they are those of its
        index."""
        return sa.text(f"{self.table.name}.state IN ('waiting','{self.at_work}')")

    @cached_property
    def _due(self) -> Any:
        c = self.table.c
        due = sa.select(self.table).where(self.waits, c.next_at <= sa.bindparam("at")).order_by(c.next_at, c.id)
        return due.limit(1).with_for_update(skip_locked=True)

    def due(self, session: Session, at: datetime) -> Any | None:
        """The first row that is due and that nobody else looks at."""
        return session.execute(self._due, {"at": at}).one_or_none()

    def taken(self, session: Session, row: Any, at: datetime) -> Any:
        """The row as claimed, for one lease."""
        taken = {"fence": row.fence + 1, "attempts": row.attempts + 1, "lease_until": at + LEASE}
        # a lease that ran out makes the row due again: the same index finds it
        self.set(session, row, state=self.at_work, next_at=at + LEASE, **taken)
        return session.execute(sa.select(self.table).where(self.table.c.id == row.id)).one()

    def is_ours(self, row: Any, at: datetime) -> bool:
        """Whether nobody claimed it since; then it is ours for a whole lease more, however slow all was so far."""
        return self.mark(row, next_at=at + LEASE, lease_until=at + LEASE)

    def mark(self, row: Any, **values: Any) -> bool:
        """Write what became of a claimed row; False where somebody else claimed it since."""
        with db.transaction() as session:
            return self.set(session, row, only_at_work=True, **values)

    def set(self, session: Session, row: Any, *, only_at_work: bool = False, **values: Any) -> bool:
        found = sa.update(self.table).where(self.table.c.id == row.id, self.table.c.fence == row.fence)
        if only_at_work:
            found = found.where(self.table.c.state == self.at_work)
        return bool(session.execute(found.values(**values)).rowcount)


def next_try(attempts: int, at: datetime) -> datetime:
    """When what was tried so often is tried again."""
    return at + timedelta(minutes=BACK_OFF_MINUTES[min(attempts, len(BACK_OFF_MINUTES)) - 1])

"""What a waiting state owes: which duty, to whom in order, and which triggers fulfil it. Pure rows, one per duty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from lessons.workflow.facts import NONE

Barred = Callable[[Any, Any], frozenset[int]]


def nobody_barred(row: Any, facts: Any) -> frozenset[int]:
    return NONE


@dataclass(frozen=True)
class Owes:
    """In `states`, while `when`, the first of `to` (relations or roles, in order) who passes `barred` owes `kind`.

    `asked` gives the day a form asked for, where one did; without it the policy's rule counts. Where whoever of `to`
    owed it left, the role `left_to` comes next.
    """

    kind: str
    states: tuple[StrEnum, ...]
    to: tuple[str, ...]
    by: tuple[str, ...]
    when: Callable[[Any, Any], bool] | None = None
    barred: Barred = nobody_barred
    asked: Callable[[Any, Any], date | None] | None = None
    left_to: str = "manager"

    def holds(self, row: Any, facts: Any) -> bool:
        return row.state in self.states and (self.when is None or self.when(row, facts))

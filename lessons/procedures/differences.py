"""What a revision changed, section by section: for a page, for its reviewers. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from lessons.differences import Run, runs
from lessons.workflow.sections import Section, text


@dataclass(frozen=True)
class Compared:
    """One section then and now. `moved`: it stands elsewhere among the sections that are in both."""

    id: str
    kind: Literal["same", "changed", "added", "removed"]
    moved: bool
    heading: Sequence[Run]
    body: Sequence[Run]


def diff(old: Sequence[Section], new: Sequence[Section]) -> list[Compared]:
    """Sections in their present order; those that are gone stand where they stood before."""
    before = {one["id"]: one for one in old}
    now = {one["id"]: one for one in new}
    stayed = _in_place([one for one in before if one in now], [one for one in now if one in before])
    return [
        _compared(one, before.get(one), now.get(one), moved=one in before and one in now and one not in stayed)
        for one in _order(list(before), list(now))
    ]


def _order(before: Sequence[str], now: Sequence[str]) -> list[str]:
    order = list(now)
    for n, one in enumerate(before):
        if one not in order:
            order.insert(order.index(before[n - 1]) + 1 if n else 0, one)
    return order


def _in_place(before: Sequence[str], now: Sequence[str]) -> set[str]:
    """The sections that kept their order among each other."""
    blocks = SequenceMatcher(None, before, now, autojunk=False).get_matching_blocks()
    return {before[n] for block in blocks for n in range(block.a, block.a + block.size)}


def _compared(pid: str, before: Section | None, now: Section | None, *, moved: bool) -> Compared:
    old, new = before or {}, now or {}
    heading, body = runs(old.get("heading", ""), new.get("heading", "")), runs(text(old), text(new))
    if before is None or now is None:
        return Compared(pid, "added" if before is None else "removed", False, heading, body)
    same = all(run.op == "same" for run in (*heading, *body))
    return Compared(pid, "same" if same else "changed", moved, heading, body)

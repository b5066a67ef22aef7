"""The ladders of reminders as a unit writes them: days in a row, “1, 3, 8”, and “7:3” for three days before the day of
what takes more than seven. 0 says that there is none."""

from __future__ import annotations

import re
from typing import Any

from lessons.i18n import Sentence, say

LADDERS: dict[str, Sentence] = {"usual": say("As a rule"), "decision": say("A manager’s decision")}
AHEAD = say("Longer than so many days : so many days before, such as 7:3")
ONE_HIGHER = say("Each day one level higher")
ROWS: dict[str, tuple[Sentence, Sentence | str]] = {
    "before": (say("Before its day"), AHEAD),
    "on_the_day": (say("On the day"), ""),
    "after": (say("Days after, to whoever owes it"), ""),
    "up_severity1_2": (say("Days after, up the line, minor and medium"), ONE_HIGHER),
    "up_severity3": (say("Days after, up the line, high"), ONE_HIGHER),
    "up_severity4": (say("Days after, up the line, critical"), ONE_HIGHER),
    "decision_after": (say("Days after until the manager decides"), ""),
    "up_every": (say("Then one level higher every so many days"), ""),
}
NAMES = tuple(f"ladders.{ladder}.{row}" for row in ROWS for ladder in LADDERS)
YES_OR_NO, SINGLE = ("on_the_day",), ("decision_after", "up_every")
WHAT = {
    "before": say("Pairs of whole numbers are expected, such as 3:1, 7:3; 0 where there is none."),
    "after": say("Whole numbers are expected, such as 1, 3, 8; 0 where there is none."),
}
LONGEST = 80


def value(name: str, typed: str) -> Any:
    """What was typed as the policy keeps it. Raises ValueError with a sentence; whether it may be says the policy."""
    row = name.rpartition(".")[2]
    if row in YES_OR_NO:
        return typed == "1"
    pair = row == "before"
    parts = [] if typed == "0" and row not in SINGLE else re.split(r"[\s,]+", typed.strip(" ,"))
    shape = r"\d{1,3}:\d{1,3}" if pair else r"\d{1,3}"
    if len(typed) > LONGEST or not all(re.fullmatch(shape, part, re.ASCII) for part in parts):
        raise ValueError(WHAT["before" if pair else "after"])
    days = [dict(zip(("longer_than", "days"), map(int, part.split(":")), strict=True)) if pair else int(part)
            for part in parts]  # fmt: skip
    if row in SINGLE and len(days) > 1:
        raise ValueError(say("A whole number is expected."))
    return days[0] if row in SINGLE else days


def written(kept: Any) -> Any:
    """The same as it is typed."""
    if isinstance(kept, bool):
        return str(int(kept))
    if isinstance(kept, list | tuple):
        said = [f"{one['longer_than']}:{one['days']}" if isinstance(one, dict) else str(one) for one in kept]
        return ", ".join(said) or "0"
    return kept

"""What an action says of itself within its own words – whose it is, by when, whether it is done – and who is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from lessons.intake import days, synonyms
from lessons.intake.document import Status

_BRACKETED = re.compile(r"[(\[](?P<said>[^()\[\]]{2,80})[)\]]\s*\.?\s*$")
_AHEAD = re.compile(r"^\[(?P<who>[^\[\]\d]{2,40})\]\s+")
_OWNER = re.compile(
    r"(?:^|[\s(\[,;–—-])(?:owners?|assignee|assigned to|responsible|אחראית?|באחריות|אחריות)\s*[:：]\s*"
    r"(?P<who>@?[^\n,;.()\[\]–—|]{2,40})",
    re.IGNORECASE,
)
_AT = re.compile(r"(?<![\w.])@(?P<who>[A-Za-z][\w-]{1,38})(?![\w./])")
_DUE = re.compile(
    r"(?:^|[\s(\[,;–—-])(?:due(?: date| on| by)?|deadline|eta|target date|by|until"
    r"|עד(?: ל)?|תאריך יעד|מועד יעד|יעד|לביצוע עד)"
    r"(?:\s*[:：]\s*|\s+|-)(?P<day>[^\n;()\[\]|–—]{4,40})",
    re.IGNORECASE,
)
_DASHED = re.compile(r"\s[–—-]\s+(?P<who>[^\W\d_][\w.'׳״ -]{1,40}),\s*(?P<rest>[^,]{4,30})$")
_ENDS = re.compile(r"\s[–—-]\s+(?P<said>\w[\w ]{1,20})\.?$")
_STATE = re.compile(
    r"(?:^|[\s(\[,;–—-])(?:status|state|סטטוס|מצב)\s*[:：]\s*(?P<state>[^\n,;.()\[\]]{2,30})", re.IGNORECASE
)
_SEPARATORS = re.compile(
    r"(?<!\s)\s*(?:[/;&+\n|]|,(?!\s*(?:Jr|Sr|Dr|PhD|MD)\b)|\band\b|\bor\b)\s*|(?<!\s)\s+ו(?=[א-ת]{2,}\s)"
)
LONG = 20_000


@dataclass(frozen=True, slots=True)
class Remark:
    """As written; empty where nothing was said."""

    owner: str = ""
    due: str = ""
    due_on: date | None = None
    status: Status = ""


def read(text: str, *, day_first: bool | None = None) -> Remark:
    """What the text of an action says of whose it is, by when, and whether it is done."""
    text = text[:LONG]
    owner = next((found["who"] for way in (_OWNER, _AHEAD, _AT) if (found := way.search(text))), "")
    due, due_on = _due(text, day_first)
    if (dashed := _DASHED.search(text)) and not owner and days.find(dashed["rest"]):
        owner = dashed["who"]
        due, due_on = (due, due_on) if due else (dashed["rest"], days.find(dashed["rest"]))
    return Remark(owner.strip(" @*_"), due, due_on, _status(text))


def _due(text: str, day_first: bool | None) -> tuple[str, date | None]:
    for found in _DUE.finditer(text):
        said = found["day"].strip(" .*_")
        if (day := days.find(said, day_first=day_first)) or days.two_ways(said, day_first=day_first):
            return said, day
    return "", None


def _status(text: str) -> Status:
    if told := _STATE.search(text):
        return synonyms.status(told["state"])
    said = _BRACKETED.search(text) or _ENDS.search(text)
    return synonyms.STATUSES.get(synonyms.name(said["said"]), "") if said else ""


def under(heading: str) -> Status:
    """What a heading says of all that stands under it: "Immediate actions (completed)"."""
    if whole := synonyms.STATUSES.get(synonyms.name(heading)):
        return whole
    said = _BRACKETED.search(heading)
    return synonyms.STATUSES.get(synonyms.name(said["said"]), "") if said else ""


def several(owner: str) -> bool:
    """Whether more than one person is named: then nobody is chosen between them."""
    return len([one for one in _SEPARATORS.split(owner) if one]) > 1 and "@" not in owner.strip("@")

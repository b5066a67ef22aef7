"""What the words of a source come to: how grave, what kind, when, and where it stood."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from lessons.intake import document as read
from lessons.intake import synonyms
from lessons.workflow.states import DebriefKind

TITLE = 300
SEVERITY = 2  # counts where none is known
REVIEWED_FROM, REVIEWED_UNTIL = 12, 36
"""A thousand lessons are not looked at again in one month: their days are spread between so many months on."""
_GRAVE = re.compile(r"(?:sev|severity|p|priority|דרגה|חומרה)?(?<!\W)\W*([1-5])\b", re.IGNORECASE)
_CONVENTION = re.compile(r"(?:sev|p)\W*[0-5]\b", re.IGNORECASE)  # there 1 is the gravest, with us 4
_CLOCK = re.compile(r"\s*(\d{1,2}):(\d{2})(?::\d{2})?\s*$")


def kind_of(told: read.Debrief) -> DebriefKind:
    return DebriefKind.SUCCESS if told.went_well and not (told.went_badly or told.causes) else DebriefKind.FAILURE


def source(told: read.Debrief) -> str:
    """Where it stood, on one line: number, file, sheet and row."""
    place = told.place
    row = f"{place.sheet} {place.row}".strip() if place.row else place.sheet
    return " · ".join(part for part in (told.number, place.file, row) if part)[:TITLE]


def severity(written: str) -> int | None:
    """1 to 4, 4 the gravest; None where it is not told, or told in a way that could be read from either end."""
    words = synonyms.SEVERITIES.get(synonyms.name(written)) if written else None
    if words:
        return words
    if _CONVENTION.search(written) and (said := _GRAVE.search(written)):
        return max(1, 5 - int(said[1]))
    return None


def unread_severity(written: str) -> bool:
    """Whether it is told, and not understood."""
    return synonyms.says_something(written) and severity(written) is None


def line_of(at: str, text: str, day: Any, zone: ZoneInfo) -> tuple[datetime | None, str, str]:
    """A line of a timeline: an hour of the day it happened becomes a moment, anything else stays as it was written."""
    if day and (said := _CLOCK.match(at)) and int(said[1]) < 24 and int(said[2]) < 60:
        return moment(day, time(int(said[1]), int(said[2])), zone), text, ""
    return None, text, at


def moment(day: Any, hour: time, zone: Any) -> datetime:
    return datetime.combine(day, hour, zone).astimezone(UTC)


def review_on(digest: str, at: datetime) -> date:
    """A day between the months, by its own digest: spread out, and the same whenever it is asked."""
    first, last = (_months_on(at.date(), months) for months in (REVIEWED_FROM, REVIEWED_UNTIL))
    return first + timedelta(days=int(digest[:8], 16) % ((last - first).days + 1))


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))

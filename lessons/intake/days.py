"""Days as people write them, in both languages. A day that could be read in two ways is not read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

EARLIEST, LATEST = 1900, 2200
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan ינואר", "february feb פברואר", "march mar מרץ מרס", "april apr אפריל", "may מאי",
            "june jun יוני", "july jul יולי", "august aug אוגוסט", "september sept sep ספטמבר",
            "october oct אוקטובר", "november nov נובמבר", "december dec דצמבר",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_NAMED = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ISO = re.compile(r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)")
_PARTED = re.compile(r"(?<![\d.])(?P<a>\d{1,2})(?P<sign>[-/.])(?P<b>\d{1,2})(?P=sign)(?P<y>\d{4}|\d{2})(?![\d.]*\d)")
_DAY_MONTH = re.compile(
    rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?[בל]?-?(?P<m>{_NAMED})\b\.?,?[\s-]+(?P<y>\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    rf"\b(?P<m>{_NAMED})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*[-–]\s*\d{{1,2}})?,?\s+(?P<y>\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_FIRST_SERIAL, _LAST_SERIAL = 18_264, 80_000  # 1950 to 2119: smaller numbers are more often something else
_HEBREW = re.compile("[א-ת]")


def order(values: Iterable[str], *, hebrew: bool) -> bool | None:
    """Whether the day stands first, by what stands together: 28/11 says so for a whole column. None: it is not told."""
    first = second = 0
    for value in values:
        if found := _PARTED.search(value):
            first = max(first, int(found["a"]))
            second = max(second, int(found["b"]))
    if first > 12 and second > 12:
        return None
    if first > 12 or second > 12:
        return first > 12
    return True if hebrew else None


@lru_cache(4096)
def read(text: str, *, day_first: bool | None = None, since_1904: bool = False) -> date | None:
    """The day that the whole text says, a time beside it let go; None where it says none or could say two."""
    text = text.strip()
    if serial := _SERIAL.fullmatch(text):
        return _counted(int(serial[1]), since_1904)
    if len(text) > 60:
        return None
    return find(text, day_first=day_first)


def find(text: str, *, day_first: bool | None = None) -> date | None:
    """The first day that is written in the text, in whichever way."""
    if day_first is None and _HEBREW.search(text):
        day_first = True
    found = [
        (match.start(), day)
        for way in (_ISO, _DAY_MONTH, _MONTH_DAY, _PARTED)
        for match in [way.search(text)]
        if match and (day := _day(match, day_first))
    ]
    return min(found)[1] if found else None


def two_ways(text: str, *, day_first: bool | None = None) -> bool:
    """Whether it is a day that could be read in two ways, such as 3/4/2026."""
    return day_first is None and _PARTED.search(text) is not None and read(text) is None


def _day(match: re.Match[str], day_first: bool | None) -> date | None:
    parts = match.groupdict()
    if "a" in parts:
        one, two, year = int(parts["a"]), int(parts["b"]), int(parts["y"])
        year += 0 if year > 99 else 2000 if year < 70 else 1900
        if parts["sign"] == "." or one > 12 or one == two:
            day_first = True
        elif two > 12:
            day_first = False
        if day_first is None:
            return None
        return _made(year, two, one) if day_first else _made(year, one, two)
    month = parts["m"].lower()
    return _made(int(parts["y"]), _MONTHS.get(month) or int(month), int(parts["d"]))


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if EARLIEST <= year <= LATEST else None
    except ValueError:
        return None


def _counted(days: int, since_1904: bool) -> date | None:
    if not _FIRST_SERIAL <= days <= _LAST_SERIAL:
        return None
    return (date(1904, 1, 1) if since_1904 else date(1899, 12, 30)) + timedelta(days)

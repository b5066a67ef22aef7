"""What names a person in a text: id numbers, phones, payment cards, e-mail. It is taken out of a case's text before
it is kept; where the words are for everyone, it is refused.

Numbers that name nobody stay: sums, dates, codes of orders and of records. A number is a card or an id number by its
checksum alone; a word such as “id” before it makes a shorter one an id number too. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lessons.i18n import say

ISSUED = {13: "4", 14: "3", 15: ("34", "37"), 16: ("2", "35", "4", "5", "6"), 17: "6", 18: "6", 19: ("4", "6")}
"""How the numbers of cards begin, by their length: a device's 15 digits are none."""
BEFORE = r"(?<![0-9A-Za-z])(?<![0-9A-Za-z][-/.])"
"""No number begins inside a code such as L-2026-0001 or ORD-123456782; a Hebrew letter may stand before it."""
AFTER = r"(?!\d)(?![-/.]\d)"
E_MAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]++@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
RUN = re.compile(BEFORE + r"\d+(?:[ -]\d+)*")
ABROAD = r"(?:\+|00)\d{1,3}[ -]?(?:\(0\)[ -]?)?\d{1,3}(?:[ -]?\d{2,4}){2,3}"
REST = r"(?:\d{7}|\d{3}[ .-]\d{4}|\d{3}[ .-]\d{2}[ .-]\d{2}|\d{2}[ .-]\d{2}[ .-]\d{3})"
AREA = r"(?:[57]\d|[23489])"
ISRAEL = rf"(?:(?:(?:\+|00)?972[ -]?0?|0){AREA}[ .-]?|\(0{AREA}\)[ .-]?){REST}"
PHONE = re.compile(rf"{BEFORE}(?:{ISRAEL}|{ABROAD}){AFTER}")
ID_WORD = (
    r"(?:ת[\"״”']{0,2}\.?ז\.?|תעודת[ -]ה?זהות|מספר[ -]זהות|\b(?:[Ii]\.?[Dd]\.?|[Ii]dentity)(?: (?:no\.?|number|card))?)"
)
ID_TOLD = re.compile(rf"({ID_WORD}[ :#-]*(?:שלי |שלו |שלה |is |הוא |היא )?)(\d[\d -]{{3,10}}\d)(?!\d)")
ID_ALONE = re.compile(rf"{BEFORE}(?:\d{{9}}|\d{{8}}-\d|\d-\d{{7}}-\d){AFTER}")

ADDRESS, TELEPHONE, CARD, IDENTITY = say("[e-mail]"), say("[phone]"), say("[payment card]"), say("[id number]")


def stripped(text: str, lang: str) -> str:
    """The text with a word in its language in place of whatever names a person."""
    address, telephone, card, identity = (one.in_(lang) for one in (ADDRESS, TELEPHONE, CARD, IDENTITY))
    text = E_MAIL.sub(address, text)
    text = RUN.sub(lambda run: _cut(run[0], card), text)
    text = ID_TOLD.sub(lambda found: found[1] + _identity(found[2], identity), text)
    text = PHONE.sub(telephone, text)
    return ID_ALONE.sub(lambda found: _identity(found[0], identity, least=9), text)


def names_somebody(text: str) -> bool:
    """Whether anything in it does."""
    return stripped(text, "en") != text


def _identity(number: str, word: str, least: int = 5) -> str:
    digits = _digits(number)
    return word if least <= len(digits) <= 9 and is_identity(digits) else number


def _cut(run: str, word: str) -> str:
    """Groups of digits; those that together are a card's number give way to the word."""
    if sum(map(str.isdigit, run)) < min(ISSUED):
        return run
    groups = list(re.finditer(r"\d+", run))
    for start, end in _spans(len(groups)):
        digits = "".join(one[0] for one in groups[start:end])
        if is_card(digits):
            from_, to = groups[start].start(), groups[end - 1].end()
            return run[:from_] + word + _cut(run[to:], word)
    return run


def _spans(count: int) -> Iterator[tuple[int, int]]:
    """Of neighbouring groups, those that begin first and reach furthest before others."""
    return ((start, end) for start in range(count) for end in range(count, start, -1))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def is_card(digits: str) -> bool:
    """By length, first digits and Luhn's sum."""
    return digits.startswith(ISSUED.get(len(digits), ())) and _luhn(digits[::-1])


def is_identity(digits: str) -> bool:
    """Israel's id number: nine digits, the last of them the checksum of the others; zeros before it may be missing."""
    return int(digits) > 0 and _luhn(digits.zfill(9)[::-1])


def _luhn(backwards: str) -> bool:
    """Every second digit from the end is doubled, and counts by the sum of its digits."""
    return sum(sum(divmod(int(one) * (1 + n % 2), 10)) for n, one in enumerate(backwards)) % 10 == 0

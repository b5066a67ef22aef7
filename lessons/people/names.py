"""What a person may be called by when they sign in: an e-mail address or an employee number."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

from lessons.i18n import Sentence, say

NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}")
CODE = re.compile(r"[^\W_][\w-]{0,39}")
NOT_AN_ADDRESS = say("This is neither an e-mail address nor an employee number.")
MIXED = say("This address mixes letters that look alike from two alphabets.")


class NotAName(ValueError):
    """Why it is not taken; `sentence` says it."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


def email_or_number(given: str) -> tuple[str | None, str | None]:
    """(e-mail as it is kept, None) or (None, number). Raises NotAName."""
    given = given.strip()
    if "@" in given:
        return email(given), None
    if NUMBER.fullmatch(given) and given.isascii():
        return None, given
    raise NotAName(NOT_AN_ADDRESS)


def email(given: str) -> str:
    """Any syntactically valid address, inner and reserved domains too, in small letters. Raises NotAName."""
    library = _library()
    try:
        found = library.validate_email(given, check_deliverability=False, globally_deliverable=False)
    except library.EmailNotValidError:
        raise NotAName(NOT_AN_ADDRESS) from None
    if mixes_alphabets(found.local_part):
        raise NotAName(MIXED)
    return str(found.normalized).casefold()


@cache
def _library() -> Any:
    import email_validator

    # an organisation's own mail may well live at .local or .test
    email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()
    return email_validator


def mixes_alphabets(text: str) -> bool:
    alphabets = {unicodedata.name(char, "").split(" ")[0] for char in text if char.isalpha()}
    return len(alphabets & {"LATIN", "CYRILLIC", "GREEK"}) > 1


def is_code(given: str) -> bool:
    """Whether this may be a unit's code: letters, digits, - and _."""
    return CODE.fullmatch(given) is not None

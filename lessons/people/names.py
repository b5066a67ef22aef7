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
MIXED = say("One word of it mixes letters of two alphabets, which may look alike.")
ALPHABETS = frozenset("LATIN CYRILLIC GREEK HEBREW ARABIC ARMENIAN GEORGIAN CHEROKEE COPTIC".split())
WORDS = re.compile(r"[^\W_]+")


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
    if mixes_alphabets(found.local_part) or unicodedata.normalize("NFKC", found.local_part) != found.local_part:
        raise NotAName(MIXED)
    return str(found.normalized).casefold()


@cache
def _library() -> Any:
    import email_validator

    # an organisation's own mail may well live at .local or .test
    email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()
    return email_validator


def mixes_alphabets(text: str) -> bool:
    """Whether a word of it does, in whatever shape its letters come: a Cyrillic а among Latin ones is another name that
    looks the same. Words of one alphabet may stand beside those of another."""
    return any(len(_alphabets(word)) > 1 for word in WORDS.findall(unicodedata.normalize("NFKC", text)))


def _alphabets(word: str) -> set[str]:
    return {unicodedata.name(char, "").partition(" ")[0] for char in word if char.isalpha()} & ALPHABETS


def is_code(given: str) -> bool:
    """Whether this may be a unit's code: letters, digits, - and _."""
    return CODE.fullmatch(given) is not None

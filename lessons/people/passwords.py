"""Which passwords are taken, and how they are kept: argon2id, with a dummy for people who are not there."""

from __future__ import annotations

import re
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lessons.i18n import Sentence, say

SHORTEST, LONGEST, ADVISED = 8, 128, 15
TOO_SHORT = say(
    "A password has at least %(n)s characters; %(advised)s or more are better.", n=SHORTEST, advised=ADVISED
)
TOO_LONG = say("A password has at most %(n)s characters.", n=LONGEST)
TOO_COMMON = say("This password is among the first that are tried. A few words that only you put together are better.")
OWN_NAME = say("The password repeats your own name or number.")
NOT_KEPT = say("The password has a character that cannot be typed again.")

# What people choose most is a word of this list, dressed with digits, signs or look-alike letters.
STEMS = frozenset(
    """
    password passw0rd passwort pass word secret letmein welcome hello login logon access master admin administrator root
    user guest test testing demo temp default changeme change sample system manager office company server database
    qwerty qwertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc wasd azerty poiuy monkey dragon tiger lion eagle
    falcon shadow sunshine princess queen king prince angel baby babygirl love lovely iloveyou loveme lover sweet honey
    football baseball basketball soccer hockey golf tennis chelsea arsenal liverpool barcelona realmadrid yankees
    superman batman spiderman pokemon naruto starwars matrix minecraft samsung iphone google facebook twitter whatsapp
    computer internet windows linux microsoft apple android summer winter spring autumn january february march april
    june july august september october november december monday tuesday wednesday thursday friday saturday sunday
    michael jennifer jessica ashley daniel david thomas robert jordan andrew joshua matthew anthony charlie george
    michelle nicole hannah samantha amanda maggie buster ginger pepper cookie banana orange cheese chocolate coffee
    freedom flower rainbow diamond silver golden purple yellow blue red green black white trustno whatever nothing
    jesus shalom israel telaviv jerusalem haifa maccabi hapoel hamudi motek ahava sisma sismati lessons
    סיסמה סיסמא שלום ישראל אהבה מכבי הפועל תלאביב ירושלים אבגד אבגדה קראטון
    """.split()
)
LOOK_ALIKE = str.maketrans("013457@$!", "oieastasi")
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyz", "אבגדהוזחטיכלמנסעפצקרשת")
NOT_LETTERS = re.compile(r"[\W\d_]+")


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _dummy() -> str:
    return _hasher().hash("nobody has this one")


def fault(password: str, own: tuple[str, ...] = ()) -> Sentence | None:
    """Why this password is not taken; None where it is. `own`: what everybody knows of the person."""
    if len(password) < SHORTEST:
        return TOO_SHORT
    if len(password) > LONGEST:
        return TOO_LONG
    if not is_typeable(password):
        return NOT_KEPT
    if is_common(password):
        return TOO_COMMON
    bare = _letters_and_digits(password)
    if any(
        len(known) > 3 and bare.strip("0123456789") in (known, known[::-1]) for known in map(_letters_and_digits, own)
    ):
        return OWN_NAME
    return OWN_NAME if bare in map(_letters_and_digits, own) else None


def is_typeable(password: str) -> bool:
    return all(ord(char) >= 32 and not 0xD800 <= ord(char) <= 0xDFFF for char in password)


def is_common(password: str) -> bool:
    folded = password.casefold()
    if len(set(folded)) < 4 or _is_run(folded):
        return True
    ends = folded.strip("0123456789!@#$%^&*.,-_+=? ")
    plain = NOT_LETTERS.sub("", ends.translate(LOOK_ALIKE))
    return not plain or plain in STEMS or _is_doubled(plain) or _is_run(plain)


def _is_doubled(word: str) -> bool:
    half = len(word) // 2
    return word[:half] == word[half:] and (word[:half] in STEMS or half < 4)


def _is_run(text: str) -> bool:
    """Whether all of it runs along a row of keys or the alphabet, there or back."""
    return any(text in row * 2 or text in row[::-1] * 2 for row in ROWS)


def _letters_and_digits(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def keep(password: str) -> str:
    """The hash to keep."""
    return _hasher().hash(password)


def fits(kept: str | None, password: str) -> bool:
    """Takes the same time where nobody or no password is there. Whatever could not be kept is not even hashed."""
    if len(password) > LONGEST or not is_typeable(password):
        return False
    try:
        matches = _hasher().verify(kept or _dummy(), password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None and matches


def is_outdated(kept: str) -> bool:
    return _hasher().check_needs_rehash(kept)

"""The only place that decides what a word is: a text to the tokens indexed, a question to the terms asked for.

Tokens hold no white space and no quotes, so both databases take them as they are. Three kinds share the index:
words as written (`תדריכ`, `refund`, `l-2026-0001`), matched as prefixes; stems (`~תקל`, `~run`), matched exactly;
and signs (`~~25` for %), asked for only where a question holds nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

from snowballstemmer.english_stemmer import EnglishStemmer

from lessons.search import hebrew

QUESTION = 10_000
"""Characters of a question that are read; the rest is left unread."""
TERMS = 24
LONGEST = 64
"""Characters of a word that tell it from others."""

_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212\u05be"), "-")
_POSSESSIVE = re.compile(r"(?<=[a-z])['’](?:s(?![a-z])|(?=[a-z]))")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d)")
_CHUNK = re.compile(r"[^\W_]+(?:[-./:_][^\W_]+)*[%+#]{0,2}")
_ONE_SCRIPT = re.compile(f"[{hebrew.LETTER}]+(?:[-./:_][{hebrew.LETTER}]+)*|[^{hebrew.LETTER}]+")
_JOINT = re.compile(r"[-./:_%+#]+")
_HEBREW = re.compile(f"[{hebrew.LETTER}]+")
_DIGIT = re.compile(r"\d")

# Words that say how a question is put, not what it is about: they are asked for only when nothing else is.
_FRAME = frozenset(
    hebrew.fold(
        "של את על עם זה זו זאת הוא היא הם הן אני אנחנו לא כן אם כי או גם רק אך אבל כל מה מי מהו מהי מהם איך איפה מתי "
        "למה מדוע היכן כיצד האם איזה איזו אילו אלו אל בין לפי כמו אשר יש אין היה הייתה היו להיות כאשר כדי עד אז "
        "שלי שלך שלו שלה שלנו שלכם שלהם אותי אותך אותו אותה אותנו אתכם אותם אותן לי לך לו לה לנו לכם להם להן "
        "אתה אתם אתן זאתי הזה הזאת הזו האלה האלו בלי כבר מאוד ממש "
        "the a an of to in on at for and or is are was were be been by with from that this it its as do does did "
        "how what when where which who why can should we you i my our your if there have has had not"
    ).split()
)

_english = EnglishStemmer()
_one_at_a_time = Lock()  # a stemmer keeps the word it works on in itself


@dataclass(frozen=True)
class Term:
    """One word of a question. A text has it when one of its tokens begins with a prefix or equals an exact one, or when
    it has all words of a phrase that means the same."""

    word: str
    prefixes: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    phrases: tuple[tuple[Term, ...], ...] = ()

    def found_in(self, tokens: Collection[str]) -> bool:
        return any(token in self.exact or token.startswith(self.prefixes) for token in tokens) or any(
            all(term.found_in(tokens) for term in phrase) for phrase in self.phrases
        )


def index_tokens(text: str) -> list[str]:
    """The tokens of a text in its order, with the forms that each word may be asked for by. Linear in its length."""
    folded = _fold(text)
    tokens = [token for piece in _pieces(folded) for token in _tokens(piece)]
    return tokens + _signs(folded)


def query_terms(q: str) -> list[Term]:
    """What a question asks for: at most TERMS terms, every sign in it meaning itself. Never raises for any string."""
    folded = _fold(q[:QUESTION])
    terms = list(dict.fromkeys(term for piece in _pieces(folded) for term in _terms(piece)))
    telling = [term for term in terms if not is_frame(term.word)]
    return (telling or terms or [Term(sign, exact=(sign,)) for sign in _signs(folded)])[:TERMS]


def words_of(text: str) -> list[str]:
    """Its words in one spelling, each once, and no other forms of them."""
    return list(dict.fromkeys(_pieces(_fold(text))))


def _fold(text: str) -> str:
    """Lower case, one spelling: no points, no marks, nothing invisible, one hyphen, no quotes inside words."""
    if not text.isascii():
        # Marks go first: a long run of them is what makes normalising slow.
        text = _without_marks(unicodedata.normalize("NFKD", _without_marks(text)))
    text = hebrew.fold(text.casefold().translate(_HYPHENS))
    return _THOUSANDS.sub("", _POSSESSIVE.sub("", text))


class _Marks(dict[int, int | None]):
    """What becomes of each letter: marks go. Each is looked up once, when it is first met; of a million letters, which
    somebody could send, the first are remembered."""

    MOST = 4096

    def __missing__(self, letter: int) -> int | None:
        mark = unicodedata.combining(chr(letter)) or unicodedata.category(chr(letter)) in ("Cf", "Mn")
        found = None if mark else letter
        if len(self) < self.MOST:
            self[letter] = found
        return found


_MARKS = _Marks()


def _without_marks(text: str) -> str:
    return text.translate(_MARKS)


def _pieces(folded: str) -> Iterator[str]:
    """Runs of letters and digits with the joints inside them, cut where Hebrew meets another script: ב-1923, ה-VIP."""
    for chunk in _CHUNK.finditer(folded):
        for piece in _ONE_SCRIPT.finditer(chunk[0]):
            word = piece[0].lstrip("-./:_%+#").rstrip("-./:_")
            yield from (part[:LONGEST] for part in ([word] if len(word) <= LONGEST else _JOINT.split(word)) if part)


@lru_cache(maxsize=65_536)
def _tokens(piece: str) -> tuple[str, ...]:
    parts = [part for part in _JOINT.split(piece) if part]
    tokens = [piece] if _is_code(piece, parts) else []
    tokens += [joined] if (joined := _joined(piece, parts)) else []
    for part in parts:
        tokens += _forms(part)
    return tuple(dict.fromkeys(tokens))


def _terms(piece: str) -> Iterator[Term]:
    parts = [part for part in _JOINT.split(piece) if part]
    joined = _joined(piece, parts)
    also = (joined,) if joined else ()
    if _is_code(piece, parts):
        whole = (piece, *also)
        yield Term(piece, exact=whole) if piece[-1] in "%+#" else Term(piece, prefixes=whole)
    elif piece.isdecimal():
        yield Term(piece, exact=(piece,))
    elif _are_initials(parts):
        yield Term(joined, prefixes=also)
    else:
        for part in parts:
            yield Term(part, prefixes=(part, *also) if len(part) > 1 else also, exact=_stems_asked(part))


def _is_code(piece: str, parts: list[str]) -> bool:
    """A number or a code, whole as typed: 08:30, 50%, l-2026-0001, max_connections."""
    return piece != parts[0] and ("_" in piece or _DIGIT.search(piece) is not None or piece[-1] in "%+#")


def _joined(piece: str, parts: list[str]) -> str:
    """The other spelling of a compound: email for e-mail, תז for ת.ז; nothing where there is none."""
    hyphened = len(parts) > 1 and piece.count("-") == len(parts) - 1
    return "".join(parts) if hyphened or _are_initials(parts) else ""


def _are_initials(parts: list[str]) -> bool:
    return len(parts) > 1 and all(len(part) == 1 and part.isalpha() for part in parts)


def _forms(word: str) -> list[str]:
    """The word, the words it may be with letters glued before them, and the stems of all of these."""
    if _HEBREW.fullmatch(word):
        words = [word, *hebrew.bare(word)]
        return words + ["~" + stem for each in words if (stem := hebrew.stem(each)) != each]
    return [word] if (stem := _english_stem(word)) == word else [word, "~" + stem]


def _stems_asked(word: str) -> tuple[str, ...]:
    if _HEBREW.fullmatch(word):
        stems = [hebrew.stem(each) for each in (word, *hebrew.bare(word))]
    else:
        stems = [_english_stem(word)]
    return tuple(dict.fromkeys(form for stem in stems for form in (stem, "~" + stem)))


@lru_cache(maxsize=65_536)
def _english_stem(word: str) -> str:
    if not (word.isascii() and word.isalpha()):
        return word
    with _one_at_a_time:
        return str(_english.stemWord(word))


def _signs(folded: str) -> list[str]:
    """One token for each sign that stands in the text, however often."""
    return [f"~~{ord(c):x}" for c in sorted(set(folded)) if unicodedata.category(c)[0] in "PS"]


def is_frame(word: str) -> bool:
    """Whether it says how a question is put, or is a lone letter."""
    return word in _FRAME or (len(word) == 1 and _HEBREW.fullmatch(word) is not None)

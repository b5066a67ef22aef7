"""Sentences marked where they are written and rendered where they are read; languages, direction, isolation.

English is written in the code; `translations/LOCALE/LC_MESSAGES/messages.po` holds the other words. Names of stored
values (states, triggers, kinds, roles, fields) are looked up by context, e.g. ("lesson.state", "accepted"), in every
language, English included.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

LOCALES = ("he", "en")
NAMES = {"he": "עברית", "en": "English"}
FOLDER = Path(__file__).parent / "translations"
Key = tuple[str | None, str]
Forms = str | tuple[str, ...]
FSI, PDI = "\u2068", "\u2069"


@dataclass(frozen=True)
class Sentence:
    """A whole sentence, not yet in a language. `plural` and `n` where it counts something."""

    text: str
    params: Mapping[str, Any] = field(default_factory=dict)
    plural: str | None = None
    n: int = 1

    def with_(self, **params: Any) -> Sentence:
        n = params.get("n", self.n)
        return Sentence(self.text, {**self.params, **params}, self.plural, n if isinstance(n, int) else self.n)

    def in_(self, locale: str) -> str:
        """The sentence in `locale`; parameters that are sentences are rendered in the same language."""
        template = ngettext(self.text, self.plural, self.n, locale) if self.plural else gettext(self.text, locale)
        if not self.params:
            return template
        return template % {k: _spoken(v, locale) for k, v in self.params.items()}

    def __str__(self) -> str:
        return self.in_("en")


def _spoken(value: Any, locale: str) -> Any:
    if isinstance(value, Sentence | Word | Name):
        return value.in_(locale)
    if isinstance(value, list | tuple):
        return ", ".join(str(_spoken(v, locale)) for v in value)
    return value


@dataclass(frozen=True)
class Word:
    """The name of a stored value, by context, e.g. Word("lesson.state", "accepted")."""

    context: str
    value: str

    def in_(self, locale: str) -> str:
        return word(self.context, self.value, locale)

    def __str__(self) -> str:
        return self.in_("en")


@dataclass(frozen=True)
class Name:
    """What a person or unit is called: in English by the Latin name, where one is known."""

    name: str
    latin: str = ""

    @classmethod
    def of(cls, one: Any) -> Name:
        return cls(one.name, one.name_en)

    def in_(self, locale: str) -> str:
        return self.latin if locale == "en" and self.latin else self.name

    def __str__(self) -> str:
        return self.in_("en")


def say(text: str, **params: Any) -> Sentence:
    """Mark a sentence for translation."""
    return Sentence(text, params)


def say_n(one: str, many: str, n: int = 1, **params: Any) -> Sentence:
    """Mark a sentence that counts `n` things."""
    return Sentence(one, {"n": n, **params}, many, n)


@cache
def catalogue(locale: str) -> Any:
    """The babel catalogue of a locale; empty where there is none."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    path = FOLDER / locale / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


@cache
def _table(locale: str) -> dict[Key, Forms]:
    return {
        (m.context, m.id if isinstance(m.id, str) else m.id[0]): m.string
        for m in catalogue(locale)
        if m.id and m.string
    }


_own: dict[str, dict[Key, Forms]] = {}
"""By locale what this installation says in words of its own; the database keeps it, `use` brings it."""


def use(own: Mapping[str, Mapping[Key, Forms]]) -> None:
    """From now on this process says these words instead of the catalogues'."""
    _own.clear()
    _own.update({locale: dict(words) for locale, words in own.items()})


def is_own(key: Key, locale: str) -> bool:
    return key in _own.get(locale, {})


def original(key: Key, locale: str) -> Forms:
    """What the product says, whatever the installation says instead. Raises KeyError."""
    return _table(locale).get(key) or _keys()[key]


def entries() -> list[Key]:
    """Everything that is said: sentences, and the names of stored values by context."""
    return [*_keys()]


@cache
def _keys() -> dict[Key, Forms]:
    """With what the code says."""
    messages = (m for locale in LOCALES for m in catalogue(locale) if m.id)
    return {(m.context, m.id if isinstance(m.id, str) else m.id[0]): m.id for m in messages}


def _said(key: Key, locale: str) -> Forms | None:
    own = _own.get(locale)
    return own[key] if own and key in own else _table(locale).get(key)


def gettext(text: str, locale: str) -> str:
    found = _said((None, text), locale)
    return found if isinstance(found, str) else text


def ngettext(one: str, many: str | None, n: int, locale: str) -> str:
    found = _said((None, one), locale)
    if isinstance(found, tuple) and any(found):
        # Hebrew has a dual: one, two, many. A catalogue may do with one and many.
        return found[0] if n == 1 else found[1] if n == 2 and len(found) > 2 else found[-1]
    return one if n == 1 or many is None else many


def word(context: str, value: str, locale: str) -> str:
    """The name of a stored value; the value itself, spaced, where the catalogue has none."""
    found = _said((context, value), locale)
    return found if isinstance(found, str) else value.replace("_", " ")


def has_word(context: str, value: str, locale: str) -> bool:
    return (context, value) in _table(locale)


def direction(locale: str) -> str:
    """`rtl` or `ltr`; comes from the locale, never from a switch."""
    return "rtl" if locale in ("he", "ar", "fa", "yi") else "ltr"


_HEBREW, _LATIN = re.compile("[\u05d0-\u05ea]+"), re.compile("[A-Za-z]+")


def language_of(text: str, default: str = "he") -> str:
    """The language a text is written in, by its letters: "he", "en", or `default` where it has none."""
    text = text[:2000]
    if not _LATIN.search(text):
        return "he" if _HEBREW.search(text) else default
    hebrew, latin = (len(text) - len(letters.sub("", text)) for letters in (_HEBREW, _LATIN))
    return "he" if hebrew * 2 >= latin else "en"


def isolate(text: str) -> str:
    """Wrap a run in U+2068…U+2069 so that it cannot turn its neighbours round."""
    return f"{FSI}{text}{PDI}"


def best_locale(wanted: str | None, default: str) -> str:
    """The first of our locales that an Accept-Language header asks for; `default` where none fits."""
    for part in (wanted or "")[:400].split(","):
        code = part.split(";")[0].strip().lower()[:2]
        code = "he" if code == "iw" else code
        if code in LOCALES:
            return code
    return default


def clean(text: str) -> str:
    """Text as it is kept: NFC, line ends as \\n, no soft hyphens, vertical tabs as line ends."""
    text = unicodedata.normalize("NFC", text)
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\u00ad", "")


def check() -> int:
    """Report sentences in code and templates that a language lacks. Returns an exit code."""
    from lessons.translations.extract import missing

    gaps = [f"{locale}: {msgid!r}" for locale in LOCALES if locale != "en" for msgid in missing(locale)]
    print("\n".join(gaps) or "every sentence has its words")
    return 1 if gaps else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["check"]:
        sys.exit(check())

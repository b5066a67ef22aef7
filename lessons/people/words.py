"""The only writer of an installation's own words: what it says instead of the product's sentences and names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor
from lessons.access.actor import own_words
from lessons.errors import FieldError, Invalid
from lessons.i18n import LOCALES, Forms, Key, Sentence, entries, original, say
from lessons.models import OwnWord
from lessons.people.operations import NOT_TAKEN, administers_all

FIRST = ("role", "noun", "nouns")
"""What is renamed most: roles, and what records are called."""
MOST, LONGEST = 50, 600
PLACE = re.compile(r"%\((\w+)\)[sd]")
PERCENT = say("A percent sign cannot stand here.")
TOO_LONG = say("Here up to %(most)s characters are possible.", most=LONGEST)


@dataclass(frozen=True)
class Said:
    """One thing that is said: by locale the product's forms and the installation's own, which may be none."""

    key: Key
    originals: Mapping[str, tuple[str, ...]]
    own: Mapping[str, tuple[str, ...]]

    def shown(self, locale: str) -> str:
        return (self.own.get(locale) or self.originals[locale])[-1]


def said(session: Session, text: str) -> tuple[list[Said], bool]:
    """What holds that text in any language, at most so many, and whether there is more; without a text the words that
    are renamed most, and those that were."""
    own, wanted = own_words(session), text.strip().casefold()
    every = (_said(key, own) for key in sorted(entries(), key=_place))
    if wanted:
        found = (one for one in every if any(wanted in form.casefold() for form in _forms(one)))
    else:
        found = (one for one in every if one.own or one.key[0] in FIRST)
    some = [one for one, _ in zip(found, range(MOST + 1), strict=False)]
    return some[:MOST], len(some) > MOST


def one(session: Session, key: Key) -> Said | None:
    return _said(key, own_words(session)) if key in entries() else None


def put(session: Session, said: Said, given: Mapping[str, Sequence[str]], *, by: Actor) -> None:
    """By locale one text for each form; an empty one is the original's. Everybody reads them: they are for whoever
    administers everything. Raises Forbidden, Invalid."""
    administers_all(session, by)
    texts = {locale: [" ".join(text.split()) for text in forms] for locale, forms in given.items()}
    faults = [
        FieldError(f"/{locale}-{n}", "words", fault)
        for locale, forms in texts.items()
        for n, (text, product) in enumerate(zip(forms, said.originals[locale], strict=True))
        if (fault := _fault(text, said.originals[locale]))
    ]
    if faults:
        raise Invalid(NOT_TAKEN, faults)
    for locale, forms in texts.items():
        whole = [text or product for text, product in zip(forms, said.originals[locale], strict=True)]
        _keep(session, said.key, locale, [] if tuple(whole) == said.originals[locale] else whole)


def _keep(session: Session, key: Key, locale: str, forms: list[str]) -> None:
    context, word = key
    where = (OwnWord.locale == locale, OwnWord.context == (context or ""), OwnWord.word == word)
    row = session.scalars(sa.select(OwnWord).where(*where)).first()
    if row is None and forms:
        session.add(OwnWord(locale=locale, context=context or "", word=word, forms=forms))
    elif row is not None and row.forms != forms:
        row.forms, row.version = forms, row.version + 1
        session.add(row)


def _fault(text: str, product: Iterable[str]) -> Sentence | None:
    """Places for names and numbers are the product's: another one could not be filled."""
    known = sorted({place for form in product for place in PLACE.findall(form)})
    if len(text) > LONGEST:
        return TOO_LONG
    if set(PLACE.findall(text)) - {*known}:
        return say("Only these places are filled here: %(places)s.", places=", ".join(f"%({name})s" for name in known))
    return PERCENT if "%" in PLACE.sub("", text).replace("%%", "" if known else "%") else None


def _said(key: Key, own: Mapping[str, Mapping[Key, Forms]]) -> Said:
    return Said(
        key,
        {locale: _tuple(original(key, locale)) for locale in LOCALES},
        {locale: _tuple(words[key]) for locale, words in own.items() if key in words},
    )


def _tuple(forms: Forms) -> tuple[str, ...]:
    return (forms,) if isinstance(forms, str) else forms


def _forms(said: Said) -> Iterable[str]:
    return (form for locale in LOCALES for form in (*said.originals[locale], *said.own.get(locale, ())))


def _place(key: Key) -> tuple[int, str, str]:
    context, word = key
    return (FIRST.index(context) if context in FIRST else len(FIRST), context or "", word)

"""For administrators: what this place calls things, in place of the product's own words."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lessons import web
from lessons.errors import Invalid, NotFound
from lessons.i18n import LOCALES, NAMES, Key, direction, isolate, say
from lessons.people import words
from lessons.people.admin import Field, show
from lessons.web.forms import errors_of

blueprint = Blueprint("words", __name__, url_prefix="/admin/words")
FORMS = {1: ("",), 2: (say("one"), say("several")), 3: (say("one"), say("two"), say("several"))}
"""What each plural form of a sentence is for."""
NAMES_OF = {"role": say("A role"), "noun": say("One record"), "nouns": say("Several records")}
NOT_SAID = say("Nothing here says that.")


@blueprint.get("")
def index() -> ResponseReturnValue:
    text = request.args.get("q", "")[:100]
    with web.reading() as (session, _, _):
        found, more = words.said(session, text)
    search = [{"name": "q", "label": web.spoken(say("Words")), "kind": "text", "value": text}]
    return show("words", say("Words"), rows=[_row(one) for one in found], search=search, text=text, more=more)


def _row(one: words.Said) -> dict[str, Any]:
    return {
        "href": _place(one.key),
        "texts": [one.shown(locale) for locale in LOCALES],
        "own": bool(one.own),
        "what": _what(one.key),
    }


def _place(key: Key) -> str:
    return web.with_args("/admin/words/one", context=key[0] or "", word=key[1])


def _what(key: Key) -> Any:
    """Of what it is the name; a sentence is none."""
    return web.spoken(NAMES_OF.get(key[0] or "", ""))


@blueprint.get("/one")
def one() -> ResponseReturnValue:
    return _page(_key(request.args), {})


@blueprint.post("/one")
def change() -> ResponseReturnValue:
    key = _key(request.form)
    try:
        with web.writing() as (session, by, _):
            said = _said(session, key)
            given = {locale: [request.form.get(f"{locale}-{n}", "") for n in _each(said, locale)] for locale in LOCALES}
            words.put(session, said, given, by=by)
            return web.sent_to(session, _place(key), say("Kept. Every page says it so from now on."))
    except Invalid as refusal:
        return _page(key, request.form, refusal)


def _key(sent: Any) -> Key:
    return sent.get("context", "")[:60] or None, sent.get("word", "")[:500]


def _said(session: Any, key: Key) -> words.Said:
    """Raises NotFound."""
    found = words.one(session, key)
    if found is None:
        raise NotFound(NOT_SAID)
    return found


def _each(said: words.Said, locale: str) -> range:
    return range(len(said.originals[locale]))


def _page(key: Key, typed: Any, refusal: Invalid | None = None) -> ResponseReturnValue:
    with web.reading() as (session, _, _):
        said = _said(session, key)
    faults = errors_of(refusal.errors, web.locale()) if refusal else {}
    fields = [_field(said, locale, n, typed, faults) for locale in LOCALES for n in _each(said, locale)]
    sent = {"context": key[0] or "", "word": key[1]}
    hidden = [{"name": name, "kind": "hidden", "label": "", "value": value} for name, value in sent.items()]
    return show("word", say("Own words"), refusal, fields=[*fields, *hidden], what=_what(key))


def _field(said: words.Said, locale: str, n: int, typed: Any, faults: dict[str, str]) -> Field:
    name, product = f"{locale}-{n}", said.originals[locale]
    form = web.spoken(FORMS[len(product)][n])
    own = said.own.get(locale, ())
    return {
        "name": name,
        "label": f"{NAMES[locale]} · {form}" if form else NAMES[locale],
        "kind": "textarea" if len(product[n]) > 60 else "text",
        "value": typed.get(name, own[n] if own else ""),
        "dir": direction(locale),
        "lang": locale,
        "hint": say("The product says: %(said)s", said=_isolated(product[n])),
        "error": faults.get(name, ""),
    }


def _isolated(text: str) -> str:
    """The sentence, and each place in it, runs in its own direction."""
    return isolate(words.PLACE.sub(lambda place: isolate(place[0]), text))

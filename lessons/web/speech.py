"""How a page speaks: in which language, of which day, of whom. Sentences are rendered here and nowhere else."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import g, request, session
from jinja2 import Environment
from markupsafe import Markup, escape

from exports import bidi
from lessons import db, i18n
from lessons.i18n import LOCALES, Name, Sentence, Word, say
from lessons.models import Person, Unit
from lessons.web import edge, framed, looks, who
from lessons.workflow import diagram
from lessons.workflow.lives import LIVES
from lessons.workflow.promised import MOVABLE, promised

NEAR = {0: say("today"), 1: say("tomorrow"), -1: say("yesterday")}
TO_CALENDAR = say("Add to calendar")
A_WEEK = 6
COOKIELESS = ("/api/v1", framed.UNDER)
MOST_PEOPLE = 100
"""So many names go with a form; of more, those are asked for that hold what is typed."""


def choose() -> None:
    """Before a request: `?lang=` is kept in the signed cookie, never in a row, because reading changes nothing."""
    asked = request.args.get("lang")
    if asked in LOCALES and not request.path.startswith(COOKIELESS) and request.endpoint != "static":
        session["lang"] = asked


MOST_PEOPLE = 100
"""So many names go with a form; of more, those are asked for that hold what is typed."""


def locale() -> str:
    """Of this request: chosen on the page, else the person's, else the browser's, else the installation's."""
    if "locale" not in g:
        g.locale = _locale()
    found: str = g.locale
    return found


def _locale() -> str:
    default = db.settings().locale
    person = who.actor().person
    if request.path.startswith("/api/v1"):
        return i18n.best_locale(request.headers.get("Accept-Language"), person.locale if person else default)
    if request.path.startswith(framed.UNDER) and request.args.get("lang") in LOCALES:
        return request.args["lang"]
    if session.get("lang") in LOCALES:
        return str(session["lang"])
    return person.locale if person else i18n.best_locale(request.headers.get("Accept-Language"), default)


def spoken(value: Any) -> Any:
    """A sentence, word or name in the page's language; everything else as it is."""
    return value.in_(locale()) if isinstance(value, Sentence | Word | Name) else value


def zone() -> ZoneInfo:
    return ZoneInfo(db.settings().timezone)


def today() -> date:
    return edge.moment().astimezone(zone()).date()


def when(value: date | datetime | None, *, hour: bool = False) -> Markup:
    """A day as people say it: today, yesterday, Tuesday 24.11, 24.11.2027; with `hour` a moment's time too."""
    if value is None:
        return Markup()
    local = value.astimezone(zone()) if isinstance(value, datetime) else None
    day: date = local.date() if local else value
    words, figures = said(day, today(), locale())
    # day and hour run each by itself: together they would be read from left to right in Hebrew too
    numbers = [figures] if figures else []
    numbers += [f"{local:%H:%M}"] if local and hour else []
    parts = [escape(words)] if words else []
    parts += [Markup(", ").join(Markup('<span dir="ltr">{}</span>').format(one) for one in numbers)] if numbers else []
    return Markup('<time datetime="{}">{}</time>').format((local or day).isoformat(), Markup(" ").join(parts))


def due(row: Any) -> Markup | str:
    """A record's day, and the way of it into one's own calendar while the record lives; "" where it has none. Beside a
    day that was moved stands the first."""
    if row.due_on is None:
        return ""
    said = when(row.due_on)
    if LIVES[row.noun].is_live(str(row.state)):
        link = Markup('{} <a class="small" href="/{}/{}/calendar.ics">{}</a>')
        said = link.format(said, row.noun, row.code, spoken(TO_CALENDAR))
    first = promised(row) if row.noun in MOVABLE else None
    return said + Markup("<br><small>{}</small>").format(spoken(first)) if first else said


def said(day: date, today: date, locale: str) -> tuple[str, str]:
    """The words and the figures of a day; one of them may be empty."""
    distance = (day - today).days
    if distance in NEAR:
        return NEAR[distance].in_(locale), ""
    figures = f"{day.day}.{day.month}" if day.year == today.year else f"{day.day}.{day.month}.{day.year}"
    return (format_date(day, "EEEE", locale=locale) if abs(distance) <= A_WEEK else ""), figures


def name_of(one: Person | Unit | None) -> str:
    """The name of a person or unit, in English where the page is and one is known."""
    return Name.of(one).in_(locale()) if one is not None else ""


def told(text: str, lang: str = "") -> str:
    """What people wrote in this language, as on paper: what reads from left to right inside Hebrew keeps its order."""
    return text if hasattr(text, "__html__") else bidi.run(str(spoken(text)), lang or locale())


def function_of(person: Person | None) -> str:
    if person is None:
        return ""
    return person.function_en if locale() == "en" and person.function_en else person.function


def _gettext(text: str) -> str:
    return _safe(text, i18n.gettext(text, locale()))


def _ngettext(one: str, many: str, n: int) -> str:
    return _safe(one, i18n.ngettext(one, many, n, locale()))


def _safe(text: str, said: str) -> str:
    """Templates take what the product says as it is; what an installation says instead is text and never markup."""
    return escape(said) if i18n.is_own((None, text), locale()) else said


def life(row: Any) -> Markup:
    """The life of a record, drawn: where it stands, and what may come next."""
    # drawn from our own tables and words, each of which it escapes
    return Markup(diagram.svg(row.noun, locale(), str(row.state)))  # noqa: S704


def teach(env: Environment) -> None:
    """Give templates their words, days and names."""
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(_gettext, _ngettext, newstyle=True)
    env.finalize = spoken
    filters: dict[str, Any] = {"when": when, "say": spoken, "name": name_of, "told": told}
    env.filters |= {**filters, "function": function_of, "state": looks.state_of, "life": life}
    env.globals |= {"word": lambda context, value: i18n.word(context, str(value), locale()), "MOST_PEOPLE": MOST_PEOPLE}

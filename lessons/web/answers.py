"""What is said back: a page in its frame, or the way on with one line of what was done."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlencode

from flask import current_app, flash, g, get_flashed_messages, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from lessons import db
from lessons.access.listing import Page
from lessons.duties.trouble import trouble
from lessons.errors import Unavailable
from lessons.i18n import LOCALES, NAMES, Sentence, direction, say
from lessons.web import edge, guards, library, once, sheet, who
from lessons.web.speech import function_of, locale, name_of, spoken

Args = MultiDict[str, str]
PRODUCT = say("Lessons learned")
FORMS = {"xlsx": "Excel", "csv": "CSV", "json": "JSON"}
EVERYONE: tuple[str, ...] = ()
NAV: tuple[tuple[str, Sentence, tuple[str, ...]], ...] = (
    ("/", say("My day"), EVERYONE),
    ("/bench", say("For decision"), ("lessons_manager",)),
    ("/desk", say("Desk"), ("agent", "debrief_leader", "lessons_manager", "manager", "editor")),
    ("/debriefs", say("Debriefs"), EVERYONE),
    ("/lessons", say("Insight repository"), EVERYONE),
    ("/actions", say("Actions"), EVERYONE),
    ("/procedures", say("Procedures"), EVERYONE),
    ("/managers", say("For managers"), ("manager", "lessons_manager", "auditor")),
    ("/admin", say("Administration"), ("admin",)),
)
KEYS = {
    "/": "h", "/desk": "k", "/debriefs": "d", "/lessons": "l", "/actions": "a", "/procedures": "p", "/managers": "m",
    "/bench": "b",
}  # fmt: skip
"""What follows on g to go there."""
FOOT = (
    ("/help", say("Help")),
    ("/account", say("My account")),
    ("/outbox", say("Letters")),
    ("/jobs", say("Made for you")),
    ("/process", say("How the process works")),
    ("/api/docs", say("For programs")),
    ("/accessibility", say("Accessibility")),
)
OPEN_TO_ALL = ("/accessibility",)


def show(template: str, *, title: Sentence | str, status: int = 200, **values: Any) -> ResponseReturnValue:
    """A page in the frame. `values` are finished: a template asks nothing."""
    text = render_template(template, page=_page(str(spoken(title))), **values)
    return make_response(text, status)


def part(template: str, **values: Any) -> ResponseReturnValue:
    """A part of a page that is changed where it stands; its forms are ours as those of a whole page are."""
    return make_response(render_template(template, page=_forms(), **values))


def told(kind: str, text: Sentence | str, *, href: str = "", label: Sentence | str = "") -> None:
    """Say one line on the next page that is shown. kind: ok, bad, wait."""
    line: Any = {"kind": kind, "text": str(spoken(text)), "href": href, "label": str(spoken(label))}
    flash(line, "told")


def sent_to(session: Session, location: str, text: Sentence | str = "", *, kind: str = "ok") -> ResponseReturnValue:
    """Where a form leads once it is taken. Inside the transaction, so that sending it again leads there too."""
    once.keep(session, status=303, location=location)
    if text:
        told(kind, text)
    return redirect(location, 303)


def nonce() -> str:
    """Of this answer: the only scripts that run are those that carry it."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(12)
    found: str = g.nonce
    return found


def path_here() -> str:
    """This page's own address, without the choice of language."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def with_args(path: str, **args: str) -> str:
    """The address with those arguments that say something."""
    kept = [(name, value) for name, value in args.items() if value]
    return f"{path}?{urlencode(kept)}" if kept else path


def next_page(cursor: str | None) -> str:
    """The address of the list's next rows; "" at its end."""
    if cursor is None:
        return ""
    return f"{request.path}?{urlencode([*_narrowed(), ('cursor', cursor)])}"


def _narrowed() -> list[tuple[str, str]]:
    """The parameters of this address that say what of a list is shown."""
    return [(name, value) for name, value in request.args.items(multi=True) if name not in ("lang", "cursor")]


def around(page: Page[Any]) -> dict[str, Any]:
    """What stands at the end of a list: the way to its next rows, and the ways to take out all that it shows."""
    return {"next": next_page(page.next), "taken": [(name, _here_as(form)) for form, name in FORMS.items()]}


def _here_as(form: str) -> str:
    kept, address = _narrowed(), f"{request.path}.{form}"
    return f"{address}?{urlencode(kept)}" if kept else address


def _forms() -> dict[str, str]:
    return {"csrf": guards.csrf(), "form_key": secrets.token_urlsafe(9)}


def _page(title: str) -> dict[str, Any]:
    person = who.actor().person
    chosen = locale()
    return {
        "locale": chosen,
        "dir": direction(chosen),
        "title": title,
        "org": db.settings().organisation_in(chosen) or PRODUCT.in_(chosen),
        "nonce": nonce(),
        **_forms(),
        "here": request.path,
        "path": path_here() if request.method == "GET" else request.path,
        "theme": person.theme if person else "auto",
        "faces": sheet.faces(),
        "nav": _links(),
        "me": {"name": name_of(person), "title": function_of(person)} if person else None,
        "unread": min(who.asking().unread, 99),
        "trouble": spoken(_trouble()),
        "toasts": get_flashed_messages(category_filter=["told"]),
        "other_locale": _other(chosen),
        "links": {
            "home": "/",
            "search": "/search",
            "sign_out": "/sign-out",
            "theme": "/account/theme",
            "sheet": f"/{sheet.name()}",
            "htmx": f"/{library.name()}",
        },
        "foot": [{"href": _here(to), "label": text.in_(chosen)} for to, text in FOOT if _in_foot(to)],
        "query": request.args.get("q", "") if request.path == "/search" else "",
    }


def _trouble() -> Sentence | None:
    """Administrators read on every page that promises are not being kept just now."""
    if not who.actor().units_of("admin"):
        return None
    try:
        with db.reading() as session:
            return trouble(session, at=edge.moment())
    except Unavailable as error:  # the page that says so has to come
        return error.message


def _here(to: str) -> str:
    """The help of this page; every other address as it is."""
    return f"/help#{request.path.strip('/').split('/')[0] or 'day'}" if to == "/help" else to


def _links() -> list[dict[str, Any]]:
    by, here = who.actor(), "/" + request.path.strip("/").split("/")[0]
    mine = {role for role, _, _ in by.grants}
    return [
        {"href": to, "label": text.in_(locale()), "current": to == here, "key": KEYS.get(to, "")}
        for to, text, roles in NAV
        if by.person and _is_there(to) and (not roles or mine & set(roles))
    ]


def _in_foot(path: str) -> bool:
    return (who.actor().person is not None or path in OPEN_TO_ALL) and _is_there(path)


def _is_there(path: str) -> bool:
    """Whether a room answers there: one that is not built yet has no link."""
    there: frozenset[str] = current_app.extensions["lessons.paths"]
    return path in there


def _other(chosen: str) -> dict[str, str]:
    code = next(code for code in LOCALES if code != chosen)
    here = path_here() if request.method == "GET" else request.path
    return {"code": code, "label": NAMES[code], "href": f"{here}{'&' if '?' in here else '?'}lang={code}"}

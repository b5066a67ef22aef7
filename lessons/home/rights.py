"""Who may what, as the door and the guards ask it: steps down, roles and relations across, one's own marked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lessons import web
from lessons.i18n import Word, say
from lessons.web import guards
from lessons.workflow import rights
from lessons.workflow.engine import ANYONE
from lessons.workflow.lives import LIVES
from lessons.workflow.rights import Line, Page, Table
from lessons.workflow.states import Role
from lessons.workflow.telling import ROLES, who_word

HERE = "/process/rights"
MINE = "mine"
OF_RECORD, AT_UNIT, OWN = say("of the record"), say("role at a unit"), say("my role")
MAY, SEPARATED = say("may"), say("may, with no hand in it")
blueprint = Blueprint("rights", __name__)


@blueprint.get(HERE)
def index() -> ResponseReturnValue:
    own = frozenset(role for role, _, _ in web.actor().grants)
    chosen = request.args.get("role", "")
    only = own if chosen == MINE else frozenset({chosen} & ROLES)
    asked = chosen == MINE or bool(only)
    marked = only | {ANYONE} if asked else own
    return web.show(
        "home/rights.html",
        title=say("Who may what"),
        filters=[{"name": "role", "label": say("Whose rights"), "kind": "choice", "options": [*_offered()],
                  "value": chosen if asked else ""}],
        narrowed=asked,
        pages=[_page(page, own) for page in rights.PAGES if not asked or marked & set(page.by)],
        nouns=[*_nouns(marked, own, asked)],
    )  # fmt: skip


def _offered() -> Iterator[dict[str, Any]]:
    yield {"value": MINE, "label": say("What my roles may")}
    yield from ({"value": role.value, "label": Word("role", role.value)} for role in Role)


def _nouns(marked: frozenset[str], own: frozenset[str], asked: bool) -> Iterator[dict[str, Any]]:
    for noun in LIVES:
        found = rights.table(noun, web.locale())
        theirs = [who in marked and _is_role(found, n) for n, (who, _) in enumerate(found.columns)]
        lines = [
            line for line in found.lines if not asked or any(a and b for a, b in zip(line.may, theirs, strict=True))
        ]
        if lines:
            yield {
                "noun": noun,
                "name": Word("nouns", noun),
                "heads": [_head(found, n, theirs[n], own) for n in range(len(found.columns))],
                "rows": [_row(line, theirs) for line in lines],
            }


def _is_role(of: Table, n: int) -> bool:
    """A relation that is called like a role is none."""
    who, name = of.columns[n]
    return who == ANYONE or name.context == "role"


def _head(of: Table, n: int, marked: bool, own: frozenset[str]) -> dict[str, Any]:
    who, name = of.columns[n]
    note = "" if who == ANYONE else AT_UNIT if _is_role(of, n) else OF_RECORD
    return {"name": name, "note": OWN if marked and who in own else note, "mine": marked}


def _row(line: Line, theirs: list[bool]) -> dict[str, Any]:
    said = SEPARATED if line.separated else MAY
    cells = [{"says": said if may else "", "mine": mine} for may, mine in zip(line.may, theirs, strict=True)]
    return {"name": line.name, "cells": cells}


def _page(page: Page, own: frozenset[str]) -> dict[str, Any]:
    return {
        "address": page.address,
        "name": page.name,
        "who": [{"name": who_word("", who), "mine": who in own} for who in page.by],
        "where": rights.WHOLE if page.whole else "",
        "leads": guards.may_open(page.address),
    }

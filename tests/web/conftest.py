from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue

from lessons import app as wiring
from lessons import db, errors, web
from lessons.i18n import Name, say
from lessons.models import Unit
from lessons.settings import Settings
from tests.people.conftest import FRAME
from tests.village import Village


def room() -> Blueprint:
    """A room that does what rooms do: reads, writes, refuses, breaks."""
    made = Blueprint("room", __name__)

    @made.get("/")
    def home() -> ResponseReturnValue:
        return web.show("refused.html", title=say("My day"), sentence=say("Nothing waits."), points=[], who=[])

    @made.post("/units")
    def add_unit() -> ResponseReturnValue:
        with web.writing() as (session, _, at):
            count = len(session.scalars(sa.select(Unit.id)).all())
            session.add(Unit(code=f"NEW{count}", name="חדש", from_on=at.date()))
            return web.sent_to(session, f"/units/NEW{count}", say("It is there."))

    @made.get("/refusals/<kind>")
    def refuse(kind: str) -> ResponseReturnValue:
        raise REFUSALS[kind]

    @made.get("/api/v1/refusals/<kind>")
    def refuse_program(kind: str) -> ResponseReturnValue:
        raise REFUSALS[kind]

    @made.post("/api/v1/units")
    def add_by_program() -> ResponseReturnValue:
        with web.writing() as (_, by, _):
            return {"name": web.json_body().get("name"), "by": by.name}

    return made


RUTH = errors.Holder(Name("רות", "Ruth"), "ruth@village.example", "ruth@village.example")
UNMET = errors.Unmet("a_fact", say("A fact with a date is missing."))
REFUSALS: dict[str, Exception] = {
    "not_found": errors.NotFound(say("It is not there.")),
    "forbidden": errors.Forbidden(say("It is Naomi's to decide.")),
    "not_allowed": errors.NotAllowed(
        say("It cannot be sent yet."),
        state="draft",
        trigger="propose",
        unmet=[UNMET],
        open=["edit"],
        who_could=[RUTH],
        about="LSN-2026-0042",
    ),
    "invalid": errors.Invalid(
        say("Some fields need another look."), [errors.FieldError("/title", "missing", say("This is still missing."))]
    ),
    "stale": errors.Stale(say("It changed."), current=7),
    "too_many": errors.TooMany(say("Slower."), wait=30),
    "unavailable": errors.Unavailable(say("Busy.")),
    "broken": RuntimeError("a secret of the house"),
}


@pytest.fixture
def app(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The frame with the door of the house and one small room."""
    monkeypatch.setattr(wiring, "ROOMS", FRAME)
    made = wiring.create_app(settings)
    made.register_blueprint(room())
    made.extensions["lessons.paths"] |= {"/"}
    return made


@pytest.fixture
def village(app: Flask) -> Village:
    with db.transaction() as session:
        return Village(session)

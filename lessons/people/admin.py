"""For administrators: who is here and with which roles. They have no power over content."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import db, web
from lessons.access import Actor, tree
from lessons.access.refs import read
from lessons.errors import Forbidden, Invalid
from lessons.i18n import NAMES, Name, Sentence, Word, isolate, say
from lessons.models import Person, Unit
from lessons.people import forms, keys, leaving, operations, own_data, passkeys, queries, second, taken_away
from lessons.people.account import away_fields
from lessons.steps.history import history
from lessons.web import guards, options, story
from lessons.web.controls import known
from lessons.web.forms import raw_of
from lessons.workflow.states import Role

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
Field = dict[str, Any]
TABS = (
    ("/admin/people", say("People")),
    ("/admin/units", say("Units")),
    ("/admin/roles", say("Roles")),
    ("/admin/absences", say("Absences")),
    ("/admin/questions", say("Questions")),
    ("/admin/topics", say("Topics")),
    ("/admin/mappings", say("Places in the CRM")),
    ("/admin/words", say("Words")),
    ("/admin/synonyms", say("Synonyms")),
    ("/admin/webhooks", say("Other systems")),
    ("/admin/health", say("Does it work?")),
    ("/admin/security", say("Security")),
    ("/admin/privacy", say("Privacy")),
    ("/bench/topics", say("Topics without a card")),
)
BY_LINK, ENDED_TOO = say("by a link"), say("ended with it")
ENDED = {"tokens": say("Tokens for programs"), "passkeys": say("Passkeys"), "calendars": say("Calendar addresses")}


def show(template: str, title: Any, refusal: Invalid | None = None, **values: Any) -> ResponseReturnValue:
    status = 422 if refusal else 200
    return web.show(f"people/{template}.html", title=title, status=status, tabs=_tabs(), **values)


def _tabs() -> list[dict[str, Any]]:
    """What this person may open of all that is kept here."""
    here = "/".join(request.path.split("/")[:3])
    mine = [(to, text) for to, text in TABS if guards.may_open(to)]
    return [{"href": to, "label": web.spoken(text), "current": to == here} for to, text in mine]


@blueprint.get("")
def home() -> ResponseReturnValue:
    return redirect("/admin/people", 303)


@blueprint.get("/people")
def people() -> ResponseReturnValue:
    return _people()


def _people(refusal: Invalid | None = None) -> ResponseReturnValue:
    text, after = request.args.get("q", "")[:100], request.args.get("after", "")
    with web.reading() as (session, by, at):
        found, more = queries.administered(session, by, text=text, after=after)
        held = queries.roles_of(session, [one.id or 0 for one in found], at=at)
        units = tree(session).units
        rows = [_line(one, units, held[one.id or 0]) for one in found]
        fields = typed(_person_fields(session, new=True), forms.AddPerson if refusal else None, refusal)
    onward = f"/admin/people?{urlencode({'q': text, 'after': more})}" if more else ""
    search = [{"name": "q", "label": web.spoken(say("Name, e-mail or number")), "kind": "text", "value": text}]
    return show("people", say("People"), refusal, people=rows, search=search, onward=onward, fields=fields)


def _line(person: Person, units: Mapping[int, Unit], held: list[Any]) -> Field:
    return {
        "person": person,
        "unit": units[person.unit_id],
        "roles": [(Word("role", grant.role.value), units[grant.unit_id]) for grant in held],
    }


def typed(fields: list[Field], form: Any, refusal: Invalid | None = None) -> list[Field]:
    typed = {field["name"]: request.form.get(field["name"], "") for field in fields} if form else {}
    return web.filled(fields, typed, refusal)


def _person_fields(session: Session, person: Person | None = None, *, new: bool = False) -> list[Field]:
    units = options.units(session)
    chosen = tree(session).units[person.unit_id].code if person else ""
    manager = session.get(Person, person.manager_id) if person and person.manager_id else None
    people = options.people(session, chosen=[options.handle(manager)])
    languages = [{"value": code, "label": name} for code, name in NAMES.items()]
    who = [{"name": "who", "label": say("E-mail or employee number"), "kind": "text", "required": True, "dir": "ltr"}]
    language = [
        {"name": "locale", "label": say("Language"), "kind": "radio", "options": languages, "required": True,
         "value": db.settings().locale},
    ]  # fmt: skip
    called = [
        {"name": "email", "label": say("E-mail"), "kind": "email", "value": _of(person, "email") or ""},
        {"name": "number", "label": say("Employee number"), "kind": "text", "dir": "ltr",
         "value": _of(person, "number") or ""},
    ]  # fmt: skip
    return [
        *(who if new else []),
        {"name": "name", "label": say("Name"), "kind": "text", "required": True, "value": _of(person, "name")},
        {"name": "name_en", "label": say("Name in English"), "kind": "text", "value": _of(person, "name_en")},
        {"name": "function", "label": say("What they do"), "kind": "text", "value": _of(person, "function")},
        {"name": "function_en", "label": say("What they do, in English"), "kind": "text",
         "value": _of(person, "function_en")},
        {"name": "unit", "label": say("Unit"), "kind": "unit", "required": True, "options": units, "value": chosen},
        {"name": "manager", "label": say("Their manager"), "kind": "person", "options": people,
         "value": known(people, options.handle(manager)), "hint": say("Empty: whoever manages the unit.")},
        *(language if new else called),
    ]  # fmt: skip


def _of(row: Any, field: str) -> str:
    return getattr(row, field) if row is not None else ""


@blueprint.post("/people")
def add_person() -> ResponseReturnValue:
    try:
        with web.writing() as (session, by, at):
            asked = read(session, forms.AddPerson, raw_of(forms.AddPerson, request.form), by=by)
            person = operations.add_person(session, asked.pop("who"), **asked, by=by, at=at)
            here = say("%(name)s is here.", name=web.name_of(person))
            return web.sent_to(session, f"/admin/people/{person.pid}", here)
    except Invalid as refusal:
        return _people(refusal)


@blueprint.get("/people/<pid>")
def person(pid: str) -> ResponseReturnValue:
    return _person(pid)


def _person(pid: str, form: str = "", refusal: Invalid | None = None, link: str = "") -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        one = mine(session, pid, by)
        units, id_ = tree(session).units, one.id or 0
        roles = [
            {
                "word": Word("role", grant.role.value),
                "value": grant.role.value,
                "unit": units[grant.unit_id],
                "source": grant.source,
            }
            for grant in queries.roles_of(session, [id_], at=at)[id_]
        ]
        away = queries.absences(session, [id_], day=web.today())
        step = _second(session, one)
        given = {
            name: typed(fields, name == form, refusal if name == form else None)
            for name, fields in _forms_of(session, one).items()
        }
        past, devices = _past(session, one), passkeys.of(session, one)
    return show(
        "person", web.name_of(one), refusal, one=one, unit=units[one.unit_id], roles=roles, away=away, forms=given,
        link=link, called=one.email or one.number, second=step, past=past, passkeys=devices,
    )  # fmt: skip


def _past(session: Session, one: Person) -> list[dict[str, Any]]:
    """What was done about them: roles given and taken back with where, a hold, the erasing."""
    pasts = history(session, one)
    told = story.entries(one, pasts)
    for entry, past in zip(told, pasts, strict=True):
        if role := past.facts.get("role"):
            unit = tree(session).by_code(past.facts["unit"])
            entry["reason"] = f"{web.spoken(Word('role', role))} · {web.name_of(unit) or past.facts['unit']}"
        if past.event.trigger == "set_password":
            entry["reason"] = _how_set(past.facts)
    return told


def _how_set(facts: Mapping[str, Any]) -> str:
    """By a link or not, and what ended with it, how many of each."""
    how = [web.spoken(BY_LINK)] if facts["by_link"] else []
    ended = [f"{web.spoken(title)} ({facts[name]})" for name, title in ENDED.items() if facts.get(name)]
    return " · ".join([*how, *([f"{web.spoken(ENDED_TOO)}: {', '.join(ended)}"] if ended else [])])


def _second(session: Session, one: Person) -> dict[str, Any]:
    """Since when a second step is on, and who took the last one away."""
    on, taken = second.of(session, one), second.last_taken_away(session, one)
    taker = session.get(Person, taken.ended_by_id) if taken else None
    return {"since": on.confirmed_at if on else None, "taken": taken.ended_at if taken else None, "taker": taker}


def mine(session: Session, pid: str, by: Actor) -> Person:
    """A person of a unit that the actor administers; others are only to be seen by their own administrators."""
    found = queries.person_by_pid(session, pid)
    if not by.units_of("admin") & set(tree(session).above[found.unit_id]):
        raise Forbidden(operations.NOT_YOURS)
    return found


def _forms_of(session: Session, one: Person) -> dict[str, list[Field]]:
    roles = [{"value": role.value, "label": Word("role", role.value)} for role in Role]
    units = options.units(session)
    others = [each for each in options.people(session) if each["handle"] != options.handle(one)]
    return {
        "details": _person_fields(session, one),
        "role": [
            {"name": "role", "label": say("Role"), "kind": "choice", "required": True, "options": roles},
            {"name": "unit", "label": say("Where, and below it"), "kind": "unit", "required": True, "options": units,
             "id": "f-role-unit"},
        ],
        "away": away_fields(others),
        "hold": [
            {"name": "because", "label": say("Why nothing of theirs may be erased"), "kind": "text",
             "value": one.held_because, "hint": say("A lawsuit, an inquiry. Empty: it may be erased.")},
        ],
    }  # fmt: skip


def change(pid: str, form: str, work: Callable[[Session, Person, Actor], Any], done: Any) -> ResponseReturnValue:
    """Do one thing to one person, then show their page with what `work` has to say of it, else `done`; with what was
    typed where it was refused."""
    try:
        with web.writing() as (session, by, _):
            said = work(session, mine(session, pid, by), by)
            return web.sent_to(session, f"/admin/people/{pid}", said or done)
    except Invalid as refusal:
        return _person(pid, form, refusal)


@blueprint.post("/people/<pid>/details")
def change_person(pid: str) -> ResponseReturnValue:
    def work(session: Session, one: Person, by: Actor) -> Sentence | None:
        before = one.unit_id
        emptied = {name: "" for name in ("email", "number") if name in request.form}
        raw = {"manager": None, **emptied, **raw_of(forms.ChangePerson, request.form, edit=True)}
        raw["manager"] = raw["manager"] or None
        operations.change_person(session, one, read(session, forms.ChangePerson, raw, by=by), by=by)
        return _roles_left(session, one, before) if one.unit_id != before else None

    return change(pid, "details", work, say("Kept."))


def _roles_left(session: Session, one: Person, unit_id: int) -> Sentence | None:
    """Roles are of a unit and not of the person's place: whoever moves keeps them until they are taken back."""
    held = queries.roles_of(session, [one.id or 0], at=web.moment())[one.id or 0]
    if not any(each.unit_id == unit_id for each in held):
        return None
    unit = Name.of(tree(session).units[unit_id])
    return say("Kept. Roles in %(unit)s are still theirs; what is owed there is handed on once they are taken back.",
               unit=unit)  # fmt: skip


@blueprint.post("/people/<pid>/roles")
def grant(pid: str) -> ResponseReturnValue:
    def work(session: Session, one: Person, by: Actor) -> None:
        asked = read(session, forms.GrantRole, raw_of(forms.GrantRole, request.form), by=by)
        operations.grant(session, one, asked["role"], asked["unit"], by=by, at=web.moment())

    return change(pid, "role", work, say("The role is given, from now on."))


@blueprint.post("/people/<pid>/roles/end")
def revoke(pid: str) -> ResponseReturnValue:
    def work(session: Session, one: Person, by: Actor) -> None:
        unit = queries.unit_by_code(session, request.form.get("unit", ""))
        held = queries.grant_of(session, one, request.form.get("role", ""), unit)
        if held is not None:
            operations.revoke(session, held, by=by, at=web.moment())

    return change(pid, "role", work, say("The role is taken back, from now on."))


@blueprint.post("/people/<pid>/away")
def note_absence(pid: str) -> ResponseReturnValue:
    def work(session: Session, one: Person, by: Actor) -> None:
        asked = read(session, forms.Away, raw_of(forms.Away, request.form), by=by)
        operations.add_absence(session, one, **asked, by=by, at=web.moment())

    return change(pid, "away", work, say("Noted."))


@blueprint.post("/people/<pid>/invite")
def invite(pid: str) -> ResponseReturnValue:
    """The one answer that shows the link: it is kept nowhere."""
    with web.writing() as (session, by, at):
        token = keys.invite(session, mine(session, pid, by), by=by, at=at)
    return _person(pid, link=f"{db.settings().base_url}/invitation/{token}")


@blueprint.post("/people/<pid>/second/end")
def take_second_step(pid: str) -> ResponseReturnValue:
    """For whoever lost phone and recovery codes."""

    def work(session: Session, one: Person, by: Actor) -> None:
        taken_away.take_second_step(session, one, by=by, at=web.moment())

    return change(pid, "", work, say("The second step is taken away, and they are told."))


@blueprint.post("/people/<pid>/passkeys/<int:number>/end")
def take_passkey(pid: str, number: int) -> ResponseReturnValue:
    """Of a device that was lost."""

    def work(session: Session, one: Person, by: Actor) -> None:
        taken_away.take_passkey(session, one, number, by=by, at=web.moment())

    return change(pid, "", work, say("The passkey is taken away, and they are told."))


@blueprint.post("/people/<pid>/data")
def data(pid: str) -> ResponseReturnValue:
    """What is kept about somebody who left, in the background."""
    with web.writing() as (session, by, at):
        job = own_data.ask(session, mine(session, pid, by), by=by, at=at)
        return web.sent_to(session, f"/jobs/{job.pid}")


@blueprint.post("/people/<pid>/leave")
def leave(pid: str) -> ResponseReturnValue:
    """Asked once more with what would be handed to whom; sent again it is meant."""
    if request.form.get("sure") != pid:
        return _leaving(pid)

    def work(session: Session, one: Person, by: Actor) -> None:
        operations.leave(session, one, by=by, at=web.moment())

    return change(pid, "", work, say("It is recorded. What they owed was handed on."))


def _leaving(pid: str) -> ResponseReturnValue:
    with web.writing() as (session, by, at):
        one = mine(session, pid, by)
        handed = [
            [web.spoken(Word("duty", each.kind)), _named(each), web.spoken(each.to)]
            for each in leaving.preview(session, one, by=by, at=at)
        ]
        name = web.name_of(one)
    return show("leaving", say("%(name)s leaves the organisation", name=name), one=one, handed=handed)


def _named(each: leaving.Handed) -> str:
    """An administrator has no power over content: what is not open to them is named by its kind alone."""
    return f"{each.title} ({isolate(each.code)})" if each.title else str(web.spoken(Word("noun", each.noun)))

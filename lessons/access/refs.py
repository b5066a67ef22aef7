"""What people typed becomes what steps are given: checked by the form's model, every reference now a row.

A record that the person may not know of is refused with the same words as one that is not there.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from pydantic import BaseModel, ValidationError
from sqlmodel import Session

from lessons import db
from lessons.access.actor import Actor, tree
from lessons.access.named import by_code
from lessons.access.visible import visible_to
from lessons.errors import FieldError, Invalid
from lessons.i18n import Name, Sentence, say
from lessons.models import RECORDS, Attachment, Case, Cause, Feedback, Finding, Person
from lessons.workflow.faults import nearest, sentence
from lessons.workflow.fields import Ref

NOT_THERE = say("“%(given)s” is not there.")
PERHAPS = say("“%(given)s” is not there. Perhaps: %(names)s.")
SOME = 3
"""So many people are named who may be meant."""
SUBJECTS = ("lessons", "revisions", "news")


def read(session: Session, form: type[BaseModel] | None, raw: Mapping[str, Any], *, by: Actor) -> dict[str, Any]:
    """The fields that were sent, cleaned, references resolved to rows. Raises Invalid with a pointer per fault."""
    if form is None:
        form = _Nothing
    try:
        sent = form.model_validate(dict(raw))
    except ValidationError as error:
        faults = [_fault(form, dict(one)) for one in error.errors()]
        raise invalid(list({fault.pointer: fault for fault in faults}.values())) from None
    reader = Reader(session, by)
    found = reader.fields(sent, "")
    if reader.faults:
        raise invalid(reader.faults)
    return found


def _fault(form: type[BaseModel], error: Mapping[str, Any]) -> FieldError:
    path, kind = error["loc"], error["type"]
    if kind == "extra_forbidden":
        return FieldError(_pointer(path), kind, nearest(str(path[-1]), _form_at(form, path[:-1]).model_fields))
    return FieldError(_pointer(path), kind, sentence(error))


def _form_at(form: type[BaseModel], path: tuple[Any, ...]) -> type[BaseModel]:
    """The form inside a form that a path leads to."""
    for name in path:
        known = form.model_fields.get(name) if isinstance(name, str) else None
        inner = _forms_in(known.annotation) if known else []
        form = inner[0] if inner else form
    return form


def _forms_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [form for one in get_args(annotation) for form in _forms_in(one)]


class _Nothing(BaseModel, extra="forbid"):
    pass


def invalid(faults: list[FieldError]) -> Invalid:
    return Invalid(say("Some fields need another look. Nothing was lost."), faults)


BRANCHES = frozenset({"int", "float"})
"""What pydantic adds to a path where a field takes a number of either kind."""


def _pointer(path: tuple[Any, ...]) -> str:
    return "".join(f"/{part}" for part in path if part not in BRANCHES)


class Reader:
    """Turns the references of one form into rows, and notes those that lead nowhere."""

    def __init__(self, session: Session, by: Actor) -> None:
        self.session, self.by, self.faults = session, by, list[FieldError]()

    def fields(self, sent: BaseModel, path: str) -> dict[str, Any]:
        refs = references(type(sent))
        sent_names = (name for name in type(sent).model_fields if name in sent.model_fields_set)
        return {name: self.value(getattr(sent, name), refs.get(name), f"{path}/{name}") for name in sent_names}

    def value(self, value: Any, noun: str | None, path: str) -> Any:
        if isinstance(value, list):
            return [self.value(one, noun, f"{path}/{n}") for n, one in enumerate(value)]
        if isinstance(value, BaseModel):
            return self.fields(value, path)
        if isinstance(value, datetime) and value.tzinfo is None:  # told without a zone, it is the installation's time
            return value.replace(tzinfo=ZoneInfo(db.settings().timezone))
        if noun is None or value is None:
            return value
        row = find(self.session, noun, str(value), self.by)
        if row is None:
            self.faults.append(FieldError(path, "not_there", self._not_there(noun, str(value))))
        return row

    def _not_there(self, noun: str, given: str) -> Sentence:
        alike = called_alike(self.session, given.strip()) if noun == "people" else []
        if not alike:
            return NOT_THERE.with_(given=given[:80])
        return PERHAPS.with_(given=given[:80], names=[Name.of(one) for one in alike])


@cache
def references(form: type[BaseModel]) -> dict[str, str]:
    """Field → the noun that it names, for the fields of a form that name something."""
    found = {}
    for name, info in form.model_fields.items():
        refs = [m for m in info.metadata if isinstance(m, Ref)] or _refs_in(info.annotation)
        if refs:
            found[name] = refs[0].noun
    return found


def _refs_in(annotation: Any) -> list[Ref]:
    if get_origin(annotation) is Annotated:
        return [m for m in get_args(annotation) if isinstance(m, Ref)]
    if get_origin(annotation) in (list, Union, types.UnionType):
        return [ref for one in get_args(annotation) for ref in _refs_in(one)]
    return []


def find(session: Session, noun: str, given: str, by: Actor) -> Any:
    """The row that a text names, where this person may know of it; else None."""
    given = given.strip()
    if not given or len(given) > 255 or "\0" in given:
        return None
    return _FINDERS[noun](session, given, by) if noun in _FINDERS else _record(session, noun, given, by)


def _record(session: Session, noun: str, given: str, by: Actor) -> Any:
    return by_code(session, RECORDS[noun], given.upper(), by=by)


def person(session: Session, given: str) -> Person | None:
    """By e-mail (any case), employee number or lasting id, or by a full name that is theirs alone: between two nobody
    is guessed. Someone who left is not there."""
    folded = given.strip().casefold()
    named = sa.or_(sa.func.lower(Person.email) == folded, Person.number == given.strip(), Person.pid == given.strip())
    found = session.scalars(sa.select(Person).where(named, Person.closed_at.is_(None))).first()
    if found is not None:
        return found
    called = sa.or_(Person.name == given.strip(), Person.name_en == given.strip())
    alike = session.scalars(sa.select(Person).where(called, Person.closed_at.is_(None)).limit(2)).all()
    return alike[0] if len(alike) == 1 else None


def called_alike(session: Session, given: str) -> Sequence[Person]:
    """Some of those who are here and have a name that begins so, the first or another one of it."""
    if len(given) < 2 or "\0" in given:
        return []
    columns = (Person.name, Person.name_en)
    begins = [each.istartswith(given, autoescape=True) for each in columns]
    goes_on = [each.icontains(f" {given}", autoescape=True) for each in columns]
    # of two who are called just so neither is named: it would lead nowhere
    other = sa.and_(*(sa.func.lower(each) != given.lower() for each in columns))
    found = sa.select(Person).where(sa.or_(*begins, *goes_on), other, Person.closed_at.is_(None))
    return session.scalars(found.order_by(Person.name, Person.id).limit(SOME)).all()


def _subject(session: Session, given: str, by: Actor) -> Any:
    found = (_record(session, noun, given, by) for noun in SUBJECTS)
    return next((row for row in found if row is not None), None)


def _case(session: Session, given: str, by: Actor) -> Any:
    named = sa.or_(Case.pid == given, Case.external_id == given)
    return session.scalars(sa.select(Case).where(named, visible_to(session, "cases", by))).first()


def _part(model: Any) -> Callable[[Session, str, Actor], Any]:
    # a part is reached through its random id; the step that takes it checks what it belongs to
    return lambda session, given, _by: session.scalars(sa.select(model).where(model.pid == given)).first()


_FINDERS: dict[str, Callable[[Session, str, Actor], Any]] = {
    "people": lambda session, given, _by: person(session, given),
    "units": lambda session, given, _by: tree(session).by_code(given),
    "subjects": _subject,
    "cases": _case,
    "findings": _part(Finding),
    "causes": _part(Cause),
    "attachments": _part(Attachment),
    "feedback": _part(Feedback),
}

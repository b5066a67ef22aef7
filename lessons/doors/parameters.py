"""What a program writes behind the question mark, read strictly: a misspelled filter never means “everything”."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer
from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from lessons import db
from lessons.access import Actor
from lessons.access.listing import MOST, USUAL
from lessons.access.refs import find
from lessons.errors import FieldError, Invalid, LessonsError
from lessons.i18n import Sentence, say
from lessons.web.bodies import Refused
from lessons.workflow.faults import nearest

CURSOR = say("This cursor leads nowhere. The list can be read again from its beginning.")
LIMIT = say("A limit is a number from 1 on; more than %(most)s are never sent at once.", most=MOST)
ONCE = say("This is asked for twice.")
CHOICE = say("This is not one of the choices. The choices are: %(expected)s.")
NOT_THERE = say("“%(given)s” is not there.")
YES_NO = say("Yes or no belongs here: true or false.")


class BadQuery(Refused, Invalid):
    """400 with the parameter that is at fault."""

    def __init__(self, name: str, code: str, message: Sentence) -> None:
        LessonsError.__init__(self, message)
        self.status, self.headers = 400, {}
        self.errors = [FieldError(f"/{name}", code, message)]


class Query:
    """The parameters of one address. Each read raises BadQuery where it cannot be taken."""

    def __init__(self, args: MultiDict[str, str], known: Collection[str], *, many: Collection[str] = ()) -> None:
        self.args = args
        for name, values in args.lists():
            if name not in known:
                raise BadQuery(name[:80], "unknown", nearest(name, known))
            if len(values) > 1 and name not in many:
                raise BadQuery(name, "twice", ONCE)

    def text(self, name: str, *, most: int = 400) -> str:
        return self.args.get(name, "").replace("\0", " ").strip()[:most]

    def several(self, name: str, among: Collection[str]) -> list[str]:
        """Values sent one by one or with commas between."""
        given = [one.strip() for value in self.args.getlist(name) for one in value.split(",") if one.strip()]
        for one in given:
            self._among(name, one, among)
        return given

    def choice(self, name: str, among: Collection[str], default: str = "") -> str:
        given = self.text(name) or default
        if given:
            self._among(name, given, among)
        return given

    def _among(self, name: str, given: str, among: Collection[str]) -> None:
        if given not in among:
            raise BadQuery(name, "choice", CHOICE.with_(expected=", ".join(sorted(among))))

    def flag(self, name: str) -> bool | None:
        given = self.text(name).lower()
        if given not in ("", "true", "false"):
            raise BadQuery(name, "bool", YES_NO)
        return given == "true" if given else None

    def limit(self, usual: int = USUAL, most: int = MOST) -> int:
        given = self.args.get("limit")
        if given is None:
            return usual
        if not (given.isascii() and given.isdigit()) or len(given) > 18 or int(given) < 1:
            raise BadQuery("limit", "limit", LIMIT)
        return min(int(given), most)

    def row(self, session: Session, name: str, noun: str, *, by: Actor) -> Any:
        """The row that a parameter names; None where it is not sent."""
        given = self.text(name)
        if not given:
            return None
        if noun == "people" and given == "me" and by.person is not None:
            return by.person
        row = find(session, noun, given, by)
        if row is None:
            raise BadQuery(name, "not_there", NOT_THERE.with_(given=given[:80]))
        return row


# ── cursors ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def sealed(kind: str, place: list[Any]) -> str:
    """A place in a list, signed: it is ours or it is refused."""
    return str(_seal(kind).dumps(place))


def unsealed(kind: str, cursor: str, name: str = "cursor") -> list[Any]:
    try:
        place = _seal(kind).loads(cursor[:2000])
    except BadSignature:
        raise BadQuery(name, "cursor", CURSOR) from None
    return list(place)


def _seal(kind: str) -> URLSafeSerializer:
    return URLSafeSerializer(db.settings().secret, salt=f"cursor:{kind}")

"""Every address of the product, asked by everyone: what is asked of, who asks, and what an answer says of a right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlmodel import Session

from exports.press import PressFailed
from lessons import clock, db
from lessons.models import Absence, Evidence, Extension, Fact, Finding, Job, Person, SignIn, Webhook
from lessons.models.base import random_id
from lessons.models.imports import Import, ImportState
from lessons.people import keys
from lessons.web.who import COOKIE
from lessons.workflow.states import EvidenceKind, ExtensionState, Role
from tests.access.records import put
from tests.village import AT, TODAY, Village
from tests.walking import LINK, REASON, Walk, mail

ASKERS = ("nobody", "avi", "dana", "yossi", "ilan", "alexei", "rana", "naomi", "hila", "gideon", "ada", "read")
"""Nobody signed in; an agent with an action of his own who reported the debrief; its leader; the lesson's owner; the
manager of their unit and the one of another; an agent there; the lessons manager; the editor; the auditor; the
administrator; a program with a token of the lessons manager's that may only read."""
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}
OPEN, REFUSED, HIDDEN, SIGN_IN = "o", "x", "-", "s"
ARGUMENT = re.compile(r"<(?:(any\(([\w,]+)\)|[\w()=]+):)?(\w+)>")
NOUN = "actions"
"""The noun that stands for all where an address is the same for each."""


class NoPress:
    """Prints nothing: who may have a paper is asked before it is printed."""

    def kept(self, _: Any) -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        def printed(*_: Any, **__: Any) -> bytes:
            raise PressFailed

        return printed


def undone(transaction: Any) -> Any:
    """A transaction whose success is taken back at its end; what was read of it can still be shown."""

    @contextmanager
    def taken_back() -> Iterator[Session]:
        with transaction() as session:
            yield session
            session.flush()
            session.expunge_all()
            session.rollback()

    return taken_back


@dataclass
class Asked:
    """The village with something of everything in it; `names` fill the addresses."""

    app: Flask
    village: Village
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    cookies: dict[str, tuple[str, str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    # ── what there is ────────────────────────────────────────────────────────────────────────────────────────────────
    def settle(self) -> None:
        with db.transaction() as session:
            village = self.village
            village.session = session
            village._add_person("ada", "עדה לוי", "CUS", Role.ADMIN)
            self._records(Walk(village))
            self._beside(session, village)
            for who in ASKERS[1:-1]:
                self.tokens[who] = village.token(who)
                self.cookies[who] = self._signed_in(session, getattr(village, who))
            self.tokens["read"] = village.token("naomi", "read")

    def _signed_in(self, session: Session, person: Person) -> tuple[str, str]:
        secret = keys.sign_in(session, person, at=clock.now())
        session.flush()
        return secret, str(session.scalar(sa.select(SignIn.csrf).order_by(SignIn.id.desc()).limit(1)))

    def _records(self, walk: Walk) -> None:
        lesson = walk.lessons("implementing")
        debrief = walk.session.get_one(type(walk.village.debrief()), lesson.debrief_id)
        rows = [
            debrief, lesson, walk.add(lesson, "briefings", "yossi"), walk.news("live"), walk.questions("asked"),
            walk.sentences("offered"), walk.revisions("drafting"),
            *(walk._only(model, model.lesson_id == lesson.id) for model in self._children()),
        ]  # fmt: skip
        revision = next(row for row in rows if row.noun == "revisions")
        rows.append(walk._only(self._model("procedures"), sa.true()))
        assert revision.procedure_id == rows[-1].id
        self.names |= {(row.noun, "code"): row.code for row in rows}
        self.names |= {("c", "short"): lesson.short, ("basics", "code"): lesson.code, ("topics", "name"): "שימור"}
        self.names["now", "code"] = self.names["news", "code"]
        self._parts(walk, debrief, next(row for row in rows if row.noun == "actions"))
        self.names["cases", "name"] = walk.village.case(lesson).pid

    def _parts(self, walk: Walk, debrief: Any, action: Any) -> None:
        session, village = walk.session, walk.village
        for model in (Fact, Finding):
            found = session.scalars(sa.select(model).where(model.debrief_id == debrief.id)).first()
            self.names[model.noun, "pid"] = found.pid
        from lessons.models import Cause

        self.names["causes", "pid"] = session.scalars(sa.select(Cause.pid)).first() or ""
        evidence = put(village, Evidence, action_id=action.id, url=LINK["url"], kind=EvidenceKind.LINK)
        asked = {"of_noun": "actions", "of_id": action.id, "state": ExtensionState.ASKED, "new_due_on": TODAY}
        self.names["evidence", "pid"] = evidence.pid
        self.names["extensions", "pid"] = put(village, Extension, **asked).pid

    def _children(self) -> list[Any]:
        return [self._model("actions"), self._model("verifications")]

    def _model(self, noun: str) -> Any:
        from lessons.models import RECORDS

        return RECORDS[noun]

    def _beside(self, session: Session, village: Village) -> None:
        from lessons.models import Attachment, Duty, Feedback

        action = session.scalars(sa.select(self._model("actions"))).first()
        lesson = session.scalars(sa.select(self._model("lessons"))).first()
        made = {
            "attachments": Attachment(of_noun="actions", of_id=action.id, name="a.txt", media_type="text/plain", size=1,
                                      sha256="0" * 64, by_id=village.avi.id, created_at=AT),
            "jobs": Job(person_id=village.naomi.id, kind="deck", title="ערכה", lang="he", next_at=AT, created_at=AT),
            "webhooks": Webhook(pid=random_id(), url="https://crm.example/hook", nouns=["lessons"], salt="s",
                                created_at=AT),
            "imports": Import(state=ImportState.READ, name="קובץ", unit_id=village.units["CUS"].id,
                              person_id=village.naomi.id, created_at=AT),
            "feedback": Feedback(lesson_id=lesson.id, person_id=village.avi.id, edition=1, verdict="useful", at=AT,
                                 created_at=AT),
            "away": Absence(pid=random_id(), person_id=village.avi.id, delegate_id=village.dana.id,
                               from_on=date(2026, 5, 3), until_on=date(2026, 5, 4)),
        }  # fmt: skip
        for name, row in made.items():
            session.add(row)
            session.flush()
            self.names[name, "pid"] = row.pid
        self.names["duties", "name"] = (
            session.scalars(sa.select(Duty.pid).where(Duty.closed_at.is_(None))).first() or ""
        )
        self.names |= {("people", name): village.avi.pid for name in ("pid", "name", "called")}
        self.names["units", "code"] = self.names["units", "name"] = "RET"

    # ── asking ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def address(self, rule: str) -> str:
        """The rule with the names of what there is; each is looked for by the word before it."""
        parts, word = list[str](), ""
        for part in rule.split("/"):
            found = ARGUMENT.search(part)
            if not found:
                word = part
                parts.append(part)
                continue
            offered = (found[2] or "").split(",")
            given = NOUN if NOUN in offered else offered[0] or self.names.get((word, found[3]), "")
            given = given or WORDS.get(word if word in WORDS else "", {}).get(found[3]) or USUAL.get(found[3], "x")
            parts.append(ARGUMENT.sub(given, part, count=1).replace("<any(xlsx,csv,json):form>", "csv"))
            word = offered[0] if offered[0] in PARTS_ONLY else given if found[2] else word
        return "/".join(parts) + QUERIES.get(rule, "")

    def ask(self, who: str, method: str, path: str, given: dict[str, Any]) -> str:
        """What the answer says of a right."""
        headers, more = {"Accept-Language": "en"}, dict[str, Any]()
        if path.startswith("/api/"):
            if who in self.tokens:
                headers["Authorization"] = f"Bearer {self.tokens[who]}"
            more = {"json": given} if method in ("POST", "PATCH") else {}
        elif who in self.cookies:
            headers["Cookie"] = f"{COOKIE}={self.cookies[who][0]}"
            headers["X-CSRF-Token"] = self.cookies[who][1]
            more = {"data": given} if method == "POST" else {}
        answer = self.app.test_client(use_cookies=False).open(
            path, method=method, headers=headers, environ_overrides=ELSEWHERE, buffered=True, **more
        )
        return self._said(answer)

    def _said(self, answer: Any) -> str:
        assert answer.status_code < 500 or answer.status_code == 503, (answer.status_code, answer.request.path)
        if answer.status_code == 401 or (answer.location or "").startswith("/sign-in"):
            return SIGN_IN
        return {403: REFUSED, 404: HIDDEN}.get(answer.status_code, OPEN)


PARTS_ONLY = ("facts", "findings")
USUAL = {"trigger": "start", "n": "0", "group_id": "1", "kind": "failure", "filename": "app.js", "number": "7"}
QUERIES = {"/admin/topics/one": "?name=שימור"}
WORDS = {
    noun: {"word": word}
    for noun, word in {
        "debriefs": "hand_over", "lessons": "hand_over", "actions": "start", "procedures": "hand_over",
        "revisions": "submit", "verifications": "hand_over", "briefings": "end", "news": "withdraw",
        "questions": "answer", "sentences": "keep",
    }.items()
} | {"add": {"name": "causes"}}  # fmt: skip
FORMS: dict[str, dict[str, Any]] = {
    "POST /procedures/new": {"title": "נוהל", "owner": mail("hila"), "approver": mail("ilan"), "unit": "RET",
                             "policy_kind": "procedure"},
    "POST /debriefs/quick": {"what_happened": REASON, "expected": REASON, "why": REASON, "differently": REASON,
                             "direction": "do", "kind": "routine"},
    "POST /cases/<name>/match": {"lesson": "L-2026-0001"},
    "POST /api/v1/cases/<name>/match": {"lesson": "L-2026-0001"},
    "POST /api/v1/cases/<name>/refuse": {"lesson": "L-2026-0001"},
    "POST /api/v1/causes/<pid>/no_action": {"reason": REASON},
}  # fmt: skip
"""What is filled in where a form is looked at before whose it is."""

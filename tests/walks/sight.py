"""What each door shows somebody, beside what the oracle says that they may know of: every difference in words."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from random import Random
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlmodel import Session

from lessons import db
from lessons.access import OPERATOR, actor_of, visible_to
from lessons.access.visible import whole_debriefs
from lessons.app import create_app
from lessons.doors.register import REGISTERS
from lessons.models import RECORDS, Case, Debrief, Duty, Job, Person
from lessons.people.feeds import make_feed
from lessons.people.keys import create_token
from lessons.settings import Settings
from lessons.web import framed
from lessons.workflow.lives import LETTERS
from lessons.workflow.states import LESSON_PUBLIC
from tests.browsing import Browser
from tests.doors.calling import Program
from tests.walks.crowd import WORDS, Crowd
from tests.walks.oracle import RULES, Oracle, name_of

CRM = "https://crm.village.example"
CODE = re.compile(rf"\b[{''.join(LETTERS.values())}]-\d{{4}}-\d+\b")
MARK = re.compile(r"\bzq\d{5}\b")
MOST = 1_000
"""So many duties a managers' page reads; its figures are compared where there are fewer."""
PAGES = (
    "", *RECORDS, "desk", "desk/now", "managers?show=all", "managers?show=first", "managers/list",
    "managers/ahead?days=30", "bench", "bench/many", "bench/stuck", "bench/ages", "bench/topics", "cases", "notices",
    "jobs",
)  # fmt: skip
ASKING = ("search?q={}", "desk/found?q={}", "lessons?q={}", "debriefs?q={}", "actions?q={}", "lessons/new?title={}",
          "report?what_happened={}", "people/known?q={}")  # fmt: skip
BY_PROGRAM = ("search?q={}&limit=100", "lessons?q={}&limit=100", "debriefs?q={}&limit=100", "actions?q={}&limit=100",
              "questions?q={}&limit=100", "duties?q={}&limit=100")  # fmt: skip
UNDER_WAY = ("proposed", "accepted", "implementing", "watching", "due_for_review")
Difference = str


class Looker:
    """One person at a browser, with a program of theirs, and what they may know of. `asked`: of how many records."""

    def __init__(self, app: Flask, oracle: Oracle, person: Person, token: str, *, asked: int) -> None:
        self.app, self.oracle, self.person, self.asked = app, oracle, person, asked
        self.who = oracle.who(person.id or 0)
        self.program, self.browser = Program(app, token), Browser(app).sign_in(person)
        self.seen = {noun: oracle.seen(noun, self.who) for noun in ("cases", "duties", *RECORDS)}
        self.chance = Random(person.id)  # noqa: S311 - the same records each time

    @cached_property
    def codes(self) -> set[str]:
        """What may be named: records that they know of, and whatever somebody owes something on that is theirs to know;
        “code alone”."""
        duties = (row for row in self.oracle.rows["duties"] if row.pid in self.seen["duties"])
        return set().union({row.of_code for row in duties}, *(self.seen[noun] for noun in RECORDS))

    @cached_property
    def titles(self) -> set[str]:
        return set().union(*(self.oracle.called(noun, self.who) for noun in RECORDS))

    def differences(self, marks: dict[str, tuple[str, str]], secret: str) -> Iterator[Difference]:
        yield from self.lists()
        yield from self.taken_out()
        yield from self.changes()
        for path in PAGES:
            yield from self.page(f"/{path}", marks)
        yield from self.calendar(secret)
        yield from self.figures()
        yield from self.asked_for(marks)
        yield from self.one_by_one(marks)

    def _same(self, where: str, found: set[Any], expected: set[Any]) -> Iterator[Difference]:
        yield from _differ(self.person, where, found, expected)

    def _within(self, where: str, found: set[Any], expected: set[Any]) -> Iterator[Difference]:
        yield from self._same(where, found, found & expected)

    # ── lists, tables, what happened ─────────────────────────────────────────────────────────────────────────────────
    def lists(self) -> Iterator[Difference]:
        for noun, expected in self.seen.items():
            found = {one["code"] if noun in RECORDS else one["id"] for one in self._all(f"/{noun}?limit=100", "cursor")}
            yield from self._same(f"/api/v1/{noun}", found, expected)

    def _all(self, path: str, place: str) -> Iterator[Any]:
        after, more = "", True
        while more:
            page = self.program.get(f"{path}{after}")
            yield from page["items"]
            after, more = f"&{place}={page['next']}", page.body.get("more", page["next"] is not None)

    def taken_out(self) -> Iterator[Difference]:
        for noun in REGISTERS:
            listed = self.seen[noun] if noun != "sentences" else self.seen[noun] & self._live("sentences")
            told = json.loads(self.browser.read(f"/{noun}.json?state=all").text)["items"]
            yield from self._same(f"/{noun}.json", {one["code"] for one in told}, listed)
            lines = csv.DictReader(io.StringIO(self.browser.read(f"/{noun}.csv?state=all").text.lstrip("\ufeff")))
            yield from self._same(f"/{noun}.csv", {line["code"] for line in lines}, listed)

    def changes(self) -> Iterator[Difference]:
        told = {(one["noun"], one["code"]) for one in self._all("/changes?limit=200", "after")}
        yield from self._same("/api/v1/changes", told, {(noun, code) for noun in RECORDS for code in self.seen[noun]})

    # ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────
    def page(self, path: str, marks: dict[str, tuple[str, str]], *, besides: str = "") -> Iterator[Difference]:
        """No code and no title that is not theirs; `besides` is what they wrote themself."""
        yield from self.says(path, self.browser.read(path).text, marks, besides=besides)

    def says(
        self, where: str, text: str, marks: dict[str, tuple[str, str]], *, besides: str = ""
    ) -> Iterator[Difference]:
        yield from self._within(where, set(CODE.findall(text)), self.codes)
        titles = {marks[one][1] for one in set(MARK.findall(text)) - {besides} if one in marks}
        yield from self._within(f"{where}, titles", titles, self.titles)

    def calendar(self, secret: str) -> Iterator[Difference]:
        text = self.browser.read(f"/calendar/{secret}.ics").text.replace("\r\n ", "")
        owed = {row.of_code for row in self.oracle.owed(self.who)}
        yield from self._same("/calendar", set(CODE.findall(text)), {code for code in owed if CODE.fullmatch(code)})

    def figures(self) -> Iterator[Difference]:
        """The managers' page, the bench and my day count what is theirs and no more."""
        duties = [row for row in self.oracle.rows["duties"] if row.closed_at is None and row.pid in self.seen["duties"]]
        if self.who.under.keys() & {"manager", "lessons_manager", "auditor"} and len(duties) < MOST:
            page = self.browser.read("/managers?show=all").text
            told = re.search(r"<h1[^>]*>\s*(One|\d+) things? waits?", page)
            yield from self._same("/managers, what waits", {_number(told)}, {len(duties)})
            steps = Counter((row.of_noun, row.kind) for row in duties)
            told_steps = re.findall(r'href="/managers\?[^"]*step=(\w+)[^"]*"[^>]*>\s*<b[^>]*>(\d+)', page)
            yield from self._same("/managers, by step", set(told_steps), {(k, str(n)) for (_, k), n in steps.items()})
            yield from self._measures(page)
        if "lessons_manager" in self.who.under:
            mine = [row for row in self.oracle.rows["lessons"] if row.code in self.seen["lessons"]]
            ages = Counter(row.state for row in mine if row.state in UNDER_WAY)
            told_ages = _column(self.browser.read("/bench/ages").text, "How many")
            yield from self._same("/bench/ages", {*told_ages}, {*ages.values()})

    def _measures(self, page: str) -> Iterator[Difference]:
        """Lessons that reached the desk from an event whose day is known, and those whose check has come."""
        rows, seen = self.oracle.rows, self.seen
        dated = {row.id for row in rows["debriefs"] if row.happened_on}
        mine = {row.id: row for row in rows["lessons"] if row.code in seen["lessons"]}
        reached = [row for row in mine.values() if row.accepted_at and row.debrief_id in dated]
        yield from self._same("/managers, on the desk", {sum(_column(page, "Lessons"))}, {len(reached)})
        live = [row for row in rows["verifications"] if row.state != "void" and row.code in seen["verifications"]]
        checked = {row.lesson_id for row in live} & mine.keys()
        yield from self._same("/managers, checked", {*_column(page, "Checked")[-1:]}, {len(checked)})

    # ── whoever asks ─────────────────────────────────────────────────────────────────────────────────────────────────
    def asked_for(self, marks: dict[str, tuple[str, str]]) -> Iterator[Difference]:
        """By a word that one record has, near to those of others: search, suggestions, look-alikes, completion."""
        answers, documents = self._findable()
        for mark in self.chance.sample(sorted(marks), self.asked):
            noun, code = marks[mark]
            for path in ASKING:
                yield from self.page(f"/{path.format(mark)}", marks, besides=mark)
            for path in BY_PROGRAM:
                said = json.dumps(self.program.get(f"/{path.format(mark)}").body, ensure_ascii=False)
                yield from self.says(f"/api/v1/{path.format(mark)}", said, marks)
            found = {one["code"] for one in self.program.get(f"/search?q={mark}&limit=100")["items"]}
            yield from self._within(f"/api/v1/search?q={mark}", found, answers)
            if code in answers and noun != "news":
                yield from self._same(f"/api/v1/search?q={mark}, its own", {code} & found, {code})
            near = {one["code"] for one in self.program.post("/suggest", {"text": f"{WORDS} {mark}"})["items"]}
            yield from self._within(f"/api/v1/suggest {mark}", near, documents)
            yield from self._within(f"/embed/suggest {mark}", self._in_frame(f"{WORDS} {mark}"), documents)

    def _findable(self) -> tuple[set[str], set[str]]:
        """What may answer a search, and of it what a case may be handled by."""
        rows = self.oracle.rows
        documents = {row.code for row in rows["lessons"] if row.state in LESSON_PUBLIC}
        in_force = {row.procedure_id for row in rows["revisions"] if row.state == "effective"}
        documents |= {row.code for row in rows["procedures"] if row.id in in_force}
        return documents | self._live("news") | self._live("sentences"), documents

    def _live(self, noun: str) -> set[str]:
        return {row.code for row in self.oracle.rows[noun] if row.state == "live"}

    def _in_frame(self, text: str) -> set[str]:
        answer = self.app.test_client(use_cookies=False).post(
            "/embed/suggest", json={"text": text}, headers=self._framed
        )
        assert answer.status_code == 200, answer.text
        return set(CODE.findall(answer.text))

    @property
    def _framed(self) -> dict[str, str]:
        return {"Authorization": f"Embed {framed.token(self.person.pid, CRM, at=self.oracle.at)[0]}"}

    def one_by_one(self, marks: dict[str, tuple[str, str]]) -> Iterator[Difference]:
        """A record that is theirs opens by every door and names nothing beyond; another one is not there."""
        for noun in RECORDS:
            rows = self.oracle.rows[noun]
            for row in self.chance.sample(rows, min(len(rows), 2)):
                yield from self._one(noun, row, marks)

    def _one(self, noun: str, row: Any, marks: dict[str, tuple[str, str]]) -> Iterator[Difference]:
        code, there = name_of(row), name_of(row) in self.seen[noun]
        for path in (f"/{noun}/{code}", f"/{noun}/{code}/told"):
            answer = self.browser.read(path)
            yield from self._same(path, {answer.status_code}, {200 if there else 404})
            yield from self.says(path, answer.text.replace(code, ""), marks)
        for path in (f"/{noun}/{code}", f"/{noun}/{code}/events"):
            told = self.program.get(path)
            yield from self._same(f"/api/v1{path}", {told.status}, {200 if there else 404})
            yield from self.says(f"/api/v1{path}", json.dumps(told.body, ensure_ascii=False).replace(code, ""), marks)
        if not there:
            calendar = self.browser.read(f"/{noun}/{code}/calendar.ics")
            yield from self._same(f"{noun}/{code}/calendar.ics", {calendar.status_code}, {404})
        if noun == "lessons":
            framed_card = self.app.test_client(use_cookies=False).get(f"/embed/card/{code}", headers=self._framed)
            yield from self._same(f"/embed/card/{code}", {framed_card.status_code}, {200 if there else 404})


def _number(told: re.Match[str] | None) -> int:
    return 0 if told is None else 1 if told[1] == "One" else int(told[1])


def _column(page: str, heading: str) -> list[int]:
    """The numbers under this heading, wherever a table of the page has it."""
    return [int(one) for one in re.findall(rf'data-th="{heading}">(\d+)<', page)]


# ── the rule itself, and everybody at the doors ──────────────────────────────────────────────────────────────────────
def by_rule(session: Session, oracle: Oracle, people: Iterable[Person]) -> Iterator[Difference]:
    """What the criterion of each noun selects for each of these people."""
    for person in people:
        by, who = actor_of(session, person, at=oracle.at), oracle.who(person.id or 0)
        found = {
            noun: set(session.scalars(sa.select(_name(noun)).where(visible_to(session, noun, by)))) for noun in RULES
        }
        expected = {noun: oracle.seen(noun, who) for noun in RULES}
        whole = session.scalars(sa.select(Debrief.code).where(whole_debriefs(session, by)))
        found["whole debriefs"], expected["whole debriefs"] = set(whole), oracle.whole(who)
        for noun, shown in found.items():
            yield from _differ(person, noun, shown, expected[noun])


def _name(noun: str) -> Any:
    return RECORDS[noun].code if noun in RECORDS else {"cases": Case, "duties": Duty, "jobs": Job}[noun].pid


def _differ(person: Person, where: str, found: set[Any], expected: set[Any]) -> Iterator[Difference]:
    if found != expected:
        yield f"{person.name}, {where}: shown {sorted(found - expected)}, kept {sorted(expected - found)}"


def by_door(
    settings: Settings, crowd: Crowd, oracle: Oracle, people: Iterable[Person], *, asked: int
) -> list[Difference]:
    """What every door shows each of these people; `asked`: of how many records one by one."""
    app = create_app(replace(settings, api_reads=10**7, api_writes=10**7, embed_origins=CRM))
    found: list[Difference] = []
    for person in people:
        with db.transaction() as session:
            by = actor_of(session, person, at=oracle.at)
            token = create_token(session, person, name="x", scope="write", by=OPERATOR, at=oracle.at)
            secret = make_feed(session, None, by=by, at=oracle.at)
        found += Looker(app, oracle, person, token, asked=asked).differences(crowd.marks, secret)
    return found

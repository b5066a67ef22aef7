"""What is kept about people: told to administrators whole, to each person of themself, and to nobody of another."""

from __future__ import annotations

import json
import logging
import re
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pypdfium2
import pytest
import sqlalchemy as sa

from lessons import db, long_work
from lessons.access import actor_of
from lessons.models import Job, Person, metadata
from lessons.people import about, definitions, keys, operations, privacy
from lessons.workflow.policy import Policy
from lessons.workflow.states import Role
from tests.screens.conftest import Screens
from tests.screens.filling import here, only
from tests.web.test_queries import statements

HOLD_NOTHING_OF_PEOPLE = {
    "action_causes", "basic_cards", "counters", "crm_places", "lesson_topics", "own_words", "question_lessons",
    "reckonings", "revision_lessons", "seals", "sightings", "signs", "synonyms", "topics", "unit_figures", "webhooks",
}  # fmt: skip
KINDS = privacy.kinds(Policy.load())
NAMED = [table for kind in KINDS for table in kind.tables]


@pytest.fixture
def page(screens: Screens) -> Screens:
    """Michal administers the village."""
    with screens.records() as village:
        village.grant(village.michal, Role.ADMIN, "CUS")
    return screens


# ── the table ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_every_table_is_named_once_or_holds_nothing_of_people() -> None:
    assert sorted(NAMED) == sorted({*metadata.tables} - HOLD_NOTHING_OF_PEOPLE)
    of_people = {name for name, table in metadata.tables.items() for key in table.foreign_keys
                 if key.column.table.name == "persons"}  # fmt: skip
    assert of_people & HOLD_NOTHING_OF_PEOPLE == set()


def test_the_document_says_what_the_table_says() -> None:
    assert privacy.DOCUMENT.read_text(encoding="utf-8") == privacy.document(), "python -m lessons.people.privacy docs"


def test_administrators_of_the_whole_read_it_with_the_numbers_of_this_installation(page: Screens) -> None:
    text = page.as_("michal", "en").read("/admin/privacy").text
    with db.reading() as session:
        people = session.scalar(sa.select(sa.func.count()).select_from(Person))
        with statements() as asked:
            privacy.counts(session, Policy.load())
    assert len(asked) == 1
    row = re.sub(r"<[^>]+>|\s+", " ", text.partition("<span>People</span>")[2].partition("</tr>")[0])
    assert f" {people} " in row
    assert "90 days" in text
    with page.records() as village:
        village.grant(village.dana, Role.ADMIN, "RET")
    for who in ("dana", "naomi"):
        for path in ("/admin/privacy", "/admin/privacy/definitions.pdf", "/admin/security"):
            assert page.as_(who, "en").read(path).status_code == 403


@here
def test_the_definitions_document_is_filled_in_and_says_what_is_still_to_be_filled_in(page: Screens) -> None:
    answer = page.as_("michal", "en").read("/admin/privacy/definitions.pdf?lang=en")
    assert answer.mimetype == "application/pdf"
    pages = pypdfium2.PdfDocument(answer.data)
    text = " ".join(" ".join(one.get_textpage().get_text_range() for one in pages).split())
    for said in ("no legal advice", "To be completed by the organisation", "Main risks", page.people["michal"].name):
        assert said in text
    with db.reading() as session:
        by = actor_of(session, page.people["michal"], at=page.at)
        paper = definitions.paper(session, by=by, at=page.at, locale="he")
    assert paper.title == ("מסמך הגדרות המאגר", "he")


# ── security ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_security_tells_what_is_worth_a_look_and_no_secret(page: Screens) -> None:
    with page.records() as village:
        token = village.token("yossi")
        michal = village.session.get_one(Person, village.michal.id)
        michal.password_hash = "x"
        for _ in range(keys.PER_ACCOUNT):
            keys.count_attempts(village.session, "guessed", "", at=page.at)
        with pytest.raises(Exception, match="many attempts"):
            keys.count_attempts(village.session, "guessed", "", at=page.at)
    text = page.as_("michal", "en").read("/admin/security", headers={"X-Forwarded-For": "10.0.0.1"}).text
    said = " ".join(re.sub(r"<[^>]+>", " ", text).split())
    for one in (">yossi<", "It is not required.", "A proxy stands in front, and none is counted.",
                "One account or address in the last hour.", "No backup by this product is known."):  # fmt: skip
        assert one in (text if one == ">yossi<" else said)
    assert token not in text
    assert db.settings().secret_key not in text


# ── accessibility ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_accessibility_statement_is_open_to_all_and_names_people_to_those_signed_in_alone(page: Screens) -> None:
    name = page.people["michal"].name
    inside = page.as_("dana").read("/accessibility").text
    outside = page.app.test_client().get("/accessibility", base_url="https://localhost")
    assert outside.status_code == 200
    assert 'href="/accessibility"' in outside.text
    assert (name in inside, name in outside.text) == (True, False)


# ── of oneself ───────────────────────────────────────────────────────────────────────────────────────────────────────
def made(page: Screens, who: str) -> tuple[dict[str, Any], str, str]:
    """The archive's values, its page, and where it is fetched."""
    long_work.long_work(lambda: page.at)
    path = f"/jobs/{only(Job).pid}/file"
    answer = page.as_(who, "en").read(path)
    assert answer.status_code == 200, answer.text
    with ZipFile(BytesIO(answer.data)) as archive:
        return json.loads(archive.read("data.json")), archive.read("index.html").decode(), path


def test_everybody_takes_what_is_kept_about_them_and_nothing_of_another(page: Screens) -> None:
    with page.records() as village:
        mine = village.debrief(leader_id=village.dana.id, title="חיוב כפול")
        other = village.debrief(
            reporter_id=village.yossi.id, leader_id=village.ilan.id, title="סוד של אחר", confidential=True
        )
        village.token("dana")
        village.token("yossi")
    browser = page.as_("dana", "en")
    browser.read("/account")
    assert browser.send("/account/data").status_code == 303
    data, html, path = made(page, "dana")
    assert data["person"][0]["name"] == page.people["dana"].name
    assert [one["name"] for one in data["tokens"]] == ["dana"]
    assert {(one["code"], *one["as"]) for one in data["records"]} >= {(mine.code, "leader")}
    assert "חיוב כפול" in html
    told = json.dumps(data, ensure_ascii=False) + html
    for secret in (other.code, "סוד של אחר", '"yossi"', page.people["yossi"].email or "?", "hash"):
        assert secret not in told
    for labelled in ("מה מותר לו: קריאה וכתיבה", "מצב: הלקחים בטיפול", "תפקיד ברשומה: הובלת התחקיר", "דרך הכניסה: "):
        assert labelled in html, labelled
    assert page.as_("michal", "en").read(path).status_code == 404
    with page.records() as village:
        village.grant(village.dana, Role.MANAGER, "RET")
        mine.confidential, mine.leader_id = True, village.ilan.id
        village.session.add(mine)
    assert browser.read(f"/debriefs/{mine.code}").status_code == 200, "its header is seen"
    assert browser.read(path).status_code == 403, "and not as much of it as the archive holds"


def test_every_table_with_rows_of_one_person_is_in_the_archive_or_left_out_for_a_reason() -> None:
    taken = {part.model.__tablename__ for part in about.PARTS} | {"persons", "duties", "notices", "event_details"}
    left_out = {"presences", "half_sign_ins", "recovery_codes", "word_changes", "hands", "due_changes", "case_links",
                "imports", "revision_editors", "debrief_people"}  # fmt: skip
    own = {name for name, table in metadata.tables.items() for column in table.columns
           if column.name == "person_id" and column.foreign_keys}  # fmt: skip
    assert own - taken == left_out


def test_of_whoever_left_an_administrator_takes_it_and_the_log_says_so(
    page: Screens, caplog: pytest.LogCaptureFixture
) -> None:
    with page.records() as village:
        secret = village.debrief(leader_id=village.avi.id, confidential=True)
        village.grant(village.ruth, Role.ADMIN, "CUS")
    ruth, avi = page.as_("ruth", "en"), page.people["avi"]
    there = f"/admin/people/{avi.pid}"
    ruth.read(there)
    token = {"csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', ruth.read(there).text)[1]}
    assert ruth.post(f"{there}/data", token).status_code == 409
    with db.transaction() as session:
        by = actor_of(session, page.people["ruth"], at=page.at)
        operations.leave(session, session.get_one(Person, avi.id), by=by, at=page.at)
    page.at += timedelta(minutes=1)
    ruth.read(there)
    with caplog.at_level(logging.INFO):
        assert ruth.send(f"{there}/data").status_code == 303
    assert f"{page.people['ruth'].pid} asked for what is kept about {avi.pid}" in caplog.text
    data, _, _ = made(page, "ruth")
    assert data["person"][0]["name"] == avi.name
    assert secret.code not in json.dumps(data)

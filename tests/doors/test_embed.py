"""The frame in a CRM: a token for one agent and one site, and nothing for whoever has none."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from lessons import db
from lessons.app import create_app
from lessons.models import Case, CaseLink, Person, Procedure, Sighting
from lessons.repository import found
from lessons.settings import Settings, SettingsError, load
from lessons.workflow.states import Role
from tests.doors.calling import Clock, Programs, at_work, settled
from tests.walking import Walk

CRM = "https://crm.village.example"
SAID = "חויבתי שוב, בסוף שיחת השימור לא הזינו את ההטבה"


@pytest.fixture
def programs(settings: Settings, clock: Clock) -> Programs:
    app = create_app(
        replace(settings, api_writes=100_000, api_reads=100_000, embed_origins=f"{CRM}, https://b.example")
    )
    return Programs(app, clock, *settled())


@pytest.fixture
def lesson(programs: Programs) -> str:
    with at_work(programs.village) as village:
        made = village.lesson(say="ההטבה כבר בחשבון")
        found.keep(village.session, made)
        return str(made.code)


def call(programs: Programs, method: str, path: str, token: str = "", body: object = None) -> TestResponse:
    headers = {"Authorization": f"Embed {token}"} if token else {}
    sent = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    client = programs.app.test_client(use_cookies=False)
    return client.open(f"/embed/{path}", method=method, headers=headers, **sent)


def token(programs: Programs, **given: object) -> str:
    return str(programs.avi.post("/embed/sessions", {"origin": CRM, **given})["token"])


def test_listed_sites_alone_may_frame_and_only_what_is_for_frames(programs: Programs) -> None:
    policy = call(programs, "GET", "suggest").headers["Content-Security-Policy"]
    assert policy.endswith(f"frame-ancestors {CRM} https://b.example")
    other = programs.app.test_client().get("/sign-in").headers["Content-Security-Policy"]
    assert other.endswith("frame-ancestors 'none'")


def test_the_frame_sets_no_cookie(programs: Programs) -> None:
    assert "Set-Cookie" not in call(programs, "GET", "suggest?lang=en").headers
    assert 'lang="en"' in call(programs, "GET", "suggest?lang=en").text
    assert 'lang="he"' in call(programs, "GET", "suggest?lang=he").text


def test_a_site_that_is_not_listed_gets_no_token(programs: Programs) -> None:
    refused = programs.avi.post("/embed/sessions", {"origin": "https://evil.example"})
    assert (refused.status, refused["errors"][0]["pointer"]) == (422, "/origin")


def test_for_another_person_a_frame_is_opened_by_whoever_administers_their_unit(programs: Programs) -> None:
    asked = {"origin": CRM, "agent": "rana@village.example"}
    assert programs.avi.post("/embed/sessions", asked).status == 403
    with at_work(programs.village) as village:
        village.grant(village.session.merge(village.michal), Role.ADMIN, "RET")
    assert programs.michal.post("/embed/sessions", asked).status == 403  # Rana answers in another centre
    opened = programs.michal.post("/embed/sessions", {**asked, "agent": "avi@village.example"})
    assert (opened.status, opened["agent"]) == (201, "avi@village.example")


def test_without_a_token_nothing_is_told_and_nothing_is_done(programs: Programs, lesson: str) -> None:
    bodies = {"suggest": {"text": SAID}, "use": {"lesson": lesson, "external_id": "T-1", "text": SAID},
              "sightings": {"kind": "first_card", "milliseconds": 1}}  # fmt: skip
    for path, body in bodies.items():
        assert call(programs, "POST", path, "", body).status_code == 401, path
        assert call(programs, "POST", path, "nonsense", body).status_code == 401, path
    assert lesson not in call(programs, "GET", f"card/{lesson}").text.replace(f'data-card="{lesson}"', "")
    with db.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Case)) == 0


def test_a_token_ends_after_half_an_hour_and_with_its_person(programs: Programs, lesson: str) -> None:
    mine = token(programs)
    programs.clock.forward(minutes=29)
    assert call(programs, "POST", "suggest", mine, {"text": SAID}).status_code == 200
    programs.clock.forward(minutes=2)
    assert call(programs, "POST", "suggest", mine, {"text": SAID}).status_code == 401
    fresh = token(programs)
    with db.transaction() as session:
        session.execute(
            sa.update(Person).where(Person.id == programs.village.avi.id).values(closed_at=programs.clock.at)
        )
    assert call(programs, "POST", "suggest", fresh, {"text": SAID}).status_code == 401


def test_a_frames_token_opens_nothing_else(programs: Programs, lesson: str) -> None:
    mine = token(programs)
    for scheme in ("Embed", "Bearer"):
        answer = programs.app.test_client().get("/api/v1/lessons", headers={"Authorization": f"{scheme} {mine}"})
        assert answer.status_code == 401


def test_what_the_customer_says_brings_the_card_and_the_card_documents_the_case(
    programs: Programs, lesson: str
) -> None:
    mine = token(programs)
    assert f'data-open="{lesson}"' in call(programs, "POST", "suggest", mine, {"text": SAID}).text
    card = call(programs, "GET", f"card/{lesson}", mine).text
    assert "ההטבה כבר בחשבון" in card
    assert "<html" not in card
    used = call(
        programs, "POST", "use?lang=he", mine, {"lesson": lesson, "external_id": "T-1", "text": f"{SAID} 054-1234567"}
    )
    assert used.status_code == 200
    assert (used.json["external_id"], used.json["lesson"], used.json["edition"]) == ("T-1", lesson, 1)
    assert f"לפי כרטיס \u2068{lesson}\u2069" in used.json["documentation"]
    call(programs, "POST", "use", mine, {"lesson": lesson, "external_id": "T-1", "text": SAID})
    with db.reading() as session:
        kept, link = session.execute(sa.select(Case, CaseLink).join(CaseLink, CaseLink.case_id == Case.id)).one()
        assert "054" not in kept.text
        assert link.person_id == programs.village.avi.id


def test_a_procedure_fits_too_is_read_in_the_frame_and_documents_no_case(programs: Programs, lesson: str) -> None:
    with at_work(programs.village) as village:
        revision = Walk(village).record("revisions", "effective")
        code = village.session.get_one(Procedure, revision.procedure_id).code
        heading = revision.sections[0]["heading"]
    mine = token(programs)
    suggested = call(programs, "POST", "suggest", mine, {"text": f"{SAID} {heading}"}).text
    assert {f'data-open="{lesson}"', f'data-open="{code}"'} <= set(re.findall(r'data-open="[^"]+"', suggested))
    page = call(programs, "GET", f"card/{code}", mine).text
    assert heading in page
    assert "data-use" not in page
    assert not [link for link in re.findall(r"<a [^>]+>", page) if 'target="_blank"' not in link]
    assert call(programs, "POST", "use", mine, {"lesson": code, "external_id": "T", "text": SAID}).status_code == 422


def test_a_frame_asks_as_often_as_a_person_types_and_no_oftener(
    programs: Programs, lesson: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lessons.desk.embed.ASKED_A_MINUTE", 3)
    mine, other = token(programs), token(programs, origin="https://b.example")
    answers = [call(programs, "POST", "suggest?lang=en", mine, {"text": SAID}) for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert answers[3].json["detail"].startswith("There were many requests in this minute")
    assert int(answers[3].headers["Retry-After"]) <= 60
    assert call(programs, "POST", "suggest", other, {"text": SAID}).status_code == 200, "another frame is another count"
    programs.clock.forward(minutes=1)
    assert call(programs, "POST", "suggest", mine, {"text": SAID}).status_code == 200


def test_how_long_it_took_is_kept_of_a_unit_and_no_person(programs: Programs) -> None:
    mine = token(programs)
    assert call(programs, "POST", "sightings", mine, {"kind": "first_card", "milliseconds": 2100}).status_code == 204
    for wrong in ({"kind": "x", "milliseconds": 1}, {"kind": "documented", "milliseconds": -1}, {"kind": "documented"}):
        assert call(programs, "POST", "sightings", mine, wrong).status_code == 422
    with db.reading() as session:
        row = session.scalars(sa.select(Sighting)).one()
        assert (row.kind, row.milliseconds, row.unit_id) == ("first_card", 2100, programs.village.avi.unit_id)
        assert "person_id" not in Sighting.__table__.c


@pytest.mark.parametrize("wrong", ["crm.example", "https://crm.example/", "http://crm.example", "*", "https://a b",
                                   "https://crm.example; script-src *", "https://*.example"])  # fmt: skip
def test_sites_are_named_as_browsers_name_them(wrong: str) -> None:
    with pytest.raises(SettingsError, match="LESSONS_EMBED_ORIGINS"):
        load({"LESSONS_EMBED_ORIGINS": wrong})
    kept = load({"LESSONS_EMBED_ORIGINS": "https://crm.example,http://localhost:8131"})
    assert kept.origins == ("https://crm.example", "http://localhost:8131")


def test_the_mock_crm_is_there_in_a_demo_alone(programs: Programs) -> None:
    assert programs.app.test_client().get("/demo/crm").status_code in (303, 404)
    answer = programs.app.test_client().get("/demo/crm", headers={"Authorization": f"Bearer {programs.tokens['avi']}"})
    assert answer.status_code == 404

"""Several of one's own actions reported done at once, with one thing that shows it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.models import Action, Attachment, Evidence
from tests.browsing import Browser
from tests.photos import PROGRAM, file, photo
from tests.screens.conftest import Screens
from tests.screens.filling import CSRF, count, here
from tests.walking import Walk, mail

SEVERAL = "/actions/several"
GIVEN = {"text": "שדה במסך", "done_when": "השדה מופיע", "owner": mail("avi"), "due_on": "2026-02-10"}
LINK = {"evidence.url": "https://village.example/screen"}


@pytest.fixture
def three(screens: Screens) -> list[str]:
    """Codes of three actions in Avi's care: one not begun, one begun, one critical."""
    with screens.records() as village:
        walk, lesson, critical = Walk(village), village.lesson(), village.lesson(severity=4)
        made = [walk.add(of, "actions", "naomi", **GIVEN) for of in (lesson, lesson, critical)]
        walk.do(made[1], "start", "avi")
        return [one.code for one in made]


@pytest.fixture
def avi(screens: Screens) -> Browser:
    return screens.as_("avi", "en")


def seen(page: str) -> dict[str, str]:
    """What a tick sends, by code."""
    return {one.partition("/")[0]: one for one in re.findall(r'name="action" value="([^"]+)"', page)}


def send(person: Browser, codes: list[str], **more: Any) -> Any:
    offered = seen(person.read(SEVERAL).text)
    return person.send(SEVERAL, {"action": [offered.get(code, f"{code}/1") for code in codes], **more})


def states(codes: list[str]) -> list[str]:
    with db.reading() as session:
        found = session.execute(sa.select(Action.code, Action.state).where(Action.code.in_(codes))).all()
    return [str(dict(map(tuple, found))[code]) for code in codes]


def test_ticked_actions_are_reported_together_with_one_link(avi: Browser, three: list[str]) -> None:
    assert f'href="{SEVERAL}"' in avi.read("/").text
    answer = send(avi, three, **LINK)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert states(three) == ["done"] * 3
    assert count(Evidence) == 3
    assert "3 actions were reported done." in avi.read("/").text
    assert f'href="{SEVERAL}"' not in avi.read("/").text
    assert "No action of yours is open." in avi.read(SEVERAL).text


def test_one_that_words_are_not_enough_for_keeps_all_back_and_is_named(avi: Browser, three: list[str]) -> None:
    words = "Checked the screen with Omer this morning."
    answer = send(avi, three, **{"evidence.note": words})
    assert answer.status_code == 409
    assert "Nothing was done" in answer.text
    assert f"{three[2]}: At this severity words alone are not enough" in answer.text
    assert three[0] not in re.sub(r"<form.*?</form>", "", answer.text, flags=re.DOTALL)
    assert words in answer.text
    assert len(re.findall(r'name="action" value="[^"]+" checked', answer.text)) == 3
    assert set(states(three)) == {"assigned", "in_progress"}
    assert send(avi, three[:2], **{"evidence.note": words}).status_code == 303
    assert states(three) == ["done", "done", "assigned"]


def test_one_photo_shows_it_for_each(avi: Browser, three: list[str]) -> None:
    assert send(avi, three, **{"evidence.file": file(photo(), "a.jpg")}).status_code == 303
    assert states(three) == ["done"] * 3
    with db.reading() as session:
        kept = session.execute(sa.select(Attachment.of_id, Attachment.size, Attachment.sha256)).all()
    assert len({one.of_id for one in kept}) == 3
    assert {(one.size, one.sha256) for one in kept} == {(len(photo()), kept[0].sha256)}


@here
def test_what_is_wrong_is_told_once_beside_its_field(avi: Browser, three: list[str]) -> None:
    answer = send(avi, [], **LINK)
    assert (answer.status_code, "Nothing is ticked yet." in answer.text) == (422, True)
    assert LINK["evidence.url"] in answer.text
    answer = send(avi, three, **{"evidence.url": "no link"})
    assert answer.status_code == 422
    assert answer.text.count('class="error"') == 1
    answer = send(avi, three, **{"evidence.file": file(PROGRAM, "tool.exe")})
    assert (answer.status_code, "This is a program." in answer.text) == (422, True)
    assert count(Attachment) == 0
    assert set(states(three)) == {"assigned", "in_progress"}


@here
def test_what_changed_since_it_was_seen_is_not_reported(screens: Screens, avi: Browser, three: list[str]) -> None:
    offered = seen(avi.read(SEVERAL).text)
    with db.transaction() as session:
        session.execute(sa.update(Action).where(Action.code == three[1]).values(version=Action.version + 1))
    answer = avi.send(SEVERAL, {"action": [offered[code] for code in three], **LINK})
    assert (answer.status_code, f"{three[1]}: " in answer.text) == (409, True)
    assert set(states(three)) == {"assigned", "in_progress"}


def test_what_is_in_somebody_elses_care_is_neither_offered_nor_taken(screens: Screens, three: list[str]) -> None:
    for who, status in (("yossi", 403), ("rana", 404)):
        other = screens.as_(who, "en")
        assert not seen(other.read(SEVERAL).text)
        token = CSRF.search(other.read("/account").text)
        assert token
        sent = {"csrf_token": token[1], "action": [f"{code}/1" for code in three]}
        assert other.post(SEVERAL, {**sent, **LINK}).status_code == status
        assert other.post(SEVERAL, {**sent, "evidence.file": file(photo(), "a.jpg")}).status_code == status
    assert (count(Attachment), count(Evidence)) == (0, 0)
    assert set(states(three)) == {"assigned", "in_progress"}


def test_a_phone_offers_its_camera_beside_each_action_and_the_photo_is_enough(avi: Browser, three: list[str]) -> None:
    page = avi.read("/").text
    form = re.search(
        rf'<form class="photo" method="post" action="/actions/{three[2]}/report_done".*?</form>', page, re.DOTALL
    )
    assert form
    assert 'name="evidence.file" accept="image/*" capture="environment"' in form[0]
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0]))
    answer = avi.post(f"/actions/{three[2]}/report_done", {**sent, "evidence.file": file(photo(), "a.jpg")})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert states(three)[2] == "done"

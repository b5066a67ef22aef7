"""What one was told: counted in the frame of every page, read in one place, marked read by whoever read it."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from lessons import db
from lessons.actions.operations import VERBS
from lessons.models import Action, Notice
from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.screens.filling import only


def bell(person: Browser, path: str = "/account") -> str:
    return person.read(path).text.split('class="bell"')[1].split("</a>")[0]


def unread(screens: Screens, name: str = "yossi") -> int:
    new = (Notice.person_id == screens.people[name].id, Notice.seen_at.is_(None))
    with db.reading() as session:
        return session.scalar(sa.select(sa.func.count()).where(*new)) or 0


def test_what_is_new_is_counted_until_it_was_read(screens: Screens, action: str) -> None:
    yossi = screens.as_("yossi", "en")
    assert '<span class="count">2</span>' in bell(yossi)
    page = yossi.read("/notices").text
    assert "New for you: שדה במסך" in page
    assert unread(screens) == 2, "reading a page changes nothing"
    assert yossi.send("/notices/read").status_code == 303
    assert unread(screens) == 0
    assert "count" not in bell(yossi)
    assert "New for you: שדה במסך" in yossi.read("/notices").text


def test_what_came_after_the_page_was_opened_stays_new(screens: Screens, action: str) -> None:
    yossi = screens.as_("yossi", "en")
    yossi.read("/notices")
    screens.at += timedelta(minutes=5)
    with screens.records() as village:
        row = village.session.get_one(Action, only(Action).id)
        given = {"reason": "It came with the new system already."}
        VERBS["actions", "cancel"](village.session, row, given, by=village.by("naomi"), at=screens.at)
    yossi.send("/notices/read")
    assert '<span class="count">1</span>' in bell(yossi)


def test_nobody_reads_or_marks_what_others_were_told(screens: Screens, action: str) -> None:
    rana = screens.as_("rana", "en")
    assert "שדה במסך" not in rana.read("/notices").text
    dana = screens.as_("dana", "en")
    dana.read("/account")
    assert unread(screens) == 2
    with screens.records() as village:
        village.session.add(Notice(person_id=village.rana.id, kind="confirmed", of_noun="actions", of_id=1,
                                   of_code="A-2026-0001", at=screens.at))  # fmt: skip
    rana.read("/notices")
    rana.send("/notices/read")
    assert unread(screens) == 2, "Yossi's is still new"


def test_a_hundred_are_counted_as_ninety_nine(screens: Screens) -> None:
    with screens.records() as village:
        village.session.add_all(
            Notice(person_id=village.rana.id, kind="confirmed", of_noun="actions", of_id=n, of_code=f"A-2026-{n:04}",
                   at=screens.at) for n in range(120)
        )  # fmt: skip
    assert '<span class="count">99</span>' in bell(screens.as_("rana", "en"))

"""Who was told of a record, and how it reached them; and letters, found again by their state and words."""

from __future__ import annotations

import re
from datetime import timedelta

from lessons import worker
from lessons.models import Letter
from lessons.settings import Settings
from lessons.workflow.states import Role
from tests.screens.conftest import Screens
from tests.screens.filling import fill, here, only


def rows(page: str) -> list[str]:
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in page.split("<tr")[2:]]


def test_a_manager_reads_who_was_told_and_whether_it_was_sent_or_read(
    screens: Screens, action: str, settings: Settings
) -> None:
    ilan = screens.as_("ilan", "en")
    assert f'href="{action}/told"' in ilan.read(action).text
    (first,) = rows(ilan.read(f"{action}/told").text)
    assert "New for you" in first
    assert "comes with the next daily mail" in first
    worker.once(settings)
    (sent,) = rows(ilan.read(f"{action}/told").text)
    assert "Kept, not sent No mail server is set" in sent
    screens.at += timedelta(minutes=5)
    yossi = screens.as_("yossi", "en")
    yossi.read("/notices")
    yossi.send("/notices/read", {})
    (seen,) = rows(ilan.read(f"{action}/told").text)
    assert "Read today" in seen


@here
def test_others_read_what_they_were_told_themselves(screens: Screens, action: str) -> None:
    yossi, naomi = screens.as_("yossi", "en"), screens.as_("naomi", "en")
    fill(yossi, f"{action}/start")
    fill(yossi, f"{action}/block", waiting_on="ruth@village.example", reason="Waits for her list of calls")
    assert "New for you" in naomi.read(f"{action}/told").text
    (dropped,) = rows(yossi.read(f"{action}/told").text)
    assert "Kept, not sent What it reminds of was done before it left." in dropped
    assert action.rpartition("/")[2] not in yossi.read("/notices").text, "it is over, and no news any more"
    assert "New for you" in screens.as_("ruth", "en").read(f"{action}/told").text
    assert screens.as_("avi").read(f"{action}/told").status_code == 404


@here
def test_letters_are_found_by_their_state_and_words(screens: Screens, action: str, settings: Settings) -> None:
    with screens.records() as village:
        village.grant(village.michal, Role.ADMIN, "CUS")
    worker.once(settings)
    michal = screens.as_("michal", "en")
    link = f'href="/outbox/{only(Letter).pid}"'
    assert link in michal.read("/outbox?state=dropped").text
    assert link not in michal.read("/outbox?state=sent").text
    assert "No letter is like that." in michal.read("/outbox?q=zebra").text
    assert link in michal.read("/outbox?q=YOSSI@").text


@here
def test_whoever_decides_on_a_later_date_reads_which_one_and_why(screens: Screens, action: str) -> None:
    yossi, naomi = screens.as_("yossi", "en"), screens.as_("naomi", "en")
    fill(yossi, f"{action}/start")
    fill(yossi, f"{action}/ask_extension", new_due_on="2026-02-24", reason="The field is ready, its approval is not.")
    for step in ("grant_extension", "deny_extension"):
        page = naomi.read(f"{action}/{step}").text
        assert "The field is ready, its approval is not." in page
        assert "24.2" in page


@here
def test_nobody_waits_for_themself(screens: Screens, action: str) -> None:
    yossi = screens.as_("yossi", "en")
    fill(yossi, f"{action}/start")
    refused = fill(yossi, f"{action}/block", waiting_on="yossi@village.example", reason="Waits for the list of calls")
    assert refused.status_code == 409
    assert "Nobody waits for themself." in refused.text

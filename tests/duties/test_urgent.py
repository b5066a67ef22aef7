from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from lessons import db
from lessons.models import Unit
from tests.duties.owing import Village

Live = Callable[[str], int]

DECISION = """\
Do an action
It was due on 2 Sep 2026
With Yossi
A new date:
https://lessons.village.test/actions/A-2026-0002/set_date?duty=do_action
Hand over:
https://lessons.village.test/actions/A-2026-0002/reassign
Cancel:
https://lessons.village.test/actions/A-2026-0002/cancel
"""

DANAS_LETTER = """\
Hello Dana,

For your attention: Scan the barcode, 5 working days past its date
(A-2026-0002)
Do an action
It was due on 2 Sep 2026
With Yossi
https://lessons.village.test/actions/A-2026-0002

Everything that waits for you:
https://lessons.village.test/

It came at once: a decision, what is long past its date or what is critical
waits for no daily mail.
This letter was sent automatically; it needs no answer.
"""


def test_an_escalation_is_a_letter_of_its_own(village: Village, live: Live) -> None:
    village.owe("yossi", "2026-09-02", text="Scan the barcode")
    live("2026-09-09 08:00")
    (letter,) = village.letters("dana")
    assert letter.subject == "For your attention: Scan the barcode, 5 working days past its date (A-2026-0002)"
    assert letter.text == DANAS_LETTER
    assert letter.thread == "<A-2026-0002@localhost>"


def test_a_decision_has_a_link_for_each_step_that_its_reader_may_take(village: Village, live: Live) -> None:
    village.owe("yossi", "2026-09-02", text="Scan the barcode")
    live("2026-09-24 08:00")
    live("2026-10-05 08:00")
    last = village.letters("dana")[-1]
    assert last.subject.startswith("A decision is needed: Scan the barcode, ")
    assert DECISION in last.text
    assert last.html.count("/actions/A-2026-0002/") == 3
    live("2026-10-25 08:00")
    assert "To decide: Scan the barcode" in village.letters("dana")[-1].text


def test_a_decision_reads_in_hebrew_and_what_was_missed_before_it_is_not_told(village: Village, live: Live) -> None:
    village.change("yossi", manager_id=village.people["naomi"])
    village.owe("yossi", "2026-09-02", text="לסרוק את הברקוד")
    live("2026-10-05 08:00")
    (letter,) = village.letters("naomi")
    assert letter.subject == "נדרשת החלטה: לסרוק את הברקוד, 21 ימי עבודה אחרי המועד (A-2026-0002)"
    assert "מועד חדש:\nhttps://lessons.village.test/actions/A-2026-0002/set_date?duty=do_action" in letter.text


def test_what_comes_up_together_is_one_letter(village: Village, live: Live) -> None:
    for _ in range(3):
        village.owe("yossi", "2026-09-02")
    live("2026-09-09 08:00")
    (letter,) = village.letters("dana")
    assert (letter.subject, letter.thread) == ("3 things need you now", "")


def test_severity_four_is_told_at_once_and_not_only_in_the_daily_mail(village: Village, live: Live) -> None:
    village.owe("dana", "2026-09-09", severity=4, text="Stop the campaign")
    live("2026-09-09 08:00")
    assert [letter.kind for letter in village.letters("dana")] == ["notice"]
    assert village.letters("dana")[0].subject == "Due today: Stop the campaign (A-2026-0002)"


def test_a_letter_at_once_leads_to_the_step_and_to_the_calendar_of_whoever_owes_it(
    village: Village, live: Live
) -> None:
    village.owe("dana", "2026-09-09", severity=4, text="Stop the campaign")
    village.owe("yossi", "2026-09-02", text="Scan the barcode")
    live("2026-09-09 08:00")
    (letter,) = village.letters("dana")
    own, of_others = "https://lessons.village.test/actions/A-2026-0002/", "/actions/A-2026-0003/"
    assert f"Report it done:\n{own}report_done\nAdd to calendar:\n{own}calendar.ics\n" in letter.text
    assert f'href="{own}report_done"' in letter.html
    assert of_others not in letter.text + letter.html


def test_out_of_hours_it_waits_for_the_opening_and_what_is_done_meanwhile_is_not_told(
    village: Village, live: Live
) -> None:
    kept = village.owe("yossi", "2026-09-02", severity=3)
    done = village.owe("yossi", "2026-09-02", severity=3)
    live("2026-09-07 19:00")
    assert village.letters() == []
    village.fulfil(done, "2026-09-07 20:00")
    live("2026-09-08 07:59")
    assert village.letters() == []
    live("2026-09-08 08:00")
    (letter,) = village.letters("dana")
    assert f"A-2026-000{kept + 1}" in letter.subject


def test_severity_four_breaks_quiet_hours_only_where_the_unit_says_so(village: Village, live: Live) -> None:
    village.owe("dana", "2026-09-10", severity=4, opened="2026-09-09 09:00")
    live("2026-09-11 21:00")
    assert village.letters() == []
    with db.transaction() as session:
        session.execute(
            sa.update(Unit).values(policy={"mail.severity4_breaks_quiet_hours": True}, version=Unit.version + 1)
        )
    live("2026-09-11 21:01")
    assert [letter.kind for letter in village.letters("dana")] == ["urgent"]


def test_to_whoever_may_not_see_the_record_the_code_alone_is_told(village: Village, live: Live) -> None:
    code = village.tell("ruth", "escalation", urgent=True, confidential=True, reason="Somebody's own words.")
    live("2026-09-09 08:00")
    (letter,) = village.letters("ruth")
    assert letter.subject == f"For your attention: Debrief, one working day past its date ({code})"
    assert "own words" not in letter.text

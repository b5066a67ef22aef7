from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.models import Letter, Notice, Person
from lessons.workflow.states import LetterState
from tests.duties.owing import Village, at

Live = Callable[[str], int]
SUNDAY, WEDNESDAY, THURSDAY = "2026-09-06", "2026-09-09", "2026-09-10"

DANAS_MAIL = """\
Hello Dana,

You owe
=======

Late
- Call them back (A-2026-0002)
  Do an action
  It was due on 7 Sep 2026
  Report it done:
  https://lessons.village.test/actions/A-2026-0002/report_done
  Add to calendar:
  https://lessons.village.test/actions/A-2026-0002/calendar.ics

Today
- Scan the barcode (A-2026-0003)
  Do an action
  Report it done:
  https://lessons.village.test/actions/A-2026-0003/report_done
  Add to calendar:
  https://lessons.village.test/actions/A-2026-0003/calendar.ics

Soon
- Write the script (A-2026-0004)
  Do an action
  It is due on 13 Sep 2026
  Report it done:
  https://lessons.village.test/actions/A-2026-0004/report_done
  Add to calendar:
  https://lessons.village.test/actions/A-2026-0004/calendar.ics

New for you
- Order readers (A-2026-0005)
  Do an action
  It is due on 1 Oct 2026
  Report it done:
  https://lessons.village.test/actions/A-2026-0005/report_done
  Add to calendar:
  https://lessons.village.test/actions/A-2026-0005/calendar.ics

What else happened
==================
- Your report: closed without a debrief, and why (D-2026-0006)
  “Shifts are arranged with the team leader, who will be glad to listen.”
  https://lessons.village.test/debriefs/D-2026-0006

Everything that waits for you:
https://lessons.village.test/

When this mail comes, and how often, is each person’s own to choose.
My account:
https://lessons.village.test/account
This letter was sent automatically; it needs no answer.
"""


def owe_dana(village: Village) -> None:
    village.owe("dana", "2026-09-07", text="Call them back")
    village.owe("dana", WEDNESDAY, text="Scan the barcode")
    village.owe("dana", "2026-09-13", text="Write the script")
    village.owe("dana", "2026-10-01", text="Order readers", opened=f"{WEDNESDAY} 07:00", told=True)
    village.tell("dana", "declined", reason="Shifts are arranged with the team leader, who will be glad to listen.")


def test_a_persons_day_is_one_mail_with_the_most_pressing_first(village: Village, live: Live) -> None:
    owe_dana(village)
    live(f"{WEDNESDAY} 08:00")
    live(f"{WEDNESDAY} 17:00")
    (letter,) = village.letters("dana")
    assert letter.subject == "4 things wait for you, one of them late"
    assert letter.text == DANAS_MAIL
    assert (letter.lang, letter.key, letter.to_address) == ("en", f"digest:pid-dana:{WEDNESDAY}", "dana@village.test")


def test_the_same_mail_is_laid_out_from_right_to_left_for_whoever_reads_hebrew(village: Village, live: Live) -> None:
    village.change("dana", locale="he")
    owe_dana(village)
    live(f"{WEDNESDAY} 08:00")
    (letter,) = village.letters("dana")
    assert letter.lang == "he"
    assert '<html lang="he" dir="rtl">' in letter.html
    for code in ("A-2026-0002", "A-2026-0003", "A-2026-0004", "A-2026-0005", "D-2026-0006"):
        assert re.search(rf'<span class="code" dir="ltr" style="[^"]+">{code}</span>', letter.html)
        assert code in letter.text
    assert "10.2026" in letter.text


def test_a_single_thing_is_its_own_subject_and_its_code_comes_last(village: Village, live: Live) -> None:
    village.owe("dana", THURSDAY, text="Scan the barcode")
    live(f"{THURSDAY} 08:00")
    assert [letter.subject for letter in village.letters("dana")] == ["Due today: Scan the barcode (A-2026-0002)"]


def test_what_a_person_wrote_cannot_add_to_the_letter(village: Village, live: Live) -> None:
    village.owe("dana", THURSDAY, text="Scan\r\nBcc: all@village.test <script>alert(1)</script>")
    live(f"{THURSDAY} 08:00")
    (letter,) = village.letters("dana")
    assert "\n" not in letter.subject
    assert "<script>" not in letter.html


def test_nothing_new_to_say_is_no_mail(village: Village, live: Live) -> None:
    village.owe("dana", "2026-09-07")
    for day in ("2026-09-07", "2026-09-08", "2026-09-09", "2026-09-10"):
        live(f"{day} 08:30")
    assert [letter.key[-10:] for letter in village.letters("dana")] == ["2026-09-07", "2026-09-08", "2026-09-10"]


def test_no_mail_leaves_on_a_friday_a_saturday_or_a_holiday(village: Village, live: Live) -> None:
    village.owe("dana", "2026-10-01", opened=f"{THURSDAY} 17:59", told=True)
    for day in ("2026-09-11", "2026-09-12", "2026-09-13"):
        for hour in ("08:00", "12:00", "17:00"):
            live(f"{day} {hour}")
    assert village.letters() == []
    live("2026-09-14 08:00")
    assert [letter.key for letter in village.letters()] == ["digest:pid-dana:2026-09-14"]


def test_whoever_wishes_for_one_mail_a_week_has_one_a_week(village: Village, live: Live) -> None:
    village.change("dana", digest_every="week")
    for day in ("2026-09-07", "2026-09-08", "2026-09-09", "2026-09-16"):
        village.owe("dana", day)
        live(f"{day} 08:30")
    assert [letter.key for letter in village.letters("dana")] == [
        "digest:pid-dana:2026-09-06", "digest:pid-dana:2026-09-13"
    ]  # fmt: skip


def test_no_week_is_waited_for_with_what_is_late_and_severe(village: Village, live: Live) -> None:
    village.change("dana", digest_every="week")
    village.owe("dana", "2026-10-20", opened="2026-09-07 07:00")
    live("2026-09-07 08:30")
    village.owe("dana", "2026-09-08", opened="2026-09-07 09:00", severity=3)
    village.owe("dana", "2026-09-08", opened="2026-09-07 09:00", severity=2)
    for day in ("2026-09-08", "2026-09-09", "2026-09-10"):
        live(f"{day} 08:30")
    assert [letter.key[-10:] for letter in village.letters("dana")] == ["2026-09-06", "2026-09-09"]


def test_each_person_has_their_hour_and_mail_stops_in_the_evening(village: Village, live: Live) -> None:
    village.change("dana", digest_hour=14)
    village.change("ruth", digest_hour=20)
    village.owe("dana", THURSDAY)
    village.owe("ruth", THURSDAY)
    live(f"{THURSDAY} 07:59")
    assert village.letters() == []
    live(f"{THURSDAY} 08:00")
    assert [letter.to_address for letter in village.letters()] == [
        "ruth@village.test"
    ]  # no hour of hers is an hour of mail
    live(f"{THURSDAY} 13:59")
    assert village.letters("dana") == []
    live(f"{THURSDAY} 14:00")
    assert len(village.letters("dana")) == 1


def test_without_a_wish_the_mail_comes_at_half_past_eight(village: Village, live: Live) -> None:
    wish = Person.__table__.c
    assert (wish.digest_hour.default.arg, wish.digest_minute.default.arg) == (8, 30)
    village.change("dana", digest_minute=30)
    village.owe("dana", THURSDAY)
    live(f"{THURSDAY} 08:29")
    assert village.letters() == []
    live(f"{THURSDAY} 08:30")
    assert len(village.letters("dana")) == 1


def test_after_closing_time_the_mail_waits_for_the_next_morning(village: Village, live: Live) -> None:
    village.owe("dana", WEDNESDAY)
    live(f"{WEDNESDAY} 18:00")
    assert village.letters() == []
    live(f"{THURSDAY} 08:00")
    (letter,) = village.letters("dana")
    assert letter.subject.startswith("Late: ")


def test_summer_time_moves_no_ones_hour(village: Village, live: Live) -> None:
    village.owe("dana", "2026-10-25", opened="2026-10-20 09:00")  # clocks go back that night
    live("2026-10-25 07:59")
    assert village.letters() == []
    live("2026-10-25 08:00")
    assert len(village.letters("dana")) == 1


def test_a_worker_that_was_off_for_three_days_sends_one_mail(village: Village, live: Live) -> None:
    for due_on in ("2026-09-07", "2026-09-08", "2026-09-09"):
        village.owe("dana", due_on)
    live(f"{THURSDAY} 10:00")
    (letter,) = village.letters("dana")
    assert letter.subject == "3 things wait for you, 3 of them late"


def test_whoever_has_no_mailbox_is_told_on_the_screen(village: Village, live: Live) -> None:
    village.owe("avi", THURSDAY)
    live(f"{THURSDAY} 08:00")
    assert village.letters() == []
    assert told_at(village) == [at(f"{THURSDAY} 08:00")]


def told_at(village: Village) -> list[object]:
    with db.reading() as session:
        return list(session.scalars(sa.select(Notice.told_at).order_by(Notice.id)))


def test_an_address_that_was_refused_is_not_tried_day_after_day(village: Village, live: Live) -> None:
    village.owe("dana", WEDNESDAY)
    live(f"{WEDNESDAY} 08:00")
    with db.transaction() as session:
        refused = {"state": LetterState.FAILED, "why": "address refused: 550 no such user"}
        session.execute(sa.update(Letter).values(**refused))
    live(f"{THURSDAY} 08:00")
    assert len(village.letters("dana")) == 1
    village.change("dana", email="dana.ohayon@village.test")
    live("2026-09-16 08:00")
    assert [letter.to_address for letter in village.letters("dana")][1:] == ["dana.ohayon@village.test"]


def test_whoever_stands_in_reads_in_whose_place(village: Village, live: Live) -> None:
    village.away("yossi", "dana", WEDNESDAY, THURSDAY)
    village.owe("yossi", THURSDAY)
    live(f"{THURSDAY} 08:00")
    (letter,) = village.letters("dana")
    assert "In place of Yossi" in letter.text


def test_of_a_confidential_debrief_a_mail_tells_the_code_alone(village: Village, live: Live) -> None:
    code = village.tell("ruth", "reopened", confidential=True, reason="A reason that is nobody else's.")
    live(f"{THURSDAY} 08:00")
    (letter,) = village.letters("ruth")
    assert code in letter.subject
    for secret in ("חיוב כפול", "nobody else's"):
        assert secret not in letter.text + letter.html + letter.subject


def test_a_mail_names_forty_things_the_gravest_first_and_counts_the_rest(village: Village, live: Live) -> None:
    for n in range(43):
        village.owe("dana", "2026-09-07", text=f"Minor {n}.")
    village.owe("dana", "2026-09-08", severity=3, text="Grave.")
    village.owe("dana", THURSDAY, text="Of today.")
    for _ in range(22):
        village.tell("dana", "decided")
    live(f"{THURSDAY} 08:00")
    (letter,) = [letter for letter in village.letters("dana") if letter.kind == "digest"]
    assert letter.subject == "45 things wait for you, 44 of them late"
    late, today = letter.text.partition("\nToday\n")[::2]
    today, news = today.partition("\nWhat else happened\n")[::2]
    assert late.count("- ") == 41
    assert late.index("Grave.") < late.index("Minor 0.") < late.index("Minor 38.") < late.index("- and 4 things more")
    assert (today.strip(), news.count("- "), "- and 2 things more" in news) == ("- and one thing more", 21, True)
    assert letter.html.count("more</p>") == 3


def test_the_count_of_the_rest_is_read_in_hebrew(village: Village, live: Live) -> None:
    for _ in range(47):
        village.owe("yossi", THURSDAY)
    live(f"{THURSDAY} 08:00")
    assert "- ועוד 7\n" in village.letters("yossi")[0].text


def test_a_mail_is_marked_told_in_the_transaction_that_writes_it(village: Village, live: Live) -> None:
    village.owe("dana", THURSDAY)
    live(f"{THURSDAY} 08:00")
    with db.reading() as session:
        (notice,) = session.scalars(sa.select(Notice)).all()
        assert notice.letter_id == session.scalars(sa.select(Letter.id)).one()


def test_without_a_mail_server_letters_are_kept_and_readable(village: Village, live: Live) -> None:
    village.owe("dana", THURSDAY)
    live(f"{THURSDAY} 08:00")
    (letter,) = village.letters()
    assert (letter.state, letter.why) == (LetterState.DROPPED, "no mail server")


@pytest.mark.parametrize("people", [1, 20])
def test_a_persons_mail_costs_the_same_queries_however_much_waits(village: Village, live: Live, people: int) -> None:
    for _ in range(people):
        village.owe("dana", THURSDAY)
    asked: list[str] = []

    def count(*call: object) -> None:
        asked.append(str(call[2]))

    sa.event.listen(db.engine(), "before_cursor_execute", count)
    live(f"{THURSDAY} 08:00")
    assert len([q for q in asked if q.startswith("SELECT")]) < 95  # of a whole turn: what is sealed and what ends too

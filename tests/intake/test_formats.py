"""A loose document is known by its content and understood, in whichever program, letters and language it is."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bench.imports import register, write_register
from lessons.intake import apart, formats, letters
from lessons.intake.faults import Fault, Unreadable
from lessons.intake.gathered import Document
from tests.intake import papers
from tests.intake.papers import EN, EN_ROW, HE, HE_ROW

REPORT = """# Two charges for one sale

Date: 3 February 2026
Facilitator: Ruth

## What happened
A customer was charged twice.

## Timeline
- 09:10 the terminal froze
- 09:20 – the sale was repeated

## Root cause
- The first sale had gone through

## What went well
- Dana called back at once

## Lessons learned
1. Check before charging again
   - in the clearing system

## Action items
- [x] Update the script (owner: Dana Levi, due 2026-03-01)
- [ ] Teach the shift
- **Watch refunds**: for a month

## Coffee
It was good.
"""


def one(name: str, content: bytes) -> Document:
    (document,) = formats.read(name, content)
    return document


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1255", "iso8859-8"])
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_a_hebrew_table_is_read_in_any_letters_and_with_any_sign(encoding: str, sign: str) -> None:
    document = one("register", papers.table(HE, HE_ROW, HE_ROW, sign=sign, encoding=encoding))
    (lesson, _), (action, _) = document.lessons(), document.actions()
    assert (document.kind, lesson.text) == ("csv", "בודקים לפני שמחייבים")
    assert (action.text, action.owner, action.due_on, action.status) == (
        "לעדכן את התסריט", "דנה לוי", date(2026, 3, 1), "in_progress",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", papers.xlsx([EN, EN_ROW])),
        ("a.ods", papers.ods([EN, EN_ROW])),
        ("a.csv", papers.table(EN, EN_ROW)),
        ("no-name-at-all", papers.xlsx([EN, EN_ROW])),
        ("a.docx", papers.docx(papers.grid(EN, EN_ROW))),
        ("a.md", "\n".join("| " + " | ".join(row) + " |" for row in (EN, ("---",) * 8, EN_ROW)).encode()),
    ],
)
def test_the_same_register_says_the_same_whatever_wrote_it(name: str, content: bytes) -> None:
    document = one(name, content)
    (debrief,) = document.debriefs
    assert (debrief.number, debrief.happened_on, debrief.what_happened) == ("1", date(2026, 2, 3), EN_ROW[2])
    assert [lesson.text for lesson in debrief.lessons] == [EN_ROW[3]]
    (action,) = debrief.actions
    assert (action.text, action.owner, action.due_on) == (EN_ROW[4], EN_ROW[5], date(2026, 3, 1))


def test_a_workbook_of_the_old_kind_is_read() -> None:
    document = one("old.xls", papers.xls())
    (debrief,) = document.debriefs
    assert (document.kind, debrief.happened_on, debrief.lessons[0].text) == ("xls", date(2026, 3, 1), "בודקים פעמיים")


def test_a_report_in_markdown_becomes_a_debrief() -> None:
    (debrief,) = one("report.md", REPORT.encode()).debriefs
    assert (debrief.title, debrief.happened_on, debrief.leader) == (
        "Two charges for one sale",
        date(2026, 2, 3),
        "Ruth",
    )
    assert debrief.what_happened == "A customer was charged twice."
    assert [(moment.at, moment.text) for moment in debrief.timeline] == [
        ("09:10", "the terminal froze"), ("09:20", "the sale was repeated"),
    ]  # fmt: skip
    assert (debrief.causes, debrief.went_well) == (("The first sale had gone through",), ("Dana called back at once",))
    assert [(lesson.text, lesson.note) for lesson in debrief.lessons] == [
        ("Check before charging again", "in the clearing system")
    ]
    assert [(action.status, action.owner, action.due_on) for action in debrief.actions] == [
        ("done", "Dana Levi", date(2026, 3, 1)), ("open", "", None), ("", "", None),
    ]  # fmt: skip
    assert [(kept.heading, kept.text) for kept in debrief.kept] == [("Coffee", "It was good.")]


def test_a_hebrew_report_in_word_becomes_a_debrief() -> None:
    content = papers.docx(
        papers.heading("תחקיר: חיוב כפול"), papers.line("תאריך האירוע: 3.2.2026"), papers.line("מנחה: רות"),
        papers.heading("מה קרה", 2), papers.line("לקוחה חויבה פעמיים."),
        papers.heading("ציר זמן", 2), papers.grid(("שעה", "אירוע"), ("09:10", "המסוף נתקע")),
        papers.heading("נקודות לשיפור", 2), papers.point("לא בדקו"),
        papers.heading("לקחים", 2), papers.line("בודקים לפני שמחייבים"), papers.line("מתקשרים ללקוח"),
        papers.heading("משימות", 2), papers.ticked("לעדכן את התסריט", True), papers.ticked("להדריך את המשמרת", False),
        papers.grid(("משימה", "באחריות", 'תג"ב', "סטטוס"), ("לבדוק זיכויים", "דנה לוי", "1/3/26", "בוצע")),
    )  # fmt: skip
    document = one("debrief.docx", content)
    (debrief,) = document.debriefs
    assert (debrief.title, debrief.happened_on, debrief.leader) == ("תחקיר: חיוב כפול", date(2026, 2, 3), "רות")
    assert (debrief.timeline[0].at, debrief.went_badly) == ("09:10", ("לא בדקו",))
    assert [lesson.text for lesson in debrief.lessons] == ["בודקים לפני שמחייבים", "מתקשרים ללקוח"]
    assert [(action.text, action.status, action.owner, action.due_on) for action in debrief.actions] == [
        ("לעדכן את התסריט", "done", "", None), ("להדריך את המשמרת", "open", "", None),
        ("לבדוק זיכויים", "done", "דנה לוי", date(2026, 3, 1)),
    ]  # fmt: skip


def test_plain_lines_are_understood_by_the_words_before_a_colon() -> None:
    text = "תחקיר נפילת הקו\nמה קרה:\nהקו נפל לשעה\nלקחים:\n- בודקים גיבוי\nפעולות נדרשות:\nלהזמין קו שני\n"
    (debrief,) = formats.pasted(text).debriefs
    assert (debrief.what_happened, [one.text for one in debrief.lessons]) == ("הקו נפל לשעה", ["בודקים גיבוי"])
    assert [action.text for action in debrief.actions] == ["להזמין קו שני"]


def test_what_was_deleted_in_word_is_gone_and_what_was_added_is_there() -> None:
    tracked = "<w:p><w:ins><w:r><w:t>new </w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del></w:p>"
    content = papers.docx(
        papers.heading("Summary", 2), tracked, more={"word/comments.xml": "<c/>", "word/media/a.png": b""}
    )
    document = one("a.docx", content)
    assert document.debriefs[0].what_happened == "new"
    assert [problem.kind for problem in document.problems] == ["left_comments", "left_pictures"]


def test_every_file_of_an_archive_is_read_and_one_that_cannot_be_is_told() -> None:
    content = papers.packed({"a/report.md": REPORT, "b.csv": papers.table(HE, HE_ROW), "c.pdf": b"%PDF-1.7",
                             "__MACOSX/a": b"x", "d.zip": papers.packed({"e.md": REPORT})})  # fmt: skip
    documents = formats.read("all.zip", content)
    assert [(one.source, one.kind) for one in documents] == [
        ("all.zip/a/report.md", "markdown"), ("all.zip/b.csv", "csv"), ("all.zip/c.pdf", ""), ("all.zip/d.zip", ""),
    ]  # fmt: skip
    assert [one.problems[0].kind for one in documents[2:]] == ["is_pdf", "nested"]


@pytest.mark.parametrize(
    ("content", "text", "encoding"),
    [
        ("café, naïve – “so”".encode("cp1252"), "café, naïve – “so”", "cp1252"),
        ("לקח: בדקו \u200f50%".encode("cp1255"), "לקח: בדקו \u200f50%", "cp1255"),
        (b"plain", "plain", "utf-8"),
    ],
)
def test_letters_are_told_by_what_stands_beside_what(content: bytes, text: str, encoding: str) -> None:
    assert letters.read(content) == (text, encoding)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("Урок: проверить".encode("cp1251"), "encoding"),
        (b"ok \xff\xfe\xff\xff", "encoding"),
        ("\n".join(["םולש תילאירוטסיה םיחקל הקידב"] * 3).encode("iso8859-8"), "backwards"),
    ],
)
def test_letters_that_could_be_others_are_refused(content: bytes, kind: str) -> None:
    with pytest.raises(Unreadable) as refused:
        letters.read(content)
    assert refused.value.fault.kind == kind


def test_the_same_row_has_the_same_digest_and_its_place() -> None:
    first, second = (one("a.xlsx", papers.xlsx([("Register",), (), EN, EN_ROW])) for _ in range(2))
    assert [*first.debriefs] == [*second.debriefs]
    place = first.debriefs[0].place
    assert (place.file, place.sheet, place.row, len(place.digest)) == ("a.xlsx", "Sheet1", 4, 64)


def test_a_hidden_sheet_is_read_and_told() -> None:
    document = one("a.xlsx", papers.xlsx([EN, EN_ROW], hidden=True))
    assert (len(document.debriefs), document.problems) == (1, (Fault("hidden_sheet", 0, sheet="Sheet1"),))


SRE = """Incident: payments down
=======================

**Date**: 12/03/2026
**Status**: Complete
**Summary**: Nobody could pay.
**Root Causes**: A bad deploy.

| Action Item | Type | Owner |
| --- | --- | --- |
| Roll back by itself | mitigate | jane |

## Lessons learned
### What went wrong
- Slow
### Where we got lucky
- It was Sunday

## Remediation
We reverted. The following remains:
- Alert on expiry, due 20/03/2026

### Immediate actions (completed)
- Write to customers

# Stats
- Found after: an hour
"""


def test_a_report_by_another_template_is_understood_and_nothing_of_it_is_lost() -> None:
    (debrief,) = one("a.md", SRE.encode()).debriefs
    assert (debrief.title, debrief.happened_on) == ("Incident: payments down", date(2026, 3, 12))
    assert (debrief.what_happened, debrief.causes) == ("Nobody could pay.", ("A bad deploy.",))
    assert [(one.text, one.owner, one.status, one.due_on) for one in debrief.actions] == [
        ("Roll back by itself", "jane", "", None), ("Alert on expiry, due 20/03/2026", "", "", date(2026, 3, 20)),
        ("Write to customers", "", "done", None),
    ]  # fmt: skip
    assert [lesson.text for lesson in debrief.lessons] == ["Slow"]
    assert [(kept.heading, kept.text) for kept in debrief.kept] == [
        ("", "Status: Complete"), ("Type", "mitigate"), ("Where we got lucky", "It was Sunday"),
        ("Remediation", "We reverted. The following remains:"), ("Stats", "Found after: an hour"),
    ]  # fmt: skip


def test_a_line_without_headings_above_it_is_the_title_of_plain_text() -> None:
    head = "תחקיר אירוע: עומס במוקד\nתאריך: 5.2.2026\nמנחה: דנה\n\nמשימות:\n"
    text = head + "1. עדכון הרשימה – באחריות: רות – עד 12.2.2026 – בוצע\n[ ] נוהל עומס\n"
    (debrief,) = formats.pasted(text).debriefs
    assert (debrief.title, debrief.happened_on, debrief.leader) == ("תחקיר אירוע: עומס במוקד", date(2026, 2, 5), "דנה")
    assert [(one.owner, one.due_on, one.status) for one in debrief.actions] == [
        ("רות", date(2026, 2, 12), "done"), ("", None, "open"),
    ]  # fmt: skip


def test_points_below_a_point_that_introduces_them_are_actions_and_others_are_its_note() -> None:
    text = "# One\n\n## Actions\n* Soon:\n  * one\n    * of one\n  * two\n* Later\n  * of later\n"
    (debrief,) = one("a.md", text.encode()).debriefs
    assert [(action.text, action.note) for action in debrief.actions] == [
        ("one", "of one"), ("two", ""), ("Later", "of later"),
    ]  # fmt: skip
    assert [kept.text for kept in debrief.kept] == ["Soon:"]


def test_a_table_of_actions_may_call_them_by_another_name() -> None:
    text = "# One\n\n## Action plan\n\n"
    text += "| # | What | Who | When | Done? |\n|-|-|-|-|-|\n| 1 | Buy it | Ann | 2023-09-01 | yes |\n"
    (debrief,) = one("a.md", (text + "\n### Already done\n- Fixed\n\n## TODO\n- N/A\n").encode()).debriefs
    assert [(one.text, one.owner, one.due_on, one.status) for one in debrief.actions] == [
        ("Buy it", "Ann", date(2023, 9, 1), "done"), ("Fixed", "", None, "done"),
    ]  # fmt: skip
    assert debrief.kept[-1].text == "N/A"


def test_a_long_register_is_read_and_not_held(tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        write_register(4_000, out)
    one("few.csv", register(40))  # what is made once is there
    tracemalloc.start()
    with file.open("rb") as opened:
        (document,) = formats.read(file.name, opened)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(document.debriefs), document.debriefs.lessons, document.debriefs.actions) == (4_000, 4_000, 4_000)
    assert document.debriefs[3_999].number == "4000"
    assert most < file.stat().st_size


@pytest.mark.parametrize("make", [papers.xlsx, papers.ods])
def test_a_large_workbook_is_read_apart_and_gives_the_same(
    make: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = make([EN, EN_ROW])
    near = one("a", content)
    monkeypatch.setattr(apart, "LARGE", 0)
    far = one("a", content)
    assert ([*far.debriefs], far.columns, far.leftovers) == ([*near.debriefs], near.columns, near.leftovers)
    assert len(far.debriefs) == 1

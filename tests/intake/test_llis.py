from __future__ import annotations

import csv
import io
import unicodedata
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.intake import llis
from lessons.intake.faults import Fault, Unreadable

REGISTER = Path(__file__).parents[3] / "shared" / "data" / "llis" / "llis_open.csv"
COLUMNS = [
    *("lesson_id", "title", "abstract", "driving_event", "lessons_learned", "recommendations", "evidence"),
    *("date_occurred", "publish_date", "center", "project", "policies", "mission_directorate", "phase"),
    *("where_else", "topics", "group_id"),
]
VALVE = {
    "lesson_id": "7",
    "title": "Valves want seats that last",
    "abstract": "A seat wore out.",
    "driving_event": "During a test the valve leaked.",
    "lessons_learned": "Nylon ages in oxygen.",
    "recommendations": "Replace nylon seats. Train the crew.",
    "date_occurred": "1991-04-09",
    "publish_date": "1993-09-09",
    "project": "Cassini",
    "phase": "Implementation",
    "where_else": "<p>Pumps &amp; pipes</p>",
    "topics": "Hardware, Spacecraft,hardware",
    "group_id": "G7",
}


def written(*rows: dict[str, str], sign: str = ",", columns: list[str] = COLUMNS) -> bytes:
    out = io.StringIO()
    table = csv.writer(out, delimiter=sign)
    table.writerow(columns)
    table.writerows([row.get(column, "") for column in columns] for row in rows)
    return out.getvalue().encode()


def one(**changes: str) -> llis.LlisRow:
    (row,), _ = llis.read(written(VALVE | changes))
    return row


def odd(kind: str, *rows: dict[str, str]) -> int:
    _, oddities = llis.read(written(*rows))
    return oddities.of(kind).count


def faults(*rows: dict[str, str]) -> list[tuple[str, int, str]]:
    _, oddities = llis.read(written(*rows))
    return [(fault.kind, fault.row, fault.column) for fault in oddities.faults]


def test_a_lesson_of_the_register_becomes_one_of_ours() -> None:
    row = one()
    assert (row.number, row.title, row.direction) == ("7", "Valves want seats that last", "do")
    assert row.what_happened == "During a test the valve leaked."
    assert row.why == "A seat wore out.\n\nNylon ages in oxygen."
    assert row.steps == ("Replace nylon seats.", "Train the crew.")
    assert row.applies_when == "Cassini · Implementation"
    assert (row.happened_on, row.published_on) == (date(1991, 4, 9), date(1993, 9, 9))
    assert row.topics == ("Hardware", "Spacecraft")
    assert row.transfer_to == "Pumps & pipes"
    assert (row.source_ref, row.source_url) == ("LLIS 7", "https://llis.nasa.gov/lesson/7")
    assert (row.group, row.place) == ("G7", 2)


def test_the_fingerprint_changes_with_the_cells_and_with_nothing_else() -> None:
    columns = [*reversed(COLUMNS)]
    (same,), _ = llis.read(written(VALVE, sign=";", columns=columns))
    assert same.fingerprint == one().fingerprint
    assert one(topics="Hardware").fingerprint != one().fingerprint
    assert len({one(**{column: "changed 1"}).fingerprint for column in COLUMNS}) == len(COLUMNS)


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_register_is_known_by_its_headings_whatever_parts_it(sign: str, encoding: str) -> None:
    content = written(VALVE | {"title": "Étanchéité, שסתום"}, sign=sign).decode().encode(encoding)
    (row,), _ = llis.read(content)
    assert row.title == "Étanchéité, שסתום"


def test_headings_are_known_in_the_words_of_the_web_pages_too() -> None:
    assert llis.is_llis(["Lesson Number", "Title", "Driving Event", "Lesson(s) Learned", "Recommendation(s)", "Topics"])
    assert not llis.is_llis(["id", "title", "what happened"])
    assert not llis.is_llis([])


def test_columns_that_are_not_there_are_empty() -> None:
    columns = ["lesson_id", "title", "driving_event", "lessons_learned", "recommendations"]
    (row,), _ = llis.read(written(VALVE, columns=columns))
    assert (row.topics, row.happened_on, row.group, row.why) == ((), None, "", "Nylon ages in oxygen.")


def test_a_row_cut_short_is_read_as_far_as_it_goes() -> None:
    rows, oddities = llis.read(written(VALVE) + b"8,Short,,It leaked\r\n\r\n")
    assert (rows[1].number, rows[1].title, rows[1].what_happened) == ("8", "Short", "It leaked")
    assert oddities.faults == ()


def test_an_empty_title_is_made_of_the_first_words_of_the_lesson() -> None:
    learned = (
        "Project managers should be prepared to deal with conditions in the field that nobody foresaw, in any project."
    )
    row = one(title=" ", lessons_learned=learned)
    assert (
        row.title == "Project managers should be prepared to deal with conditions in the field that nobody foresaw, in…"
    )
    assert odd("no_title", VALVE | {"title": ""}) == 1


def test_a_title_beyond_the_limit_is_cut_and_kept_whole_at_the_head_of_why() -> None:
    long = "word " * 70
    row = one(title=long)
    assert len(row.title) <= llis.TITLE
    assert row.title.endswith("word…")
    assert row.why.startswith(long.strip())
    assert odd("title_cut", VALVE | {"title": long}) == 1


def test_what_is_said_twice_is_written_once_and_what_says_nothing_is_left_out() -> None:
    assert one(abstract="Nylon ages in oxygen.").why == "Nylon ages in oxygen."
    assert one(phase="Not Specified").applies_when == "Cassini"
    assert one(project="", phase="Not Applicable").applies_when == ""


def test_a_long_event_is_told_in_the_lesson_as_far_as_its_sentences_go() -> None:
    told = "The pump was started before the valve was open. " * 40
    row = one(driving_event=told)
    assert row.what_happened == told.strip()
    assert row.background.endswith("the valve was open. …")
    assert 1_100 < len(row.background) <= 1_200


def test_rows_that_share_a_title_or_an_event_are_counted_and_named() -> None:
    rows = [VALVE | {"lesson_id": str(n), "title": f"Title {n % 2}"} for n in range(1, 5)]
    rows.append(VALVE | {"lesson_id": "9", "title": "TITLE  1", "driving_event": "Another."})
    read, oddities = llis.read(written(*rows))
    assert len(read) == 5
    same = oddities.of("same_title")
    assert (same.count, same.groups) == (5, 2)
    assert same.examples == ("1, 3, 9: Title 1", "2, 4: Title 0")
    assert (oddities.of("same_event").count, oddities.of("same_event").groups) == (4, 1)
    assert oddities.of("no_such_kind").count == 0


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("long_title", {"title": "x" * 121}),
        ("no_topics", {"topics": " , "}),
        ("no_event", {"driving_event": ""}),
        ("no_steps", {"recommendations": ""}),
        ("steps_elsewhere", {"recommendations": "See Lesson(s) Learned."}),
        ("no_date", {"date_occurred": ""}),
        ("date_not_read", {"date_occurred": "04/09/1991"}),
        ("date_not_read", {"publish_date": "2026-02-30"}),
        ("published_before_it_happened", {"publish_date": "1980-01-01"}),
        ("letters_lost", {"abstract": "the ¿best practice¿ of all"}),
        ("unseen_letters", {"abstract": "a\x00b\x07c"}),
    ],
)
def test_what_is_odd_is_counted_and_the_row_is_still_read(kind: str, changes: dict[str, str]) -> None:
    assert odd(kind, VALVE) == 0
    assert odd(kind, VALVE | changes) == 1
    assert faults(VALVE | changes) == []


def test_letters_that_cannot_be_seen_or_stored_are_taken_out() -> None:
    assert one(abstract="a\x00b\x07c").why.startswith("abc\n\n")


@pytest.mark.parametrize(
    ("fault", "changes"),
    [
        (("no_number", 3, "lesson_id"), {"lesson_id": " "}),
        (("number_twice", 3, "lesson_id"), {}),
        (("text_too_long", 3, "driving_event"), {"lesson_id": "8", "driving_event": "x" * 40_001}),
        (("text_too_long", 3, "lessons_learned"), {"lesson_id": "8", "abstract": "x" * 39_990}),
        (
            ("says_nothing", 3, "lessons_learned"),
            dict.fromkeys(("abstract", "driving_event", "lessons_learned", "recommendations"), "") | {"lesson_id": "8"},
        ),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_by_row_and_column(
    fault: tuple[str, int, str], changes: dict[str, str]
) -> None:
    assert faults(VALVE, VALVE | changes) == [fault]


def test_a_row_with_more_cells_than_headings_is_a_fault() -> None:
    rows, oddities = llis.read(written(VALVE) + b"8" + b",x" * 20 + b"\n")
    assert [row.number for row in rows] == ["7"]
    assert oddities.faults == (Fault("cells_too_many", 3, found="21"),)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault("another_table", 1)),
        (b"a,b\n1,2\n", Fault("another_table", 1, found="a,b")),
        (written(VALVE, columns=[*COLUMNS, "title"]), Fault("column_twice", 1, "title")),
        (written(VALVE) + b"8,caf\xe9\xff\xff\n", Fault("encoding", 3, "6", "e9")),
        (written(VALVE) + b'8,"unclosed\nrow\n', Fault("broken_row", 3, found="unexpected end of data")),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_the_place(content: bytes, fault: Fault) -> None:
    with pytest.raises(Unreadable) as refused:
        llis.read(content)
    assert refused.value.fault == fault


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for source in (content, written(VALVE) + content):
        with suppress(Unreadable):
            rows, oddities = llis.read(source)
            assert oddities.read == len(rows)


@given(st.lists(st.text(max_size=20), min_size=len(COLUMNS), max_size=len(COLUMNS)))
def test_any_cells_are_read_or_faulted(cells: list[str]) -> None:
    rows, oddities = llis.read_rows(COLUMNS, [cells])
    blank = not any(cell.strip() for cell in cells)
    assert bool(rows) + bool(oddities.faults) == (0 if blank else 1)
    assert all(row.title and len(row.title) <= llis.TITLE for row in rows)


@pytest.mark.skipif(not REGISTER.is_file(), reason="the public register (shared data) is not on this machine")
def test_the_public_register_is_read_whole_and_its_oddities_are_known() -> None:
    rows, oddities = llis.read(REGISTER)
    assert (len(rows), oddities.read, oddities.faults) == (1250, 1250, ())
    counts = {oddity.kind: oddity.count for oddity in oddities.odd}
    assert (counts["no_title"], counts["long_title"], counts["no_topics"]) == (1, 45, 949)
    assert oddities.of("same_title").groups == 20
    assert oddities.of("same_event").groups == 18
    assert len({row.fingerprint for row in rows}) == 1250


@pytest.mark.skipif(not REGISTER.is_file(), reason="the public register (shared data) is not on this machine")
def test_no_word_of_the_public_register_is_lost_on_the_way() -> None:
    rows, _ = llis.read(REGISTER)
    register = unicodedata.normalize("NFC", REGISTER.read_text(encoding="utf-8"))
    raw = {cells["lesson_id"]: cells for cells in csv.DictReader(io.StringIO(register, newline=""))}
    for row in rows:
        cells = raw[row.number]
        if "&" not in cells["driving_event"]:
            assert row.what_happened.split() == cells["driving_event"].split()
        for text in (cells["abstract"], cells["lessons_learned"]):
            assert " ".join(text.split()) in " ".join(row.why.split())
        steps = "".join("".join(row.steps).split())
        unmarked = [word for word in cells["recommendations"].split() if word.isalpha()]
        assert all(word in steps for word in unmarked)

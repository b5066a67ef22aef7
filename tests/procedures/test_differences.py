"""What a reviewer sees of a change: sections that came, went and moved, and the words that did."""

from __future__ import annotations

from lessons.differences import Run, runs
from lessons.procedures.differences import diff


def section(name: str, body: str, heading: str = "כותרת") -> dict[str, str]:
    return {"id": name, "heading": heading, "body": body}


def test_words_that_came_and_went_stand_among_those_that_stayed() -> None:
    assert runs("מזכים עד 40 ₪ בשיחה", "מזכים עד 50 ₪ בשיחה") == [
        Run("same", "מזכים עד "),
        Run("del", "40"),
        Run("ins", "50"),
        Run("same", " ₪ בשיחה"),
    ]


def test_lines_that_stayed_are_one_run() -> None:
    assert runs("א\nב\nג\n", "א\nב\nג\nד\n") == [Run("same", "א\nב\nג\n"), Run("ins", "ד\n")]


def test_nothing_on_both_sides_is_nothing() -> None:
    assert runs("", "") == []
    assert runs("", "חדש") == [Run("ins", "חדש")]


def test_sections_are_the_same_changed_added_or_removed() -> None:
    old = [section("a", "1"), section("b", "2"), section("c", "3")]
    new = [section("a", "1"), section("c", "33"), section("d", "4")]
    found = [(one.id, one.kind) for one in diff(old, new)]
    assert found == [("a", "same"), ("b", "removed"), ("c", "changed"), ("d", "added")]


def test_a_section_that_moved_is_no_change_of_words() -> None:
    old = [section("a", "1"), section("b", "2"), section("c", "3")]
    found = diff(old, [old[2], old[0], old[1]])
    assert [(one.id, one.kind, one.moved) for one in found] == [
        ("c", "same", True),
        ("a", "same", False),
        ("b", "same", False),
    ]


def test_a_new_heading_is_a_change() -> None:
    (one,) = diff([section("a", "1", "סכומים")], [section("a", "1", "סכומים ותקרות")])
    assert (one.kind, [run.op for run in one.heading]) == ("changed", ["same", "ins"])


def test_a_passage_as_long_as_a_book_is_compared_as_a_whole() -> None:
    old = "מילה " * 4000
    assert [run.op for run in runs(old, old + "עוד")] == ["del", "ins"]

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.intake.advice import pieces, steps


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("", []),
        ("Replace all nylon seats.", ["Replace all nylon seats."]),
        (
            "Check the valve. Train the crew! Ask: who knows?",
            ["Check the valve.", "Train the crew!", "Ask: who knows?"],
        ),
        ("1. Check the valve. Twice. 2. Train the crew.", ["Check the valve. Twice.", "Train the crew."]),
        ("1. Check the shorts.2. Train the crew.", ["Check the shorts.", "Train the crew."]),
        ("1) check the valve; 2) train the crew", ["check the valve;", "train the crew"]),
        ("(1) Check the valve. (2) Train the crew.", ["Check the valve.", "Train the crew."]),
        ("A. Check the valve. B. Train the crew.", ["Check the valve.", "Train the crew."]),
        ("• Check the valve • Train the crew", ["Check the valve", "Train the crew"]),
        ("- Check the valve\n- Train the crew\n", ["Check the valve", "Train the crew"]),
        ("Check the valve\n\nTrain the crew", ["Check the valve", "Train the crew"]),
        ("1. Only this one.", ["Only this one."]),
        ("Do this: 1. Check. 2. Train.", ["Do this: 1. Check.", "Train."]),
        ("First think. Then do: 1. Check. 2. Train.", ["First think.", "Then do: 1. Check.", "Train."]),
        ("בדקו את הממיר. הודיעו ללקוח.", ["בדקו את הממיר.", "הודיעו ללקוח."]),
        ("16a. Check. 16b. Train.", ["16a. Check.", "16b. Train."]),
    ],
)
def test_advice_is_parted_as_it_was_written(text: str, parted: list[str]) -> None:
    assert steps(text) == parted


@pytest.mark.parametrize(
    "text",
    [
        "Use parts, e.g. Washers and nuts.",
        "See Vol. 226, No. 14 for it.",
        "Ask Dr. Prosser of the U.S. Navy.",
        "See Practice No. PD-ED-1232.",
        "Check the valve. This matters in the cold.",
        "Changes may (1) reduce flexibility and (2) raise cost.",
        "The pressure was 3.5 bar at 10.30.",
        "Parts are safe - and cheap - to keep.",
    ],
)
def test_what_belongs_together_stays_together(text: str) -> None:
    assert steps(text) == [text]


def test_numbers_that_start_again_begin_a_second_list() -> None:
    assert steps("1. One. 2. Two. 1. Again. 2. Twice.") == ["One.", "Two.", "Again.", "Twice."]


@given(st.text(st.sampled_from("aAbB12.):(!?-•\n \t\"'אב"), max_size=80) | st.text(max_size=80))
def test_nothing_is_lost_and_nothing_is_added(text: str) -> None:
    assert "".join("".join(mark + step for mark, step in pieces(text)).split()) == "".join(text.split())
    assert all(step == step.strip() for step in steps(text))

"""What is drawn of a life is its table: every state once, every way, in words, for eyes and for screen readers."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from lessons.i18n import LOCALES, word
from lessons.workflow import diagram
from lessons.workflow.layout import HEIGHT, WIDTH, Layout
from lessons.workflow.lives import LIVES
from lessons.workflow.telling import numbers, rows

every_life = pytest.mark.parametrize("noun", LIVES)
both = pytest.mark.parametrize("locale", LOCALES)


def read(noun: str, locale: str, here: str = "") -> ET.Element:
    return ET.fromstring(diagram.svg(noun, locale, here))  # noqa: S314 - our own drawing


def boxes(drawing: ET.Element) -> list[tuple[str, set[str]]]:
    """The words and the classes of every state."""
    found = [group for group in drawing.iter("g") if "box" in group.get("class", "").split()]
    return [(" ".join(t.text or "" for t in g.iter("text")), set(g.get("class", "").split())) for g in found]


@both
@every_life
def test_every_state_is_drawn_once_in_the_words_of_the_language(noun: str, locale: str) -> None:
    wanted = [word(f"{noun}.state", state.value, locale) for state in LIVES[noun].states]
    assert [name for name, _ in boxes(read(noun, locale))] == wanted


@every_life
def test_every_way_carries_the_number_of_its_step(noun: str) -> None:
    said = [text.text or "" for text in read(noun, "en").iter("text") if text.get("class") == "n"]
    drawn = sorted(int(n) for one in said for n in one.split(", "))
    wanted = [
        numbers(noun)[trigger]
        for trigger, _, _ in {
            (step.trigger, source, step.target)
            for step in LIVES[noun].steps
            for source in step.source
            if step.target not in (None, source)
        }
    ]
    assert drawn == sorted(wanted)


@both
@every_life
def test_the_drawing_has_a_name_and_tells_its_ways_to_whoever_does_not_see_it(noun: str, locale: str) -> None:
    drawing = read(noun, locale)
    title, told = drawing.find("title"), drawing.find("desc")
    assert title is not None
    assert told is not None
    assert title.text == drawing.get("aria-label")
    moves = [row for row in rows(noun, locale) if row.source and row.target]
    assert [row for row in moves if row.trigger not in (told.text or "")] == []


@every_life
def test_no_state_stands_upon_another_and_all_stand_within_the_drawing(noun: str) -> None:
    layout = Layout(LIVES[noun])
    places = [(layout.left(state), layout.top(state)) for state in layout.states]
    assert len(set(places)) == len(places)
    assert all(0 <= x <= layout.width - WIDTH and 0 <= y <= layout.height - HEIGHT for x, y in places)


@every_life
def test_no_two_ways_leave_a_state_at_the_same_spot(noun: str) -> None:
    layout = Layout(LIVES[noun])
    spots = [
        (state, bus.target, bus.side, layout.port(state, bus))
        for bus in layout.buses
        for state in {*bus.ways, bus.target}
    ]
    assert len({(state, spot) for state, _, _, spot in spots}) == len(spots)


def test_time_runs_from_left_to_right_along_the_main_line() -> None:
    main = {noun: Layout(life).main for noun, life in LIVES.items()}
    assert main == {
        "debriefs": ["reported", "investigating", "in_review", "issued", "closed"],
        "lessons": ["draft", "proposed", "accepted", "implementing", "watching", "verified", "due_for_review"],
        "actions": ["assigned", "in_progress", "done", "confirmed"],
        "procedures": ["kept"],
        "revisions": ["drafting", "in_review", "approved", "effective", "superseded"],
        "verifications": ["planned", "scheduled", "due", "effective"],
        "briefings": ["open", "ended"],
        "news": ["reported", "live", "withdrawn"],
        "questions": ["asked", "answered"],
        "sentences": ["offered", "live", "withdrawn"],
    }


def test_the_state_where_a_lesson_stands_is_filled_and_those_that_can_follow_are_outlined() -> None:
    looks = dict(boxes(read("lessons", "en", "watching")))
    assert [name for name, kinds in looks.items() if "here" in kinds] == ["Being watched"]
    assert {name for name, kinds in looks.items() if "next" in kinds} == {
        "Being embedded", "Proved itself", "Merged", "Risk accepted", "Out of use",
    }  # fmt: skip
    assert {name for name, kinds in looks.items() if "end" in kinds} == {"Not adopted", "Merged", "Out of use"}


@every_life
def test_a_drawing_has_no_colours_and_no_styles_of_its_own(noun: str) -> None:
    assert re.findall(r"\b(?:style|fill|stroke|id)=", diagram.svg(noun, "he")) == []


@both
@every_life
def test_mermaid_names_every_state_and_every_way_in_words(noun: str, locale: str) -> None:
    text, life = diagram.mermaid(noun, locale), LIVES[noun]
    assert text.startswith("stateDiagram-v2\n")
    assert re.findall(r'^    state ".+" as (\w+)$', text, flags=re.MULTILINE) == [state.value for state in life.states]
    ways = set(re.findall(r"^    (\w+) --> (\w+) : [^:;\n]+$", text, flags=re.MULTILINE))
    assert ways == {
        (source.value, step.target.value) for step in life.steps for source in step.source if step.target is not None
    }
    assert f"[*] --> {life.initial[0].value} : " in text


def test_all_lives_are_printed_one_after_another() -> None:
    assert diagram.drawn().count("stateDiagram-v2") == len(LIVES)


def test_the_document_of_the_process_is_the_process_as_it_is_now() -> None:
    """Where it is not: python -m lessons.workflow.diagram docs."""
    assert Path(diagram.DOCUMENT).read_text(encoding="utf-8") == diagram.document()

"""The table of rights says what the lives say, and the document says what the table says."""

from __future__ import annotations

import pytest

from lessons.workflow import diagram, rights
from lessons.workflow.engine import SYSTEM
from lessons.workflow.lives import LIVES, births


@pytest.mark.parametrize("noun", LIVES)
def test_every_right_of_a_life_stands_in_the_table_once(noun: str) -> None:
    found = rights.table(noun, "en")
    drawn = sum(sum(line.may) for line in found.lines)
    steps = [*births(noun), *((noun, step) for step in LIVES[noun].steps)]
    named = {(of, step.trigger, who) for of, step in steps for who in step.by if who != SYSTEM}
    assert {who for who, _ in found.columns} == {who for _, _, who in named}
    assert len({line.name for line in found.lines}) == len(found.lines)
    assert drawn == len({(rights.word(f"{of}.trigger", trigger, "en"), who) for of, trigger, who in named})


def test_the_document_of_rights_is_what_the_code_says() -> None:
    assert diagram.DOCUMENT.with_name("rights.md").read_text(encoding="utf-8") == rights.document()


@pytest.mark.parametrize(
    ("rule", "whose"),
    [("/admin/people/<pid>", "/admin"), ("/admin/topics/one", "/admin/topics"), ("/administer", None),
     ("/cases", "/cases"), ("/cases/<name>", None), ("/managers/calendars/end", "/managers/calendars"), ("/", None)],
)  # fmt: skip
def test_an_address_belongs_to_the_nearest_page_above_it(rule: str, whose: str | None) -> None:
    page = rights.page_of(rule)
    assert (page.address if page else None) == whose

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
from pypdf import PdfReader

from exports.paper import Block, Paper, Part
from exports.press import Press

HE = "he"
LONG = Block(
    kind="signatures",
    heads=("שם", "חתימה"),
    widths=(50, 50),
    rows=tuple(((f"נציג {n}", HE), ("", HE)) for n in range(60)),
)
PAPER = Paper(
    lang=HE, sort="דף תדריך", code="B-2026-0001", title=("סורקים את הברקוד", HE), state="פתוח", where="מוקד שימור",
    foot="הודפס עבור דנה", page="עמוד {n} מתוך {all}",
    parts=(
        Part(title=("מה השתנה", HE), marked=True, blocks=(
            Block(kind="changes", rows=((("פותחים ", HE),), (("טופס ", HE),), (("*6050", HE),)),
                  marks=("same", "del", "ins")),
        )),
        Part(title=("סיבות", HE), blocks=(
            Block(kind="tree", rows=((("No field on the screen", "en"), ("סיבת שורש", HE)),), marks=("0",)),
        )),
        Part(title=("מי תודרכו", HE), blocks=(LONG,)),
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press(workers=1) as made:
        yield made


def test_a_paper_goes_over_as_many_pages_as_it_takes_and_can_be_read_aloud(press: Press) -> None:
    pdf = press.paper(PAPER)
    assert press.paper(PAPER) == pdf, "the same values make the same bytes"
    read = PdfReader(io.BytesIO(pdf))
    assert len(read.pages) == 3
    root = read.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("he", True)
    assert read.metadata is not None
    assert read.metadata.title == "דף תדריך B-2026-0001: סורקים את הברקוד"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert "*6050" in read.pages[0].extract_text()


def test_a_paper_is_told_to_the_process_as_it_is() -> None:
    assert Paper.from_dict(json.loads(json.dumps(PAPER.as_dict()))) == PAPER

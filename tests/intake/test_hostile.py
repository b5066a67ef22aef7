"""What would harm, or is not what it says, is refused before it is expanded: in two seconds, with the reason."""

from __future__ import annotations

import io
import struct
import time
import tracemalloc
import zlib
from collections.abc import Callable
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessons.i18n import LOCALES
from lessons.intake import formats, markdown, report, sheets
from lessons.intake.faults import Unreadable
from tests.intake import papers
from tests.intake.papers import EN, EN_ROW, S, W

SECONDS, BYTES = 2.0, 50 * 2**20
MB = b"0" * 2**20
FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
ADDRESS = '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">'
PARAMETER = '<!DOCTYPE x [<!ENTITY % a SYSTEM "file:///x"> %a;]>'
ENTITY = '<!DOCTYPE x [<!ENTITY a "{}">]>'
LAUGHS = "<!DOCTYPE x [" + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)) + "]>"


def archive(*names: str, content: bytes = b"x", how: int = ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", how) as file:
        for name in names:
            file.writestr(name, content)
    return out.getvalue()


def lying_size() -> bytes:
    """An entry that expands to 60 MB and says that it is of 100 bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(packer.compress(MB) for _ in range(60)) + packer.flush()
    content = bytearray(papers.xlsx([EN, EN_ROW], more={"xl/sharedStrings.xml": b"y" * 100}))
    with ZipFile(io.BytesIO(content)) as file:
        entry = file.getinfo("xl/sharedStrings.xml")
    out = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(out, "w", ZIP_STORED) as new:
        for one in old.infolist():
            if one.filename != entry.filename:
                new.writestr(one.filename, old.read(one.filename))
        new.writestr(entry.filename, packed)
    made = bytearray(out.getvalue())
    for sign, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        start = made.rfind(sign, 0, made.rfind(entry.filename.encode()) if sign[2:] == b"\x01\x02" else None)
        struct.pack_into("<H", made, start + at, 8)
        struct.pack_into("<I", made, start + at + 14, 100)
    return bytes(made)


def many_entries() -> bytes:
    return archive(*(f"{n}.txt" for n in range(2_001)), how=ZIP_STORED)


def many_rows() -> bytes:
    rows = b'<row r="1"><c r="A1" t="n"><v>1</v></c></row>' + bytes(range(48, 58)) * 3
    sheet = f"<worksheet {S}><sheetData>".encode() + rows * 1_000_000 + b"</sheetData></worksheet>"
    return papers.xlsx([EN], more={"xl/worksheets/sheet2.xml": sheet})


def link() -> bytes:
    out = io.BytesIO()
    entry = ZipInfo("passwd.txt")
    entry.external_attr = 0o120777 << 16
    with ZipFile(out, "w") as file:
        file.writestr(entry, "/etc/passwd")
    return out.getvalue()


def locked_zip() -> bytes:
    content = bytearray(archive("a.txt"))
    struct.pack_into("<H", content, content.find(b"PK\x01\x02") + 8, 1)
    return bytes(content)


def old_office(*streams: str) -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(504)
        + b"".join(name.encode("utf-16-le") + bytes(64) for name in streams)
    )


def odd_sheet(text: str) -> bytes:
    return papers.xlsx([EN, EN_ROW], more={"xl/sharedStrings.xml": text})


HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "nothing": ("a.csv", lambda: b"", "empty"),
    "too big": ("a.csv", lambda: MB * 101, "too_big"),
    "bomb": ("a.zip", lambda: archive("a.txt", content=MB * 30), "bomb"),
    "bomb of many": ("a.zip", lambda: archive(*"abcdefgh", content=MB * 8), "bomb"),
    "bomb in a workbook": ("a.xlsx", lambda: papers.xlsx([EN], more={"xl/media/a": MB * 20}), "bomb"),
    "bomb in Word": ("a.docx", lambda: papers.docx(more={"word/media/a": MB * 20}), "bomb"),
    "a size that lies": ("a.xlsx", lying_size, "expands"),
    "2,001 entries": ("a.zip", many_entries, "entries"),
    "1,000,000 rows of a workbook": ("a.xlsx", many_rows, "bomb"),
    "1,000,000 rows of a table": ("a.csv", lambda: b"Lesson,Action\n" + b"a,b\n" * 1_000_000, "rows_too_many"),
    "1,000,000 columns": ("a.csv", lambda: b"Lesson,Action\na,b\n" + b"a," * 1_000_000, "columns_too_many"),
    "link in an archive": ("a.zip", link, "links"),
    "locked archive": ("a.zip", locked_zip, "locked"),
    "locked workbook": ("a.xlsx", lambda: old_office("EncryptionInfo", "EncryptedPackage"), "locked"),
    "macros": ("a.xlsm", lambda: papers.xlsx([EN, EN_ROW], more={"xl/vbaProject.bin": b"x"}), "macros"),
    "macros in Word": ("a.docm", lambda: papers.docx(more={"word/vbaProject.bin": b"x"}), "macros"),
    "macros of old": ("a.xls", lambda: old_office("Workbook", "_VBA_PROJECT"), "macros"),
    "entity in Word": ("a.docx", lambda: papers.docx(ahead=ENTITY.format("x")), "entities"),
    "file from outside": ("a.docx", lambda: papers.docx(ahead=FILE), "entities"),
    "address from outside": ("a.docx", lambda: papers.docx(ahead=ADDRESS), "entities"),
    "parameter entity": ("a.docx", lambda: papers.docx(ahead=PARAMETER), "entities"),
    "billion laughs": ("a.docx", lambda: papers.docx(ahead=LAUGHS), "entities"),
    "billion laughs in a workbook": ("a.xlsx", lambda: odd_sheet(f"{LAUGHS}<sst {S}/>"), "entities"),
    "old Word": ("a.doc", lambda: old_office("WordDocument"), "is_doc"),
    "page as workbook": ("a.xlsx", lambda: b"<html><table><tr><td>1</td></tr></table></html>", "is_html"),
    "old workbook as new": ("a.xlsx", papers.xls, "lies"),
    "Word as workbook": ("a.xlsx", lambda: papers.docx(papers.line("x")), "lies"),
    "workbook as table": ("a.csv", lambda: papers.xlsx([EN, EN_ROW]), "lies"),
    "table as workbook": ("a.xlsx", lambda: papers.table(EN, EN_ROW), "lies"),
    "PDF as Word": ("a.docx", lambda: b"%PDF-1.7 /JavaScript", "is_pdf"),
    "program as text": ("a.txt", lambda: b"MZ\x90\x00", "another_kind"),
    "picture": ("a.png", lambda: b"\x89PNG\r\n\x1a\n", "another_kind"),
    "drawing": ("a.svg", lambda: b"<svg onload='x'/>", "is_xml"),
    "broken archive": ("a.zip", lambda: b"PK\x03\x04" + bytes(100), "broken"),
    "broken workbook": ("a.xlsx", lambda: odd_sheet("x")[:-30], "broken"),
    "broken Word": ("a.docx", lambda: papers.docx(more={"word/document.xml": "<w:p"}), "broken"),
    "no document in it": ("a.docx", lambda: papers.packed({"[Content_Types].xml": "", "word/a": ""}), "broken"),
    "NUL in a text": ("a.csv", lambda: b"Lesson,Action\na\x00b,c\n", "not_text"),
    "quote never closed": ("a.csv", lambda: b'Lesson,Action\na,b\n"c,d\n', "broken_row"),
    "endless text": ("a.txt", lambda: b"word " * 500_000, "report_too_long"),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_what_would_harm_is_refused_at_once_with_the_true_reason(what: str) -> None:
    name, make, kind = HOSTILE[what]
    content = make()
    started = time.perf_counter()
    with pytest.raises(Unreadable) as refused:
        formats.read(name, content)
    assert refused.value.fault.kind == kind
    assert time.perf_counter() - started < SECONDS
    said = [report.fault(refused.value.fault).in_(locale) for locale in LOCALES]
    assert all(said)
    assert said[0] != said[1]


@pytest.mark.parametrize("what", ["bomb", "a size that lies", "bomb in a workbook", "billion laughs in a workbook"])
def test_a_bomb_is_not_expanded_to_be_refused(what: str) -> None:
    name, make, _ = HOSTILE[what]
    content = make()
    tracemalloc.start()
    with pytest.raises(Unreadable):
        formats.read(name, content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < BYTES


def test_a_workbook_of_too_many_rows_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "ROWS", 3)
    with pytest.raises(Unreadable) as refused:
        formats.read("a.xlsx", papers.xlsx([EN, EN_ROW, EN_ROW, EN_ROW]))
    assert refused.value.fault.kind == "rows_too_many"


ENDLESS = ("[" * 20_000, "> " * 5_000, "- " * 5_000, "*a_ " * 10_000, "`" * 20_000, "|" * 20_000 + "\n|-|\n",
           "<!--" * 9_000, "a: " * 9_000, "(" * 20_000, "@" * 20_000, "1.1." * 9_000, "# " + "x " * 9_000)  # fmt: skip


@pytest.mark.parametrize("text", ENDLESS, ids=lambda text: text[:4])
def test_brackets_quotes_and_lists_without_end_are_read_in_time(text: str) -> None:
    started = time.perf_counter()
    formats.pasted("## Actions\n\n- " + text + "\n\n" + text)
    assert time.perf_counter() - started < 2 * SECONDS


def test_a_document_nested_without_end_is_read_or_refused() -> None:
    deep = "<w:sdt><w:sdtContent>" * 20_000 + papers.line("x") + "</w:sdtContent></w:sdt>" * 20_000
    (document,) = formats.read("a.docx", papers.docx(papers.heading("Summary", 2), deep))
    assert document.debriefs[0].what_happened == "x"


FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
SEEDS = (papers.xlsx([EN, EN_ROW]), papers.ods([EN, EN_ROW]), papers.docx(papers.heading("Actions"), papers.point("x")),
         papers.xls(), papers.table(EN, EN_ROW), archive("a.md", "b.csv"))  # fmt: skip


def reads_or_refuses(content: bytes, name: str = "file") -> None:
    told = None
    try:
        formats.read(name, content)
    except Unreadable as refused:
        told = str(report.fault(refused.fault))
    assert told != ""


@pytest.mark.parametrize("place", [1492, 1758])
def test_an_old_workbook_that_ends_its_reader_is_refused_and_ends_nobody_else(place: int) -> None:
    """The one gives up; the other asks for 350 gigabytes, and its process is ended."""
    turned = bytearray(papers.xls())
    turned[place] = 255
    with pytest.raises(Unreadable) as refused:
        formats.read("register.xls", bytes(turned))
    assert refused.value.fault.kind == "broken"


@FUZZ
@given(st.sampled_from(SEEDS), st.data())
def test_a_file_with_turned_bytes_is_read_or_refused(seed: bytes, data: st.DataObject) -> None:
    content = bytearray(seed)
    for at in data.draw(st.lists(st.integers(0, len(seed) - 1), min_size=1, max_size=8)):
        content[at] = data.draw(st.integers(0, 255))
    reads_or_refuses(bytes(content[: data.draw(st.integers(1, len(content)))]))


@FUZZ
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    reads_or_refuses(content)


@FUZZ
@given(st.text(alphabet="#-*>|[]()x \n\t:;,\"'0123./אבגםשת–✅☐" + "Actionsle", max_size=300))
def test_any_text_is_read_and_none_of_it_is_lost_on_the_way(text: str) -> None:
    reads_or_refuses(text.encode())
    reads_or_refuses(("Lesson,Action\n" + text).encode())
    markdown.read(text)


@FUZZ
@given(
    st.lists(
        st.sampled_from(["<w:p>", "</w:p>", "<w:tbl>", "</w:tbl>", "<w:tr>", "<w:tc>", "<w:r><w:t>x</w:t></w:r>"]),
        max_size=20,
    )
)
def test_any_order_of_parts_of_word_is_read_or_refused(parts: list[str]) -> None:
    reads_or_refuses(
        papers.packed(
            {
                "[Content_Types].xml": "",
                "word/document.xml": f"<w:document {W}><w:body>{''.join(parts)}</w:body></w:document>",
            }
        )
    )

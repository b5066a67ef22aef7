"""What a file is, by its content and not by its name; and the one door for any of them: bytes in, documents out. Reads
nothing but these bytes: no other file, no network. A text is read as it comes; what is packed is held so."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import PurePath
from tempfile import TemporaryFile
from typing import BinaryIO

from lessons.intake import apart, letters, markdown, narratives, registers, sheets, word
from lessons.intake.document import Kept, Place, digest_of
from lessons.intake.faults import Fault, Unreadable, refuse
from lessons.intake.gathered import Document, Pages
from lessons.intake.packed import Packed, shown
from lessons.intake.sheets import Sheet

SIZE = 100 * 2**20
"""So many bytes of a file, and so many characters of a report, are read."""
TEXT = 2_000_000
START = 1024  # bytes that tell what it is
_NAMED = {
    "xlsx": "xlsx", "xlsm": "xlsx", "xls": "xls", "ods": "ods", "docx": "docx", "docm": "docx", "doc": "doc",
    "zip": "zip", "csv": "text", "tsv": "text", "tab": "text", "txt": "text", "text": "text",
    "md": "text", "markdown": "text",
}  # fmt: skip
_STARTS = (
    (b"%PDF", "pdf"), (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"), (b"GIF8", "picture"),
    (b"MZ", "program"), (b"\x7fELF", "program"), (b"{\\rtf", "rtf"), (b"\x1f\x8b", "gzip"), (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "rar"), (b"SQLite format 3", "database"),
)  # fmt: skip
_WEB = (b"<!doctype html", b"<html", b"<?xml", b"<script", b"<svg", b"<!entity", b"<!doctype")
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"


def _wide(name: str) -> bytes:
    return name.encode("utf-16-le")


def kind_of(file: BinaryIO) -> str:
    """xlsx, xls, ods, docx, zip or text; any other content has its name too, such as pdf. Raises Unreadable."""
    content = _start(file, START)
    if not content:
        raise refuse("empty")
    if content.startswith((_ZIP, b"PK\x05\x06")):
        return _packed_kind(Packed(_start(file)))
    if content.startswith(_OLE):
        return _old_kind(_start(file))
    if found := next((kind for start, kind in _STARTS if content.startswith(start)), ""):
        return found
    head = content.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00").replace(b"\x00", b"").lower()
    if head.startswith(_WEB):
        return "xml" if head.startswith((b"<?xml", b"<!entity", b"<svg")) else "html"
    return "text"


def _start(file: BinaryIO, most: int = -1) -> bytes:
    """So many of its bytes, or all."""
    file.seek(0)
    return file.read(most)


def _packed_kind(packed: Packed) -> str:
    if packed.holds("[Content_Types].xml"):
        return "docx" if packed.holds("word/") else "xlsx" if packed.holds("xl/") else "office"
    if "mimetype" in packed.names:
        said = packed.read("mimetype")[:80]
        return "ods" if b"opendocument.spreadsheet" in said else "office"
    return "zip"


def _old_kind(content: bytes) -> str:
    """The streams of an old Office file have their names in its directory."""
    if _wide("EncryptedPackage") in content or _wide("EncryptionInfo") in content:
        raise refuse("locked")
    if _wide("_VBA_PROJECT") in content or _wide("Macros") in content:
        raise refuse("macros")
    if _wide("WordDocument") in content:
        return "doc"
    return "xls" if _wide("Workbook") in content or _wide("Book") in content else "office"


def read(name: str, content: bytes | BinaryIO, *, told: Mapping[str, str] | None = None) -> list[Document]:
    """What is understood of a file that is open, or of its bytes: one document, of an archive one for each of its
    files. `told`: headings of columns and their fields, as a person said them. Raises Unreadable with the true
    reason."""
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    if file.seek(0, io.SEEK_END) > SIZE:
        raise refuse("too_big", SIZE // 2**20)
    kind = kind_of(file)
    _is_as_named(name, kind)
    if kind == "zip":
        return list(_archive(name, Packed(_start(file)), told))
    return [_one(name, file, kind, told)]


def _is_as_named(name: str, kind: str) -> None:
    named = _NAMED.get(PurePath(name).suffix.lower().lstrip("."), "")
    if kind not in ("xlsx", "xls", "ods", "docx", "zip", "text"):
        raise refuse(f"is_{kind}" if kind in ("doc", "html", "xml", "pdf") else "another_kind", kind)
    if named and named != kind:
        raise refuse("lies", kind, column=named)


def _archive(name: str, packed: Packed, told: Mapping[str, str] | None) -> Iterator[Document]:
    """Every file of an archive; one that cannot be read is a problem of its own, and the others are read."""
    for entry in packed.entries:
        within = f"{name}/{shown(entry)}"
        if "__MACOSX/" in entry.filename or PurePath(entry.filename).name.startswith("."):
            continue
        with TemporaryFile() as inner:
            try:
                inner.writelines(packed.chunks(entry.filename))
                yield _within(within, inner, told)
            except Unreadable as error:
                yield Document(within, "", "", problems=(error.fault,))


def _within(name: str, inner: BinaryIO, told: Mapping[str, str] | None) -> Document:
    kind = kind_of(inner)
    if kind == "zip":
        raise refuse("nested", name)
    _is_as_named(name, kind)
    return _one(name, inner, kind, told)


def _one(name: str, file: BinaryIO, kind: str, told: Mapping[str, str] | None) -> Document:
    pages = Pages(name)
    if kind == "docx":
        title = _word(_start(file), pages)
    elif kind == "text":
        kind, title = _text(file, pages, told)
    else:
        content = _start(file)
        packed = Packed(content) if kind in ("xlsx", "ods") else None
        if packed:
            packed.refuse_programs()
        small = packed and packed.expanded <= apart.LARGE
        found = sheets.workbook(content, packed) if small else apart.workbook(content)
        title = _workbook(found, pages, told)
    return pages.closed(kind, title)


def _workbook(found: Iterable[Sheet], pages: Pages, told: Mapping[str, str] | None) -> str:
    title = ""
    for sheet in found:
        if sheet.hidden:
            pages.problems.append(Fault("hidden_sheet", 0, sheet=sheet.name))
        _sheet(sheet, pages, told)
    for kept in pages.leftovers[:1]:
        title = kept.heading or kept.text
    return title or PurePath(pages.file).stem


def _sheet(sheet: Sheet, pages: Pages, told: Mapping[str, str] | None) -> None:
    """A sheet that is no register is kept as it is."""
    if registers.read(sheet.rows, pages, sheet=sheet.name, first=sheet.first, since_1904=sheet.since_1904, told=told):
        return
    lines = [" | ".join(cell for cell in row if cell.strip()) for row in sheet.rows]
    text = "\n".join(line for line in lines if line)
    if text:
        pages.leftovers.append(Kept(sheet.name, text, Place(pages.file, sheet.name, sheet.first, "", digest_of(text))))
    if sum(len([cell for cell in row if cell.strip()]) > 1 for row in islice(sheet.rows, 20)) > 2:
        pages.problems.append(Fault("no_header", 1, sheet=sheet.name))


def _text(file: BinaryIO, pages: Pages, told: Mapping[str, str] | None) -> tuple[str, str]:
    """The kind and the title of a text: a table where signs part it into columns, else a report."""
    text = letters.opened(file)
    if text.encoding not in ("utf-8", "utf-8-sig"):
        pages.problems.append(Fault("read_as", 0, found=text.encoding))
    if any("\x00" in line for line in text.lines()):
        raise refuse("not_text")
    named = PurePath(pages.file).suffix.lower() in (".md", ".markdown")
    if not named and (sheet := sheets.separated(text)):
        _sheet(sheet, pages, told)
        return "csv", PurePath(pages.file).stem
    report = text.read(TEXT + 1)
    if len(report) > TEXT:
        raise refuse("report_too_long", TEXT)
    marked = markdown.is_marked(report)
    title = narratives.read(markdown.read(report) if marked else markdown.lines(report), pages, plain=not marked)
    return ("markdown" if marked else "text"), title


def _word(content: bytes, pages: Pages) -> str:
    packed = Packed(content)
    packed.refuse_programs()
    if "word/document.xml" not in packed.names:
        raise refuse("broken")
    parts = {name: packed.xml(name) for name in ("word/document.xml", "word/styles.xml") if name in packed.names}
    pages.problems.extend(Fault(f"left_{kind}", 0) for kind in word.left_out(packed.names))
    blocks = word.read(parts)
    if sum(len(getattr(block, "text", "")) for block in blocks) > TEXT:
        raise refuse("report_too_long", TEXT)
    return narratives.read(blocks, pages, plain=True)


def pasted(text: str, *, source: str = "") -> Document:
    """The same from text that was pasted."""
    pages = Pages(source)
    kind, title = _text(io.BytesIO(text.encode("utf-8", "replace")), pages, None)
    return pages.closed(kind, title)

"""Loose documents of our own, made as others would have written them: workbooks, Word documents, tables, archives."""

from __future__ import annotations

import base64
import csv
import io
import zlib
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HE = ("מס'", "תאריך האירוע", "מה קרה", "לקח", "פעולה נדרשת", "אחראי", "תאריך יעד", "סטטוס")
HE_ROW = (
    "1",
    "3.2.2026",
    "לקוחה חויבה פעמיים",
    "בודקים לפני שמחייבים",
    "לעדכן את התסריט",
    "דנה לוי",
    "1.3.26",
    "בטיפול",
)
EN = ("No.", "Date", "Event", "Lesson Learned", "Recommended Action", "Owner", "Due Date", "Status")
EN_ROW = ("1", "2026-02-03", "A customer was charged twice", "Check before charging", "Update the script", "Dana Levi",
          "2026-03-01", "In progress")  # fmt: skip


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def xlsx(*sheets: Sequence[Sequence[str | float]], from_1904: bool = False, hidden: bool = False,
         more: Mapping[str, str | bytes] | None = None) -> bytes:  # fmt: skip
    """A workbook; numbers stand in cells that show them as days."""
    names = [f"Sheet{number}" for number in range(1, len(sheets) + 1)]
    state = ' state="hidden"' if hidden else ""
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"{state}/>' for n, name in enumerate(names, 1))
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{RELS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    xfs = '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relation'
        f'ship Id="rId1" Type="{RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {S} {R}><workbookPr date1904="{int(from_1904)}"/>'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'{links}<Relationship Id="rId99" Type="{RELS}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f"<styleSheet {S}>{xfs}</styleSheet>",
    }
    for number, rows in enumerate(sheets, 1):
        lines = "".join(_row(n, row) for n, row in enumerate(rows, 1))
        parts[f"xl/worksheets/sheet{number}.xml"] = f"<worksheet {S}><sheetData>{lines}</sheetData></worksheet>"
    return packed(parts | dict(more or {}))


def _row(number: int, row: Sequence[str | float]) -> str:
    cells = "".join(_cell(f"{chr(65 + at)}{number}", cell) for at, cell in enumerate(row) if cell != "")
    return f'<row r="{number}">{cells}</row>'


def _cell(at: str, cell: str | float) -> str:
    if isinstance(cell, str):
        return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
    return f'<c r="{at}" s="1"><v>{cell}</v></c>'


def ods(rows: Sequence[Sequence[str]]) -> bytes:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    lines = "".join(
        f"<table:table-row>{''.join(cell.format(escape(one)) for one in row)}</table:table-row>" for row in rows
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    return packed({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest='
        '"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        "content.xml": f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="One">{lines}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>",
    })  # fmt: skip


def table(*rows: Sequence[str], sign: str = ",", encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=sign).writerows(rows)
    return out.getvalue().encode(encoding)


def heading(text: str, level: int = 1) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{level}"/><w:bidi/></w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>'


def line(text: str, extra: str = "") -> str:
    return f"<w:p><w:pPr>{extra}</w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def point(text: str) -> str:
    return line(text, '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')


def ticked(text: str, done: bool) -> str:
    box = f'<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="{int(done)}"/></w14:checkbox></w:sdtPr><w:sdtContent>'
    sign = f"<w:r><w:t>{'☒' if done else '☐'}</w:t></w:r></w:sdtContent></w:sdt>"
    return f"<w:p>{box}{sign}<w:r><w:t> {text}</w:t></w:r></w:p>"


def grid(*rows: Sequence[str]) -> str:
    cells = ("".join(f"<w:tc>{line(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def docx(*body: str, more: Mapping[str, str | bytes] | None = None, ahead: str = "") -> bytes:
    """A Word document whose heading styles are called 1 and 2, as Hebrew Word calls them."""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{level}"><w:name w:val="heading {level}"/></w:style>'
        for level in (1, 2)
    )
    return packed({
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"{ahead}<w:document {W}><w:body>{''.join(body)}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {W}>{styles}</w:styles>",
        **(more or {}),
    })  # fmt: skip


def xls() -> bytes:
    """A workbook of the old kind: a Hebrew register of one row."""
    return zlib.decompress(base64.b64decode(_XLS))


_XLS = (
    "eNrtWE1IVFEUPvfNHGccdBxNAw1kELIyQaJNGx0Ly5VibfohKE0XYWgMbWpRprkMgmhRtBFs0cZq0w+1qF2LwClHTNOamYLEVkFBC/X1nTNv"
    "htEIHCjJeN/jnnf+73337933YuOliZEHVUlahSby0LJdSAU5OoNSmBFCBLttC5u5+1FsFxsKhX4MZAHT0+JXPhlDGe8kWXTf+wKUKIVynM5S"
    "e39fT3gdsU/b0GmkDY2ghm5DE6RKbVWZ0lNKNym9p57PlDar5qrSRvgmzDEaj7TX7XFm8RGrRm1BkryPNGZGNbuogl7KLL50zaR9mfZGT3ee"
    "2WCGam8RjRIGtLWnrycqcgndoQBRS0tDW1vDUSBB5RjsUfpuh4m+ZVb187CrX1+9Ieh/rNT7fqP3YxBX669bXqIBsk/qIhnGdB/0ioXNLH/m"
    "KZ7mOV6kG7pxS2EyCxzjeRhm2EOOF7SfOMWTPMtxEWLQzcNtWoQkv8U1yUkuJvMazARiJG+YJOg9eJGCkiwF4zv+AFOMF0DjnEBAHHlR1wSE"
    "OHulrgVopzggjdIdKLRiByrWlVkE2k0lypfq+gyhCxbvfn3T1tUROaGaAX3rpN9NW6UryKbLEoHgoFospYxSp/xOpYOadYvyVUrL4YN7bUeF"
    "wxwYUp8raq1FPbsVE5FtOfx28MNfDj6uHv4Y2QF+rDV5oXxsKjJCNejubsTLNUT1pt7cuil4EsncjbOPzSmt/GVP81shp+228wIuoSVZxUCp"
    "0rQkvWOykuX0VVryQPJkJS8kr5PZrMp80QqorowCMUv9jWZmJ9po5oKsJJl9WUkyy0g0WWX0ULu8OefkECAXLly4cOHChQsX/waMc0L26Okw"
    "fU6WM57P+a+zhLLs/ib5b3GI+nGdw0flfurDPUrn85o/m/Ghmcll1hiT+V8oOIzao9RLXdqO3rznL76gTO7zrDkw9OeWUL71L+fTzr9c/0+l"
    "nwIl"
)

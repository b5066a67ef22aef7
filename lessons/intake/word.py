"""A Word document as blocks: its headings by their styles, lists, boxes, tables – right to left as left to right, for
the text is kept in the order of reading. What was deleted while changes were tracked is gone, what was added is there.

The structure is read here and not by a library: those that are kept (python-docx, mammoth) lose boxes that are ticked,
or styles by their level, or tables' places between paragraphs. defusedxml parses, and refuses entities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from lessons.intake import blocks
from lessons.intake.blocks import Block, Heading, Paragraph, Table
from lessons.intake.tables import clean

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIGNS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_WITHIN = {f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "body")}
BULLETS = ("list", "bullet", "רשימה")


class Styles:
    """Which styles are headings, by their level, and which are lists: by what they say of themselves, then by name, for
    their ids are words of the writer's language."""

    def __init__(self, root: Element | None) -> None:
        self.levels: dict[str, int] = {}
        self.lists: set[str] = set()
        for style in root.iter(f"{W}style") if root is not None else ():
            key, name = style.get(f"{W}styleId", ""), _value(style.find(f"{W}name")).lower()
            outline = _value(style.find(f"{W}pPr/{W}outlineLvl"))
            if name == "title":
                self.levels[key] = 1
            elif name.startswith("heading ") and name[8:].isdecimal():
                self.levels[key] = int(name[8:])
            elif outline.isdecimal() and int(outline) < PLAIN:
                self.levels[key] = int(outline) + 1
            if style.find(f"{W}pPr/{W}numPr") is not None or name.startswith(BULLETS):
                self.lists.add(key)


PLAIN = 9  # the outline level of body text


def read(parts: Mapping[str, Element]) -> list[Block]:
    """The blocks of the document whose parsed parts are given by name; `line` counts paragraphs and tables."""
    root, styles = parts["word/document.xml"], Styles(parts.get("word/styles.xml"))
    for parent in list(root.iter()):
        for lost in [child for child in parent if child.tag == FALLBACK]:
            parent.remove(lost)
    found = (made for line, part in enumerate(_parts(root), 1) for made in _block(part, styles, line))
    return blocks.hung(blocks.refined(found))


def left_out(names: list[str]) -> Iterator[str]:
    """Kinds of content that are in the file and are not read, by their names within it."""
    kinds = {"comments": "word/comments.xml", "objects": "word/embeddings/", "pictures": "word/media/",
             "footnotes": "word/footnotes.xml"}  # fmt: skip
    return (kind for kind, start in kinds.items() if any(name.startswith(start) for name in names))


def _parts(root: Element) -> Iterator[Element]:
    """Paragraphs and tables in order, those within boxes and tracked insertions too."""
    stack = [root]
    while stack:
        part = stack.pop()
        if part.tag in (f"{W}p", f"{W}tbl"):
            yield part
        elif part is root or part.tag in _WITHIN:
            stack.extend(reversed(part))


def _block(part: Element, styles: Styles, line: int) -> Iterator[Block]:
    if part.tag == f"{W}tbl":
        yield Table(tuple(_rows(part)), line)
        return
    text, style = _text(part), _value(part.find(f"{W}pPr/{W}pStyle"))
    if not text.strip():
        return
    if style in styles.levels:
        yield Heading(styles.levels[style], clean(text).replace("\n", " "), line)
        return
    numbered = part.find(f"{W}pPr/{W}numPr")
    if numbered is not None or style in styles.lists:
        depth = _value(numbered.find(f"{W}ilvl")) if numbered is not None else ""
        yield blocks.item(text, depth=int(depth) if depth.isdecimal() else 0, line=line)
    else:
        yield Paragraph(text, line, _is_bold(part))


def _rows(table: Element) -> Iterator[tuple[str, ...]]:
    """A table's rows; of a table within a cell the text stands in that cell."""
    for row in table.findall(f"{W}tr"):
        cells = [cell for part in row for cell in (part.iter(f"{W}tc") if part.tag == f"{W}sdt" else [part])]
        yield tuple(
            clean("\n".join(_text(paragraph) for paragraph in cell.iter(f"{W}p")))
            for cell in cells
            if cell.tag == f"{W}tc"
        )


def _text(paragraph: Element) -> str:
    said: list[str] = []
    for part in (inner for child in paragraph if child.tag != f"{W}pPr" for inner in child.iter()):
        if part.tag == f"{W}t":
            said.append(part.text or "")
        elif part.tag == f"{W14}checkbox":
            said.append("☑ " if _value(part.find(f"{W14}checked"), W14) in ("1", "true") else "☐ ")
        elif part.tag in _SIGNS:
            said.append(_SIGNS[part.tag])
    text = "".join(said)
    return text[0] + " " + text[2:].lstrip("☐☑☒ ") if text[:2] in ("☑ ", "☐ ") else text


def _is_bold(paragraph: Element) -> bool:
    runs = [run for run in paragraph.iter(f"{W}r") if any((text.text or "").strip() for text in run.iter(f"{W}t"))]
    return bool(runs) and all(_is_on(run.find(f"{W}rPr/{W}b")) or _is_on(run.find(f"{W}rPr/{W}bCs")) for run in runs)


def _is_on(mark: Element | None) -> bool:
    return mark is not None and _value(mark) not in ("0", "false")


def _value(part: Element | None, space: str = W) -> str:
    return part.get(f"{space}val", "") if part is not None else ""

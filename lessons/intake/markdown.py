"""Markdown and plain text as blocks, by markdown-it: raw HTML is text, nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from lessons.intake import blocks
from lessons.intake.blocks import Block, Heading, Paragraph, Table
from lessons.intake.tables import clean

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_MARKED = re.compile(r"^(?:#{1,6}\s|[=-]{3,}\s*$|```|[^\S\n]*[-*+] \[[ xX]\] |\|.*\|\s*$|.*\*\*\S|>\s)", re.MULTILINE)
_FRONT = re.compile(r"\A---[ \t]*\n(?P<lines>(?:[\w -]{1,40}:.*\n|[ \t-].*\n)*)---[ \t]*\n")
_LISTS = ("bullet_list", "ordered_list")
_VERBATIM = ("fence", "code_block")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table").disable(["html_block", "html_inline"])


def is_marked(text: str) -> bool:
    """Whether the text is marked up, or is plain lines."""
    return _MARKED.search(text) is not None


def read(text: str) -> list[Block]:
    """The blocks of a marked text, in order; lines count from 1."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT.match(text)
    ahead = [Paragraph(line.strip(), 1) for line in front["lines"].splitlines()] if front else []
    offset = text.count("\n", 0, front.end()) if front else 0
    tokens = _parser().parse(_uncommented(text[front.end() :] if front else text))
    return [*ahead, *blocks.hung(blocks.refined(_blocks(tokens, offset + 1)))]


def lines(text: str) -> list[Block]:
    """The blocks of plain text: a line is a paragraph, a point or a heading."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    made = (Paragraph(line, number) for number, line in enumerate(plain, 1) if line.strip())
    return blocks.hung(blocks.refined(made))


def _uncommented(text: str) -> str:
    """Without comments; their lines stay, so that lines are counted as they stand. In one pass, however many begin."""
    said, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        said += [text[at:start], "\n" * text.count("\n", start, end)]
        at = end + 3
    return "".join([*said, text[at:]])


def _blocks(tokens: Sequence[Token], first: int) -> Iterator[Block]:
    depth, at = 0, 0
    while at < len(tokens):
        token = tokens[at]
        line = first + (token.map[0] if token.map else 0)
        if token.type.startswith(_LISTS):
            depth += token.nesting
        elif token.type == "table_open":
            end = next(k for k in range(at, len(tokens)) if tokens[k].type == "table_close")
            yield Table(tuple(_rows(tokens[at:end])), line)
            at = end
        elif token.type == "list_item_open":
            at = yield from _item(tokens, at, depth - 1, line)
            continue
        else:
            yield from _text_block(token, tokens[at - 1], line)
        at += 1


def _text_block(token: Token, before: Token, line: int) -> Iterator[Block]:
    if token.type == "inline" and before.type == "heading_open":
        yield Heading(int(before.tag[1]), clean(_text(token, links=False)).replace("\n", " "), line)
    elif token.type == "inline":
        text = _text(token)
        yield Paragraph(text, line, _bold_lines(token) == len(text.split("\n")))
    elif token.type in _VERBATIM and token.content.strip():
        yield Paragraph(token.content.rstrip("\n"), line)


def _item(tokens: Sequence[Token], at: int, depth: int, line: int) -> Generator[Block, None, int]:
    """The point's own paragraphs; lists within it follow as points of their own. Returns where reading goes on."""
    text, notes = "", []
    at += 1
    while tokens[at].type not in ("list_item_close", "bullet_list_open", "ordered_list_open", "table_open"):
        if tokens[at].type == "inline":
            said = _text(tokens[at])
            if text:
                notes.append(said)
            elif _bold_lines(tokens[at]) == 1 and "\n" in said:
                text, rest = said.split("\n", 1)
                notes.append(rest)
            else:
                text = said
        elif tokens[at].type in _VERBATIM:
            notes.append(tokens[at].content.rstrip("\n"))
        at += 1
    yield blocks.item(text, depth=depth, note="\n".join(notes), line=line)
    return at


def _rows(tokens: Sequence[Token]) -> Iterator[tuple[str, ...]]:
    row: list[str] = []
    for token in tokens:
        if token.type == "inline":
            row.append(clean(_text(token)))
        elif token.type == "tr_close":
            yield tuple(row)
            row = []


def _text(inline: Token, *, links: bool = True) -> str:
    """What is read, without marks; an address stands behind the words that lead to it."""
    said: list[str] = []
    opened: list[tuple[int, str]] = []
    for token in inline.children or ():
        if token.type in ("softbreak", "hardbreak"):
            said.append("\n")
        elif token.type == "link_open":
            opened.append((len(said), str(token.attrs.get("href", ""))))
        elif token.type == "link_close" and opened:
            start, address = opened.pop()
            if links and address and address not in "".join(said[start:]):
                said.append(f" ({address})")
        else:
            said.append(token.content)
    return _BREAK.sub("\n", "".join(said))


def _bold_lines(inline: Token) -> int:
    """How many lines, from the first on, stand in bold from end to end."""
    count, bold, plain, any_text = 0, 0, False, False
    for token in inline.children or ():
        bold += (token.type == "strong_open") - (token.type == "strong_close")
        if token.type in ("softbreak", "hardbreak"):
            if plain or not any_text:
                return count
            count, any_text = count + 1, False
        elif token.content.strip(" :"):
            any_text = True
            plain = plain or not bold
    return count + (any_text and not plain)

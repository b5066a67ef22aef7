"""Written text with light marks – **bold**, lists, links – as markup; nothing else in it can act on a page."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markupsafe import Markup

# no raw HTML, and of links only those that lead where people expect
READER = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["image", "html_block", "html_inline"])
READER.validateLink = lambda url: re.match(r"(https?://|mailto:|/(?!/))", url, re.IGNORECASE) is not None  # type: ignore[method-assign]
HEADINGS = {f"h{n}": f"h{min(n + 2, 6)}" for n in range(1, 7)}


def rendered(text: str) -> Markup:
    """The text as paragraphs and lists, each in the direction of its first strong letter. Headings begin at the third
    level: those above belong to the page."""
    tokens = READER.parse(text)
    for token in tokens:
        if token.tag in HEADINGS:
            token.tag = HEADINGS[token.tag]
        if token.nesting == 1 and token.tag in ("p", "ul", "ol", "h3", "h4", "h5", "h6", "blockquote"):
            token.attrSet("dir", "auto")
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("rel", "noopener noreferrer")
    # drawn by the library from the text alone; what stood in it as HTML is escaped
    return Markup(READER.renderer.render(tokens, READER.options, {}))  # noqa: S704

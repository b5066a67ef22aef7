"""A table of a page, read by the names of its rows and columns."""

from __future__ import annotations

import re
from html import unescape


class Table:
    """The first table of a page. `text` is the whole page."""

    def __init__(self, text: str) -> None:
        self.text = text
        table = text.partition("<table")[2].partition("</table>")[0]
        head, *body = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in table.split("<tr")[1:]]
        self.columns = [_plain(cell) for cell in head]
        self.rows = {_plain(first).lstrip("· "): [_plain(cell) for cell in cells] for first, *cells in body}

    def cell(self, row: str, column: str) -> str:
        return self.rows[row][self.columns.index(column) - 1]


def _plain(cell: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).replace("\xa0", " ").split())

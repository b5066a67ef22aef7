"""Every sign on paper, as lines on a 16 × 16 grid: a glyph that our faces lack would call in another face.

The states are drawn as on the screen, so that one looks the same in the hand as on the desk.
"""

from __future__ import annotations

import segno
from markupsafe import Markup

RING = '<circle cx="8" cy="8" r="6"/>'
_STATES = {
    "draft": '<circle cx="8" cy="8" r="6" stroke-dasharray="2.2 2.4"/>',
    "open": RING,
    "run": RING + '<path fill="#000" stroke="none" d="M8 2a6 6 0 0 1 0 12z"/>',
    "most": RING + '<path fill="#000" stroke="none" d="M8 2a6 6 0 1 1-6 6h6z"/>',
    "watch": RING + '<circle fill="#000" stroke="none" cx="8" cy="8" r="2.3"/>',
    "ok": '<circle fill="#000" stroke="none" cx="8" cy="8" r="7"/>'
    '<path stroke="#fff" stroke-width="1.9" d="M4.8 8.2l2.3 2.3 4.2-4.7"/>',
    "due": RING + '<path d="M8 4.6V8l2.2 1.6"/>',
    "ask": RING + '<path d="M6.2 6.4a1.9 1.9 0 1 1 2.6 1.8c-.6.3-.8.6-.8 1.1M8 11.3v.1"/>',
    "no": RING + '<path d="M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4"/>',
    "out": RING + '<path d="M5 8h6"/>',
    "again": '<path d="M13.4 6.2A5.8 5.8 0 1 0 13.8 9"/><path d="M13.9 2.6v3.8h-3.8"/>',
    "merge": '<path d="M2.6 3.2c4 0 3.6 4.8 7.4 4.8h3.4M2.6 12.8c4 0 3.6-4.8 7.4-4.8"/>'
    '<path d="M10.8 5.2L13.6 8l-2.8 2.8"/>',
    "next": '<rect x="2" y="4.6" width="8.4" height="9" rx="1"/><path d="M5 4.4V2.4h9v9.2h-3.4"/>',
    "risk": '<path d="M8 1.6L14.4 8 8 14.4 1.6 8z"/><path d="M8 5.2v3.4M8 10.8v.1"/>',
    "in": '<path d="M2.4 9.4v4h11.2v-4"/><path d="M8 2.4v7.2M5 6.8l3 3 3-3"/>',
    "people": '<circle cx="5.8" cy="5.6" r="2.5"/><path d="M1.2 13.4c.3-2.6 2.2-3.9 4.6-3.9s4.3 1.3 4.6 3.9'
    'M10.6 3.3a2.5 2.5 0 0 1 0 4.6M12.2 9.9c1.5.5 2.4 1.7 2.6 3.5"/>',
}
# A disc, a stop sign and a square: told apart across a room.
_DIRECTIONS = {
    "do": '<circle cx="8" cy="8" r="8"/><path stroke="#fff" stroke-width="2.3" d="M3.9 8.3l2.9 3 5.4-6.2"/>',
    "dont": '<path d="M4.7 0h6.6L16 4.7v6.6L11.3 16H4.7L0 11.3V4.7z"/>'
    '<path stroke="#fff" stroke-width="2.3" d="M4.9 4.9l6.2 6.2M11.1 4.9l-6.2 6.2"/>',
    "keep": '<rect width="16" height="16" rx="2.4"/>'
    '<path fill="none" stroke="#fff" stroke-width="2.2" d="M3.4 7.9L8 3.7l4.6 4.2M3.4 12.8L8 8.6l4.6 4.2"/>',
}


def _drawn(signs: dict[str, str]) -> dict[str, Markup]:
    return {name: Markup(lines) for name, lines in signs.items()}  # noqa: S704 - written above, nobody's input


STATES, DIRECTIONS = _drawn(_STATES), _drawn(_DIRECTIONS)


def qr(url: str) -> tuple[int, str]:
    """Modules on a side, and the lines to stroke one module wide: one for each dark run in a row.

    The quiet zone of four modules is the page's to leave.
    """
    rows = [bytes(row) + b"\0" for row in segno.make(url, error="m", micro=False).matrix_iter(border=0)]
    return len(rows), "".join(_dark_runs(y, row) for y, row in enumerate(rows))


def _dark_runs(y: int, row: bytes) -> str:
    path, x = "", row.find(1)
    while x >= 0:
        end = row.find(0, x)
        path += f"M{x} {y}.5h{end - x}"
        x = row.find(1, end)
    return path

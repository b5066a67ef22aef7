"""The shape and the tone that a state's word is drawn with: never the colour alone."""

from __future__ import annotations

from typing import Any

from lessons.i18n import Word

LOOKS: dict[str, tuple[str, str]] = {
    "reported": ("in", "plain"),
    "investigating": ("run", "plain"),
    "in_review": ("due", "wait"),
    "issued": ("most", "plain"),
    "closed": ("ok", "ok"),
    "declined": ("back", "calm"),
    "merged": ("merge", "calm"),
    "draft": ("draft", "calm"),
    "proposed": ("due", "wait"),
    "accepted": ("ready", "plain"),
    "implementing": ("run", "plain"),
    "watching": ("watch", "plain"),
    "verified": ("ok", "ok"),
    "due_for_review": ("due", "wait"),
    "rejected": ("no", "calm"),
    "risk_accepted": ("risk", "wait"),
    "retired": ("out", "calm"),
    "assigned": ("open", "plain"),
    "in_progress": ("run", "plain"),
    "done": ("due", "wait"),
    "confirmed": ("ok", "ok"),
    "blocked": ("block", "wait"),
    "cancelled": ("no", "calm"),
    "drafting": ("draft", "plain"),
    "approved": ("ready", "plain"),
    "effective": ("ok", "ok"),
    "superseded": ("next", "calm"),
    "withdrawn": ("out", "calm"),
    "planned": ("draft", "calm"),
    "scheduled": ("day", "plain"),
    "due": ("due", "wait"),
    "not_effective": ("no", "bad"),
    "inconclusive": ("even", "wait"),
    "void": ("no", "calm"),
    "kept": ("ready", "plain"),
    "asked": ("ask", "wait"),
    "answered": ("ok", "ok"),
    "open": ("open", "plain"),
    "ended": ("ok", "calm"),
    "live": ("run", "plain"),
    "offered": ("due", "wait"),
    "expired": ("out", "calm"),
}


def state_of(row: Any) -> dict[str, Any]:
    """The word of a record's state with its shape and tone, as the kit's `state` takes them."""
    again = row.noun == "lessons" and row.cycle > 1 and row.state == "implementing"
    shape, tone = ("again", "wait") if again else LOOKS[str(row.state)]
    return {"word": Word(f"{row.noun}.state", str(row.state)), "shape": shape, "tone": tone}

"""A file as pages show it: its kind in a sign and a word, its size, and where its picture is."""

from __future__ import annotations

from typing import Any

from lessons.i18n import Sentence, Word, say, word
from lessons.models import Attachment
from lessons.store import MOST_BYTES
from lessons.web.bodies import BODY
from lessons.web.speech import locale

ACCEPT = (
    "image/*,audio/*,video/*,application/pdf,text/plain,.csv,.eml,.msg,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.odt,.ods,.zip"
)
"""What a file field offers first: with pictures in it, a phone offers its camera too."""
LIMITS = say(
    "Up to %(one)s MB a file, %(all)s MB together. On a phone, also from the camera.",
    one=MOST_BYTES // 1_000_000,
    all=BODY // 1_000_000,
)
PICTURED = ("image/jpeg", "image/png", "image/gif")
SIGNS = {"picture": "picture", "recording": "sound", "video": "video", "document": "file", "file": "file"}
KINDS = {"image": "picture", "audio": "recording", "video": "video"}


def shown(kept: Attachment) -> dict[str, Any]:
    here = f"/attachments/{kept.pid}"
    kind = "document" if kept.media_type == "application/pdf" else KINDS.get(kept.media_type.split("/")[0], "file")
    return {
        "name": kept.name,
        "href": here,
        "picture": f"{here}/small" if kept.media_type in PICTURED else "",
        "large": f"{here}/large",
        "kind": Word("file_kind", kind),
        "sign": SIGNS[kind],
        "size": size_of(kept.size),
        "caption": kept.caption,
        "lang": kept.lang,
    }


def fields() -> list[dict[str, Any]]:
    """What is asked where files are added."""
    chosen = {
        "name": "file",
        "label": word("field", "files", locale()),
        "kind": "file",
        "required": True,
        "multiple": True,
    }
    return [{**chosen, "accept": ACCEPT, "hint": LIMITS.in_(locale())}, words("")]


def words(caption: str) -> dict[str, Any]:
    """What is asked of the words under a file."""
    label = word("field", "caption", locale())
    return {
        "name": "caption",
        "label": label,
        "kind": "text",
        "value": caption,
    }


def size_of(size: int) -> Sentence:
    """How large, as people say it: 340 KB, 2.4 MB."""
    if size < 1_000_000:
        return say("%(n)s KB", n=-(-size // 1000))
    return say("%(n)s MB", n=f"{size / 1_000_000:.1f}".removesuffix(".0"))

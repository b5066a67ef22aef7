"""Files handed out: to be kept and never to be opened in the page, under their own names."""

from __future__ import annotations

from io import SEEK_END
from typing import BinaryIO
from urllib.parse import quote

from flask import Response

from lessons.i18n import say
from lessons.store import parts

DAMAGED = say("The file is damaged or missing. Whoever keeps this installation can look for it in a backup.")
SEALED = "default-src 'none'; sandbox"


def sealed(data: bytes | BinaryIO, media_type: str, name: str, kind: str) -> Response:
    """The bytes; a file that is open in parts, and it is closed behind the last."""
    if isinstance(data, bytes):
        answer = Response(data, mimetype=media_type)
    else:
        size = data.seek(0, SEEK_END)
        data.seek(0)
        answer = Response(parts(data), mimetype=media_type)
        answer.content_length = size
        answer.call_on_close(data.close)
    answer.headers["Content-Disposition"] = disposition(name, kind)
    answer.headers["Content-Security-Policy"] = SEALED
    return answer


def disposition(name: str, kind: str) -> str:
    """RFC 6266: a plain name for old programs, the true one beside it."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"

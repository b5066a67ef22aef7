"""How the log is written: one line of JSON each, in UTC, to standard error."""

from __future__ import annotations

import json
import logging
import re
import time
from contextvars import ContextVar

SECRET = re.compile(r"(lsncal_|lsnstop_|lsn_|whsec_)[\w+/=-]{8,}")
"""What our secrets begin with: none is written into a log, whoever was careless enough to say one."""
REQUEST: ContextVar[str] = ContextVar("request", default="")
"""The number of the request at which this thread is: its lines carry it, and so does its answer."""


class Lines(logging.Formatter):
    """One event is one line: line ends and signs that move the cursor are escaped. Of a secret its kind is told."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S')}.{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "from": record.name,
            "says": record.getMessage(),
        }
        if REQUEST.get():
            line["request"] = REQUEST.get()
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return SECRET.sub(r"\1...", json.dumps(line, ensure_ascii=True))


def start(level: int = logging.INFO) -> None:
    """Write the log of this process, unless someone who embeds it has arranged for that."""
    ours = logging.getLogger("lessons")
    if ours.handlers or logging.getLogger().handlers:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    ours.addHandler(handler)
    ours.setLevel(level)
    ours.propagate = False

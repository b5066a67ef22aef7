"""How the log is written: one line of JSON each, in UTC, to standard error."""

from __future__ import annotations

import json
import logging
import time


class Lines(logging.Formatter):
    """Line ends and signs that would move the cursor are escaped: one event is one line."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S')}.{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "from": record.name,
            "says": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True)


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

"""What an embedder says in a process of its own: [text, is it a question] in, float32 in base64 out, a line each."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable
from typing import Any


def answer(embed: Callable[[str, bool], Any]) -> None:
    """Every line that comes, until none does. `embed` gives a numpy array of one row."""
    for line in sys.stdin:
        text, question = json.loads(line)
        vector = embed(text or " ", bool(question)).astype("float32")
        sys.stdout.write(base64.b64encode(vector.tobytes()).decode() + "\n")
        sys.stdout.flush()

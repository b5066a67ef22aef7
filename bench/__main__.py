"""All measurements, small enough to run while one waits, as one JSON; each module alone measures at full size.

.venv/bin/python -m bench [--many 10000]
"""

from __future__ import annotations

import argparse
import json
import sys

from bench import card, desk, digest, manager, pages, search, step, sweep


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--many", type=int, default=10_000, help="lessons, and actions of the larger database")
    many = asked.parse_args().many
    found = {
        "card": {name: round(value, 2) for name, value in card.figures(runs=10).items()},
        "search": search.figures(many),
        "digest": digest.figures(many // 10),
        "step": step.figures(steps=100, many=many),
        "sweep": sweep.figures(many // 10, [many], ["sqlite"]),
        "desk": desk.figures(many // 10, requests=1000),
        "pages": pages.figures(requests=20, many=many),
        "manager": manager.figures(many // 2, requests=10),
    }
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())

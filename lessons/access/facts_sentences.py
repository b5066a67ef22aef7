"""The facts of sentences: whose they are, and who keeps them."""

from __future__ import annotations

from lessons.access.facts_shared import Ground
from lessons.workflow.facts import Facts


def sentences(ground: Ground) -> list[Facts]:
    return [Facts(**ground.shared(row, {})) for row in ground.rows]

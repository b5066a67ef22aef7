"""The facts of questions: whose they are, and who may answer."""

from __future__ import annotations

from lessons.access.facts_shared import Ground
from lessons.workflow.facts import Facts


def questions(ground: Ground) -> list[Facts]:
    return [Facts(**ground.shared(row, {})) for row in ground.rows]

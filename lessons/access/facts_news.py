"""The facts of news: who told of it."""

from __future__ import annotations

from lessons.access.facts_shared import Ground
from lessons.workflow.facts import NewsFacts


def news(ground: Ground) -> list[NewsFacts]:
    return [NewsFacts(author=row.author_id, **ground.shared(row, {})) for row in ground.rows]

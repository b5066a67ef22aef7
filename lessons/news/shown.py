"""A news item as pages show it: finished values, the same on its page, in lists and on the front of the desk."""

from __future__ import annotations

from typing import Any

from lessons import web
from lessons.i18n import Word, direction
from lessons.models import News
from lessons.news.queries import Listed


def shown(one: Listed) -> dict[str, Any]:
    return {
        **plain(one.news),
        "state": web.state_of(one.news),
        "author": web.name_of(one.author),
        "confirmed_by": web.name_of(one.confirmed_by),
        "is_read": one.is_read,
    }


def plain(news: News) -> dict[str, Any]:
    """What the row says by itself."""
    return {
        "code": news.code,
        "edition": news.edition,
        "href": f"/news/{news.code}",
        "kind": news.kind.value,
        "sort": Word("news_kind", news.kind.value),
        "title": news.title,
        "lines": [line for line in news.body.splitlines() if line.strip()],
        "urgent": news.urgent,
        "topic": news.topic,
        "topic_href": web.with_args("/desk", q=news.topic) if news.topic else "",
        "seen_where": news.seen_where,
        "our_answer": news.our_answer,
        "since": web.when(news.edition_at or news.created_at, hour=True),
        "begins": web.when(news.valid_from, hour=True),
        "until": web.when(news.valid_until, hour=news.urgent),
        "lang": news.lang,
        "dir": direction(news.lang),
    }

"""Forms of the pages filled in by people, and what is said of a field that was refused."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select
from werkzeug.test import TestResponse

from lessons import db
from tests.browsing import Browser

CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
here = pytest.mark.only("sqlite")
"""The other engine can teach nothing about it."""


def fill(person: Browser, page: str, **fields: Any) -> TestResponse:
    """Open a page with a form, fill it in, send it: it is taken or refused and never breaks."""
    assert person.read(page).status_code == 200, person.page
    answer = person.send(page.split("?", maxsplit=1)[0], {name.replace("__", "."): one for name, one in fields.items()})
    assert answer.status_code in (303, 409, 422), answer.text
    return answer


def beside(answer: TestResponse, field: str) -> str:
    """What is said of a field that was refused, with the way to it."""
    assert answer.status_code == 422, answer.text
    found = re.search(rf'<a href="#f-{field}">.*?</a><span>(.*?)</span>', answer.text, re.DOTALL)
    assert found, f"nothing is said of {field}: {re.findall('data-refused.*', answer.text)}"
    return unescape(found[1])


def count(model: Any) -> int:
    with db.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def only(model: Any) -> Any:
    with db.reading() as session:
        return session.exec(select(model)).one()

import ast
from pathlib import Path

import pytest

from lessons.i18n import LOCALES
from lessons.post.kinds import ANYTHING, KINDS, sentence

LESSONS = Path(__file__).parents[2] / "lessons"
GIVEN = {"what": "X", "day": "1.1.2026", "n": 2}


def told() -> set[str]:
    """Every kind that some room tells by name."""
    found: set[str] = set()
    for file in LESSONS.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("notices.tell", "tell_reporter")):
                found |= {str(a.value) for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    return found


def test_every_kind_that_a_room_tells_has_its_sentence() -> None:
    assert told() - KINDS.keys() == set()


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_sentence_takes_what_it_is_given(kind: str, locale: str) -> None:
    for n in (1, 2, 3):
        said = sentence(kind).with_(**GIVEN | {"n": n}).in_(locale)
        assert said
        assert "%(" not in said


def test_a_kind_without_a_line_still_says_where_to_look() -> None:
    assert sentence("something new") is ANYTHING

"""A code is understood as people type it."""

from __future__ import annotations

import pytest

from lessons.steps.codes import typed


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A-2026-0009", ("actions", "A-2026-0009")),
        (" a-2026-9 ", ("actions", "A-2026-0009")),
        ("a 2025 0009", ("actions", "A-2025-0009")),
        ("L12", ("lessons", "L-2026-0012")),
        ("l-12", ("lessons", "L-2026-0012")),
        ("ך-2026-0012", ("lessons", "L-2026-0012")),
        ("ש9", ("actions", "A-2026-0009")),
        ("p-1", ("procedures", "P-0001")),
        ("P-0001", ("procedures", "P-0001")),
        ("D-2026-12345", ("debriefs", "D-2026-12345")),
        ("X-2026-0001", None),
        ("A", None),
        ("A-2026-0009 and more", None),
        ("ממיר 2026", None),
        ("a-2026-٩", None),
        ("", None),
    ],
)
def test_a_code_is_read_as_it_is_typed(text: str, found: tuple[str, str] | None) -> None:
    assert typed(text, 2026) == found

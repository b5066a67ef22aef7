"""The lives as diagrams: SVG for pages, Mermaid for papers; `python -m lessons.workflow.diagram docs` writes those."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from lessons.i18n import word
from lessons.workflow import rights
from lessons.workflow.drawing import svg
from lessons.workflow.lives import LIVES, births
from lessons.workflow.telling import Row, rows, state_word

__all__ = ["document", "drawn", "mermaid", "svg"]

DOCUMENT = Path(__file__).parents[2] / "docs" / "process.md"
HEAD = """# The process: its lives as they are in the code

Written by `python -m lessons.workflow.diagram docs` from the tables in `lessons/workflow/`; nobody edits it by hand.
The same stands at `/process`, in both languages, where each number of a table is found again in the drawing. A step
without a number leaves the state as it is.
"""
COLUMNS = (
    "| no. | step | from → to | who | what is said when something is missing | asks (may) |\n|---|---|---|---|---|---|"
)


def mermaid(noun: str, locale: str = "en") -> str:
    """The life as the text of a Mermaid state diagram, in the words of a language."""
    life = LIVES[noun]
    lines = ["stateDiagram-v2", "    direction LR"]
    lines += [f'    state "{_plain(state_word(noun, state, locale))}" as {state.value}' for state in life.states]
    lines += [f"    {source} --> {target} : {label}" for source, target, label in _arrows(noun, locale)]
    lines += [f"    {state.value} --> [*]" for state in life.states if state not in life.live]
    return "\n".join(lines) + "\n"


def _arrows(noun: str, locale: str) -> Iterator[tuple[str, str, str]]:
    """(from, to, the words of every trigger that leads there)."""
    labels: dict[tuple[str, str], list[str]] = {}
    life = LIVES[noun]
    for of, step in births(noun):
        labels.setdefault(("[*]", (step.target or life.initial[0]).value), []).append(
            word(f"{of}.trigger", step.trigger, locale)
        )
    for step in life.steps:
        for source in step.source if step.target is not None else ():
            way = (source.value, step.target.value if step.target else "")
            labels.setdefault(way, []).append(word(f"{noun}.trigger", step.trigger, locale))
    for (source_value, target), words in labels.items():
        yield source_value, target, _plain(" / ".join(dict.fromkeys(words)))


def _plain(text: str) -> str:
    """Mermaid ends a label at a colon or semicolon."""
    return text.replace(":", " –").replace(";", ",").replace('"', "״")


def drawn(locale: str = "en") -> str:
    """Every life, one diagram after another, each after a line with its name."""
    return "\n".join(f"%% {word('nouns', noun, locale)}\n{mermaid(noun, locale)}" for noun in LIVES)


# ── docs/process.md ──────────────────────────────────────────────────────────────────────────────────────────────────
def document() -> str:
    return HEAD + "".join(f"\n{part}" for noun in LIVES for part in _chapter(noun))


def _chapter(noun: str) -> Iterator[str]:
    yield f"## {word('nouns', noun, 'en')}\n"
    yield f"```mermaid\n{mermaid(noun)}```\n"
    yield COLUMNS + "\n" + "".join(f"{_line(row)}\n" for row in rows(noun, "en"))


def _line(row: Row) -> str:
    way = f"{', '.join(row.source)} → {row.target or 'same'}"
    may = f" ({', '.join(row.may)})" if row.may else ""
    cells = (str(row.n or ""), row.trigger, way.strip(), ", ".join(row.who), " ".join(row.needs),
             ", ".join(row.asks) + may)  # fmt: skip
    return f"| {' | '.join(cell.strip().replace('|', '/') for cell in cells)} |"


if __name__ == "__main__":
    if sys.argv[1:] == ["docs"]:
        DOCUMENT.write_text(document(), encoding="utf-8")
        DOCUMENT.with_name("rights.md").write_text(rights.document(), encoding="utf-8")
    else:
        sys.stdout.write(drawn())

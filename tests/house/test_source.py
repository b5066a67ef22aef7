"""What no line of the product does, whatever it is given: hazards that the source itself can answer for."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import signal
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import exports
import lessons

ROOT = Path(__file__).parents[2]
SOURCE = [one for room in ("lessons", "exports") for one in sorted((ROOT / room).rglob("*.py"))]
TEMPLATES = sorted((ROOT / "lessons/templates").rglob("*")) + sorted((ROOT / "exports").rglob("*.html"))
CALLS = {"eval", "exec", "os.system", "os.popen", "pickle.loads", "pickle.load", "marshal.loads", "yaml.load",
         "render_template_string", "flask.render_template_string", "__import__"}  # fmt: skip
SIZE = 50_000
SECONDS = 0.5
"""A pattern that goes back on itself takes minutes for 50,000 letters, an honest one milliseconds."""
OURS = ("lessons.post.looks", "lessons.settings")
"""They read our own templates, and what whoever runs the machine set."""
SIGNS = "a0 א\n"


@cache
def _calls() -> tuple[tuple[str, str, ast.Call], ...]:
    return tuple(
        (str(path.relative_to(ROOT)), ast.unparse(node.func), node)
        for path in SOURCE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
    )


def test_nothing_that_people_wrote_is_run_or_trusted() -> None:
    harm = [f"{where}: {name}" for where, name, _ in _calls() if name in CALLS]
    harm += [where for where, _, call in _calls() for one in call.keywords if one.arg == "shell"]
    trusting = re.compile(r"\|\s*safe\b|\{%-?\s*autoescape\s+false|Markup\(")
    harm += [str(path) for path in TEMPLATES if path.is_file() and path.suffix in (".html", ".txt", ".svg")
             and trusting.search(path.read_text())]  # fmt: skip
    assert harm == []


LOOKS = {"match": re.Pattern.match, "fullmatch": re.Pattern.fullmatch}


def _patterns() -> dict[tuple[str, str], re.Pattern[str]]:
    """Every pattern of ours with how it is used: those that modules keep, and those that stand where they are used."""
    used: dict[str, set[str]] = {}
    found: dict[tuple[str, str], re.Pattern[str]] = {}
    for _, name, call in _calls():
        of, _, way = name.rpartition(".")
        used.setdefault(of.rpartition(".")[2], set()).add(way if way in LOOKS else "search")
        first = call.args[0] if call.args else None
        if of == "re" and way != "compile" and isinstance(first, ast.Constant) and isinstance(first.value, str):
            found[first.value, way if way in LOOKS else "search"] = re.compile(first.value)
    for name, kept in _kept():
        for way in used.get(name, {"search"}):
            found[kept.pattern, way] = kept
    return found


def _kept() -> Iterator[tuple[str, re.Pattern[str]]]:
    for package in (lessons, exports):
        for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations." in one.name or one.name.endswith("__main__") or one.name in OURS:
                continue
            for name, kept in vars(importlib.import_module(one.name)).items():
                if isinstance(kept, re.Pattern) and isinstance(kept.pattern, str):
                    yield name, kept


def test_no_pattern_goes_back_on_itself_without_end() -> None:
    before = signal.signal(signal.SIGVTALRM, _enough)
    found = [one for (one, way), kept in _patterns().items() if _wanders(kept, LOOKS.get(way, re.Pattern.search))]
    signal.signal(signal.SIGVTALRM, before)
    assert found == []


def _enough(*_: object) -> None:
    raise TimeoutError


def _wanders(pattern: re.Pattern[str], look: Callable[[re.Pattern[str], str], object]) -> bool:
    """Whether it was still at it after half a second of one of these texts."""
    signs = dict.fromkeys(SIGNS + "".join(re.findall(r"[^\\\w\s]", pattern.pattern))[:20])
    try:
        for text in [sign * SIZE + "\0" for sign in signs] + [two * (SIZE // 2) for two in ("a ", "a1", ". ")]:
            signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
            look(pattern, text)
    except TimeoutError:
        return True
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return False

"""What the product says and which words a catalogue still lacks, read from the sources.

`python -m lessons.translations.extract update` adds what is missing as empty entries and drops what nobody says any
more; `python -m lessons.translations.extract` lists what is missing.

Sentences are `say("…")`, `say_n("…", "…")` in Python and `_('…')`, `ngettext('…', '…')` in templates; English says them
as they stand. Stored values are looked up by context in every language (`word(context, value)`):

    NOUN.state, NOUN.trigger, NOUN.event    a life's states, buttons, lines of history (NOUN as in LIVES: "lessons")
    field, hint                             what a form's field is called; a line of help, where there is one
    debrief_kind, direction, role, …        members of each enum of workflow/states.py, by its name in small letters
    severity, level                         "1" to "4", "1" to "3"
    noun, nouns                             one record, several records
    desk.state                              the same states as agents on the desk meet them, and what is theirs alone
    relation, duty, decision, notice        who holds what; what is owed; what a manager may decide; what one is told of
    lesson.lacks, name.where, result, …     see PLAIN in stored.py
"""

from __future__ import annotations

import ast
import sys
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes
from jinja2.ext import extract_from_ast

from lessons.translations.stored import Pair, pairs

# In the catalogue's head: Hebrew has one, two and many.
PLURALS = {"he": "nplurals=3; plural=(n==1 ? 0 : n==2 ? 1 : 2);", "en": "nplurals=2; plural=(n != 1);"}
HEAD = """msgid ""
msgstr ""
"Language: %s\\n"
"Plural-Forms: %s\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
LESSONS = Path(__file__).parent.parent
TEMPLATES = LESSONS / "templates"
Said = tuple[str, str | None]


# ── what is said ─────────────────────────────────────────────────────────────────────────────────────────────────────
class Sources(ast.NodeVisitor):
    """The sentences, words and fields of forms that one Python file names."""

    def __init__(self) -> None:
        self.said: set[Said] = set()
        self.words: set[Pair] = set()
        self.fields: set[str] = set()
        self.contexts: set[str] = set()
        self.faults: set[str] = set()

    def visit_Call(self, node: ast.Call) -> None:
        name = _name(node.func)
        if name == "say" and node.args:
            self.said |= {(text, None) for text in _texts(node.args[0])}
        elif name == "say_n" and len(node.args) > 1:
            self.said |= set(zip(_texts(node.args[0]), _texts(node.args[1]), strict=True))
        elif name == "Word" and len(node.args) > 1:
            self.words |= {(c, v) for c in _texts(node.args[0]) for v in _texts(node.args[1])}
            self.contexts |= set(_texts(node.args[0]))
        elif name == "tell" and len(node.args) > 2:
            self.words |= {("notice", kind) for kind in _texts(node.args[2])}
        elif name == "PydanticCustomError" and node.args:
            self.faults |= set(_texts(node.args[0]))
        self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        if {_name(base) for base in node.bases} & self.forms:
            self.forms.add(node.name)
            for line in node.body:
                if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                    self.fields.add(line.target.id)
        self.generic_visit(node)

    forms: set[str] = {"Asks"}  # noqa: RUF012 - a form that another file's form builds on is known in both


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _texts(node: ast.expr) -> list[str]:
    """The text that an argument is, or the texts of both arms of a condition."""
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body), *_texts(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


@cache
def sources() -> Sources:
    """Everything that Python files and templates say."""
    found = Sources()
    for path in sorted(LESSONS.rglob("*.py")):
        if "migrations" not in path.parts:
            found.visit(ast.parse(path.read_text(encoding="utf-8"), str(path)))
    for path in sorted(TEMPLATES.rglob("*")):
        if path.suffix in (".html", ".txt", ".svg", ".j2"):
            _read_template(path.read_text(encoding="utf-8"), found)
    return found


def _read_template(text: str, found: Sources) -> None:
    tree = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True).parse(text)
    for _, function, messages in extract_from_ast(tree, ("_", "gettext", "ngettext")):
        one, many = (*messages, None)[:2] if isinstance(messages, tuple) else (messages, None)
        if one is not None:
            found.said.add((one, many if function == "ngettext" else None))
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "word":
            given = [argument.value for argument in call.args if isinstance(argument, nodes.Const)]
            found.contexts |= set(given[:1]) if isinstance(call.args[0], nodes.Const) else set()
            found.words |= {(given[0], str(given[1]))} if len(given) > 1 else set()


@cache
def expected() -> tuple[set[Said], set[Pair]]:
    """The sentences and the stored values that need words."""
    found = sources()
    return found.said, found.words | pairs(found.fields)


# ── what is missing ──────────────────────────────────────────────────────────────────────────────────────────────────
def path_of(locale: str) -> Path:
    return LESSONS / "translations" / locale / "LC_MESSAGES" / "messages.po"


def read(locale: str) -> Catalog:
    path = path_of(locale)
    kept = path.read_bytes() if path.exists() else _head(locale)
    return read_po(BytesIO(kept), locale=locale)


def write(locale: str, catalogue: Catalog) -> None:
    """In the catalogue's own order, with a head that says nothing that changes by itself."""
    body = BytesIO()
    write_po(body, catalogue, width=120, no_location=True, omit_header=True)
    path_of(locale).parent.mkdir(parents=True, exist_ok=True)
    path_of(locale).write_bytes(_head(locale) + body.getvalue().strip() + b"\n")


def _head(locale: str) -> bytes:
    return (HEAD % (locale, PLURALS[locale])).encode()


def missing(locale: str) -> list[str]:
    """What is said and has no words in this language: sentences as they stand, stored values as context|value."""
    said, words = expected()
    catalogue = read(locale)
    lacking = [one for one, _ in said if locale != "en" and not _has(catalogue, one, None)]
    return sorted(
        [*lacking, *(f"{context}|{value}" for context, value in words if not _has(catalogue, value, context))]
    )


def _has(catalogue: Catalog, text: str, context: str | None) -> bool:
    forms = _forms(catalogue, text, context)
    return bool(forms) and all(forms)


def _forms(catalogue: Catalog, text: str, context: str | None) -> tuple[str, ...]:
    """The words of an entry: one, or as many as the language has numbers; none where the entry is not there."""
    entry = catalogue.get(text, context)
    if entry is None or not entry.string:
        return ()
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)


# ── keeping a catalogue whole ────────────────────────────────────────────────────────────────────────────────────────
def update(locale: str) -> int:
    """Write the catalogue with what is said and nothing else, in a lasting order. Returns how many lack words."""
    said, words = expected()
    old, new = read(locale), read_po(BytesIO(_head(locale)), locale=locale)
    for context, value in sorted(words | _hints(old)):
        new.add(value, "".join(_forms(old, value, context)), context=context)
    for one, many in sorted(said, key=lambda pair: pair[0]) if locale != "en" else ():
        kept = _forms(old, one, None)
        if many is None:
            new.add(one, kept[0] if len(kept) == 1 else "")
        else:
            new.add((one, many), kept if len(kept) > 1 else ("",) * old.num_plurals)
    write(locale, new)
    return len(missing(locale))


def _hints(catalogue: Catalog) -> set[Pair]:
    """Hints are given to whatever field needs one: those that are there stay."""
    return {("hint", str(m.id)) for m in catalogue if m.context == "hint" and m.string}


def main(arguments: list[str]) -> int:
    lacking = 0
    for locale in ("he", "en"):
        if arguments == ["update"]:
            lacking += update(locale)
        else:
            gaps = missing(locale)
            lacking += len(gaps)
            sys.stdout.write("".join(f"{locale}: {gap}\n" for gap in gaps))
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

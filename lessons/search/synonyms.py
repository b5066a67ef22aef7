"""An organisation's own synonyms as search uses them: a question's word stands for all that mean the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lessons.search.words import Term, query_terms

Groups = Sequence[Sequence[str]]
"""Words, or phrases of some, that mean the same; each group by itself."""


def widened(terms: Sequence[Term], q: str, groups: Groups) -> list[Term]:
    """The terms, where one of a group's words is asked for with those of the others beside it."""
    asked = {form for word in query_terms(q) for form in _forms(word)}
    found = list(terms)
    for group in groups:
        meant = [query_terms(words) for words in group]
        if any(words and all(asked & _forms(word) for word in words) for words in meant):
            also = [word for words in meant for word in words]
            found = [_with(term, also) if any(_forms(term) & _forms(w) for w in also) else term for term in found]
    return found


def _forms(term: Term) -> set[str]:
    return {*term.prefixes, *term.exact}


def _with(term: Term, also: Iterable[Term]) -> Term:
    prefixes = dict.fromkeys([*term.prefixes, *(one for other in also for one in other.prefixes)])
    exact = dict.fromkeys([*term.exact, *(one for other in also for one in other.exact)])
    return replace(term, prefixes=tuple(prefixes), exact=tuple(exact))

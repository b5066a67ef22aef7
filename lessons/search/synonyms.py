"""An organisation's own synonyms as search uses them: a question's word stands for all that mean the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from lessons.search.words import Term, query_terms

Groups = Sequence[Sequence[str]]
"""Words, or phrases of some, that mean the same; each group by itself."""


def widened(terms: Sequence[Term], q: str, groups: Groups) -> list[Term]:
    """The terms, where one of a group's words is asked for with those of the others beside it."""
    found = list(terms)
    for group in _asked(q, groups):
        also = [word for words in group.values() for word in words]
        found = [_with(term, also) if any(_forms(term) & _forms(w) for w in also) else term for term in found]
    return found


def instead(q: str, groups: Groups) -> list[tuple[str, str]]:
    """(words of the question, other words that mean the same), as the organisation spells them."""
    forms = _forms_of(q)
    pairs = (
        (one, other)
        for group in _asked(q, groups)
        for one in group
        if _is_asked(group[one], forms)
        for other in group
        if not _is_asked(group[other], forms)
    )
    return list(dict.fromkeys(pairs))


def _asked(q: str, groups: Groups) -> Iterator[Mapping[str, list[Term]]]:
    """The groups of which words are asked for, each with its words' terms."""
    forms = _forms_of(q)
    for group in groups:
        meant = {words: query_terms(words) for words in group}
        if any(_is_asked(terms, forms) for terms in meant.values()):
            yield meant


def _is_asked(terms: Sequence[Term], forms: set[str]) -> bool:
    return bool(terms) and all(forms & _forms(term) for term in terms)


def _forms_of(q: str) -> set[str]:
    return {form for word in query_terms(q) for form in _forms(word)}


def _forms(term: Term) -> set[str]:
    return {*term.prefixes, *term.exact}


def _with(term: Term, also: Iterable[Term]) -> Term:
    prefixes = dict.fromkeys([*term.prefixes, *(one for other in also for one in other.prefixes)])
    exact = dict.fromkeys([*term.exact, *(one for other in also for one in other.exact)])
    return replace(term, prefixes=tuple(prefixes), exact=tuple(exact))

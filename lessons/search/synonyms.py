"""An organisation's own synonyms as search uses them: a question's word stands for all that mean the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from lessons.search.words import Term, query_terms

Groups = Sequence[Sequence[str]]
"""Words, or phrases of some, that mean the same; each group by itself."""


def widened(terms: Sequence[Term], q: str, groups: Groups) -> list[Term]:
    """The terms, where one of a group's words is asked for with the others beside it. Of a phrase each word is widened:
    whatever means the same stands for all of them."""
    found, forms = list(terms), _forms_of(q)
    for group in _asked(q, groups):
        asked = {form for words in group.values() if _is_asked(words, forms) for word in words for form in _forms(word)}
        found = [_with(term, group) if _forms(term) & asked else term for term in found]
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


def _with(term: Term, group: Mapping[str, list[Term]]) -> Term:
    words = [term, *(meant[0] for meant in group.values() if len(meant) == 1)]
    prefixes = dict.fromkeys(one for word in words for one in word.prefixes)
    exact = dict.fromkeys(one for word in words for one in word.exact)
    phrases = tuple(tuple(meant) for meant in group.values() if len(meant) > 1)
    return replace(term, prefixes=tuple(prefixes), exact=tuple(exact), phrases=term.phrases + phrases)

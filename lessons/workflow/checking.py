"""Whether the tables of the process hold together: what `lessons process check` says, in English for whoever builds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from enum import StrEnum

from lessons.i18n import LOCALES, Sentence, gettext, has_word, ngettext
from lessons.workflow import action, asking, briefing, debrief, lesson, revision, shared, verification
from lessons.workflow.engine import Guard, Lifecycle, Step
from lessons.workflow.lives import BEGINNINGS, LIVES
from lessons.workflow.policy import KINDS

TABLES = (debrief, lesson, asking, action, briefing, revision, verification, shared)
# Opened by a room for people, not owed by a state: reading, and what readers say of a card.
OWED_BY_ROOMS = frozenset({"acknowledge_briefing", "answer_feedback"})


def problems(lives: Collection[Lifecycle] | None = None) -> list[str]:
    """Everything that does not hold together, a sentence each; empty where all is well."""
    looked_at = LIVES.values() if lives is None else lives
    found = [f"{life.noun}: {fault}" for life in looked_at for fault in _of_life(life)]
    return found if lives is not None else found + list(_of_all())


def _of_life(life: Lifecycle) -> Iterator[str]:
    yield from _ways(life)
    yield from _rivals(life)
    yield from _duties(life)
    yield from _fields(life)
    yield from _words(life)


# ── states and ways ──────────────────────────────────────────────────────────────────────────────────────────────────
def _ways(life: Lifecycle) -> Iterator[str]:
    met = _reached(life, life.initial)
    yield from (f"no way leads to the state “{state}”." for state in life.states if state not in met)
    if len(life.states) == 1:
        return
    for state in life.states:
        if state in life.live and _reached(life, [state]) <= life.live:
            yield f"from the state “{state}” no way leads to an end."


def _reached(life: Lifecycle, states: Collection[StrEnum]) -> set[StrEnum]:
    """These states and every state that can follow."""
    met, ahead = set(states), list(states)
    while ahead:
        here = ahead.pop()
        after = {step.target for step in life.steps if here in step.source and step.target is not None} - met
        met |= after
        ahead += after
    return met


def _rivals(life: Lifecycle) -> Iterator[str]:
    for (state, trigger), steps in life.by_source.items():
        if len(steps) > 1 and any(step.only is None for step in steps):
            yield f"“{trigger}” has several rows for the state “{state}” and nothing tells which of them counts."


# ── duties ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def _duties(life: Lifecycle) -> Iterator[str]:
    for owes in life.owes:
        if owes.kind not in KINDS:
            yield f"the duty “{owes.kind}” has no number in the policy."
        open_in = {state: {step.trigger for step in life.steps if state in step.source} for state in owes.states}
        known = set().union(*open_in.values())
        yield from (
            f"nothing can fire “{name}”, which fulfils the duty “{owes.kind}”." for name in owes.by if name not in known
        )
        yield from (
            f"in the state “{state}” nothing fulfils the duty “{owes.kind}”."
            for state, open_ in open_in.items()
            if not open_ & set(owes.by)
        )


def _of_all() -> Iterator[str]:
    owed = {owes.kind for life in LIVES.values() for owes in life.owes} | OWED_BY_ROOMS
    yield from (f"the policy has numbers for “{kind}”, which nothing owes." for kind in KINDS if kind not in owed)
    asked = {id(guard) for life in LIVES.values() for step in life.steps for guard in step.needs}
    for module in TABLES:
        for name, value in vars(module).items():
            if isinstance(value, Guard) and id(value) not in asked:
                yield f"no step asks for the guard “{name}” of {module.__name__}."


def _fields(life: Lifecycle) -> Iterator[str]:
    """Whatever a guard says that it is met by stands in the form that people are given."""
    own = next((step.asks for step in life.steps if step.trigger == "edit"), None)
    for step in life.steps:
        for guard in step.needs:
            form = step.asks if guard.asked else own
            yield from (
                f"“{step.trigger}”: no field “{name}” meets the guard “{guard.name}”."
                for name in guard.met_by
                if step.by_people and (form is None or name not in form.model_fields)
            )


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _words(life: Lifecycle) -> Iterator[str]:
    wanted = [(f"{life.noun}.state", state.value) for state in life.states]
    wanted += [(f"{life.noun}.{what}", name) for name in _triggers(life) for what in ("trigger", "event")]
    wanted += [("relation", who) for step in life.steps for who in step.by]
    wanted += [("duty", owes.kind) for owes in life.owes]
    for context, value in dict.fromkeys(wanted):
        lacking = [locale for locale in LOCALES if not has_word(context, value, locale)]
        if lacking:
            yield f"“{value}” ({context}) has no word in: {', '.join(lacking)}."
    yield from _sentences(life.steps)


def _triggers(life: Lifecycle) -> tuple[str, ...]:
    born = (step.trigger for step in BEGINNINGS.get(life.noun, ()))
    return (*born, *life.triggers)


def _sentences(steps: Collection[Step]) -> Iterator[str]:
    guards = {guard.name: guard for step in steps for guard in step.needs}
    for guard in guards.values():
        for locale in LOCALES:
            if locale != "en" and not _is_said(guard.sentence, locale):
                yield f"the guard “{guard.name}” has no sentence in: {locale}."


def _is_said(sentence: Sentence, locale: str) -> bool:
    if sentence.plural:
        return ngettext(sentence.text, sentence.plural, 1, locale) != sentence.text
    return gettext(sentence.text, locale) != sentence.text

"""Whatever people do, in whatever order, the promises hold: told after every step, and once more about everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access import actor_of
from lessons.models import Person
from lessons.settings import Settings
from tests.walks import promises
from tests.walks.promises import Hands
from tests.walks.walker import Walker

EACH = 10
"""After so many moves everything is looked at, after each of them the decisions that were taken."""
WALKS = [
    *(pytest.param("sqlite", seed, 200) for seed in (3, 14, 15, 92)),
    pytest.param("postgresql", 65, 100, marks=pytest.mark.postgres),
]


@pytest.mark.parametrize(("kind", "seed", "moves"), WALKS)
def test_the_promises_hold_wherever_a_village_walks(settings: Settings, seed: int, moves: int) -> None:
    walker, hands = Walker(seed, small=seed % 2 == 0), Hands()
    for n in range(1, moves + 1):
        before = len(walker.story)
        walker.move()
        keeps(walker, hands.look, since=before)
        if n % EACH == 0 or n == moves:
            keeps(walker, lambda session: everything(session, walker), since=max(0, before - 4 * EACH))
    keeps(walker, lambda session: moved_by_somebody(session, walker), since=0)
    assert walker.done > moves / 3, "this walk stood still"


def keeps(walker: Walker, look: Callable[[Session], Iterator[str]], *, since: int) -> None:
    with db.reading() as session:
        broken = list(look(session))
    assert not broken, "\n".join([*walker.story[since:], "broken:", *broken])


def everything(session: Session, walker: Walker) -> Iterator[str]:
    return chain(
        promises.history_tells_the_state(session),
        promises.duties_are_what_is_owed(session, walker.at),
        promises.decisions_are_of_what_is_late(session),
        promises.dates_have_their_lines(session),
        promises.one_text_is_in_force(session),
        promises.everything_can_go_on(session, walker.at),
    )


def moved_by_somebody(session: Session, walker: Walker) -> Iterator[str]:
    here = session.scalars(sa.select(Person).where(Person.closed_at.is_(None)).order_by(Person.id)).all()
    actors = [actor_of(session, person, at=walker.at) for person in here]
    return promises.somebody_can_move_it(session, walker.at, actors)

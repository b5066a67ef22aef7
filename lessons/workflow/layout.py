"""Where the states of a life stand in its drawing and how the ways between them run. In pixels, left to right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from lessons.workflow.engine import Lifecycle
from lessons.workflow.telling import numbers

WIDTH, HEIGHT, GAP, MARGIN, LANE = 132, 54, 36, 10, 15
ASIDE = 7  # what comes from beneath stands a little aside, so that no line runs on in another
FEW = 3
STRAIGHT, ABOVE, BELOW = "straight", "above", "below"


BACK = "undo_import"
"""Takes back what came in: no way onward."""


@dataclass
class Bus:
    """All ways into one state that run on one side of the main line: they share a lane, and enter it by one arrow."""

    target: str
    side: str
    ways: dict[str, tuple[int, ...]] = field(default_factory=dict)
    lane: int = 0


class Layout:
    """The main line is the states in their order as long as each leads to the next; the others stand beneath it."""

    def __init__(self, life: Lifecycle) -> None:
        self.life = life
        self.states = [state.value for state in life.states]
        self.ways = _ways(life)

    @cached_property
    def main(self) -> list[str]:
        line, onward = self.states[:1], [step for step in self.life.steps if step.trigger != BACK]
        for here, after in pairwise(self.states):
            if not any(here in step.source and step.target == after for step in onward):
                break
            line.append(after)
        return line

    @cached_property
    def column(self) -> dict[str, int]:
        """Every state's column: an end stands beneath the middle of the states that lead to it, or next to that."""
        found = {state: n for n, state in enumerate(self.main)}
        taken: set[int] = set()
        for state in self.states[len(self.main) :]:
            before = [found[source] for source, target in self.ways if target == state and source in self.main]
            wish = sum(before) / len(before) if before else 0
            free = (n for n in range(len(self.states)) if n not in taken)
            found[state] = min(free, key=lambda n, wish=wish: (abs(n - wish), n))  # type: ignore[misc]  # wish is of now
            taken.add(found[state])
        return found

    @cached_property
    def buses(self) -> list[Bus]:
        found: dict[tuple[str, str], Bus] = {}
        for (source, target), ns in self.ways.items():
            side = self.side(source, target)
            if side != STRAIGHT:
                found.setdefault((target, side), Bus(target, side)).ways[source] = ns
        buses = sorted(found.values(), key=self._length)
        for bus in buses:
            bus.lane = _free_lane(
                self._span(bus), [(b.lane, self._span(b)) for b in buses if b.side == bus.side and b.lane]
            )
        return buses

    def side(self, source: str, target: str) -> str:
        if source not in self.main or target not in self.main:
            return BELOW
        return STRAIGHT if self.column[target] - self.column[source] == 1 else ABOVE

    def lanes(self, side: str) -> int:
        return max((bus.lane for bus in self.buses if bus.side == side), default=0)

    # ── places ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def left(self, state: str) -> float:
        return MARGIN + self.column[state] * (WIDTH + GAP)

    def top(self, state: str) -> float:
        first = MARGIN + (self.lanes(ABOVE) + 1) * LANE if self.lanes(ABOVE) else MARGIN
        return first if state in self.main else first + HEIGHT + (self.lanes(BELOW) + 2) * LANE

    def lane(self, bus: Bus) -> float:
        first = self.top(self.main[0])
        return first - bus.lane * LANE if bus.side == ABOVE else first + HEIGHT + (bus.lane + 0.5) * LANE

    def port(self, state: str, bus: Bus) -> tuple[float, float]:
        """Where the bus meets the state's edge: its ports are spread over the width, those to the left on the left."""
        under = bus.side == BELOW and state in self.main
        return self._across(self._plumb(bus) or state, bus), self.top(state) + (HEIGHT if under else 0)

    def _across(self, state: str, bus: Bus) -> float:
        meeting = sorted(self._meeting(state, bus.side), key=lambda b: (self._lean(state, b), b.lane))
        at = self.left(state) + WIDTH * (meeting.index(bus) + 1) / (len(meeting) + 1)
        return at if state in self.main else at - ASIDE

    def _meeting(self, state: str, side: str) -> list[Bus]:
        return [bus for bus in self.buses if bus.side == side and (state == bus.target or state in bus.ways)]

    def _plumb(self, bus: Bus) -> str:
        """The state of the main line that a single way leads straight down from, or up to; else "". Where many ways
        meet, each keeps its own port instead."""
        ends = [*bus.ways, bus.target]
        straight = len(ends) == 2 and self.column[ends[0]] == self.column[ends[1]]
        few = all(len(self._meeting(state, bus.side)) <= FEW for state in ends if state not in self.main)
        return next((state for state in ends if straight and few and state in self.main), "")

    @property
    def width(self) -> float:
        return 2 * MARGIN + (max(self.column.values()) + 1) * (WIDTH + GAP) - GAP

    @property
    def height(self) -> float:
        return max(self.top(state) for state in self.states) + HEIGHT + MARGIN

    def _lean(self, state: str, bus: Bus) -> float:
        others = [self.column[s] for s in (*bus.ways, bus.target) if s != state]
        return sum(others) / len(others) - self.column[state]

    def _span(self, bus: Bus) -> tuple[int, int]:
        columns = [self.column[state] for state in (*bus.ways, bus.target)]
        return min(columns), max(columns)

    def _length(self, bus: Bus) -> tuple[int, int]:
        low, high = self._span(bus)
        return high - low, low


def _ways(life: Lifecycle) -> dict[tuple[str, str], tuple[int, ...]]:
    """From state to state, by the numbers of the triggers that lead there."""
    found: dict[tuple[str, str], list[int]] = {}
    ns = numbers(life.noun)
    for step in life.steps:
        for source in step.source:
            if step.target is not None and step.target != source:
                found.setdefault((source.value, step.target.value), []).append(ns[step.trigger])
    return {way: tuple(dict.fromkeys(triggers)) for way, triggers in found.items()}


def _free_lane(span: tuple[int, int], taken: Iterable[tuple[int, tuple[int, int]]]) -> int:
    """The lane nearest to the main line that nothing of this span uses."""
    used = {lane for lane, (low, high) in taken if low <= span[1] and span[0] <= high}
    return next(lane for lane in range(1, len(used) + 2) if lane not in used)

"""Did it work: linked cases over time around what was changed, cycles beside each other, and the verdict in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from lessons import web
from lessons.i18n import Sentence, Word, say
from lessons.models import Verification
from lessons.repository.queries import Story
from lessons.workdays import moved
from lessons.workflow.states import Preset, VerificationState

BEFORE, AFTER = 56, 182  # days that are drawn before the first change and after the last
MOST = 18  # weeks side by side; longer stretches are told by months
DECIDED = (VerificationState.EFFECTIVE, VerificationState.NOT_EFFECTIVE, VerificationState.INCONCLUSIVE)
WITH_AIM = say("Before: %(before)s. After: %(after)s. The aim: %(aim)s.")
WITHOUT_AIM = say("Before: %(before)s. After: %(after)s.")
LEGEND = {1: say("before the first change"), 2: say("between changes"), 3: say("since the last change")}


def number(value: float | None) -> str:
    """Without a needless .0; nothing for nothing."""
    return "" if value is None else f"{value:g}"


def measure(v: Any) -> Word | str:
    """What is measured, in words: as it was written, else what its preset says."""
    return v.measure or v.method or (Word("preset", v.preset.value) if v.preset else "")


def outcome(found: Story, ways: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    proofs = [proof(found, v) for v in found.verifications]
    drawn = curve(found)
    return {
        "proofs": proofs,
        "cycles": cycles(found, proofs, ways) if proofs and found.lesson.cycle > 1 else [],
        "verdict": next((one for one in reversed(proofs) if one["decided"]), None),
        "next_proof": next((one for one in reversed(proofs) if not one["decided"]), None),
        "curve": drawn,
        "measured": None if drawn else measured(found),
    }


def proof(found: Story, v: Verification) -> dict[str, Any]:
    return {
        "href": f"/verifications/{v.code}",
        "code": v.code,
        "cycle": v.cycle,
        "state": web.state_of(v),
        "measure": measure(v),
        "before": number(v.baseline) or (say("unknown") if v.baseline_unknown else ""),
        "target": number(v.target),
        "after": number(v.measured),
        "told": told(v),
        "verifier": web.name_of(found.person(v.verifier_id)),
        "due": web.when(v.due_on) if v.due_on else "",
        "on": web.when(v.concluded_at) if v.concluded_at else "",
        "decided": v.state in DECIDED,
        "words": v.words,
    }


def told(v: Verification) -> Sentence | str:
    """The numbers in a sentence that claims no cause."""
    if v.measured is None:
        return ""
    before = number(v.baseline) or say("unknown")
    sentence = WITHOUT_AIM if v.target is None else WITH_AIM
    return sentence.with_(before=before, after=number(v.measured), aim=number(v.target))


def measured(found: Story) -> dict[str, Any] | None:
    """What the last check measured, where no cases tell of it."""
    both = [v for v in found.verifications if v.baseline is not None and v.measured is not None]
    if not both:
        return None
    v = both[-1]
    before, after = say("Before"), say("After")
    return {
        "points": [
            {"label": before, "value": v.baseline, "word": number(v.baseline)},
            {"label": after, "value": v.measured, "word": number(v.measured), "period": 3},
        ],
        "rows": [[before, number(v.baseline)], [say("Aim"), number(v.target)], [after, number(v.measured)]],
        "aim": v.target,
        "measure": v.measure or v.method,
    }


def cycles(
    found: Story, proofs: Sequence[Mapping[str, Any]], ways: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """What was tried in each cycle, and its result."""
    last = {one["cycle"]: one for one in proofs}
    return [
        {"n": n, "tried": [way for way in ways if way["cycle"] == n], "proof": last.get(n)}
        for n in range(1, found.lesson.cycle + 1)
    ]


# ── the curve ────────────────────────────────────────────────────────────────────────────────────────────────────────
def curve(found: Story) -> dict[str, Any] | None:
    """Linked cases by week, or by month; None where none is linked."""
    days = [found.units.today(found.lesson.unit_id, at) for at in found.case_moments]
    if not days:
        return None
    watched = {v.cycle: v for v in reversed(found.verifications) if v.from_on}
    marks = sorted(v.from_on for v in watched.values() if v.from_on)
    edges = _edges(days, marks, web.today())
    last = marks[-1] if found.lesson.cycle in watched else None
    counts, several = _counted(days, edges), len(edges) > 10
    monthly = edges[1] - edges[0] > timedelta(days=7)
    periods = [_period(first, marks, last) for first in edges[:-1]]
    points = [
        {"label": "" if several and n % 2 else _label(first, monthly=monthly), "value": counts[n],
         "period": periods[n]}
        for n, first in enumerate(edges[:-1])
    ]  # fmt: skip
    aim = next((v for v in reversed(found.verifications) if _counts_cases(v, days)), None)
    return {
        "points": points,
        "marks": [
            {"at": _place(v.from_on, edges), "note": _label(v.from_on), "label": _mark(found, n)}
            for n, v in sorted(watched.items())
            if v.from_on
        ],
        "aim": aim.target * (30 if monthly else 7) / aim.watch_days if aim and aim.target is not None else None,
        "aim_is": (number(aim.target), aim.watch_days) if aim else None,
        "rows": [[_label(first, monthly=monthly), counts[n]] for n, first in enumerate(edges[:-1])],
        "monthly": monthly,
        "legend": [{"period": n, "text": LEGEND[n]} for n in sorted(set(periods))] if marks else [],
    }  # fmt: skip


def _mark(found: Story, cycle: int) -> Sentence:
    return say("cycle %(n)s", n=cycle) if found.lesson.cycle > 1 else say("watched since")


def _edges(days: Sequence[date], marks: Sequence[date], today: date) -> list[date]:
    """The first day of every period, and the day after the last one. Weeks are counted from the first change."""
    first = max(min(days), moved(marks[0], -BEFORE)) if marks else max(min(days), moved(today, -7 * MOST + 7))
    first = min(first, marks[0]) if marks else first
    until = min(moved(today, 1), moved(marks[-1], AFTER)) if marks else moved(today, 1)
    anchor = marks[0] if marks else until
    start = moved(anchor, -7 * -(-(anchor - first).days // 7))
    weeks = max(-(-(until - start).days // 7), 1)
    if weeks <= MOST:
        return [moved(start, 7 * n) for n in range(weeks + 1)]
    return list(_months(first, until))


def _months(first: date, until: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month < until:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)
    yield month


def _counted(days: Sequence[date], edges: Sequence[date]) -> list[int]:
    by_day = Counter(days)
    return [sum(n for day, n in by_day.items() if first <= day < until) for first, until in pairwise(edges)]


def _period(first: date, marks: Sequence[date], last: date | None) -> int:
    """1 before the first change, 3 since the one that is watched now, 2 between them."""
    if last is not None and first >= last:
        return 3
    return 1 if not marks or first < marks[0] else 2


def _place(day: date | None, edges: Sequence[date]) -> float:
    """Where the day lies among the periods, in periods."""
    for n, (first, until) in enumerate(pairwise(edges)):
        if day is not None and first <= day < until:
            return n + (day - first) / (until - first)
    return float(len(edges) - 1)


def _label(day: date | None, *, monthly: bool = False) -> str:
    if day is None:
        return ""
    return f"{day.month}.{day:%y}" if monthly else f"{day.day}.{day.month}"


def _counts_cases(v: Verification, days: Sequence[date]) -> bool:
    """Whether its aim is a number of linked cases: by its preset, or because its number before is counted of them."""
    if v.target is None or v.from_on is None or not v.watch_days:
        return False
    since = moved(v.from_on, -v.watch_days)
    return v.preset == Preset.DID_NOT_COME_BACK or v.baseline == sum(since <= day < v.from_on for day in days)

"""Verifications: did it work, measured, after a watch period, by someone who did not do it."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlmodel import Field

from lessons.models.base import Record, choice, json, long_text, moment, ref
from lessons.workflow.states import Preset, VerificationState


class Verification(Record, table=True):
    """`attempt` counts within a cycle: a second follows an inconclusive one. `watch_days` are calendar days."""

    __tablename__ = "verifications"
    noun: ClassVar[str] = "verifications"

    state: VerificationState = choice(VerificationState, index=True)
    lesson_id: int = ref("lessons", optional=False)
    cycle: int = 1
    attempt: int = 1
    preset: Preset | None = choice(Preset, optional=True)
    method: str = Field(default="", max_length=300)
    measure: str = Field(default="", max_length=300)
    baseline: float | None = None
    baseline_unknown: str = long_text()
    target: float | None = None
    watch_days: int = 30
    verifier_id: int | None = ref("persons")
    from_on: date | None = None
    due_on: date | None = Field(default=None, index=True)
    result: str = Field(default="", max_length=16)
    measured: float | None = None
    sample: int | None = None
    words: str = long_text()
    evidence: str = long_text()
    attached: dict[str, object] = json()
    concluded_at: datetime | None = moment()
    concluded_by_id: int | None = ref("persons")

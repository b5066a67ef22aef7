"""Whatever a program sends to an address that is described: an answer that is described too, and no fault of ours."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st

from lessons.workflow.lives import LIVES
from tests.doors.calling import Programs, at_work
from tests.screens.filling import here
from tests.walking import Walk

EXAMPLES = int(os.environ.get("LESSONS_FUZZ", "1"))
"""How often each address is asked, as described and otherwise; more where somebody has the time."""


@pytest.fixture
def names(programs: Programs) -> list[str]:
    """What is there to be asked for: a record of each noun in its first state, a person, a unit."""
    with at_work(programs.village) as village:
        walk = Walk(village)
        rows = [walk.record(noun, next(iter(life.states)).value) for noun, life in LIVES.items()]
        programs.clock.at = walk.at
        return [*(row.code for row in rows), village.dana.pid, "CUS"]


@here
def test_nothing_that_is_sent_breaks_an_address(programs: Programs, names: list[str]) -> None:
    import schemathesis  # it takes seconds to load, in each process that collects this file

    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", programs.app)
    found = [one for each in schema.get_all_operations() for one in _asked(each.ok(), programs, names)]
    assert found == []


def _asked(operation: Any, programs: Programs, names: list[str]) -> list[str]:
    from schemathesis.checks import not_a_server_error
    from schemathesis.core.failures import FailureGroup
    from schemathesis.specs.openapi import checks as told

    found: list[str] = []
    holds = [not_a_server_error, told.status_code_conformance, told.content_type_conformance,
             told.response_schema_conformance]  # fmt: skip

    @seed(EXAMPLES)
    @settings(max_examples=EXAMPLES, database=None, deadline=None, phases=[Phase.generate],
              verbosity=Verbosity.quiet, suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.data())
    def ask(data: st.DataObject) -> None:
        for case in _cases(operation, data, names):
            answer = case.call(headers={"Authorization": f"Bearer {programs.tokens['naomi']}"})
            try:
                case.validate_response(answer, checks=holds)
            except FailureGroup as group:
                found.extend(f"{case.as_curl_command()}: {one}" for one in group.exceptions)

    ask()
    return found


def _cases(operation: Any, data: st.DataObject, names: list[str]) -> Iterator[Any]:
    """One that fits the description and, where there is anything to get wrong, one that does not; three of four ask
    for something that is there."""
    from schemathesis import GenerationMode

    for way in GenerationMode.POSITIVE, GenerationMode.NEGATIVE:
        if way is GenerationMode.NEGATIVE and not (operation.body or operation.path_parameters or operation.query):
            return
        case = data.draw(operation.as_strategy(generation_mode=way))
        for name in case.path_parameters:
            if data.draw(st.integers(0, 3)):
                case.path_parameters[name] = data.draw(st.sampled_from(names))
        yield case

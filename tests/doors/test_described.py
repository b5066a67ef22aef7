"""The description says of a body what the API says of it: what fits the one is taken by the other, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doors.calling import Programs

ONE = {"external_id": "CRM/1", "text": "חויבתי שוב"}
FITS = [
    ONE,
    {**ONE, "channel": "phone", "opened_at": "2026-01-30T09:30:00Z", "unit": None, "category": "a/b"},
    {"items": [ONE]},
    {"items": [{**ONE, "external_id": f"CRM/{n}"} for n in range(3)]},
]
DOES_NOT = [
    {},
    {"external_id": "CRM/1"},
    {**ONE, "colour": "red"},
    {**ONE, "text": 7},
    {**ONE, "items": [ONE]},
    {"items": []},
    {"items": ONE},
    {"items": [{"text": "חויבתי שוב"}]},
    {"items": [{**ONE, "colour": "red"}]},
    {"items": [ONE], "colour": "red"},
    {"items": [ONE] * 10_001},
]


@pytest.fixture
def told(programs: Programs) -> dict[str, Any]:
    answer: dict[str, Any] = programs.nobody().get("/openapi.json").body
    return answer


@pytest.mark.parametrize("body", [*FITS, *DOES_NOT], ids=lambda body: str(body)[:60])
def test_a_case_and_a_batch_of_them_are_taken_as_they_are_described(
    programs: Programs, told: dict[str, Any], body: dict[str, Any]
) -> None:
    asked = told["paths"]["/cases"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    answer = programs.avi.post("/cases", body)
    assert (body in FITS) == fits(body, asked, told) == (answer.status == 201)
    answered = told["paths"]["/cases"]["post"]["responses"]["2XX"]["content"]["application/json"]["schema"]
    if body in FITS:
        assert answer.status == 201
        assert {one["$ref"].rsplit("/", 1)[-1] for one in answered["anyOf"]} == {"Item", "Entered"}
        if "items" in body:
            assert set(told["components"]["schemas"]["Entered"]["properties"]) == set(answer.body)
    else:
        assert answer.status == 422


def fits(value: Any, schema: Any, told: dict[str, Any]) -> bool:
    """Whether a value is as a schema of ours says: as much of JSON Schema as the forms use."""
    if "$ref" in schema:
        return fits(value, told["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]], told)
    for some in ("oneOf", "anyOf"):
        if some in schema and sum(fits(value, one, told) for one in schema[some]) < 1:
            return False
    if "oneOf" in schema and sum(fits(value, one, told) for one in schema["oneOf"]) > 1:
        return False
    return _is_kind(value, schema.get("type")) and _holds(value, schema, told)


def _is_kind(value: Any, kind: str | None) -> bool:
    kinds: dict[str, Any] = {"object": dict, "array": list, "string": str, "integer": int, "null": type(None)}
    return kind is None or isinstance(value, kinds[kind])


def _holds(value: Any, schema: Any, told: dict[str, Any]) -> bool:
    if isinstance(value, list):
        most = schema.get("maxItems", len(value))
        in_size = schema.get("minItems", 0) <= len(value) <= most
        return in_size and all(fits(one, schema.get("items", {}), told) for one in value[:most])
    if not isinstance(value, dict):
        return True
    known = schema.get("properties", {})
    whole = set(schema.get("required", [])) <= set(value)
    alone = schema.get("additionalProperties", True) is not False or set(value) <= set(known)
    return whole and alone and all(fits(value[name], known[name], told) for name in value if name in known)

"""What every application and every engine of a test run makes alike is made once a process: half of its time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine, Pool, QueuePool
from werkzeug.routing import Rule

from lessons import db
from lessons.settings import Settings
from tests.databases import SHARED


@contextmanager
def compiled() -> Iterator[None]:
    """Templates, statements and addresses are compiled once."""
    with ExitStack() as open_, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": _Templates()})
        patch.setattr(db, "make_engine", _alike(db.make_engine, open_))
        patch.setattr(Rule, "compile", _addresses(Rule.compile))
        yield


class _Templates(BytecodeCache):
    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.known:
            bucket.bytecode_from_string(self.known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key] = bucket.bytecode_to_string()


def _alike(make: Callable[[Settings], Engine], open_: ExitStack) -> Callable[[Settings], Engine]:
    """An engine keeps the statements that it compiled by its dialect: engines of one kind are given the dialect and the
    memory of the first that was connected. Those of the database that tests share are given its connections too, which
    take longer to open than most tests."""
    first: dict[str, Engine] = {}
    pools: dict[str, Pool] = {}

    def made(settings: Settings) -> Engine:
        engine = make(settings)
        if engine.url.database == SHARED:
            pool = pools.get(settings.database_url)
            if isinstance(pool, QueuePool) and pool.checkedout():  # somebody keeps one: it is theirs
                pool.dispose()
                pool = None
            if pool is None:
                pool = pools[settings.database_url] = engine.pool
                open_.callback(pool.dispose)
            engine.pool = pool
            engine.__dict__["dispose"] = _stay_open
        before = first.setdefault(engine.name, engine)
        if before.dialect.server_version_info is None:  # nobody ever connected it
            first[engine.name] = engine
        else:
            engine.dialect = engine.pool._dialect = before.dialect
            engine._compiled_cache = before._compiled_cache
        return engine

    return made


def _stay_open(*, close: bool = True) -> None:
    """The next test goes on with these connections."""


def _addresses(compile_: Callable[[Rule], None]) -> Callable[[Rule], None]:
    """What finds an address and what builds it are the same for equal rules, whichever application they belong to."""
    known: dict[Any, Rule] = {}

    def compiled(rule: Any) -> None:
        key = rule.rule, rule.host, rule.subdomain, rule.merge_slashes, rule.map.host_matching
        if rule.defaults or key not in known:
            compile_(rule)
            if not rule.defaults:
                known[key] = rule
            return
        before: Any = known[key]
        rule._parts, rule._trace, rule._converters = before._parts, before._trace, before._converters
        rule.arguments = before.arguments
        rule._build = before._build.__func__.__get__(rule)
        rule._build_unknown = before._build_unknown.__func__.__get__(rule)

    return compiled

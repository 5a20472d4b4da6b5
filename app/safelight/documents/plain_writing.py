"""Domain values as plain JSON values, the way ``formats.plain`` says and reads again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, cast

from safelight.domain.acts import ACT_CONTENTS, act_text

from .jcs import canonical
from .times import rfc3339

_Writer = Callable[[Any], Any]


def to_plain(value: Any) -> Any:
    """The plain JSON value of a domain value; equal values give equal results."""
    of = type(value)
    return (_WRITERS.get(of) or _writer(of))(value)


def dump(value: Any) -> bytes:
    """The RFC 8785 bytes of ``to_plain(value)``."""
    return canonical(to_plain(value))


_WRITERS: dict[Any, _Writer] = {}
"""How values of exactly one class are written; decided once per class."""


def _same(value: Any) -> Any:
    return value


def _by_value(value: Any) -> Any:
    return value.value


def _writer(kind: Any) -> _Writer:
    found = _WRITERS.get(kind)
    if found is None:
        found = _WRITERS[kind] = _make_writer(kind)
    return found


def _make_writer(kind: Any) -> _Writer:
    if kind in (str, int, bool, type(None)):
        return _same
    if kind is datetime:
        return rfc3339
    if kind is date:
        return date.isoformat
    if kind in ACT_CONTENTS:
        return act_text
    if is_dataclass(kind):
        return _object_writer(cast(type, kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _by_value
    if kind is tuple or kind is list:
        return lambda value: [to_plain(each) for each in value]
    if kind is frozenset or kind is set:
        return lambda value: sorted(to_plain(each) for each in value)
    if isinstance(kind, type) and issubclass(kind, Mapping):
        return lambda value: {key: to_plain(each) for key, each in value.items()}
    raise TypeError(f"{kind.__name__} has no plain form")


def _object_writer(kind: type) -> _Writer:
    names = [(each.name, each.metadata.get("added-later")) for each in fields(cast(Any, kind))]

    def write(value: Any) -> dict[str, Any]:
        made = {}
        for name, later in names:
            inner = getattr(value, name)
            of = type(inner)
            if inner is not None or not later:
                made[name] = inner if of is str or inner is None else (_WRITERS.get(of) or _writer(of))(inner)
        return made

    return write

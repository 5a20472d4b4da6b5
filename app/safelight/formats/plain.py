"""The codec between the domain's frozen dataclasses and plain JSON values: strict going in, canonical going out.

How each type is written: text, whole numbers and truth values as they are; an enum by its value; a day as
``2026-05-01``, a time as ``2026-05-01T10:14:32Z``; a tuple as a list; a frozenset as a sorted list; a mapping with text
keys and a dataclass as an object, every field named; None as null (a field of ``domain/later.py`` not at all).

On the way in every key and every value is checked against the class: unknown or missing keys (a field with a default
may be missing), wrong types and values a class refuses are all reported together, each with its path.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from safelight.domain.errors import Malformed, SafelightError

from .jcs import MAX_INTEGER, canonical
from .reading import Faults, parse_json, pointer
from .times import parse_day, parse_time, rfc3339

T = TypeVar("T")
_Writer = Callable[[Any], Any]
_Reader = Callable[[Any, str, Faults], Any]
_BAD: Any = object()
"""What a reader returns after it noted a fault; never part of a result, because any fault raises at the end."""


def to_plain(value: Any) -> Any:
    """The plain JSON value of a domain value; equal values give equal results."""
    of = type(value)
    return (_WRITERS.get(of) or _writer(of))(value)


def dump(value: Any) -> bytes:
    """The RFC 8785 bytes of ``to_plain(value)``."""
    return canonical(to_plain(value))


def from_plain(cls: type[T], raw: Any, path: str = "", what: str = "") -> T:
    """The ``cls`` that ``raw`` says; raises :class:`Malformed` with every fault, each under ``path``.

    ``what`` names the thing in the error; the class's name when empty.
    """
    faults = Faults(what or cls.__name__)
    value = _reader(cls)(raw, path, faults)
    faults.raise_any()
    return cast(T, value)


def load(cls: type[T], untrusted: bytes, what: str) -> T:
    """The ``cls`` in the JSON bytes ``untrusted``; raises :class:`Malformed` and nothing else."""
    return from_plain(cls, parse_json(untrusted, what), "", what)


# Writing ---------------------------------------------------------------------------------------------------------


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


# Reading ---------------------------------------------------------------------------------------------------------


def _read_text(raw: Any, path: str, faults: Faults) -> Any:
    if type(raw) is str:
        return raw
    faults.add(path, "must be text")
    return _BAD


def _read_int(raw: Any, path: str, faults: Faults) -> Any:
    if type(raw) is int and -MAX_INTEGER <= raw <= MAX_INTEGER:
        return raw
    faults.add(path, "must be a whole number")
    return _BAD


def _read_bool(raw: Any, path: str, faults: Faults) -> Any:
    if type(raw) is bool:
        return raw
    faults.add(path, "must be true or false")
    return _BAD


def _read_none(raw: Any, path: str, faults: Faults) -> Any:
    if raw is None:
        return None
    faults.add(path, "must be null")
    return _BAD


def _through(parse: Callable[[str], Any], form: str) -> _Reader:
    def read(raw: Any, path: str, faults: Faults) -> Any:
        if type(raw) is str:
            try:
                return parse(raw)
            except Malformed:
                pass
        faults.add(path, f"must be {form}")
        return _BAD

    return read


_READERS: dict[Any, _Reader] = {}
"""How a plain value becomes one type (a class or a type hint); decided once per type."""


def _reader(kind: Any) -> _Reader:
    found = _READERS.get(kind)
    if found is None:
        found = _READERS[kind] = _make_reader(kind)
    return found


def _make_reader(kind: Any) -> _Reader:
    kind = getattr(kind, "__supertype__", kind)  # a NewType reads as what it stands on
    simple: dict[Any, _Reader] = {
        str: _read_text,
        int: _read_int,
        bool: _read_bool,
        type(None): _read_none,
        datetime: _through(parse_time, "a time like 2026-05-01T10:14:32Z"),
        date: _through(parse_day, "a day like 2026-05-01"),
    }
    if kind in simple:
        return simple[kind]
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _optional_reader(inner)
    if origin is tuple and inner:
        return _list_reader(inner[0], tuple) if inner[1:] == (Ellipsis,) else _row_reader(inner)
    if origin is frozenset:
        return _list_reader(inner[0], frozenset)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping_reader(inner[1])
    if is_dataclass(kind):
        return _object_reader(cast(type, kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _enum_reader(kind)
    raise TypeError(f"{kind} has no plain form")


def _enum_reader(kind: type[Enum]) -> _Reader:
    members = {member.value: member for member in kind}
    known = ", ".join(str(each) for each in members)

    def read(raw: Any, path: str, faults: Faults) -> Any:
        # bool is looked up as 1 or 0 otherwise.
        found = members.get(raw) if isinstance(raw, str | int) and type(raw) is not bool else None
        if found is not None:
            return found
        faults.add(path, f"must be one of {known}")
        return _BAD

    return read


def _optional_reader(kinds: tuple[Any, ...]) -> _Reader:
    others = [each for each in kinds if each is not type(None)]
    if len(others) != 1:
        raise TypeError("a choice between types has no plain form")
    read_other = _reader(others[0])

    def read(raw: Any, path: str, faults: Faults) -> Any:
        return None if raw is None else read_other(raw, path, faults)

    return read


def _list_reader(of: Any, make: Callable[[Any], Any]) -> _Reader:
    read_each = _reader(of)

    def read(raw: Any, path: str, faults: Faults) -> Any:
        if type(raw) is not list:
            faults.add(path, "must be a list")
            return _BAD
        values = [read_each(each, f"{path}/{index}", faults) for index, each in enumerate(raw)]
        if any(each is _BAD for each in values):
            return _BAD
        made = make(values)
        if len(made) != len(values):
            faults.add(path, "names something twice")
        return made

    return read


def _row_reader(of: tuple[Any, ...]) -> _Reader:
    readers = tuple(map(_reader, of))

    def read(raw: Any, path: str, faults: Faults) -> Any:
        if type(raw) is list and len(raw) == len(readers):
            return tuple(each(raw[at], f"{path}/{at}", faults) for at, each in enumerate(readers))
        faults.add(path, f"must be a list of {len(readers)}")
        return _BAD

    return read


def _mapping_reader(of: Any) -> _Reader:
    read_each = _reader(of)

    def read(raw: Any, path: str, faults: Faults) -> Any:
        if not isinstance(raw, dict):
            faults.add(path, "must be an object")
            return _BAD
        return {key: read_each(each, pointer(path, key), faults) for key, each in raw.items()}

    return read


def _object_reader(kind: type) -> _Reader:
    hints = get_type_hints(kind)
    plan: list[tuple[str, _Reader, bool]] = []
    for each in fields(cast(Any, kind)):
        required = each.default is MISSING and each.default_factory is MISSING
        plan.append((each.name, _reader(hints[each.name]), required))
    known = frozenset(name for name, _, _ in plan)

    def read(raw: Any, path: str, faults: Faults) -> Any:
        if not isinstance(raw, dict):
            faults.add(path, "must be an object")
            return _BAD
        before = faults.count
        values = {}
        for name, read_each, required in plan:
            if name in raw:
                values[name] = read_each(raw[name], f"{path}/{name}", faults)
            elif required:
                faults.add(f"{path}/{name}", "is missing")
        if len(values) != len(raw):
            for key in raw:
                if key not in known:
                    faults.add(pointer(path, key), "is not known here")
        if faults.count != before:
            return _BAD
        try:
            return kind(**values)
        except SafelightError as refused:  # the class itself says these values make no sense together
            faults.add(path, refused.title)
            return _BAD

    return read

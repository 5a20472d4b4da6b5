"""The codec between the domain's frozen dataclasses and plain JSON values: strict going in, canonical going out.

How each type is written: text, whole numbers and truth values as they are; an enum by its value; a day as
``2026-05-01``, a time as ``2026-05-01T10:14:32Z``; what an act consists of by its one text (``domain/acts.py``); a
tuple as a list; a frozenset as a sorted list; a mapping with text keys and a dataclass as an object, every field
named; None as null (a field of ``domain/later.py`` not at all).

On the way in every key and every value is checked against the class: unknown or missing keys (a field with a default
may be missing), wrong types and values a class refuses are all reported together, each with its path.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from itertools import chain, combinations
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from safelight.domain.acts import ActContent, act_of
from safelight.domain.errors import Malformed, SafelightError

from .jcs import MAX_INTEGER
from .plain_writing import dump, to_plain
from .reading import Faults, parse_json, pointer
from .times import parse_day, parse_time

__all__ = ["dump", "from_plain", "load", "to_plain"]

T = TypeVar("T")
_Faults = list[tuple[str, str]]
"""Where each fault is (a JSON pointer from the value that is being read) and what it is.

Whoever reads a part puts its step in front of the faults found in it, so that no path is made where none is needed.
"""
_Reader = Callable[[Any, _Faults], Any]
_BAD: Any = object()
"""What a reader returns after it noted a fault; never part of a result, because any fault raises at the end."""


def from_plain(cls: type[T], raw: Any, path: str = "", what: str = "") -> T:
    """The ``cls`` that ``raw`` says; raises :class:`Malformed` with every fault, each under ``path``.

    ``what`` names the thing in the error; the class's name when empty.
    """
    found: _Faults = []
    value = _reader(cls)(raw, found)
    if found:
        faults = Faults(what or cls.__name__)
        for place, fault in found:
            faults.add(path + place, fault)
        faults.raise_any()
    return cast(T, value)


def load(cls: type[T], untrusted: bytes, what: str) -> T:
    """The ``cls`` in the JSON bytes ``untrusted``; raises :class:`Malformed` and nothing else."""
    return from_plain(cls, parse_json(untrusted, what), "", what)


def _read_text(raw: Any, faults: _Faults) -> Any:
    if type(raw) is str:
        return raw
    faults.append(("", "must be text"))
    return _BAD


def _read_int(raw: Any, faults: _Faults) -> Any:
    if type(raw) is int and -MAX_INTEGER <= raw <= MAX_INTEGER:
        return raw
    faults.append(("", "must be a whole number"))
    return _BAD


def _read_bool(raw: Any, faults: _Faults) -> Any:
    if type(raw) is bool:
        return raw
    faults.append(("", "must be true or false"))
    return _BAD


def _read_none(raw: Any, faults: _Faults) -> Any:
    if raw is None:
        return None
    faults.append(("", "must be null"))
    return _BAD


def _through(parse: Callable[[str], Any], form: str) -> _Reader:
    def read(raw: Any, faults: _Faults) -> Any:
        if type(raw) is str:
            try:
                return parse(raw)
            except Malformed:
                pass
        faults.append(("", f"must be {form}"))
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
        ActContent: _through(act_of, "the text of an act"),
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

    def read(raw: Any, faults: _Faults) -> Any:
        # bool is looked up as 1 or 0 otherwise.
        found = members.get(raw) if isinstance(raw, str | int) and type(raw) is not bool else None
        if found is not None:
            return found
        faults.append(("", f"must be one of {known}"))
        return _BAD

    return read


def _put_under(step: str, faults: _Faults, since: int) -> int:
    """Put ``step`` in front of the faults from number ``since`` on; returns how many there are."""
    before = pointer("", step)
    faults[since:] = [(before + place, fault) for place, fault in faults[since:]]
    return len(faults)


def _each_under(parts: Iterable[tuple[str, _Reader, Any]], faults: _Faults) -> list[Any]:
    """Each part read by its reader, with its faults under its step."""
    values, seen = [], len(faults)
    for step, read, raw in parts:
        values.append(read(raw, faults))
        if len(faults) != seen:
            seen = _put_under(step, faults, seen)
    return values


def _optional_reader(kinds: tuple[Any, ...]) -> _Reader:
    others = [each for each in kinds if each is not type(None)]
    if len(others) != 1:
        raise TypeError("a choice between types has no plain form")
    read_other = _reader(others[0])

    def read(raw: Any, faults: _Faults) -> Any:
        return None if raw is None else read_other(raw, faults)

    return read


def _list_reader(of: Any, make: Callable[[Any], Any]) -> _Reader:
    read_each = _reader(of)

    def read(raw: Any, faults: _Faults) -> Any:
        if type(raw) is not list:
            faults.append(("", "must be a list"))
            return _BAD
        before = len(faults)
        values = [read_each(each, faults) for each in raw]
        if len(faults) != before:
            del faults[before:]
            _each_under(((str(at), read_each, each) for at, each in enumerate(raw)), faults)
            return _BAD
        made = make(values)
        if len(made) != len(values):
            faults.append(("", "names something twice"))
        return made

    return read


def _row_reader(of: tuple[Any, ...]) -> _Reader:
    readers = tuple(map(_reader, of))

    def read(raw: Any, faults: _Faults) -> Any:
        if type(raw) is list and len(raw) == len(readers):
            return tuple(_each_under(((str(at), each, raw[at]) for at, each in enumerate(readers)), faults))
        faults.append(("", f"must be a list of {len(readers)}"))
        return _BAD

    return read


def _mapping_reader(of: Any) -> _Reader:
    read_each = _reader(of)

    def read(raw: Any, faults: _Faults) -> Any:
        if not isinstance(raw, dict):
            faults.append(("", "must be an object"))
            return _BAD
        return dict(zip(raw, _each_under(((key, read_each, each) for key, each in raw.items()), faults), strict=True))

    return read


def _subsets(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(names, count) for count in range(len(names) + 1))


def _object_reader(kind: type) -> _Reader:
    hints = get_type_hints(kind)
    plan: list[tuple[str, _Reader, bool]] = []
    for each in fields(cast(Any, kind)):
        required = each.default is MISSING and each.default_factory is MISSING
        plan.append((each.name, _reader(hints[each.name]), required))
    placed = not any(each.kw_only for each in fields(cast(Any, kind)))
    known = frozenset(name for name, _, _ in plan)
    later = [each.name for each in fields(cast(Any, kind)) if each.metadata.get("added-later")]
    # As to_plain writes them: any of those that were added later may be missing.
    written = ([each for each in plan if each[0] not in absent] for absent in _subsets(later))
    orders = {tuple(name for name, _, _ in some): tuple(read_each for _, read_each, _ in some) for some in written}

    def read(raw: Any, faults: _Faults) -> Any:
        if not isinstance(raw, dict):
            faults.append(("", "must be an object"))
            return _BAD
        before = seen = len(faults)
        if (readers := orders.get(tuple(raw))) is not None:  # nothing is missing or unknown: no need to ask for each
            found = [
                inner if read_each is _read_text and type(inner) is str else read_each(inner, faults)
                for read_each, inner in zip(readers, raw.values(), strict=True)
            ]
            if len(faults) == before:
                if placed and len(found) == len(plan):  # in the order of the class: no names needed
                    return make(found, {}, faults)
                return make((), dict(zip(raw, found, strict=True)), faults)
            del faults[before:]  # told again below, with where they are
        values = {}
        for name, read_each, required in plan:
            if name in raw:
                values[name] = read_each(raw[name], faults)
                if len(faults) != seen:
                    seen = _put_under(name, faults, seen)
            elif required:
                faults.append((f"/{name}", "is missing"))
                seen += 1
        if len(values) != len(raw):
            faults += [(pointer("", key), "is not known here") for key in raw if key not in known]
        if len(faults) != before:
            return _BAD
        return make((), values, faults)

    def make(in_order: Sequence[Any], named: Mapping[str, Any], faults: _Faults) -> Any:
        try:
            return kind(*in_order, **named)
        except SafelightError as refused:  # the class itself says these values make no sense together
            faults.append(("", refused.title))
            return _BAD

    return read

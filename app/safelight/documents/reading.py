"""Reads JSON that somebody else wrote: strictly, bounded, and with every fault named by its path."""

from __future__ import annotations

import json
import math
import unicodedata
from collections import Counter
from functools import cache
from typing import Any, NoReturn

import jsonschema_rs

from safelight.domain.errors import Malformed
from safelight.settings import resources

from .jcs import MAX_INTEGER
from .schema_faults import faults_of

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 32
MAX_KEYS = 1024
"""So many keys one object may have; no document of ours comes near it."""
MAX_VALUES = 500_000
"""So many values one document may hold (an acknowledgement of 80,000 photos has as many): megabytes of nothing but
brackets would otherwise become hundreds of megabytes of objects."""
MOST_FAULTS = 50
"""So many faults are told; then the reader stops, whatever else there may be."""


class Faults:
    """Collects what is wrong with one document, so that its reader hears everything at once."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.found: list[str] = []
        self.count = 0

    def add(self, path: str, fault: str) -> None:
        """Notes that ``fault`` is the case at ``path`` (a JSON pointer, empty for the whole).

        Raises as :meth:`raise_any` does once there are :data:`MOST_FAULTS`: nobody reads on in such a document, so no
        document is worth more work than that.
        """
        self.count += 1
        self.found.append(f"{printable(path) or '/'}: {fault}")
        if self.count >= MOST_FAULTS:
            self.raise_any()

    def raise_any(self) -> None:
        """Raises :class:`Malformed` with all faults, or does nothing when there are none."""
        if self.found:
            raise malformed(self.what, self.found)


def malformed(what: str, faults: list[str]) -> Malformed:
    """The error a reader of ``what`` raises: the first fault in the title, how many more in the hint."""
    more = len(faults) - 1
    hint = "Nothing was taken from it."
    if len(faults) >= MOST_FAULTS:
        hint += f" There are {more} more faults or even more: reading stopped there."
    elif more:
        hint += f" There {'is 1 more fault' if more == 1 else f'are {more} more faults'}."
    return Malformed(f"The {what} is malformed ({faults[0]}).", hint, tuple(faults))


def printable(untrusted_text: str, most: int = 160) -> str:
    """Foreign text fit for a sentence: control characters and surrogates escaped, long text cut."""
    short = untrusted_text if len(untrusted_text) <= most else untrusted_text[:most] + "…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in short)


def pointer(path: str, step: str | int) -> str:
    """``path`` one step deeper, as a JSON pointer (RFC 6901)."""
    return f"{path}/{step}" if isinstance(step, int) else f"{path}/" + step.replace("~", "~0").replace("/", "~1")


class _Doubled(dict[str, Any]):
    """An object that named a key twice; which ones is kept for the walk, which knows the path."""

    keys_twice: tuple[str, ...] = ()


class _NotANumber:
    """Stands for NaN, Infinity or a number too large for a double until the walk reports it."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    doubled = _Doubled(made)
    doubled.keys_twice = tuple(sorted(key for key, count in Counter(key for key, _ in pairs).items() if count > 1))
    return doubled


def _float(text: str) -> float | _NotANumber:
    number = float(text)
    return number if math.isfinite(number) else _NotANumber(text)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=_float, parse_constant=_NotANumber)


def parse_json(untrusted: bytes, what: str, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Any:
    """The JSON value in ``untrusted``, which must be I-JSON (RFC 7493) in UTF-8 without a byte order mark.

    ``what`` names the document in the error ("consent record"). Refused are: more than ``max_bytes``, nesting deeper
    than ``max_depth``, more than :data:`MAX_VALUES` values, doubled keys, keys not in Unicode NFC, NaN, infinities and
    numbers that overflow to one, whole numbers beyond 2^53-1, lone surrogates. Raises :class:`Malformed` and nothing
    else, with the faults (at most :data:`MOST_FAULTS`) in ``faults``.
    """
    if len(untrusted) > max_bytes:
        raise malformed(what, [f"/: larger than {max_bytes} bytes"])
    # Before anything is made of it: no value but the first comes without one of these.
    if sum(untrusted.count(mark) for mark in (b",", b"[", b"{")) > MAX_VALUES:
        raise malformed(what, [f"/: more than {MAX_VALUES} values"])
    if untrusted.startswith(b"\xef\xbb\xbf"):
        raise malformed(what, ["/: starts with a byte order mark"])
    if untrusted[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in untrusted[:2]:
        raise malformed(what, ["/: not UTF-8 but UTF-16 or UTF-32"])
    try:
        value = _DECODER.decode(untrusted.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise malformed(what, [f"/: not UTF-8 at byte {error.start}"]) from None
    except json.JSONDecodeError as error:
        raise malformed(what, [f"/: not JSON at line {error.lineno}, column {error.colno}"]) from None
    except RecursionError:
        raise malformed(what, [f"/: nested deeper than {max_depth}"]) from None
    except ValueError:  # a whole number with more digits than Python converts
        raise malformed(what, ["/: a number is larger than 2^53-1"]) from None
    faults = Faults(what)
    # Surrogates enter only through an escape; a document without one needs no look at each text.
    _walk(value, faults, max_depth, b"\\ud" in untrusted or b"\\uD" in untrusted)
    faults.raise_any()
    return value


def _walk(value: Any, faults: Faults, max_depth: int, escapes: bool) -> None:
    """Notes what the grammar of JSON allows and we do not; iterative, so depth cannot exhaust the stack."""
    # A path is a chain of (parent, step), joined only when there is something to say about it.
    stack: list[tuple[Any, Any, int]] = [(value, None, 0)]
    while stack:
        each, path, depth = stack.pop()
        if not isinstance(each, dict | list):
            _check_single(each, path, faults, escapes)
        elif depth >= max_depth:
            faults.add(_joined(path), f"nested deeper than {max_depth}")
        elif isinstance(each, list):
            for index, inner in enumerate(each):
                if isinstance(inner, dict | list):
                    stack.append((inner, (path, index), depth + 1))
                elif type(inner) is not str or escapes:
                    _check_single(inner, (path, index), faults, escapes)
        elif len(each) > MAX_KEYS:
            faults.add(_joined(path), f"more than {MAX_KEYS} keys")
        else:
            if type(each) is _Doubled:
                for key in each.keys_twice:
                    faults.add(_joined((path, key)), "named twice")
            for key, inner in each.items():
                if not key.isascii():
                    _check_key(key, path, faults)
                if type(inner) is not str or escapes:
                    stack.append((inner, (path, key), depth + 1))


def _check_single(value: Any, path: Any, faults: Faults, escapes: bool) -> None:
    if type(value) is str:
        if escapes and _lone_surrogate(value):
            faults.add(_joined(path), "a lone surrogate")
    elif type(value) is int:
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            faults.add(_joined(path), "larger than 2^53-1")
    elif type(value) is _NotANumber:
        faults.add(_joined(path), f"{printable(value.text, 20)} is no number JSON can carry")


def _check_key(key: str, path: Any, faults: Faults) -> None:
    if _lone_surrogate(key):
        faults.add(_joined((path, key)), "a lone surrogate in a key")
    elif unicodedata.normalize("NFC", key) != key:
        faults.add(_joined((path, key)), "a key that is not in Unicode NFC")


def _lone_surrogate(text: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in text)


def _joined(path: Any) -> str:
    steps: list[str | int] = []
    while path is not None:
        path, step = path
        steps.append(step)
    joined = ""
    for step in reversed(steps):
        joined = pointer(joined, step)
    return joined


@cache
def _schema(name: str) -> tuple[dict[str, Any], jsonschema_rs.Draft202012Validator]:
    schema = resources.read_json(f"schemas/{name}.schema.json")
    return schema, jsonschema_rs.Draft202012Validator(schema, validate_formats=False)


def validate(schema_name: str, value: Any, what: str) -> None:
    """Checks ``value`` against ``resources/schemas/<schema_name>.schema.json`` (JSON Schema 2020-12, closed).

    Raises :class:`Malformed` with the faults and their paths, at most :data:`MOST_FAULTS`, none of which quotes what
    the document says; the schema is compiled once per process.
    """
    schema, checker = _schema(schema_name)
    if checker.is_valid(value):
        return
    faults = Faults(what)
    for path, fault in faults_of(schema, value):
        faults.add(path, fault)
    if not faults.count:
        faults.add("", "is not of the form that its schema gives")
    faults.raise_any()


def fail(what: str, path: str, fault: str) -> NoReturn:
    """Raises :class:`Malformed` for one fault at ``path``."""
    raise malformed(what, [f"{printable(path) or '/'}: {fault}"])

"""Which sentences and words ship with the program: these alone may be remembered from one receipt to the next."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from safelight.settings.resources import read_json
from safelight.settings.texts import texts


class Shipped(NamedTuple):
    """``sentences`` as they stand in the files, ``words`` as they are cut between blanks, with and without a blank."""

    sentences: frozenset[str]
    words: frozenset[str]


@cache
def shipped(language: str) -> Shipped:
    """The wording of ``language`` and of English, on which it falls back."""
    code = texts(language).language
    own = {*_strings(read_json(f"texts/{code}.json")), *_strings(read_json("texts/en.json"))}
    own |= set(_in_language(read_json("rules/scopes.json"), {code, "en"}))
    words = {word for sentence in own for word in sentence.split()}
    return Shipped(frozenset(own), frozenset({" ", "  ", "–", *words, *(f"{each} " for each in words)}))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


def _in_language(value: Any, codes: set[str]) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            if key in codes and isinstance(each, str):
                yield each
            else:
                yield from _in_language(each, codes)
    elif isinstance(value, list):
        for each in value:
            yield from _in_language(each, codes)

"""The countries there are: ISO 3166-1's officially assigned codes, what people write instead, and groups of them."""

from __future__ import annotations

from functools import cache
from typing import Any

from .resources import read_json


@cache
def codes() -> frozenset[str]:
    """The 249 codes of two capital letters."""
    return frozenset(_rules()["codes"])


def meant_by(text: str) -> str | None:
    """The code somebody who wrote ``text`` meant (``GB`` for ``UK``, ``DE`` for ``de``); None for no idea."""
    code = text.strip().upper()
    instead: dict[str, str] = _rules()["instead"]
    return code if code in codes() and code != text else instead.get(code)


@cache
def members(group: str) -> frozenset[str]:
    """The countries of ``EU`` or ``EEA``; empty for any other word."""
    if group == "EEA":
        return frozenset(read_json("rules/adequacy.json")["eea_members"])
    return frozenset(_rules()["groups"].get(group, ()))


def _rules() -> dict[str, Any]:
    rules: dict[str, Any] = read_json("rules/countries.json")
    return rules

"""Reads the data that ships with the program (``resources/`` in a checkout, inside the package when installed)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parent.parent
_INSTALLED = _PACKAGE / "resources"
_CHECKOUT = _PACKAGE.parent.parent / "resources"


def folder() -> Path:
    """The folder of shipped data: beside the package when installed, at the top of a checkout otherwise."""
    return _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


@cache
def read_bytes(name: str) -> bytes:
    """The bytes of the shipped file ``name`` (a path below ``resources/``, such as ``rules/scopes.json``)."""
    return (folder() / name).read_bytes()


@cache
def read_json(name: str) -> Any:
    """The shipped JSON file ``name``; callers must not change what they get, it is shared."""
    return json.loads(read_bytes(name))

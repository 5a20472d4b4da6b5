"""A studio of its own for every test, and the module that makes them."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


def _loaded() -> ModuleType:
    path = Path(__file__).with_name("studio_maker.py")
    if "studio_maker" not in sys.modules:
        spec = importlib.util.spec_from_file_location("studio_maker", path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["studio_maker"] = module
        spec.loader.exec_module(module)
    return sys.modules["studio_maker"]


maker = _loaded()


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """``make(name="studio")``: a new studio in a folder of that name, open; closed at the end of the test."""
    made = []

    def new(name: str = "studio") -> Any:
        made.append(maker.Made(tmp_path / name).create())
        return made[-1]

    yield new
    for each in made:
        each.archive.close()


@pytest.fixture
def studio(make: Callable[..., Any]) -> Any:
    """An open studio."""
    return make()

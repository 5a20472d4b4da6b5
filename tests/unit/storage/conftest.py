"""A studio of its own for every test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from copy import copy
from pathlib import Path
from typing import Any

import pytest

from support import studio_maker as maker


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


@pytest.fixture(scope="session")
def _furnished(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A closed studio with two of everything; copied for each test that wants one."""
    studio = maker.Made(tmp_path_factory.mktemp("furnished") / "studio").create()
    shoot = studio.session()
    studio.session("second")
    studio.staff()
    studio.staff("Zoë")
    studio.people = [studio.subject(shoot, "Grace"), studio.subject(shoot, "Ana")]
    studio.photos = [studio.photo(shoot, [each], each.name.encode()) for each in studio.people]
    studio.photos.append(studio.photo(shoot, studio.people, b"group"))
    studio.photos.append(studio.photo(shoot, [], b"nobody"))
    studio.signings = [studio.signed(each, shoot) for each in studio.people]
    for each in studio.signings:
        studio.validation(each)
    for each in studio.people:
        studio.hold(each, shoot)
        studio.arrive(each, shoot)
    studio.recipients = [studio.recipient(), studio.recipient()]
    for each in studio.recipients:
        studio.disclosure(each, studio.photos)
    with studio.archive.transaction(studio.now) as t:
        studio.archive.studio.set_setting(t, "withdraw_at", "x")
    studio.archive.close()
    return studio


@pytest.fixture
def full(_furnished: Any, tmp_path: Path) -> Iterator[Any]:
    """A copy of it, closed; it has ``people`` (Grace, Ana), ``photos`` (each alone, both, nobody), ``signings``."""
    studio = copy(_furnished)
    studio.path = tmp_path / "studio"
    shutil.copytree(_furnished.path, studio.path)
    yield studio
    studio.archive.close()


@pytest.fixture
def studio(make: Callable[..., Any]) -> Any:
    """An open studio."""
    return make()

"""What a studio keeps is for one account alone, from the first byte; what somebody opened to others is named."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from safelight.storage.backup import back_up, restore
from safelight.storage.permissions import loose_places, loose_sentence, make_private
from support import studio_maker as maker

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")


@pytest.fixture
def open_handed() -> Iterator[None]:
    """As if the account made everything readable for others by itself."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_handed")
def test_everything_is_made_private(full: Any, tmp_path: Path) -> None:
    assert loose_places(full.folder.path, everything=True) == ()
    archive = full.open().archive
    back_up(archive, tmp_path / "backup", maker.START)
    restore(tmp_path / "backup", tmp_path / "again")
    for made in ("backup", "again"):
        assert loose_places(tmp_path / made, everything=True) == ()
        assert sum(each.is_file() for each in (tmp_path / made).rglob("*")) > 4


def test_what_is_open_to_others_is_named_and_left_as_it_is(full: Any) -> None:
    folder = full.folder.path
    sealed = next(each for each in full.folder.files.rglob("*") if each.is_file())
    for place, mode in ((full.folder.database, 0o604), (full.folder.keys, 0o710), (sealed, 0o640)):
        place.chmod(mode)
    hidden = sealed.relative_to(folder).as_posix()
    assert set(loose_places(folder)) == {"archive.sqlite", "keys"}
    assert set(loose_places(folder, everything=True)) == {"archive.sqlite", "keys", hidden}
    assert full.folder.database.stat().st_mode & 0o777 == 0o604
    folder.chmod(0o755)
    assert "." in loose_places(folder)
    said = loose_sentence(folder, loose_places(folder, everything=True))
    assert "and 1 more" in said and said.endswith(f"chmod -R go= '{folder}'")
    assert loose_sentence(folder, ()) == ""


def test_a_file_that_is_there_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"mine")
    make_private(path)
    assert path.read_bytes() == b"mine"
    make_private(tmp_path / "b")
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o600

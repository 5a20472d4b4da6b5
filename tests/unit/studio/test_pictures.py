"""Pictures for the screen: a page of small ones, one large, and a part of the original, from a real archive."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from safelight.domain.errors import WrongUsage
from safelight.domain.ids import PhotoGuid
from safelight.domain.photo import Box
from safelight.studio.originals import original_of
from safelight.studio.queries import pictures
from safelight.studio.queries.pictures import preview, region, thumbnails
from support.shoot import Shoot

NOWHERE = PhotoGuid("00000000-0000-4000-8000-000000000000")


def size(jpeg: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(jpeg)) as picture:
        return picture.size


def test_small_ones_come_by_the_page_and_what_is_not_there_is_left_out(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    photos = [shoot.photo(ada), shoot.photo(ada, ben), shoot.photo()]
    found = thumbnails(shoot.studio, [NOWHERE, *(each.guid for each in photos)])
    assert {guid: size(jpeg) for guid, jpeg in found.items()} == {each.guid: (160, 200) for each in photos}
    assert size(preview(shoot.studio, photos[1].guid)) == (160, 200)
    with pytest.raises(WrongUsage):
        preview(shoot.studio, NOWHERE)


def test_a_part_of_the_original_is_as_the_camera_wrote_it(shoot: Shoot, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = shoot.photo(shoot.person())
    opened: list[object] = []
    monkeypatch.setattr(pictures, "original_of", lambda *which: opened.append(which) or original_of(*which))
    first = region(shoot.studio, shoot.decoders, photo.guid, Box(0, 0, 16, 16), 4.0)
    again = region(shoot.studio, shoot.decoders, photo.guid, Box(60, 80, 500, 500), 1.0)
    assert (size(first), size(again)) == ((64, 64), (100, 120))
    assert len(opened) == 1, "the second part needs no unsealing"
    with pytest.raises(WrongUsage):
        region(shoot.studio, shoot.decoders, NOWHERE, Box(0, 0, 9, 9), 1.0)

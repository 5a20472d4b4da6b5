"""Keyed tags tell equal things inside one archive, and nothing to whoever has not its key."""

from __future__ import annotations

import uuid

from safelight.domain.ids import Sha256
from safelight.keys.master import new_master
from safelight.keys.tags import camera_tag, file_tags, image_tag, shot_id

OURS, THEIRS = new_master(), new_master()
MARK = (1, 2, 3, 4)


def test_equal_things_have_equal_tags_and_every_part_counts() -> None:
    sha256 = Sha256("ab" * 32)
    assert image_tag(OURS, "jpeg-scans", sha256) == image_tag(OURS, "jpeg-scans", sha256)
    assert len({image_tag(OURS, "jpeg-scans", sha256), image_tag(OURS, "file", sha256)}) == 2
    tags = file_tags(OURS, [("a", MARK), ("a", MARK), ("b", MARK), ("a", (1, 2, 3, 5)), ("a\udcff", MARK)])
    assert tags[0] == tags[1] and len(set(tags)) == 4
    assert camera_tag(OURS, "Nikon Z 8", "1") != camera_tag(OURS, "Nikon Z 8", "") != ""
    assert camera_tag(OURS, "", "") == ""


def test_another_archive_has_other_tags() -> None:
    sha256 = Sha256("ab" * 32)
    for made in (
        lambda key: image_tag(key, "file", sha256), lambda key: file_tags(key, [("a", MARK)])[0],
        lambda key: camera_tag(key, "Z 8", "1"), lambda key: shot_id(key, "c", "DSC_1", "2026-05-04T09:00:00"),
    ):  # fmt: skip
        assert made(OURS) != made(THEIRS)


def test_a_shot_is_an_id_like_any_other_whatever_the_case_of_the_name() -> None:
    shot = shot_id(OURS, "c", "DSC_1", "2026-05-04T09:00:00")
    assert uuid.UUID(shot).version == 4 and shot == shot_id(OURS, "c", "dsc_1", "2026-05-04T09:00:00")
    assert (
        shot != shot_id(OURS, "c", "DSC_1", "2026-05-04T09:00:01") != shot_id(OURS, "d", "DSC_1", "2026-05-04T09:00:01")
    )

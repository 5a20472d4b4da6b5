"""A bundle of a studio with several status lists: all are there, each in its place, and a record finds its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from safelight.bundle.contents import OpenedBundle, open_contents
from safelight.bundle.reader import read_metadata
from safelight.domain.errors import Malformed, Refused
from safelight.domain.ids import Country, RecipientId
from safelight.domain.people import Recipient
from safelight.keys.sealing import age_recipient
from support import bundle_parts as parts
from support import deliveries

USE = "use.directory"


@pytest.fixture
def studio() -> Any:
    agency = Recipient(RecipientId(age_recipient(parts.IDENTITY)), "Agence", Country("FR"), "a@agence.example")
    return deliveries.StudioDouble("Long Life", agency)


@pytest.fixture
def delivered(studio: Any, portrait: bytes, tmp_path: Path) -> Any:
    """Two photos, one under the first list and one under the eleventh; that one has ended."""
    first, second = studio.receipt([USE]), studio.receipt([USE], status_list=11)
    studio.end(second, USE)
    shots = [(deliveries.Shot((deliveries.Person(),), each.bytes()), theirs)
             for each, theirs in zip(parts.distinct(portrait, 2), ([first], [second]), strict=True)]  # fmt: skip
    studio.deliver(tmp_path / "b.age", 1, shots, [USE])
    return read_metadata(tmp_path / "b.age", [parts.IDENTITY], studio.key.public_ssh), first, second


def test_each_record_is_judged_by_its_own_list(delivered: Any) -> None:
    opened, first, second = delivered
    assert [each.number for each in opened.status_lists] == list(range(1, 12))
    assert opened.ended(second.records[0]) and not opened.ended(first.records[0])
    names = [each.path for each in opened.manifest.members]
    assert names[1:7] == [f"status/list{each}.json{sig}" for each in ("", "-2", "-3") for sig in ("", ".sig")]
    assert names.index("status/list-9.json") + 2 == names.index("status/list-10.json")


def again(opened: OpenedBundle, files: dict[str, bytes]) -> OpenedBundle:
    return open_contents(opened.manifest, files, opened.signed_by, True, opened.manifest_sha256)


def put(files: dict[str, bytes], path: str, content: bytes, key: Any, namespace: Any = "safelight-status") -> None:
    files[path], files[f"{path}.sig"] = content, key.sign(content, namespace).encode()


def swapped(files: dict[str, bytes], studio: Any) -> None:
    for end in ("", ".sig"):
        one, other = f"status/list.json{end}", f"status/list-2.json{end}"
        files[one], files[other] = files[other], files[one]


def unsigned(files: dict[str, bytes], studio: Any) -> None:
    files["status/list-2.json.sig"] = files["status/list-3.json.sig"]


def of_a_stranger(files: dict[str, bytes], studio: Any) -> None:
    put(files, "status/list-2.json", files["status/list-2.json"], parts.OTHER_SIGNER)


def for_another_purpose(files: dict[str, bytes], studio: Any) -> None:
    put(files, "status/list-2.json", files["status/list-2.json"], studio.key, "safelight-bundle")


def of_another_studio(files: dict[str, bytes], studio: Any) -> None:
    other = deliveries.StudioDouble("Other", studio.recipient)
    other.further[2] = set()
    at = deliveries.START
    put(files, "status/list-2.json", other.listed(2, at, at + timedelta(days=30)), studio.key)


@pytest.mark.parametrize("change", [swapped, unsigned, of_a_stranger, for_another_purpose, of_another_studio])
def test_a_further_list_must_be_the_studios_and_in_its_place(
    change: Callable[[dict[str, bytes], Any], None], studio: Any, delivered: Any
) -> None:
    opened, *_ = delivered
    files = dict(opened.files)
    assert again(opened, files).status_lists == opened.status_lists
    change(files, studio)
    with pytest.raises((Malformed, Refused), match=r"^status/list"):
        again(opened, files)


def test_a_record_whose_list_is_missing_is_neither_written_nor_read(
    studio: Any, delivered: Any, portrait: bytes, tmp_path: Path
) -> None:
    opened, _, second = delivered
    shot = deliveries.Shot((deliveries.Person(),), portrait)
    del studio.further[11]
    missing = "the status list it names is not in the bundle"
    with pytest.raises(Malformed, match=missing):
        studio.deliver(tmp_path / "c.age", 1, [(shot, [second])], [USE])
    members = tuple(each for each in opened.manifest.members if "list-11" not in each.path)
    with pytest.raises(Malformed, match=missing):
        again(replace(opened, manifest=replace(opened.manifest, members=members)), dict(opened.files))
    del studio.further[9]  # a gap
    with pytest.raises(Malformed):
        studio.deliver(tmp_path / "c.age", 1, [(shot, [studio.receipt([USE])])], [USE])
    assert not (tmp_path / "c.age").exists()

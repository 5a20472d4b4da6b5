"""The table of picture formats: told apart by their first bytes, every format whole, and nothing handled by default."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields

import pytest

from safelight.domain.errors import Malformed, WrongUsage
from safelight.images.cleaning import can_clean, clean, listed, orientation_of, unwritable
from safelight.images.image_format import FORMATS, PICTURE_NAMES, WHOLE_FILE, ImageFormat, format_of, sniff, table
from safelight.images.imagehash import image_data_sha256
from safelight.images.media_type import MediaType
from safelight.images.source_type import source_type
from safelight.images.xmp import find_xmp, read_photo, takes_xmp
from safelight.settings.resources import read_bytes, read_json
from support.xmp import embed_xmp


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (b"MM\0*" + bytes(8), "a.nef", MediaType.NEF),
        (b"II*\0" + bytes(8), "a.ARW", MediaType.ARW),
        (b"II*\0\x10\0\0\0CR\x02\0", "a.tif", MediaType.CR2),
        (b"\0\0\0\x18ftypcrx \0\0\0\x01", "a.cr3", MediaType.CR3),
        (b"FUJIFILMCCD-RAW 0201", "a", MediaType.RAF),
        (b"IIRO\x08\0\0\0", "a.orf", MediaType.ORF),
        (b"IIU\0\x08\0\0\0", "a.rw2", MediaType.RW2),
        (b"\0\0\0\x18ftypmsf1\0\0\0\0heix", "a", MediaType.HEIC),
        (b"\0\0\0\x18ftypavif\0\0\0\0mif1", "a.heic", None),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isom", "a.heic", None),
        (b"%!PS-Adobe-3.0 EPSF", "a.jpg", None),
        (b"GIF89a", "a.jpg", None),
        (b"", "a.jpg", None),
        (b"\xff\xd8", "a.jpg", None),
    ],
)
def test_heads(head, name, kind):
    assert sniff(head, name) is kind


def test_every_kind_has_an_ending_that_is_looked_for() -> None:
    assert all(f".{format_of(kind).extension}" in PICTURE_NAMES for kind in MediaType)
    endings = [ending for each in FORMATS.values() for ending in each.endings]
    assert len(endings) == len(set(endings))


def test_every_kind_has_one_row_or_the_program_does_not_start() -> None:
    assert set(FORMATS) == set(MediaType)
    rows = list(FORMATS.values())
    for left_out in rows:
        with pytest.raises(LookupError, match=left_out.media_type):
            table([each for each in rows if each is not left_out])
    with pytest.raises(LookupError, match="two rows"):
        table([*rows, rows[0]])


def test_no_column_can_be_forgotten() -> None:
    assert all(each.default is MISSING and each.default_factory is MISSING for each in fields(ImageFormat))


def test_what_is_written_into_is_never_hashed_as_a_whole() -> None:
    # Marks change the file: its hash would no longer name the picture.
    assert not [each for each in FORMATS.values() if each.container is not None and each.hash_kind == WHOLE_FILE]


def test_a_kind_that_is_not_in_the_table_is_refused_and_never_hashed_as_a_file() -> None:
    for unknown in ("image/avif", "image/jpg", "IMAGE/JPEG", "", "text/plain"):
        for ask in (
            lambda kind: image_data_sha256(b"anything", kind),
            lambda kind: format_of(kind),
            lambda kind: takes_xmp(kind),
            lambda kind: can_clean(kind),
            lambda kind: clean(b"anything", kind),
            lambda kind: unwritable(b"anything", kind),
            lambda kind: orientation_of(b"anything", kind),
            lambda kind: embed_xmp(b"anything", kind, b"<x/>"),
            lambda kind: source_type(b"anything", kind),
        ):
            with pytest.raises(Malformed, match="does not know"):
                ask(unknown)
    with pytest.raises(WrongUsage):
        read_photo(b"anything", MediaType.NEF)
    assert listed(b"anything") == () and find_xmp(b"anything") is None


def test_the_schemas_and_the_page_about_formats_know_every_hash_and_type() -> None:
    hashes = {each.hash_kind for each in FORMATS.values()}
    photo = read_json("schemas/manifest.schema.json")["properties"]["photos"]["items"]["properties"]
    assert set(photo["image_hash_kind"]["enum"]) == hashes
    in_records = read_json("schemas/consent-receipt.schema.json")["$defs"]
    for kind in MediaType:
        assert re.fullmatch(photo["media_type"]["pattern"], kind) and re.fullmatch(in_records["media"]["pattern"], kind)
    page = read_bytes("formats.md").decode()
    assert not [each for each in hashes if f"`{each}`" not in page]

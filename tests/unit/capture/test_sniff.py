from __future__ import annotations

import pytest

from safelight.capture.sniff import PICTURE_NAMES, MediaType, sniff


def test_real_files_are_what_they_are_whatever_their_name(encoded):
    for kind, data in encoded.items():
        if kind is not MediaType.DNG:
            assert sniff(data[:64], "holiday.txt") is kind
    assert sniff(encoded[MediaType.DNG][:64], "a.DNG") is MediaType.DNG


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


def test_every_kind_has_an_ending_that_is_looked_for():
    assert all(f".{kind.extension}" in PICTURE_NAMES for kind in MediaType)

"""The tar form: what we write stock tools read the same, and the reader takes only what we would write."""

from __future__ import annotations

import io
import tarfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.bundle.ustar import END, TarEntry, UstarReader, header, is_name, padding
from safelight.documents.manifest import MAX_MEMBERS, MAX_PHOTO
from safelight.domain.errors import Malformed, WrongUsage

NAMES = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,20}(/[a-z0-9][a-z0-9._-]{0,20}){0,3}", fullmatch=True)
TIMES = st.integers(0, 8**11 - 1)


def _archive(files: dict[str, bytes], mtime: int = 0) -> bytes:
    return b"".join(header(n, len(d), mtime) + d + padding(len(d)) for n, d in files.items()) + END


def _read(data: bytes) -> dict[str, bytes]:
    reader = UstarReader(io.BytesIO(data))
    files = {}
    while (entry := reader.next_entry()) is not None:
        files[entry.name] = reader.content(MAX_PHOTO)
        assert len(files[entry.name]) == entry.size
    return files


def _no_clash(names: Any) -> bool:
    return not any(a != b and (a.lower() == b.lower() or b.startswith(a + "/")) for a in names for b in names)


ARCHIVES = st.dictionaries(NAMES, st.binary(max_size=1200), max_size=6).filter(_no_clash)


@given(ARCHIVES, TIMES)
def test_what_is_written_is_read_by_us_and_by_another_program(files: dict[str, bytes], mtime: int) -> None:
    data = _archive(files, mtime)
    assert _read(data) == files
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as other:
        members = other.getmembers()
        assert {m.name: other.extractfile(m).read() for m in members} == files  # type: ignore[union-attr]
        assert all(m.isreg() and m.mode == 0o644 and m.uid == 0 and m.mtime == mtime and not m.uname for m in members)


@given(st.binary(max_size=3000))
def test_bytes_from_anywhere_are_malformed_and_nothing_else(data: bytes) -> None:
    with pytest.raises(Malformed):
        _read(data + b"x")


@given(ARCHIVES, st.data())
def test_an_archive_changed_anywhere_reads_as_malformed_or_as_something_we_would_write(
    files: dict[str, bytes], data: st.DataObject
) -> None:
    spoiled = bytearray(_archive(files))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(spoiled) - 1))
        kind = data.draw(st.sampled_from("flip cut add"))
        if kind == "flip":
            spoiled[at] ^= data.draw(st.integers(1, 255))
        elif kind == "cut":
            del spoiled[at : at + data.draw(st.sampled_from((1, 512)))]
        else:
            spoiled[at:at] = data.draw(st.sampled_from((b"\0", bytes(512), b"x" * 512)))
        spoiled = spoiled or bytearray(b"x")
    try:
        found = _read(bytes(spoiled))
    except Malformed:
        return
    assert _archive(found) == bytes(spoiled)


@given(st.one_of(NAMES, st.text(max_size=120)))
def test_a_name_is_safe_on_every_system_or_no_name(name: str) -> None:
    if is_name(name):
        assert name.isascii() and len(name) <= 100
        assert not name.startswith(("/", ".", "-")) and not name.endswith("/")
        assert not set(name) & set('\\:*?"<>|\n\0 ')
        assert not {"", ".", ".."} & set(name.split("/"))
    else:
        with pytest.raises(WrongUsage):
            header(name, 0, 0)


@pytest.mark.parametrize("name", ["a..b", "photos/..", "a/./b", "README.TXT", "A", "ä", "a\n", "a" * 101])
def test_names_near_the_edge(name: str) -> None:
    assert is_name(name) is (name == "a..b")


@pytest.mark.parametrize(("size", "mtime"), [(-1, 0), (MAX_PHOTO + 1, 0), (0, -1), (0, 8**11)])
def test_what_a_header_cannot_say_is_not_written(size: int, mtime: int) -> None:
    with pytest.raises(WrongUsage):
        header("a", size, mtime)


def test_a_size_beyond_the_largest_photo_is_refused_before_a_byte_of_it() -> None:
    block = bytearray(header("a", 0, 0))
    block[124:135] = b"%011o" % (MAX_PHOTO + 1)
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    with pytest.raises(Malformed, match="larger than"):
        UstarReader(io.BytesIO(bytes(block))).next_entry()


@pytest.mark.parametrize(
    ("first", "second"), [("a", "a"), ("a/b", "a"), ("a", "a/b"), ("a/b/c", "a/b"), ("readme.txt", "README.txt")]
)
def test_no_name_stands_in_the_way_of_another(first: str, second: str) -> None:
    reader = UstarReader(io.BytesIO(header(first, 0, 0) + header(second, 0, 0) + END))
    reader.next_entry()
    with pytest.raises(Malformed, match=f"{second} is there twice"):
        reader.next_entry()


def test_there_is_a_most_of_files() -> None:
    reader = UstarReader(io.BytesIO(b"".join(header(f"{n}", 0, 0) for n in range(MAX_MEMBERS + 1)) + END))
    for number in range(MAX_MEMBERS):
        assert reader.next_entry() == TarEntry(str(number), 0, 0)
    with pytest.raises(Malformed, match="more than 20000 files"):
        reader.next_entry()


def test_content_passed_over_is_still_checked_to_its_end() -> None:
    data = _archive({"a": b"x" * 700, "b": b"y"})
    reader = UstarReader(io.BytesIO(data))
    assert [reader.next_entry(), reader.next_entry(), reader.next_entry()] == [
        TarEntry("a", 700, 0), TarEntry("b", 1, 0), None,
    ]  # fmt: skip
    with pytest.raises(Malformed, match="may have"):
        reader = UstarReader(io.BytesIO(data))
        reader.next_entry()
        reader.content(699)

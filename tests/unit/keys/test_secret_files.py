"""A secret is what a person wrote, whatever their editor or shell put around it."""

from __future__ import annotations

import codecs
import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.domain.errors import CannotOpen
from safelight.domain.ids import StudioId
from safelight.keys.age_identity import age_recipient, identities_in_file, identity_in_file, new_age_identity
from safelight.keys.durable import durable_write
from safelight.keys.master import new_master
from safelight.keys.passphrases import FLOOR_COST, read_passphrase_file
from safelight.keys.secret_files import secret_text
from safelight.keys.wrapping import create_wrapped, unlock_with_passphrase

WAYS = {
    "plain": lambda text: text.encode(),
    "utf-8 mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "utf-16": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "utf-16 big": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "utf-16 no mark": lambda text: text.encode("utf-16-le"),
    "utf-16 big no mark": lambda text: text.encode("utf-16-be"),
    "utf-32": lambda text: codecs.BOM_UTF32_LE + text.encode("utf-32-le"),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_write_it_says_the_same(way: str, tmp_path: Path) -> None:
    words = "correct horse battery staple"
    durable_write(tmp_path / "p", WAYS[way](f"{words}\r\n"))
    assert read_passphrase_file(tmp_path / "p") == words
    key = new_age_identity()
    said = WAYS[way](f"# created: today\r\n# public key: {age_recipient(key)}\r\n{key}\r\n")
    assert identities_in_file(said) == (key,)


@given(st.text(st.characters(exclude_characters="\0\ufeff", exclude_categories=["Cs"]), min_size=1))
def test_a_mark_is_never_part_of_it_and_nothing_else_is_lost(text: str) -> None:
    assert secret_text(text.encode(), "The file") == text
    for way in ("utf-8 mark", "utf-16", "utf-16 big"):
        assert secret_text(WAYS[way](text), "The file") == text


@given(st.binary(max_size=64))
def test_any_bytes_are_text_or_one_sentence(untrusted: bytes) -> None:
    with contextlib.suppress(CannotOpen):
        assert "\0" not in secret_text(untrusted, "The file")


def test_several_identities_in_turn_and_what_is_none() -> None:
    keys = [new_age_identity() for _ in range(3)]
    text = f"# mine\n{keys[0]}\n\n# old\n  {keys[1]}  \r\n{keys[2]}\n{keys[0]}\n"
    assert identities_in_file(text.encode()) == tuple(keys)
    with pytest.raises(CannotOpen, match="holds 3 keys where exactly one"):
        identity_in_file(text.encode())
    for bad in ("", "# nothing\n"):
        with pytest.raises(CannotOpen, match="holds no key"):
            identities_in_file(bad.encode())
    with pytest.raises(CannotOpen, match="Line 3 of the key file is not an age identity") as caught:
        identities_in_file(f"# mine\n{keys[0]}\nsecret words\n".encode())
    assert "secret words" not in str(caught.value)


def test_a_studio_founded_by_a_marked_file_opens_for_what_was_typed(tmp_path: Path) -> None:
    """Marks used to count as part of the passphrase; whoever founded a studio that way is not locked out."""
    master, studio = new_master(), StudioId("5d1f4d1c-8f6b-4a55-9d0e-3f2a7c1b9e10")
    create_wrapped(tmp_path / "master.json", master, "\ufefflong enough words", studio, FLOOR_COST)
    for typed in ("long enough words", "\ufefflong enough words"):
        assert unlock_with_passphrase(tmp_path / "master.json", typed, studio).key_id == master.key_id
    with pytest.raises(CannotOpen, match="does not open this studio"):
        unlock_with_passphrase(tmp_path / "master.json", "long enough word", studio)

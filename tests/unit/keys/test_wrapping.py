"""The key file opens with the right passphrase only, no field of it can be changed, and no step leaves a gap."""

from __future__ import annotations

import base64
import itertools
import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safelight.domain.errors import CannotOpen, WrongUsage
from safelight.domain.ids import StudioId
from safelight.keys import durable, passphrases, wrapping
from safelight.keys.durable import durable_write
from safelight.keys.master import MasterKey, new_master
from safelight.keys.secrets import load_secrets, new_organisation_secrets, save_secrets
from safelight.keys.subject_keys import unwrap_key, wrap_key
from safelight.keys.wrapping import (
    DEFAULT_COST,
    FLOOR_COST,
    KdfCost,
    change_passphrase,
    create_wrapped,
    make_recovery_shares,
    master_from_shares,
    open_with_master,
    read_passphrase_file,
    reset_passphrase,
    rotate_master,
    rotation_unfinished,
    unlock_with_passphrase,
)

OLD, NEW = "correct horse battery", "new staple, quite long"


@pytest.fixture
def path(tmp_path: Path, master: MasterKey, studio: StudioId) -> Path:
    file = tmp_path / "master.json"
    create_wrapped(file, master, OLD, studio, FLOOR_COST)
    return file


def test_it_opens_with_the_passphrase_only(path: Path, master: MasterKey, studio: StudioId) -> None:
    assert unlock_with_passphrase(path, OLD, studio) == master
    assert open_with_master(path, master, studio) == master
    for wrong in ("", OLD + " ", OLD.upper(), OLD + "\n", "x" * 100_000):
        with pytest.raises(CannotOpen, match="does not open"):
            unlock_with_passphrase(path, wrong, studio)
    with pytest.raises(CannotOpen, match="another studio"):
        unlock_with_passphrase(path, OLD, StudioId("other"))
    with pytest.raises(CannotOpen, match="not the present key"):
        open_with_master(path, new_master(), studio)
    with pytest.raises(CannotOpen, match="cannot be written"):
        unlock_with_passphrase(path, "\ud800", studio)


def test_nothing_of_the_key_is_in_the_file(path: Path, master: MasterKey) -> None:
    content = path.read_bytes()
    secret = master.exposed_bytes
    assert (
        secret not in content and base64.b64encode(secret)[:40] not in content and secret.hex().encode() not in content
    )
    assert path.stat().st_mode & 0o077 == 0


def test_every_keyboard_gives_the_same_passphrase(tmp_path: Path, master: MasterKey, studio: StudioId) -> None:
    path = tmp_path / "m"
    create_wrapped(path, master, "caf\u00e9 cr\u00e8me", studio, FLOOR_COST)
    assert unlock_with_passphrase(path, "cafe\u0301 cre\u0300me", studio) == master


def test_a_key_file_is_never_replaced_by_creating(path: Path, studio: StudioId) -> None:
    before = path.read_bytes()
    with pytest.raises(WrongUsage, match="already"):
        create_wrapped(path, new_master(), NEW, studio, FLOOR_COST)
    assert path.read_bytes() == before


def test_short_passphrases_are_refused(path: Path, tmp_path: Path, master: MasterKey, studio: StudioId) -> None:
    for act in (
        lambda: create_wrapped(tmp_path / "n", master, "seven77", studio, FLOOR_COST),
        lambda: change_passphrase(path, OLD, "", studio, FLOOR_COST),
        lambda: reset_passphrase(path, master, "short", studio, FLOOR_COST),
        lambda: rotate_master(path, OLD, studio, lambda *_: None, "short", FLOOR_COST),
    ):
        with pytest.raises(WrongUsage, match="fewer than 8"):
            act()
    assert unlock_with_passphrase(path, OLD, studio) == master


def fields(value: Any, at: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for name, inner in value.items():
        found += [(*at, name), *(fields(inner, (*at, name)) if isinstance(inner, dict) else [])]
    return found


def changed(document: dict[str, Any], at: tuple[str, ...], make: Callable[[Any], Any]) -> bytes:
    copy = json.loads(json.dumps(document))
    inner = copy
    for name in at[:-1]:
        inner = inner[name]
    new = make(inner[at[-1]])
    if new is None:
        del inner[at[-1]]
    else:
        inner[at[-1]] = new
    return json.dumps(copy, sort_keys=True, separators=(",", ":")).encode()


def test_no_field_can_be_changed(
    path: Path, master: MasterKey, studio: StudioId, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An interrupted rotation has every field the file can have. A cheap KDF, because this is about the fields.
    monkeypatch.setattr(wrapping, "passphrase_key", cheap_key)
    reset_passphrase(path, master, OLD, studio, FLOOR_COST)
    with pytest.raises(Killed):
        rotate_master(path, OLD, studio, die, cost=FLOOR_COST)
    good = path.read_bytes()
    document = json.loads(good)
    assert unlock_with_passphrase(path, OLD, studio).predecessor == master
    places = fields(document)
    assert len(places) == 11
    for at in places:
        for make in (flip, lambda _: None, lambda _: 0, lambda _: "", lambda _: [], lambda v: [v]):
            path.write_bytes(changed(document, at, make))
            if path.read_bytes() == good:
                continue
            with pytest.raises(CannotOpen):
                unlock_with_passphrase(path, OLD, studio)
    path.write_bytes(good)
    assert unlock_with_passphrase(path, OLD, studio).predecessor == master


def flip(value: Any) -> Any:
    if isinstance(value, int):
        return value + 1
    if isinstance(value, dict):
        return {**value, "more": 1}
    raw = base64.b64decode(value) if value.endswith("=") or len(value) % 4 == 0 and len(value) > 20 else None
    if raw:
        return base64.b64encode(bytes([raw[0] ^ 1]) + raw[1:]).decode()
    return value + "x"


def cheap_key(passphrase: str, salt: bytes, cost: KdfCost) -> bytes:
    import hashlib

    cost.check()
    return hashlib.sha256(f"{passphrase}|{salt.hex()}|{cost}".encode()).digest()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("memory_kib", 8), ("memory_kib", 65535), ("memory_kib", 0), ("memory_kib", -1), ("passes", 1), ("passes", 2),
        ("lanes", 1), ("lanes", 3), ("lanes", 0), ("memory_kib", 1024 * 1024 + 1), ("memory_kib", 2**40),
        ("passes", 10**9), ("lanes", 10**6), ("memory_kib", "65536"), ("passes", 3.0), ("lanes", True),
        ("name", "argon2i"), ("name", "pbkdf2"), ("passes", None),
    ],
)  # fmt: skip
def test_weaker_or_ruinous_parameters_are_refused_before_any_work(
    name: str, value: Any, path: Path, studio: StudioId, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(**_: Any) -> Any:
        raise AssertionError("the passphrase was tried")

    monkeypatch.setattr(passphrases, "Argon2id", never)
    document = json.loads(path.read_bytes())
    document["kdf"][name] = value
    path.write_text(json.dumps(document, sort_keys=True, separators=(",", ":")))
    with pytest.raises(CannotOpen):
        unlock_with_passphrase(path, OLD, studio)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"{" * 100_000,
        b"[" * 100_000,
        b"x" * 100_000,
        b'{"format":"safelight-master/2"}',
    ],
)
def test_other_content_is_refused(content: bytes, path: Path, studio: StudioId) -> None:
    path.write_bytes(content)
    with pytest.raises(CannotOpen):
        unlock_with_passphrase(path, OLD, studio)
    with pytest.raises(CannotOpen):
        rotation_unfinished(path, studio)


def test_another_spelling_of_the_same_json_is_refused(path: Path, studio: StudioId) -> None:
    good = path.read_bytes()
    for other in (good + b"\n", b" " + good, json.dumps(json.loads(good)).encode(), good[:-1] + b',"wrapped":"x"}'):
        path.write_bytes(other)
        with pytest.raises(CannotOpen, match="damaged"):
            unlock_with_passphrase(path, OLD, studio)


def test_a_missing_file_or_folder_is_said(tmp_path: Path, studio: StudioId) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(CannotOpen, match="cannot be read"):
            unlock_with_passphrase(path, OLD, studio)


def test_the_default_is_slow_and_the_floor_is_the_floor() -> None:
    assert (DEFAULT_COST.memory_kib, DEFAULT_COST.passes, DEFAULT_COST.lanes) == (256 * 1024, 3, 4)
    assert (FLOOR_COST.memory_kib, FLOOR_COST.passes, FLOOR_COST.lanes) == (64 * 1024, 3, 4)
    start = time.perf_counter()
    key = passphrases.passphrase_key("x", bytes(16), FLOOR_COST)
    assert time.perf_counter() - start > 0.02
    assert len(key) == 32


def test_the_key_is_argon2id_of_another_maker() -> None:
    # argon2-cffi 25.1: hash_secret_raw("pässwort".encode(), b"s" * 16, 3, 65536, 4, 32, Type.ID)
    expected = "ff28d741067e1b7552f793c935f910996700b4b3152ec5f6ed999208f2399b06"
    assert passphrases.passphrase_key("pässwort", b"s" * 16, FLOOR_COST).hex() == expected


def test_a_changed_passphrase_kills_the_old(path: Path, master: MasterKey, studio: StudioId) -> None:
    before = json.loads(path.read_bytes())
    change_passphrase(path, OLD, NEW, studio, FLOOR_COST)
    assert unlock_with_passphrase(path, NEW, studio) == master
    with pytest.raises(CannotOpen):
        unlock_with_passphrase(path, OLD, studio)
    after = json.loads(path.read_bytes())
    assert after["kdf"]["salt"] != before["kdf"]["salt"] and after["wrapped"] != before["wrapped"]
    with pytest.raises(CannotOpen):
        change_passphrase(path, OLD, "something else", studio, FLOOR_COST)
    assert unlock_with_passphrase(path, NEW, studio) == master


# --- recovery -----------------------------------------------------------------------------------------------------


def test_any_two_shares_recover_and_one_does_not(path: Path, master: MasterKey, studio: StudioId) -> None:
    shares = make_recovery_shares(master)
    assert [len(share.split()) for share in shares] == [33, 33, 33]
    for pair in itertools.permutations(shares, 2):
        assert master_from_shares(pair) == master
    assert master_from_shares(shares) == master
    assert master_from_shares([f"  {shares[0].upper()}\n", shares[2].replace(" ", "\t ")]) == master
    for one in (*((share,) for share in shares), (), (shares[0], shares[0]), (shares[1], shares[1].upper())):
        with pytest.raises(CannotOpen, match="alone"):
            master_from_shares(one)
    other = make_recovery_shares(master)
    with pytest.raises(CannotOpen, match="belong together"):
        master_from_shares([shares[0], other[1]])
    reset_passphrase(path, master_from_shares(shares[1:]), NEW, studio, FLOOR_COST)
    assert unlock_with_passphrase(path, NEW, studio) == master
    with pytest.raises(CannotOpen):
        unlock_with_passphrase(path, OLD, studio)


def test_a_mistyped_share_is_named(master: MasterKey) -> None:
    shares = make_recovery_shares(master)
    words = shares[1].split()
    for wrong in (
        " ".join(words[:-1]),
        " ".join([*words[:9], "zebra", *words[10:]]),
        "hello",
        "",
        " ".join(reversed(words)),
    ):
        with pytest.raises(CannotOpen, match="share 2 is not typed"):
            master_from_shares([shares[0], wrong])


def test_shares_of_a_smaller_secret_are_no_master() -> None:
    from shamir_mnemonic import generate_mnemonics

    with pytest.raises(CannotOpen, match="belong together"):
        master_from_shares(generate_mnemonics(1, [(2, 3)], bytes(16))[0][:2])


def test_reset_refuses_another_studios_shares_and_rebuilds_a_lost_file(
    path: Path, master: MasterKey, studio: StudioId
) -> None:
    with pytest.raises(CannotOpen, match="not the present key"):
        reset_passphrase(path, new_master(), NEW, studio, FLOOR_COST)
    assert unlock_with_passphrase(path, OLD, studio) == master
    path.unlink()
    reset_passphrase(path, master, NEW, studio, FLOOR_COST)
    assert unlock_with_passphrase(path, NEW, studio) == master


# --- rotation -----------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """The process dies here."""


def die(*_: Any) -> None:
    raise Killed


class Archive:
    """Stands for the archive: wrapped keys in files of their own, sealed secrets, a master file."""

    def __init__(self, folder: Path, studio: StudioId, master: MasterKey) -> None:
        self.folder, self.studio = folder, studio
        self.master_path, self.sealed = folder / "master.json", folder / "studio.sealed"
        self.secrets = new_organisation_secrets()
        self.keys = {f"{i}.key": bytes([i]) * 32 for i in range(3)}
        save_secrets(self.sealed, master, studio, self.secrets)
        for name, key in self.keys.items():
            (folder / name).write_bytes(wrap_key(master, key, name.encode()))

    def rewrap(self, old: MasterKey, new: MasterKey) -> None:
        assert new.predecessor == old
        save_secrets(self.sealed, new, self.studio, load_secrets(self.sealed, new, self.studio))
        for name in self.keys:
            key = unwrap_key(new, (self.folder / name).read_bytes(), name.encode())
            durable_write(self.folder / name, wrap_key(new, key, name.encode()))

    def opens(self, passphrase: str) -> bool:
        try:
            master = unlock_with_passphrase(self.master_path, passphrase, self.studio)
        except CannotOpen:
            return False
        for name, key in self.keys.items():
            assert unwrap_key(master, (self.folder / name).read_bytes(), name.encode()) == key
        secrets = load_secrets(self.sealed, master, self.studio)
        assert secrets == self.secrets
        assert secrets.derive("pseudonym") == self.secrets.derive("pseudonym")
        return True


@pytest.mark.parametrize("moment", ["before", "unnamed", "after"])
@pytest.mark.parametrize("new_passphrase", [None, NEW])
def test_a_rotation_killed_anywhere_opens_and_can_be_finished(
    moment: str,
    new_passphrase: str | None,
    path: Path,
    master: MasterKey,
    studio: StudioId,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wrapping, "passphrase_key", cheap_key)
    reset_passphrase(path, master, OLD, studio, FLOOR_COST)
    archive = Archive(path.parent, studio, master)
    final = new_passphrase or OLD
    start = {each.name: each.read_bytes() for each in path.parent.iterdir()}
    replace = os.replace
    for deadly in itertools.count():
        for each in path.parent.iterdir():
            each.unlink()
        for name, data in start.items():
            (path.parent / name).write_bytes(data)
        seen = 0

        def kill(source: Any, target: Any, deadly: int = deadly) -> None:
            nonlocal seen
            if seen == deadly and moment == "before":
                raise Killed
            seen += 1
            replace(source, target)
            if seen == deadly + 1 and moment == "after":
                raise Killed

        def kill_unnamed(handle: int, deadly: int = deadly) -> None:
            nonlocal seen
            seen += 1
            if seen == deadly + 1:
                raise Killed  # the temporary file is whole, its name not given yet

        with monkeypatch.context() as patch:
            patch.setattr(
                *((durable, "_flush_to_device", kill_unnamed) if moment == "unnamed" else (os, "replace", kill))
            )
            try:
                fresh = rotate_master(path, OLD, studio, archive.rewrap, new_passphrase, FLOOR_COST)
            except Killed:
                fresh = None
        assert archive.opens(OLD) or archive.opens(final), deadly
        if fresh is not None:
            break
        held = final if archive.opens(final) else OLD
        fresh = rotate_master(path, held, studio, archive.rewrap, new_passphrase, FLOOR_COST)
        assert fresh.predecessor is None and fresh != master
        assert not rotation_unfinished(path, studio)
        assert archive.opens(final)
    # Two writes of the key file, one of the secrets, three of the subjects' keys were each the place of death.
    assert deadly == 6 and fresh is not None
    assert fresh.predecessor is None and fresh != master
    with pytest.raises(CannotOpen):
        open_with_master(path, master, studio)


def test_after_a_rotation_the_old_key_file_is_useless(
    path: Path, master: MasterKey, studio: StudioId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wrapping, "passphrase_key", cheap_key)
    reset_passphrase(path, master, OLD, studio, FLOOR_COST)
    archive = Archive(path.parent, studio, master)
    copy = tmp_path / "copy.json"
    copy.write_bytes(path.read_bytes())
    shares = make_recovery_shares(master)
    rotate_master(path, OLD, studio, archive.rewrap, NEW, FLOOR_COST)
    assert archive.opens(NEW)
    with pytest.raises(CannotOpen):
        unlock_with_passphrase(path, OLD, studio)
    stolen = unlock_with_passphrase(copy, OLD, studio)
    for name in archive.keys:
        with pytest.raises(Exception, match="does not open"):
            unwrap_key(stolen, (path.parent / name).read_bytes(), name.encode())
    with pytest.raises(CannotOpen, match="not the present key"):
        reset_passphrase(path, master_from_shares(shares[:2]), NEW, studio, FLOOR_COST)


def test_an_interrupted_rotation_is_kept_through_a_passphrase_change(
    path: Path, master: MasterKey, studio: StudioId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wrapping, "passphrase_key", cheap_key)
    reset_passphrase(path, master, OLD, studio, FLOOR_COST)
    archive = Archive(path.parent, studio, master)
    with pytest.raises(Killed):
        rotate_master(path, OLD, studio, die, cost=FLOOR_COST)
    assert rotation_unfinished(path, studio)
    change_passphrase(path, OLD, NEW, studio, FLOOR_COST)
    assert rotation_unfinished(path, studio) and archive.opens(NEW)
    fresh = unlock_with_passphrase(path, NEW, studio)
    assert open_with_master(path, MasterKey(fresh.exposed_bytes), studio).predecessor == master
    assert rotate_master(path, NEW, studio, archive.rewrap, cost=FLOOR_COST) == fresh
    assert archive.opens(NEW) and not rotation_unfinished(path, studio)


# --- passphrase files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "passphrase"),
    [
        (b"secret word", "secret word"),
        (b"secret\n", "secret"),
        (b"secret\r\n", "secret"),
        (b" x \n", " x "),
        ("é\n".encode(), "é"),
    ],
)
def test_a_passphrase_file_loses_one_newline_only(content: bytes, passphrase: str, tmp_path: Path) -> None:
    durable_write(tmp_path / "p", content)
    assert read_passphrase_file(tmp_path / "p") == passphrase


@pytest.mark.parametrize("content", [b"", b"\n", b"\r\n", b"a\n\n", b"a\nb", b"\xff", b"x" * 5000])
def test_a_file_without_one_line_is_refused(content: bytes, tmp_path: Path) -> None:
    durable_write(tmp_path / "p", content)
    with pytest.raises(CannotOpen, match="passphrase file"):
        read_passphrase_file(tmp_path / "p")


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o601])
def test_a_file_others_may_read_is_refused_with_the_exact_command(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "my pass.txt"
    durable_write(path, b"secret word")
    path.chmod(mode)
    with pytest.raises(CannotOpen) as caught:
        read_passphrase_file(path)
    command = caught.value.hint.split(": ", 1)[1]
    subprocess.run(["sh", "-c", command], check=True)
    assert read_passphrase_file(path) == "secret word"


def test_a_missing_passphrase_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match="cannot be read"):
        read_passphrase_file(tmp_path / "none")
    with pytest.raises(WrongUsage, match="is a folder, not a file"):
        read_passphrase_file(tmp_path)

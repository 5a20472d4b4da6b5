"""Only keyrings that encrypt and keep are used; every other one is refused with a sentence, and nothing is stored."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.backends.fail import Keyring as FailKeyring
from keyring.backends.null import Keyring as NullKeyring
from keyring.errors import InitError, KeyringLocked, PasswordSetError
from keyrings.alt.file import PlaintextKeyring

import safelight
from safelight.domain.errors import CannotOpen
from safelight.domain.ids import Sha256, StudioId
from safelight.domain.journal_stretch import Head
from safelight.keys.keychain import (
    ALLOWED_BACKENDS,
    forget_in_keyring,
    keyring_may_be_here,
    keyring_state,
    load_from_keyring,
    load_head,
    replace_head,
    store_head,
    store_in_keyring,
)
from safelight.keys.master import MasterKey
from support.keyring_store import Store, named

from .conftest import Run


@pytest.fixture
def store() -> Any:
    return named("keyring.backends.SecretService.Keyring")


@pytest.mark.parametrize("name", sorted(ALLOWED_BACKENDS))
def test_an_allowed_keyring_keeps_gives_and_forgets(name: str, studio: StudioId, master: MasterKey) -> None:
    store = named(name)
    assert keyring_state(store).usable and name in keyring_state(store).why
    assert load_from_keyring(studio, store) is None
    store_in_keyring(studio, master, store)
    assert load_from_keyring(studio, store) == master
    assert load_from_keyring(StudioId("other"), store) is None
    forget_in_keyring(studio, store)
    forget_in_keyring(studio, store)
    assert store.held == {}


class Subclass(Store):
    """Claims nothing, is nothing."""


FOREIGN: dict[str, Any] = {
    "null": (NullKeyring, "forgets"),
    "fail": (FailKeyring, "no keyring"),
    "plain text": (PlaintextKeyring, "not known to encrypt"),
    "encrypted file": (lambda: named("keyrings.alt.file.EncryptedKeyring"), "not known to encrypt"),
    "unknown": (Subclass, "not known to encrypt"),
    "a subclass of an allowed one": (
        lambda: named("evil.Keyring", type(named("keyring.backends.macOS.Keyring"))),
        "not known",
    ),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_every_other_keyring_is_refused(kind: str, studio: StudioId, master: MasterKey, tmp_path: Path) -> None:
    make, reason = FOREIGN[kind]
    backend = make()
    state = keyring_state(backend)
    assert not state.usable and reason in state.why and "passphrase" in state.why
    for act in (
        lambda: store_in_keyring(studio, master, backend),
        lambda: load_from_keyring(studio, backend),
        lambda: forget_in_keyring(studio, backend),
    ):
        with pytest.raises(CannotOpen, match=reason):
            act()
    if isinstance(backend, PlaintextKeyring):
        assert not Path(backend.file_path).exists()
    if isinstance(backend, Store):
        assert backend.held == {}


@pytest.mark.parametrize(
    ("members", "reason"),
    [(["good", "plain"], "PlaintextKeyring"), (["plain"], "PlaintextKeyring"), ([], "no store")],
)
def test_a_chain_with_a_weak_link_is_refused(
    members: list[str], reason: str, store: Any, studio: StudioId, master: MasterKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = PlaintextKeyring()
    chain = chained([{"plain": plain, "good": store}[each] for each in members], monkeypatch)
    assert not keyring_state(chain).usable
    with pytest.raises(CannotOpen, match=reason):
        store_in_keyring(studio, master, chain)
    assert store.held == {} and not Path(plain.file_path).exists()


def test_of_a_sound_chain_one_store_is_used(
    store: Any, studio: StudioId, master: MasterKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = named("keyring.backends.kwallet.DBusKeyring", Store, priority=4)
    chain = chained([store, second], monkeypatch)
    assert keyring_state(chain).usable
    store_in_keyring(studio, master, chain)
    assert load_from_keyring(studio, chain) == master and second.held == {}


def chained(members: list[Any], monkeypatch: pytest.MonkeyPatch) -> ChainerBackend:
    """The real chain over these; it sorts them by their own priority."""
    monkeypatch.setattr("keyring.backend.get_all_keyring", lambda: members)
    chain = ChainerBackend()
    assert set(chain.backends) == set(members)
    return chain


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (KeyringLocked("locked"), "is locked"),
        (InitError("no"), "does not answer"),
        (PasswordSetError("no"), "does not answer"),
        (OSError("the daemon is gone"), "does not answer"),
        (ConnectionResetError(), "does not answer"),
        (RuntimeError("no bus"), "does not answer"),
    ],
)
@pytest.mark.parametrize("method", ["set_password", "get_password"])
def test_a_locked_or_dead_keyring_is_a_sentence(
    error: Exception, reason: str, method: str, studio: StudioId, master: MasterKey
) -> None:
    def refuse(*_: Any) -> None:
        raise error

    store = named("keyring.backends.SecretService.Keyring", Store, **{method: refuse})
    with pytest.raises(CannotOpen, match=reason) as caught:
        store_in_keyring(studio, master, store)
    assert "passphrase" in caught.value.hint
    if method == "get_password":
        for act in (load_from_keyring, forget_in_keyring):
            with pytest.raises(CannotOpen, match=reason):
                act(studio, store)


def test_errors_of_the_secret_service_itself_are_known(studio: StudioId) -> None:
    secretstorage = pytest.importorskip("secretstorage")

    def refuse(*_: Any) -> None:
        raise secretstorage.exceptions.SecretServiceNotAvailableException("killed")

    with pytest.raises(CannotOpen, match="does not answer"):
        load_from_keyring(studio, named("keyring.backends.SecretService.Keyring", Store, get_password=refuse))


@pytest.mark.parametrize("back", [None, "", "something else", "é"])
def test_a_keyring_that_does_not_give_back_is_refused(back: str | None, studio: StudioId, master: MasterKey) -> None:
    store = named("keyring.backends.macOS.Keyring", Store, get_password=lambda *_: back)
    with pytest.raises(CannotOpen, match="did not keep"):
        store_in_keyring(studio, master, store)


@pytest.mark.parametrize(
    "value", ["", "x", "safelight-master-1:", "safelight-master-1:AAAA", "AAAA" * 11, "safelight-master-1:é"]
)
def test_a_value_changed_behind_us_is_said(value: str, store: Any, studio: StudioId) -> None:
    store.set_password("Safelight", studio, value)
    with pytest.raises(CannotOpen, match="is not its key"):
        load_from_keyring(studio, store)


def test_a_keyring_that_does_not_forget_is_said(studio: StudioId, master: MasterKey) -> None:
    store = named("keyring.backends.macOS.Keyring", Store, delete_password=lambda *_: None)
    store_in_keyring(studio, master, store)
    with pytest.raises(CannotOpen, match="still holds"):
        forget_in_keyring(studio, store)


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("keyring.backends.null.Keyring", "switched off"),
        ("keyring.backends.fail.Keyring", "no keyring"),
        ("keyrings.alt.file.PlaintextKeyring", "not known to encrypt"),
        ("no.such.Keyring", "does not start"),
        ("keyring.backends.fail.NoSuch", "does not start"),
        ("nonsense", "does not start"),
    ],
)
def test_what_the_environment_chooses_is_judged_too(setting: str, reason: str, tmp_path: Path) -> None:
    program = (
        "from safelight.keys.keychain import *; from safelight.keys.master import new_master; "
        "from safelight.domain.errors import CannotOpen\n"
        "print(keyring_state().usable, keyring_state().why)\n"
        "try: store_in_keyring('s', new_master())\n"
        "except CannotOpen as e: print(e)\n"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(safelight.__file__).parents[1]),
        "PYTHON_KEYRING_BACKEND": setting,
        "HOME": str(tmp_path),
    }
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    first, second = done.stdout.splitlines()
    assert first.startswith("False ") and reason in first and reason in second
    assert list(tmp_path.rglob("*")) == []


SESSION = """
set -e
printf pw | gnome-keyring-daemon --unlock --components=secrets --foreground >/dev/null 2>&1 &
export DAEMON=$!
for _ in $(seq 100); do [ -S "$XDG_RUNTIME_DIR/keyring/control" ] && break; sleep 0.05; done
sleep 0.3
exec "$PYTHON" -c "$PROGRAM"
"""


def test_a_real_secret_service_keeps_it(run: Run, tmp_path: Path) -> None:
    if not (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session")):
        pytest.skip("no Secret Service daemon here")
    program = (
        "from safelight.keys.keychain import *; from safelight.keys.master import new_master\n"
        "m = new_master(); assert keyring_state().usable, keyring_state()\n"
        "store_in_keyring('s', m); assert load_from_keyring('s') == m; forget_in_keyring('s')\n"
        "assert load_from_keyring('s') is None\n"
        "import os, signal, subprocess\n"
        "store_in_keyring('s', m); os.kill(int(os.environ['DAEMON']), signal.SIGKILL)\n"
        "from safelight.domain.errors import CannotOpen\n"
        "try: print(load_from_keyring('s'))\n"
        "except CannotOpen as e: print('REFUSED', e)\n"
    )
    script = tmp_path / "session.sh"
    script.write_text(SESSION)
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(safelight.__file__).parents[1]),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring",
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path),
        "PYTHON": sys.executable,
        "PROGRAM": program,
    }
    done = subprocess.run(
        ["dbus-run-session", "--", "bash", str(script)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("REFUSED The keyring of this account"), done.stdout


def test_the_stand_ins_are_like_keyrings() -> None:
    for method in ("get_password", "set_password", "delete_password"):
        assert hasattr(KeyringBackend, method) and hasattr(Store, method)


# How far the journal was ---------------------------------------------------------------------------------------------

HEAD = Head(41, Sha256("ab" * 32))
MACOS = "keyring.backends.macOS.Keyring"
SERVICE = "keyring.backends.SecretService.Keyring"


def secret_service(monkeypatch: pytest.MonkeyPatch, locked: bool | None) -> None:
    """The service as it says whether it is locked; None: its daemon is gone."""

    class Bus:
        def close(self) -> None:
            pass

    def collection(_: Bus) -> Any:
        if locked is None:
            raise OSError
        return type("Collection", (), {"is_locked": lambda _: locked})()

    fake = type(sys)("secretstorage")
    fake.dbus_init, fake.Collection = Bus, collection  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "secretstorage", fake)


@pytest.mark.parametrize("name", [SERVICE, MACOS, "keyring.backends.Windows.WinVaultKeyring"])
def test_the_end_of_a_journal_is_kept_by_studio_and_folder(
    name: str, studio: StudioId, master: MasterKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret_service(monkeypatch, locked=False)
    store = named(name)
    store_in_keyring(studio, master, store)
    assert load_head(studio, tmp_path, store) is None
    store_head(studio, tmp_path, HEAD, store)
    assert load_head(studio, tmp_path, store) == HEAD
    assert load_head(studio, tmp_path / "copy", store) is None is load_head(StudioId("other"), tmp_path, store)
    assert load_from_keyring(studio, store) == master
    assert replace_head(studio, tmp_path, Head(3, Sha256("cd" * 32)), store)
    assert load_head(studio, tmp_path, store) == Head(3, Sha256("cd" * 32))
    assert replace_head(studio, tmp_path, None, store) and replace_head(studio, tmp_path, None, store)
    assert load_head(studio, tmp_path, store) is None and len(store.held) == 1


@pytest.mark.parametrize("locked", [True, None])
def test_a_locked_keyring_is_left_alone(
    locked: bool | None, studio: StudioId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asking it would open a prompt, and one that is gone would be waited for."""
    secret_service(monkeypatch, locked=False)
    store = named(SERVICE)
    store_head(studio, tmp_path, HEAD, store)
    secret_service(monkeypatch, locked)
    store_head(studio, tmp_path, Head(42, HEAD.hash), store)
    assert load_head(studio, tmp_path, store) is None
    secret_service(monkeypatch, locked=False)
    assert load_head(studio, tmp_path, store) == HEAD


@pytest.mark.parametrize("name", ["keyring.backends.kwallet.DBusKeyring"])
def test_a_keyring_that_cannot_say_whether_it_is_locked_is_left_alone(
    name: str, studio: StudioId, tmp_path: Path
) -> None:
    store = named(name)
    store_head(studio, tmp_path, HEAD, store)
    assert store.held == {} and load_head(studio, tmp_path, store) is None


def test_what_is_no_end_of_a_journal_is_none(studio: StudioId, tmp_path: Path) -> None:
    store = named("keyring.backends.macOS.Keyring")
    store_head(studio, tmp_path, HEAD, store)
    ((place, text),) = store.held.items()
    for wrong in ("", text[:-1], f"{text}0", text.replace("41", "-1"), text.replace("head-1", "head-2")):
        store.held[place] = wrong
        assert load_head(studio, tmp_path, store) is None


def test_a_missing_or_failing_keyring_is_no_fault(studio: StudioId, tmp_path: Path) -> None:
    class Failing(Store):
        def get_password(self, service: str, username: str) -> str | None:
            raise KeyringLocked

        def set_password(self, service: str, username: str, password: str) -> None:
            raise KeyringLocked

    failing = named("keyring.backends.macOS.Keyring", Failing)
    for store in (FailKeyring(), NullKeyring(), failing):
        store_head(studio, tmp_path, HEAD, store)
        assert load_head(studio, tmp_path, store) is None
    assert replace_head(studio, tmp_path, HEAD, FailKeyring())
    assert not replace_head(studio, tmp_path, None, failing), "it may know what it knew"


def test_whether_it_is_worth_asking_is_known_without_loading_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not keyring_may_be_here()
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(Path, "exists", lambda _: False)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    assert not keyring_may_be_here()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    assert keyring_may_be_here()

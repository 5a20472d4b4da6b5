"""An open studio and its own keys: what the keyring holds, another passphrase, new sheets, six words."""

from __future__ import annotations

import pytest

from safelight.domain.changes import Changes
from safelight.domain.errors import CannotOpen, WrongUsage
from safelight.keys.passphrases import FLOOR_COST
from safelight.keys.signing import fingerprint_words
from safelight.studio import founding, own_keys, upkeep
from support.keyring_store import Store, named
from support.shoot import PASSPHRASE, Shoot

OTHER = "an entirely different passphrase"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    made = named("keyring.backends.libsecret.Keyring")
    monkeypatch.setattr("keyring.get_keyring", lambda: made)
    assert isinstance(made, Store)
    return made


def test_the_keyring_keeps_a_copy_until_it_is_told_to_forget(shoot: Shoot, store: Store) -> None:
    studio = shoot.studio
    use = own_keys.keyring_use(studio)
    assert (use.usable, use.kept) == (True, False)
    use, changes = own_keys.keep_in_keyring(studio)
    assert use.kept and changes is Changes.STUDIO
    studio.archive.close()
    founding.open_studio(studio.archive.folder.path, None).archive.close()
    use, _ = own_keys.drop_from_keyring(studio)
    assert not use.kept and store.held == {}
    assert own_keys.drop_from_keyring(studio)[0].kept is False, "nothing happens where there is none"


def test_a_key_of_before_the_last_change_of_keys_is_none(shoot: Shoot, store: Store) -> None:
    own_keys.keep_in_keyring(shoot.studio)
    folder = shoot.studio.archive.folder.path
    shoot.studio.archive.close()
    upkeep.rotate_master_key(folder, PASSPHRASE)
    with founding.open_studio(folder, PASSPHRASE) as studio:
        assert own_keys.keyring_use(studio).kept is False and len(store.held) == 1


def test_where_there_is_no_keyring_it_says_so_and_keeps_nothing(shoot: Shoot) -> None:
    use = own_keys.keyring_use(shoot.studio)
    assert not use.usable and not use.kept and "no keyring" in use.why
    with pytest.raises(CannotOpen):
        own_keys.keep_in_keyring(shoot.studio)


def test_a_locked_keyring_is_told_and_changes_nothing(
    shoot: Shoot, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: str) -> str:
        raise RuntimeError("locked")

    monkeypatch.setattr(store, "get_password", locked)
    use = own_keys.keyring_use(shoot.studio)
    assert not use.usable and "does not answer" in use.why


def test_the_passphrase_of_an_open_studio_is_replaced(shoot: Shoot) -> None:
    studio = shoot.studio
    with pytest.raises(CannotOpen):
        own_keys.replace_passphrase(studio, OTHER, OTHER + "!", FLOOR_COST)
    with pytest.raises(WrongUsage):
        own_keys.replace_passphrase(studio, PASSPHRASE, "short", FLOOR_COST)
    own_keys.replace_passphrase(studio, PASSPHRASE, OTHER, FLOOR_COST)
    assert founding.is_passphrase(studio, OTHER) and not founding.is_passphrase(studio, PASSPHRASE)


def test_new_sheets_are_three_pages_and_need_the_passphrase(shoot: Shoot) -> None:
    steps: list[int] = []
    pdf = own_keys.recovery_pdf(shoot.studio, PASSPHRASE, "de", report=lambda done, *_: steps.append(done))
    assert pdf.startswith(b"%PDF") and steps == [0, 1]
    with pytest.raises(CannotOpen):
        own_keys.recovery_pdf(shoot.studio, OTHER, "de")


def test_the_six_words_are_those_of_the_card(shoot: Shoot) -> None:
    assert own_keys.key_words(shoot.studio) == fingerprint_words(shoot.studio.signer.public_ssh)

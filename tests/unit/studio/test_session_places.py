"""The folder that is watched for a session: remembered with the studio, and never the studio's own."""

from __future__ import annotations

import pytest

from safelight.domain.changes import Changes
from safelight.domain.errors import WrongUsage
from safelight.studio.session_places import hot_folder_of, set_hot_folder


def test_the_folder_of_a_session_is_remembered_and_forgotten(shoot, tmp_path) -> None:
    folder = tmp_path / "Tether für Nordwind"
    folder.mkdir()
    id = shoot.session.id
    assert hot_folder_of(shoot.studio, id) is None
    assert set_hot_folder(shoot.studio, id, folder) == (folder, Changes.SESSIONS)
    assert set_hot_folder(shoot.studio, id, folder) == (folder, Changes.NONE)
    shoot.reopen()
    assert hot_folder_of(shoot.studio, id) == folder
    assert hot_folder_of(shoot.studio, shoot.new_session().id) is None
    assert set_hot_folder(shoot.studio, id, None) == (None, Changes.SESSIONS)
    assert hot_folder_of(shoot.studio, id) is None


def test_no_path_stands_in_the_files_of_the_studio(shoot, tmp_path) -> None:
    folder = tmp_path / "Geheimkunde-GmbH"
    folder.mkdir()
    set_hot_folder(shoot.studio, shoot.session.id, folder)
    kept = [each.read_bytes() for each in shoot.folder.rglob("*") if each.is_file()]
    assert kept and not any(b"Geheimkunde" in each for each in kept)


def test_a_file_and_the_studio_itself_are_no_folder_to_watch(shoot, tmp_path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(b"")
    for wrong in (file, tmp_path / "nowhere", shoot.folder, shoot.folder / "keys"):
        with pytest.raises(WrongUsage):
            set_hot_folder(shoot.studio, shoot.session.id, wrong)
    assert hot_folder_of(shoot.studio, shoot.session.id) is None

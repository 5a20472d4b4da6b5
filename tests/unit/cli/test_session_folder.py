"""The command that says which folder is watched for a session."""

from __future__ import annotations


def test_the_folder_that_is_watched_is_named_and_taken_back(desk, tmp_path) -> None:
    folder = tmp_path / "tether"
    folder.mkdir()
    desk("session", "new", "Spring day", "--photographer", "Kim")
    assert desk("--json", "session", "folder", "Spring day").document["folder"] is None
    assert desk("--json", "session", "folder", "Spring day", folder).document["folder"] == str(folder)
    assert f"watched for it: {folder}" in desk("session", "folder", "Spring day").out
    assert "no folder is watched" in desk("session", "folder", "Spring day", "--none").out
    assert desk("session", "folder", "Spring day", tmp_path / "nowhere").code == 2

"""The status list on its own: what it says, who signed it, and that bundles carry the same."""

from __future__ import annotations

import json
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

from safelight.documents.status import read_status_list
from safelight.documents.status_file import read_status_file
from safelight.keys.signing import allowed_signers_line, verify_sshsig
from safelight.studio import status_lists


def test_it_says_which_records_have_ended_and_the_studio_signed_it(shoot: Any) -> None:
    studio = shoot.studio
    with studio.archive.transaction(studio.now()) as writing:
        first, second = studio.archive.statuses.allocate(writing, 2)
        studio.archive.statuses.revoke(writing, first, studio.now())
    written, _ = status_lists.write_status(studio)
    file = read_status_file(written.file)
    verify_sshsig(studio.signer.public_ssh, file.list, file.signature, "safelight-status")
    read = read_status_list(file.list)
    assert read.studio == studio.identity.id and read.ended(first) and not read.ended(second)
    assert read.valid_until == written.valid_until == studio.now() + timedelta(days=30) and written.ended == 1
    assert studio.archive.journal.has("status-written", studio.identity.id)


def test_stock_tools_check_it(shoot: Any, tmp_path: Path) -> None:
    studio = shoot.studio
    written, _ = status_lists.write_status(studio)
    raw = json.loads(written.file)
    (tmp_path / "list.json.sig").write_text(raw["signature"])
    (tmp_path / "signers").write_text(
        allowed_signers_line(studio.identity.id, studio.signer.public_ssh, ("safelight-status",))
    )
    subprocess.run(
        ["ssh-keygen", "-Y", "verify", "-f", tmp_path / "signers", "-I", studio.identity.id, "-n", "safelight-status",
         "-s", tmp_path / "list.json.sig"],
        input=read_status_file(written.file).list, check=True, capture_output=True,
    )  # fmt: skip

"""Sets a studio back to before digests vouched for its rows, as an earlier program left it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from safelight.keys.secrets import save_secrets
from safelight.studio.founding import open_studio

NEWER = ("code_tag", "disclosed_record", "withdrawal_notice", "acknowledgement", "rights_request", "restriction",
         "legal_hold", "erasure")  # fmt: skip
"""Tables that came with later versions."""
ARCHIVE = ("DROP TABLE digest", "DROP INDEX photo_by_subject", *(f"DROP TABLE {each}" for each in NEWER),
           "UPDATE alembic_version SET version_num = '0005'")  # fmt: skip
KEY_STORE = ("ALTER TABLE gone DROP COLUMN proof", "PRAGMA user_version = 1")


def set_back(studio: Path, passphrase: str) -> None:
    """Rows, keys and secrets as they were then; the studio must not be open."""
    with open_studio(studio, passphrase) as opened:
        places = opened.archive.folder
        save_secrets(places.secrets, opened.master, opened.identity.id, replace(opened.secrets, digested=False))
    for database, statements in ((places.database, ARCHIVE), (places.key_store, KEY_STORE)):
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            for statement in statements:
                connection.execute(statement)

"""How full the status list is from which the next records get their places."""

from __future__ import annotations

from safelight.storage.rows import ListFill as ListFill
from safelight.studio.open_studio import OpenStudio


def newest_list(studio: OpenStudio) -> ListFill:
    """The studio's newest list; another follows by itself when it is full."""
    return studio.archive.statuses.newest()

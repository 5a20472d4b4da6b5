"""The command that says which folder is watched for a session."""

from __future__ import annotations

import argparse
from pathlib import Path

from safelight.cli.opening import opened
from safelight.cli.output import Output
from safelight.domain.errors import ExitCode
from safelight.studio.queries.lookup import find_session
from safelight.studio.session_places import hot_folder_of, set_hot_folder


def run_folder(given: argparse.Namespace, output: Output) -> ExitCode:
    """``session folder``."""
    with opened(given, output) as studio:
        session = find_session(studio, given.session)
        if given.none or given.folder is not None:
            folder, _ = set_hot_folder(studio, session.id, None if given.none else Path(given.folder))
        else:
            folder = hot_folder_of(studio, session.id)
    told = f"watched for it: {folder}" if folder else "no folder is watched for it"
    output.result({"session": session.id, "folder": folder and str(folder)}, f"{session.id}  {session.name}", told)
    return ExitCode.DONE

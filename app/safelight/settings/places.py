"""Where this computer keeps the data and the settings of its users, as its system has it; nothing is made here."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

NAME = "safelight"


def data_folder(environment: Mapping[str, str] = os.environ, system: str = sys.platform) -> Path:
    """The folder for what this program keeps for this user: XDG, ``AppData`` or ``Application Support``."""
    return _below(environment, system, "XDG_DATA_HOME", ".local/share", "LOCALAPPDATA", "AppData/Local")


def settings_folder(environment: Mapping[str, str] = os.environ, system: str = sys.platform) -> Path:
    """The folder for how this program looks to this user."""
    return _below(environment, system, "XDG_CONFIG_HOME", ".config", "APPDATA", "AppData/Roaming")


def studio_folder(environment: Mapping[str, str] = os.environ, system: str = sys.platform) -> Path:
    """The studio this user works in: ``SAFELIGHT_STUDIO``, else the one in :func:`data_folder`."""
    named = environment.get("SAFELIGHT_STUDIO", "")
    return Path(named) if named else data_folder(environment, system) / "studio"


def agency_folder(environment: Mapping[str, str] = os.environ, system: str = sys.platform) -> Path:
    """The agency of this user: ``SAFELIGHT_AGENCY``, else the one in :func:`data_folder`."""
    named = environment.get("SAFELIGHT_AGENCY", "")
    return Path(named) if named else data_folder(environment, system) / "agency"


def _below(environment: Mapping[str, str], system: str, xdg: str, rest: str, windows: str, appdata: str) -> Path:
    home = Path(environment.get("HOME") or environment.get("USERPROFILE") or Path.home())
    if system == "win32":
        return Path(environment.get(windows) or home / appdata) / NAME
    if system == "darwin":
        return home / "Library" / "Application Support" / NAME
    given = environment.get(xdg, "")
    # A relative path in these variables is to be ignored (XDG Base Directory Specification).
    return (Path(given) if given and Path(given).is_absolute() else home / rest) / NAME

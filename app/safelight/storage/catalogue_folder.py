"""The folder of one agency: laid out like a studio's, under names that tell the two apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from safelight.domain.ids import AgencyId
from safelight.storage.folder import StudioFolder, identity_in


@dataclass(frozen=True, slots=True)
class AgencyFolder(StudioFolder):
    """The named places inside an agency's folder; nothing is touched by making one."""

    format: ClassVar[str] = "safelight-agency/1"
    noun: ClassVar[str] = "agency"

    @property
    def identity(self) -> Path:
        """``agency.json``: the public id of the agency and when it was made."""
        return self.path / "agency.json"

    @property
    def database(self) -> Path:
        """The rows."""
        return self.path / "catalogue.sqlite"

    @property
    def secrets(self) -> Path:
        """The agency's own sealed keys: the age identity bundles are encrypted to, and its signing key."""
        return self.keys / "agency.sealed"

    @property
    def key_store(self) -> Path:
        """One wrapped key per photo, apart from the rows, so that an old backup of rows revives no photo."""
        return self.keys / "photos.sqlite"

    @property
    def importing(self) -> Path:
        """Lies there while a bundle is taken in; found at opening, it says that an import was cut off."""
        return self.path / "importing"


def read_agency_identity(path: Path) -> tuple[AgencyId, datetime]:
    """The id of the agency in ``path`` and when it was made; :class:`CannotOpen` if there is none."""
    id, created_at = identity_in(AgencyFolder(path))
    return AgencyId(id), created_at

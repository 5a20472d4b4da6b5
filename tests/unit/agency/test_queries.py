"""The read side of an agency asks the catalogue no more when there are more photos."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from safelight.agency.imports import import_bundle
from safelight.agency.open_agency import OpenAgency
from safelight.agency.queries.photos import list_photos
from safelight.agency.upkeep import check_agency
from safelight.domain.changes import Changes
from safelight.domain.ids import ScopeId
from support.counting import counting

FEW, MANY = 10, 200
MOST = 12
"""SELECTs for a list of any length below a batch: ids, photos of the same pictures, records, notices, digests."""
USE = ScopeId("use.editorial")


def test_the_list_asks_no_more_when_there_is_more(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path) -> None:
    receipt = studio.receipt([USE])
    asked = []
    for number, size in enumerate((FEW, MANY - FEW), 1):
        photos = [(shot(), [receipt]) for _ in range(size)]
        studio.deliver(tmp_path / f"{number}.age", number, photos, [USE])
        import_bundle(agency, tmp_path / f"{number}.age")
        agency.standings.forget()
        with counting() as statements:
            listed = list_photos(agency)
        asked.append((len(listed), len(statements)))
    assert [size for size, _ in asked] == [FEW, MANY]
    assert max(count for _, count in asked) <= MOST, asked


def test_the_check_of_an_agency_is_told_and_changes_no_list(agency: OpenAgency) -> None:
    report, changes = check_agency(agency)
    assert report.sound and report.loose == () and changes is Changes.NONE

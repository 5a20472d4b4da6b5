"""Many questions at once: every photo is read once, whatever their number, and none that was asked for is dropped."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from safelight.agency import standings
from safelight.agency.imports import import_bundle
from safelight.agency.open_agency import OpenAgency
from safelight.agency.questions import Wanted, decide_all
from safelight.agency.standings import PAGE, Standings
from safelight.domain.ids import PhotoGuid
from safelight.storage.catalogue_rows import KeptPhoto

PASSPHRASE = "four unrelated words here"


class CountingCatalogue:
    """Photos without people, as many as there are; counts how often each is opened and how many queries there were."""

    def __init__(self, twins: Iterable[tuple[KeptPhoto, ...]] = ()) -> None:
        self.opened: Counter[PhotoGuid] = Counter()
        self.queries = self.others = 0
        self._twins = [*twins]
        self.received = SimpleNamespace(with_same_pictures=self._photos, records=lambda _: {})
        nothing = SimpleNamespace(of=lambda _: {})
        self.notices = SimpleNamespace(photos=nothing, ended=nothing)
        self.trusted_studios = SimpleNamespace(standing=lambda _: None, get=lambda _: None)

    def _photos(self, guids: list[PhotoGuid]) -> tuple[tuple[str, KeptPhoto], ...]:
        self.queries += 1
        self.opened.update(guids)
        together = [same for same in self._twins if any(each.guid in guids for each in same)]
        several = {each.guid for same in together for each in same}
        found = [(same[0].guid, each) for same in together for each in same]
        return (*found, *((each, photo(each)) for each in guids if each not in several))

    def written_by_others(self) -> int:
        return self.others

    def rely_on(self, tables: Iterable[str], tags: Iterable[str]) -> None:
        """Nobody edited anything."""


def photo(guid: str, studio: str = "studio") -> KeptPhoto:
    made = datetime(2026, 11, 2, tzinfo=UTC)
    delivery = SimpleNamespace(order=(1, made), subjects=(), records=(), bundle="b", territory=None)
    return KeptPhoto(guid, studio, "b", "image/jpeg", "file", "0", "p", "0", "f", (), (delivery,))  # type: ignore[arg-type]


def guids(count: int, first: int = 0) -> list[PhotoGuid]:
    return [PhotoGuid(f"00000000-0000-4000-8000-{number:012d}") for number in range(first, first + count)]


def test_sixty_thousand_photos_asked_for_at_once_are_all_kept() -> None:
    catalogue = CountingCatalogue()
    remembered = Standings(catalogue)  # type: ignore[arg-type]
    asked = guids(60_000)
    remembered.load(asked[:30_000])
    remembered.load(asked)
    assert all(remembered.of_photo(each) is not None for each in asked)
    assert catalogue.queries == 2 and catalogue.opened.total() == 60_000


def test_what_was_asked_longest_ago_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standings, "_MOST_KEPT", 100)
    catalogue = CountingCatalogue()
    remembered = Standings(catalogue)  # type: ignore[arg-type]
    first, second, third = guids(60), guids(40, 60), guids(30, 100)
    for some in (first, second, third):
        remembered.load(some)
    remembered.load([*first[30:], *second, *third])
    assert catalogue.queries == 3
    remembered.load(first[:30])
    assert catalogue.queries == 4 and catalogue.opened[first[0]] == 2 and catalogue.opened[first[-1]] == 1


def test_the_same_picture_of_another_studio_is_read_in_the_same_query() -> None:
    one, other = guids(2)
    catalogue = CountingCatalogue([(photo(one), photo(other, "another studio"))])
    remembered = Standings(catalogue)  # type: ignore[arg-type]
    remembered.load([one])
    standing = remembered.of_photo(one)
    assert standing is not None and standing.twins == (other,)
    assert remembered.of_photo(other) is not None and catalogue.queries == 1


def test_questions_in_any_order_open_each_photo_once(agency: OpenAgency, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standings, "_MOST_KEPT", PAGE)
    catalogue = CountingCatalogue()
    monkeypatch.setattr(agency.standings, "_catalogue", catalogue)
    asked = guids(3 * PAGE)
    # Use by use, so that every photo comes up again after all the others.
    wanted = [Wanted(each, use, "FR") for use in ("use.directory", "use.social") for each in asked]
    answers = decide_all(agency, wanted, date(2026, 11, 3))
    assert [(each.question.photo, each.question.use) for each in answers] == [(each.photo, each.use) for each in wanted]
    assert catalogue.queries == 3 and set(catalogue.opened.values()) == {1}


_ASKS = """
import sys
from pathlib import Path
from safelight.agency.founding import open_agency
from safelight.agency.questions import may
with open_agency(Path(sys.argv[1]), sys.argv[2]) as agency:
    print(may(agency, sys.argv[3], "use.directory", "FR")[0].decision.allowed)
"""


def test_programs_that_ask_at_the_same_time_wait_for_each_other(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path
) -> None:
    taken = shot()
    studio.deliver(tmp_path / "b.age", 1, [(taken, [studio.receipt(["use.directory"])])], ["use.directory"])
    import_bundle(agency, tmp_path / "b.age")
    before = agency.catalogue.check().counts["journal_entry"]
    folder = agency.catalogue.folder.path
    agency.catalogue.close()
    argv = [sys.executable, "-c", _ASKS, str(folder), PASSPHRASE, taken.guid]
    asking = [subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(8)]
    told = [each.communicate(timeout=300) for each in asking]
    assert [each.returncode for each in asking] == [0] * 8, told
    assert len({out for out, _ in told}) == 1
    assert before + 8 == _entries(folder)


def _entries(folder: Path) -> int:
    with sqlite3.connect(folder / "catalogue.sqlite") as connection:
        found = connection.execute("SELECT count(*) FROM journal_entry").fetchone()[0]
    connection.close()
    return int(found)

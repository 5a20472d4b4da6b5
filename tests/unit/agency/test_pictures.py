"""Which photo a file is after others had their hands on it; the list; the report and what it does to spreadsheets."""

from __future__ import annotations

import csv
import io
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from safelight.agency.imports import import_bundle
from safelight.agency.open_agency import OpenAgency
from safelight.agency.queries.photos import list_photos, photo_of_file
from safelight.agency.reports import End, place_words, report_csv, report_rows
from safelight.domain.errors import Malformed, Refused, WrongUsage
from safelight.domain.term import Term, TermKind
from safelight.images.rights_marks import Allowed, marks_for
from safelight.images.xmp_packet import merge
from support import deliveries
from support.xmp import embed_xmp

USE, OTHER = "use.directory", "use.social"


def marked(data: bytes, guid: str, studio: Any, media_type: str = "image/jpeg") -> bytes:
    """The photo with our XMP in it, as an export writes it."""
    allowed = Allowed(frozenset({USE}), ("Directory",), "FR", None, "Agence")
    marks = marks_for(
        guid, studio.identity, allowed, photographer="Kim", subjects=[], receipts=[], ages=[], person_names=[],
        policy=b"{}", year=2026,
    )  # fmt: skip
    return b"".join(bytes(each) for each in embed_xmp(data, media_type, merge(None, marks)))


@pytest.fixture
def delivered(agency: OpenAgency, studio: Any, shot: Any, portraits: Path, tmp_path: Path) -> tuple[Any, ...]:
    """Two photos in the catalogue: a real portrait and a flat one, both with XMP inside."""
    shots = []
    for data in ((portraits / "grace_hopper.jpg").read_bytes(), shot().data):
        bare = shot(data=data)
        shots.append(deliveries.Shot(bare.people, marked(data, bare.guid, studio), guid=bare.guid))
    studio.deliver(tmp_path / "1.age", 1, [(each, [studio.receipt([USE, OTHER])]) for each in shots], [USE, OTHER])
    import_bundle(agency, tmp_path / "1.age")
    return tuple(shots)


def test_a_file_is_found_with_changed_and_with_stripped_metadata(
    agency: OpenAgency, delivered: Any, tmp_path: Path, stock_tool: Callable[[str], str]
) -> None:
    photo, _ = delivered
    path = tmp_path / "renamed.JPG"
    path.write_bytes(photo.data)
    assert photo_of_file(agency, path) == photo.guid
    exiftool = stock_tool("exiftool")
    for change in (["-XMP-dc:Title=Somebody", "-EXIF:Artist=X"], ["-XMP-iptcExt:DigitalImageGUID=dam:4711"], ["-all="]):
        subprocess.run([exiftool, "-q", "-overwrite_original", *change, path], check=True, capture_output=True)
        assert path.read_bytes() != photo.data and photo_of_file(agency, path) == photo.guid


def test_the_id_of_one_and_the_picture_of_another_is_refused(
    agency: OpenAgency, delivered: Any, studio: Any, portraits: Path, tmp_path: Path
) -> None:
    photo, other = delivered
    (tmp_path / "swapped.jpg").write_bytes(marked(other.data, photo.guid, studio))
    with pytest.raises(Refused, match="another picture"):
        photo_of_file(agency, tmp_path / "swapped.jpg")
    stranger = (portraits / "astronaut.jpg").read_bytes()
    (tmp_path / "claimed.jpg").write_bytes(marked(stranger, photo.guid, studio))
    with pytest.raises(Refused, match="another picture"):
        photo_of_file(agency, tmp_path / "claimed.jpg")
    (tmp_path / "stranger.jpg").write_bytes(stranger)
    assert photo_of_file(agency, tmp_path / "stranger.jpg") is None


def test_one_picture_under_two_ids_must_be_named(
    agency: OpenAgency, delivered: Any, studio: Any, shot: Any, tmp_path: Path
) -> None:
    photo, _ = delivered
    again = shot(data=photo.data)
    studio.deliver(tmp_path / "2.age", 2, [(again, [studio.receipt([USE])])], [USE])
    import_bundle(agency, tmp_path / "2.age")
    (tmp_path / "a.jpg").write_bytes(photo.data)
    assert photo_of_file(agency, tmp_path / "a.jpg") == photo.guid  # its XMP says which
    bare = marked(photo.data, deliveries.new_uuid(), studio)
    (tmp_path / "b.jpg").write_bytes(bare)
    with pytest.raises(Refused, match="several ids"):
        photo_of_file(agency, tmp_path / "b.jpg")


def test_torn_and_missing_files_are_told(agency: OpenAgency, delivered: Any, tmp_path: Path) -> None:
    (tmp_path / "torn.jpg").write_bytes(delivered[0].data[:5000])
    with pytest.raises(Malformed):
        photo_of_file(agency, tmp_path / "torn.jpg")
    with pytest.raises(WrongUsage):
        photo_of_file(agency, tmp_path / "nothing.jpg")
    (tmp_path / "other.txt").write_text("no picture")
    assert photo_of_file(agency, tmp_path / "other.txt") is None


def test_the_list_says_what_was_delivered(agency: OpenAgency, delivered: Any, studio: Any) -> None:
    listed = list_photos(agency)
    assert [each.guid for each in listed] == [each.guid for each in delivered]
    assert listed[0].uses == (USE, OTHER) and listed[0].studio == studio.identity.name and listed[0].people == 1


def test_the_report_has_todays_answers(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path) -> None:
    photo, receipt = shot(), studio.receipt([USE, OTHER])
    studio.end(receipt, OTHER)
    studio.deliver(
        tmp_path / "1.age", 1, [(photo, [receipt])], [USE, OTHER], territory=deliveries.country("DE", "US")
    )  # fmt: skip
    import_bundle(agency, tmp_path / "1.age")
    rows = list(csv.DictReader(io.StringIO(report_csv(report_rows(agency)[0]))))
    told = {(each["use"], each["place"]): (each["allowed"], each["blocker"], each["places"]) for each in rows}
    where = de = "Germany (DE)"
    us = "United States (US)"
    assert told == {
        (USE, de): ("yes", "", where),
        (USE, us): ("no", "territory", where),
        (OTHER, de): ("no", "withdrawn", where),
        (OTHER, us): ("no", "withdrawn", where),
    }
    assert rows[0]["until"] == "2026-12-02" and receipt.records[0].id in rows[0]["clause"]
    assert agency.catalogue.journal.entries()[-1].kind == "reported"


def test_the_report_says_whether_the_consent_ends_or_only_the_status_list(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path
) -> None:
    last = {name: deliveries.START.date() + timedelta(days=days) for name, days in (("short", 10), ("long", 300))}
    shots = {name: shot() for name in last}
    asked = {name: studio.receipt([USE], term=Term(TermKind.UNTIL, until=last[name])) for name in last}
    pairs = [(shots[name], [asked[name]]) for name in last]
    studio.deliver(tmp_path / "1.age", 1, pairs, [USE], territory=deliveries.country("DE", "US"))
    import_bundle(agency, tmp_path / "1.age")
    rows, _ = report_rows(agency)
    found = {(each.photo, each.place): (each.until, each.ends, each.consent_until) for each in rows}
    short, long = shots["short"].guid, shots["long"].guid
    assert found[short, "DE"] == (last["short"], End.CONSENT, last["short"])
    assert found[long, "DE"] == (date(2026, 12, 2), End.STATUS_LIST, last["long"])
    assert found[short, "US"] == found[long, "US"] == (None, None, None)
    told = {(each["photo"], each["place"]): each for each in csv.DictReader(io.StringIO(report_csv(rows)))}
    assert told[short, "Germany (DE)"]["ends"] == "the consent ends"
    row = told[long, "Germany (DE)"]
    assert "a newer status list prolongs it" in row["ends"] and row["consent_until"] == str(last["long"])
    assert told[long, "United States (US)"]["ends"] == told[long, "United States (US)"]["consent_until"] == ""


def test_places_are_told_as_people_read_them(agency: OpenAgency) -> None:
    eea = agency.rules.adequacy.eea
    for allowed, told in (
        ([None], "worldwide"),
        ([frozenset({"US"}), None], "worldwide"),
        ([eea], "European Economic Area (EEA)"),
        ([eea | {"CH"}], "European Economic Area (EEA), Switzerland (CH)"),
        ([frozenset({"FR"}), frozenset({"AT", "GB"})], "Austria (AT), France (FR), United Kingdom (GB)"),
        ([frozenset()], "nowhere"),
        ([frozenset({"UK"})], "UK"),
    ):
        assert place_words(allowed, eea) == told  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ['=cmd|"/C calc"!A0', "+1", "-1", "@SUM(A1)", "\tx", "\rx", 'a"b,c\nd'])
def test_a_name_cannot_become_a_formula(
    agency: OpenAgency, new_studio: Any, shot: Any, tmp_path: Path, name: str
) -> None:
    from dataclasses import replace

    studio = new_studio()
    studio.deliver(tmp_path / "1.age", 1, [(shot(), [studio.receipt([USE])])], [USE])
    import_bundle(agency, tmp_path / "1.age")
    rows = tuple(replace(each, studio=name) for each in report_rows(agency)[0])
    text = report_csv(rows)
    (read,) = csv.DictReader(io.StringIO(text, newline=""))
    assert read["studio"] == (name if name.startswith("a") else f"'{name}")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert not any(each.startswith(("=", "+", "-", "@", "\t", "\r")) for each in cells)

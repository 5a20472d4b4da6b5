"""The XMP packet: what we write comes back equal, what others wrote stays unless it gives somebody away."""

from __future__ import annotations

import contextlib
import dataclasses

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from safelight.domain.errors import Malformed, WrongUsage
from safelight.images.rights_marks import RightsMarks, TrainingMarks
from safelight.images.xmp_packet import (
    MOST_PACKET_BYTES,
    merge,
    private_in,
    read_marks,
    removed_from,
    without_private,
)

HEAD = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="uuid:secret" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
    'xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" '
    'xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
    'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:lamp="https://lamp.example/ns/" '
    'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" '
)
TAIL = "</rdf:RDF></x:xmpmeta>"


def packet(attributes: str = "", elements: str = "") -> bytes:
    return f"{HEAD}{attributes}>{elements}</rdf:Description>{TAIL}".encode()


def as_read(marks: RightsMarks) -> RightsMarks:
    return dataclasses.replace(marks, training=TrainingMarks())


def test_what_is_written_is_read_back(marks: RightsMarks) -> None:
    assert read_marks(merge(None, marks)) == as_read(marks)


# What XML normalises (line ends, control characters) and what stands for "nothing" is kept out.
_text = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff\x85\u2028"))
_some = _text.filter(bool)


@given(_text, _text, _some, st.lists(_some, max_size=4), st.lists(_some, max_size=3))
def test_any_text_comes_back_as_it_was(
    notice: str, terms: str, creator: str, people: list[str], receipts: list[str]
) -> None:
    marks = RightsMarks(
        "urn:uuid:1", (creator,), notice, usage_terms=terms, person_names=tuple(people), receipts=tuple(receipts)
    )
    assert read_marks(merge(None, marks)) == marks


def test_control_characters_in_a_name_do_not_stop_an_export() -> None:
    assert read_marks(merge(None, RightsMarks("g", ("Zo\x00e\x1b",)))).creator == ("Zo e ",)


def test_what_is_known_to_be_harmless_stays_and_nothing_else(marks: RightsMarks) -> None:
    old = packet('xmp:Rating="4" xmp:Label="Select"', "<lamp:Job>4711</lamp:Job><exif:FNumber>28/10</exif:FNumber>")
    new = merge(old, marks)
    for each in (b"<xmp:Rating>4<", b"<xmp:Label>Select<", b"<exif:FNumber>28/10<"):
        assert each in new
    assert b"uuid:secret" not in new and b"4711" not in new and b"lamp.example/ns" not in new
    assert removed_from(old) == {"Job": "other properties"}
    assert read_marks(new) == as_read(marks)


SENSITIVE = {
    'exif:GPSLatitude="48,8N"': "location",
    'photoshop:City="SECRET"': "location",
    'aux:SerialNumber="SECRET"': "serials",
    'aux:LensSerialNumber="SECRET"': "serials",
    'aux:OwnerName="SECRET"': "names",
    'photoshop:Headline="SECRET"': "names",
    'exif:UserComment="SECRET"': "names",
    'xmpMM:DocumentID="SECRET"': "history",
    'plus:DataMining="http://ns.useplus.org/ldf/vocab/DMI-ALLOWED"': "rights",
}


@pytest.mark.parametrize("attribute", SENSITIVE)
@pytest.mark.parametrize("short", [True, False])
def test_what_gives_away_or_contradicts_goes_in_both_spellings(marks: RightsMarks, attribute: str, short: bool) -> None:
    name, value = attribute.replace('"', "").split("=")
    old = packet(attribute) if short else packet("", f"<{name}>{value}</{name}>")
    assert private_in(old) == {SENSITIVE[attribute]}
    new = merge(old, marks)
    assert value.encode() not in new
    assert read_marks(new) == as_read(marks)
    assert without_private(old) is None
    kept = merge(old, marks, frozenset({"location", "serials", "names"}))
    assert (value.encode() in kept) == (SENSITIVE[attribute] in ("location", "serials", "names"))


def test_what_is_nested_in_others_structures_goes_too(marks: RightsMarks) -> None:
    inner = '<lamp:Deep rdf:parseType="Resource"><aux:SerialNumber>SECRET</aux:SerialNumber></lamp:Deep>'
    assert b"SECRET" not in merge(packet("", inner), marks)
    picture = "<xmp:Thumbnails><rdf:Alt><rdf:li>FACE</rdf:li></rdf:Alt></xmp:Thumbnails>"
    assert b"FACE" not in merge(packet("", picture), marks)


def test_names_of_people_are_ours_to_write(marks: RightsMarks) -> None:
    old = packet(
        "", "<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>SECRET</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage>"
    )
    nameless = dataclasses.replace(marks, person_names=())
    assert b"SECRET" not in merge(old, nameless, frozenset({"names"}))
    assert read_marks(merge(old, marks)).person_names == ("Grace Hopper", "Ana María")


def test_too_much_of_others_is_left_out_and_too_much_of_ours_refused(marks: RightsMarks) -> None:
    deep = frozenset({"names"})
    new = merge(packet("", f"<dc:title>{'x' * 70_000}</dc:title>"), marks, deep)
    assert new == merge(None, marks)
    turned = packet("", f"<dc:title>{'x' * 70_000}</dc:title><tiff:Orientation>6</tiff:Orientation>")
    assert b"<tiff:Orientation>6<" in merge(turned, marks, deep)
    with pytest.raises(WrongUsage):
        merge(None, dataclasses.replace(marks, policy=b"x" * MOST_PACKET_BYTES))


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9)
) + b"]>" + packet().replace(b"></rdf:Description", b"><lamp:x>&j;</lamp:x></rdf:Description")  # fmt: skip
FILE = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + packet("", "<lamp:x>&f;</lamp:x>")


@pytest.mark.parametrize(
    "hostile",
    [
        BOMB,
        FILE,
        b"\xfe\xff" + (b"<!DOCTYPE x []>" + packet()).decode().encode("utf-16-be"),
        b"",
        b"no xml",
        packet()[:-20],
        b"<a/>",
        b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>",
        packet("", "<lamp:a>" * 300 + "</lamp:a>" * 300),
        packet("", "<lamp:a/>" * 60_000),
        b"\xff" * 100,
        b" " * (5 << 20),
    ],
    ids=["bomb", "file", "doctype-utf16", "empty", "text", "cut", "other", "no-rdf", "deep", "wide", "bytes", "long"],
)
def test_hostile_packets_are_refused(marks: RightsMarks, hostile: bytes) -> None:
    for reader in (read_marks, private_in, without_private):
        with pytest.raises(Malformed):
            reader(hostile)
    if hostile:
        with pytest.raises(Malformed):
            merge(hostile, marks)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (b"DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING", b"DMI-ALLOWED"),
        (b"http://ns.useplus.org/ldf/vocab/MR-LMR", b"MR-LMR"),
        (b"MR-LMR", b"MR-UMR"),
        (b"<rdf:Seq><rdf:li>Zo\xc3\xab", b"<rdf:Alt><rdf:li>Zo\xc3\xab"),
    ],
)
def test_other_codes_and_shapes_than_ours_are_refused(marks: RightsMarks, ours: bytes, theirs: bytes) -> None:
    written = merge(None, marks)
    assert ours in written
    with pytest.raises(Malformed):
        read_marks(written.replace(ours, theirs, 1))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_packet_is_read_or_refused(marks: RightsMarks, data: st.DataObject) -> None:
    written = bytearray(merge(packet('xmp:Rating="4"'), marks))
    for at in data.draw(st.lists(st.integers(0, len(written) - 1), min_size=1, max_size=5)):
        written[at] = data.draw(st.integers(0, 255))
    for reader in (read_marks, private_in, without_private):
        with contextlib.suppress(Malformed):
            reader(bytes(written))

"""The manifest: what is written comes back, in one form only, and every kind of disagreement inside it is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.documents.jcs import canonical
from safelight.documents.manifest import (
    MAX_JSON,
    Manifest,
    ManifestPhoto,
    ManifestRecipient,
    ManifestStudio,
    Member,
    MemberRole,
    key_fingerprint,
    order_of,
    read_manifest,
    recipient_fingerprint,
    status_path,
    write_manifest,
)
from safelight.domain.errors import Malformed
from safelight.domain.ids import (
    BundleId,
    Country,
    PhotoGuid,
    ReceiptId,
    RecipientId,
    RecordId,
    ScopeId,
    Sha256,
    StudioId,
    SubjectId,
)
from safelight.domain.term import Territory, TerritoryKind
from safelight.keys.sealing import age_recipient
from safelight.settings import resources
from support import bundle_parts as parts

SHA = "5e" * 32
LD, SSH = "application/ld+json", "application/x-ssh-signature"


def _uuid(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-000000000000"


def _member(path: str, role: MemberRole, media_type: str, size: int = 10) -> Member:
    return Member(path, size, Sha256(SHA), media_type, role)


def _list(raw: dict[str, Any], number: object, at: int = 3) -> None:
    """Put a further status list and its signature among the members."""
    first, signature = raw["members"][1:3]
    path = f"status/list-{number}.json"
    raw["members"][at:at] = [first | {"path": path}, signature | {"path": f"{path}.sig"}]


def _manifest(**changes: Any) -> Manifest:
    recipient = RecipientId(age_recipient(parts.IDENTITY))
    key = parts.SIGNER.public_ssh
    photos = tuple(
        ManifestPhoto(
            PhotoGuid(_uuid(n)),
            f"photos/{_uuid(n)}.{ending}",
            media,
            kind,
            Sha256(SHA),
            (SubjectId(f"urn:uuid:{_uuid(n)}"),),
            (ReceiptId(_uuid(9)),),
            (RecordId(_uuid(8)),),
            f"policies/{_uuid(n)}.jsonld",
            sidecars,
        )
        for n, ending, media, kind, sidecars in (
            (1, "jpg", "image/jpeg", "jpeg-scans", ()),
            (2, "nef", "image/x-nikon-nef", "file", (f"photos/{_uuid(2)}.xmp", f"photos/{_uuid(2)}.c2pa")),
        )
    )
    members = (
        _member("README.txt", MemberRole.README, "text/plain"),
        _member("status/list.json", MemberRole.STATUS, "application/vc"),
        _member("status/list.json.sig", MemberRole.STATUS_SIGNATURE, SSH),
        _member(f"notices/{SHA}.txt", MemberRole.NOTICE, "text/plain"),
        _member(f"records/{_uuid(9)}.jsonld", MemberRole.RECORD, LD),
        _member(f"records/{_uuid(9)}.jsonld.sig", MemberRole.RECORD_SIGNATURE, SSH),
        _member(f"records/{_uuid(9)}.jsonld.subject.sig", MemberRole.SUBJECT_SIGNATURE, SSH),
        _member(f"policies/{_uuid(1)}.jsonld", MemberRole.POLICY, LD),
        _member(f"policies/{_uuid(2)}.jsonld", MemberRole.POLICY, LD),
        _member(f"receipts/{_uuid(9)}.pdf", MemberRole.RECEIPT, "application/pdf"),
        _member(f"photos/{_uuid(1)}.jpg", MemberRole.PHOTO, "image/jpeg"),
        _member(f"photos/{_uuid(2)}.nef", MemberRole.PHOTO, "image/x-nikon-nef", 512 * 1024 * 1024),
        _member(f"photos/{_uuid(2)}.xmp", MemberRole.SIDECAR, "application/rdf+xml"),
        _member(f"photos/{_uuid(2)}.c2pa", MemberRole.SIDECAR, "application/c2pa"),
    )
    whole = Manifest(
        id=BundleId(_uuid(5)),
        sequence=3,
        created_at=parts.NOW,
        studio=ManifestStudio(
            StudioId(_uuid(6)), "Atelier Ümlaut", Country("DE"), "a@b.example", key, key_fingerprint(key)
        ),
        recipient=ManifestRecipient(recipient, recipient_fingerprint(recipient), "عرب Casting", Country("FR")),
        uses=(ScopeId("use.directory"), ScopeId("ai.train-generative")),
        territory=Territory(TerritoryKind.LISTED, frozenset({Country("DE"), Country("AT")})),
        names_included=True,
        journal_head=Sha256(SHA),
        rules="2026-11",
        photos=photos,
        members=members,
    )
    return replace(whole, **changes)


def _raw(change: Callable[[dict[str, Any]], object]) -> bytes:
    raw = json.loads(write_manifest(_manifest()))
    change(raw)
    return canonical(raw)


def test_what_is_written_comes_back() -> None:
    manifest = _manifest()
    data = write_manifest(manifest)
    assert read_manifest(data) == manifest
    assert write_manifest(read_manifest(data)) == data
    assert read_manifest(write_manifest(_manifest(territory=None))).territory is None


def test_another_implementation_accepts_it_by_the_published_schema() -> None:
    schema = json.loads(resources.read_bytes("schemas/manifest.schema.json"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(write_manifest(_manifest())))


@given(st.text(min_size=1, max_size=60))
def test_any_name_that_may_stand_in_it_comes_back_and_no_other(name: str) -> None:
    manifest = _manifest(recipient=replace(_manifest().recipient, name=name))
    try:
        data = write_manifest(manifest)
    except Malformed:
        hidden = set(range(32)) | set(range(0x7F, 0xA0)) | set(range(0x202A, 0x202F)) | set(range(0x2066, 0x206A))
        assert any(ord(char) in hidden | {0x2028, 0x2029, 0xFEFF} or "\ud800" <= char <= "\udfff" for char in name)
    else:
        assert read_manifest(data) == manifest
        assert data == canonical(json.loads(data))


def test_every_further_status_list_has_its_place() -> None:
    raw = json.loads(write_manifest(_manifest()))
    for number in range(2, 12):
        _list(raw, number, at=2 * number - 1)
    assert [each.path for each in read_manifest(canonical(raw)).members if each.role is MemberRole.STATUS] == [
        status_path(number) for number in range(1, 12)
    ]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda r: r.update(extra=1), "/extra: is not known here"),
        (lambda r: r.update(journal_entries=0), "/journal_entries: is not the number of an entry with this hash"),
        (lambda r: r.update(journal_entries=7, journal_head="0" * 64), "/journal_entries: is not the number"),
        (lambda r: r.update(journal_entries=-1), "/journal_entries"),
        (lambda r: r.update(journal_entries=True), "/journal_entries"),
        (lambda r: r["photos"][0].update(name="Anna"), "/photos/0"),
        (lambda r: r["members"][0].update(role="virus"), "/members/0/role"),
        (lambda r: r["members"][3].update(path="notices/../../x.txt"), "/members/3/path"),
        (lambda r: r["members"][10].update(path="photos/x.jpg"), "/members/10/path"),
        (lambda r: r["members"][10].update(media_type="text/html"), "/members/10/media_type"),
        (lambda r: r["members"][10].update(size=512 * 1024 * 1024 + 1), "/members/10/size"),
        (lambda r: r["members"][10].update(size=-1), "/members/10/size"),
        (lambda r: r["members"][10].update(size=1.5), "/members/10/size"),
        (lambda r: r["members"][1].update(size=MAX_JSON + 1), "/members/1/size: larger"),
        (lambda r: r["members"][9].update(size=17 * 1024 * 1024), "/members/9/size: larger"),
        (lambda r: r["members"][3].update(sha256="11" * 32), "/members/3/path: not named by its hash"),
        (lambda r: r["members"].pop(0), "/members: README.txt is missing"),
        (lambda r: r["members"].pop(2), "status/list.json.sig is missing"),
        (lambda r: r["members"][1:3].clear() or _list(r, 3), "status/list-2.json is missing"),
        (lambda r: _list(r, 2) or r["members"].pop(4), "status/list-2.json.sig is missing"),
        (lambda r: _list(r, 2, at=1), "/members: the status lists are not those numbered from 1, in their order"),
        (lambda r: _list(r, 2) or _list(r, 2), "/members/5/path: is there twice"),
        (lambda r: _list(r, 1), "/members/3/path"),
        (lambda r: _list(r, 100), "/members/3/path"),
        (lambda r: _list(r, "02"), "/members/3/path"),
        (lambda r: r["members"].pop(5), "/members/4/path: is not followed by the studio's"),
        (lambda r: r["members"].pop(4), "/members/4/path: must follow"),
        (lambda r: r["members"].pop(6), "/members/4/path: is not followed by the studio's"),
        (lambda r: r["members"].pop(7), "/photos/0/policy: is not among"),
        (lambda r: r["members"].pop(10), "/photos/0/path: is not among"),
        (lambda r: r["members"].pop(13), "/members: the photos are not those listed"),
        (lambda r: r["members"].append(r["members"][10]), "/members/14/path: is there twice"),
        (lambda r: r["members"].insert(0, r["members"].pop(10)), "/members/1/role: not where"),
        (lambda r: r["photos"].reverse(), "/members: the photos are not those listed, in their order"),
        (lambda r: r["photos"].pop(), "/members/8/path: belongs to no photo"),
        (lambda r: r["photos"].append(r["photos"][0]), "/photos/2/guid: is there twice"),
        (lambda r: r["photos"][0].update(guid=_uuid(4)), "/photos/0/path: not named by its guid"),
        (lambda r: r["photos"][0].update(media_type="image/png"), "/photos/0/media_type"),
        (lambda r: r["photos"][0].update(policy=f"policies/{_uuid(2)}.jsonld"), "/photos/0/policy"),
        (lambda r: r["photos"][0].update(receipts=[_uuid(7)]), "/photos/0/receipts/0: has no record"),
        (lambda r: r["photos"][1].update(sidecars=[f"photos/{_uuid(1)}.xmp"]), "/photos/1/sidecars/0: belongs"),
        (lambda r: [each.update(receipts=[_uuid(7)]) for each in r["photos"]], "/members/4/path: belongs to no photo"),
        (lambda r: r["photos"][0].update(subjects=[]), "/photos/0/subjects"),
        (lambda r: r.update(names_included=False), "/members/9/role: carries names"),
        (lambda r: r.update(photos=[]), "/photos"),
        (lambda r: r.update(uses=[]), "/uses"),
        (lambda r: r.update(sequence=0), "/sequence"),
        (lambda r: r.update(format="safelight-bundle/2"), "/format"),
        (lambda r: r.update(created_at="2026-05-01T10:14:32+02:00"), "/created_at"),
        (lambda r: r.update(created_at="2026-13-01T10:14:32Z"), "/created_at"),
        (lambda r: r.update(territory={"kind": "country", "countries": []}), "/territory"),
        (lambda r: r["recipient"].update(id="age1x"), "/recipient/id"),
        (lambda r: r["recipient"].update(name="A\u202eB"), "/recipient/name"),
        (lambda r: r["recipient"].update(fingerprint=r["studio"]["fingerprint"]), "/recipient/fingerprint"),
        (lambda r: r["studio"].update(fingerprint=r["recipient"]["fingerprint"]), "/studio/fingerprint"),
        (lambda r: r["studio"].update(ssh_public_key="ssh-rsa AAAA"), "/studio/ssh_public_key"),
    ],
)  # fmt: skip
def test_each_disagreement_is_refused_with_its_path(change: Callable[[dict[str, Any]], object], fault: str) -> None:
    with pytest.raises(Malformed) as caught:
        read_manifest(_raw(change))
    assert any(fault in each for each in caught.value.faults), caught.value.faults


def test_all_faults_are_told_at_once() -> None:
    def spoil(raw: dict[str, Any]) -> None:
        raw["names_included"] = False
        raw["photos"][0]["policy"] = f"policies/{_uuid(2)}.jsonld"
        raw["recipient"]["fingerprint"] = raw["studio"]["fingerprint"]

    with pytest.raises(Malformed) as caught:
        read_manifest(_raw(spoil))
    assert len(caught.value.faults) >= 3


def test_every_field_is_required_and_none_may_be_added() -> None:
    raw = json.loads(write_manifest(_manifest()))
    places: list[tuple[dict[str, Any], str]] = []

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            places.extend((value, key) for key in value)
            [walk(each) for each in value.values()]
        elif isinstance(value, list):
            [walk(each) for each in value]

    walk(raw)
    for holder, key in places:
        kept = holder.pop(key)
        with pytest.raises(Malformed):
            read_manifest(canonical(raw))
        holder[key] = kept
        holder["surplus"] = 1
        with pytest.raises(Malformed):
            read_manifest(canonical(raw))
        del holder["surplus"]
    assert read_manifest(canonical(raw)) == _manifest()


@pytest.mark.parametrize("spoil", [lambda d: d + b"\n", lambda d: b" " + d, lambda d: d.replace(b":", b": ", 1)])
def test_one_manifest_has_one_form(spoil: Callable[[bytes], bytes]) -> None:
    with pytest.raises(Malformed, match="canonical"):
        read_manifest(spoil(write_manifest(_manifest())))


@given(st.binary(max_size=200))
def test_bytes_from_anywhere_are_malformed_and_nothing_else(data: bytes) -> None:
    with pytest.raises(Malformed):
        read_manifest(data)


def test_more_than_a_reader_may_hold_is_not_written() -> None:
    big = tuple(
        _member(f"receipts/{_uuid(n)}.pdf", MemberRole.RECEIPT, "application/pdf", 16 * 1024 * 1024) for n in range(9)
    )
    members = _manifest().members
    with pytest.raises(Malformed) as caught:
        write_manifest(_manifest(members=(*members[:8], *big, *members[9:])))
    assert any("before the photos" in each for each in caught.value.faults)


def test_a_signature_lies_where_what_it_signs_lies() -> None:
    assert order_of(MemberRole.RECORD_SIGNATURE) == order_of(MemberRole.RECORD) < order_of(MemberRole.POLICY)
    assert order_of(MemberRole.SIDECAR) == order_of(MemberRole.PHOTO) > order_of(MemberRole.RECEIPT)


def test_fingerprints_are_those_stock_tools_print(tmp_path: Path) -> None:
    import shutil
    import subprocess

    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed here")
    (tmp_path / "key.pub").write_text(parts.SIGNER.public_ssh + "\n")
    said = subprocess.run(["ssh-keygen", "-l", "-f", tmp_path / "key.pub"], capture_output=True, text=True, check=True)
    assert key_fingerprint(parts.SIGNER.public_ssh) in said.stdout.split()

"""What a studio signed with its own key and put into the wrong bundle is refused all the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from safelight.bundle.contents import OpenedBundle, open_contents
from safelight.bundle.reader import read_metadata
from safelight.documents.policy import policy_bytes, policy_document
from safelight.documents.record import receipt_document, statement_of
from safelight.documents.status import status_list, status_list_bytes
from safelight.domain.errors import Malformed, Refused
from safelight.domain.ids import Country, RecipientId, ScopeId, StudioId
from safelight.domain.people import Recipient
from safelight.keys.sealing import age_recipient
from support import bundle_parts as parts
from support import deliveries

USE = "use.directory"
OTHER = deliveries.new_uuid()
Files = dict[str, bytes]


@pytest.fixture
def studio() -> Any:
    agency = Recipient(RecipientId(age_recipient(parts.IDENTITY)), "Agence", Country("FR"), "a@agence.example")
    return deliveries.StudioDouble("Atelier", agency)


@pytest.fixture
def delivered(studio: Any, portrait: bytes, tmp_path: Path) -> tuple[OpenedBundle, Any]:
    """Two photos of two people, and the receipt of the first."""
    receipts = [studio.receipt([USE]), studio.receipt([USE])]
    shots = [
        (deliveries.Shot((deliveries.Person(),), each.bytes()), [receipt])
        for each, receipt in zip(parts.distinct(portrait, 2), receipts, strict=True)
    ]
    studio.deliver(tmp_path / "b.age", 1, shots, [USE])
    return read_metadata(tmp_path / "b.age", [parts.IDENTITY], studio.key.public_ssh), receipts[0]


def policy(opened: OpenedBundle, studio: Any, receipt: Any, files: Files, **changed: Any) -> None:
    first = opened.manifest.photos[0]
    to = replace(studio.recipient, id=changed["to"]) if "to" in changed else studio.recipient
    about = changed.get("photo", first.guid)
    receipt = replace(
        receipt,
        recipients=(to,),
        records=tuple(replace(each, grant=replace(each.grant, recipients=(to.id,))) for each in receipt.records),
    )
    files[first.policy] = policy_bytes(policy_document(about, [receipt], [ScopeId(USE)], to, deliveries.CATALOGUE))


def policy_of_another_photo(opened: OpenedBundle, studio: Any, receipt: Any, files: Files) -> None:
    policy(opened, studio, receipt, files, photo=opened.manifest.photos[1].guid)


def policy_for_somebody_else(opened: OpenedBundle, studio: Any, receipt: Any, files: Files) -> None:
    policy(opened, studio, receipt, files, to=RecipientId(age_recipient(parts.OTHER_IDENTITY)))


def list_of_another_studio(_opened: OpenedBundle, studio: Any, _receipt: Any, files: Files) -> None:
    until = deliveries.START + timedelta(days=30)
    content = status_list_bytes(status_list(set(), StudioId(OTHER), deliveries.START, until))
    files["status/list.json"] = content
    files["status/list.json.sig"] = studio.key.sign(content, "safelight-status").encode()


def signature_for_another_purpose(_opened: OpenedBundle, studio: Any, _receipt: Any, files: Files) -> None:
    files["status/list.json.sig"] = studio.key.sign(files["status/list.json"], "safelight-card").encode()


def the_persons_signature_over_something_else(_opened: OpenedBundle, studio: Any, receipt: Any, files: Files) -> None:
    other = statement_of(receipt_document(replace(receipt, withdraw_at="elsewhere"), deliveries.CATALOGUE))
    files[f"records/{receipt.id}.jsonld.subject.sig"] = studio.key.sign(other, "safelight-receipt").encode()


def the_persons_signature_for_another_purpose(_opened: OpenedBundle, studio: Any, receipt: Any, files: Files) -> None:
    statement = json.loads(files[f"records/{receipt.id}.jsonld"])["@graph"][0]
    assert statement["@type"] == "dpv:ConsentReceipt"
    said = statement_of(json.loads(files[f"records/{receipt.id}.jsonld"]))
    files[f"records/{receipt.id}.jsonld.subject.sig"] = studio.key.sign(said, "safelight-record").encode()


def records_under_anothers_name(opened: OpenedBundle, _studio: Any, _receipt: Any, files: Files) -> None:
    first, second = (f"records/{each.receipts[0]}.jsonld" for each in opened.manifest.photos)
    for end in ("", ".sig", ".subject.sig"):
        files[first + end], files[second + end] = files[second + end], files[first + end]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (policy_of_another_photo, "about another photo or for somebody else"),
        (policy_for_somebody_else, "about another photo or for somebody else"),
        (list_of_another_studio, "another studio's"),
        (signature_for_another_purpose, "another purpose"),
        (the_persons_signature_over_something_else, "changed after it was signed"),
        (the_persons_signature_for_another_purpose, "another purpose"),
        (records_under_anothers_name, "another receipt than its name says"),
    ],
)
def test_it_is_refused(
    delivered: tuple[OpenedBundle, Any], studio: Any, spoil: Callable[[OpenedBundle, Any, Any, Files], None], said: str
) -> None:
    opened, receipt = delivered
    files = dict(opened.files)
    spoil(opened, studio, receipt, files)
    assert files != opened.files
    with pytest.raises((Refused, Malformed), match=said):
        open_contents(opened.manifest, files, opened.signed_by, True, opened.manifest_sha256)


def test_as_it_was_it_opens(delivered: tuple[OpenedBundle, Any]) -> None:
    opened, _ = delivered
    again = open_contents(opened.manifest, opened.files, opened.signed_by, True, opened.manifest_sha256)
    assert again.policies == opened.policies and again.receipts.keys() == opened.receipts.keys()

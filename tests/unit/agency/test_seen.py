"""An agency is told whether people saw a photo before they signed; a bundle that contradicts that stays out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from safelight.agency.imports import import_bundle
from safelight.agency.open_agency import OpenAgency
from safelight.agency.questions import may
from safelight.domain.errors import Malformed, Refused
from safelight.domain.photo import PhotoMark
from safelight.domain.record import ConsentReceipt
from safelight.domain.seen import Seen, mark_of, named_as
from safelight.images.imagehash import image_data_sha256
from support.deliveries import Person, Shot

USE = "use.directory"


def about(receipt: ConsentReceipt, photo: Shot, shown: bool | None = True, **other: Any) -> ConsentReceipt:
    """The same signing, which names ``photo``."""
    image = image_data_sha256(photo.data, photo.media_type)
    mark = PhotoMark(photo.guid, image.kind, image.sha256, photo.media_type, shown)
    return replace(receipt, photos=(replace(mark, **other),))


def truly(photo: Shot, receipt: ConsentReceipt) -> Seen:
    return named_as(mark_of(photo.guid, receipt.photos)) or Seen.AFTER


def brought(agency: OpenAgency, studio: Any, path: Path, photo: Shot, *receipts: ConsentReceipt) -> None:
    studio.deliver(path, 1, [(photo, list(receipts))], [USE])
    import_bundle(agency, path)


def test_a_yes_says_it_of_everybody(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path) -> None:
    photo = shot(Person(), Person())
    first, second = about(studio.receipt([USE]), photo), studio.receipt([USE])
    studio.seen = truly
    brought(agency, studio, tmp_path / "b.age", photo, first, second)
    decision = may(agency, photo.guid, USE, "FR")[0].decision
    assert decision.seen == (Seen.BEFORE, Seen.AFTER)
    assert decision.clause.endswith("; photo seen before signing + came in after signing")
    assert may(agency, photo.guid, USE, "US")[0].decision.seen == ()


def test_a_bundle_of_before_states_nothing(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path) -> None:
    photo = shot()
    brought(agency, studio, tmp_path / "b.age", photo, about(studio.receipt([USE]), photo, None))
    decision = may(agency, photo.guid, USE, "FR")[0].decision
    assert decision.allowed and decision.seen == (None,)
    assert decision.clause.endswith("; photo not stated whether seen before signing")
    (kept,) = agency.catalogue.received.photos([photo.guid]).values()
    assert kept.deliveries[0].seen is None


@pytest.mark.parametrize("said", list(Seen))
@pytest.mark.parametrize("shown", [True, False, None, "unnamed"])
def test_only_what_was_signed_can_be_said(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path, said: Seen, shown: Any
) -> None:
    photo, receipt = shot(), studio.receipt([USE])
    receipt = receipt if shown == "unnamed" else about(receipt, photo, shown)
    studio.seen = lambda *_: said
    true = {"unnamed": {Seen.AFTER, Seen.NOT_NAMED}, True: {Seen.BEFORE}}.get(shown, {Seen.NAMED})
    if said in true:
        brought(agency, studio, tmp_path / "b.age", photo, receipt)
    else:
        # Neither written by this program nor, were it written by another, taken in: the writer asks the reader.
        with pytest.raises(Refused, match="/seen is not what was signed"):
            brought(agency, studio, tmp_path / "b.age", photo, receipt)


@pytest.mark.parametrize("other", [{"image_sha256": "5a" * 32}, {"image_hash_kind": "file"}])
def test_another_picture_than_was_signed_is_refused(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path, other: dict[str, str]
) -> None:
    photo = shot()
    with pytest.raises(Refused, match="shows another picture than was signed"):
        brought(agency, studio, tmp_path / "b.age", photo, about(studio.receipt([USE]), photo, True, **other))


def test_one_word_for_each_receipt(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path) -> None:
    photo, receipts = shot(Person(), Person()), [studio.receipt([USE]), studio.receipt([USE])]
    written = studio.deliver(tmp_path / "a.age", 1, [(photo, receipts)], [USE])
    (entry,) = written.manifest.photos
    for count in (0, 1, 3):
        told = (replace(entry, seen=(Seen.AFTER,) * count),)
        with pytest.raises(Malformed):
            studio.deliver(tmp_path / "b.age", 2, [(photo, receipts)], [USE], photos=told)


def test_the_command_prints_it(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path) -> None:
    from safelight.cli.agency_answers import _answer

    photo = shot()
    studio.seen = truly
    brought(agency, studio, tmp_path / "b.age", photo, about(studio.receipt([USE]), photo))
    told = json.loads(json.dumps(_answer(may(agency, photo.guid, USE, "FR")[0])))
    assert told["seen"] == ["before-signing"] and "seen before signing" in told["clause"]

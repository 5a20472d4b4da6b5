"""Whether a bundle may come in: from a studio that is trusted, of our time, and in agreement with what is known."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from safelight.agency.open_agency import OpenAgency
from safelight.agency.trust import former_keys
from safelight.bundle.contents import OpenedBundle
from safelight.bundle.reader import SignedManifest
from safelight.documents.manifest import Manifest
from safelight.documents.reading import printable
from safelight.documents.status import StatusList
from safelight.documents.times import rfc3339
from safelight.domain.errors import Refused
from safelight.domain.ids import PhotoGuid, RecordId
from safelight.keys.signing import fingerprint_words, signer_of, ssh_fingerprint
from safelight.storage.catalogue_rows import KeptPhoto, KeptRecord, StandingOfList, TrustedStudio

FROM_THE_FUTURE = timedelta(days=1)
"""A bundle dated further ahead than this is refused: time seen once is never unseen, and every yes would be over."""
KEPT_NOTHING = "Nothing of the bundle was kept."
NO_CHANGE = "Nothing was changed."
_FEW = 5
"""So many gaps in a studio's count are named."""


def check_known(agency: OpenAgency, key: str, what: str = "bundle") -> None:
    """Return if any studio is or was trusted by ``key``; nothing else of a bundle (or list) is looked at before."""
    known = agency.catalogue.trusted_studios.list()
    if not any(key in (each.ssh_public_key, *former_keys(each)) for each in known):
        words = " ".join(fingerprint_words(key))
        raise Refused(
            f"Nobody here trusts the key that signed this {what} ({words}): another key than any trusted studio's.",
            f"Nothing of the {what} was kept. Get the studio's card, trust it ('agency trust CARD'), and compare the "
            "six words with what the studio says over the phone; if the studio is trusted already, it may have renewed "
            "its key: ask for its new card.",
        )


def signer_of_its_time(trusted: TrustedStudio | None, key: str, made: datetime, what: str) -> TrustedStudio:
    """The studio that signed ``what`` by its own ``key``; by a former one only if ``made`` in that key's time."""
    if trusted is not None and key == trusted.ssh_public_key:
        return trusted
    if trusted is None or key not in former_keys(trusted):
        raise Refused(f"The {what} is signed by another studio than the one it is from.", f"{NO_CHANGE} Ask both.")
    if made >= trusted.card_issued_at:
        # Whoever kept or stole the old key must not vouch for anything new.
        raise Refused(
            f"The {what} is signed by a key that {trusted.name} had replaced before it was made.",
            f"{NO_CHANGE} Ask the studio for one signed by its present key.",
        )
    return trusted


def not_from_the_future(made: datetime, now: datetime, what: str) -> None:
    """Return if ``what`` was ``made`` in our time or before."""
    if made > now + FROM_THE_FUTURE:
        raise Refused(
            f"The {what} says it was made on {rfc3339(made)}, which has not come yet.",
            f"{NO_CHANGE} Set this computer's clock; if it is right, the studio's is wrong.",
        )


def trusted_signer(agency: OpenAgency, signed: SignedManifest) -> TrustedStudio:
    """The trusted studio the bundle says it is from, if that studio's trusted key signed it."""
    studio = signed.manifest.studio
    words = " ".join(fingerprint_words(signed.signed_by))
    trusted = agency.catalogue.trusted_studios.get(studio.id)
    if trusted is None:
        raise Refused(
            f"Nobody here trusts the studio this bundle is from ({printable(studio.name, 80)}; its key: {words}).",
            f"{KEPT_NOTHING} Get the studio's card, trust it ('agency trust CARD'), and compare the six words with "
            "what the studio says over the phone.",
        )
    if trusted.ssh_public_key == signed.signed_by:
        return trusted
    raise Refused(
        f"This bundle is signed by another key ({words}) than the one {trusted.name} is trusted by "
        f"({' '.join(fingerprint_words(trusted.ssh_public_key))}).",
        f"{KEPT_NOTHING} The studio has replaced that key: ask it to export the bundle again."
        if signed.signed_by in former_keys(trusted)
        else f"{KEPT_NOTHING} Call the studio; if it renewed its key, ask for its new card and trust that.",
    )


def check_time(opened: OpenedBundle, now: datetime) -> None:
    """Return if the bundle is of our time or older; what it says would otherwise move the agency's time for ever."""
    if max(told_times(opened)) > now + FROM_THE_FUTURE:
        raise Refused(
            f"The bundle says it was made on {rfc3339(opened.manifest.created_at)}, which has not come yet.",
            f"{KEPT_NOTHING} Set this computer's clock; if it is right, the studio's is wrong.",
        )


def heard_of(status: StatusList) -> StandingOfList:
    """What a list that was checked says, as the catalogue remembers it."""
    return StandingOfList(status.studio, status.valid_from, status.valid_until, status.bits, status.number)


def told_times(opened: OpenedBundle) -> tuple[datetime, ...]:
    """The times that the studio has signed in this bundle: it is no earlier than any of them."""
    return (opened.manifest.created_at, *(each.valid_from for each in opened.status_lists))


def check_agrees(agency: OpenAgency, opened: OpenedBundle) -> dict[PhotoGuid, KeptPhoto]:
    """The photos of the bundle that are known already; no photo or record may change hands or content."""
    manifest = opened.manifest
    before = agency.catalogue.received.photos([each.guid for each in manifest.photos])
    for each in manifest.photos:
        held = before.get(each.guid)
        if held is None:
            continue
        if held.studio != manifest.studio.id:
            raise Refused(f"Photo {each.guid} came from another studio before.", f"{KEPT_NOTHING} Ask both studios.")
        if (held.image_hash_kind, held.image_sha256) != (each.image_hash_kind, each.image_sha256):
            raise Refused(f"Photo {each.guid} showed another picture before.", f"{KEPT_NOTHING} Ask the studio.")
    wanted = records_of(opened)
    for id, held_record in agency.catalogue.received.records(list(wanted)).items():
        if held_record != wanted[id]:
            raise Refused(
                f"The consent record {id} said something else before.", f"{KEPT_NOTHING} Ask the studio which holds."
            )
    return before


def records_of(opened: OpenedBundle) -> dict[RecordId, KeptRecord]:
    """Every disclosed record of the bundle, with what of its receipt decides."""
    found: dict[RecordId, KeptRecord] = {}
    for each in _each_record(opened):
        if found.setdefault(each.id, each) != each:
            raise Refused(f"The consent record {each.id} is in two receipts.", f"{KEPT_NOTHING} Ask the studio.")
    return found


def _each_record(opened: OpenedBundle) -> Iterator[KeptRecord]:
    for receipt in (signed.receipt for signed in opened.receipts.values()):
        # The reader has checked this signature; here only whose it is counts.
        once = signer_of(opened.files[f"records/{receipt.id}.jsonld.subject.sig"].decode("ascii"))
        for each in receipt.records:
            yield KeptRecord(
                id=each.id,
                receipt=receipt.id,
                studio=opened.manifest.studio.id,
                person=receipt.subject,
                subject_key=ssh_fingerprint(once),
                scope=each.scope,
                kind=each.kind,
                at=each.at,
                grant=each.grant,
                last_day=each.last_day,
                review_due=each.review_due,
                sleeps_after=each.sleeps_after,
                status_index=each.status_index,
                status_list=each.status_list,
                signed_as_minor=receipt.signed_as_minor,
                adult_on=receipt.adult_on,
                day=each.day,
            )


def told_by_numbers(agency: OpenAgency, manifest: Manifest) -> tuple[str, ...]:
    """What the studio's own count of its bundles says about the others."""
    others = [each for each in agency.catalogue.received.bundles(manifest.studio.id) if each.id != manifest.id]
    numbers = {each.sequence for each in others} | {manifest.sequence}
    found = []
    if missing := _gaps(numbers):
        one = len(missing) == 1 and missing[0][0] == missing[0][1]
        few = ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in missing[:_FEW])
        found.append(
            f"Of this studio's bundles for you, {'number' if one else 'numbers'} {few}"
            f"{' and more' if len(missing) > _FEW else ''} {'is' if one else 'are'} not here yet: a withdrawal may be "
            f"in {'it' if one else 'them'}."
        )
    if any(each.sequence == manifest.sequence for each in others):
        found.append(f"The studio has given number {manifest.sequence} to two different bundles: ask it why.")
    if manifest.rules != agency.rules.version:
        found.append("The studio works by another version of the rules; what was signed decides, whatever the rules.")
    return tuple(found)


def _gaps(numbers: Collection[int]) -> list[tuple[int, int]]:
    """The first and last number of each gap below the highest; a gap may be 2^53 wide, so nothing counts through it."""
    known = [0, *sorted(numbers)]
    return [(before + 1, after - 1) for before, after in pairwise(known) if after - before > 1]

"""Takes in a folder that a studio publishes: its feed, its status lists, and the notices that are for this agency.

All or nothing per piece: a list or notice that is not as it should be is told and left out, the others count. The feed
says what must be there; one that is over, older than the one taken, or about other lists vouches for nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from safelight.agency.acceptance import NO_CHANGE, check_known, not_from_the_future, signer_of_its_time
from safelight.agency.applying import Applied, missing_numbers, missing_words, take_notices
from safelight.agency.folder_sources import Fetch, folder_source
from safelight.agency.incoming_notices import (
    LARGEST_SEALED,
    LARGEST_SIGNATURE,
    MOST_AT_ONCE,
    SignedNotice,
    checked_notices,
    opened_notice,
)
from safelight.agency.open_agency import OpenAgency
from safelight.agency.refreshing import LARGEST, Refreshed, take_lists
from safelight.documents.feed import (
    FEED_FILE,
    FEED_SIGNATURE,
    MOST_BYTES,
    Feed,
    FeedRecipient,
    fingerprint_of,
    notice_path,
    read_feed,
)
from safelight.documents.manifest import status_path
from safelight.documents.status import MOST_LISTS
from safelight.documents.status_file import SignedList
from safelight.domain.changes import Changes
from safelight.domain.errors import DeviceFailure, Refused, SafelightError
from safelight.domain.ids import Sha256
from safelight.domain.progress import Report, silent
from safelight.keys.signing import signer_of, verify_sshsig
from safelight.storage.catalogue_rows import TrustedStudio
from safelight.storage.catalogue_tables import feed as feed_table
from safelight.storage.withdrawal_rows import KeptFeed


@dataclass(frozen=True, slots=True)
class RefreshedFolder:
    """What a published folder did. ``lists`` and ``notices`` are None where none was taken in.

    ``vouches``: the feed is of now and fits what lies there. ``faults`` are sentences about pieces that were left out
    or are missing; what is signed and was there counts all the same.
    """

    studio: str
    number: int
    issued_at: datetime
    valid_until: datetime
    vouches: bool
    lists: Refreshed | None
    notices: Applied | None
    faults: tuple[str, ...]


def is_published(path: Path) -> bool:
    """Whether a folder is one that a studio publishes, with a feed."""
    return (path / FEED_FILE).exists()


def refresh_published(
    agency: OpenAgency, source: Path | Fetch, delete: bool = False, report: Report = silent
) -> tuple[RefreshedFolder, Changes]:
    """Check the feed, then take in its lists and those notices for this agency that are not here yet.

    Raises :class:`Refused` or :class:`Malformed` for a feed that no trusted studio signed, and then nothing is changed;
    :class:`DeviceFailure` when a folder elsewhere does not answer.
    """
    return _Folder(agency, folder_source(source) if isinstance(source, Path) else source, report).run(delete)


class _Folder:
    """One look at a published folder."""

    def __init__(self, agency: OpenAgency, fetch: Fetch, report: Report) -> None:
        self._agency, self._fetch, self._report = agency, fetch, report
        self._faults: list[str] = []
        agency.catalogue.rely_on(["pin", feed_table.name])
        text = self._must(FEED_FILE, MOST_BYTES)
        signature = _text(self._must(FEED_SIGNATURE, LARGEST_SIGNATURE))
        self._key = signer_of(signature)
        check_known(agency, self._key, "feed")
        verify_sshsig(self._key, text, signature, "safelight-feed")
        self._feed: Feed = read_feed(text)
        self._sha256 = Sha256(hashlib.sha256(text).hexdigest())
        trusted = agency.catalogue.trusted_studios.get(self._feed.studio)
        self._studio: TrustedStudio = signer_of_its_time(trusted, self._key, self._feed.issued_at, "feed")
        not_from_the_future(self._feed.issued_at, agency.now(), "feed")

    def run(self, delete: bool) -> tuple[RefreshedFolder, Changes]:
        feed = self._feed
        self._faults += self._not_of_now()
        found = list(self._lists())
        vouches = not self._faults
        changes = Changes.NONE
        lists = notices = None
        if found:
            try:
                lists, changed = take_lists(self._agency, found, vouches, feed.studio)
                changes |= changed
            except DeviceFailure:
                raise
            except SafelightError as error:
                vouches = False
                self._faults.append(f"The status lists were left out: {error.phrase}.")
        mine = next((each for each in feed.recipients if each.fingerprint == self._me), None)
        fresh = list(self._notices(mine)) if mine is not None else []
        if fresh:
            notices, changed = take_notices(self._agency, fresh, delete)
            changes |= changed
        self._faults += self._not_as_told(mine)
        changes |= self._keep() if vouches else Changes.NONE
        done = RefreshedFolder(
            self._studio.name, feed.number, feed.issued_at, feed.valid_until, vouches, lists, notices,
            tuple(self._faults),
        )  # fmt: skip
        return done, changes

    @property
    def _me(self) -> Sha256:
        return fingerprint_of(self._agency.recipient)

    def _not_of_now(self) -> Iterator[str]:
        """Why the feed vouches for nothing, whatever else lies there."""
        feed = self._feed
        if feed.valid_until < self._agency.now():
            yield f"The feed was good until {feed.valid_until.date()}: ask the studio why there is no newer one."
        kept = self._agency.catalogue.feeds.get(feed.studio)
        if kept is None or (kept.signed_by != self._key and self._key == self._studio.ssh_public_key):
            return  # under a new key the studio may count anew: nobody with the old one can keep it from being heard
        if feed.number < kept.number or (feed.number == kept.number and kept.issued_at > feed.issued_at):
            yield f"The feed is older than the one of {kept.issued_at.date()} that was taken before."
        elif feed.number == kept.number and kept.sha256 != self._sha256:
            yield f"The studio has given number {feed.number} to two different feeds: ask it why."

    def _lists(self) -> Iterator[SignedList]:
        for number, each in enumerate(self._feed.lists[:MOST_LISTS], 1):
            name = status_path(number).rpartition("/")[2]
            try:
                content, signature = self._fetch(name, LARGEST), self._fetch(f"{name}.sig", LARGEST_SIGNATURE)
            except DeviceFailure:
                raise
            except SafelightError as error:
                self._faults.append(f"{name} was left out: {error.phrase}.")
                continue
            if content is None or signature is None:
                self._faults.append(f"{name} or its signature is missing.")
                continue
            if hashlib.sha256(content).hexdigest() != each.sha256:
                self._faults.append(f"{name} is not the one that the feed names.")
            yield SignedList(content, _text(signature))

    def _notices(self, mine: FeedRecipient) -> Iterator[SignedNotice]:
        """The notices for this agency that are not here yet and are as they should be."""
        have = set(self._agency.catalogue.notices.numbers(self._feed.studio))
        wanted = list(islice((each for each in range(1, mine.notices + 1) if each not in have), MOST_AT_ONCE))
        for done, number in enumerate(wanted):
            self._report(done, len(wanted), "notices")
            try:
                untrusted = self._fetch(notice_path(mine.fingerprint, number), LARGEST_SEALED)
                if untrusted is None:
                    continue  # told with the others that are missing
                signed = opened_notice(self._agency.secrets.age(), untrusted)
                (checked,) = checked_notices(self._agency, [signed])
            except DeviceFailure:
                raise
            except SafelightError as error:
                self._faults.append(f"Notice {number} was left out: {error.phrase}.")
                continue
            if (checked.notice.number, checked.notice.studio) != (number, self._feed.studio):
                self._faults.append(f"Notice {number} was left out: another one lies in its place.")
                continue
            yield signed

    def _not_as_told(self, mine: FeedRecipient | None) -> Iterator[str]:
        """What of the notices is not as the feed says, now that those that were there have been applied."""
        kept = self._agency.catalogue.notices
        numbers = kept.numbers(self._feed.studio)
        told = mine.notices if mine is not None else 0
        if missing := missing_numbers(numbers, told):
            yield missing_words(missing)
        if numbers and numbers[-1] > told:
            yield f"The feed speaks of {told} notices for you, and number {numbers[-1]} is here: ask the studio why."
        elif mine is not None and told in numbers:
            links = kept.links(self._feed.studio, [told])
            if links[told].sha256 != mine.last:
                yield f"Notice {told} here is not the one that the feed names: ask the studio which holds."

    def _keep(self) -> Changes:
        feed, catalogue = self._feed, self._agency.catalogue
        kept = KeptFeed(feed.studio, feed.number, feed.issued_at, feed.valid_until, self._sha256, self._key)
        if catalogue.feeds.get(feed.studio) == kept:
            return Changes.NONE
        with catalogue.transaction(self._agency.dated(feed.issued_at), feed.issued_at) as writing:
            catalogue.rely_on([feed_table.name])
            before = catalogue.feeds.get(feed.studio)
            if before is not None and before.signed_by == self._key and before.number >= feed.number:
                return Changes.NONE  # another program took a newer one meanwhile
            catalogue.feeds.put(writing, kept)
            account = json.dumps({"number": feed.number, "sha256": self._sha256}, sort_keys=True).encode()
            entry = catalogue.journal.append(writing, "feed-taken", feed.studio, account)
        self._agency.acknowledge(feed.studio, entry.hash)
        return Changes.JOURNAL

    def _must(self, name: str, most: int) -> bytes:
        found = self._fetch(name, most)
        if found is None:
            raise Refused(f"There is no {name}.", f"{NO_CHANGE} Ask the studio where it publishes.")
        return found


def _text(untrusted: bytes) -> str:
    """A signature as text; what is none becomes one that verifies nothing."""
    return untrusted.decode("ascii", "replace")

"""Which consents count as checked by a second person: the signature holds and names the very receipt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from safelight.documents.jcs import sha256_hex
from safelight.documents.plain import load
from safelight.domain.clearance import CHECK_FORMAT, CHECK_POINTS, CheckStatement, Validation
from safelight.domain.days import NO_ZONE, local_day
from safelight.domain.errors import SafelightError
from safelight.domain.ids import ReceiptId, SessionId
from safelight.domain.journal import JournalEntry, verify_chain
from safelight.keys.signing import verify_sshsig
from safelight.settings.zones import is_zone, offset_minutes
from safelight.storage.rows import KeptValidation, SignedReceiptFile
from safelight.studio.open_studio import OpenStudio

_ENTRY = "consent-validated"
_AGAIN = "it has to be checked again"


class CountedValidations:
    """Asked per receipt; what was found out once is remembered, so make a new one for each decision."""

    def __init__(self, studio: OpenStudio, session: SessionId | None = None) -> None:
        """With ``session`` the checks of its people are read at once, and nobody else is asked about."""
        self._studio = studio
        self._kept = None if session is None else studio.archive.validations.all_of_session(session)
        self._keys = (studio.signer.public_ssh, *studio.secrets.previous_public_keys)
        self._known: dict[ReceiptId, Validation | None] = {}
        self._journaled: Counter[str] | None = None
        self._unsigned: frozenset[str] = frozenset()

    def of(self, file: SignedReceiptFile) -> Validation | None:
        """The newest check of this receipt that counts, None if there is none."""
        id = file.receipt.id
        if id not in self._known:
            all_of = self._studio.archive.validations.all_of
            kept = all_of(id) if self._kept is None else self._kept.get(id, ())
            counting = (each for each in kept if self._fault(each, file) is None)
            self._known[id] = next((_dated(each, file) for each in counting), None)
        return self._known[id]

    def problems(self, file: SignedReceiptFile) -> Iterator[str]:
        """For the check of the studio: checks of this receipt that do not count, and why, and ones that are gone."""
        id = file.receipt.id
        try:
            kept = self._studio.archive.validations.all_of(id)
        except SafelightError as error:
            yield error.title
            return
        for each in kept:
            if fault := self._fault(each, file):
                yield f"A check of receipt {id} does not count: {fault} (table validation)."
        if self._entries()[id] != len(kept):
            yield f"Receipt {id} was checked {self._entries()[id]} times, but {len(kept)} are kept (table validation)."

    def _fault(self, kept: KeptValidation, file: SignedReceiptFile) -> str | None:
        """Why a check does not count for this receipt; None if it does."""
        made = kept.validation
        if not kept.signature:
            # Written before checks were signed. Its row is sealed and names the receipt; that it was made is in the
            # journal, whose end the studio signed. Entries for signed checks say which one, so they vouch for no other.
            self._entries()
            bound = made.receipt == file.receipt.id and made.taken_by == file.taken_by
            return None if bound and made.receipt in self._unsigned else f"it is not signed, so {_AGAIN}"
        if not any(_signed_by(key, kept) for key in self._keys):
            return f"the studio did not sign it, so {_AGAIN}"
        try:
            said = load(CheckStatement, kept.statement, "a check")
        except SafelightError:
            return f"it cannot be read, so {_AGAIN}"
        if (said.format, said.studio) != (CHECK_FORMAT, self._studio.identity.id) or said.validation != made:
            return f"it does not say what was signed, so {_AGAIN}"
        if not {*CHECK_POINTS} <= {*said.points}:
            return f"not every point was confirmed, so {_AGAIN}"
        named = (said.receipt, said.statement_sha256, said.taken_by)
        if named != (file.receipt.id, sha256_hex(file.statement), file.taken_by):
            return f"it is about another receipt, so {_AGAIN}"
        return None

    def _entries(self) -> Counter[str]:
        """How often the journal says each receipt was checked; which of them before checks were signed, beside it."""
        if self._journaled is None:
            found = [each for each in self._vouched() if each.kind == _ENTRY]
            self._journaled = Counter(each.reference for each in found)
            self._unsigned = frozenset(
                each.reference for each in found if not self._studio.archive.journal.payload(each.number)
            )
        return self._journaled

    def _vouched(self) -> tuple[JournalEntry, ...]:
        """The journal, if it is of one piece up to the end the studio signed; otherwise nothing of it."""
        journal = self._studio.archive.journal
        signed = journal.signed_head()
        try:
            entries = journal.entries()
            last = verify_chain(entries)
            if signed is None or last is None or signed[:2] != (last.number, last.hash):
                return ()
            statement = journal.statement(last.number, last.hash)
        except SafelightError:
            return ()
        for key in self._keys:
            try:
                verify_sshsig(key, statement, signed[2], "safelight-journal")
                return entries
            except SafelightError:
                continue
        return ()


def _dated(kept: KeptValidation, file: SignedReceiptFile) -> Validation:
    """With the day of the check at the place; one of before checks were signed has no time and keeps its day by UTC."""
    if not kept.signature:
        return kept.validation
    return dated_there(load(CheckStatement, kept.statement, "a check"), file)


def dated_there(said: CheckStatement, file: SignedReceiptFile) -> Validation:
    """The check with its day where ``file`` was signed, by which all days of that consent count; it is kept by UTC."""
    zone = file.receipt.signing.zone or NO_ZONE
    return replace(said.validation, on=local_day(said.at, offset_minutes(zone, said.at) if is_zone(zone) else 0))


def _signed_by(key: str, kept: KeptValidation) -> bool:
    try:
        verify_sshsig(key, kept.statement, kept.signature, "safelight-check")
        return True
    except SafelightError:
        return False

"""The second human: somebody other than the one who took the consent looks at it before AI or stock uses leave."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from safelight.documents.jcs import sha256_hex
from safelight.documents.plain import dump
from safelight.domain.changes import Changes
from safelight.domain.clearance import CHECK_FORMAT, CHECK_POINTS, CheckStatement, Validation
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import ReceiptId, SubjectId
from safelight.domain.people import Role, StaffMember
from safelight.storage.rows import SignedReceiptFile
from safelight.studio.consent_snapshots import standing_of
from safelight.studio.counted_validations import CountedValidations, dated_there
from safelight.studio.open_studio import OpenStudio
from safelight.studio.staff import working_member
from safelight.studio.staff_pins import check_pin

POINTS = {
    "identity": "The person who signed is the person in the pictures, and the name is theirs.",
    "answers-match-receipt": "The receipt says what the person answered, use by use.",
    "recipients-named": "Whoever may rely on the consent is named in it.",
    "age-and-guardian": "The person is of age, or a guardian and the minor both agreed.",
    "signature-present": "The person signed by hand or typed their name, and it is there.",
}
"""What the reviewer confirms with each point of ``CHECK_POINTS``, as it is put to them."""


@dataclass(frozen=True, slots=True)
class CheckSheet:
    """What one reviewer has to look at: a person's newest receipt first, then older ones that something rests on."""

    reviewer: StaffMember
    files: tuple[SignedReceiptFile, ...]

    @property
    def receipts(self) -> tuple[ReceiptId, ...]:
        """Their ids, in that order."""
        return tuple(each.receipt.id for each in self.files)


def check_sheet(studio: OpenStudio, subject: SubjectId, reviewer: StaffMember) -> CheckSheet:
    """What ``reviewer`` would check; raises :class:`Refused` for the wrong reviewer, :class:`WrongUsage` for nothing.

    Left out are receipts the reviewer took, and older ones that are checked already.
    """
    reviewer = working_member(studio, reviewer.id)
    if Role.REVIEWER not in reviewer.roles:
        raise Refused(f"{reviewer.name} is not a reviewer of this studio.", "Nothing was recorded.")
    standing = standing_of(studio, subject)
    if not standing.receipts:
        raise WrongUsage("This person has not signed anything yet.", "There is nothing to check.")
    newest, *older = standing.receipts
    if newest.taken_by == reviewer.id:
        raise Refused(
            f"{reviewer.name} took this consent and cannot check it too.", "Ask a second person of the studio."
        )
    resting = {state.record for state in standing.snapshot.states.values() if state.given}
    counted = CountedValidations(studio)
    files = [newest]
    for file in older:
        counts = any(each.id in resting for each in file.receipt.records)
        if counts and file.taken_by != reviewer.id and counted.of(file) is None:
            files.append(file)
    return CheckSheet(reviewer, tuple(files))


def validate_consent(
    studio: OpenStudio,
    subject: SubjectId,
    reviewer: StaffMember,
    untrusted_pin: str,
    points: Iterable[str],
    seen: Sequence[ReceiptId] | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> tuple[Validation, Changes]:
    """Record, signed by the studio's key, that ``reviewer`` checked what the person signed, point by point.

    Checked is what :func:`check_sheet` lists; the validation of the newest receipt is returned. Raises
    :class:`Refused` for the wrong reviewer, a wrong PIN (slower each time, see :func:`check_pin`), a point that was
    not confirmed, or when something was signed after the receipts ``seen`` were looked at; nothing is recorded then.
    """
    check_sheet(studio, subject, reviewer)
    confirmed = every_point(points)
    check_pin(studio, reviewer, untrusted_pin, wait)
    now = studio.now()
    with studio.archive.transaction(now) as writing:
        studio.archive.rely_on((subject,), ("staff",))
        sheet = check_sheet(studio, subject, reviewer)
        if seen is not None and tuple(seen) != sheet.receipts:
            raise Refused(
                "Something was signed while this consent was being checked.", "Nothing was recorded; look at it again."
            )
        made, entries = [], []
        for file in sheet.files:
            said = CheckStatement(
                CHECK_FORMAT, studio.identity.id, file.receipt.id, sha256_hex(file.statement), confirmed,
                sheet.reviewer.id, file.taken_by, writing.now,
            )  # fmt: skip
            statement = dump(said)
            signature = studio.signer.sign(statement, "safelight-check")
            studio.archive.validations.add(writing, said.validation, confirmed, statement, signature)
            digest = sha256_hex(statement).encode()
            entries.append(studio.archive.journal.append(writing, "consent-validated", file.receipt.id, digest))
            made.append(dated_there(said, file))
    for entry in entries:
        studio.acknowledge(entry.reference, entry.hash)
    return made[0], Changes.CONSENTS | Changes.JOURNAL


def every_point(points: Iterable[str]) -> tuple[str, ...]:
    """All points of the check; raises :class:`Refused` naming those that ``points`` lacks."""
    given = set(points)
    if unknown := sorted(given - {*CHECK_POINTS}):
        raise WrongUsage(f"'{unknown[0][:60]}' is not a point of the check.", f"The points: {', '.join(CHECK_POINTS)}.")
    if missing := [each for each in CHECK_POINTS if each not in given]:
        raise Refused(
            f"Not confirmed: {', '.join(missing)}. Only a consent with every point confirmed counts as checked.",
            "Nothing was recorded. Put it right with the person, then check again.",
        )
    return CHECK_POINTS

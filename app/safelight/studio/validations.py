"""The second human: somebody other than the one who took the consent looks at it before AI or stock uses leave."""

from __future__ import annotations

from safelight.domain.changes import Changes
from safelight.domain.clearance import Validation
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import SubjectId
from safelight.domain.people import Role, StaffMember
from safelight.studio.holdings import standing_of
from safelight.studio.open_studio import OpenStudio

CHECKLIST = ("identity", "answers-match-receipt", "recipients-named", "age-and-guardian", "signature-present")
"""What the reviewer confirms, by name; it is kept with the validation."""


def validate_consent(studio: OpenStudio, subject: SubjectId, reviewer: StaffMember) -> tuple[Validation, Changes]:
    """Record that ``reviewer`` checked the person's newest receipt; raises :class:`Refused` for the wrong person."""
    if Role.REVIEWER not in reviewer.roles:
        raise Refused(f"{reviewer.name} is not a reviewer of this studio.", "Nothing was recorded.")
    receipts = standing_of(studio, subject).receipts
    if not receipts:
        raise WrongUsage("This person has not signed anything yet.", "There is nothing to check.")
    file = receipts[0]
    if file.taken_by == reviewer.id:
        raise Refused(
            f"{reviewer.name} took this consent and cannot check it too.", "Ask a second person of the studio."
        )
    now = studio.now()
    validation = Validation(file.receipt.id, reviewer.id, file.taken_by, now.date())
    with studio.archive.transaction(now) as writing:
        studio.archive.validations.add(writing, validation, CHECKLIST)
        entry = studio.archive.journal.append(writing, "consent-validated", file.receipt.id, b"")
    studio.acknowledge(file.receipt.id, entry.hash)
    return validation, Changes.CONSENTS

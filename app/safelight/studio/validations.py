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
    """Record that ``reviewer`` checked what the person signed; raises :class:`Refused` for the wrong reviewer.

    Checked are the newest receipt and every older one that something still rests on, except those the reviewer took.
    The validation of the newest is returned.
    """
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
    resting = {state.record for state in standing.holding.states.values() if state.given}
    files = [newest]
    for file in older:
        counts = any(each.id in resting for each in file.receipt.records)
        if counts and file.taken_by != reviewer.id and studio.archive.validations.of(file.receipt.id) is None:
            files.append(file)
    now = studio.now()
    made = [Validation(each.receipt.id, reviewer.id, each.taken_by, now.date()) for each in files]
    with studio.archive.transaction(now) as writing:
        entries = []
        for each in made:
            studio.archive.validations.add(writing, each, CHECKLIST)
            entries.append(studio.archive.journal.append(writing, "consent-validated", each.receipt, b""))
    for entry in entries:
        studio.acknowledge(entry.reference, entry.hash)
    return made[0], Changes.CONSENTS

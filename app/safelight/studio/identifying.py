"""Notes how somebody who asks for something showed who they are: by code and a fact on file, or face to face."""

from __future__ import annotations

from safelight.domain.changes import Changes
from safelight.domain.errors import Refused
from safelight.domain.identity import Fact, confirms, counting_facts
from safelight.domain.ids import PersonId, RequestId, SubjectId
from safelight.domain.requests import RightsRequest
from safelight.domain.sitting import TooManyGuesses
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.people import same_people
from safelight.studio.rate_limiter import IDENTITY, RateLimiter
from safelight.studio.requests import note_identity
from safelight.studio.withdrawal_codes import receipt_of_code

IN_PERSON = "in person"


def show_in_person(studio: OpenStudio, id: RequestId, by: PersonId) -> tuple[RightsRequest, Changes]:
    """Note that ``by``, of the studio, saw who it is: by a document they were shown, or because they know them."""
    return note_identity(studio, id, IN_PERSON, by)


def show_by_code(
    studio: OpenStudio, id: RequestId, code: str, fact: Fact, said: str, by: PersonId | None
) -> tuple[RightsRequest, Changes]:
    """Note that whoever asks holds a receipt of the person and knows a fact about them that no receipt shows.

    Raises :class:`Refused`, the same for a wrong code and for a wrong fact: which of the two it was would help to
    guess. After some wrong ones the next has to wait (never longer than half a minute); nobody is locked out.
    """
    subject = studio.archive.requests.get(id).subject
    try:
        right = RateLimiter(studio, IDENTITY, subject).judged(lambda: _fits(studio, subject, code, fact, said))
    except TooManyGuesses as error:
        raise Refused(
            "There were too many wrong answers about this person.",
            f"Nothing was noted. Wait {error.seconds} s and try again; nobody is locked out.",
        ) from None
    if not right:
        raise Refused(
            "The code and what was said do not show that it is this person.",
            "Nothing was noted. What counts is on file and not on the receipt; in person somebody of the studio may "
            "say so.",
        )
    return note_identity(studio, id, f"code of a receipt, and {fact.value}", by)


def facts_that_count(studio: OpenStudio, subject: SubjectId) -> frozenset[Fact]:
    """What may be asked of somebody who says they are this person, beside the code of a receipt."""
    people = (subject, *same_people(studio, subject))
    studio.archive.rely_on(people)
    receipts = [one.receipt for each in people for one in studio.archive.consents.receipts_of(each)]
    return counting_facts(studio.archive.subjects.get(subject), receipts)


def _fits(studio: OpenStudio, subject: SubjectId, code: str, fact: Fact, said: str) -> bool:
    person = studio.archive.subjects.get(subject)
    known = confirms(person, fact, said) and fact in facts_that_count(studio, subject)
    found = receipt_of_code(studio, code)
    return known and found is not None and found[1] in (subject, *same_people(studio, subject))

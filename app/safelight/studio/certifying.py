"""The certificate of an erasure, written from what a check of exactly that person finds afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, timezone

from safelight.documents.withdrawal_notices import read_notice
from safelight.domain.erasure import Erasure
from safelight.domain.errors import Refused, SafelightError
from safelight.domain.ids import Language
from safelight.domain.page_document import PageDocument
from safelight.rights.as_text import as_text
from safelight.rights.erasure import (
    Destroyed,
    ErasureCertificate,
    Found,
    LookedFor,
    Remains,
    erasure_certificate,
)
from safelight.rights.words import Reader, ToldRecipient
from safelight.storage.erased_rows import Wanted
from safelight.storage.remains import look_for
from safelight.storage.rows import FileId
from safelight.studio.key_places import backups_of_before, key_places
from safelight.studio.open_studio import OpenStudio
from safelight.studio.papers import signed_pdf
from safelight.studio.queries.sessions import session_of


@dataclass(frozen=True, slots=True)
class Certified:
    """A certificate: its values, and its page in the language of the person (English once that is not known)."""

    certificate: ErasureCertificate
    document: PageDocument

    def lines(self) -> tuple[str, ...]:
        """The page as text."""
        return as_text(self.document)


def certify(studio: OpenStudio, row: Erasure) -> Certified:
    """Look for everything of the person that is to be gone, and write down what was found; nothing is changed.

    Raises :class:`Refused` while nothing was destroyed: there is nothing to certify.
    """
    if row.portrait_at is None:
        raise Refused("Nothing of this person was erased yet.", "There is no certificate. A hold keeps it for now.")
    archive, places = studio.archive, key_places(studio)
    staying = {each.id for each in archive.files.owned_by(row.person)}
    files = tuple(FileId(each) for each in row.files if each not in staying)
    reached = [each for each in places if not each.behind]
    left = look_for(
        archive,
        Wanted(row.person, row.destroyed, row.photos, files),
        [each.folder for each in reached if not each.second],
        next((each.folder for each in reached if each.second), None),
    )
    proof = ((Remains.PROOF, row.evidence_due),) if row.evidence_at is None else ()
    holds = archive.holds.of([row.person]) if row.evidence_at is None else ()
    made = ErasureCertificate(
        id=row.id,
        person=row.person,
        asked_at=row.asked_at,
        erased_at=row.evidence_at or row.portrait_at,
        checked_at=studio.now(),
        destroyed=(
            (Destroyed.PHOTO_KEY, 1),
            (Destroyed.PROOF_KEY, int(row.evidence_at is not None)),
            (Destroyed.PHOTOS, len(row.photos)),
            (Destroyed.FILES, len(files)),
        ),
        found=(
            Found(LookedFor.KEYS, *left.keys),
            Found(LookedFor.ROWS, *left.rows),
            Found(LookedFor.FILES, *left.files),
        ),
        remains=(*proof, (Remains.JOURNAL, None), (Remains.LOG, None)),
        told=_told(studio, row),
        holds=tuple(each for each in holds if each.standing),
        places=tuple(map(str, (*(each.folder for each in places if each.behind), *backups_of_before(studio)))),
    )
    return Certified(made, erasure_certificate(studio.identity, _reader(studio, row), made))


def certificate_pdf(studio: OpenStudio, certified: Certified) -> bytes:
    """The certificate as PDF/A-3b, signed by the studio."""
    return signed_pdf(studio, certified.document)


def _told(studio: OpenStudio, row: Erasure) -> tuple[ToldRecipient, ...]:
    names = {each.recipient.id: each.recipient.name for each in studio.archive.recipients.list()}
    wanted = set(row.notices)
    sent = (each for each in studio.archive.outgoing_notices.list() if each.id in wanted) if wanted else ()
    return tuple(
        ToldRecipient(names.get(each.recipient, each.recipient), read_notice(each.text.encode()).due) for each in sent
    )


def _reader(studio: OpenStudio, row: Erasure) -> Reader:
    """In which language, and as of which place; of who is gone whole neither is known any more."""
    try:
        person, session = studio.archive.subjects.get(row.person), session_of(studio, row.person)
    except SafelightError:
        utc = timezone(timedelta())
        return Reader("", Language("en"), studio.identity.country, utc, authority=studio.authority("en"))
    zone = timezone(timedelta(minutes=studio.place_time(studio.now(), session).offset_minutes))
    return Reader("", person.language, session.country, zone, authority=studio.authority(person.language))

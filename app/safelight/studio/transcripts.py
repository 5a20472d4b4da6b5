"""Records answers that somebody of the studio typed in: from a signed paper form, or for a demonstration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from safelight.documents.answers import Answers
from safelight.documents.jcs import sha256_hex
from safelight.domain.acts import Act, ScanKept, Signed, UseAnswered
from safelight.domain.changes import Changes
from safelight.domain.choice import Answer
from safelight.domain.errors import Malformed, WrongUsage
from safelight.domain.ids import PersonId, Sha256, SubjectId
from safelight.domain.notice import Notice
from safelight.domain.people import Role, Subject
from safelight.domain.record import Method
from safelight.domain.session import Session
from safelight.domain.sitting import Evidence
from safelight.images.image_format import HEAD, format_of, sniff
from safelight.images.media_type import MediaType
from safelight.storage.rows import ExhibitKind
from safelight.studio.consents import Recorded, SigningContext, record_consent
from safelight.studio.exhibits import Exhibit, read_exhibit
from safelight.studio.open_studio import OpenStudio
from safelight.studio.seating import is_a_minor

TYPED_IN = frozenset({Method.PAPER, Method.DEMONSTRATION})
"""What may be entered here: a consent from elsewhere never pretends to be somebody's own taps."""
SCAN_LIMIT = 32 * 1024 * 1024
"""Bytes of a scan: some twenty pages in colour."""
_SCANS = frozenset({MediaType.JPEG, MediaType.PNG, MediaType.TIFF})


@dataclass(frozen=True, slots=True)
class Transcript:
    """How answers came to be typed in.

    ``signed_on`` is the day written on the paper (None: today), ``scan`` a picture or PDF of the signed pages,
    ``notice`` the text on the form (None: today's text was read).
    """

    method: Method
    by: PersonId
    device: str
    signed_on: date | None = None
    scan: bytes | None = field(default=None, repr=False)
    notice: Notice | None = None


def record_transcript(
    studio: OpenStudio, session: Session, subject: Subject, answers: Answers, evidence: Evidence, transcript: Transcript
) -> tuple[Recorded, Changes]:
    """Record ``answers`` as they were given on paper; what is kept says that somebody typed them in.

    Terms and ages count from the day on the paper. Raises :class:`Refused` when a newer answer to one of the uses is
    on record: an older sheet never takes the place of a newer word.
    """
    _check(studio, session, transcript)
    if transcript.notice is not None:
        answers = replace(answers, language=transcript.notice.language)
    digest = sha256_hex(transcript.scan) if transcript.scan is not None else None
    minor = is_a_minor(studio, session, subject, transcript.signed_on)
    context = SigningContext(
        method=transcript.method,
        taken_by=transcript.by,
        device=transcript.device,
        started_at=studio.now(),
        acts=tuple(_acts(studio, answers, transcript.method.value, digest)),
        signed_by=(Role.GUARDIAN, Role.SUBJECT) if minor else (Role.SUBJECT,),
        notice=transcript.notice,
        exhibits=_scan(transcript),
        signed_on=transcript.signed_on,
        scan_sha256=digest,
    )
    return record_consent(studio, session, subject, answers, evidence, context)


def scan_kind(untrusted_scan: bytes) -> str | None:
    """What a scan is, by how it begins: ``pdf``, ``jpg``, ``png``, ``tif``, or None for anything else."""
    if untrusted_scan.startswith(b"%PDF-"):
        return "pdf"
    kind = sniff(untrusted_scan[:HEAD])
    return format_of(kind).extension if kind in _SCANS else None


def newest_scan(studio: OpenStudio, subject: SubjectId) -> bytes:
    """The newest scan kept for ``subject``, as it was taken in; raises :class:`WrongUsage` when there is none."""
    for file in reversed(studio.archive.consents.receipts_of(subject)):
        for kept in file.exhibits:
            if kept.what is ExhibitKind.SCAN:
                return read_exhibit(studio, kept)
    raise WrongUsage("No scan of signed pages was kept for this person.", "'consent record --scan FILE' keeps one.")


def _check(studio: OpenStudio, session: Session, transcript: Transcript) -> None:
    paper = transcript.method is Method.PAPER
    if transcript.method not in TYPED_IN:
        raise WrongUsage("Only answers from paper, or a demonstration, are typed in.", "Nothing was recorded.")
    if not paper and (transcript.signed_on or transcript.scan is not None or transcript.notice is not None):
        raise WrongUsage("A form, its day and its scan belong to paper.", "Nothing was recorded; use --method paper.")
    today = studio.now_at(session).day
    if transcript.signed_on is not None and transcript.signed_on > today:
        raise WrongUsage(
            f"Nobody can have signed on {transcript.signed_on}: it is {today} there.", "Nothing was recorded."
        )
    if transcript.scan is not None and scan_kind(transcript.scan) is None:
        raise Malformed(
            "The scan is no PDF, JPEG, PNG or TIFF.", "Nothing was recorded; scan the signed pages once more."
        )


def _scan(transcript: Transcript) -> tuple[Exhibit, ...]:
    scan = transcript.scan
    return () if scan is None else (Exhibit(ExhibitKind.SCAN, Role.PHOTOGRAPHER, scan),)


def _acts(studio: OpenStudio, answers: Answers, mode: str, scan: Sha256 | None) -> Iterator[Act]:
    """What is known of how the answers came about: that they were transcribed, one act an answer."""
    now = studio.now()
    for each in answers.choices:
        yield Act(now, "uses", UseAnswered(each.scope, each.answer is Answer.YES), Role.SUBJECT, mode)
    yield Act(now, "signature", Signed(None), Role.SUBJECT, mode)
    if scan is not None:
        yield Act(now, "signature", ScanKept(scan), Role.PHOTOGRAPHER, mode)

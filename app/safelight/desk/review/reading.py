"""What the review reads of a session and of one person, each in one go on a worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from safelight.desk.pictures.shot_tile import named_tile, shot_tile
from safelight.desk.pictures.tiles import ShotTile
from safelight.domain.changes import Changes
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import ReceiptId, SubjectId
from safelight.domain.progress import Report
from safelight.domain.session import Session, SessionState
from safelight.studio.closing import reconcile
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.reconciling import Reconciled
from safelight.studio.queries.releases import check_releases
from safelight.studio.queries.review import Reviewer, ReviewRow, possible_reviewers, review_rows
from safelight.studio.queries.sessions import session_by_id
from safelight.studio.queries.shots import session_shots
from safelight.studio.receipts import receipt_pdf
from safelight.studio.staff import find_staff
from safelight.studio.validations import check_sheet


@dataclass(frozen=True, slots=True)
class Counted:
    """A session counted: its rows, what is open, and whether it is closed.

    ``lacking`` is what an agency's release form would lack of each person, in words; empty while no agency is chosen,
    and where nothing is lacking. ``bin`` lies in the bin; ``agencies`` are those whose forms are known.
    """

    rows: tuple[ReviewRow, ...]
    reconciled: Reconciled
    closed: bool
    bin: tuple[ShotTile, ...] = ()
    agencies: tuple[tuple[str, str], ...] = ()
    lacking: Mapping[SubjectId, tuple[str, ...]] = field(default_factory=dict)

    @property
    def findings(self) -> tuple[str, ...]:
        """A sentence for each person whose form lacks something, for the closing report."""
        names = {each.row.id: each.row.name for each in self.rows}
        return tuple(f"{names.get(id, '')}: {', '.join(what)}" for id, what in self.lacking.items())


@dataclass(frozen=True, slots=True)
class Told:
    """One person: their row, their receipts as they were signed, the newest first, pictures, and who may check."""

    row: ReviewRow
    pdfs: tuple[bytes, ...]
    receipts: tuple[ReceiptId, ...]
    tiles: tuple[ShotTile, ...]
    reviewers: tuple[Reviewer, ...]


def count(studio: OpenStudio, session: Session, agency: str, language: str, report: Report) -> Counted:
    """Everybody and everything of a session as it is now; ``agency`` is the one whose form is looked at, or empty."""
    closed = session_by_id(studio, session.id).state is SessionState.CLOSED
    forms = check_releases(studio, session, agency or None, language)
    lacking = {
        each.person.id: tuple(one.title for one in each.findings)
        for each in forms.rows
        if agency and each.findings
    }
    known = forms.profiles if not agency else check_releases(studio, session, None, language).profiles
    rows = review_rows(studio, session)
    names = {each.row.id: each.row.name for each in rows}
    hidden = tuple(named_tile(each, names) for each in session_shots(studio, session, hidden=True))
    counted = Counted(rows, reconcile(studio, session, (), report), closed, hidden, known, lacking)
    if not counted.findings:
        return counted
    return replace(counted, reconciled=reconcile(studio, session, counted.findings, report))


def read_sheet(studio: OpenStudio, session: Session, subject: SubjectId) -> tuple[Told, Changes]:
    """The sheet of one person; receipts that were never issued are issued by it."""
    row = next((each for each in review_rows(studio, session) if each.row.id == subject), None)
    if row is None:
        raise WrongUsage("This person is not of the session any more.", "Choose somebody else in the list.")
    tiles = tuple(shot_tile(each) for each in session_shots(studio, session, subject=subject))
    reviewers = possible_reviewers(studio, subject) if row.signed_on is not None else ()
    changes = Changes.NONE
    pdfs: list[bytes] = []
    receipts: tuple[ReceiptId, ...] = ()
    if reviewers:
        sheet = check_sheet(studio, subject, find_staff(studio, reviewers[0].id))
        receipts = sheet.receipts
        for file in sheet.files:
            pdf, issued = receipt_pdf(studio, file)
            pdfs.append(pdf)
            changes |= issued
    return Told(row, tuple(pdfs), receipts, tiles, reviewers), changes

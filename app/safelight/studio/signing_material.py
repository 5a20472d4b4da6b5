"""What lies on the table during a sitting: pages drawn, initials and signatures, until they are held or recorded."""

from __future__ import annotations

from collections.abc import Sequence

from safelight.documents.jcs import sha256_hex
from safelight.domain.ceremony import Ceremony
from safelight.domain.errors import Refused
from safelight.domain.ids import Sha256
from safelight.domain.scope import Mark
from safelight.domain.sitting import Evidence
from safelight.storage.rows import ExhibitKind
from safelight.studio.exhibits import Exhibit
from safelight.studio.handwriting import legible

_PAGES = 8
"""So many drawn pages are remembered; whoever looks at more answers than that is drawn anew."""


class SigningMaterial:
    """The papers of one sitting. Not safe for threads by itself; the sitting sees to that."""

    def __init__(self, exhibits: Sequence[Exhibit]) -> None:
        self._made = list(exhibits)
        self._drawn: dict[Sha256, bytes] = {}
        self._newest: Exhibit | None = None

    def draw(self, pdf: bytes) -> Sha256:
        """Remember a page that is about to be shown."""
        digest = sha256_hex(pdf)
        self._drawn.pop(digest, None)
        self._drawn[digest] = pdf
        while len(self._drawn) > _PAGES:
            del self._drawn[next(iter(self._drawn))]
        return digest

    def add(self, written: Exhibit) -> None:
        """Something written by hand, or a typed name."""
        self._made.append(written)
        self._newest = written

    def burn(self) -> None:
        """Forget everything."""
        self._made.clear()
        self._drawn.clear()
        self._newest = None

    def to_hold(self, ceremony: Ceremony) -> tuple[Exhibit, ...]:
        """What is kept while the ceremony goes on: what it names, and the pages signed so far.

        Handwriting that was drawn anew, and pages nobody signed, go.
        """
        named = {each.evidence_sha256 for each in ceremony.marks}
        named |= {each.evidence_sha256 for each in ceremony.signatures}
        written = [
            each
            for each in self._made
            if each.what is not ExhibitKind.PAGE and (each.sha256 in named or each is self._newest)
        ]
        self._made = [*written, *self._signed_pages(ceremony)]
        return tuple(self._made)

    def to_record(self, ceremony: Ceremony, evidence: Sequence[Evidence]) -> tuple[Evidence, tuple[Exhibit, ...]]:
        """The last signature, and everything else that was shown or written for this ceremony.

        Raises :class:`Refused` when something the ceremony names by its hash is not here: what was shown and written
        is what is recorded, or nothing is.
        """
        given = {sha256_hex(each.data): each for each in evidence}
        for each in self._made:
            if each.kind is not None:
                given.setdefault(each.sha256, Evidence(each.kind, each.data))
        signatures = []
        for signed in ceremony.signatures:
            left = given.get(signed.evidence_sha256)
            if left is None or left.kind is not signed.kind:
                raise _missing("A signature")
            legible(left)
            signatures.append(Exhibit(ExhibitKind.SIGNATURE, signed.by, left.data, "", left.kind, signed.at))
        marks = []
        for mark in ceremony.marks:
            left = given.get(mark.evidence_sha256)
            if left is None:
                raise _missing(f"The mark for {mark.scope}")
            marks.append(Exhibit(ExhibitKind.MARK, mark.by, left.data, mark.scope, left.kind, mark.at))
        for scope in ceremony.yes:
            turns = {each.turn for each in ceremony.marks if each.scope == scope}
            if ceremony.need(scope) is not Mark.NONE and turns != set(range(len(ceremony.parties))):
                raise _missing(f"The mark for {scope}")
        pages = self._signed_pages(ceremony)
        if {each.sha256 for each in pages} != {each.page for each in ceremony.signatures}:
            raise _missing("The page that was signed")
        last = ceremony.signatures[-1]
        return given[last.evidence_sha256], (*pages, *signatures[:-1], *marks)

    def _signed_pages(self, ceremony: Ceremony) -> list[Exhibit]:
        kept = {each.sha256: each for each in self._made if each.what is ExhibitKind.PAGE}
        for signed in ceremony.signatures:
            if signed.page is not None and signed.page in self._drawn:
                kept.setdefault(signed.page, Exhibit(ExhibitKind.PAGE, signed.by, self._drawn[signed.page]))
        named = dict.fromkeys(each.page for each in ceremony.signatures if each.page is not None)
        return [kept[each] for each in named if each in kept]


def _missing(what: str) -> Refused:
    return Refused(f"{what} is not here any more.", "Nothing was recorded; look at the page and sign once more.")

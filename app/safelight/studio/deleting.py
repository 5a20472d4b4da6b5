"""Empties the bin: photos that were hidden are taken out of the archive for good, and each one is proved to be gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from safelight.domain.changes import Changes
from safelight.domain.culling import UNCULLED
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import PersonId, PhotoGuid, SessionId
from safelight.domain.progress import Report, silent
from safelight.studio.assignments import take_out
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.ledger import sent_with


@dataclass(frozen=True, slots=True)
class Deleted:
    """A photo that is not in the archive any more; ``name`` as it came in.

    ``remains`` is what was still found of it afterwards (``row``, ``file``, ``key``): empty is the proof that it is
    gone. ``own_key`` tells whether a key of its own went with it; else it lay under keys of people, which stay. Copies
    in backups are not looked at.
    """

    photo: PhotoGuid
    name: str
    own_key: bool
    remains: tuple[str, ...]

    @property
    def gone(self) -> bool:
        """Whether nothing of it was found."""
        return not self.remains


def hidden_photos(studio: OpenStudio, session: SessionId) -> tuple[PhotoGuid, ...]:
    """What lies in the bin of a session, in the order it came in."""
    hidden = studio.archive.culling.hidden_shots(session)
    return tuple(guid for guid, _, _ in studio.archive.culling.photos_of(sorted(hidden)))


def delete_hidden_now(
    studio: OpenStudio, guids: Sequence[PhotoGuid], by: PersonId, report: Report = silent
) -> tuple[tuple[Deleted, ...], Changes]:
    """Take these photos, which must lie in the bin, out of the archive for good, and look for what is left of each.

    Whole shots go together, all of one call or nothing of it; it cannot be undone. Raises :class:`WrongUsage` for a
    photo that is not in the bin, :class:`Refused` for one that left in a bundle: others have it, and hiding it here
    does not take it back.
    """
    archive, gone = studio.archive, []
    with archive.transaction(studio.now()) as writing:
        archive.rely_on(own=("culling", "disclosed_photo", "disclosure"))
        shots = archive.culling.whole_shots(guids)
        counts = archive.culling.of_shots({shot for _, shot, _ in shots})
        hidden = {guid for guid, shot, _ in shots if counts.get(shot, UNCULLED).hidden}
        out = [guid for guid in guids if guid not in hidden]
        if out:
            raise WrongUsage(f"Photo {out[0]} is not in the bin.", "Nothing was deleted; hide it first.")
        for guid, _, _ in shots:
            photo, stored = archive.photos.get(guid), archive.files.about(archive.photos.original(guid))
            if sent := sent_with(studio, guid):
                told = ", ".join(sorted({each.name or each.recipient for each in sent}))
                raise Refused(
                    f"Photo {guid} was sent to {told}; deleting it here does not take it back.",
                    "Nothing was deleted. 'photo remove --although-sent' takes it out; the ledger says who has it.",
                )
            take_out(studio, writing, photo, by)
            gone.append((photo, stored))
    found = []
    for number, (photo, stored) in enumerate(gone, 1):
        studio.acknowledge(photo.guid, "")
        found.append(Deleted(photo.guid, photo.name, not photo.subjects, archive.files.remains(stored)))
        report(number, len(gone), "looking for what is left")
    return tuple(found), Changes.PHOTOS | Changes.JOURNAL if found else Changes.NONE

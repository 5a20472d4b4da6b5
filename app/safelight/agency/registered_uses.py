"""Registers where a photo was used: a data set, a model, a print, a page, a work derived from it, until taken down."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from safelight.agency.allowances import allowances
from safelight.agency.open_agency import OpenAgency
from safelight.agency.questions import Wanted, decide_all
from safelight.documents.acknowledgements import UseKind
from safelight.domain.changes import Changes
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Country, PhotoGuid, ScopeId
from safelight.domain.usage import Blocker
from safelight.storage.catalogue_tables import registered_use
from safelight.storage.withdrawal_rows import RegisteredUse

RESTS_ON = (registered_use.name,)
MOST_NAME = 200
"""So long the name of a data set, model or page may be."""


@dataclass(frozen=True, slots=True)
class UsedFor:
    """What a photo was used for; without ``use`` and ``place`` it is asked whether anything allows it at all."""

    photo: str
    kind: UseKind
    name: str
    use: str | None = None
    place: Country | None = None


def register_use(agency: OpenAgency, made: UsedFor) -> tuple[RegisteredUse, Changes]:
    """Register that a photo was used, whatever may be done with it; the answer of today is registered with it.

    Again, while it is still there, changes nothing. Raises :class:`WrongUsage` for a photo that is not in the
    catalogue or a name that cannot be kept.
    """
    guid, name = _photo(agency, made.photo), _name(made.name)
    today = agency.today()
    with agency.catalogue.transaction(agency.dated()) as writing:
        agency.catalogue.rely_on(RESTS_ON)
        for known in agency.catalogue.uses.list():
            if (known.photo, known.kind, known.name) == (guid, made.kind, name) and known.ended_at is None:
                return known, Changes.NONE
        allowed, blocker, until = _answered(agency, guid, made, today)
        use = ScopeId(made.use) if made.use is not None else None
        kept = RegisteredUse(guid, made.kind, name, writing.now, use, made.place, allowed, blocker, until)
        agency.catalogue.uses.add(writing, kept)
        entry = agency.catalogue.journal.append(writing, "use-registered", guid, _account(kept))
    agency.acknowledge(guid, entry.hash)
    return kept, Changes.PHOTOS | Changes.JOURNAL


def end_use(agency: OpenAgency, made: UsedFor) -> tuple[int, Changes]:
    """Note that a use was taken down; returns how many registered uses that were.

    Raises :class:`WrongUsage` when none is registered.
    """
    guid, name = _photo(agency, made.photo), _name(made.name)
    with agency.catalogue.transaction(agency.dated()) as writing:
        agency.catalogue.rely_on(RESTS_ON)
        known = [each for each in agency.catalogue.uses.list() if (each.photo, each.kind) == (guid, made.kind)]
        mine = [each for each in known if each.name == name]
        if not mine:
            raise WrongUsage(
                f"No {made.kind} of this name is registered for photo {guid}.",
                "Nothing was changed. 'agency used --list' shows what is registered.",
            )
        if all(each.ended_at is not None for each in mine):
            return 0, Changes.NONE
        ended = agency.catalogue.uses.end(writing, mine[0], writing.now)
        entry = agency.catalogue.journal.append(writing, "use-ended", guid, _account(mine[0]))
    agency.acknowledge(guid, entry.hash)
    return ended, Changes.PHOTOS | Changes.JOURNAL


def list_uses(agency: OpenAgency) -> tuple[RegisteredUse, ...]:
    """Every registered use, in the order they were registered."""
    agency.catalogue.rely_on(RESTS_ON)
    return agency.catalogue.uses.list()


def _answered(
    agency: OpenAgency, guid: PhotoGuid, made: UsedFor, today: date
) -> tuple[bool, str, date | None]:
    if made.use is not None:
        place = made.place or agency.identity.country
        decision = decide_all(agency, [Wanted(guid, made.use, place)], today)[0].decision
        return decision.allowed, decision.blocker.value if decision.blocker else "", decision.expires
    found = allowances(agency, [guid]).get(guid)
    if found is not None:
        return True, "", found.until
    standing = agency.standings.of_photo(guid)
    withheld = standing is not None and standing.photo.withheld
    return False, (Blocker.WITHHELD if withheld else Blocker.NOT_ASKED).value, None


def _photo(agency: OpenAgency, photo: str) -> PhotoGuid:
    guid = PhotoGuid(photo.removeprefix("urn:uuid:"))
    if not agency.catalogue.received.photos([guid]):
        raise WrongUsage(f"There is no photo '{photo[:60]}' here.", "'agency list' shows the ids.")
    return guid


def _name(name: str) -> str:
    told = name.strip()
    if not told or len(told) > MOST_NAME or not told.isprintable():
        raise WrongUsage(
            "The name of a use is a line of 1 to 200 characters.", "Nothing was changed. Give it with --in NAME."
        )
    return told


def _account(used: RegisteredUse) -> bytes:
    told = {"kind": used.kind, "name": used.name, "use": used.use, "allowed": used.allowed, "blocker": used.blocker}
    return json.dumps(told, sort_keys=True).encode()

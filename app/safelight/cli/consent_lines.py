"""How the terminal tells what was recorded and what holds: one line a use, what goes for every yes, and every event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from safelight.domain.consent import Status
from safelight.domain.term import Territory, TerritoryKind
from safelight.settings.locales import offset_words
from safelight.settings.zones import at_place
from safelight.studio.queries.consents import ConsentRows, SigningRow, UseRow


def recorded_lines(signing: SigningRow, uses: Sequence[UseRow], zone: str) -> Iterator[str]:
    """Everything one signing recorded; nothing that was loosened goes unsaid."""
    for use in uses:
        yield f"{use.scope}: yes{limits(use)}" if use.status is Status.GIVEN else f"{use.scope}: no"
    yield from signing_lines(signing, zone)


def shown_lines(rows: ConsentRows, zone: str) -> Iterator[str]:
    """What a person allowed and refused: each record with its events, then what goes for every yes of a signing.

    Times are told by the clocks of the session, whose time zone is ``zone``, as the receipt tells them.
    """
    yield f"{rows.name}: {'nothing signed yet' if rows.receipt is None else f'receipt {rows.receipt}'}"
    for use in rows.uses:
        yield f"{use.scope}: {use.status.value}{limits(use) if use.status is Status.GIVEN else ''}"
        for event in use.history:
            yield f"  {_moment(event.at, zone)}: {event.kind.value}, by the {event.by.value}"
    for signing in rows.signings:
        yield f"For every yes of receipt {signing.receipt}:"
        yield from (f"  {line}" for line in signing_lines(signing, zone))
    if rows.receipt is not None:
        yield "checked by a second person" if rows.validated else "not checked by a second person"


def _moment(at: datetime, zone: str) -> str:
    """Day and time on the clocks of the place, with how far they are ahead of UTC: ``… 18:30 GMT-08:00``."""
    local = at_place(zone, at)
    return f"{local:%Y-%m-%d %H:%M} {offset_words('en', local)}"


def limits(use: UseRow) -> str:
    """The limits of a yes, beginning with a comma."""
    told = [f"until {use.last_day}"]
    if use.territory is not None:
        everywhere = use.territory.kind is TerritoryKind.WORLDWIDE
        told.append(places(use.territory) if everywhere else f"in {places(use.territory)}")
    named = [each.name or each.id for each in use.recipients]
    told.append("for " + (" and ".join(named) if named else "the studio only"))
    if use.media:
        told.append("media: " + " ".join(use.media))
    return "".join(f", {each}" for each in told)


def places(territory: Territory) -> str:
    """A territory in one word or a list of countries."""
    if territory.kind in (TerritoryKind.EEA, TerritoryKind.WORLDWIDE):
        return territory.kind.value
    return " ".join(sorted(territory.countries))


def signing_lines(signing: SigningRow, zone: str) -> Iterator[str]:
    """What goes for every yes of one signing; days are those at the place."""
    if signing.signed_on is not None:
        yield f"signed on paper on {signing.signed_on}, entered on {at_place(zone, signing.signed_at):%Y-%m-%d}"
    if signing.scan_kept:
        yield "a scan of the signed pages is kept: 'consent show SUBJECT --scan FILE' writes it out"
    yield f"never shown with: {', '.join(signing.excluded_contexts) or 'nothing is excluded'}"
    if signing.allowed_contexts:
        yield f"allowed after all: {', '.join(signing.allowed_contexts)}"
    yield f"alteration: {signing.alteration}"
    yield f"may also go to: {', '.join(signing.cross_border) or 'no country with weaker protection'}"
    yield f"name beside the picture: {'yes' if signing.credit_name else 'no'}"
    paid = signing.compensation
    yield "in return: " + (" ".join(filter(None, (paid.kind, paid.amount, paid.currency))))

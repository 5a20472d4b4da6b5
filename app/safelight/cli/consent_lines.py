"""How the terminal tells what was recorded and what holds: one line a use, what goes for every yes, and every event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from safelight.domain.consent import Status
from safelight.domain.term import Territory, TerritoryKind
from safelight.studio.queries.consents import ConsentRows, SigningRow, UseRow


def recorded_lines(signing: SigningRow, uses: Sequence[UseRow]) -> Iterator[str]:
    """Everything one signing recorded; nothing that was loosened goes unsaid."""
    for use in uses:
        yield f"{use.scope}: yes{limits(use)}" if use.status is Status.GIVEN else f"{use.scope}: no"
    yield from signing_lines(signing)


def shown_lines(rows: ConsentRows) -> Iterator[str]:
    """What a person allowed and refused: each record with its events, then what goes for every yes of a signing."""
    yield f"{rows.name}: {'nothing signed yet' if rows.receipt is None else f'receipt {rows.receipt}'}"
    for use in rows.uses:
        yield f"{use.scope}: {use.status.value}{limits(use) if use.status is Status.GIVEN else ''}"
        for event in use.history:
            yield f"  {event.at:%Y-%m-%d %H:%M} UTC: {event.kind.value}, by the {event.by.value}"
    for signing in rows.signings:
        yield f"For every yes of receipt {signing.receipt}:"
        yield from (f"  {line}" for line in signing_lines(signing))
    yield "checked by a second person" if rows.validated else "not checked by a second person"


def limits(use: UseRow) -> str:
    """The limits of a yes, beginning with a comma."""
    told = [f"until {use.last_day}"]
    if use.territory is not None:
        told.append(f"in {places(use.territory)}")
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


def signing_lines(signing: SigningRow) -> Iterator[str]:
    """What goes for every yes of one signing."""
    if signing.signed_on is not None:
        yield f"signed on paper on {signing.signed_on}, entered on {signing.signed_at:%Y-%m-%d}"
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

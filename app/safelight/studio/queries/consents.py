"""What was recorded and what holds of it now, as rows: every use with its limits and its past, what holds for all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from safelight.domain.choice import Compensation, Exclusion, Grant
from safelight.domain.clearance import Validation
from safelight.domain.consent import STATUS_AFTER, ConsentState, EventKind, Status, fold
from safelight.domain.ids import Country, ReceiptId, RecipientId, RecordId, ScopeId, SubjectId
from safelight.domain.people import Role
from safelight.domain.record import ConsentReceipt
from safelight.domain.scope import Mark
from safelight.domain.term import Territory
from safelight.studio.consent_snapshots import histories_of, signed_limits, standing_of
from safelight.studio.counted_validations import CountedValidations
from safelight.studio.open_studio import OpenStudio
from safelight.studio.recipients import studio_as_recipient


@dataclass(frozen=True, slots=True)
class NamedRecipient:
    """Whom a yes names; ``name`` is empty when the studio no longer has this recipient on its list."""

    id: RecipientId
    name: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """One thing that happened to a record, and who said so."""

    kind: EventKind
    at: datetime
    by: Role


@dataclass(frozen=True, slots=True)
class UseRow:
    """One use of one signing: the answer as it stands, the limits that were given, and every event since."""

    scope: ScopeId
    record: RecordId
    receipt: ReceiptId
    status: Status
    last_day: date | None
    territory: Territory | None
    recipients: tuple[NamedRecipient, ...]
    media: tuple[str, ...]
    mark: Mark
    history: tuple[EventRow, ...]


@dataclass(frozen=True, slots=True)
class SigningRow:
    """One signing and what holds for every yes of it; ``allowed_contexts`` are those the person lifted the bar on.

    ``signed_on`` is the day on the paper it was typed in from, ``scan_kept`` whether a scan of that is sealed here.
    """

    receipt: ReceiptId
    signed_at: datetime
    excluded_contexts: tuple[Exclusion, ...]
    allowed_contexts: tuple[Exclusion, ...]
    alteration: str
    cross_border: tuple[Country, ...]
    credit_name: bool
    compensation: Compensation
    signed_on: date | None
    scan_kept: bool


@dataclass(frozen=True, slots=True)
class ConsentRows:
    """Everything known of one person's consent: the newest record of each use, and the signings these rest on.

    ``receipt`` is the newest signing (None before the first), ``validated`` the check of it by a second person.
    """

    subject: SubjectId
    name: str
    receipt: ReceiptId | None
    uses: tuple[UseRow, ...]
    signings: tuple[SigningRow, ...]
    states: tuple[ConsentState, ...]
    validated: Validation | None


def recorded_rows(studio: OpenStudio, receipt: ConsentReceipt) -> tuple[SigningRow, tuple[UseRow, ...]]:
    """What the signing ``receipt`` recorded, use by use, as it was on that day."""
    names = _names(studio, receipt)
    who = Role.GUARDIAN if receipt.signed_as_minor else Role.SUBJECT
    uses = tuple(
        _use(
            receipt.id,
            each.id,
            each.scope,
            STATUS_AFTER[each.kind],
            each.last_day,
            each.grant,
            names,
            (EventRow(each.kind, each.at, who),),
        )
        for each in receipt.records
    )
    return _signing(receipt), uses


def consent_rows(studio: OpenStudio, subject: SubjectId) -> ConsentRows:
    """What ``subject`` allowed and refused, with the past of every use, newest record first within a use.

    Raises :class:`Malformed` if rows about them are not as they were left.
    """
    studio.archive.rely_on((subject,))
    person = studio.archive.subjects.get(subject)
    standing = standing_of(studio, subject)
    receipts = tuple(each.receipt for each in standing.receipts)
    histories = histories_of(studio.archive.consents.events_of(subject), signed_limits(receipts))
    uses = []
    for receipt in receipts:
        names = _names(studio, receipt)
        for record in receipt.records:
            events = histories.get(record.id, [])
            if not events:
                continue
            state = fold(events)
            history = tuple(EventRow(each.kind, each.at, each.by) for each in events)
            uses.append(
                _use(receipt.id, record.id, record.scope, state.status, state.last_day, state.grant, names, history)
            )
    order = {scope: at for at, scope in enumerate(studio.rules.catalogue.known_ids())}
    # Sorting is stable, so within one use the newest signing stays first.
    uses.sort(key=lambda each: order.get(each.scope, len(order)))
    latest = standing.latest
    counting = {state.record for state in standing.snapshot.states.values()}
    resting = {each.receipt for each in uses if each.record in counting} | ({latest.id} if latest else set())
    return ConsentRows(
        subject=subject,
        name=person.name,
        receipt=latest.id if latest else None,
        uses=tuple(uses),
        signings=tuple(_signing(each) for each in receipts if each.id in resting),
        states=tuple(state for _, state in sorted(standing.snapshot.states.items())),
        validated=CountedValidations(studio).of(standing.receipts[0]) if latest else None,
    )


def _use(
    receipt: ReceiptId,
    record: RecordId,
    scope: ScopeId,
    status: Status,
    last_day: date | None,
    grant: Grant | None,
    names: dict[RecipientId, str],
    history: tuple[EventRow, ...],
) -> UseRow:
    return UseRow(
        scope=scope,
        record=record,
        receipt=receipt,
        status=status,
        last_day=last_day,
        territory=grant.territory if grant else None,
        recipients=tuple(NamedRecipient(each, names.get(each, "")) for each in grant.recipients) if grant else (),
        media=tuple(sorted(grant.media)) if grant else (),
        mark=grant.mark if grant else Mark.NONE,
        history=history,
    )


def _signing(receipt: ConsentReceipt) -> SigningRow:
    said = receipt.modifiers
    return SigningRow(
        receipt=receipt.id,
        signed_at=receipt.signing.signed_at,
        excluded_contexts=tuple(each for each in Exclusion if each in said.exclusions),
        allowed_contexts=said.allowed_contexts,
        alteration=said.alteration.value,
        cross_border=tuple(sorted(said.cross_border)),
        credit_name=said.credit_name,
        compensation=said.compensation,
        signed_on=receipt.signing.signed_on,
        scan_kept=receipt.signing.scan_sha256 is not None,
    )


def _names(studio: OpenStudio, receipt: ConsentReceipt) -> dict[RecipientId, str]:
    """Names by key, those of the signed receipt first: it keeps saying them when a recipient is renamed."""
    own = studio_as_recipient(studio)
    known = {own.id: own.name} | {each.recipient.id: each.recipient.name for each in studio.archive.recipients.list()}
    return known | {each.id: each.name for each in receipt.recipients}

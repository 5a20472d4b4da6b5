"""What one photo may be used for, as an ODRL 2.2 agreement between the people on it and one recipient.

Each rule is atomic (one action, target, assigner, assignee), as the ODRL shapes ask. What is not permitted is barred,
and a prohibition beats a permission (``conflict: prohibit``). Everybody on the photo is the assigner of rules of their
own; all permissions for one use carry the same limits, the narrowest of all persons', so that none alone allows more
than all together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from safelight.domain.consent import ConsentState, Status
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import PhotoGuid, RecipientId, RecordId, ScopeId, SubjectId
from safelight.domain.people import Recipient
from safelight.domain.record import ConsentReceipt, Record
from safelight.domain.scope import Catalogue
from safelight.domain.term import Territory, TerritoryKind
from safelight.domain.usage import ConsentSnapshot, Question, may

from .jcs import canonical
from .reading import Faults, fail, parse_json, validate
from .times import end_of_day, parse_time, rfc3339
from .vocabulary import YES, compact, context, is_context, party, places, purpose, scope_of_purpose, uuid_urn

WHAT = "usage policy"
SCHEMA = "policy"
PROFILE = "slc:policy-v1"
TRAINING = "ai:ModelTraining"
IDENTIFICATION = "slc:biometric-identification"
"""Finding out who somebody is by the face: no use we ask for covers it, so every policy bars it."""
_HANDS_ON, _EDITS = "dpv:SellDataToThirdParties", "dpv:Modify"
"""What the catalogue says of a use whose recipient may pass the picture on, or change it."""
_WORLD = Territory(TerritoryKind.WORLDWIDE)


@dataclass(frozen=True, slots=True)
class Permission:
    """One use allowed by one person until a time, for one organisation.

    ``places`` are sets of country codes (or ``EEA``); a place must lie in every set, and none means everywhere.
    """

    action: str
    assigner: SubjectId
    record: RecordId
    use: ScopeId
    until: datetime
    places: tuple[frozenset[str], ...]
    recipient: RecipientId


@dataclass(frozen=True, slots=True)
class Prohibition:
    """An action barred by one person, for the purposes named (``slc:…``), or for every purpose when none is."""

    action: str
    assigner: SubjectId
    purposes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as read: everything not permitted is barred, and a prohibition beats a permission."""

    uid: str
    photo: PhotoGuid
    assignee: RecipientId
    permissions: tuple[Permission, ...]
    prohibitions: tuple[Prohibition, ...]


def policy_document(
    photo: PhotoGuid,
    receipts: Sequence[ConsentReceipt],
    uses: Sequence[ScopeId],
    recipient: Recipient,
    catalogue: Catalogue,
    records: Collection[RecordId] | None = None,
) -> dict[str, Any]:
    """The agreement for ``photo``: ``receipts`` are those of everybody on it, ``uses`` what was cleared for it.

    Without ``records`` every receipt is another person's and must allow every use. When somebody's uses rest on several
    receipts, ``records`` are those the photo leaves under (as ``may`` named them, one for each person and use); then
    only receipts that hold one of them for a use speak about it.

    Every use of the catalogue that is not in ``uses`` is prohibited, whether it was refused, never asked or is simply
    not for this recipient, so the policy tells nobody which. Raises :class:`Refused` when a receipt does not hold a yes
    for one of ``uses`` and this recipient, :class:`WrongUsage` for an unknown use or a photo with nobody on it.
    """
    if not receipts:
        raise WrongUsage(f"Nobody is known on photo {photo}, so nobody can allow anything.")
    permissions = []
    for use in dict.fromkeys(uses):
        speaking = [each for each in receipts if records is None or _speaks(each, use, records)]
        until = _until(photo, speaking, use, recipient, catalogue)
        where = list(dict.fromkeys(_where(receipt, use) for receipt in speaking))
        limits = [_constraint("purpose", "isA", {"@id": purpose(use)}), _until_constraint(until)]
        limits += [_place_constraint(each) for each in where if each is not None]
        limits.append(_constraint("recipient", "eq", {"@id": party(recipient.id)}))
        permissions += [
            {**_rule(photo, receipt, recipient, action), "record": uuid_urn(_record(receipt, use).id),
             "constraint": limits}
            for receipt in speaking
            for action in _actions(use, catalogue)
        ]  # fmt: skip
    policy: dict[str, Any] = {
        "@context": context("policy"),
        "@type": ["Policy", "Agreement"],
        "uid": f"{uuid_urn(photo)}#{recipient.id}",
        "profile": PROFILE,
        "conflict": "prohibit",
        "prohibition": [
            {**_rule(photo, receipt, recipient, action), **({"constraint": limits} if limits else {})}
            for receipt in receipts
            for action, limits in _barred(frozenset(uses), catalogue)
        ],
    }
    if permissions:
        policy["permission"] = permissions
    validate(SCHEMA, policy, WHAT)
    return policy


def policy_bytes(policy: Mapping[str, Any]) -> bytes:
    """The RFC 8785 bytes of a policy, as written to ``policies/<photo>.jsonld`` and into the photo's XMP."""
    return canonical(policy)


def _until(
    photo: PhotoGuid, receipts: Sequence[ConsentReceipt], use: ScopeId, recipient: Recipient, catalogue: Catalogue
) -> date:
    """The last day ``may`` gives for everybody together; where is left to the policy's own limits."""
    snapshots = [_anywhere(receipt, use) for receipt in receipts]
    day = max((each.states[use].first_day for each in snapshots if use in each.states), default=date.min)
    decision = may(Question(photo, use, recipient.country, day, recipient.id), snapshots, catalogue, frozenset())
    if not decision.allowed or decision.expires is None:
        why = decision.blocker.value if decision.blocker else "no end"
        raise Refused(f"The policy of photo {photo} cannot allow {use}: {why}.", "Nothing was written.")
    return decision.expires


def _anywhere(receipt: ConsentReceipt, use: ScopeId) -> ConsentSnapshot:
    """What a receipt says about ``use`` without its territory, as ``may`` wants to hear it."""
    record = receipt.record_for(use)
    states = {}
    if record is not None:
        given = record.kind in YES and record.grant is not None
        states[use] = ConsentState(
            record=record.id,
            subject=receipt.subject,
            scope=use,
            status=Status.GIVEN if given else Status.REFUSED,
            sequence=1,
            changed_at=record.at,
            grant=None if record.grant is None else replace(record.grant, territory=_WORLD),
            last_day=record.last_day,
            review_due=record.review_due,
            sleeps_after=record.sleeps_after,
            day=record.day,
            signed_as_minor=receipt.signed_as_minor,
            adult_on=receipt.adult_on,
        )
    return ConsentSnapshot(states)


def _speaks(receipt: ConsentReceipt, use: ScopeId, records: Collection[RecordId]) -> bool:
    record = receipt.record_for(use)
    return record is not None and record.id in records


def _record(receipt: ConsentReceipt, use: ScopeId) -> Record:
    record = receipt.record_for(use)
    if record is None:
        raise Refused(f"Receipt {receipt.id} has no record of {use}.")
    return record


def _where(receipt: ConsentReceipt, use: ScopeId) -> tuple[str, ...] | None:
    grant = _record(receipt, use).grant
    return None if grant is None else places(grant.territory)


def _rule(photo: PhotoGuid, receipt: ConsentReceipt, recipient: Recipient, action: str) -> dict[str, Any]:
    return {
        "target": uuid_urn(photo),
        "assigner": uuid_urn(receipt.subject),
        "assignee": party(recipient.id),
        "action": action,
    }


def _actions(use: ScopeId, catalogue: Catalogue) -> tuple[str, ...]:
    if _is(TRAINING, use, catalogue):
        return (TRAINING,)
    if _is(_HANDS_ON, use, catalogue):
        return ("use", "grantUse")
    return ("modify",) if _is(_EDITS, use, catalogue) else ("use",)


def _is(term: str, use: ScopeId, catalogue: Catalogue) -> bool:
    return any(compact(each) == term for each in catalogue.scope(use).dpv)


def _barred(uses: Collection[ScopeId], catalogue: Catalogue) -> list[tuple[str, list[dict[str, Any]]]]:
    """What every person bars: the same for everybody who allows the same, refusals or not."""
    others = [purpose(each) for each in catalogue.asked_ids() if each not in uses]
    by_purpose = _constraint("purpose", "isAnyOf", [{"@id": each} for each in (*others, IDENTIFICATION)])
    barred: list[tuple[str, list[dict[str, Any]]]] = [("use", [by_purpose])]
    granted = {action for each in uses for action in _actions(each, catalogue)}
    barred += [(action, []) for action in (TRAINING, "grantUse") if action not in granted]
    return barred


def _constraint(left: str, operator: str, right: Any) -> dict[str, Any]:
    return {"leftOperand": left, "operator": operator, "rightOperand": right}


def _until_constraint(last: date) -> dict[str, Any]:
    return _constraint("dateTime", "lteq", {"@value": rfc3339(end_of_day(last)), "@type": "xsd:dateTime"})


def _place_constraint(where: tuple[str, ...]) -> dict[str, Any]:
    if len(where) == 1:
        return _constraint("spatial", "isPartOf", {"@id": where[0]})
    return _constraint("spatial", "isAnyOf", [{"@id": each} for each in where])


# Reading ---------------------------------------------------------------------------------------------------------


def read_policy(untrusted: bytes | Mapping[str, Any]) -> Policy:
    """The policy in ``untrusted``; raises :class:`Malformed` with every fault when it is not of this closed form."""
    raw = parse_json(untrusted, WHAT) if isinstance(untrusted, bytes) else untrusted
    if not isinstance(raw, dict):
        fail(WHAT, "", "must be an object")
    if not is_context("policy", raw.get("@context")):
        fail(WHAT, "/@context", "is not the one this version knows")
    validate(SCHEMA, raw, WHAT)
    faults = Faults(WHAT)
    uid: str = raw["uid"]
    target, _, assignee = uid.partition("#")
    for kind in ("permission", "prohibition"):
        for index, rule in enumerate(raw.get(kind, ())):
            if rule["target"] != target:
                faults.add(f"/{kind}/{index}/target", "is not the photo this policy is about")
            if rule["assignee"] != f"party:{assignee}":
                faults.add(f"/{kind}/{index}/assignee", "is not the recipient this policy is for")
    permissions = [
        _permission(rule, f"/permission/{index}", faults) for index, rule in enumerate(raw.get("permission", ()))
    ]
    faults.raise_any()
    return Policy(
        uid=uid,
        photo=PhotoGuid(target.removeprefix("urn:uuid:")),
        assignee=RecipientId(assignee),
        permissions=tuple(each for each in permissions if each is not None),
        prohibitions=tuple(_prohibition(each) for each in raw["prohibition"]),
    )


def _permission(rule: Mapping[str, Any], path: str, faults: Faults) -> Permission | None:
    one: dict[str, Any] = {}
    where: list[frozenset[str]] = []
    for each in rule["constraint"]:
        left, right = each["leftOperand"], each["rightOperand"]
        if left == "spatial":
            listed = right if isinstance(right, list) else [right]
            where.append(frozenset(place["@id"].removeprefix("loc:") for place in listed))
        elif left in one:
            faults.add(f"{path}/constraint", f"limits {left} twice")
        else:
            one[left] = right
    missing = [left for left in ("purpose", "dateTime", "recipient") if left not in one]
    for left in missing:
        faults.add(f"{path}/constraint", f"does not limit {left}")
    if missing:
        return None
    if one["recipient"]["@id"] != rule["assignee"]:
        faults.add(f"{path}/constraint", "names another recipient than the assignee")
    return Permission(
        action=rule["action"],
        assigner=SubjectId(rule["assigner"].removeprefix("urn:uuid:")),
        record=RecordId(rule["record"].removeprefix("urn:uuid:")),
        use=scope_of_purpose(one["purpose"]["@id"]),
        until=parse_time(one["dateTime"]["@value"]),
        places=tuple(where),
        recipient=RecipientId(one["recipient"]["@id"].removeprefix("party:")),
    )


def _prohibition(rule: Mapping[str, Any]) -> Prohibition:
    named = [place["@id"] for each in rule.get("constraint", ()) for place in each["rightOperand"]]
    return Prohibition(rule["action"], SubjectId(rule["assigner"].removeprefix("urn:uuid:")), frozenset(named))

"""What is written on an exported photo, as values: who made it, whose receipt covers it, what nobody may do with it.

Three readers get the same message in their own codes: people and agencies read IPTC and PLUS in XMP, crawlers read
``plus:DataMining``, C2PA tools read ``cawg.training-mining``. None of them may ever read more than a person granted.
Sources: IPTC Photo Metadata Standard 2025.1, PLUS LDF 2.0.1, CAWG Training and Data Mining Assertion 1.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from safelight.domain.people import Studio

MOST_POLICY_BYTES = 40_000
"""A longer policy is linked, not embedded: the whole packet must fit one JPEG segment of 65,502 bytes."""

TRAIN_GENERATIVE, TRAIN_RECOGNITION = "ai.train-generative", "ai.train-recognition"
"""The uses of the rules that train machines; a test holds this list against the rules."""


class DataMining(StrEnum):
    """``plus:DataMining``: what machines may read out of the picture. Those we never write are left out."""

    ONLY_SEARCH = "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING"
    SEE_EMBEDDED = "DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR"
    SEE_LINKED = "DMI-PROHIBITED-SEELINKEDRIGHTSEXPR"
    SEE_CONSTRAINT = "DMI-PROHIBITED-SEECONSTRAINT"


class ModelRelease(StrEnum):
    """``plus:ModelReleaseStatus``: a consent per use is always a limited release; unlimited is never written."""

    NONE = "MR-NON"
    NOT_APPLICABLE = "MR-NAP"
    LIMITED = "MR-LMR"


class MiningUse(StrEnum):
    """One answer of ``cawg.training-mining``. Plain ``allowed`` is never written: every yes here has limits."""

    NOT_ALLOWED = "notAllowed"
    CONSTRAINED = "constrained"


@dataclass(frozen=True, slots=True)
class MiningMark:
    """An answer and, if constrained, the limits in words (without them CAWG 1.1 reads it as not allowed)."""

    use: MiningUse = MiningUse.NOT_ALLOWED
    limits: str = ""


@dataclass(frozen=True, slots=True)
class TrainingMarks:
    """The four entries of the CAWG assertion; the default forbids everything."""

    data_mining: MiningMark = MiningMark()
    inference: MiningMark = MiningMark()
    training: MiningMark = MiningMark()
    generative_training: MiningMark = MiningMark()


@dataclass(frozen=True, slots=True)
class RightsMarks:
    """Everything an exported photo says of itself; empty text and empty tuples are not written.

    ``guid``, ``subjects`` and ``receipts`` are ``urn:uuid:`` IRIs; ``subjects`` are pseudonyms. ``policy`` is the ODRL
    policy (JSON-LD, UTF-8) carried inside, ``policy_link`` where it also lies. ``minor_age`` is a PLUS code
    (``AG-A25``). ``person_names`` is filled only when names may go to this recipient. ``source_type`` is an IRI of
    ``images.source_type``, empty where nobody knows how the picture came to be. ``training`` is written by C2PA alone,
    all the rest by XMP.
    """

    guid: str
    creator: tuple[str, ...] = ()
    copyright_notice: str = ""
    copyright_owner: str = ""
    copyright_owner_id: str = ""
    credit_line: str = ""
    licensor_name: str = ""
    licensor_email: str = ""
    licensor_url: str = ""
    usage_terms: str = ""
    instructions: str = ""
    web_statement: str = ""
    subjects: tuple[str, ...] = ()
    receipts: tuple[str, ...] = ()
    policy: bytes = b""
    policy_link: str = ""
    model_release: ModelRelease = ModelRelease.NONE
    minor_age: str = "AG-UNK"
    data_mining: DataMining = DataMining.ONLY_SEARCH
    other_constraints: str = ""
    person_names: tuple[str, ...] = ()
    source_type: str = ""
    training: TrainingMarks = field(default_factory=TrainingMarks)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What everybody on the photo allowed this recipient: the uses (scope ids), in words, where and until when.

    ``uses`` holds only uses the decision (``domain.usage.may``) said yes to for every person on the photo.
    """

    uses: frozenset[str]
    titles: tuple[str, ...]
    place: str
    last_day: date | None
    recipient: str


def marks_for(
    guid: str,
    studio: Studio,
    allowed: Allowed,
    *,
    photographer: str = "",
    subjects: Sequence[str] = (),
    receipts: Sequence[str] = (),
    ages: Sequence[int | None] = (),
    person_names: Sequence[str] = (),
    policy: bytes = b"",
    policy_link: str = "",
    web_statement: str = "",
    year: int | None = None,
    source_type: str = "",
) -> RightsMarks:
    """The marks of one photo for one recipient. ``ages``: full years of each subject when the photo was taken.

    ``guid``, ``subjects`` and ``receipts`` may be bare UUIDs; they are written as ``urn:uuid:`` IRIs.

    A granted AI use is always marked as constrained, with its limits in words and the policy as the authority: every
    yes names its recipients, its last day and its place, so a code that says "allowed" to whoever comes across the
    file would grant more than the person did.
    """
    receipts, subjects = tuple(map(_iri, receipts)), tuple(map(_iri, subjects))
    embedded = policy if len(policy) <= MOST_POLICY_BYTES else b""
    limits = _limits(allowed, receipts)
    training = training_marks(allowed.uses, limits)
    contact = studio.contact
    notice = f"© {year} {studio.name}. All rights reserved." if year else f"© {studio.name}. All rights reserved."
    return RightsMarks(
        guid=_iri(guid),
        creator=(photographer or studio.name,),
        copyright_notice=notice,
        copyright_owner=studio.name,
        copyright_owner_id=_iri(studio.id),
        credit_line=f"{photographer} / {studio.name}" if photographer else studio.name,
        licensor_name=studio.name,
        licensor_email=contact if "@" in contact else "",
        licensor_url=contact if contact.startswith(("https://", "http://")) else "",
        usage_terms=_terms(allowed, training),
        instructions="Consent-limited: check the status list before each use.",
        web_statement=web_statement,
        subjects=subjects,
        receipts=receipts,
        policy=embedded,
        policy_link=policy_link,
        model_release=ModelRelease.LIMITED if receipts else ModelRelease.NONE,
        minor_age=minor_age(ages),
        data_mining=_data_mining(training, bool(embedded), bool(policy_link)),
        other_constraints=f"{_terms(allowed, training)} {limits}".strip(),
        person_names=tuple(person_names),
        source_type=source_type,
        training=training,
    )


PERSONAL_TERMS = (
    "Personal copy, given to a person in the picture for their own use. Anything else needs the consent of everybody "
    "in it. No AI or machine learning training, no data mining, no biometric identification."
)


def personal_marks(
    guid: str,
    studio: Studio,
    *,
    photographer: str = "",
    year: int | None = None,
    source_type: str = "",
) -> RightsMarks:
    """The marks of the copy a person is given of their own picture: to whoever it is passed on it allows nothing.

    It says nothing about anybody in the picture, not even an age, and names no receipt: this copy rests on none.
    """
    nothing = Allowed(frozenset(), (), "", None, "")
    marks = marks_for(guid, studio, nothing, photographer=photographer, year=year, source_type=source_type)
    return replace(
        marks, usage_terms=PERSONAL_TERMS, other_constraints=PERSONAL_TERMS, instructions="Personal copy, not licensed."
    )


def training_marks(uses: frozenset[str], limits: str) -> TrainingMarks:
    """The CAWG entries for granted ``uses``; ``limits`` says in words what each yes is bound to.

    Training to recognise is training that makes no pictures; research grants none. Inference and data mining stay
    forbidden: no use in the catalogue that leaves the studio grants them. Without ``limits`` nothing is granted.
    """
    constrained = MiningMark(MiningUse.CONSTRAINED, limits)
    if not limits:
        return TrainingMarks()
    return TrainingMarks(
        training=constrained if TRAIN_RECOGNITION in uses else MiningMark(),
        generative_training=constrained if TRAIN_GENERATIVE in uses else MiningMark(),
    )


def minor_age(ages: Sequence[int | None]) -> str:
    """The PLUS code for the youngest person: AG-A25 (25 or over), AG-A24 to AG-A15, AG-U14, or AG-UNK.

    A person of unknown age could be younger than all others, so AG-UNK stands as soon as one age is missing, unless
    a known minor is there: that is the stronger warning.
    """
    known = [age for age in ages if age is not None]
    if not known or (len(known) < len(ages) and min(known) >= 18):
        return "AG-UNK"
    youngest = min(known)
    return "AG-U14" if youngest <= 14 else f"AG-A{min(youngest, 25)}"


def _iri(uuid: str) -> str:
    return uuid if uuid.startswith("urn:") else f"urn:uuid:{uuid}"


def _data_mining(training: TrainingMarks, embedded: bool, linked: bool) -> DataMining:
    if training == TrainingMarks():
        return DataMining.ONLY_SEARCH
    if embedded:
        return DataMining.SEE_EMBEDDED
    return DataMining.SEE_LINKED if linked else DataMining.SEE_CONSTRAINT


def _limits(allowed: Allowed, receipts: Sequence[str]) -> str:
    until = f" until {allowed.last_day.isoformat()}" if allowed.last_day else ""
    proof = f" Consent receipt {', '.join(receipts)}." if receipts else ""
    return f"Only {allowed.recipient}, {allowed.place}{until}.{proof}"


def _terms(allowed: Allowed, training: TrainingMarks) -> str:
    until = f" until {allowed.last_day.isoformat()}" if allowed.last_day else ""
    uses = ", ".join(allowed.titles) or "No use"
    refused = []
    if training.training.use is MiningUse.NOT_ALLOWED and training.generative_training.use is MiningUse.NOT_ALLOWED:
        refused.append("No AI or machine learning training.")
    elif training.generative_training.use is MiningUse.NOT_ALLOWED:
        refused.append("No training of AI that makes pictures.")
    elif training.training.use is MiningUse.NOT_ALLOWED:
        refused.append("No training of AI that recognises people.")
    return " ".join([f"{uses}; {allowed.place}{until}.", *refused, "No biometric identification."])

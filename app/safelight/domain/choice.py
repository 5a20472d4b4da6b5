"""What one person answered: a yes or no per use, the limits of each yes, and the rules an answer must keep."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from .errors import Refused
from .ids import Country, RecipientId, ScopeId
from .jurisdiction import Jurisdiction
from .people import Subject, is_minor
from .scope import Catalogue, Mark, Scope
from .term import ONE_YEAR, Term, Territory, TerritoryKind


class Answer(StrEnum):
    """Yes or no; "not answered" is no."""

    YES = "yes"
    NO = "no"


class Exclusion(StrEnum):
    """Contexts a picture must never be shown in unless the person lifts the bar."""

    ADULT = "adult-or-sexual"
    POLITICS = "politics-or-religion"
    HEALTH = "health-or-disability"
    CRIME = "crime"
    DRUGS = "alcohol-tobacco-drugs-gambling"
    DATING = "dating"
    WEAPONS = "weapons"
    DEFAMATORY = "defamatory"
    ENDORSEMENT = "false-endorsement"


class Alteration(StrEnum):
    """How far a picture may be changed."""

    NONE = "none"
    CROP = "crop-and-tone"
    RETOUCH = "retouch"
    COMPOSITE = "composite"


@dataclass(frozen=True, slots=True)
class Compensation:
    """What was given in return, kept apart from the consent itself."""

    kind: str = "none"
    amount: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Modifiers:
    """What holds for every yes of one signing; the defaults are the most protective."""

    credit_name: bool = False
    cross_border: frozenset[Country] = frozenset()
    exclusions: frozenset[Exclusion] = frozenset(Exclusion)
    alteration: Alteration = Alteration.CROP
    compensation: Compensation = field(default_factory=Compensation)

    @property
    def allowed_contexts(self) -> tuple[Exclusion, ...]:
        """The contexts the person lifted the bar on."""
        return tuple(each for each in Exclusion if each not in self.exclusions)


@dataclass(frozen=True, slots=True)
class ReplicaTerms:
    """The contract page of an AI likeness: every field must say something (CA Lab. 927, NY GOL 5-302)."""

    uses: str
    pay: str
    represented_by: str
    label: str

    def missing(self) -> tuple[str, ...]:
        """The names of fields left empty."""
        fields = (
            ("uses", self.uses),
            ("pay", self.pay),
            ("represented_by", self.represented_by),
            ("label", self.label),
        )
        return tuple(name for name, value in fields if not value.strip())


@dataclass(frozen=True, slots=True)
class Grant:
    """The limits of one yes."""

    term: Term
    territory: Territory
    recipients: tuple[RecipientId, ...] = ()
    media: frozenset[str] = frozenset()
    mark: Mark = Mark.NONE
    replica: ReplicaTerms | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer; ``grant`` is there exactly when it is a yes."""

    scope: ScopeId
    answer: Answer = Answer.NO
    grant: Grant | None = None

    def __post_init__(self) -> None:
        if (self.answer is Answer.YES) != (self.grant is not None):
            raise Refused(f"The answer to {self.scope} is incomplete.", "A yes needs its limits; a no has none.")


def default_grant(home: Country, recipients: tuple[RecipientId, ...] = ()) -> Grant:
    """The narrowest ordinary yes: one year, in the studio's own country."""
    return Grant(ONE_YEAR, Territory(TerritoryKind.COUNTRY, frozenset({home})), recipients)


def faults_of(
    choices: tuple[Choice, ...],
    catalogue: Catalogue,
    subject: Subject,
    day: date,
    place: Jurisdiction,
    taught_back: bool,
    known_recipients: frozenset[RecipientId],
    age_day: date | None = None,
) -> tuple[str, ...]:
    """Everything that keeps these answers from being signed, one sentence each; empty when they may be.

    A refusal is never at fault. ``day`` is the day terms count from, ``age_day`` the one ages are counted on (the same
    where left out). ``taught_back`` says whether the two questions before AI uses were put.
    """
    faults: list[str] = []
    seen: set[ScopeId] = set()
    minor = is_minor(subject.born, age_day or day, place.guardian_under)
    asked = {each.id for each in catalogue.scopes}
    for choice in choices:
        scope = catalogue.scope(choice.scope)
        if choice.scope in seen:
            faults.append(f"{scope.id}: answered twice.")
        seen.add(choice.scope)
        if scope.id not in asked and choice.grant is not None:
            faults.append(f"{scope.id}: it is no longer asked.")
        elif not scope.asked:
            faults.append(f"{scope.id}: this is a notice, not a question.")
        elif choice.grant is not None:
            faults.extend(f"{scope.id}: {fault}" for fault in _grant_faults(scope, choice.grant, day, known_recipients))
            if minor and not scope.open_to_minors:
                faults.append(f"{scope.id}: not possible for a minor.")
            if scope.ai and not taught_back:
                faults.append(f"{scope.id}: the two questions before AI uses were not put.")
    if minor and any(each.answer is Answer.YES for each in choices):
        if not subject.guardians:
            faults.append("The subject is a minor and no guardian is named.")
        elif place.all_guardians and len(subject.guardians) < 2 and not subject.guardians[0].sole:
            faults.append(f"In {place.name} everybody who holds parental authority must agree; only one is named.")
    return tuple(faults)


def _grant_faults(scope: Scope, grant: Grant, day: date, known: frozenset[RecipientId]) -> tuple[str, ...]:
    faults = []
    last = grant.term.last_day(day, scope.cap_months)
    if last is None or last < day:
        faults.append("it would already be over.")
    if scope.needs_recipient and not grant.recipients:
        faults.append("whoever relies on it must be named.")
    for recipient in grant.recipients:
        if recipient not in known:
            faults.append("a named recipient is not in the studio's list.")
    if scope.mark is not Mark.NONE and grant.mark is not scope.mark:
        wanted = {Mark.INITIALS: "initials", Mark.OWN: "a signature of its own", Mark.PAGE: "its own contract page"}
        faults.append(f"it needs {wanted[scope.mark]}.")
    if scope.mark is Mark.PAGE:
        if grant.replica is None:
            faults.append("the contract page is not filled in.")
        else:
            faults.extend(f"the contract page leaves out '{name}'." for name in grant.replica.missing())
    return tuple(faults)

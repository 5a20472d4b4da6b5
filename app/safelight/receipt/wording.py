"""Turns values into words of the receipt's language: places, recipients, dates, limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from safelight.domain.choice import Alteration, Exclusion, Grant
from safelight.domain.consent import EventKind
from safelight.domain.ids import RecipientId, ScopeId
from safelight.domain.people import Role
from safelight.domain.plain_text import clean, isolate, isolate_ltr, name
from safelight.domain.record import Record
from safelight.domain.scope import Scope, in_language
from safelight.domain.term import TerritoryKind
from safelight.settings.locales import day_words, listed, moment_words, offset_words, time_words
from safelight.settings.texts import Texts

from .page import ReceiptContent

_LONG = 600
"""Characters each line of a contract page may have."""
_GIVEN = frozenset({EventKind.GIVEN, EventKind.RENEWED, EventKind.CHANGED})


@dataclass(frozen=True, slots=True)
class Wording:
    """What a receipt says, sentence by sentence. Every value put into a sentence is cleaned and isolated first."""

    content: ReceiptContent
    texts: Texts

    def say(self, key: str, **values: str) -> str:
        """The receipt's phrase ``key`` with ``values`` in it; values are inserted as they are, never looked into."""
        return self.texts.receipt[key].format_map(values)

    def answers(self) -> list[tuple[Scope, Record, Grant | None]]:
        """Every use asked, in the catalogue's order, with its yes (a grant) or no (None)."""
        found = []
        for scope in self.content.catalogue.known():
            record = self.content.receipt.record_for(scope.id)
            if record is not None:
                found.append((scope, record, record.grant if record.kind in _GIVEN else None))
        return found

    @property
    def declined(self) -> bool:
        """Whether nothing is allowed: no yes was given, and none of an earlier signing still holds."""
        given = any(grant is not None for _, _, grant in self.answers())
        return not given and not self.content.receipt.still_holding

    def not_asked(self) -> str:
        """One line that names the uses that were offered and not asked; empty when there are none."""
        receipt = self.content.receipt
        still = {each.scope for each in receipt.still_holding}
        uses = [self._title(each) for each in receipt.not_asked if each not in still]
        return self.say("not_asked", uses=self.join(uses)) if uses else ""

    def still_holding(self) -> list[str]:
        """A line for each day of which yeses still hold that were not asked again."""
        found: dict[date, list[str]] = {}
        for each in self.content.receipt.still_holding:
            found.setdefault(each.since, []).append(self._title(each.scope))
        return [
            self.say("still_holding", day=self.on_day(day), uses=self.join(found[day]))
            for day in sorted(found)
        ]

    def holding_scopes(self) -> list[Scope]:
        """The uses with a yes: those of this signing and those that still hold, in the catalogue's order."""
        yes = {scope.id for scope, _, grant in self.answers() if grant is not None}
        yes |= {each.scope for each in self.content.receipt.still_holding}
        return [scope for scope in self.content.catalogue.known() if scope.id in yes]

    def _title(self, scope: ScopeId) -> str:
        return self.content.catalogue.title(scope, self.texts.language)

    def scope_title(self, scope: Scope) -> str:
        """The short name of a use."""
        return in_language(scope.title, self.texts.language)

    def scope_text(self, scope: Scope) -> str:
        """The exact wording of a use as it was asked."""
        return in_language(scope.text, self.texts.language)

    def subject(self) -> str:
        """The person's name."""
        return name(self.content.subject_name)

    def names(self, several: tuple[str, ...]) -> str:
        """Names joined in a row."""
        return self.join([name(each) for each in several])

    def join(self, parts: list[str]) -> str:
        """Parts joined as the language joins a list: ``A, B and C``."""
        return listed(self.texts.language, self.content.receipt.country, parts)

    def side_by_side(self, parts: list[str]) -> str:
        """Parts that are no list, separated by the language's comma: a name and where to reach it."""
        return self.texts.words["comma"].join(parts)

    def on_day(self, day: date) -> str:
        """A day as people write it in the receipt's language where it was signed."""
        return isolate(day_words(self.texts.language, self.content.receipt.country, day))

    def clock(self, at: datetime) -> str:
        """The time of ``at`` on the clocks there."""
        return isolate(time_words(self.texts.language, self.content.receipt.country, at.astimezone(self.content.zone)))

    def at_moment(self, at: datetime) -> str:
        """Day and time of ``at`` on the clocks there, with how far they are from UTC."""
        language, local = self.texts.language, at.astimezone(self.content.zone)
        told = moment_words(language, self.content.receipt.country, local)
        return isolate(f"{told} {offset_words(language, local)}")

    def until(self, record: Record) -> str:
        """The last day of a yes, with its preposition."""
        if record.last_day is None:
            return self.texts.receipt["open_end"]
        return self.say("until_day", date=self.on_day(record.last_day))

    def review(self, record: Record) -> str:
        """When the person is asked again, or nothing where the yes has ended before silence would count."""
        asked = record.asked_again
        return "" if asked is None else self.say("review", **self._asked_again(*asked))

    def reviews(self) -> list[str]:
        """The reviews that several uses share, a sentence each: said once below the answers, not beside each."""
        return [
            self.say("review_many", uses=self.join(uses), **self._asked_again(*dates))
            for dates, uses in self.shared_reviews().items()
        ]

    def shared_reviews(self) -> dict[tuple[date, date], list[str]]:
        """The days several uses are asked about again together (asked again, rests from), with the uses' titles."""
        found: dict[tuple[date, date], list[str]] = {}
        for scope, record, grant in self.answers():
            if grant is not None and record.asked_again is not None:
                found.setdefault(record.asked_again, []).append(self.scope_title(scope))
        return {dates: uses for dates, uses in found.items() if len(uses) > 1}

    def _asked_again(self, review: date, rests_from: date) -> dict[str, str]:
        return {"review": self.on_day(review), "sleeps": self.on_day(rests_from)}

    def where(self, grant: Grant) -> str:
        """The territory of a yes."""
        kind = grant.territory.kind
        if kind in {TerritoryKind.EEA, TerritoryKind.WORLDWIDE}:
            return self.texts.words[kind.value]
        return self.join(sorted(self.texts.country(each) for each in grant.territory.countries))

    def by_whom(self, grant: Grant) -> str:
        """Who relies on a yes, by name."""
        if not grant.recipients:
            return self.say("only_studio", studio=name(self.content.studio.name))
        return self.join([self.recipient(each) for each in grant.recipients])

    def recipient(self, wanted: RecipientId) -> str:
        """An organisation's name, or its key when the name was not handed in."""
        known = next((each.name for each in self.content.recipients if each.id == wanted), None)
        return name(known) if known is not None else isolate_ltr(clean(wanted, 24))

    def media(self, grant: Grant) -> str:
        """In which media, or nothing when all are meant."""
        if not grant.media:
            return ""
        return self.say(
            "media", media=self.join([self.texts.media.get(each, clean(each)) for each in sorted(grant.media)])
        )

    def limits(self) -> list[str]:
        """What holds for every yes, a sentence each, except the exclusions."""
        modifiers = self.content.receipt.modifiers
        alteration = f"limits_alteration_{Alteration(modifiers.alteration).value}"
        # Nobody reads "nothing more" beside a use that changes the picture.
        beyond = any(scope.alters for scope in self.holding_scopes()) and f"{alteration}_beyond" in self.texts.receipt
        lines = [self.say(f"{alteration}_beyond" if beyond else alteration)]
        lines.append(self.say("limits_credit_yes" if modifiers.credit_name else "limits_credit_no"))
        if modifiers.cross_border:
            countries = self.join(sorted(self.texts.country(each) for each in modifiers.cross_border))
            lines.append(self.say("limits_border_yes", countries=countries))
        else:
            lines.append(self.say("limits_border_no"))
        pay = modifiers.compensation
        if pay.kind == "none":
            lines.append(self.say("limits_pay_none"))
        else:
            kind = self.texts.compensation.get(pay.kind, clean(pay.kind))
            amount = isolate_ltr(clean(f"{pay.amount} {pay.currency}"))
            lines.append(self.say("limits_pay_some", what=f"{kind} {amount}" if pay.amount else kind))
        for _, _, grant in self.answers():
            if grant is not None and grant.replica is not None:
                terms = grant.replica
                lines.append(
                    self.say(
                        "limits_replica",
                        uses=name(terms.uses, _LONG),
                        pay=name(terms.pay, _LONG),
                        represented_by=name(terms.represented_by, _LONG),
                        label=name(terms.label, _LONG),
                    )
                )
        return lines

    def exclusions(self) -> tuple[str, ...]:
        """The settings a picture is never shown in."""
        held = self.content.receipt.modifiers.exclusions
        return tuple(self.texts.exclusions[each.value] for each in Exclusion if each in held)

    def any_of(self, parts: tuple[str, ...]) -> str:
        """Parts joined as alternatives: ``A, B or C``."""
        return listed(self.texts.language, self.content.receipt.country, parts, "or")

    def lifted(self) -> str:
        """The settings the person allowed after all, joined."""
        held = self.content.receipt.modifiers.exclusions
        return self.join([self.texts.exclusions[each.value] for each in Exclusion if each not in held])

    def day(self) -> str:
        """The day it was signed, where it was signed: the one on the paper, or the screen's."""
        return self.on_day(self.content.receipt.signing.day)

    def moment(self, which: str) -> str:
        """A time of the signing with its zone: ``started_at`` or ``signed_at``; ``issued_at`` of the receipt."""
        receipt = self.content.receipt
        at = {
            "started_at": receipt.signing.started_at,
            "signed_at": receipt.signing.signed_at,
            "issued_at": receipt.issued_at,
        }[which]
        return self.at_moment(at)

    def moment_signed(self) -> str:
        """When it was signed, or that it is not yet; of paper both days, that of the pen and that of the studio."""
        if self.content.draft:
            return self.say("not_signed")
        if self.content.receipt.signing.signed_on is not None:
            return self.say("paper_days", signed=self.day(), entered=self.moment("signed_at"))
        return self.moment("signed_at")

    def role(self, role: Role) -> str:
        """What somebody was at the signing: the person in the photo, a guardian, a witness."""
        return self.say(f"role_{role.value}")

    def language(self, code: str) -> str:
        """The name of a language, or its code."""
        return self.texts.languages.get(code) or isolate_ltr(clean(code))

    def mode(self, mode: str) -> str:
        """What an answer was given with (a pen, a finger, on paper), or as it was typed."""
        return self.texts.modes.get(mode) or name(mode)

    def place(self) -> str:
        """Where to write to withdraw."""
        return name(self.content.receipt.withdraw_at)

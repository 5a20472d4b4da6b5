"""How somebody who asks shows who they are: what they hold, and something that what they hold does not say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from .errors import WrongUsage
from .people import Subject
from .record import ConsentReceipt

_FEWEST_DIGITS = 6
"""A telephone number is not compared by less: the same end of two numbers would be no proof."""


class Fact(StrEnum):
    """What the studio has on file of a person and no receipt shows."""

    BORN = "birth date"
    EMAIL = "e-mail address"
    PHONE = "telephone number"


def counting_facts(person: Subject, receipts: Iterable[ConsentReceipt]) -> frozenset[Fact]:
    """The facts that tell the person from whoever found or was shown a receipt of theirs.

    What is not on file proves nothing. The birth date does not count where a receipt says on which day the person comes
    of age, and neither does the opening code, which is printed on the receipt's last page.
    """
    told = {each for each in Fact if _on_file(person, each)}
    if any(each.adult_on is not None for each in receipts):
        told.discard(Fact.BORN)
    return frozenset(told)


def confirms(person: Subject, fact: Fact, said: str) -> bool:
    """Whether ``said`` is what is on file of the person (or of a guardian, who may ask for them), however written.

    Raises :class:`WrongUsage` for a birth date that is no day.
    """
    typed = _comparable(fact, said)
    if not typed:
        return False
    return any(_same(fact, typed, each) for each in _on_file(person, fact))


def readings(untrusted_fact: str) -> tuple[tuple[Fact, str], ...]:
    """What somebody may mean who typed this on a screen: an address, a number, or a day in any order of its parts."""
    text = unicodedata.normalize("NFKC", untrusted_fact).strip()
    if "@" in text:
        return ((Fact.EMAIL, text),)
    # Digits of any script, as the keyboard of the language on the screen writes them.
    text = "".join(str(unicodedata.decimal(each, each)) for each in text)
    return (*((Fact.BORN, each) for each in _days(re.findall(r"\d+", text))), (Fact.PHONE, text))


def _days(numbers: list[str]) -> tuple[str, ...]:
    """The days that three numbers (or one of eight digits) may stand for, as YYYY-MM-DD."""
    digits = "".join(each.zfill(2) for each in numbers)
    if len(digits) != 8 or len(numbers) not in (1, 3):
        return ()
    written = (
        (digits[:4], digits[4:6], digits[6:]),
        (digits[4:], digits[2:4], digits[:2]),
        (digits[4:], digits[:2], digits[2:4]),
    )
    return tuple("-".join(each) for each in written if _is_day(*map(int, each)))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _on_file(person: Subject, fact: Fact) -> tuple[str, ...]:
    if fact is Fact.BORN:
        return (person.born.isoformat(),) if person.born else ()
    own = person.email if fact is Fact.EMAIL else person.phone
    contacts = [each.contact for each in person.guardians if ("@" in each.contact) is (fact is Fact.EMAIL)]
    return tuple(found for each in (own, *contacts) if (found := _comparable(fact, each)))


def _comparable(fact: Fact, text: str) -> str:
    if fact is Fact.BORN:
        try:
            return date.fromisoformat(text.strip()).isoformat()
        except ValueError:
            raise WrongUsage(f"'{text[:40]}' is not a day.", "Nothing was noted. Write YYYY-MM-DD.") from None
    if fact is Fact.EMAIL:
        return text.strip().casefold()
    digits = "".join(each for each in text if each.isascii() and each.isdigit()).lstrip("0")
    return digits if len(digits) >= _FEWEST_DIGITS else ""


def _same(fact: Fact, one: str, other: str) -> bool:
    if fact is not Fact.PHONE:
        return one == other
    # With and without the country's code: +49 40 123456 is 040 123456. Either has six digits at least.
    return one.endswith(other) or other.endswith(one)

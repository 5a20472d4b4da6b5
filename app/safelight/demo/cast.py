"""Who comes to the demonstration, and what each of them answers."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

from safelight.domain.choice import Modifiers

OFFERED = ("use.portfolio", "use.directory", "use.social", "use.editorial", "ai.retouch", "ai.train-generative")
AGENCY_USES = frozenset({"use.directory", "use.editorial", "ai.train-generative"})
STUDIO_USES = frozenset({"ai.retouch"})


@dataclass(frozen=True, slots=True)
class Guest:
    """One person: answers are the uses allowed; everything else is refused. Terms are months, places as in answers."""

    name: str
    language: str
    yes: tuple[str, ...]
    months: int = 12
    place: str = "EEA"
    born: date | None = None
    guardian: str = ""
    credit_name: bool = False
    explained_again: int = 0
    checked: bool = True

    @property
    def modifiers(self) -> Modifiers:
        """What holds for every yes of this guest; all else is as protective as it starts."""
        return Modifiers(credit_name=self.credit_name)


_FIRST = (
    Guest("Anna Lindqvist", "de", ("use.portfolio", "use.directory", "use.editorial"), 24, credit_name=True),
    Guest("Mehmet Öztürk", "de", ()),
    Guest("Mira Novák", "en", ("use.directory", "use.editorial"), born=date(2011, 5, 4), guardian="Jana Nováková"),
    Guest("أمينة الحداد", "ar", ("use.editorial", "ai.train-generative"), explained_again=1),
    Guest("Jean-Luc Béranger", "fr", ("use.portfolio", "use.editorial", "ai.retouch"), 6, place="DE"),
    Guest("山田 花子", "en", OFFERED, 12, place="worldwide", credit_name=True, checked=False),
)
_MORE = (
    "Olu Adeyemi", "Ίρις Παππά", "Sofía Márquez", "अनन्या शर्मा", "Piotr Wiśniewski", "Дарья Соколова", "이서연",
    "Siobhán Ní Bhriain", "דנה לוי", "Lars Bjørnstad", "Nguyễn Thị Lan", "Amara Okafor",
)  # fmt: skip


def cast(people: int, seed: int) -> tuple[Guest, ...]:
    """The first ``people`` guests: six with a story each, then as many more as asked, drawn with ``seed``."""
    dice = random.Random(seed)  # noqa: S311  a demonstration is repeatable, not secret
    guests = list(_FIRST[:people])
    for number in range(len(guests), people):
        name = _MORE[(number - len(_FIRST)) % len(_MORE)]
        again = (number - len(_FIRST)) // len(_MORE)
        guests.append(
            Guest(
                name=f"{name} {again + 1}" if again else name,
                language=dice.choice(("en", "de", "fr", "es", "ar")),
                yes=tuple(each for each in OFFERED if dice.random() < 0.5),
                months=dice.choice((6, 12, 24)),
                place=dice.choice(("EEA", "EEA", "worldwide", "DE")),
                credit_name=dice.random() < 0.3,
                checked=dice.random() < 0.8,
            )
        )
    return tuple(guests)

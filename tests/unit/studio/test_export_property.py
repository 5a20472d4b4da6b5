"""THE property: whatever people answered, took back and had checked, exactly what a slow second opinion allows leaves.

Random lives of three people and their photos are lived through the real verbs: signings in two sessions that ask
different things, yeses with every kind of limit, refusals, signings again, checks by three people, photos given to
other people, and a clock that moves on. After each day the preview of several exports is compared, photo by photo, with
``slow_clearance.py``, which shares no code with the program.
"""

from __future__ import annotations

import datetime as dt
import itertools
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from safelight.domain.choice import Modifiers
from safelight.domain.clearance import ReasonToStay
from safelight.domain.culling import Pick
from safelight.domain.errors import Refused
from safelight.domain.ids import Country, SubjectId
from safelight.domain.jurisdiction import Cover, Mechanism
from safelight.domain.people import Role
from safelight.domain.term import Term, TermKind, Territory, TerritoryKind
from safelight.settings.resources import read_json
from safelight.studio import founding
from safelight.studio.culling import hide_photos, mark_photos, unhide_photos
from safelight.studio.queries.lookup import find_session
from support import shoot as day
from support import slow_clearance as slow
from support.sampling import examples

USES = ("use.portfolio", "use.directory", "use.stock", "ai.retouch", "ai.train-generative")
FEW = ("use.portfolio", "use.stock", "ai.retouch")
SCOPES = [each for each in read_json("rules/scopes.json")["scopes"] if each["id"] in USES]
MARKED = {each["id"] for each in SCOPES if each["needs_recipient"]}
"""Uses that cannot be signed without somebody named."""
BORN = {"Ada": None, "Ben": dt.date(1980, 2, 29), "Mia": dt.date(2009, 5, 5)}
"""Mia comes of age a year and a day after the beginning, the day after a yes of twelve months ends."""
NOT_FOR_MINORS = {each["id"] for each in SCOPES if each["minors"].startswith("blocked")}
PLACES = ["DE", "FR", "US", "NO"]
AGENCIES = list(day.WHERE)
PHOTOS = 4


@pytest.fixture(scope="session")
def stage(
    founded: tuple[Path, dict[str, Any]], decoders: Any, portraits: Path, tmp_path_factory: pytest.TempPathFactory
) -> Any:
    """A closed studio with two sessions, the three people and four photos of nobody yet; to be copied."""
    template, agencies = founded
    place = tmp_path_factory.mktemp("stage")
    folder, scratch = place / "studio", place / "camera"
    shutil.copytree(template, folder)
    scratch.mkdir()
    clock = day.Hand()
    studio = founding.open_studio(folder, day.PASSPHRASE, clock=clock)
    with Image.open(portraits / "grace_hopper.jpg") as picture:
        session = find_session(studio, "Spring")
        shoot = day.Shoot(studio, clock, folder, scratch, agencies, session, decoders, picture.copy())
    with studio:
        two = (shoot.new_session(*USES), shoot.new_session(*FEW))
        people = {
            name: shoot.person(name, *((day.GUARDIAN, day.SECOND) if name == "Mia" else ()), born=born, session=two[0])
            for name, born in BORN.items()
        }
        photos = [shoot.photo(session=two[number % 2]).guid for number in range(PHOTOS)]
    return shoot, two, people, photos


limits = st.fixed_dictionaries(
    {
        "term": st.sampled_from(["months", "until", "until-withdrawn"]),
        "months": st.sampled_from([1, 3, 11, 12, 13, 24, 130]),
        "days": st.integers(0, 400),
        "territory": st.one_of(
            st.sampled_from(["EEA", "worldwide"]), st.lists(st.sampled_from(PLACES), min_size=1, unique=True)
        ),
        "named": st.lists(st.sampled_from(AGENCIES), min_size=1, max_size=3, unique=True),
    }
)
usually = st.one_of(
    limits,
    st.just({"term": "months", "months": 24, "days": 0, "territory": "worldwide", "named": AGENCIES}),
    st.just({"term": "until-withdrawn", "months": 1, "days": 0, "territory": "EEA", "named": AGENCIES}),
)
asked = st.fixed_dictionaries(
    {
        "did": st.just("asked"),
        "who": st.sampled_from(list(BORN)),
        "session": st.sampled_from([0, 0, 1]),
        "yes": st.dictionaries(st.sampled_from(USES), usually, max_size=len(USES)),
        "taken_by": st.sampled_from(["Kim", "Sam"]),
        "agreed": st.sampled_from([[], ["US"]]),
        "struck": st.sampled_from([None, [], [], [0], [1], [3], [0, 3], [2]]),
    }
)
checked = st.fixed_dictionaries(
    {
        "did": st.just("checked"),
        "who": st.sampled_from(list(BORN)),
        "by": st.sampled_from(["Robin", "Robin", "Sam", "Kim"]),
    }
)
given_to = st.fixed_dictionaries(
    {
        "did": st.just("given"),
        "photo": st.integers(0, PHOTOS - 1),
        "who": st.lists(st.sampled_from(list(BORN)), unique=True, max_size=3),
    }
)
waited = st.fixed_dictionaries({"did": st.just("waited"), "days": st.sampled_from([0, 1, 29, 31, 365, 366])})
culled = st.fixed_dictionaries(
    {
        "did": st.just("culled"),
        "photo": st.integers(0, PHOTOS - 1),
        "how": st.sampled_from(["pick", "reject", "reject", "clear", "hide", "unhide"]),
    }
)
doubted = st.fixed_dictionaries(
    {"did": st.just("doubted"), "photo": st.integers(0, PHOTOS - 1), "still": st.booleans()}
)
lives = st.lists(
    st.one_of(asked, asked, checked, checked, given_to, waited, culled, doubted), min_size=4, max_size=12
)
wishes = st.fixed_dictionaries(
    {
        "to": st.sampled_from([*AGENCIES, "Gotham", "Gotham"]),
        "uses": st.lists(st.sampled_from(USES), min_size=1, max_size=2, unique=True),
        "place": st.sampled_from(PLACES),
        "cover": st.sampled_from([None, "DPF", "SCC", "consent-49-1-a", "consent-49-1-a"]),
        "session": st.sampled_from([0, 1]),
    }
)


class Life:
    """One history, lived in the program and written into a diary at the same time."""

    def __init__(self, stage: Any, folder: Path) -> None:
        shoot, self.sessions, self.people, self.guids = stage
        shutil.copytree(shoot.folder, folder)
        self.clock = day.Hand()
        self.studio = founding.open_studio(folder, day.PASSPHRASE, clock=self.clock)
        self.shoot = day.Shoot(
            self.studio, self.clock, folder, folder, shoot.agencies, self.sessions[0], shoot.decoders, shoot.picture
        )
        self.diary: list[dict[str, Any]] = []
        self.photos = [{"guid": guid, "people": [], "session": at % 2} for at, guid in enumerate(self.guids)]
        # A beginning in which something may leave, so that few of the lives are about nothing at all.
        for number, name in enumerate(BORN):
            self.given(number, [name])
            yes = dict.fromkeys(USES, EVERYBODY)
            self.asked(who=name, session=0, yes=yes, taken_by="Kim", agreed=["US"], struck=None)
        self.given(3, ["Ada", "Ben"])

    @property
    def today(self) -> dt.date:
        return self.clock.at.date()

    def waited(self, days: int) -> None:
        self.clock.on(days=days)

    def given(self, photo: int, who: list[str]) -> None:
        # Past the verb, which takes only people of the photo's session: older archives hold others too.
        archive, guid = self.studio.archive, self.guids[photo]
        people = tuple(SubjectId(self.people[each].id) for each in who)
        original = archive.files.reseal(archive.photos.original(guid), people or None)
        with archive.transaction(self.studio.now()) as writing:
            archive.photos.rebind(writing, guid, people, original)
        self.photos[photo]["people"] = who

    def asked(
        self, who: str, session: int, yes: dict[str, Any], taken_by: str, agreed: list[str], struck: list[int] | None
    ) -> None:
        """``struck`` are the photos struck out, None when none were shown; all that are the person's are shown then."""
        archive, out = self.studio.archive.photos, [self.guids[each] for each in struck or ()]
        shown = [] if struck is None else list(archive.of_subject(self.people[who].id))
        born = BORN[who]
        minor = born is not None and self.today < slow.birthday(born, 18)
        offered = (USES, FEW)[session]
        allowed = {use: each for use, each in yes.items() if use in offered and not (minor and use in NOT_FOR_MINORS)}
        choices, written = [], {}
        for use, each in allowed.items():
            named = [self.shoot.agencies[name] for name in each["named"]]
            until = self.today + dt.timedelta(days=each["days"]) if each["term"] == "until" else None
            months = each["months"] if each["term"] == "months" else None
            where = each["territory"]
            kind = TerritoryKind(where) if isinstance(where, str) else TerritoryKind.LISTED
            territory = Territory(kind, frozenset() if isinstance(where, str) else frozenset(map(Country, where)))
            term = Term(TermKind(each["term"]), months, until)
            choices.append(day.said_yes(use, *named, term=term, where=territory))
            written[use] = {
                "term": each["term"], "months": months, "until": until, "territory": where,
                "recipients": [one.id for one in named],
            }  # fmt: skip
        self.shoot.ask(
            self.people[who],
            *choices,
            session=self.sessions[session],
            by=taken_by,
            signed_by=(Role.GUARDIAN, Role.SUBJECT),
            shown=shown,
            vetoed=[archive.get(each) for each in out],
            modifiers=Modifiers(cross_border=frozenset(map(Country, agreed))),
        )
        self.diary.append(
            {"did": "asked", "who": who, "on": self.today, "session": offered, "yes": written, "born": born,
             "taken_by": taken_by, "agreed": agreed, "shown": [each.guid for each in shown], "struck": out}
        )  # fmt: skip

    def checked(self, who: str, by: str) -> None:
        taken_by = next(
            each["taken_by"] for each in reversed(self.diary) if each.get("yes") is not None and each["who"] == who
        )
        try:
            self.shoot.check(self.people[who], by)
        except Refused:
            assert by == "Kim" or by == taken_by, "somebody who may check was turned away"
            return
        assert by != "Kim" and by != taken_by, "somebody who may not check was let through"
        self.diary.append({"did": "checked", "who": who, "on": self.today, "by": by})

    def culled(self, photo: int, how: str) -> None:
        guid, kim = self.guids[photo], self.shoot.staff["Kim"].id
        if how in ("hide", "unhide"):
            (hide_photos if how == "hide" else unhide_photos)(self.studio, [guid], kim)
        else:
            mark_photos(self.studio, [guid], {"pick": Pick.PICK, "reject": Pick.REJECT, "clear": Pick.NONE}[how], kim)
        self.diary.append({"did": "culled", "guid": guid, "how": how})

    def doubted(self, photo: int, still: bool) -> None:
        archive, guid = self.studio.archive, self.guids[photo]
        with archive.transaction(self.studio.now()) as writing:
            archive.photos.put(writing, replace(archive.photos.get(guid), flagged=still))
        self.diary.append({"did": "doubted", "guid": guid, "still": still})

    def compare(self, wish: dict[str, Any]) -> None:
        to = self.shoot.agencies[wish["to"]]
        since = self.today - dt.timedelta(days=10)
        cover = Cover(Mechanism(wish["cover"]), since) if wish["cover"] else None
        preview = self.shoot.preview(
            wish["to"], *wish["uses"], place=wish["place"], cover=cover, session=self.sessions[wish["session"]]
        )
        asked = {
            "recipient": to.id, "country": to.country, "place": wish["place"], "uses": wish["uses"],
            "cover": {"kind": wish["cover"], "on": since} if wish["cover"] else None,
        }  # fmt: skip
        mine = [each for each in self.photos if each["session"] == wish["session"]]
        expected = {each["guid"] for each in mine if slow.leaves(self.diary, each, asked, self.today)}
        assert set(preview.cleared) == expected, (wish, self.diary)
        assert {each.photo for each in preview.held} == {each["guid"] for each in mine} - expected
        kept = {each["guid"]: slow.kept_by_photographer(self.diary, each["guid"]) for each in mine}
        hidden = {guid for guid, how in kept.items() if how == "hidden"}
        assert {each.photo for each in preview.held if each.hold is ReasonToStay.HIDDEN} == hidden
        out = {each["guid"] for each in mine if each["people"] and slow.struck_out(self.diary, each["guid"])} - hidden
        told = {each["guid"] for each in mine if each["people"]} - hidden - out
        rejected = {guid for guid in told if kept[guid]}
        assert {each.photo for each in preview.held if each.hold is ReasonToStay.REJECTED} == rejected
        doubt = {guid for guid in told - rejected if slow.in_doubt(self.diary, guid)}
        assert {each.photo for each in preview.held if each.hold is ReasonToStay.CHECK} == doubt
        assert {each.photo for each in preview.held if each.hold is ReasonToStay.VETO} == out
        assert {each.hold for each in preview.held if each.photo in out} <= {ReasonToStay.VETO}
        unstruck = [{**each, "struck": [], "shown": []} if each["did"] == "asked" else each for each in self.diary]
        COUNTED["struck"] += sum(slow.leaves(unstruck, each, asked, self.today) for each in mine if each["guid"] in out)
        COUNTED["in"] += len(expected)
        COUNTED["out"] += len(mine) - len(expected)


EASY = {"to": "Gotham", "uses": ["use.directory"], "place": "DE", "cover": "consent-49-1-a"}
"""What everybody allows at the beginning, as long as they agree to the border; asked after every step."""
COUNTED = {"in": 0, "out": 0, "struck": 0}
"""Photos that left, that stayed, and that stayed for no other reason than that somebody struck them out."""
_folders = itertools.count()


EVERYBODY = {"term": "months", "months": 24, "days": 0, "territory": "worldwide", "named": AGENCIES}
STRUCK = {"did": "asked", "who": "Ada", "session": 0, "yes": dict.fromkeys(USES, EVERYBODY), "taken_by": "Kim",
          "agreed": ["US"], "struck": [0]}  # fmt: skip
"""Ada says yes to everything once more and strikes out the photo that shows her alone: no sample is without it."""


@settings(max_examples=examples(12, 100), suppress_health_check=[HealthCheck.too_slow])
@example(life=[STRUCK, {"did": "waited", "days": 1}, STRUCK], asks=[EASY | {"session": 0}])
@given(life=lives, asks=st.lists(wishes, min_size=6, max_size=6))
def one_life(stage: Any, root: Path, life: list[dict[str, Any]], asks: list[dict[str, Any]]) -> None:
    folder = root / str(next(_folders))
    lived = Life(stage, folder)
    try:
        for number, entry in enumerate(life):
            for session in (0, 1):
                lived.compare(EASY | {"session": session})
            getattr(lived, entry["did"])(**{name: value for name, value in entry.items() if name != "did"})
            lived.compare(asks[number % len(asks)])
        for wish in (*asks, EASY | {"session": 0}, EASY | {"session": 1}):
            lived.compare(wish)
    finally:
        lived.studio.archive.close()
        shutil.rmtree(folder)


def test_exactly_what_the_second_opinion_allows_leaves(stage: Any, tmp_path: Path) -> None:
    COUNTED.update(dict.fromkeys(COUNTED, 0))
    one_life(stage, tmp_path)
    # A property about empty sets would prove nothing.
    assert COUNTED["in"] > 100 and COUNTED["out"] > 100 and COUNTED["struck"] > examples(2, 10), COUNTED


@pytest.mark.parametrize("who", BORN)
def test_the_beginning_of_every_life_lets_something_leave(stage: Any, tmp_path: Path, who: str) -> None:
    lived = Life(stage, tmp_path / "studio")
    try:
        for uses in (["use.portfolio"], ["ai.retouch"], ["use.stock", "ai.train-generative"]):
            lived.compare({"to": "Prenzel", "uses": uses, "place": "DE", "cover": None, "session": 0})
        lived.checked(who, "Robin")
        preview = lived.shoot.preview("Prenzel", "ai.retouch", session=lived.sessions[list(BORN).index(who) % 2])
        assert preview.cleared
    finally:
        lived.studio.archive.close()

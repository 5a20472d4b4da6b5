"""A studio, an agency that takes what it is sent in any order, and random acts of people who change their minds."""

from __future__ import annotations

import contextlib
import datetime as dt
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from safelight.agency import founding as agencies
from safelight.agency.applying import take_notices
from safelight.agency.imports import import_bundle
from safelight.agency.incoming_notices import SignedNotice
from safelight.agency.open_agency import OpenAgency
from safelight.agency.published import refresh_published
from safelight.agency.trust import trust_studio
from safelight.domain.choice import Choice
from safelight.domain.errors import Refused
from safelight.domain.ids import PhotoGuid, ScopeId
from safelight.domain.people import Role, Subject
from safelight.domain.photo import Photo
from safelight.domain.term import Term, TermKind
from safelight.domain.withdrawal import Channel, Withdrawal
from safelight.keys.passphrases import FLOOR_COST
from safelight.studio.erasing import erase
from safelight.studio.exports import NothingLeaves, export_bundle
from safelight.studio.founding import studio_card
from safelight.studio.nightly import nightly
from safelight.studio.publishing import publish
from safelight.studio.restoring import restore_studio
from safelight.studio.upkeep import back_up_studio
from safelight.studio.withdrawing import withdraw
from support.rights_book import Book, Left
from support.shoot import Shoot, said_yes

TO, OTHER, PLACE = "Lumiere", "Prenzel", "FR"
USES = ("use.portfolio", "use.directory")
WORDS = "a passphrase of theirs"


def agency_of(shoot: Shoot, folder: Path) -> OpenAgency:
    """The agency whose card the studio knows, trusting the studio."""
    own = shoot.agencies[TO]
    wanted = agencies.Founding(own.name, own.country, own.recipient.contact)
    made = agencies.found_agency(folder, wanted, WORDS, clock=shoot.clock, cost=FLOOR_COST, identity=own.identity)
    trust_studio(made, studio_card(shoot.studio))
    return made


class Life:
    """One history: a session of its own, two or three people, three photos; ``dice`` decides what happens."""

    def __init__(self, dice: random.Random, shoot: Shoot, agency: OpenAgency, place: Path) -> None:
        self.dice, self.shoot, self.agency, self.place = dice, shoot, agency, place
        self.place.mkdir()
        self.published = place / "published"
        self.book, self.left = Book(), dict[Path, Left]()
        self.told: list[str] = []
        self.restored = False
        self.session = shoot.new_session(*USES)
        names = ("Ada Falk", "Ben Ode", "Cleo Lind")[: dice.choice((2, 2, 3))]
        self.people = [shoot.person(each, session=self.session) for each in names]
        for person in self.people:
            self.book.came(person.id)
        self.photos: list[Photo] = []
        for people in (self.people[:1], self.people[1:2], self.people):
            photo = shoot.photo(*people, session=self.session)
            self.photos.append(photo)
            self.book.taken(photo.guid, *(each.id for each in people))

    # What people of the studio do -------------------------------------------------------------------------------

    def live(self, acts: int) -> None:
        self.begin_anew()
        known: list[tuple[Callable[[], None], int]] = [
            (self.sign_again, 3), (self.take_back, 3), (self.strike_out, 2), (self.pass_time, 2), (self.erase, 1),
            (self.export, 3), (self.publish, 2), (self.look, 2), (self.apply_notices, 2), (self.take_in, 2),
        ]  # fmt: skip
        for _ in range(acts):
            self.shoot.clock.on(minutes=1)
            (act,) = self.dice.choices([each for each, _ in known], [weight for _, weight in known])
            self.told.append(act.__name__)
            act()

    def begin_anew(self) -> None:
        """Everybody who is still here signs, most say yes, and a bundle leaves."""
        self.shoot.clock.on(minutes=1)
        for person in self.here:
            self.sign(person, likely=0.95)
        self.export(frozenset(USES[:1]))

    @property
    def here(self) -> list[Subject]:
        """Who was not erased."""
        return [each for each in self.people if each.id not in self.book.erased]

    def today(self) -> dt.date:
        return self.shoot.clock.at.date()

    def sign_again(self) -> None:
        if self.here:
            self.sign(self.dice.choice(self.here))

    def sign(self, person: Subject, likely: float = 0.6) -> None:
        """Answers to both uses, perhaps with photos before their eyes."""
        answers = []
        for use in USES:
            months = self.dice.choice((3, 6, 12)) if self.dice.random() < likely else None
            to = self.dice.choice((TO,) * 9 + (OTHER,))
            self.book.signed(person.id, use, months, self.today(), to == TO)
            term = Term(TermKind.MONTHS, months=months or 1)
            yes = months is not None
            answers.append(said_yes(use, self.shoot.agencies[to], term=term) if yes else Choice(ScopeId(use)))
        mine = [each for each in self.photos if each.guid in self.book.photos_of(person.id)]
        shown = mine if self.dice.random() < 0.5 else []
        vetoed = [each for each in shown if self.dice.random() < 0.15]
        for each in shown:
            (set.add if each in vetoed else set.discard)(self.book.struck[each.guid], person.id)
        self.shoot.ask(person, *answers, session=self.session, shown=shown, vetoed=vetoed, rest_is_no=False)
        self.shoot.check(person)

    def take_back(self) -> None:
        if not self.here:
            return
        person = self.dice.choice(self.here)
        uses = self.dice.choice((None, frozenset({ScopeId(self.dice.choice(USES))})))
        role = self.dice.choice((Role.SUBJECT, Role.GUARDIAN))
        withdraw(self.shoot.studio, Withdrawal(person.id, role, Channel.MAIL, uses))
        self.book.took_back(person.id, None if uses is None else set(uses))

    def strike_out(self) -> None:
        choice = [(person, guid) for person in self.here for guid in self.book.photos_of(person.id)]
        if choice:
            person, guid = self.dice.choice(choice)
            withdraw(
                self.shoot.studio, Withdrawal(person.id, Role.SUBJECT, Channel.IN_PERSON, photo=PhotoGuid(guid))
            )
            self.book.struck[guid].add(person.id)

    def pass_time(self) -> None:
        self.shoot.clock.on(days=self.dice.choice((1, 20, 100, 200)))
        done, _ = nightly(self.shoot.studio)
        for each in done.erased:
            if each in self.book.said:
                self.book.gone(each)

    def erase(self) -> None:
        if len(self.here) > 1:
            person = self.dice.choice(self.here)
            erase(self.shoot.studio, [person.id])
            self.book.gone(person.id)

    def export(self, uses: frozenset[str] | None = None) -> None:
        """A bundle of exactly what the book lets go."""
        uses = uses or frozenset(self.dice.sample(USES, self.dice.choice((1, 1, 2))))
        bundle = self.place / f"{len(self.left)}.age"
        may = self.book.leaving(uses, self.today())
        try:
            done, _ = export_bundle(self.shoot.studio, self.session, self.shoot.wish(TO, *sorted(uses)), bundle)
        except NothingLeaves:
            assert may == {}, f"{len(may)} photos could leave"
            return
        assert {each.guid for each in done.bundle.manifest.photos} == set(may)
        self.left[bundle] = Left(uses, may)

    def publish(self) -> None:
        publish(self.shoot.studio, self.published)

    def go_back(self) -> None:
        """An older backup is restored: what was taken back after it is forgotten here, what was erased is not."""
        backup = self.place / "drive" / "backup"
        backup.parent.mkdir()
        back_up_studio(self.shoot.studio, backup)
        before = self.book.copy()
        for act in self.dice.sample((self.take_back, self.strike_out, self.erase, self.publish, self.apply_notices), 3):
            self.shoot.clock.on(minutes=1)
            act()
        self.shoot.studio.archive.close()
        restore_studio(backup, self.shoot.folder, keep_keys=True)
        shutil.rmtree(self.shoot.folder.with_name(f"{self.shoot.folder.name}.before-restore"))
        self.shoot.reopen()
        for each in self.book.erased - before.erased:
            before.gone(each)
        self.book, self.restored = before, True

    # What happens on the way, and at the agency -----------------------------------------------------------------

    def look(self) -> None:
        """The agency looks at the folder, of which a piece may be lost on the way, or an older copy."""
        if not self.published.exists():
            return
        copy = self.place / "copy"
        if not copy.exists() or self.dice.random() < 0.6:
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(self.published, copy)
        pieces = [each for each in copy.rglob("*") if each.is_file() and not each.name.startswith("feed.")]
        for each in pieces:
            if self.dice.random() < 0.2:
                each.unlink()
        refresh_published(self.agency, copy, delete=self.dice.random() < 0.3)

    def apply_notices(self) -> None:
        """Some of the notices come by mail, in any order, perhaps again."""
        sent = list(self.shoot.studio.archive.outgoing_notices.of(self.shoot.agencies[TO].id))
        some = self.dice.sample(sent, self.dice.randint(0, len(sent)))
        for each in some:
            with contextlib.suppress(Refused) if self.restored else contextlib.nullcontext():
                signed = SignedNotice(each.text.encode(), each.signature)
                take_notices(self.agency, [signed], delete=self.dice.random() < 0.3)

    def take_in(self) -> None:
        """Some of the bundles, in any order, perhaps again."""
        for each in self.dice.sample(list(self.left), self.dice.randint(0, len(self.left))):
            self.import_(each)

    def import_(self, bundle: Path) -> None:
        with contextlib.suppress(Refused) if self.restored else contextlib.nullcontext():
            import_bundle(self.agency, bundle)

    def all_arrives(self) -> tuple[str, ...]:
        """Everything that was published or sent, in some order; returns what the agency found wrong in the end."""
        self.shoot.clock.on(minutes=1)
        self.publish()
        steps: list[Any] = [*self.left, self.published, self.look, self.apply_notices]
        self.dice.shuffle(steps)
        for each in steps:
            if callable(each):
                each()
            elif each == self.published:
                refresh_published(self.agency, each)
            else:
                self.import_(each)
        return refresh_published(self.agency, self.published)[0].faults

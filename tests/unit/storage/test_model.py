"""Any order of adding, binding, signing, erasing and reopening leaves the repositories as a plain model says."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, rule

from safelight.domain.ids import PhotoGuid, SubjectId
from support import studio_maker as maker


class Shelves(RuleBasedStateMachine):
    """The archive beside dictionaries."""

    people = Bundle("people")
    photos = Bundle("photos")

    @initialize()
    def found(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="safelight-model-"))
        self.made = maker.Made(self.home / "studio").create()
        self.shoot = self.made.session()
        self.subjects: dict[str, str] = {}
        self.bound: dict[str, tuple[tuple[str, ...], bytes]] = {}
        self.receipts: dict[str, str] = {}

    def teardown(self) -> None:
        if hasattr(self, "made"):
            archive = self.made.archive
            assert {line.id: line.name for line in archive.subjects.names()} == self.subjects
            assert [each.guid for each in archive.photos.of_session(self.shoot.id)] == list(self.bound)
            for guid, (owners, content) in self.bound.items():
                assert archive.photos.get(PhotoGuid(guid)).subjects == owners
                assert archive.files.read_bytes(archive.photos.original(PhotoGuid(guid))) == content
            assert dict(archive.consents.receipt_ids()) == self.receipts
            report = archive.check(signers=(maker.SIGNER.public_ssh,))
            assert report.problems == () and not any(report.tidied.values()), report
            assert len(list(archive.files.on_disk())) == len(self.bound) + len(self.receipts)
            archive.close()
            shutil.rmtree(self.home)

    @rule(target=people, name=st.text(min_size=1, max_size=30).filter(str.isprintable))
    def add_person(self, name: str) -> SubjectId:
        person = self.made.subject(self.shoot, name)
        self.subjects[person.id] = name
        return person.id

    @rule(target=photos, owners=st.lists(people, max_size=3, unique=True), content=st.binary(max_size=300))
    def add_photo(self, owners: list[SubjectId], content: bytes) -> str:
        there = [owner for owner in owners if owner in self.subjects]
        taken = self.made.photo(self.shoot, [self.made.archive.subjects.get(owner) for owner in there], content)
        self.bound[taken.guid] = (tuple(there), content)
        return str(taken.guid)

    @rule(guid=photos, owners=st.lists(people, max_size=2, unique=True))
    def rebind(self, guid: str, owners: list[SubjectId]) -> None:
        if guid not in self.bound:
            return
        there = tuple(owner for owner in owners if owner in self.subjects)
        archive = self.made.archive
        sealed = archive.files.reseal(archive.photos.original(PhotoGuid(guid)), there or None)
        with archive.transaction(self.made.now) as t:
            archive.photos.rebind(t, PhotoGuid(guid), there, sealed)
        self.bound[guid] = (there, self.bound[guid][1])

    @rule(person=people)
    def sign(self, person: SubjectId) -> None:
        if person in self.subjects:
            signed = self.made.signed(self.made.archive.subjects.get(person), self.shoot)
            self.receipts[signed.receipt.id] = person

    @rule(person=consumes(people))
    def erase(self, person: SubjectId) -> None:
        if person not in self.subjects:
            return
        with self.made.archive.transaction(self.made.now) as t:
            self.made.archive.erase(t, person, portrait=True, evidence=True)
        del self.subjects[person]
        self.bound = {guid: each for guid, each in self.bound.items() if person not in each[0]}
        self.receipts = {id: owner for id, owner in self.receipts.items() if owner != person}

    @rule()
    def reopen(self) -> None:
        self.made.archive.close()
        self.made.open()


TestShelves = Shelves.TestCase
TestShelves.settings = settings(
    max_examples=3, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
)

"""SigningContext bundles in: who may send one, what is kept, and that it is everything or nothing."""

from __future__ import annotations

import io
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest

from safelight.agency import imports
from safelight.agency.founding import Founding, agency_card, found_agency, open_agency
from safelight.agency.imports import import_bundle
from safelight.agency.open_agency import OpenAgency
from safelight.agency.questions import may
from safelight.agency.trust import trust_studio
from safelight.bundle import reader
from safelight.bundle.ustar import END, header, padding
from safelight.documents.identity_cards import read_card
from safelight.domain.changes import Changes
from safelight.domain.errors import Cancelled, CannotOpen, DeviceFailure, Malformed, Refused
from safelight.domain.term import Territory, TerritoryKind
from safelight.domain.usage import Blocker
from safelight.keys.signing import fingerprint_words, sign_once
from safelight.storage.catalogue import PhotoCatalogue
from support import deliveries

USE, OTHER = "use.directory", "use.social"
PASSPHRASE = "four unrelated words here"


def rows(agency: OpenAgency) -> dict[str, int]:
    counts = agency.catalogue.check().counts
    return {name: counts[name] for name in ("bundle", "photo", "record", "file", "status", "journal_entry")}


def sealed_files(agency: OpenAgency) -> list[Path]:
    return sorted(agency.catalogue.folder.files.rglob("*.age"))


def sound(agency: OpenAgency) -> bool:
    report = agency.catalogue.check(signers=[agency.signer.public_ssh])
    assert report.problems == ()
    return not any(report.tidied.values())


def test_a_bundle_comes_in_whole_and_sealed(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path) -> None:
    one, two = shot(), shot()
    first, second = studio.receipt([USE]), studio.receipt([USE])
    studio.deliver(tmp_path / "b.age", 1, [(one, [first]), (two, [second])], [USE])
    acknowledged: list[str] = []
    done, changes = import_bundle(agency, tmp_path / "b.age", lambda *_: acknowledged.append("."))
    assert (done.photos, done.new_photos, done.records, done.already) == (2, 2, 2, False)
    assert done.warnings == () and done.studio == studio.identity.name
    assert changes == Changes.BUNDLES | Changes.PHOTOS | Changes.JOURNAL and acknowledged
    kept = agency.catalogue.received.photos([one.guid])[one.guid]
    assert agency.catalogue.files.read_bytes(kept.file) == one.data
    assert sound(agency)
    everything = b"".join(each.read_bytes() for each in agency.catalogue.folder.path.rglob("*") if each.is_file())
    for secret in (one.data[200:260], studio.identity.name.encode(), first.subject.encode(), b"JFIF", b"odrl"):
        assert secret not in everything


def test_the_signed_originals_are_kept_and_stock_tools_read_them(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path, stock_tool: Callable[[str], str]
) -> None:
    written = studio.deliver(tmp_path / "b.age", 1, [(shot(), [studio.receipt([USE])])], [USE])
    import_bundle(agency, tmp_path / "b.age")
    front = agency.catalogue.files.read_bytes(agency.catalogue.received.front(written.manifest.id))
    (tmp_path / "front.tar").write_bytes(front)
    (tmp_path / "opened").mkdir()
    subprocess.run([stock_tool("tar"), "xf", tmp_path / "front.tar", "-C", tmp_path / "opened"], check=True)
    (tmp_path / "signers").write_text(f"studio {studio.key.public_ssh}\n")
    with (tmp_path / "opened" / "manifest.json").open("rb") as manifest:
        subprocess.run(
            [stock_tool("ssh-keygen"), "-Y", "verify", "-f", tmp_path / "signers", "-I", "studio",
             "-n", "safelight-bundle", "-s", tmp_path / "opened" / "manifest.json.sig"],
            stdin=manifest, check=True, capture_output=True,
        )  # fmt: skip


def test_the_same_bundle_twice_changes_nothing(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path) -> None:
    studio.deliver(tmp_path / "b.age", 1, [(shot(), [studio.receipt([USE])])], [USE])
    import_bundle(agency, tmp_path / "b.age")
    before, files = rows(agency), sealed_files(agency)
    content = agency.catalogue.folder.database.read_bytes()
    done, changes = import_bundle(agency, tmp_path / "b.age")
    assert done.already and done.new_photos == 0 and changes is Changes.NONE
    assert (rows(agency), sealed_files(agency)) == (before, files)
    assert agency.catalogue.folder.database.read_bytes() == content


def test_a_studio_nobody_trusts_is_refused_with_its_six_words(
    agency: OpenAgency, new_studio: Any, shot: Any, tmp_path: Path
) -> None:
    stranger = new_studio("Stranger", trusted=False)
    stranger.deliver(tmp_path / "b.age", 1, [(shot(), [stranger.receipt([USE])])], [USE])
    with pytest.raises(Refused) as refused:
        import_bundle(agency, tmp_path / "b.age")
    assert " ".join(fingerprint_words(stranger.key.public_ssh)) in refused.value.title
    assert "agency trust" in refused.value.hint
    assert sealed_files(agency) == [] and rows(agency)["bundle"] == 0


def test_a_bundle_under_a_trusted_name_but_another_key_is_refused(
    agency: OpenAgency, new_studio: Any, shot: Any, tmp_path: Path
) -> None:
    real, impostor = new_studio(), new_studio("Impostor", trusted=False)
    impostor.identity = real.identity
    impostor.deliver(tmp_path / "b.age", 1, [(shot(), [impostor.receipt([USE])])], [USE])
    with pytest.raises(Refused, match="another key"):
        import_bundle(agency, tmp_path / "b.age")
    # The key of a studio that is trusted does not open the door for another one's name.
    impostor.identity = replace(real.identity, id=new_studio(trusted=False).identity.id)
    trust_studio(agency, impostor.card())
    impostor.identity = real.identity
    impostor.deliver(tmp_path / "c.age", 1, [(shot(), [impostor.receipt([USE])])], [USE])
    with pytest.raises(Refused, match=r"signed by another key .* trusted by"):
        import_bundle(agency, tmp_path / "c.age")
    assert rows(agency)["bundle"] == 0


def test_what_nobody_trusted_has_signed_is_not_even_parsed(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A manifest of megabytes of faults costs its hash and no more, whoever claims to have signed it."""
    hostile = b'{"photos":[' + b'{"sidecars":[0,0]},' * 200_000 + b"0]}"
    real = studio.key.sign(b"another manifest", "safelight-bundle").encode()
    stranger = studio.new_key().sign(hostile, "safelight-bundle").encode()
    parsed: list[int] = []
    monkeypatch.setattr(reader, "read_manifest", lambda untrusted: parsed.append(len(untrusted)))
    for signature in (real, stranger, b"no signature", b"\xff\xff"):
        front = [("manifest.json", hostile), ("manifest.json.sig", signature)]
        clear = b"".join(header(name, len(data), 0) + data + padding(len(data)) for name, data in front) + END
        path = tmp_path / f"{len(signature)}.age"
        path.write_bytes(pyrage.encrypt(clear, [pyrage.x25519.Recipient.from_str(agency.recipient)]))
        with pytest.raises((Refused, Malformed)):
            import_bundle(agency, path)
    assert parsed == [] and rows(agency)["bundle"] == 0


def test_a_damaged_copy_of_what_is_held_says_so(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path) -> None:
    shots = [(shot(data=_noise_jpeg(each)), [studio.receipt([USE])]) for each in range(2)]
    studio.deliver(tmp_path / "b.age", 1, shots, [USE])
    import_bundle(agency, tmp_path / "b.age")
    before, files = rows(agency), sealed_files(agency)
    data = (tmp_path / "b.age").read_bytes()
    for damaged in (data[:-70_000] + bytes([data[-70_000] ^ 1]) + data[-69_999:], data[:-10_000]):
        (tmp_path / "b.age").write_bytes(damaged)
        with pytest.raises(Malformed, match="This copy is damaged") as caught:
            import_bundle(agency, tmp_path / "b.age")
        assert "imported on 2026-11-02" in caught.value.hint and "is intact" in caught.value.hint
    assert (rows(agency), sealed_files(agency)) == (before, files)
    # What is said of what is held was looked at, not hoped.
    held = next(iter(agency.catalogue.received.photos([shots[0][0].guid]).values())).file
    sealed = next(path for id, path in agency.catalogue.files.on_disk() if id == held)
    sealed.write_bytes(sealed.read_bytes()[:-1] + b"x")
    with pytest.raises(Malformed) as caught:
        import_bundle(agency, tmp_path / "b.age")
    assert "is damaged as well" in caught.value.hint
    (tmp_path / "b.age").write_bytes(data)
    assert import_bundle(agency, tmp_path / "b.age")[0].already


def test_a_forwarded_bundle_says_whom_it_was_for(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path, other_founded: bytes
) -> None:
    # Another agency, for whom the bundle was made, encrypts it anew to this one: age alone would let it.
    studio.recipient = read_card(other_founded).as_recipient()
    photo, receipt = shot(), studio.receipt([USE])
    studio.deliver(tmp_path / "b.age", 1, [(photo, [receipt])], [USE], to=[agency.recipient])
    with pytest.raises(Refused, match="Beta Casting"):
        import_bundle(agency, tmp_path / "b.age")
    assert may(agency, photo.guid, USE, "FR")[0].decision.blocker is Blocker.NOBODY


def test_a_bundle_for_other_keys_does_not_open(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path, other_founded: bytes
) -> None:
    studio.recipient = read_card(other_founded).as_recipient()
    studio.deliver(tmp_path / "b.age", 1, [(shot(), [studio.receipt([USE])])], [USE])
    with pytest.raises(CannotOpen):
        import_bundle(agency, tmp_path / "b.age")


def test_a_damaged_bundle_leaves_nothing_behind(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path) -> None:
    """The damage lies behind the second photo, so the first was sealed already when it is found."""
    shots = [(shot(data=_noise_jpeg(each)), [studio.receipt([USE])]) for each in range(3)]
    studio.deliver(tmp_path / "b.age", 1, shots, [USE])
    before, database = rows(agency), agency.catalogue.folder.database.read_bytes()
    data = bytearray((tmp_path / "b.age").read_bytes())
    data[-70_000] ^= 1
    (tmp_path / "b.age").write_bytes(data)
    sealed: list[int] = []
    with pytest.raises(Malformed):
        import_bundle(agency, tmp_path / "b.age", lambda done, *_: sealed.append(done))
    assert max(sealed) > 0, "the damage was to be found late"
    assert sealed_files(agency) == [] and not agency.catalogue.folder.importing.exists()
    assert rows(agency) == before and agency.catalogue.folder.database.read_bytes() == database
    assert [each.owner for each in agency.catalogue.keys.names() if each.owner != agency.identity.id] == []


def _noise_jpeg(seed: int) -> bytes:
    import random

    from PIL import Image

    noise = Image.frombytes("RGB", (800, 800), random.Random(seed).randbytes(1_920_000))
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=90)
    return out.getvalue()


def test_a_stopped_import_leaves_nothing_behind_and_can_be_repeated(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path
) -> None:
    studio.deliver(tmp_path / "b.age", 1, [(shot(), [studio.receipt([USE])]) for _ in range(3)], [USE])

    def stop(done: int, total: int, what: str) -> None:
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        import_bundle(agency, tmp_path / "b.age", stop)
    assert sealed_files(agency) == []
    done, _ = import_bundle(agency, tmp_path / "b.age")
    assert done.new_photos == 3 and sound(agency)


def test_killed_in_the_middle_the_next_opening_clears_up(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path
) -> None:
    photo = shot()
    studio.deliver(tmp_path / "b.age", 1, [(shot(), [studio.receipt([USE])]), (photo, [studio.receipt([USE])])], [USE])
    agency.catalogue.close()
    program = (
        "import os, sys, time; from pathlib import Path; from datetime import datetime, UTC\n"
        "from safelight.agency.founding import open_agency; from safelight.agency.imports import import_bundle\n"
        "now = datetime(2026, 11, 2, 10, tzinfo=UTC)\n"
        "agency = open_agency(Path(sys.argv[1]), sys.argv[3], clock=lambda: now)\n"
        "def die(done, total, what):\n"
        "    while done and not list(agency.catalogue.folder.files.rglob('*.age')): time.sleep(0.01)\n"
        "    if done: os._exit(9)  # one picture is on the device\n"
        "import_bundle(agency, Path(sys.argv[2]), die)\n"
    )
    folder = agency.catalogue.folder
    killed = subprocess.run([sys.executable, "-c", program, folder.path, tmp_path / "b.age", PASSPHRASE], check=False)
    assert killed.returncode == 9 and folder.importing.exists() and sealed_files(agency)
    with open_agency(folder.path, PASSPHRASE, clock=agency.clock) as again:
        assert not folder.importing.exists() and sealed_files(again) == [] and sound(again)
        done, _ = import_bundle(again, tmp_path / "b.age")
        assert done.new_photos == 2 and may(again, photo.guid, USE, "FR")[0].decision.allowed and sound(again)


def test_a_photo_cannot_change_hands_or_picture(
    agency: OpenAgency, studio: Any, new_studio: Any, shot: Any, tmp_path: Path
) -> None:
    photo = shot()
    studio.deliver(tmp_path / "1.age", 1, [(photo, [studio.receipt([USE])])], [USE])
    import_bundle(agency, tmp_path / "1.age")
    other = new_studio("Other")
    other.deliver(tmp_path / "2.age", 1, [(photo, [other.receipt([USE, OTHER])])], [USE, OTHER])
    with pytest.raises(Refused, match="another studio"):
        import_bundle(agency, tmp_path / "2.age")
    swapped = deliveries.Shot(photo.people, shot().data, guid=photo.guid)
    studio.deliver(tmp_path / "3.age", 2, [(swapped, [studio.receipt([USE])])], [USE])
    with pytest.raises(Refused, match="another picture"):
        import_bundle(agency, tmp_path / "3.age")
    assert rows(agency)["bundle"] == 1 and sound(agency)


def test_a_receipt_made_anew_is_refused(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The studio alone cannot give a receipt again under another one-time key, or change what a record says."""
    photo, receipt = shot(), studio.receipt([USE])
    studio.deliver(tmp_path / "1.age", 1, [(photo, [receipt])], [USE])
    import_bundle(agency, tmp_path / "1.age")
    world = Territory(TerritoryKind.WORLDWIDE)
    wider = replace(receipt.records[0], grant=replace(receipt.records[0].grant, territory=world))
    studio.deliver(tmp_path / "2.age", 2, [(photo, [replace(receipt, records=(wider,))])], [USE])
    monkeypatch.setattr(deliveries, "_once", lambda statement: sign_once(statement).signature.encode())
    studio.deliver(tmp_path / "3.age", 3, [(photo, [receipt])], [USE])
    for number in "23":
        with pytest.raises(Refused, match="something else before"):
            import_bundle(agency, tmp_path / f"{number}.age")
    assert may(agency, photo.guid, USE, "US")[0].decision.blocker is Blocker.TERRITORY
    assert may(agency, photo.guid, USE, "FR")[0].decision.allowed


def test_two_bundles_under_one_id_are_refused(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path) -> None:
    first = studio.deliver(tmp_path / "1.age", 1, [(shot(), [studio.receipt([USE])])], [USE])
    studio.deliver(tmp_path / "2.age", 2, [(shot(), [studio.receipt([USE])])], [USE], id=first.manifest.id)
    import_bundle(agency, tmp_path / "1.age")
    with pytest.raises(Refused, match="same id"):
        import_bundle(agency, tmp_path / "2.age")


def test_a_gap_in_the_studios_count_is_told(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path) -> None:
    def told(sequence: int) -> str:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.age"
        studio.deliver(path, sequence, [(shot(), [studio.receipt([USE])])], [USE])
        return " ".join(import_bundle(agency, path)[0].warnings)

    assert "numbers 1 to 2 are not here yet: a withdrawal may be in them." in told(3)
    assert "two different bundles" in told(3)
    assert "number 2 is not here yet: a withdrawal may be in it." in told(1)
    assert "not here" not in told(2)
    assert "numbers 4 to 8 are not" in told(9) and "numbers 4 to 8, 10 are not" in told(11)
    # The highest number there is: nothing counts up to it.
    before = time.process_time()
    assert "numbers 4 to 8, 10, 12 to 9007199254740990 are not here" in told(2**53 - 1)
    assert time.process_time() - before < 20


def test_a_bundle_from_far_in_the_future_is_refused(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path, clock: Any
) -> None:
    """One studio with a wrong clock must not move the agency's time to where every yes is over."""
    studio.deliver(tmp_path / "b.age", 1, [(shot(), [studio.receipt([USE])])], [USE], at=clock.at + timedelta(days=400))
    with pytest.raises(Refused, match="has not come yet"):
        import_bundle(agency, tmp_path / "b.age")
    assert agency.now() == clock.at


def test_a_newer_bundle_replaces_the_file_and_an_older_one_does_not(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path
) -> None:
    photo, receipt = shot(), studio.receipt([USE])
    commented = [_with_comment(photo.data, b"v%d" % each) for each in (1, 2, 3)]
    versions = [deliveries.Shot(photo.people, each, guid=photo.guid) for each in commented]
    for number, each in enumerate(versions, 1):
        studio.deliver(tmp_path / f"{number}.age", number, [(each, [receipt])], [USE])
    for number, expected in ((2, 2), (1, 2), (3, 3)):
        import_bundle(agency, tmp_path / f"{number}.age")
        kept = agency.catalogue.received.photos([photo.guid])[photo.guid]
        assert agency.catalogue.files.read_bytes(kept.file) == versions[expected - 1].data
        fronts = len(agency.catalogue.received.bundles())
        assert len(sealed_files(agency)) == 1 + fronts and sound(agency)


def _with_comment(jpeg: bytes, text: bytes) -> bytes:
    """Another file with the same image data."""
    return jpeg[:2] + b"\xff\xfe" + (len(text) + 2).to_bytes(2, "big") + text + jpeg[2:]


def test_a_tampered_row_does_not_open_and_is_named(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path, clock: Any
) -> None:
    photo, receipt = shot(), studio.receipt([USE])
    studio.deliver(tmp_path / "1.age", 1, [(photo, [receipt])], [USE])
    import_bundle(agency, tmp_path / "1.age")
    agency.catalogue.close()
    folder = agency.catalogue.folder
    raw = folder.database.read_bytes()
    for table, name in (("record", "record"), ("photo", "photo"), ("status", "status")):
        with sqlite3.connect(folder.database) as connection:
            (sealed,) = connection.execute(f"SELECT sealed FROM {table}").fetchone()
            changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
            connection.execute(f"UPDATE {table} SET sealed = ?", (changed,))
        connection.close()
        with open_agency(folder.path, PASSPHRASE, clock=clock) as again:
            with pytest.raises(Malformed, match=name):
                may(again, photo.guid, USE, "FR")
            assert any(name in each for each in again.catalogue.check().problems)
        folder.database.write_bytes(raw)


def test_a_row_put_in_anothers_place_does_not_open(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path, clock: Any
) -> None:
    """What allows one photo, moved to a photo that is not allowed."""
    allowed, refused = shot(), shot()
    yes = studio.receipt([USE])
    gone = studio.receipt([USE])
    studio.end(gone, USE)
    studio.deliver(tmp_path / "1.age", 1, [(allowed, [yes]), (refused, [gone])], [USE])
    import_bundle(agency, tmp_path / "1.age")
    assert may(agency, allowed.guid, USE, "FR")[0].decision.allowed
    agency.catalogue.close()
    with sqlite3.connect(agency.catalogue.folder.database) as connection:
        (sealed,) = connection.execute("SELECT sealed FROM photo WHERE guid = ?", (allowed.guid,)).fetchone()
        connection.execute("UPDATE photo SET sealed = ? WHERE guid = ?", (sealed, refused.guid))
    connection.close()
    with open_agency(agency.catalogue.folder.path, PASSPHRASE, clock=clock) as again, pytest.raises(Malformed):
        may(again, refused.guid, USE, "FR")


def test_a_device_that_fails_late_leaves_nothing(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are made durable beside the sealing of the next: what fails there fails the import all the same."""
    shots = [(shot(), [studio.receipt([USE])]) for _ in range(3)]
    studio.deliver(tmp_path / "b.age", 1, shots, [USE])
    flushed: list[int] = []

    def flush(handle: int) -> None:
        flushed.append(handle)
        if len(flushed) == 3:  # the marker and one picture went well
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("safelight.keys.durable._flush_to_device", flush)
        with pytest.raises(DeviceFailure, match="disk is full"):
            import_bundle(agency, tmp_path / "b.age")
    assert sealed_files(agency) == [] and agency.catalogue.received.count() == 0
    assert not agency.catalogue.folder.importing.exists()
    assert import_bundle(agency, tmp_path / "b.age")[0].new_photos == 3


def test_another_program_asks_while_one_imports_but_imports_after_it(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks beside an import is told what was so before it; whoever asked before it, what is so afterwards."""
    monkeypatch.setattr("safelight.storage.vault._LONG_WORK", 0.05)
    taken = shot()
    studio.deliver(tmp_path / "1.age", 1, [(taken, [studio.receipt([USE])])], [USE])
    with open_agency(agency.catalogue.folder.path, PASSPHRASE, clock=agency.clock) as other:
        asked = []

        def ask(_done: int, _total: int, _what: str) -> None:
            asked.append(may(other, taken.guid, USE, "FR")[0].decision.allowed)
            with pytest.raises(CannotOpen, match="Another Safelight is taking a bundle in"):
                import_bundle(other, tmp_path / "1.age")

        import_bundle(agency, tmp_path / "1.age", ask)
        assert asked and not any(asked)
        assert may(other, taken.guid, USE, "FR")[0].decision.allowed
        assert import_bundle(other, tmp_path / "1.age")[0].already
    assert sound(agency)


def test_an_opening_beside_an_import_clears_nothing_away(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path
) -> None:
    studio.deliver(tmp_path / "1.age", 1, [(shot(), [studio.receipt([USE])])], [USE])

    def look(_done: int, _total: int, _what: str) -> None:
        assert agency.catalogue.folder.importing.exists()
        open_agency(agency.catalogue.folder.path, PASSPHRASE).catalogue.close()
        assert agency.catalogue.folder.importing.exists()

    assert import_bundle(agency, tmp_path / "1.age", look)[0].new_photos == 1
    assert sound(agency) and not agency.catalogue.folder.importing.exists()


def test_who_cannot_come_in_is_told_of_an_agency(agency: OpenAgency, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PhotoCatalogue, "lock_timeout", 0.05)
    with agency.catalogue.alone(), pytest.raises(CannotOpen, match="has this agency for itself"):
        open_agency(agency.catalogue.folder.path, PASSPHRASE)


def test_a_wrong_passphrase_and_a_missing_keyring_are_told(agency: OpenAgency, tmp_path: Path) -> None:
    folder = agency.catalogue.folder.path
    agency.catalogue.close()
    with pytest.raises(CannotOpen, match="does not open this agency"):
        open_agency(folder, "another passphrase")
    with pytest.raises(CannotOpen, match="no keyring"):
        open_agency(folder, None)
    with pytest.raises(CannotOpen, match="no agency"):
        open_agency(tmp_path / "nothing", PASSPHRASE)


def test_names_of_unfounded_agencies_are_asked_for(tmp_path: Path) -> None:
    from safelight.domain.errors import WrongUsage

    for wanted in (Founding("", "FR", "x"), Founding("A", "fr", "x"), Founding("A", "FR", " ")):
        with pytest.raises(WrongUsage):
            found_agency(tmp_path / "a", wanted, PASSPHRASE)
    assert not (tmp_path / "a").exists()


def test_the_card_is_signed_and_opens_what_is_sent_to_it(agency: OpenAgency) -> None:
    from safelight.documents.identity_cards import CardKind
    from safelight.keys.cards import check_card

    card = check_card(agency_card(agency), CardKind.AGENCY)
    assert card.recipient == agency.recipient and card.name == agency.identity.name
    with pytest.raises(Exception, match="card of an agency"):
        trust_studio(agency, agency_card(agency))


def test_a_file_that_is_exchanged_while_it_is_read_is_not_taken_in(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By another bundle of the same studio, whole in itself: what was decided about is what comes in."""
    path, other = tmp_path / "b.age", tmp_path / "other.age"
    studio.deliver(path, 1, [(shot(), [studio.receipt([USE])])], [USE])
    studio.deliver(other, 2, [(shot(), [studio.receipt([USE])])], [USE])
    before = rows(agency)

    def looked_at(*given: Any) -> Any:
        opened = reader.read_metadata(*given)
        path.write_bytes(other.read_bytes())
        return opened

    monkeypatch.setattr(imports, "read_metadata", looked_at)
    with pytest.raises(Refused, match="exchanged while it was read"):
        import_bundle(agency, path)
    assert rows(agency) == before and sealed_files(agency) == []


def test_a_photo_that_is_withheld_during_an_import_stays_withheld(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path
) -> None:
    taken, receipt = shot(), studio.receipt([USE])
    studio.deliver(tmp_path / "1.age", 1, [(taken, [receipt])], [USE])
    import_bundle(agency, tmp_path / "1.age")
    studio.deliver(tmp_path / "2.age", 2, [(taken, [receipt])], [USE])
    with open_agency(agency.catalogue.folder.path, PASSPHRASE, clock=agency.clock) as other:

        def withhold(done: int, _total: int, _what: str) -> None:
            if done:
                with other.catalogue.transaction(other.now()) as writing:
                    other.catalogue.received.withhold(writing, [taken.guid])

        import_bundle(agency, tmp_path / "2.age", withhold)
        assert not may(other, taken.guid, USE, "FR")[0].decision.allowed
    assert agency.catalogue.received.photos([taken.guid])[taken.guid].withheld
    assert not may(agency, taken.guid, USE, "FR")[0].decision.allowed

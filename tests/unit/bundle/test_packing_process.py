"""A bundle packed in a process of its own is the bundle packed here, and whatever ends the process leaves nothing."""

from __future__ import annotations

import hashlib
import io
import logging
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pyrage
import pytest
from PIL import Image

from safelight.bundle import packing_process
from safelight.bundle.originals import OriginalsPlan, pack_here
from safelight.bundle.packing_messages import error_bytes, read_error
from safelight.bundle.packing_process import PackingFault, PackingProcess
from safelight.bundle.plan import Unprepared
from safelight.domain.errors import (
    Cancelled,
    CannotOpen,
    DeviceFailure,
    Malformed,
    Refused,
    SafelightError,
    WrongUsage,
)
from safelight.domain.ids import PhotoGuid
from safelight.keys.messages import Nonsense, send
from safelight.keys.process import start_helper
from safelight.keys.sealed_file import SealedFile
from support import bundle_originals as originals
from support import bundle_parts as parts
from support import hostile_bundles as hostile

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
posix = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")


@pytest.fixture(scope="module")
def large() -> bytes:
    """A JPEG of some megabytes."""
    noise = numpy.random.default_rng(1).integers(0, 256, (1500, 1200, 3), dtype=numpy.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, "JPEG", quality=97)
    return out.getvalue()


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """The folder of an archive's sealed files."""
    folder = tmp_path / "kept"
    folder.mkdir()
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The folder bundles go to."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def plan(kept: Path, portrait: bytes) -> OriginalsPlan:
    return originals.originals_plan(kept, [each.bytes() for each in parts.distinct(portrait, 3)])


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The processes that were started; none may live in the end."""
    seen: list[subprocess.Popen[bytes]] = []

    def noted(command: Any) -> subprocess.Popen[bytes]:
        seen.append(start_helper(command))
        return seen[-1]

    monkeypatch.setattr(packing_process, "start_helper", noted)
    yield seen
    assert [each.poll() for each in seen if each.returncode is None] == []


def inside(bundle: Path) -> dict[str, bytes]:
    plain = pyrage.decrypt(bundle.read_bytes(), [pyrage.x25519.Identity.from_str(parts.IDENTITY)])
    return dict(hostile.unpacked(plain))


def at(part: str, do: Callable[[], object]) -> Callable[[int, int, str], None]:
    """A report that does something the first time this part of the work is told."""
    done: list[int] = []

    def report(_done: int, _total: int, what: str) -> None:
        if what == part and not done:
            done.append(1)
            do()

    return report


def test_it_is_the_bundle_that_is_packed_here(plan: OriginalsPlan, out: Path, started: Any) -> None:
    told: list[tuple[int, int, str]] = []
    beside = originals.pack(plan, out / "beside.age", lambda *what: told.append(what))
    here = pack_here(
        plan, out / "here.age", recipients=[plan.manifest.recipient.id], signers=originals.signers(),
        report=lambda *_: None,
    )  # fmt: skip
    assert sorted(each.name for each in out.iterdir()) == ["beside.age", "here.age"] and len(started) == 1
    ours, theirs = inside(out / "beside.age"), inside(out / "here.age")
    assert [*ours] == [*theirs]
    # A content credential never comes out the same, and what lists the photos' hashes differs with it.
    other = {name for name, data in ours.items() if data != theirs[name]}
    assert other == {"manifest.json", "manifest.json.sig", "SHA256SUMS", *(e.path for e in plan.manifest.photos)}
    assert [len(ours[each.path]) for each in plan.manifest.photos] == [
        len(theirs[each.path]) for each in plan.manifest.photos
    ]
    assert replace(beside.manifest, members=()) == replace(here.manifest, members=())
    assert beside.path == out / "beside.age" and beside.size == beside.path.stat().st_size
    assert (beside.sha256, beside.manifest_sha256) == (
        hashlib.sha256(beside.path.read_bytes()).hexdigest(),
        hashlib.sha256(ours["manifest.json"]).hexdigest(),
    )
    assert told[0][1:] == (3, "preparing photos") and (3, 3, "preparing photos") in told
    assert told[-1][0] == told[-1][1] and told[-1][2] == "encrypting"


@pytest.mark.parametrize("part", ["preparing photos", "encrypting"])
def test_stopping_it_takes_no_two_seconds_and_leaves_what_was_there(
    kept: Path, out: Path, large: bytes, started: Any, part: str
) -> None:
    plan = originals.originals_plan(kept, [large], 30)
    (out / "b.age").write_bytes(b"the bundle of yesterday")
    stopped: list[float] = []

    def stop() -> None:
        stopped.append(time.monotonic())
        raise Cancelled

    with pytest.raises(Cancelled):
        originals.pack(plan, out / "b.age", at(part, stop))
    assert time.monotonic() - stopped[0] < 2
    assert started[0].returncode is not None
    assert [each.name for each in out.iterdir()] == ["b.age"]
    assert (out / "b.age").read_bytes() == b"the bundle of yesterday"


def test_it_is_stopped_also_while_it_says_nothing(out: Path, plan: OriginalsPlan, started: Any) -> None:
    silent = PackingProcess([sys.executable, "-c", "import time; time.sleep(600)"])
    calls: list[int] = []

    def report(*_: object) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise Cancelled

    begun = time.monotonic()
    with pytest.raises(Cancelled):
        originals.pack(plan, out / "b.age", report, silent)
    assert time.monotonic() - begun < 4 and list(out.iterdir()) == []


@posix
@pytest.mark.parametrize("part", ["preparing photos", "encrypting"])
def test_killed_it_is_one_sentence_and_nothing_stays(
    kept: Path, out: Path, large: bytes, started: Any, part: str
) -> None:
    plan = originals.originals_plan(kept, [large], 30)
    seen: list[str] = []

    def kill() -> None:
        os.kill(started[0].pid, signal.SIGKILL)
        started[0].wait()
        seen.extend(each.name for each in out.iterdir())

    with pytest.raises(DeviceFailure) as caught:
        originals.pack(plan, out / "b.age", at(part, kill))
    assert "was ended from outside" in caught.value.title and "No bundle was written" in caught.value.hint
    assert len(seen) == (part == "encrypting"), "it was killed while the file was written"
    assert list(out.iterdir()) == []
    assert originals.pack(plan, out / "b.age").size > 50_000_000


@linux
@pytest.mark.parametrize("part", ["preparing photos", "encrypting"])
def test_it_goes_when_the_program_is_killed_and_removes_what_it_began(
    kept: Path, large: bytes, tmp_path: Path, part: str
) -> None:
    (kept / "out").mkdir()
    (tmp_path / "large.jpg").write_bytes(large)
    command = [sys.executable, "-m", "support.bundle_originals", str(tmp_path / "large.jpg"), str(kept), part]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as program:
        assert program.stdout is not None
        helper = int(program.stdout.readline())
        assert len([*(kept / "out").iterdir()]) == (part == "encrypting")
        program.kill()
    os.kill(helper, signal.SIGCONT)
    latest = time.monotonic() + 15
    while Path(f"/proc/{helper}/stat").exists() and "Z" not in Path(f"/proc/{helper}/stat").read_text().split()[2]:
        assert time.monotonic() < latest, "it lives on"
        time.sleep(0.05)
    assert list((kept / "out").iterdir()) == []


@linux
def test_it_owns_nothing_and_shows_nothing(out: Path, plan: OriginalsPlan, started: Any, tmp_path: Path) -> None:
    looked: dict[str, Any] = {}

    def look() -> None:
        pid = started[0].pid
        place = Path(f"/proc/{pid}")
        looked["limits"] = (place / "limits").read_text()
        looked["nice"] = os.getpriority(os.PRIO_PROCESS, pid) - os.getpriority(os.PRIO_PROCESS, 0)
        looked["argv"] = (place / "cmdline").read_bytes()
        looked["umask"] = (place / "status").read_text().split("Umask:")[1].split()[0]
        if os.geteuid() == 0:  # a process that may not be dumped shows this to nobody else
            looked["held"] = sorted(str(each.readlink()).split(":")[0] for each in (place / "fd").iterdir())
            looked["environment"] = {e.split(b"=")[0] for e in (place / "environ").read_bytes().split(b"\0")}
            looked["net"] = (place / "ns" / "net").readlink(), Path("/proc/self/ns/net").readlink()
        else:
            with pytest.raises(PermissionError):
                (place / "environ").read_bytes()

    with (tmp_path / "archive").open("wb") as secret:
        os.set_inheritable(secret.fileno(), True)
        originals.pack(plan, out / "b.age", at("encrypting", look))
    assert "Max core file size        0 " in looked["limits"] and looked["nice"] == 10 and looked["umask"] == "0077"
    assert looked["argv"].split(b"\0")[1:3] == [b"-I", b"-c"]
    file, key = next(iter(plan.originals)).sealed, originals.KEY
    assert file is not None
    for secret_text in (file.identity.exposed_secret.encode(), key, b"AGE-SECRET", b"PRIVATE KEY"):
        assert secret_text not in looked["argv"]
    if os.geteuid() == 0:
        assert looked["environment"] <= {
            *(b"", b"LC_ALL", b"OPENBLAS_NUM_THREADS", b"OMP_NUM_THREADS", b"LD_LIBRARY_PATH", b"LC_CTYPE"),
        }
        assert not any("archive" in each for each in looked["held"])
        alone = subprocess.run(
            [sys.executable, "-c", "import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare(0x40000000) != 0)"]
        )
        assert looked["net"][0] != looked["net"][1] or alone.returncode, "it has an empty network of its own"


def test_the_keys_that_sign_do_not_travel(plan: OriginalsPlan, monkeypatch: pytest.MonkeyPatch, out: Path) -> None:
    sent: list[bytes] = []
    def noted(pipe: Any, head: Any, body: bytes = b"") -> None:
        sent.append(body)
        send(pipe, head, body)

    monkeypatch.setattr(packing_process, "send", noted)
    originals.pack(plan, out / "b.age")
    everything = b"".join(sent)
    file = next(iter(plan.originals)).sealed
    assert file is not None and file.identity.exposed_secret.encode() in everything
    assert b"PRIVATE KEY" not in everything and b"a studio's seed for tests only" not in everything
    with pytest.raises(TypeError):
        pickle.dumps(originals.signers())


def test_a_key_is_not_shown_by_accident(kept: Path) -> None:
    file = originals.sealed(kept, b"a picture")
    assert isinstance(file, SealedFile) and "AGE-SECRET" not in repr(file) and file.read_bytes() == b"a picture"


# What goes wrong in it ----------------------------------------------------------------------------------------------


def test_photos_that_cannot_be_made_ready_are_all_named(plan: OriginalsPlan, out: Path, started: Any) -> None:
    first, second, third = plan.manifest.photos
    broken = originals.with_fault(plan, 0, sealed=None, refused="The file belongs to others.")
    broken = originals.with_fault(broken, 2, sha256="0" * 64)
    with pytest.raises(Unprepared) as caught:
        originals.pack(broken, out / "b.age")
    assert caught.value.reasons == {
        first.guid: "the file belongs to others",
        third.guid: f"the file kept for photo {third.guid} is not the picture that came in as this photo",
    }
    assert second.guid not in caught.value.reasons
    with pytest.raises(Unprepared) as here:
        pack_here(
            broken, out / "b.age", recipients=[plan.manifest.recipient.id], signers=originals.signers(),
            report=lambda *_: None,
        )  # fmt: skip
    assert here.value.reasons == caught.value.reasons and str(here.value) == str(caught.value)
    assert list(out.iterdir()) == []


def test_what_the_plan_says_wrong_is_told_alike(plan: OriginalsPlan, out: Path) -> None:
    few = replace(plan, originals=list(plan.originals)[:2])
    with pytest.raises(WrongUsage, match="lists more photos than were given"):
        originals.pack(few, out / "b.age")
    told = replace(plan, small=[each for each in plan.small if each.role != "notice"])
    with pytest.raises(Malformed):
        originals.pack(told, out / "b.age")
    assert list(out.iterdir()) == []


def test_an_error_of_making_the_plan_ends_it(plan: OriginalsPlan, out: Path, started: Any) -> None:
    def torn() -> Iterator[Any]:
        yield next(iter(plan.originals))
        raise Refused("Somebody was erased.")

    with pytest.raises(Refused, match="erased"):
        originals.pack(replace(plan, originals=torn()), out / "b.age")
    assert list(out.iterdir()) == []


def test_what_nobody_foresaw_is_logged_without_names(
    plan: OriginalsPlan, out: Path, caplog: pytest.LogCaptureFixture, expect_log: Callable[[str], None]
) -> None:
    expect_log(r"the packing process failed unexpectedly: \w+ at .*\.py:\d+$")
    with caplog.at_level(logging.ERROR), pytest.raises(PackingFault):
        originals.pack(originals.with_fault(plan, 1, marks=None), out / "b.age")
    (record,) = caplog.records
    assert "AttributeError at " in record.getMessage() or "TypeError at " in record.getMessage()
    assert parts.STUDIO.name not in caplog.text and plan.manifest.photos[1].guid not in caplog.text
    assert list(out.iterdir()) == []


def test_a_process_that_cannot_be_started_is_a_sentence(plan: OriginalsPlan, out: Path) -> None:
    with pytest.raises(DeviceFailure, match="could not be started"):
        originals.pack(plan, out / "b.age", process=PackingProcess([str(out / "nothing here")]))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MiB; only root can make one."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    if os.name != "posix" or os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this account may not mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_is_said_as_it_is_here(kept: Path, large: bytes, small_disk: Path) -> None:
    plan = originals.originals_plan(kept, [large])
    with pytest.raises(DeviceFailure, match="The disk is full") as caught:
        originals.pack(plan, small_disk / "b.age")
    assert "acknowledged" in caught.value.hint and list(small_disk.iterdir()) == []


# Errors over the pipe -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [
        SafelightError("It failed.", "Try again."), Refused("No.", "Nothing left."), WrongUsage("Not so.", ""),
        CannotOpen("No key.", "Ask."), DeviceFailure("Full.", "Make room."),
        Malformed("Bent.", "Copy it.", ("a/b", "c")),
        Unprepared({PhotoGuid("one"): "it is torn", PhotoGuid("two"): "it is bent"}),
    ],
)  # fmt: skip
def test_an_error_arrives_as_it_left(error: SafelightError) -> None:
    came = read_error(error_bytes(error))
    assert type(came) is type(error) and came.args == error.args and vars(came) == vars(error)


def test_a_kind_that_does_not_travel_arrives_as_what_it_is_a_kind_of() -> None:
    class Closer(Refused):
        pass

    assert type(read_error(error_bytes(Closer("No.")))) is Refused


@pytest.mark.parametrize(
    "told",
    [
        b"", b"[1]", b"{" * 5000, b'{"kind": "KeyError", "title": "a", "hint": ""}', b'{"kind": "Refused", "title": 1}',
        b'{"kind": "Malformed", "title": "a", "hint": "", "faults": 3}', b'{"reasons": {}}', b'{"reasons": {"a": 1}}',
    ],
)  # fmt: skip
def test_an_error_that_is_none_is_not_believed(told: bytes) -> None:
    with pytest.raises(Nonsense):
        read_error(told)


LIAR = """
import json, sys
inbox, outbox = sys.stdin.buffer, sys.stdout.buffer
def hear():
    lengths = inbox.read(12)
    inbox.read(int.from_bytes(lengths[:4], "big"))
    return inbox.read(int.from_bytes(lengths[4:], "big"))
def say(head, body=b""):
    text = json.dumps(head).encode()
    outbox.write(len(text).to_bytes(4, "big") + len(body).to_bytes(8, "big") + text + body)
    outbox.flush()
hear()
"""


@pytest.mark.parametrize(
    "lie",
    [
        "say({'say': 'sign manifest'}, b'{}'); hear()",
        "say({'say': 'sign manifest'}, open(sys.argv[1], 'rb').read()); print(hear(), file=open(sys.argv[2], 'w'))",
        "say({'say': 'done', 'size': 1, 'sha256': '0' * 64}); hear()",
        "say({'say': 'progress', 'done': -1, 'total': 3, 'what': 'preparing photos'}); hear()",
        "say({'say': 'progress', 'done': 1, 'total': 3, 'what': '\\u202e'}); hear()",
        "say({'say': 'failed'}, b'{\"kind\": \"SystemExit\", \"title\": \"a\", \"hint\": \"\"}'); hear()",
        "say({'say': 'open the archive'}); hear()",
    ],
)
def test_a_process_that_lies_is_not_believed(
    plan: OriginalsPlan, out: Path, kept: Path, portrait: bytes, lie: str, tmp_path: Path,
    expect_log: Callable[[str], None],
) -> None:  # fmt: skip
    expect_log(r"the packing process failed unexpectedly: it does not keep to the protocol \([a-z 0-9]+\)$")
    other = originals.originals_plan(kept, [portrait])
    pack_here(
        other, tmp_path / "other.age", recipients=[plan.manifest.recipient.id], signers=originals.signers(),
        report=lambda *_: None,
    )  # fmt: skip
    (tmp_path / "manifest").write_bytes(inside(tmp_path / "other.age")["manifest.json"])
    command = [sys.executable, "-c", LIAR + lie, str(tmp_path / "manifest"), str(tmp_path / "signed")]
    with pytest.raises(PackingFault):
        originals.pack(plan, out / "b.age", process=PackingProcess(command))
    assert not (tmp_path / "signed").exists() or "SIGNATURE" not in (tmp_path / "signed").read_text()
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("end", ["outbox.write(b'\\xff' * 12); outbox.flush(); hear()", "sys.exit(3)"])
def test_a_process_that_breaks_off_is_gone(plan: OriginalsPlan, out: Path, end: str) -> None:
    with pytest.raises(DeviceFailure, match="was ended from outside"):
        originals.pack(plan, out / "b.age", process=PackingProcess([sys.executable, "-c", LIAR + end]))
    assert list(out.iterdir()) == []


def test_a_time_with_fractions_of_a_second_is_the_same_plan(plan: OriginalsPlan, out: Path) -> None:
    """Clocks tell microseconds; a manifest is written without them, and is compared as it is written."""
    at = plan.manifest.created_at.replace(microsecond=123_456)
    originals.pack(replace(plan, manifest=replace(plan.manifest, created_at=at)), out / "b.age")

"""Writing a bundle: stock tools open and check it, the same parts give the same bytes, and a failure leaves nothing."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyrage
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safelight.bundle import writer
from safelight.bundle.plan import Unprepared
from safelight.bundle.reader import extract
from safelight.bundle.writer import write_bundle
from safelight.documents.jcs import canonical
from safelight.documents.manifest import MemberRole
from safelight.domain.errors import Cancelled, DeviceFailure, Malformed, Refused, WrongUsage
from safelight.domain.ids import ScopeId
from safelight.keys.durable import DurableFile
from safelight.keys.signing import allowed_signers_line
from support import bundle_parts as parts
from support import hostile_bundles as hostile


def _archive(path: Path) -> bytes:
    return pyrage.decrypt(path.read_bytes(), [pyrage.x25519.Identity.from_str(parts.IDENTITY)])


def test_stock_tools_open_and_check_it(honest: Any, run: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text(f"# a key\n{parts.IDENTITY}\n")
    signers = allowed_signers_line("STUDIO", parts.SIGNER.public_ssh, ("safelight-bundle",))
    (tmp_path / "allowed_signers").write_text(signers)
    out = tmp_path / "out"
    out.mkdir()
    script = (
        'age -d -i ../key.txt "$1" | tar x && sha256sum -c SHA256SUMS && '
        "ssh-keygen -Y verify -f ../allowed_signers -I STUDIO -n safelight-bundle -s manifest.json.sig < manifest.json"
    )
    done = run(["bash", "-o", "pipefail", "-ec", script, "-", honest.path], cwd=out)
    lines = done.stdout.decode().splitlines()
    assert 'Good "safelight-bundle" signature for STUDIO' in lines[-1]
    found = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    # Every file but the list itself is on the list, and every check was OK.
    assert {line.removesuffix(": OK") for line in lines[:-1]} == found - {"SHA256SUMS"}
    assert all(line.endswith(": OK") for line in lines[:-1])


def test_what_the_readme_tells_to_type_works(honest: Any, run: Callable[..., Any], tmp_path: Path) -> None:
    names = {"manifest.json", "README.txt", "status/list.json", "status/list.json.sig"}
    files = {}

    def unpack(archive: bytes) -> None:
        import io
        import tarfile

        with tarfile.open(fileobj=io.BytesIO(archive), mode="r:") as tar:
            for member in tar:
                if member.name in names or member.name.startswith("records/"):
                    files[member.name] = tar.extractfile(member).read()  # type: ignore[union-attr]

    unpack(_archive(honest.path))
    readme = files["README.txt"].decode()
    assert "Atelier Ümlaut & Söhne" in readme and "Northwind Casting, and for nobody else" in readme
    line = next(each for each in readme.splitlines() if " namespaces=" in each)
    assert line == line.strip()
    (tmp_path / "allowed_signers").write_text(line + "\n")
    verify = ["ssh-keygen", "-Y", "verify", "-f", tmp_path / "allowed_signers", "-I", parts.STUDIO.id]
    (tmp_path / "s.sig").write_bytes(files["status/list.json.sig"])
    run([*verify, "-n", "safelight-status", "-s", tmp_path / "s.sig"], files["status/list.json"])
    for name in [each for each in files if each.endswith(".jsonld")]:
        (tmp_path / "r.jsonld").write_bytes(files[name])
        (tmp_path / "r.sig").write_bytes(files[name + ".sig"])
        statement = run(["jq", "-cjS", '."@graph"[0]."slc:statement"', tmp_path / "r.jsonld"]).stdout
        run([*verify, "-n", "safelight-record", "-s", tmp_path / "r.sig"], statement)
        run([*verify, "-n", "safelight-record", "-s", tmp_path / "r.sig"], statement + b" ", code=255)
        # The subject's one-time key is nobody's we know; ssh-keygen takes it from the signature itself.
        (tmp_path / "o.sig").write_bytes(files[name + ".subject.sig"])
        once = ["ssh-keygen", "-Y", "check-novalidate", "-n", "safelight-receipt", "-s", tmp_path / "o.sig"]
        run(once, statement)
        run(once, statement + b" ", code=255)


def test_the_order_is_that_of_the_contract(portrait: bytes, tmp_path: Path) -> None:
    written = parts.write(tmp_path / "b.age", parts.distinct(portrait, 3), names=True)
    names = [name for name, _ in hostile.unpacked(_archive(written.path))]
    assert names[:6] == [
        "manifest.json", "manifest.json.sig", "SHA256SUMS", "README.txt", "status/list.json", "status/list.json.sig",
    ]  # fmt: skip
    folders = [name.split("/")[0] for name in names[6:]]
    assert folders == ["notices"] + ["records"] * 6 + ["policies"] * 3 + ["receipts"] * 2 + ["photos"] * 3
    assert [name.endswith(".sig") for name in names if name.startswith("records/")] == [False, True, True] * 2
    assert names[-3:] == [each.path for each in written.manifest.photos]


def test_the_manifest_lists_what_is_there(
    honest: Any,
) -> None:
    files = dict(hostile.unpacked(_archive(honest.path)))
    listed = json.loads(files["manifest.json"])["members"]
    assert [each["path"] for each in listed] == [
        name for name in files if name not in ("manifest.json", "manifest.json.sig", "SHA256SUMS")
    ]
    for each in listed:
        data = files[each["path"]]
        assert (each["size"], each["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert files["manifest.json"] == canonical(json.loads(files["manifest.json"]))
    data = honest.path.read_bytes()
    assert (honest.size, honest.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert honest.manifest_sha256 == hashlib.sha256(files["manifest.json"]).hexdigest()


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False))
def test_the_same_parts_give_the_same_archive(honest: Any, portrait: bytes, tmp_path: Path, random: Any) -> None:
    plan = parts.plan_for(parts.distinct(portrait, 3))
    small = list(plan.small)
    random.shuffle(small)
    again = write_bundle(
        replace(plan, small=small, photos=iter(plan.photos)), tmp_path / "again.age",
        recipients=[plan.manifest.recipient.id], signer=parts.SIGNER,
    )  # fmt: skip
    assert _archive(again.path) == _archive(honest.path)
    assert again.sha256 != honest.sha256  # encryption never comes out the same


def test_several_recipients_may_open_it(portrait: bytes, tmp_path: Path) -> None:
    plan = parts.plan_for(parts.distinct(portrait, 1))
    escrow = pyrage.x25519.Identity.generate()
    recipients = [plan.manifest.recipient.id, str(escrow.to_public())]
    written = write_bundle(plan, tmp_path / "b.age", recipients=recipients, signer=parts.SIGNER)
    assert pyrage.decrypt(written.path.read_bytes(), [escrow]) == _archive(written.path)


def _broken(plan: Any, at: int, error: BaseException) -> Any:
    def fail() -> Any:
        raise error

    photos = [replace(each, prepare=fail) if number == at else each for number, each in enumerate(plan.photos)]
    return replace(plan, photos=photos)


@pytest.mark.parametrize("at", [0, 1, 5])
def test_a_photo_that_cannot_be_prepared_is_named_and_nothing_is_written(
    portrait: bytes, tmp_path: Path, at: int
) -> None:
    plan = _broken(parts.plan_for(parts.distinct(portrait, 6)), at, Refused("The picture is torn."))
    plan = _broken(plan, 3, Malformed("The picture is bent."))
    threads = threading.active_count()
    with pytest.raises(Unprepared, match="and 1 more") as caught:
        write_bundle(plan, tmp_path / "b.age", recipients=[plan.manifest.recipient.id], signer=parts.SIGNER)
    guids = [each.guid for each in plan.manifest.photos]
    assert caught.value.reasons == {guids[at]: "the picture is torn", guids[3]: "the picture is bent"}
    assert list(tmp_path.iterdir()) == []
    assert threading.active_count() == threads


@pytest.mark.parametrize("error", [DeviceFailure("The disk is full."), Cancelled(), ZeroDivisionError()])
def test_what_is_not_about_one_photo_ends_it_at_once(portrait: bytes, tmp_path: Path, error: Exception) -> None:
    plan = _broken(parts.plan_for(parts.distinct(portrait, 3)), 1, error)
    with pytest.raises(type(error)):
        write_bundle(plan, tmp_path / "b.age", recipients=[plan.manifest.recipient.id], signer=parts.SIGNER)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("stop_at", [1, 3, 4, 5])
def test_stopping_leaves_what_was_there(portrait: bytes, tmp_path: Path, stop_at: int) -> None:
    (tmp_path / "b.age").write_bytes(b"the bundle of yesterday")
    plan = parts.plan_for(parts.distinct(portrait, 3))
    seen: list[str] = []

    def report(done: int, total: int, what: str) -> None:
        assert 0 <= done <= total
        seen.append(what)
        if len(seen) == stop_at:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_bundle(
            plan, tmp_path / "b.age", recipients=[plan.manifest.recipient.id], signer=parts.SIGNER, report=report
        )
    assert [each.name for each in tmp_path.iterdir()] == ["b.age"]
    assert (tmp_path / "b.age").read_bytes() == b"the bundle of yesterday"
    assert {"preparing photos"} | ({"encrypting"} if stop_at > 4 else set()) == set(seen)


def test_a_plan_that_does_not_hold_together_is_refused(portrait: bytes, tmp_path: Path) -> None:
    plan = parts.plan_for(parts.distinct(portrait, 3))
    sources = list(plan.photos)
    ours: dict[str, Any] = {"recipients": [plan.manifest.recipient.id], "signer": parts.SIGNER}
    other = pyrage.x25519.Identity.generate().to_public()
    for wrong, arguments in (
        (plan, ours | {"recipients": [str(other)]}),
        (plan, ours | {"signer": parts.OTHER_SIGNER}),
        (replace(plan, photos=sources[:2]), ours),
        (replace(plan, photos=[*sources, sources[0]]), ours),
        (replace(plan, photos=sources[::-1]), ours),
        (replace(plan, photos=[replace(sources[0], path="photos/x.jpg"), *sources[1:]]), ours),
        (replace(plan, photos=[_longer(sources[0]), *sources[1:]]), ours),
    ):
        with pytest.raises(WrongUsage):
            write_bundle(wrong, tmp_path / "b.age", **arguments)
    for role in (
        MemberRole.STATUS,
        MemberRole.RECORD,
        MemberRole.RECORD_SIGNATURE,
        MemberRole.SUBJECT_SIGNATURE,
        MemberRole.NOTICE,
        MemberRole.POLICY,
    ):
        with pytest.raises(Malformed):
            small = [each for each in plan.small if each.role is not role]
            write_bundle(replace(plan, small=small), tmp_path / "b.age", **ours)
    # A record that tells of a refusal must never leave the studio, whoever made the plan.
    told = replace(plan, manifest=replace(plan.manifest, uses=(ScopeId("use.stock"),)))
    with pytest.raises(Malformed, match="a use this bundle is not for"):
        write_bundle(told, tmp_path / "b.age", **ours)
    assert list(tmp_path.iterdir()) == []


def _longer(source: Any) -> Any:
    honest = source.prepare()
    return replace(source, prepare=lambda: replace(honest, size=honest.size + 1))


def test_a_full_disk_is_said_and_nothing_half_written_stays(
    portrait: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = parts.plan_for(parts.distinct(portrait, 30))
    (tmp_path / "b.age").write_bytes(b"the bundle of yesterday")

    class Full(DurableFile):
        def write(self, data: bytes | memoryview, /) -> int:
            if self.size > 500_000:
                assert self._file is not None
                self._file.close()
                os.truncate(self._temporary, 0)
                raise DurableFile.__init__.__globals__["device_failure"](OSError(errno.ENOSPC, ""), self.path)
            return super().write(data)

    monkeypatch.setattr(writer, "DurableFile", Full)
    with pytest.raises(DeviceFailure, match="full"):
        write_bundle(plan, tmp_path / "b.age", recipients=[plan.manifest.recipient.id], signer=parts.SIGNER)
    assert [each.name for each in tmp_path.iterdir()] == ["b.age"]
    assert (tmp_path / "b.age").read_bytes() == b"the bundle of yesterday"


def test_a_really_full_disk(portrait: bytes, run: Callable[..., Any], small_disk: Path | None) -> None:
    if small_disk is None:
        pytest.skip("no small file system can be mounted here")
    written = parts.write(small_disk / "fits.age", parts.distinct(portrait, 3))
    for count in (20, 40, 60):  # full while encrypting, while encrypting, while preparing
        with pytest.raises(DeviceFailure, match="full"):
            parts.write(small_disk / "b.age", parts.distinct(portrait, count))
        assert [each.name for each in small_disk.iterdir()] == ["fits.age"]
    extract(written.path, [parts.IDENTITY], None, lambda *_: None)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path | None]:
    import subprocess

    place = tmp_path / "disk"
    place.mkdir()
    try:
        mount = ["mount", "-t", "tmpfs", "-o", "size=2304k", "tmpfs", str(place)]
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    yield place if mounted else None
    if mounted:
        subprocess.run(["umount", str(place)], check=True)


def test_two_photos_are_prepared_at_a_time_and_never_many(portrait: bytes, tmp_path: Path) -> None:
    plan = parts.plan_for(parts.distinct(portrait, 12))
    running, most, lock = 0, 0, threading.Lock()
    meeting = threading.Barrier(2, timeout=20)

    def watched(prepare: Callable[[], Any], number: int) -> Callable[[], Any]:
        def work() -> Any:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            if number < 2:
                meeting.wait()  # both must be here at once
            photo = prepare()
            with lock:
                running -= 1
            return photo

        return work

    photos = [replace(each, prepare=watched(each.prepare, number)) for number, each in enumerate(plan.photos)]
    asked: list[int] = []

    def one_by_one() -> Iterator[Any]:
        for number, each in enumerate(photos):
            asked.append(number)
            yield each

    def report(done: int, _: int, what: str) -> None:
        if what == "preparing photos":
            assert len(asked) <= done + 5, "photos are asked for long before they are needed"

    write_bundle(
        replace(plan, photos=one_by_one()), tmp_path / "b.age", recipients=[plan.manifest.recipient.id],
        signer=parts.SIGNER, report=report,
    )  # fmt: skip
    assert most == 2


def test_large_photos_are_prepared_alone(portrait: bytes, tmp_path: Path) -> None:
    plan = parts.plan_for(parts.distinct(portrait, 4))
    running = 0

    def alone(prepare: Callable[[], Any]) -> Callable[[], Any]:
        def work() -> Any:
            nonlocal running
            running += 1
            assert running == 1
            photo = prepare()
            running -= 1
            return photo

        return work

    photos = [replace(each, size=60 * 1024 * 1024, prepare=alone(each.prepare)) for each in plan.photos]
    write_bundle(
        replace(plan, photos=photos), tmp_path / "b.age", recipients=[plan.manifest.recipient.id], signer=parts.SIGNER
    )

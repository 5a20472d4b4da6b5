"""Bundles packed from sealed originals: plans for the packing process, and a program that dies while it packs.

Run as a program it packs a bundle and stops, with its packing process, when a part of the work is reported; it prints
the id of that process and waits to be killed.
"""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from safelight.bundle import packing_process
from safelight.bundle.originals import Original, OriginalsPlan, Signers
from safelight.bundle.packing_process import PackingProcess
from safelight.domain.progress import Report, silent
from safelight.images.rights_marks import RightsMarks
from safelight.keys.age_identity import file_identity
from safelight.keys.certificates import DocumentSigner, new_studio_certificates
from safelight.keys.process import start_helper
from safelight.keys.sealed_file import SealedFile
from safelight.keys.sealing import seal_file
from support import bundle_parts as parts

KEY = b"tests only: a key of nobody's!!!"


def sealed(folder: Path, content: bytes) -> SealedFile:
    """The content in a sealed file, as an archive keeps it."""
    identity, out = file_identity(KEY), io.BytesIO()
    seal_file(io.BytesIO(content), out, [identity.recipient])
    id = hashlib.sha256(out.getvalue()).hexdigest()
    (folder / id).write_bytes(out.getvalue())
    return SealedFile(id, folder / id, len(content), identity)


def originals_plan(folder: Path, pictures: Sequence[bytes], times: int = 1) -> OriginalsPlan:
    """A plan whose photos lie sealed in ``folder``; each stands in it ``times`` times."""
    again = [(data, sealed(folder, data)) for data in pictures] * times
    plan = parts.plan_for([parts.Picture(data) for data, _ in again])
    originals = tuple(
        Original(
            each.guid, each.path, each.media_type, len(data), hashlib.sha256(data).hexdigest(), file, "",
            RightsMarks(f"urn:uuid:{each.guid}"), frozenset(), "", "", "1",
        )
        for each, (data, file) in zip(plan.photos, again, strict=True)
    )  # fmt: skip
    return OriginalsPlan(plan.manifest, plan.small, originals)


@lru_cache(maxsize=1)
def signers() -> Signers:
    """A studio's keys that sign."""
    certificates = new_studio_certificates(parts.STUDIO.name, parts.STUDIO.country, parts.NOW)
    return Signers(parts.SIGNER, DocumentSigner(certificates))


def with_fault(plan: OriginalsPlan, number: int, **changed: object) -> OriginalsPlan:
    """The plan with one photo changed."""
    originals = [replace(each, **changed) if at == number else each for at, each in enumerate(plan.originals)]  # type: ignore[arg-type]
    return replace(plan, originals=originals)


def pack(plan: OriginalsPlan, destination: Path, report: Report = silent, process: PackingProcess | None = None):
    """The bundle, packed in a process of its own."""
    to = [plan.manifest.recipient.id]
    return (process or PackingProcess())(plan, destination, recipients=to, signers=signers(), report=report)


def _die(picture: str, folder: str, part: str) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def noted(command: Sequence[str]) -> subprocess.Popen[bytes]:
        started.append(start_helper(command))
        return started[-1]

    packing_process.start_helper = noted  # type: ignore[attr-defined]
    plan = originals_plan(Path(folder), [Path(picture).read_bytes()], 40)

    def report(_done: int, _total: int, what: str) -> None:
        if what == part:
            os.kill(started[0].pid, signal.SIGSTOP)
            print(started[0].pid, flush=True)
            time.sleep(600)

    pack(plan, Path(folder) / "out" / "b.age", report)


if __name__ == "__main__":
    _die(*sys.argv[1:])

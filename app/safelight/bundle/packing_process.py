"""Packs a bundle in a process of its own, so that a window beside it neither waits for a lock nor for a core.

The process gives way to everybody (``keys.process.step_aside``), gets over its stdin what it needs for one bundle, and
is gone with it. What it is given opens the photos that leave; the keys that sign stay here, and sign only what was
planned here: a manifest that differs from the plan in anything but the members it adds is not signed. No file is left
behind, whoever is killed: the process removes what it began when this one is gone, and this one when it is.
"""

from __future__ import annotations

import contextlib
import logging
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, cast

from safelight.documents.manifest import Manifest, read_manifest
from safelight.documents.plain import to_plain
from safelight.domain.errors import DeviceFailure, Malformed
from safelight.domain.ids import Sha256
from safelight.domain.progress import Report
from safelight.keys.durable import unfinished_name
from safelight.keys.messages import Nonsense, receive, send
from safelight.keys.process import start_helper

from .contents import manifest_hash
from .originals import OriginalsPlan, Signers
from .packing_messages import MOST_SAID, Given, Say, read_error, short_text, whole_number
from .plan import WrittenBundle

_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from safelight.keys.process import step_aside; step_aside(); "
    "from safelight.bundle.packing_worker import serve; serve()"
)
_ASK_AGAIN_S = 0.25
"""So often whoever watches is asked whether to go on, also while the process says nothing."""
_END_S = 1.0
"""So long the process may take to remove what it began; then it is killed, and this process removes it."""

_LOG = logging.getLogger(__name__)
_Said = tuple[dict[str, Any], bytes] | None


class PackingFault(RuntimeError):
    """The packing process met, or said, something that nobody foresaw: a fault of the program, which was logged."""


class PackingProcess:
    """Packs as :func:`~.originals.pack_here` does; each call starts a process and ends it.

    ``command`` starts it where the program is not run by a Python interpreter (a frozen desktop app): it has to call
    ``keys.process.step_aside``, then ``bundle.packing_worker.serve``.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        own = [sys.executable, "-I", "-c", _START, str(Path(__file__).resolve().parents[2])]
        self._command = [*(command or own)]

    def __call__(
        self, plan: OriginalsPlan, destination: Path, *, recipients: Sequence[str], signers: Signers, report: Report
    ) -> WrittenBundle:
        """Raises what ``pack_here`` raises, and :class:`DeviceFailure` when the process was ended from outside."""
        unfinished = destination.with_name(unfinished_name())
        given = Given(
            plan.manifest, plan.small, destination.absolute(), unfinished.absolute(), recipients,
            signers.manifest.public_ssh, signers.documents.chain_pem,
        )  # fmt: skip
        try:
            with _started(self._command) as process:
                return _Packing(process, plan, signers, report).run(given, destination)
        finally:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)


class _Packing:
    """One bundle being packed: answers what the process asks until it is done or has failed."""

    def __init__(
        self, process: subprocess.Popen[bytes], plan: OriginalsPlan, signers: Signers, report: Report
    ) -> None:
        self._inbox = cast(BinaryIO, process.stdin)
        self._plan, self._signers, self._report = plan, signers, report
        self._said: queue.SimpleQueue[_Said] = queue.SimpleQueue()
        self._originals = iter(plan.originals)
        self._latest = (0, len(plan.manifest.photos), "preparing photos")
        self._signed: tuple[Manifest, Sha256] | None = None
        # It ends with the process, whose end of the pipe is closed then.
        hearing = threading.Thread(target=self._hear, args=(process.stdout,), name="safelight-packing", daemon=True)
        hearing.start()

    def run(self, given: Given, destination: Path) -> WrittenBundle:
        """What was written, after everything it asked for was given."""
        try:
            send(self._inbox, {}, pickle.dumps(given, pickle.HIGHEST_PROTOCOL))
            del given
            while True:
                try:
                    said = self._said.get(timeout=_ASK_AGAIN_S)
                except queue.Empty:
                    self._report(*self._latest)
                    continue
                if said is None:
                    raise _ended()
                head, body = said
                if head.get("say") == Say.DONE:
                    return self._done(head, destination)
                self._answer(head, body)
        except BrokenPipeError as error:
            raise _ended() from error
        except Nonsense as error:
            _broke(f"it does not keep to the protocol ({error})")

    def _answer(self, head: dict[str, Any], body: bytes) -> None:
        say = head.get("say")
        if say == Say.PROGRESS:
            self._latest = whole_number(head, "done"), whole_number(head, "total"), short_text(head, "what")
            self._report(*self._latest)
        elif say == Say.PHOTO:
            original = next(self._originals, None)
            answer = b"" if original is None else pickle.dumps(original, pickle.HIGHEST_PROTOCOL)
            send(self._inbox, {}, answer)
        elif say == Say.SIGN_CREDENTIALS:
            # What is signed cannot be told here; PS256 is for content credentials alone, receipts are RS256.
            send(self._inbox, {}, self._signers.documents.sign(body, "PS256"))
        elif say == Say.SIGN_MANIFEST:
            send(self._inbox, {}, self._sign_manifest(body))
        elif say == Say.FAILED:
            raise read_error(body)
        elif say == Say.BROKE:
            _broke(short_text(head, "what"))
        else:
            raise Nonsense("unknown word")

    def _sign_manifest(self, untrusted: bytes) -> bytes:
        """The signature over what was planned, with the members that were made of it."""
        try:
            manifest = read_manifest(untrusted)
        except Malformed as error:
            raise Nonsense("no manifest") from error
        bare = replace(manifest, members=(), photos=tuple(replace(each, sidecars=()) for each in manifest.photos))
        if to_plain(bare) != to_plain(self._plan.manifest):  # as they are written, without fractions of a second
            raise Nonsense("another manifest")
        self._signed = manifest, manifest_hash(untrusted)
        return self._signers.manifest.sign(untrusted, "safelight-bundle").encode("ascii")

    def _done(self, head: dict[str, Any], destination: Path) -> WrittenBundle:
        if self._signed is None:
            raise Nonsense("nothing was signed")
        manifest, sha256 = self._signed
        digest = short_text(head, "sha256")
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise Nonsense("no hash")
        return WrittenBundle(destination, Sha256(digest), whole_number(head, "size"), manifest, sha256)

    def _hear(self, outbox: BinaryIO) -> None:
        with outbox, contextlib.suppress(EOFError, Nonsense, OSError):
            while True:
                self._said.put(receive(outbox, MOST_SAID))
        self._said.put(None)


@contextmanager
def _started(command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """The process, which is gone when the block is left: asked to end first, so that it removes what it began."""
    try:
        process = start_helper(command)
    except OSError as error:
        raise DeviceFailure(
            "The process that packs the bundle could not be started.",
            "No bundle was written. Close other programs, then export again.",
        ) from error
    try:
        yield process
    finally:
        with contextlib.suppress(OSError):  # what was not sent yet cannot be sent any more
            cast(BinaryIO, process.stdin).close()
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _ended() -> DeviceFailure:
    return DeviceFailure(
        "The process that packs the bundle was ended from outside, perhaps because memory ran short.",
        "No bundle was written. Close other programs, then export again.",
    )


def _broke(what: str) -> NoReturn:
    _LOG.error("the packing process failed unexpectedly: %s", what)
    raise PackingFault("the packing process failed unexpectedly")

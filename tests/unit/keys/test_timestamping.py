"""Time stamps of a stock openssl authority are accepted; any that is changed, foreign or for other data is not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from safelight.domain.errors import DeviceFailure, Malformed, Refused, WrongUsage
from safelight.keys.timestamping import Timestamper, Transport, http_transport, verify_timestamp

from .conftest import Run

CONFIG = """
[tsa]
serial = {0}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""


@pytest.fixture
def authority(tmp_path: Path, run: Run) -> tuple[Transport, bytes, bytes]:
    """A time-stamp authority made and run by openssl alone; its transport, root and signing certificate."""
    (tmp_path / "serial").write_text("01\n")
    (tmp_path / "tsa.cnf").write_text(CONFIG.format(tmp_path))
    (tmp_path / "ext.cnf").write_text(
        "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
        "extendedKeyUsage=critical,timeStamping\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
    )
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    root, root_key = tmp_path / "root.pem", tmp_path / "root.key"
    run(["openssl", "req", "-x509", *key, "-keyout", root_key, "-out", root, "-subj", "/CN=Root", "-days", "30"])
    run(["openssl", "req", "-new", *key, "-keyout", tmp_path / "tsa.key", "-out", tmp_path / "csr", "-subj", "/CN=TSA"])
    run(
        ["openssl", "x509", "-req", "-in", tmp_path / "csr", "-CA", root, "-CAkey", root_key, "-CAcreateserial",
         "-extfile", tmp_path / "ext.cnf", "-days", "20", "-out", tmp_path / "tsa.pem"]
    )  # fmt: skip

    def transport(request: bytes) -> bytes:
        (tmp_path / "q").write_bytes(request)
        run(
            ["openssl", "ts", "-reply", "-config", tmp_path / "tsa.cnf", "-section", "tsa",
             "-queryfile", tmp_path / "q", "-signer", tmp_path / "tsa.pem", "-inkey", tmp_path / "tsa.key",
             "-out", tmp_path / "r"]
        )  # fmt: skip
        return (tmp_path / "r").read_bytes()

    return transport, root.read_bytes(), (tmp_path / "tsa.pem").read_bytes()


def test_a_stamp_is_taken_kept_and_checked(authority: tuple[Transport, bytes, bytes], run: Run, tmp_path: Path) -> None:
    transport, root, tsa = authority
    stamp = Timestamper(transport, root).stamp(b"the record")
    assert abs(stamp.time - datetime.now(UTC)) < timedelta(minutes=1)
    assert verify_timestamp(stamp.response, b"the record", root) == stamp.time
    assert verify_timestamp(stamp.response, b"the record", root, tsa) == stamp.time
    (tmp_path / "data").write_bytes(b"the record")
    (tmp_path / "stamp").write_bytes(stamp.response)
    run(
        [
            "openssl",
            "ts",
            "-verify",
            "-in",
            tmp_path / "stamp",
            "-data",
            tmp_path / "data",
            "-CAfile",
            tmp_path / "root.pem",
        ]
    )
    with pytest.raises(Refused):
        verify_timestamp(stamp.response, b"another record", root)
    with pytest.raises(Refused):
        verify_timestamp(stamp.response, b"the record", tsa)  # the signer itself is no root


def test_a_replayed_stamp_is_refused(authority: tuple[Transport, bytes, bytes]) -> None:
    transport, root, _ = authority
    old = Timestamper(transport, root).stamp(b"x")
    with pytest.raises(Refused, match="does not prove"):
        Timestamper(lambda _: old.response, root).stamp(b"x")


def test_another_authority_is_refused(authority: tuple[Transport, bytes, bytes], run: Run, tmp_path: Path) -> None:
    transport, _, _ = authority
    run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
         tmp_path / "o.key", "-out", tmp_path / "o.pem", "-subj", "/CN=Root", "-days", "30"]
    )  # fmt: skip
    with pytest.raises(Refused):
        Timestamper(transport, (tmp_path / "o.pem").read_bytes()).stamp(b"x")
    with pytest.raises(Malformed):
        Timestamper(transport, b"no certificate").stamp(b"x")


def test_a_changed_stamp_is_refused(authority: tuple[Transport, bytes, bytes]) -> None:
    transport, root, _ = authority
    good = Timestamper(transport, root).stamp(b"x")
    passed = []
    for place in range(0, len(good.response), 3):
        changed = bytearray(good.response)
        changed[place] ^= 1
        try:
            assert verify_timestamp(bytes(changed), b"x", root) == good.time
            passed.append(place)
        except (Refused, Malformed):
            continue
    # What may change is outside the signature: the certificate that comes along is not the one that is trusted.
    assert len(passed) < len(good.response) // 100
    for broken in (b"", b"\x30", good.response[:-1], b"<html>"):
        with pytest.raises(Malformed):
            verify_timestamp(broken, b"x", root)


class _Answer(BaseHTTPRequestHandler):
    transport: Transport
    seen: list[str]

    def do_POST(self) -> None:
        self.seen.append(self.headers["Content-Type"])
        if self.path != "/tsa":
            self.send_error(500)
            return
        answer = type(self).transport(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Say nothing."""


@pytest.fixture
def server(authority: tuple[Transport, bytes, bytes]) -> Iterator[str]:
    _Answer.transport, _Answer.seen = staticmethod(authority[0]), []
    with HTTPServer(("127.0.0.1", 0), _Answer) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


def test_over_http_on_this_machine(server: str, authority: tuple[Transport, bytes, bytes]) -> None:
    root = authority[1]
    stamp = Timestamper(http_transport(f"{server}/tsa"), root).stamp(b"x")
    assert verify_timestamp(stamp.response, b"x", root) == stamp.time
    assert _Answer.seen == ["application/timestamp-query"]
    with pytest.raises(DeviceFailure, match="does not answer"):
        Timestamper(http_transport(f"{server}/wrong"), root).stamp(b"x")
    _Answer.transport = staticmethod(lambda _: bytes(2 * 1024 * 1024))
    with pytest.raises(Malformed, match="too long"):
        Timestamper(http_transport(f"{server}/tsa"), root).stamp(b"x")


def test_an_authority_that_is_not_there() -> None:
    with pytest.raises(DeviceFailure):
        http_transport("http://127.0.0.1:1/")(b"")
    for address in ("", "ftp://x", "file:///etc/passwd", "http://", "//x"):
        with pytest.raises(WrongUsage):
            http_transport(address)

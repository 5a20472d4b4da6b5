"""Fetching over loopback HTTPS with a certificate authority of its own: capped, timed, and from no other host."""

from __future__ import annotations

import contextlib
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from safelight.agency import folder_sources
from safelight.agency.folder_sources import https_source
from safelight.domain.errors import DeviceFailure, Malformed, WrongUsage

Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]


def certificates(folder: Path, openssl: str) -> None:
    """A root, and a certificate of it for 127.0.0.1."""
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    for argv in (
        ["req", "-x509", *key, "-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=root", "-days", "2"],
        ["req", *key, "-keyout", "host.key", "-out", "host.csr", "-subj", "/CN=127.0.0.1"],
        ["x509", "-req", "-in", "host.csr", "-CA", "root.pem", "-CAkey", "root.key", "-out", "host.pem", "-days", "2",
         "-extfile", "san.cnf"],
    ):  # fmt: skip
        (folder / "san.cnf").write_text("subjectAltName=IP:127.0.0.1\n")
        subprocess.run([openssl, *argv], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory, stock_tool: Callable[[str], str]) -> Path:
    folder = tmp_path_factory.mktemp("authority")
    certificates(folder, stock_tool("openssl"))
    return folder


@pytest.fixture
def serve(authority: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """``serve(answer)``: the address of a server that answers every GET so; its authority is trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority / "root.pem"))
    monkeypatch.setenv("no_proxy", "*")
    servers = []

    def start(answer: Callable[[BaseHTTPRequestHandler], None]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority / "host.pem", authority / "host.key")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"https://127.0.0.1:{server.server_port}/folder/"

    yield start
    for each in servers:
        each.shutdown()
        each.server_close()


def said(to: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    to.send_response(status)
    for name, value in headers.items():
        to.send_header(name.replace("_", "-"), value)
    if "Content_Length" not in headers:
        to.send_header("Content-Length", str(len(body)))
    to.end_headers()
    to.wfile.write(body)


def test_a_file_is_fetched_and_one_that_is_not_there_is_none(serve: Serve) -> None:
    asked = []

    def answer(to: BaseHTTPRequestHandler) -> None:
        asked.append(to.path)
        said(to, 200, b"feed") if to.path.endswith("feed.json") else said(to, 404)

    fetch = https_source(serve(answer))
    assert asked == [] and fetch("feed.json", 4) == b"feed" and fetch("list.json", 9) is None
    assert asked == ["/folder/feed.json", "/folder/list.json"]


def test_too_much_is_refused_however_long_it_goes_on(serve: Serve) -> None:
    def endless(to: BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        to.end_headers()
        with contextlib.suppress(OSError):
            while True:
                to.wfile.write(bytes(65536))

    with pytest.raises(Malformed, match="longer than it may be"):
        https_source(serve(endless))("feed.json", 100_000)
    with pytest.raises(Malformed, match="longer than it may be"):
        https_source(serve(lambda to: said(to, 200, b"12345")))("feed.json", 4)


def test_one_that_dribbles_or_is_cut_short_is_left_alone(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_sources, "FILE_SECONDS", 0.6)

    def headers_first(to: BaseHTTPRequestHandler) -> None:
        for _ in range(12):
            try:
                to.wfile.write(b"H")
                to.wfile.flush()
            except OSError:
                return
            time.sleep(0.1)

    def body(to: BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        to.end_headers()
        headers_first(to)

    for answer in (headers_first, body):
        start = time.monotonic()
        with pytest.raises(DeviceFailure, match="could not be fetched"):
            https_source(serve(answer))("feed.json", 1000)
        assert time.monotonic() - start < 3
    for thread in threading.enumerate():  # which ends as soon as the other side does
        if thread.name == "safelight-fetch":
            thread.join(10)


def test_an_answer_that_is_cut_short_is_none(serve: Serve) -> None:
    with pytest.raises(DeviceFailure, match="cut short"):
        https_source(serve(lambda to: said(to, 200, b"123", Content_Length="9")))("feed.json", 100)
    with pytest.raises(DeviceFailure, match="could not be fetched"):
        https_source(serve(lambda _: None))("feed.json", 100)


def test_no_other_host_is_asked(serve: Serve) -> None:
    asked = []

    def other(to: BaseHTTPRequestHandler) -> None:
        asked.append(to.path)
        said(to, 200, b"from elsewhere")

    elsewhere = serve(other)
    with pytest.raises(DeviceFailure, match="another place"):
        https_source(serve(lambda to: said(to, 302, Location=f"{elsewhere}feed.json")))("feed.json", 100)
    plain = elsewhere.replace("https", "http")
    with pytest.raises(DeviceFailure):
        https_source(serve(lambda to: said(to, 302, Location=f"{plain}feed.json")))("feed.json", 100)
    with pytest.raises(DeviceFailure):
        https_source(serve(lambda to: said(to, 302, Location="file:///etc/hostname")))("feed.json", 100)
    assert asked == []
    here = serve(lambda to: said(to, 200, b"x") if "moved" in to.path else said(to, 302, Location="/moved"))
    assert https_source(here)("feed.json", 100) == b"x"
    with pytest.raises(DeviceFailure):
        https_source(serve(lambda to: said(to, 302, Location=to.path)))("feed.json", 100)


def test_a_certificate_nobody_vouches_for_is_no_answer(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    address = serve(lambda to: said(to, 200, b"x"))
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(DeviceFailure, match="could not be fetched"):
        https_source(address)("feed.json", 100)


@pytest.mark.parametrize(
    "url", ["http://studio.example/", "ftp://studio.example", "https://", "https://me:pw@studio.example/", "https://a/?b"]
)
def test_what_is_no_address_of_a_folder(url: str) -> None:
    with pytest.raises(WrongUsage, match="begins with https"):
        https_source(url)


def test_all_of_it_together_has_an_end(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_sources, "FOLDER_BYTES", 5)
    fetch = https_source(serve(lambda to: said(to, 200, b"123")))
    assert fetch("a", 100) == b"123"
    with pytest.raises(Malformed):
        fetch("b", 100)
    monkeypatch.setattr(folder_sources, "FOLDER_SECONDS", 0.0)
    with pytest.raises(DeviceFailure, match="took too long"):
        fetch("c", 100)

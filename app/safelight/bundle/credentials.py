"""Signs the content credentials (C2PA) of exported photos, and checks them: the one file that knows the C2PA library.

The library's own signing reads and copies the whole picture several times. Its native part can also sign a hash that
the caller made ("data-hashed embeddable"), which Python bindings do not offer yet: it is called directly here, and
where a version of the library lacks it, the ordinary way is taken. Sources: C2PA technical specification 2.4
("Hard bindings", "Embedding manifests"), c2pa-rs C interface 0.91.
"""

from __future__ import annotations

import ctypes
import io
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import c2pa

from safelight.domain.document_type import DocumentType
from safelight.domain.errors import CannotOpen, Malformed
from safelight.images.media_type import MediaType

Buffer = bytes | bytearray | memoryview
State = Literal["Trusted", "Valid", "Invalid", "Absent"]

_RAW_STORE = DocumentType.CREDENTIALS.value.encode()
_PLAIN_BYTES = MediaType.NEF.value
"""What a raw file the library does not know is called towards it: a store beside a file is checked over plain bytes."""
# emailProtection and documentSigning: what the studio's certificate is for (C2PA 2.4, "Certificate profile").
_PURPOSES = "1.3.6.1.5.5.7.3.4\n1.3.6.1.5.5.7.3.36\n"
_OFFLINE = {"remote_manifest_fetch": False, "ocsp_fetch": False}
_BytesOut = ctypes.POINTER(ctypes.c_ubyte)


class DocumentSigner(Protocol):
    """What is needed of ``keys.certificates.DocumentSigner``."""

    @property
    def chain_pem(self) -> bytes:
        """The signing certificate, then the authority's."""

    def sign(self, data: bytes, algorithm: Literal["PS256", "RS256"]) -> bytes:
        """The raw signature over ``data``."""


@dataclass(frozen=True, slots=True)
class CredentialState:
    """What a check found: ``Trusted`` (signed under the given root), ``Valid`` (sound, signer unknown), ``Invalid``
    (changed or broken), ``Absent``. ``problems`` are C2PA status codes. ``manifest`` is the active one, if readable.
    """

    state: State
    problems: tuple[str, ...] = ()
    manifest: Mapping[str, Any] | None = None


class CredentialSigner:
    """Makes manifest stores signed by the studio (PS256). May be shared by threads; signing takes turns."""

    def __init__(self, document_signer: DocumentSigner) -> None:
        self._lock = threading.Lock()
        self._context = c2pa.Context.from_dict(
            {
                "version": 1,
                "trust": {"trust_config": _PURPOSES},
                "verify": {**_OFFLINE, "verify_after_sign": False},
                # An automatic thumbnail would be a second picture of the person, and takes half a second.
                "builder": {"thumbnail": {"enabled": False}},
            }
        )
        chain = document_signer.chain_pem.decode("ascii")
        with _library():
            self._signer = c2pa.Signer.from_callback(
                lambda data: document_signer.sign(data, "PS256"), c2pa.C2paSigningAlg.PS256, chain, None
            )
        self._native = _native_functions()

    @property
    def signs_hashes(self) -> bool:
        """Whether the library can sign a hash made here; otherwise it must be given whole pictures."""
        return self._native is not None

    def reserve(self, definition: Mapping[str, Any]) -> int:
        """The exact length of the manifest store that :meth:`sign_hash` will give for this definition."""
        with self._lock, _library(), self._builder(definition) as builder:
            return len(self._placeholder(builder))

    def sign_hash(self, definition: Mapping[str, Any], digest: bytes, start: int, length: int) -> bytes:
        """The manifest store over a file whose SHA-256, without ``length`` bytes at ``start``, is ``digest``.

        With ``length`` 0 nothing is left out (the store lies beside the file).
        """
        exclusions = [{"start": start, "length": length}] if length else []
        binding = {"exclusions": exclusions, "name": "jumbf manifest", "alg": "sha256", "hash": list(digest), "pad": ""}
        with self._lock, _library(), self._builder(definition) as builder:
            self._placeholder(builder)
            _, sign = self._functions()
            out = _BytesOut()
            size = sign(
                builder._handle, self._signer._handle, json.dumps(binding).encode(), _RAW_STORE, None, ctypes.byref(out)
            )
            return _taken(size, out)

    def sign_file(self, definition: Mapping[str, Any], image: Buffer, media_type: str) -> bytes:
        """The manifest store over ``image`` as a file of its own (formats whose binding is not a plain hash)."""
        with self._lock, _library(), self._builder(definition) as builder:
            builder.set_no_embed()
            return bytes(builder.sign(self._signer, media_type, io.BytesIO(image), io.BytesIO()))

    def sign(self, parts: Sequence[Buffer], media_type: str, definition: Mapping[str, Any]) -> bytes:
        """The whole signed file, made by the library alone: slow and sure, the measure for the fast way."""
        signed = io.BytesIO()
        with self._lock, _library(), self._builder(definition) as builder:
            builder.sign(self._signer, media_type, io.BytesIO(b"".join(parts)), signed)
        return signed.getvalue()

    def _builder(self, definition: Mapping[str, Any]) -> Any:
        return c2pa.Builder(json.dumps(definition), self._context)

    def _placeholder(self, builder: Any) -> bytes:
        make, _ = self._functions()
        out = _BytesOut()
        return _taken(make(builder._handle, self._signer.reserve_size(), _RAW_STORE, ctypes.byref(out)), out)

    def _functions(self) -> tuple[Any, Any]:
        if self._native is None:
            raise CannotOpen("The C2PA library cannot sign a hash.", "Install the version Safelight was tested with.")
        return self._native


def verify_credentials(
    untrusted_image: Buffer, media_type: str, root_pem: bytes | None = None, store: bytes | None = None
) -> CredentialState:
    """Check the credentials in a file, or those in ``store`` for a file that carries none inside.

    ``root_pem`` is the studio's authority as pinned by its card; without it the best answer is ``Valid``. Never goes
    online. A damaged manifest is ``Invalid``, not an error.
    """
    trust = {"trust_config": _PURPOSES} | ({"user_anchors": root_pem.decode("ascii")} if root_pem else {})
    known = store is None or media_type in c2pa.Reader.get_supported_mime_types()
    context = c2pa.Context.from_dict({"version": 1, "trust": trust, "verify": {**_OFFLINE, "verify_trust": True}})
    try:
        read_as = media_type if known else _PLAIN_BYTES
        with c2pa.Reader(read_as, io.BytesIO(untrusted_image), store, context=context) as reader:
            state = reader.get_validation_state()
            active = (reader.get_validation_results() or {}).get("activeManifest", {})
            problems = tuple(sorted({str(each.get("code")) for each in active.get("failure", [])}))
            manifest = reader.get_active_manifest()
    except c2pa.C2paError as error:
        if isinstance(error, c2pa.C2paError.ManifestNotFound):
            return CredentialState("Absent")
        return CredentialState("Invalid", (str(error)[:200],))
    finally:
        context.close()
    if state not in ("Trusted", "Valid"):
        return CredentialState("Invalid", problems, manifest)
    return CredentialState(state, problems, manifest)


def _native_functions() -> tuple[Any, Any] | None:
    """The two functions of the native library, with their C signatures; None where this version has them no more."""
    try:
        library = c2pa.c2pa._lib
        make, sign = library.c2pa_builder_data_hashed_placeholder, library.c2pa_builder_sign_data_hashed_embeddable
        library.c2pa_free  # noqa: B018 - asked for, so that a missing one is known now
    except AttributeError:
        return None
    handle, text, out = ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(_BytesOut)
    make.argtypes, make.restype = [handle, ctypes.c_size_t, text, out], ctypes.c_int64
    sign.argtypes, sign.restype = [handle, handle, text, text, handle, out], ctypes.c_int64
    return make, sign


def _taken(size: int, out: Any) -> bytes:
    """The bytes a native function gave, copied, and its memory given back."""
    if size < 0 or not out:
        raise c2pa.C2paError("the native library gave no manifest")
    try:
        return ctypes.string_at(out, size)
    finally:
        c2pa.c2pa._lib.c2pa_free(out)


@contextmanager
def _library() -> Iterator[None]:
    """Turns the library's errors, which may quote anything, into ours."""
    try:
        yield
    except c2pa.C2paError as error:
        raise Malformed("The photo could not be signed.", f"Nothing was written: {str(error)[:200]}.") from None

"""How a picture came to be, as far as that is known: IPTC's digital source type, claimed from evidence or not at all.

"Camera picture" is claimed only where the file holds what a camera writes, or the photographer says so; never where
anything in the file says that a machine made it. Source: IPTC NewsCodes "digitalsourcetype" (its IRIs say http).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from safelight.domain.errors import Malformed
from safelight.domain.photo import MADE

from . import exif
from .image_format import format_of
from .imagehash_source import Buffer
from .media_type import MediaType
from .xmp import read_photo, takes_xmp

VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
CAMERA = VOCABULARY + "digitalCapture"

_BY_MACHINES = ("trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "algorithmicMedia",
                "compositeSynthetic", "virtualRecording", "dataDrivenMedia")  # fmt: skip
_OTHERS = ("digitalCreation", "digitalArt", "composite", "compositeCapture", "algorithmicallyEnhanced", "screenCapture",
           "humanEdits", "minorHumanEdits", "softwareImage", "print", "positiveFilm", "negativeFilm",
           "computationalCapture", "digitalCapture")  # fmt: skip
_CODES = (*_BY_MACHINES, *_OTHERS)
"""All codes, the one that says most against a plain camera picture first."""

_STATED = re.compile(rb"cv\.iptc\.org/newscodes/digitalsourcetype/([A-Za-z]{1,60})")
_GENERATORS = re.compile(
    rb"\A(?:parameters|prompt|workflow|sd-metadata|invokeai_metadata|dream|generation_data)\0"
    rb"|\bSteps: \d+, Sampler\b|\"(?:sampler_name|ckpt_name|class_type)\"|\bNegative prompt:"
    rb"|\b(?:Stable ?Diffusion|Midjourney|DALL.{0,2}E\b|OpenAI|ChatGPT|NovelAI|InvokeAI|ComfyUI|Fooocus|DreamStudio|"
    rb"Adobe Firefly|Leonardo\.?AI|Ideogram|Bing Image Creator|Made with Google AI|"
    rb"Generated (?:by|with) AI|AI[- ]generated)"
    rb"|\bAISystemUsed\b|\bAIPromptInformation\b",
    re.IGNORECASE,
)  # fmt: skip


def source_type(untrusted_image: Buffer, media_type: str, said: str = "", camera: str = "") -> str:
    """The IRI of the source type to write on a photo; empty if nothing should be claimed.

    ``said`` is the photographer's word (a key of ``domain.photo.MADE``), ``camera`` what the decoder found of make and
    model (with a time) in a kind of file not read here. What the file says of machines counts before any word.
    """
    remarks, stated_in_xmp, by_camera = _evidence(untrusted_image, media_type)
    stated = {found.decode() for each in remarks for found in _STATED.findall(each)} & set(_CODES)
    machine = next((code for code in (*stated_in_xmp, *_CODES) if code in stated and code in _BY_MACHINES), None)
    if machine is not None:
        return VOCABULARY + machine
    word = MADE.get(said, "")
    if word and said != "camera":
        return VOCABULARY + word
    if any(_GENERATORS.search(each) for each in remarks):
        return ""
    other = next((code for code in (*stated_in_xmp, *_CODES) if code in stated), None)
    if other is not None:
        return VOCABULARY + other
    # A maker's own format comes out of a camera; a DNG can be made from any picture.
    made_by_maker = format_of(media_type).raw and media_type != MediaType.DNG
    return CAMERA if word or by_camera or camera or made_by_maker else ""


def _evidence(untrusted_image: Buffer, media_type: str) -> tuple[list[bytes], list[str], bool]:
    """What stands beside the picture, the codes its own XMP names, and whether EXIF is a camera's."""
    if not takes_xmp(media_type):
        # Not taken apart here: the whole file is searched for an IRI that no coded picture holds by chance.
        found = [b"cv.iptc.org/newscodes/digitalsourcetype/" + each for each in _STATED.findall(untrusted_image)]
        return found, [], False
    try:
        photo = read_photo(untrusted_image, media_type)
    except Malformed:
        return [], [], False
    remarks = list(_readable(photo.remarks()))
    try:
        packet = photo.xmp() or b""
    except Malformed:
        packet = b""
    in_xmp = [found.decode() for each in _readable([packet]) for found in _STATED.findall(each)]
    return remarks, in_xmp, any(map(exif.from_camera, photo.exif_blocks()))


def _readable(remarks: Iterable[bytes]) -> Iterable[bytes]:
    """Each remark, and once more without its zero bytes: text of 16 bits is plain then."""
    for each in remarks:
        yield each
        if b"\0" in each:
            yield each.replace(b"\0", b"")

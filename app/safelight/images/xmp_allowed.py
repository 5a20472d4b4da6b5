"""Which properties of somebody else's XMP stay: how and when the picture was taken and developed, and nothing else.

A property stays if its namespace, its name and its value are known to be harmless; whatever a program invents tomorrow
goes. Sources: ISO 16684-1, Exif 3.0 in XMP (CIPA DC-010), Adobe XMP specification part 2.
"""

from __future__ import annotations

import re

from .exif_values import PROGRAM
from .xmp_names import NAMESPACES
from .xmp_values import Items, Value

TIFF = "http://ns.adobe.com/tiff/1.0/"
_XMP, _EXIF = "http://ns.adobe.com/xap/1.0/", "http://ns.adobe.com/exif/1.0/"
_AUX, _EXIF_EX = "http://ns.adobe.com/exif/1.0/aux/", "http://cipa.jp/exif/1.0/"
_CRS = "http://ns.adobe.com/camera-raw-settings/1.0/"

PREFIXES = {
    **NAMESPACES, "tiff": TIFF, "xmp": _XMP, "exif": _EXIF, "aux": _AUX, "exifEX": _EXIF_EX, "crs": _CRS,
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
}  # fmt: skip
"""The prefixes everybody uses; those a packet brings along are somebody's words."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,12}|/[0-9]{1,12})?")
_NUMBERS = re.compile(rf"{_NUMBER.pattern}(?: {_NUMBER.pattern}){{0,7}}")
_TRUTH = re.compile(rf"[Tt]rue|[Ff]alse|{_NUMBER.pattern}")
_TIME = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}(?:T[0-9:.]{4,18}(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?)?)?")
_OFFSET = re.compile(r"[+-][0-9]{2}:[0-9]{2}|Z")
_DEVICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .,:;()/&*'+_|-]{0,63}")
_LABEL = re.compile(
    "Red|Yellow|Green|Blue|Purple|Select|Second|Approved|Review|To Do|Winner|Winner alt|Superior|Superior alt|Typical|"
    "Typical alt|Extras|Trash|Rot|Gelb|Grün|Blau|Lila|Rouge|Jaune|Vert|Bleu|Violet|Rojo|Amarillo|Verde|Azul|Púrpura"
)
"""The labels programs come with; one that somebody named may name somebody."""

_ALLOWED: dict[str, dict[str, re.Pattern[str]]] = {
    _XMP: {
        "Rating": re.compile(r"-1|[0-5](?:\.[0-9]{1,2})?"), "Label": _LABEL, "CreatorTool": PROGRAM,
        **dict.fromkeys(("CreateDate", "ModifyDate", "MetadataDate"), _TIME),
    },
    NAMESPACES["dc"]: {"format": re.compile(r"image/[a-z0-9.+-]{1,30}"), "date": _TIME},
    NAMESPACES["photoshop"]: {"DateCreated": _TIME, "ColorMode": _NUMBER, "Urgency": _NUMBER},
    NAMESPACES["Iptc4xmpExt"]: dict.fromkeys(("AISystemUsed", "AISystemVersionUsed"), _DEVICE),
    TIFF: {
        "Make": _DEVICE, "Model": _DEVICE, "Orientation": re.compile("[1-8]"), "Software": PROGRAM, "DateTime": _TIME,
        **dict.fromkeys(
            ("ImageWidth", "ImageLength", "BitsPerSample", "Compression", "PhotometricInterpretation",
             "SamplesPerPixel", "PlanarConfiguration", "YCbCrPositioning", "YCbCrSubSampling", "XResolution",
             "YResolution", "ResolutionUnit"), _NUMBER),
    },
    _EXIF: {
        **dict.fromkeys(("DateTimeOriginal", "DateTimeDigitized"), _TIME), "Flash": _TRUTH,
        **dict.fromkeys(
            ("ExifVersion", "FlashpixVersion", "ColorSpace", "ComponentsConfiguration", "CompressedBitsPerPixel",
             "PixelXDimension", "PixelYDimension", "ExposureTime", "FNumber", "ExposureProgram", "ISOSpeedRatings",
             "PhotographicSensitivity", "SensitivityType", "RecommendedExposureIndex", "ShutterSpeedValue",
             "ApertureValue", "BrightnessValue", "ExposureBiasValue", "MaxApertureValue", "SubjectDistance",
             "MeteringMode", "LightSource", "FocalLength", "FocalLengthIn35mmFilm", "FlashEnergy",
             "FocalPlaneXResolution", "FocalPlaneYResolution", "FocalPlaneResolutionUnit", "ExposureIndex",
             "SensingMethod", "FileSource", "SceneType", "CustomRendered", "ExposureMode", "WhiteBalance",
             "DigitalZoomRatio", "SceneCaptureType", "GainControl", "Contrast", "Saturation", "Sharpness",
             "SubjectDistanceRange", "Gamma"), _NUMBER),
    },
    _EXIF_EX: {
        "LensMake": _DEVICE, "LensModel": _DEVICE,
        **dict.fromkeys(("OffsetTime", "OffsetTimeOriginal", "OffsetTimeDigitized"), _OFFSET),
        **dict.fromkeys(
            ("LensSpecification", "PhotographicSensitivity", "SensitivityType", "StandardOutputSensitivity",
             "RecommendedExposureIndex", "ISOSpeed", "Gamma", "CompositeImage"), _NUMBER),
    },
    _AUX: {
        "Lens": _DEVICE, "LensInfo": _NUMBERS, "LensDistortInfo": _NUMBERS,
        **dict.fromkeys(("LensID", "ApproximateFocusDistance", "FlashCompensation"), _NUMBER),
    },
}  # fmt: skip

_CRS_NAME = re.compile("[A-Z][A-Za-z0-9]{1,40}")
_MOST_ITEMS = 16


def allowed(namespace: str, name: str, value: Value) -> bool:
    """Whether a property with this value travels with every exported photo."""
    if namespace == _CRS:  # sliders of a raw converter: numbers; its texts name files, presets and people
        return _CRS_NAME.fullmatch(name) is not None and isinstance(value, str) and _matches(_TRUTH, value)
    pattern = _ALLOWED.get(namespace, {}).get(name)
    if pattern is None:
        return False
    if isinstance(value, dict):
        return name == "Flash" and all(
            each.startswith(f"{{{_EXIF}}}") and isinstance(inner, str) and _matches(pattern, inner)
            for each, inner in value.items()
        )
    if isinstance(value, Items):
        texts = [text for _, text in value.items]
        several = name != "Orientation" and len(texts) <= _MOST_ITEMS
        return several and all(isinstance(each, str) and _matches(pattern, each) for each in texts)
    return _matches(pattern, value)


def _matches(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.fullmatch(text.strip()) is not None

"""The names of XMP: namespaces, which properties are ours to write, and why those of others go that do not stay.

What stays is in ``xmp_allowed``; the reasons here are for people to read, and for what may be kept on request.
"""

from __future__ import annotations

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML = "http://www.w3.org/XML/1998/namespace"
META = "adobe:ns:meta/"
PLUS_VOCABULARY = "http://ns.useplus.org/ldf/vocab/"
ODRL = "http://www.w3.org/ns/odrl/2/"

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}
"""What we write, by the prefix everybody uses."""

RIGHTS, LOCATION, SERIALS, NAMES = "rights", "location", "serials", "names"
HISTORY, PICTURES, OTHER = "history", "pictures", "other properties"
"""Why a property goes. ``location``, ``serials`` and ``names`` may be kept on request; the others never are:
somebody else's rights statement would contradict ours, an editing history holds file names, a thumbnail is a face,
and of ``other properties`` nobody knows what they say."""

KEEPABLE = frozenset({LOCATION, SERIALS, NAMES})

_XMP = "http://ns.adobe.com/xap/1.0/"
_EXIF = "http://ns.adobe.com/exif/1.0/"

_WHOLE = {
    NAMESPACES["plus"]: RIGHTS,
    NAMESPACES["xmpRights"]: RIGHTS,
    "http://creativecommons.org/ns#": RIGHTS,
    "http://web.resource.org/cc/": RIGHTS,
    "http://prismstandard.org/namespaces/prismusagerights/2.1/": RIGHTS,
    _XMP + "mm/": HISTORY,
    _XMP + "sType/ManifestItem#": HISTORY,
    "http://ns.adobe.com/xmp/note/": HISTORY,  # points at an extended packet that is not carried on
    "http://ns.adobe.com/photoshop/1.0/panorama-profile": HISTORY,
    _XMP + "g/img/": PICTURES,
    "http://ns.google.com/photos/1.0/image/": PICTURES,
    "http://ns.google.com/photos/1.0/depthmap/": PICTURES,
    "http://ns.google.com/photos/1.0/container/": PICTURES,
    "http://ns.google.com/photos/1.0/camera/": PICTURES,
    "http://ns.adobe.com/hdr-gain-map/1.0/": PICTURES,
    "http://www.metadataworkinggroup.com/schemas/regions/": NAMES,
    "http://www.metadataworkinggroup.com/schemas/keywords/": NAMES,
    "http://www.metadataworkinggroup.com/schemas/collections/": NAMES,
    "http://ns.microsoft.com/photo/1.0/": NAMES,
    "http://ns.microsoft.com/photo/1.0": NAMES,
    "http://ns.microsoft.com/photo/1.2/": NAMES,
    "http://ns.microsoft.com/photo/1.2/t/RegionInfo#": NAMES,
    "http://ns.microsoft.com/photo/1.2/t/Region#": NAMES,
    "http://ns.apple.com/faceinfo/1.0/": NAMES,
    "http://ns.adobe.com/lightroom/1.0/": NAMES,
    "http://ns.adobe.com/lightroomSettings/1.0/": NAMES,
    "http://www.digikam.org/ns/1.0/": NAMES,
    "http://www.digikam.org/ns/kipi/1.0/": NAMES,
    "http://ns.iview-media.com/mediapro/1.0/": NAMES,
    "http://ns.microsoft.com/expressionmedia/1.0/": NAMES,
    "http://ns.acdsee.com/iptc/1.0/": NAMES,
    "http://ns.acdsee.com/regions/": NAMES,
    "http://ns.camerabits.com/photomechanic/1.0/": NAMES,
    "http://xmp.gettyimages.com/gift/1.0/": NAMES,
    "http://www.dji.com/drone-dji/1.0/": LOCATION,
}

_NAMED: dict[str, dict[str, frozenset[str]]] = {
    _XMP: {PICTURES: frozenset({"Thumbnails"}), NAMES: frozenset({"Author", "Nickname", "Identifier", "BaseURL"})},
    NAMESPACES["photoshop"]: {
        RIGHTS: frozenset({"Credit", "Instructions", "Source", "CopyrightFlag"}),
        LOCATION: frozenset({"City", "State", "Country"}),
        NAMES: frozenset({"Headline", "CaptionWriter", "AuthorsPosition", "TransmissionReference", "TextLayers"}),
        HISTORY: frozenset({"DocumentAncestors", "History", "EmbeddedXMPDigest", "LegacyIPTCDigest"}),
    },
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": {
        LOCATION: frozenset({"Location", "CountryCode"}),
        NAMES: frozenset({"CreatorContactInfo", "AltTextAccessibility", "ExtDescrAccessibility"}),
    },
    "http://ns.adobe.com/camera-raw-settings/1.0/": {HISTORY: frozenset({"RawFileName"})},
    "http://ns.adobe.com/tiff/1.0/": {NAMES: frozenset({"Artist", "Copyright", "ImageDescription", "HostComputer"})},
    _EXIF: {
        NAMES: frozenset({"Artist", "Copyright", "ImageDescription", "UserComment", "MakerNote", "RelatedSoundFile"}),
        SERIALS: frozenset({"ImageUniqueID"}),
    },
    _EXIF + "aux/": {
        SERIALS: frozenset({"SerialNumber", "LensSerialNumber", "ImageNumber", "FirmwareInfo"}),
        NAMES: frozenset({"OwnerName"}),
    },
    "http://cipa.jp/exif/1.0/": {
        SERIALS: frozenset({"BodySerialNumber", "LensSerialNumber"}),
        NAMES: frozenset({"CameraOwnerName", "Photographer", "ImageEditor", "ImageTitle"}),
    },
}

_MOSTLY = {
    NAMESPACES["dc"]: NAMES,
    NAMESPACES["Iptc4xmpExt"]: RIGHTS,
    "http://ns.adobe.com/pdf/1.3/": NAMES,
    "http://ns.adobe.com/pdfx/1.3/": NAMES,
    "http://rs.tdwg.org/dwc/terms/": LOCATION,
}
_RIGHTS_IN_DC = frozenset({"creator", "rights", "publisher", "contributor"})
_PLACES_IN_EXT = frozenset({"LocationShown", "LocationCreated"})


def why_removed(namespace: str, name: str) -> str:
    """The reason a property that is not allowed does not travel with an exported photo."""
    if namespace in _WHOLE:
        return _WHOLE[namespace]
    if namespace == _EXIF and name.startswith("GPS"):
        return LOCATION
    if name in _RIGHTS_IN_DC and namespace == NAMESPACES["dc"]:
        return RIGHTS
    if name in _PLACES_IN_EXT and namespace == NAMESPACES["Iptc4xmpExt"]:
        return LOCATION
    for reason, names in _NAMED.get(namespace, {}).items():
        if name in names:
            return reason
    return _MOSTLY.get(namespace, OTHER)

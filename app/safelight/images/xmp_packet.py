"""The XMP packet of an exported photo: our marks beside what may stay of what was there.

Sources: ISO 16684-1 (XMP), IPTC Photo Metadata Standard 2025.1, PLUS LDF 2.0.1. Others' properties stay if
``xmp_allowed`` knows them to be harmless. XML is parsed without entities, DTD and network. Only XMP is written: the
older EXIF and IPTC-IIM fields for the same facts hold less (no scopes, no ids) and would drift apart.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from safelight.domain.document_type import DocumentType
from safelight.domain.errors import WrongUsage

from .rights_marks import DataMining, ModelRelease, RightsMarks
from .xmp_allowed import TIFF
from .xmp_names import NAMESPACES, ODRL, PLUS_VOCABULARY, RDF, XML
from .xmp_tree import (
    ABOUT,
    DESCRIPTION,
    Properties,
    add_properties,
    descriptions,
    empty,
    filtered,
    parsed,
    properties,
    rdf_of,
    serialised,
    wrong,
)

MOST_PACKET_BYTES = 65_502
"""What one JPEG APP1 segment holds beside the name of XMP; a packet is never longer, so no reader needs ExtendedXMP."""

_LI, _PARSE_TYPE, _LANGUAGE = f"{{{RDF}}}li", f"{{{RDF}}}parseType", f"{{{XML}}}lang"
_ORIENTATION = f"{{{TIFF}}}Orientation"
_TURNED = re.compile(rb"""tiff:Orientation\s*(?:=\s*["']|>)\s*([1-8])\s*["'<]""")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Value = Any
"""What a property holds: str, ``{"alt": str}``, ``("Bag"|"Seq", [Value, ...])`` or a dict of names to values."""


def merge(
    untrusted_old: bytes | None, marks: RightsMarks, keep: frozenset[str] = frozenset(), turned: int | None = None
) -> bytes:
    """The packet for an exported photo. ``keep``: any of ``location``, ``serials``, ``names``.

    ``turned`` (1 to 8) is written as the orientation if the old packet says none. If everything together is longer than
    :data:`MOST_PACKET_BYTES`, others' properties but the orientation are left out. Raises :class:`Malformed` if the old
    packet is no XMP and :class:`WrongUsage` if our own marks alone do not fit.
    """
    root = filtered(untrusted_old, keep)[0] if untrusted_old else empty()
    stated = properties(root).get(_ORIENTATION)
    turned = turned if stated is None else int((stated if isinstance(stated, str) else stated.text) or 1)
    written = serialised(_with_marks(root if stated is not None else _turned(root, turned), marks))
    if len(written) > MOST_PACKET_BYTES and untrusted_old:
        written = serialised(_with_marks(_turned(empty(), turned), marks))
    if len(written) > MOST_PACKET_BYTES:
        raise WrongUsage("The rights statement is too long for a photo.", "Link the policy instead of embedding it.")
    return written


def without_private(untrusted_packet: bytes, keep: frozenset[str] = frozenset()) -> bytes | None:
    """The packet with nothing but what may stay; None if nothing is left. Raises Malformed."""
    root, _ = filtered(untrusted_packet, keep)
    written = serialised(root) if descriptions(root) else None
    return written if written is None or len(written) <= MOST_PACKET_BYTES else None


def turning(turned: int | None) -> bytes | None:
    """A packet that says nothing but how the picture is turned; None if that is not known."""
    return serialised(_turned(empty(), turned)) if turned else None


def turned_by(untrusted_packet: bytes) -> int | None:
    """The orientation (1 to 8) that readers find in a packet, even in one that is no XML any more."""
    found = _TURNED.search(untrusted_packet.replace(b"\0", b"") if b"\0" in untrusted_packet[:8] else untrusted_packet)
    return int(found[1]) if found else None


def removed_from(untrusted_packet: bytes) -> dict[str, str]:
    """The properties that would go, by name, each with the reason (``location``, ``names`` ...). Raises Malformed."""
    return filtered(untrusted_packet, frozenset())[1]


def private_in(untrusted_packet: bytes) -> frozenset[str]:
    """Why something in the packet would go (``location``, ``serials``, ``names`` ...). Raises Malformed."""
    return frozenset(removed_from(untrusted_packet).values())


def read_marks(untrusted_packet: bytes) -> RightsMarks:
    """The marks a packet carries, as an agency reads them; ``training`` is C2PA's and stays at its default.

    Raises :class:`Malformed` when a property has another shape or code than we ever write.
    """
    found = properties(parsed(untrusted_packet))
    owner = _structures(found, "plus:CopyrightOwner")
    licensor = _structures(found, "plus:Licensor")
    embedded = _structures(found, "Iptc4xmpExt:EmbdEncRightsExpr")
    linked = _structures(found, "Iptc4xmpExt:LinkedEncRightsExpr")
    people = [each for entry in _nodes(found, "Iptc4xmpExt:PersonInImageWDetails") for each in _list(entry, "PersonId")]
    try:
        return RightsMarks(
            guid=_text(found, "Iptc4xmpExt:DigImageGUID"),
            creator=_texts(found, "dc:creator"),
            copyright_notice=_text(found, "dc:rights"),
            copyright_owner=_first(owner, "plus:CopyrightOwnerName"),
            copyright_owner_id=_first(owner, "plus:CopyrightOwnerID"),
            credit_line=_text(found, "photoshop:Credit"),
            licensor_name=_first(licensor, "plus:LicensorName"),
            licensor_email=_first(licensor, "plus:LicensorEmail"),
            licensor_url=_first(licensor, "plus:LicensorURL"),
            usage_terms=_text(found, "xmpRights:UsageTerms"),
            instructions=_text(found, "photoshop:Instructions"),
            web_statement=_text(found, "xmpRights:WebStatement"),
            subjects=tuple(people),
            receipts=_texts(found, "plus:ModelReleaseID"),
            policy=_first(embedded, "Iptc4xmpExt:EncRightsExpr").encode(),
            policy_link=_first(linked, "Iptc4xmpExt:LinkedRightsExpr"),
            model_release=ModelRelease(_code(found, "plus:ModelReleaseStatus")),
            minor_age=_code(found, "plus:MinorModelAgeDisclosure"),
            data_mining=DataMining(_code(found, "plus:DataMining")),
            other_constraints=_text(found, "plus:OtherConstraints"),
            person_names=_texts(found, "Iptc4xmpExt:PersonInImage"),
            source_type=_text(found, "Iptc4xmpExt:DigitalSourceType"),
        )
    except ValueError as error:
        raise wrong(str(error)[:200]) from None


# Writing ---------------------------------------------------------------------------------------------------------


def _values(marks: RightsMarks) -> dict[str, Value]:
    """Every property we write, in IPTC's shapes; empty ones are left out."""
    expression = {"Iptc4xmpExt:RightsExprEncType": DocumentType.JSON_LD.value, "Iptc4xmpExt:RightsExprLangId": ODRL}
    embedded = {"Iptc4xmpExt:EncRightsExpr": marks.policy.decode(), **expression}
    linked = {"Iptc4xmpExt:LinkedRightsExpr": marks.policy_link, **expression}
    owner = {
        "plus:CopyrightOwnerID": marks.copyright_owner_id,
        "plus:CopyrightOwnerName": marks.copyright_owner,
    }
    licensor = {
        "plus:LicensorName": marks.licensor_name,
        "plus:LicensorEmail": marks.licensor_email,
        "plus:LicensorURL": marks.licensor_url,
    }
    registry = [
        {"Iptc4xmpExt:RegItemId": each, "Iptc4xmpExt:RegOrgId": marks.copyright_owner_id} for each in marks.receipts
    ]
    values: dict[str, Value] = {
        "dc:creator": ("Seq", marks.creator),
        "dc:rights": {"alt": marks.copyright_notice},
        "xmpRights:Marked": "True",
        "xmpRights:UsageTerms": {"alt": marks.usage_terms},
        "xmpRights:WebStatement": marks.web_statement,
        "photoshop:Credit": marks.credit_line,
        "photoshop:Instructions": marks.instructions,
        "plus:CopyrightOwner": ("Seq", [owner] if marks.copyright_owner else []),
        "plus:Licensor": ("Seq", [licensor] if marks.licensor_name else []),
        "plus:ModelReleaseStatus": PLUS_VOCABULARY + marks.model_release.value,
        "plus:ModelReleaseID": ("Bag", marks.receipts),
        "plus:MinorModelAgeDisclosure": PLUS_VOCABULARY + marks.minor_age,
        "plus:DataMining": PLUS_VOCABULARY + marks.data_mining.value,
        "plus:OtherConstraints": {"alt": marks.other_constraints},
        "Iptc4xmpExt:DigImageGUID": marks.guid,
        "Iptc4xmpExt:DigitalSourceType": marks.source_type,
        "Iptc4xmpExt:PersonInImage": ("Bag", marks.person_names),
        "Iptc4xmpExt:PersonInImageWDetails": (
            "Bag",
            [{"Iptc4xmpExt:PersonId": ("Bag", [each])} for each in marks.subjects],
        ),
        "Iptc4xmpExt:RegistryId": ("Bag", registry),
        "Iptc4xmpExt:EmbdEncRightsExpr": ("Bag", [embedded] if marks.policy else []),
        "Iptc4xmpExt:LinkedEncRightsExpr": ("Bag", [linked] if marks.policy_link else []),
    }
    return {name: value for name, value in values.items() if value not in ("", {"alt": ""}) and not _no_items(value)}


def _no_items(value: Value) -> bool:
    return isinstance(value, tuple) and not value[1]


def _turned(root: etree._Element, turned: int | None) -> etree._Element:
    if turned:
        add_properties(root, {_ORIENTATION: str(turned)})
    return root


def _with_marks(root: etree._Element, marks: RightsMarks) -> etree._Element:
    description = etree.SubElement(rdf_of(root), DESCRIPTION, nsmap=dict(NAMESPACES))
    description.set(ABOUT, "")
    for name, value in _values(marks).items():
        _write(etree.SubElement(description, _tag(name)), value)
    return root


def _write(element: etree._Element, value: Value) -> None:
    if isinstance(value, str):
        element.text = _NOT_XML.sub(" ", value)  # a name with a control character must not stop an export
    elif isinstance(value, tuple):
        kind, items = value
        array = etree.SubElement(element, f"{{{RDF}}}{kind}")
        for item in items:
            _write(etree.SubElement(array, _LI), item)
    elif "alt" in value:
        item = etree.SubElement(etree.SubElement(element, f"{{{RDF}}}Alt"), _LI)
        item.set(_LANGUAGE, "x-default")
        _write(item, value["alt"])
    else:
        element.set(_PARSE_TYPE, "Resource")
        for name, inner in value.items():
            if inner:
                _write(etree.SubElement(element, _tag(name)), inner)


def _tag(name: str) -> str:
    prefix, local = name.split(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


# Reading ---------------------------------------------------------------------------------------------------------


def _text(found: Properties, name: str) -> str:
    value = found.get(_tag(name), "")
    if isinstance(value, str):
        return value
    if not len(value):
        return value.text or ""
    items = value.findall(f"{{{RDF}}}Alt/{_LI}")
    if not items or len(items[0]):
        raise wrong(f"{name} is no text")
    return next((each for each in items if each.get(_LANGUAGE) == "x-default"), items[0]).text or ""


def _nodes(found: Properties, name: str) -> list[etree._Element]:
    value = found.get(_tag(name))
    if value is None:
        return []
    if isinstance(value, str) or len(value) != 1 or value[0].tag not in (f"{{{RDF}}}Bag", f"{{{RDF}}}Seq"):
        raise wrong(f"{name} is no list")
    return value[0].findall(_LI)


def _texts(found: Properties, name: str) -> tuple[str, ...]:
    return tuple(each.text or "" for each in _nodes(found, name))


def _structures(found: Properties, name: str) -> list[dict[str, str]]:
    return [{str(inner.tag): inner.text or "" for inner in each} for each in _nodes(found, name)]


def _list(entry: etree._Element, local: str) -> list[str]:
    return [each.text or "" for each in entry.findall(f"{_tag('Iptc4xmpExt:' + local)}/{{{RDF}}}Bag/{_LI}")]


def _first(structures: list[dict[str, str]], name: str) -> str:
    return structures[0].get(_tag(name), "") if structures else ""


def _code(found: Properties, name: str) -> str:
    value = _text(found, name)
    if not value.startswith(PLUS_VOCABULARY):
        raise wrong(f"{name} is no PLUS code")
    return value.removeprefix(PLUS_VOCABULARY)

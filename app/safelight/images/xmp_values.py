"""Values of XMP properties, taken out of whatever RDF a program chose and written again in the one form all read.

RDF has many spellings for one thing (attributes, nested descriptions, typed nodes, identifiers); Adobe's toolkit,
exiv2 and ExifTool each stumble over others of them. So nothing of another's tree is carried over, only values.
Source: ISO 16684-1, 6 and 7.
"""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

from lxml import etree

from .xmp_names import RDF, XML

_LI, _ABOUT, _PARSE_TYPE = f"{{{RDF}}}li", f"{{{RDF}}}about", f"{{{RDF}}}parseType"
_RESOURCE, _VALUE, _DESCRIPTION = f"{{{RDF}}}resource", f"{{{RDF}}}value", f"{{{RDF}}}Description"
_LANGUAGE = f"{{{XML}}}lang"
_ARRAYS = {f"{{{RDF}}}{kind}": kind for kind in ("Bag", "Seq", "Alt")}
_MOST_DEPTH = 8
_LANGUAGE_TAG = re.compile("[A-Za-z0-9-]{1,35}")


class Items(NamedTuple):
    """A list: ``Bag``, ``Seq`` or ``Alt``, and each item with its language (empty where it has none)."""

    kind: str
    items: tuple[tuple[str, Value], ...]


Value: TypeAlias = "str | Items | dict[str, Value]"
"""What a property holds: a text, a list, or a structure of fields by full name."""


def value_of(element: etree._Element, depth: int = 0) -> Value | None:
    """What a property element (or a list item) says; None for a form that XMP does not have."""
    if depth > _MOST_DEPTH:
        return None
    how, children = element.get(_PARSE_TYPE), list(element)
    if how == "Resource":
        return _structure(element, depth)
    if how is not None or len(children) > 1:
        return None
    if not children:
        fields = _attributes(element)
        return fields or element.get(_RESOURCE) or element.text or ""
    inner = children[0]
    if inner.tag in _ARRAYS:
        items = [(each.get(_LANGUAGE, ""), value_of(each, depth + 1)) for each in inner if each.tag == _LI]
        return Items(_ARRAYS[str(inner.tag)], tuple((language, item) for language, item in items if item is not None))
    return _structure(inner, depth) if inner.tag == _DESCRIPTION else None


def fields_of(node: etree._Element, depth: int = 0) -> list[tuple[str, Value | None]]:
    """The properties of a description, by full name, in both spellings: attributes and elements."""
    found: list[tuple[str, Value | None]] = list(_attributes(node).items())
    return found + [(str(each.tag), value_of(each, depth + 1)) for each in node]


def _structure(node: etree._Element, depth: int) -> Value:
    fields: dict[str, Value] = {}
    for name, value in fields_of(node, depth):
        if value is not None:
            fields.setdefault(name, value)
    return fields.get(_VALUE, fields)  # of a value with remarks on it the remarks go


def _attributes(node: etree._Element) -> dict[str, Value]:
    """Properties written as attributes. One without a namespace (``about``, ``ID`` of old programs) is none."""
    return {
        str(name): str(value)
        for name, value in node.attrib.items()
        if str(name).startswith("{") and (not str(name).startswith((f"{{{RDF}}}", f"{{{XML}}}")) or name == _VALUE)
    }


def add_property(parent: etree._Element, name: str, value: Value) -> None:
    """Write ``value`` as the property ``name`` (full) below ``parent``."""
    _fill(etree.SubElement(parent, name), value)


def _fill(element: etree._Element, value: Value) -> None:
    if isinstance(value, str):
        element.text = value
    elif isinstance(value, Items):
        array = etree.SubElement(element, f"{{{RDF}}}{value.kind}")
        for language, item in value.items:
            li = etree.SubElement(array, _LI)
            if _LANGUAGE_TAG.fullmatch(language):
                li.set(_LANGUAGE, language)
            _fill(li, item)
    else:
        element.set(_PARSE_TYPE, "Resource")
        for name, inner in value.items():
            add_property(element, name, inner)

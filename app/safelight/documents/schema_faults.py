"""Says in plain words where a document departs from a schema; one fault after the other, so that a caller can stop.

Whether a document is of its schema's form is for the schema library to say (``reading.validate``). The library however
works out every fault, each with a copy of what it is about, before it tells the first: a few megabytes of faults take
gigabytes. So what is told comes from here, lazily, in words for people, and never quotes the document's values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

Fault = tuple[str, str]
"""The path (a JSON pointer) and what is the case there."""
Schema = Mapping[str, Any] | bool
Rule = Callable[["_Walk", Mapping[str, Any], Any, str], Iterator[Fault]]

_KINDS: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
_KIND_WORDS = {
    "object": "an object",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}
_FORMS = {
    "age": "an age recipient (age1…)",
    "country": "a country code, two capital letters",
    "day": "a day like 2026-05-01",
    "fingerprint": "a fingerprint (SHA256:…)",
    "key": "an SSH public key (ssh-ed25519 AAAA…)",
    "language": "a language code like de",
    "organisation": "an age recipient (age1…), or org: and an id",
    "party": "party: and an age recipient, or party:org: and an id",
    "place": "loc: and a country code, or loc:EEA",
    "purpose": "a purpose like slc:use-editorial",
    "scope": "a use like use.editorial",
    "sha256": "a SHA-256, 64 lower-case hexadecimal digits",
    "signature": "an armored SSH signature",
    "time": "a time like 2026-05-01T10:14:32Z",
    "urn": "urn:uuid: and an id",
    "uuid": "an id (a random UUID in lower case)",
}
"""What a definition of a schema's ``$defs`` asks for, where it asks for text of one form."""
_MOST_NAMED = 12
"""So many allowed values are named; of more, the number is told."""


def faults_of(schema: Mapping[str, Any], value: Any) -> Iterator[Fault]:
    """Where ``value`` (plain JSON) departs from ``schema``, in the order of the schema; nothing when it fits.

    Knows the keywords that the schemas in ``resources/schemas`` use. Each fault is worked out when it is asked for.
    """
    return _Walk(schema).told(schema, value, "")


class _Walk:
    """One schema beside one value."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self.root = root
        self._rules: dict[int, tuple[Rule, ...]] = {}

    def told(self, schema: Schema, value: Any, path: str) -> Iterator[Fault]:
        """The faults of ``value`` at ``path``."""
        if isinstance(schema, bool):
            if not schema:
                yield path, "must not be there"
            return
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            form = _FORMS.get(name)
            if form is None:
                yield from self.told(self.root["$defs"][name], value, path)
            elif not self.fits(self.root["$defs"][name], value):
                yield path, f"must be {form}"
        if "type" in schema and not _is(value, schema["type"]):
            yield path, f"must be {_KIND_WORDS[schema['type']]}"
            return
        for rule in self._rules_of(schema):
            yield from rule(self, schema, value, path)

    def _rules_of(self, schema: Mapping[str, Any]) -> tuple[Rule, ...]:
        # By identity: the parts of the schema live as long as this walk does.
        found = self._rules.get(id(schema))
        if found is None:
            found = tuple(dict.fromkeys(rule for keyword, rule in RULES.items() if keyword in schema))
            self._rules[id(schema)] = found
        return found

    def fits(self, schema: Schema, value: Any) -> bool:
        """Whether there is no fault."""
        return next(self.told(schema, value, ""), None) is None

    def nearest(self, branches: Sequence[Schema], value: Any) -> Schema | None:
        """The one of several forms that ``value`` seems meant to be, None when it is like no one of them."""
        like = [each for each in branches if self._same_kind(each, value)]
        named = [each for each in like if self._same_name(each, value)]
        found = named or like
        return found[0] if len(found) == 1 else None

    def resolved(self, schema: Schema) -> Schema:
        """The schema itself, through its reference."""
        if isinstance(schema, Mapping) and "$ref" in schema:
            found: Schema = self.root["$defs"][schema["$ref"].rpartition("/")[2]]
            return found
        return schema

    def _same_kind(self, schema: Schema, value: Any) -> bool:
        schema = self.resolved(schema)
        return isinstance(schema, Mapping) and "type" in schema and _is(value, schema["type"])

    def _same_name(self, schema: Schema, value: Any) -> bool:
        """Whether the members of ``value`` that are fixed in this form are as it wants them."""
        schema = self.resolved(schema)
        if not isinstance(schema, Mapping) or not isinstance(value, dict):
            return False
        fixed = {name: each for name, each in schema.get("properties", {}).items() if "const" in each or "enum" in each}
        return bool(fixed) and all(name in value and self.fits(each, value[name]) for name, each in fixed.items())


def _is(value: Any, kind: str) -> bool:
    if type(value) is bool:
        return kind == "boolean"
    if kind == "integer" and type(value) is float:
        return value.is_integer()
    return isinstance(value, _KINDS[kind])


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    # In a schema $ is the end alone; in Python it would let a line break follow.
    return re.compile(re.sub(r"\$$", r"\\Z", text))


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _const(_walk: _Walk, schema: Mapping[str, Any], value: Any, path: str) -> Iterator[Fault]:
    if _canonical(value) != _canonical(schema["const"]):
        yield path, f"must be {_told_value(schema['const'])}"


def _enum(_walk: _Walk, schema: Mapping[str, Any], value: Any, path: str) -> Iterator[Fault]:
    allowed = schema["enum"]
    if _canonical(value) not in map(_canonical, allowed):
        few = len(allowed) <= _MOST_NAMED
        told = ", ".join(map(_told_value, allowed)) if few else f"the {len(allowed)} values that are allowed here"
        yield path, f"must be one of {told}" if len(allowed) > 1 else f"must be {told}"


def _told_value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _text(_walk: _Walk, schema: Mapping[str, Any], value: Any, path: str) -> Iterator[Fault]:
    if not isinstance(value, str):
        return
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    if len(value) < least:
        yield path, "must not be empty" if least == 1 else f"is shorter than {_count(least, 'character')}"
    elif most is not None and len(value) > most:
        yield path, f"is longer than {_count(most, 'character')}"
    elif "pattern" in schema and _pattern(schema["pattern"]).search(value) is None:
        yield path, "is not written the way it must be here"


def _number(_walk: _Walk, schema: Mapping[str, Any], value: Any, path: str) -> Iterator[Fault]:
    if type(value) not in (int, float):
        return
    if "minimum" in schema and value < schema["minimum"]:
        yield path, f"is less than {schema['minimum']}"
    if "maximum" in schema and value > schema["maximum"]:
        yield path, f"is more than {schema['maximum']}"


def _list(walk: _Walk, schema: Mapping[str, Any], value: Any, path: str) -> Iterator[Fault]:
    if not isinstance(value, list):
        return
    least, most = schema.get("minItems", 0), schema.get("maxItems")
    if len(value) < least:
        yield path, "must not be empty" if least == 1 else f"has fewer than {_count(least, 'entry', 'entries')}"
    if most is not None and len(value) > most:
        # Nobody is helped by hearing of each entry of a list that is too long anyway.
        yield path, f"has more than {_count(most, 'entry', 'entries')}"
        return
    if schema.get("uniqueItems") and len(set(map(_canonical, value))) < len(value):
        yield path, "names something twice"
    first = schema.get("prefixItems", ())
    for index, each in enumerate(value):
        rule = first[index] if index < len(first) else schema.get("items", True)
        if rule is not True:
            yield from walk.told(rule, each, f"{path}/{index}")
    if "contains" in schema and not any(walk.fits(schema["contains"], each) for each in value):
        yield path, "lacks an entry that must be in it"


def _object(walk: _Walk, schema: Mapping[str, Any], value: Any, path: str) -> Iterator[Fault]:
    if not isinstance(value, dict):
        return
    if len(value) > schema.get("maxProperties", len(value)):
        yield path, f"has more than {_count(schema['maxProperties'], 'key')}"
        return
    for name in schema.get("required", ()):
        if name not in value:
            yield _deeper(path, name), "is missing"
    known = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    for name, each in value.items():
        if name in known:
            yield from walk.told(known[name], each, _deeper(path, name))
        elif others is False:
            yield _deeper(path, name), "is not known here"
        elif others is not True:
            yield from walk.told(others, each, _deeper(path, name))
        if "propertyNames" in schema and not walk.fits(schema["propertyNames"], name):
            yield _deeper(path, name), "is not a name that is known here"
    for name, needed in schema.get("dependentRequired", {}).items():
        if name in value:
            yield from ((_deeper(path, each), "is missing") for each in needed if each not in value)


def _deeper(path: str, name: str) -> str:
    return f"{path}/" + name.replace("~", "~0").replace("/", "~1")


def _all(walk: _Walk, schema: Mapping[str, Any], value: Any, path: str) -> Iterator[Fault]:
    for each in schema["allOf"]:
        yield from walk.told(each, value, path)


def _choice(walk: _Walk, schema: Mapping[str, Any], value: Any, path: str) -> Iterator[Fault]:
    branches = schema.get("anyOf") or schema["oneOf"]
    if any(walk.fits(each, value) for each in branches):
        return
    meant = walk.nearest(branches, value)
    if meant is not None:
        yield from walk.told(meant, value, path)
        return
    words = [_form_of(each, walk.resolved(each)) for each in branches]
    known = [each for each in dict.fromkeys(words) if each]
    complete = len(known) == len(set(words))
    yield path, f"must be {' or '.join(known)}" if complete else "has none of the forms that are allowed here"


def _form_of(schema: Schema, resolved: Schema) -> str:
    """What a form is called in a sentence; empty when there is no short way to say it."""
    if not isinstance(schema, Mapping) or not isinstance(resolved, Mapping):
        return ""
    form = _FORMS.get(schema.get("$ref", "").rpartition("/")[2]) or _KIND_WORDS.get(resolved.get("type", ""))
    if form is None and len(resolved.get("enum", ())) in range(1, _MOST_NAMED):
        form = ", ".join(map(_told_value, resolved["enum"]))
    return form or ""


def _condition(walk: _Walk, schema: Mapping[str, Any], value: Any, path: str) -> Iterator[Fault]:
    then = "then" if walk.fits(schema["if"], value) else "else"
    yield from walk.told(schema.get(then, True), value, path)


RULES: Mapping[str, Rule] = {
    "const": _const,
    "enum": _enum,
    **dict.fromkeys(("minLength", "maxLength", "pattern"), _text),
    **dict.fromkeys(("minimum", "maximum"), _number),
    **dict.fromkeys(("minItems", "maxItems", "uniqueItems", "prefixItems", "items", "contains"), _list),
    **dict.fromkeys(("properties", "required", "additionalProperties", "propertyNames", "maxProperties"), _object),
    "dependentRequired": _object,
    "allOf": _all,
    **dict.fromkeys(("anyOf", "oneOf"), _choice),
    "if": _condition,
}
"""Every keyword that is known, and the function that looks at it."""

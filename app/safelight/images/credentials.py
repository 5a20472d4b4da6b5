"""The C2PA manifest definition of an exported photo: how it came to be, what machines may not do, its rights in short.

Pure data in the shape the C2PA software development kit reads. Sources: C2PA technical specification 2.4 (actions),
CAWG Training and Data Mining Assertion 1.1 and CAWG Metadata Assertion 1.1. The prose of the former says
``constraints_info``, its schema and example ``constraint_info``: the schema's name is written.
"""

from __future__ import annotations

from typing import Any

from .rights_marks import MiningMark, RightsMarks
from .xmp_names import NAMESPACES, PLUS_VOCABULARY

TRAINING_LABEL = "cawg.training-mining"
METADATA_LABEL = "cawg.metadata"
_ORIGINAL = "original"


def manifest_definition(marks: RightsMarks, media_type: str, title: str, version: str) -> dict[str, Any]:
    """The definition for one photo. ``title`` is the name of the member (never a person's), ``version`` ours."""
    # What was made how is claimed only where it is known; else the photo is one that was there and got its marks.
    first = (
        {"action": "c2pa.created", "digitalSourceType": marks.source_type}
        if marks.source_type
        else {"action": "c2pa.opened", "parameters": {"ingredientIds": [_ORIGINAL]}}
    )
    original = {"label": _ORIGINAL, "title": "original", "format": media_type, "relationship": "parentOf"}
    return {
        "claim_generator_info": [{"name": "Safelight", "version": version}],
        "title": title,
        "format": media_type,
        "assertions": [
            _stated("c2pa.actions.v2", {"actions": [first, {"action": "c2pa.edited.metadata"}]}),
            _stated(TRAINING_LABEL, {"entries": training_entries(marks)}),
            _stated(METADATA_LABEL, _metadata(marks)) | {"kind": "Json"},
        ],
        "ingredients": [] if marks.source_type else [original],
    }


def training_entries(marks: RightsMarks) -> dict[str, dict[str, str]]:
    """The four entries of ``cawg.training-mining``."""
    training = marks.training
    return {
        "cawg.ai_inference": _entry(training.inference),
        "cawg.ai_training": _entry(training.training),
        "cawg.ai_generative_training": _entry(training.generative_training),
        "cawg.data_mining": _entry(training.data_mining),
    }


def _stated(label: str, data: dict[str, Any]) -> dict[str, Any]:
    """An assertion the signer makes itself; left alone it would count as merely gathered from somebody (C2PA 2.4)."""
    return {"label": label, "created": True, "data": data}


def _entry(mark: MiningMark) -> dict[str, str]:
    return {"use": mark.use.value, "constraint_info": mark.limits} if mark.limits else {"use": mark.use.value}


def _metadata(marks: RightsMarks) -> dict[str, Any]:
    used = ("plus", "Iptc4xmpExt", "xmpRights", "dc")
    data: dict[str, Any] = {
        "@context": {prefix: NAMESPACES[prefix] for prefix in used},
        "plus:DataMining": PLUS_VOCABULARY + marks.data_mining.value,
        "plus:ModelReleaseStatus": PLUS_VOCABULARY + marks.model_release.value,
        "plus:ModelReleaseID": list(marks.receipts),
        "Iptc4xmpExt:DigImageGUID": marks.guid,
        "xmpRights:WebStatement": marks.web_statement,
        "dc:rights": marks.copyright_notice,
    }
    return {key: value for key, value in data.items() if value}

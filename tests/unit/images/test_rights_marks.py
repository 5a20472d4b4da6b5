"""The codes on a photo never say more than people granted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import hypothesis.strategies as st
import pytest
from hypothesis import given

from safelight.domain.ids import Country, StudioId
from safelight.domain.people import Studio
from safelight.images.credentials import manifest_definition, training_entries
from safelight.images.rights_marks import (
    MOST_POLICY_BYTES,
    Allowed,
    DataMining,
    MiningUse,
    ModelRelease,
    RightsMarks,
    marks_for,
    minor_age,
)
from safelight.images.source_type import CAMERA
from safelight.settings.resources import read_json

STUDIO = Studio(StudioId("3e6f2f9e-9a5d-4f5c-b1c9-1f3f5e2b7a01"), "Lamp Studio", Country("DE"), "https://lamp.example/")
DPV = {each["id"]: each["dpv"] for each in read_json("rules/scopes.json")["scopes"] if each["kind"] != "notice"}
AI = "https://w3id.org/dpv/ai#"
ENTRIES = {"cawg.ai_inference", "cawg.ai_training", "cawg.ai_generative_training", "cawg.data_mining"}


def marks_of(*uses: str, policy: bytes = b"{}", link: str = "", receipts: tuple[str, ...] = ("r",)) -> RightsMarks:
    allowed = Allowed(frozenset(uses), ("Some use",), "DE", date(2028, 5, 1), "Agency X")
    return marks_for("g", STUDIO, allowed, policy=policy, policy_link=link, receipts=receipts)


def test_where_no_ai_use_is_granted_everything_is_forbidden_but_search() -> None:
    marks = marks_of("use.portfolio", "use.stock")
    assert marks.data_mining is DataMining.ONLY_SEARCH
    assert marks.model_release is ModelRelease.LIMITED
    assert training_entries(marks) == {each: {"use": "notAllowed"} for each in ENTRIES}
    assert "No AI or machine learning training." in marks.usage_terms


@pytest.mark.parametrize(
    ("uses", "constrained"),
    [
        ({"ai.train-generative"}, {"cawg.ai_generative_training"}),
        ({"ai.train-recognition"}, {"cawg.ai_training"}),
        ({"ai.train-generative", "ai.train-recognition"}, {"cawg.ai_training", "cawg.ai_generative_training"}),
        ({"use.research", "ai.retouch", "ai.replica", "bio.template"}, set()),
    ],
)
def test_a_granted_training_is_constrained_and_says_how(uses: set[str], constrained: set[str]) -> None:
    entries = training_entries(marks_of(*uses))
    assert {name for name, entry in entries.items() if entry["use"] == "constrained"} == constrained
    for name in constrained:
        assert entries[name]["constraint_info"] == "Only Agency X, DE until 2028-05-01. Consent receipt urn:uuid:r."


@pytest.mark.parametrize("use", DPV)
def test_exactly_the_uses_that_the_rules_call_training_are_marked_as_training(use: str) -> None:
    entries = training_entries(marks_of(use))
    marked = {name for name, entry in entries.items() if entry["use"] == "constrained"}
    if f"{AI}ModelTraining" not in DPV[use]:
        assert marked == set()
    elif f"{AI}ImageGeneration" in DPV[use]:
        assert marked == {"cawg.ai_generative_training"}
    else:
        assert marked == {"cawg.ai_training"}


@given(st.sets(st.sampled_from(sorted(DPV))), st.booleans(), st.booleans())
def test_nothing_is_ever_simply_allowed(uses: set[str], embedded: bool, linked: bool) -> None:
    marks = marks_of(*uses, policy=b"{}" if embedded else b"", link="https://lamp.example/p" if linked else "")
    training = marks.training
    entries = training_entries(marks)
    assert entries.keys() == ENTRIES
    assert {each["use"] for each in entries.values()} <= {"notAllowed", "constrained"}
    assert all(each.get("constraint_info") for each in entries.values() if each["use"] == "constrained")
    assert (training.generative_training.use is MiningUse.CONSTRAINED) == ("ai.train-generative" in uses)
    assert (training.training.use is MiningUse.CONSTRAINED) == ("ai.train-recognition" in uses)
    assert training.inference.use is training.data_mining.use is MiningUse.NOT_ALLOWED
    granted = bool(uses & {"ai.train-generative", "ai.train-recognition"})
    assert marks.data_mining.startswith("DMI-PROHIBITED")
    assert (marks.data_mining is DataMining.ONLY_SEARCH) == (not granted)
    if granted:
        expected = (
            DataMining.SEE_EMBEDDED if embedded else DataMining.SEE_LINKED if linked else DataMining.SEE_CONSTRAINT
        )
        assert marks.data_mining is expected


def test_a_policy_too_long_for_one_segment_is_linked() -> None:
    marks = marks_of("ai.train-generative", policy=b"x" * (MOST_POLICY_BYTES + 1), link="https://lamp.example/p")
    assert marks.policy == b""
    assert marks.data_mining is DataMining.SEE_LINKED


def test_without_receipt_there_is_no_release() -> None:
    assert marks_of(receipts=()).model_release is ModelRelease.NONE


@pytest.mark.parametrize(
    ("ages", "code"),
    [
        ([25], "AG-A25"), ([70, 24], "AG-A24"), ([18], "AG-A18"), ([17], "AG-A17"), ([15], "AG-A15"), ([14], "AG-U14"),
        ([0], "AG-U14"), ([], "AG-UNK"), ([None], "AG-UNK"), ([40, None], "AG-UNK"), ([16, None], "AG-A16"),
    ],
)  # fmt: skip
def test_the_age_code_is_that_of_the_youngest(ages: list[int | None], code: str) -> None:
    assert minor_age(ages) == code


def test_the_manifest_says_the_same_as_the_packet() -> None:
    marks = marks_of("ai.train-generative")
    definition = manifest_definition(marks, "image/jpeg", "photos/1.jpg", "1.2.3")
    assertions = {each["label"]: each for each in definition["assertions"]}
    assert all(each["created"] for each in definition["assertions"])
    metadata = assertions["cawg.metadata"]["data"]
    assert metadata["plus:DataMining"].endswith(marks.data_mining.value)
    assert metadata["plus:ModelReleaseID"] == ["urn:uuid:r"]
    assert metadata["Iptc4xmpExt:DigImageGUID"] == marks.guid == "urn:uuid:g"
    assert {key.split(":")[0] for key in metadata} - {"@context"} <= metadata["@context"].keys()
    actions = assertions["c2pa.actions.v2"]["data"]["actions"]
    assert actions[0] == {"action": "c2pa.opened", "parameters": {"ingredientIds": ["original"]}}
    assert [each["relationship"] for each in definition["ingredients"]] == ["parentOf"]
    known = replace(marks, source_type=CAMERA)
    definition = manifest_definition(known, "image/jpeg", "photos/1.jpg", "1.2.3")
    actions = next(each for each in definition["assertions"] if each["label"] == "c2pa.actions.v2")["data"]["actions"]
    assert actions[0] == {"action": "c2pa.created", "digitalSourceType": CAMERA}
    assert definition["ingredients"] == []

"""Nothing is inferred from faces: no recognition library is declared, locked or imported, and no model is shipped.

Who is on a photo comes from a slate, a badge or a person's hand, never from pixels.
"""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[3]
SOURCES = sorted((CHECKOUT / "app").rglob("*.py"))
RECOGNISERS = re.compile(
    r"""^(?:torch\w*|tensorflow\w*|tflite\w*|keras\w*|jax\w*|onnx\w*|openvino|mxnet|caffe\w*|paddle\w*|cv2|opencv\w*|
    dlib|face\w*|deepface|insightface|retinaface|mediapipe|mtcnn|arcface|clip|open_?clip\w*|transformers|timm|
    sentence_transformers|sklearn|scikit_learn|skimage|scikit_image|faiss\w*|annoy|hnswlib|coremltools|ncnn|
    huggingface\w*|ultralytics|rembg|imagehash|pyfacer)$""",
    re.VERBOSE,
)
MODELS = {".onnx", ".pt", ".pth", ".tflite", ".pb", ".h5", ".keras", ".safetensors", ".caffemodel", ".mlmodel", ".npz",
          ".npy", ".gguf", ".dat", ".bin", ".joblib", ".pkl", ".xml.gz"}  # fmt: skip


def roots(source: str) -> set[str]:
    """The outermost packages a file imports, also by name through importlib."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in {
            "import_module",
            "__import__",
        }:
            found |= {str(each.value).split(".")[0] for each in node.args if isinstance(each, ast.Constant)}
    return found


def recognisers(names: set[str]) -> set[str]:
    return {name for name in names if RECOGNISERS.match(name.lower().replace("-", "_"))}


def test_nothing_that_recognises_is_imported() -> None:
    assert SOURCES
    assert {path.name: found for path in SOURCES if (found := recognisers(roots(path.read_text("utf-8"))))} == {}


def test_nothing_that_recognises_is_a_dependency() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    extras = [each for name, lines in project["optional-dependencies"].items() if name != "test" for each in lines]
    names = {re.split(r"[\[<>=!~; ]", each)[0] for each in [*project["dependencies"], *extras]}
    assert names and recognisers(names) == set()


def test_no_model_is_shipped() -> None:
    shipped = [path for top in ("app", "resources") for path in (CHECKOUT / top).rglob("*") if path.is_file()]
    assert [path.name for path in shipped if path.suffix.lower() in MODELS] == []
    assert [path.name for path in shipped if path.stat().st_size > 4_000_000] == [], "what is so large?"


@pytest.mark.parametrize(
    "planted", ["import face_recognition", "from insightface.app import FaceAnalysis", "import cv2 as camera",
                "import importlib\nimportlib.import_module('onnxruntime')", "from sentence_transformers import util"],
)  # fmt: skip
def test_a_planted_recogniser_is_found(planted: str) -> None:
    assert recognisers(roots(planted))


def test_photos_are_bound_by_slates_and_hands_alone() -> None:
    """Nothing that decides who is on a photo is given pixels: binding takes names, times and slates."""
    tree = ast.parse((CHECKOUT / "app/safelight/capture/slates.py").read_text("utf-8"))
    frame = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Frame")
    fields = {
        node.target.id for node in frame.body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    assert fields == {"key", "name", "camera_time", "slate"}

"""Models so small that what they say can be typed out, made where a test stands, with their cards."""

import hashlib

import numpy as np
import pytest

CARD = """title = "{name}"
does = "{does}"
runtime = "{runtime}"
labels = {labels}

[[files]]
name = "{name}.onnx"
sha256 = "{sha256}"

[input]
width_px = 8
height_px = 8
std = 255.0

[output]
form = "{form}"
"""


def onnx():
    """The package onnx; where it is not, tests are skipped."""
    return pytest.importorskip("onnx", reason="no onnx (pip install onnx)")


def write_model(folder, name, nodes, outputs, constants=(), *, taken=(("image", 1, "n"),)):  # noqa: PLR0913 - what a model is
    """Write a model of nodes (operator, inputs, outputs, attributes); it takes `image`, n × 3 × 8 × 8; outputs have shapes.

    `taken` are its inputs: the name, ONNX's number of the type, and how many images at once.
    """
    helper, numpy_helper = onnx().helper, onnx().numpy_helper
    graph = helper.make_graph(
        [helper.make_node(kind, taken, given, **more) for kind, taken, given, more in nodes],
        name,
        [helper.make_tensor_value_info(each, kind, [count, 3, 8, 8]) for each, kind, count in taken],
        [helper.make_tensor_value_info(each, 1, shape) for each, shape in outputs.items()],
        [numpy_helper.from_array(value, each) for each, value in constants],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    (folder / f"{name}.onnx").write_bytes(model.SerializeToString())


def write_card(folder, name, does, form, labels, *, runtime="onnx"):  # noqa: PLR0913 - what a card says
    """Write the card of a model that lies in the folder; return its path."""
    sha256 = hashlib.sha256((folder / f"{name}.onnx").read_bytes()).hexdigest()
    told = {"name": name, "does": does, "form": form, "labels": labels, "runtime": runtime, "sha256": sha256}
    path = folder / f"{name}.toml"
    path.write_text(CARD.format_map(told))
    return path


def write_classifier(folder, runtime="onnx", labels='["red", "green", "blue"]', name="colours"):
    """Write a model whose logits are the means of the three channels; return its card's path."""
    nodes = [("ReduceMean", ["image"], ["logits"], {"axes": [2, 3], "keepdims": 0})]
    write_model(folder, name, nodes, {"logits": ["n", 3]})
    return write_card(folder, name, "classify", "logits", labels, runtime=runtime)


def write_detector(folder, labels='["red thing", "person"]'):
    """Write a model with one box, the middle quarter, as sure as the image is red; return its card's path."""
    constants = [
        ("boxes", np.array([[[0.25, 0.25, 0.75, 0.75]]], np.float32)),
        ("word", np.array([[0]], np.float32)),
        ("first", np.array([0], np.int64)),
    ]
    nodes = [
        ("Gather", ["image", "first"], ["red"], {"axis": 1}),
        ("ReduceMean", ["red"], ["scores"], {"axes": [2, 3], "keepdims": 0}),
        ("Identity", ["boxes"], ["places"], {}),
        ("Identity", ["word"], ["words"], {}),
    ]
    outputs = {"places": [1, 1, 4], "scores": ["n", 1], "words": [1, 1]}
    write_model(folder, "reds", nodes, outputs, constants)
    return write_card(folder, "reds", "detect", "boxes", labels)

"""A study of two images, as a user has one: of two annotators one is explained, and one box is none."""

import json

from PIL import Image

from retrain_kit.storage import files

TOML = """\
title = "Two animals"
why = "a test"
dataset = "folder"
version = "1"
licence = "CC0-1.0"
retrieved = 2026-11-29

[files]
annotations = "annotations.jsonl"

[annotation]
who = "people in a hurry"
when = "unknown"
how = "unknown"
undisclosed = ["What they were paid."]

[annotation.annotators]
hand = "drew with a mouse"

[annotation.sources]
hand = "hand"
"""
ANNOTATIONS = (
    {
        "image": "a",
        "id": "r1",
        "label": "猫",
        "annotator": "hand",
        "box": [0, 0, 16, 12],
    },
    {
        "image": "a",
        "id": "r2",
        "label": "犬",
        "annotator": "worker-4711",
        "box": [16, 12, 32, 24],
        "polygons": [[[16, 12], [32, 12], [32, 24]]],
    },
    {"image": "b", "id": "r1", "label": "犬", "box": [1, 1, 9, 9]},
    {"image": "b", "id": "r2", "label": "Bird", "annotator": "hand", "box": [9, 9, 1, 1]},
)
"""The last has its corners reversed: it is rejected."""


def write(folder, name="two"):
    """Write the study into a folder; return its TOML."""
    rows = ["id,file,sha256,width_px,height_px,licence,author,source"]
    for image, colour in (("a", (200, 90, 30)), ("b", (30, 90, 200))):
        path = folder / f"{image}.png"
        Image.new("RGB", (32, 24), colour).save(path)
        rows.append(f"{image},{image}.png,{files.sha256(path)},32,24,CC0-1.0,Ann,https://example.org/{image}")
    (folder / f"{name}.csv").write_text("\n".join(rows) + "\n")
    (folder / "annotations.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in ANNOTATIONS))
    toml = folder / f"{name}.toml"
    toml.write_text(TOML)
    return toml

"""A study made of noise: images, boxes, labels and annotators by chance alone, so that nothing can be concluded.

What is known of it is how it was made: the shares that a study of any number of such images would have.
"""

import hashlib
import json

import numpy as np
from PIL import Image

WIDTH, HEIGHT = 96, 72
LABELS = ("slorb", "$$", r"$\alpha$ & <b>", "ثعلب")
"""Words that are no words, or that look like something else: mathematics, markup, a line from right to left."""
ANNOTATORS = ("die", "coin", "urn")
AUTHOR = "a random number generator"

TOML = """
title = "Noise"
why = "Made for a test, of noise: nothing can be learned from it."
dataset = "folder"
version = "1"
licence = "CC0-1.0"
retrieved = 2026-11-30

[files]
annotations = "annotations.jsonl"

[annotation]
who = "nobody"
when = "unknown"
how = "unknown"

[annotation.annotators]
die = "thrown with a die"
coin = "thrown with a coin"
urn = "drawn from an urn"

[draw]
n = 40
seed = 11
"""


def draw_boxes(random):
    """Return no, one or several boxes, float64 (n, 2, 2): two corners each, from the whole frame."""
    corners = random.random((random.choice([0, 1, 2, 3, 5]), 2, 2))
    return np.sort(corners, axis=1) * (WIDTH, HEIGHT)


def share_tagged(boxes):
    """Return the share of the frame that boxes cover, counted on the centres of its pixels."""
    ys, xs = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    covered = np.zeros((HEIGHT, WIDTH), bool)
    for (left, top), (right, bottom) in boxes:
        covered |= (left <= xs) & (xs < right) & (top <= ys) & (ys < bottom)
    return covered.mean()


def true_share_tagged(images=6000):
    """Return the mean share over so many images that it is known to a few thousandths."""
    random = np.random.default_rng(1)
    return float(np.mean([share_tagged(draw_boxes(random)) for _ in range(images)]))


def paint(path, random):
    """Write a JPEG of tiles of any luminance, each with noise of the same strength."""
    tiles = random.uniform(45, 210, (HEIGHT // 24, WIDTH // 24))
    luminance = np.kron(tiles, np.ones((24, 24))) + random.normal(0, 7, (HEIGHT, WIDTH))
    Image.fromarray(luminance.clip(0, 255).astype("uint8")).convert("RGB").save(path, quality=80)


def write_study(folder, images=40, seed=3):
    """Write the study into a folder; return the path of its manifest."""
    random = np.random.default_rng(seed)
    rows, lines = ["id,file,sha256,width_px,height_px,licence,author,source"], []
    for number in range(images):
        name = f"n{number:02}"
        paint(folder / f"{name}.jpg", random)
        digest = hashlib.sha256((folder / f"{name}.jpg").read_bytes()).hexdigest()
        rows.append(f"{name},{name}.jpg,{digest},{WIDTH},{HEIGHT},CC0-1.0,{AUTHOR},made here")
        for place, box in enumerate(draw_boxes(random)):
            made = {"image": name, "id": f"r{place}", "label": str(random.choice(LABELS))}
            made |= {"annotator": str(random.choice(ANNOTATORS)), "box": box.ravel().round(3).tolist()}
            lines.append(json.dumps(made))
        label = {"image": name, "id": "l", "image_label": str(random.choice(LABELS))}
        label |= {"present": bool(random.integers(2)), "annotator": str(random.choice(ANNOTATORS))}
        lines.append(json.dumps(label))
    (folder / "noise.csv").write_text("\n".join(rows) + "\n")
    (folder / "annotations.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "noise.toml").write_text(TOML.replace("n = 40", f"n = {images}"))
    return folder / "noise.toml"

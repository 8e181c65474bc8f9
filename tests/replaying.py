"""Small images to replay, with figures of one's own: a box takes 4 to 8 s, an outline 10, a check 2."""

import os

import pytest
from PIL import Image
from places import GOLDEN

from retrain_kit.analysis import annotators
from retrain_kit.analysis.annotators import ANNOTATION_SOURCES, Annotator
from retrain_kit.annotations.samples import Sample
from retrain_kit.studies.labour_figures import LabourFigure
from retrain_kit.studies.quantities import Quantity, Unit

SOURCES = {"hand": "hand", "checked": "checked", "machine": "machine", "people": "people"}


def known(word):
    """Return an annotator whose word is the name of its annotation source; any other word is unknown."""
    return Annotator(word, ANNOTATION_SOURCES.get(SOURCES.get(word, ""), annotators.UNKNOWN_SOURCE))


def figure(name, work, seconds):
    unit = Unit.of({"s": 1, work: -1})
    return LabourFigure(
        name, "time", work, Quantity(seconds, seconds, unit), f"{seconds} s/{work}", "mine", "text"
    )


FIGURES = (
    figure("fast", "box", 4.0),
    figure("slow", "box", 8.0),
    figure("outline", "outline", 10.0),
    figure("mask", "mask", 10.0),
    figure("check", "box check", 2.0),
)


def sample(*regions, size=(100, 80), **more):
    return Sample("one", "nowhere.png", *size, regions, **more)


def assert_golden(image, name):
    """Hold an image against its golden one; `RETRAIN_KIT_GOLDEN=write` writes it anew."""
    path = GOLDEN / f"{name}.png"
    if os.environ.get("RETRAIN_KIT_GOLDEN") == "write":
        image.save(path)
    if not path.exists() or image.tobytes() != Image.open(path).convert(image.mode).tobytes():
        image.save(path.with_suffix(".new.png"))
        pytest.fail(f"{name} differs from its golden image; look at tests/golden/{name}.new.png")

"""The classes of Cityscapes by the numbers that its label images have (Cordts et al. 2016)."""

from __future__ import annotations

CLASSES = (
    *("unlabeled", "ego vehicle", "rectification border", "out of roi", "static", "dynamic", "ground"),
    *("road", "sidewalk", "parking", "rail track"),
    *("building", "wall", "fence", "guard rail", "bridge", "tunnel"),
    *("pole", "polegroup", "traffic light", "traffic sign"),
    *("vegetation", "terrain", "sky", "person", "rider"),
    *("car", "truck", "bus", "caravan", "trailer", "train", "motorcycle", "bicycle"),
)
"""Their words, from 0."""

UNLABELED, FIRST_OF_INSTANCES = 0, CLASSES.index("person")
"""The number of pixels that nobody labelled, and that of the first class whose things are told apart."""

INSTANCES_A_CLASS = 1000
"""A pixel of the n-th thing of a class has this many times the class, and n."""

GROUP = "group"
"""How the word for many things ends that nobody told apart: `cargroup`."""


def is_group(word: str) -> bool:
    """Say whether a word stands for many things of a class."""
    return word.endswith(GROUP) and word.removesuffix(GROUP) in CLASSES


def class_and_group(pixel: int) -> tuple[str, bool | None]:
    """Return the word for a pixel of an instance image, and whether it stands for many things.

    Raises
    ------
    ValueError
        When there is no such class.
    """
    number = pixel // INSTANCES_A_CLASS if pixel >= INSTANCES_A_CLASS else pixel
    if not 0 < number < len(CLASSES):
        raise ValueError(f"the number {pixel}, no class of Cityscapes")
    if number < FIRST_OF_INSTANCES:
        return CLASSES[number], True if is_group(CLASSES[number]) else None
    return CLASSES[number], pixel < INSTANCES_A_CLASS

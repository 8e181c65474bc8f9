"""Images with boxes and lines about them, typed out, for the tests of words."""

from pathlib import Path

from retrain_kit.annotations.samples import Box, ImageLabel, Phrase, Region, Sample

BOX = Box(0, 0, 2, 2)


def image(name, labels="", *phrases, said=(), denied=()):
    """An image with boxes of these labels, parted by commas, and phrases; `said` and `denied` of the whole image."""
    boxed = tuple(Region(each.strip(), BOX) for each in labels.split(",") if each.strip())
    of_whole = (
        *(ImageLabel(each, present=True) for each in said),
        *(ImageLabel(each, present=False) for each in denied),
    )
    return Sample(name, Path("one.jpg"), 4, 4, boxed, tuple(Phrase(each, BOX) for each in phrases), of_whole)

"""Drawn images look as they did: golden images of small scenes.

`RETRAIN_KIT_GOLDEN=write` writes them anew; an image that differs is kept beside the golden one as *.new.png.
"""

import os

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from PIL import Image
from places import GOLDEN

from retrain_kit.annotations.samples import Box, Region, Sample
from retrain_kit.display import views

SIZE = (160, 120)
REGIONS = (
    Region("Tree", Box(10, 8, 70, 110)),
    Region("Bird", Box(60, 30, 150, 90), polygons=(((60, 60), (105, 30), (150, 60), (105, 90)),)),
)


def scene():
    """Sky, ground and a slope of colours, so that every displaced pixel shows."""
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    return Image.fromarray(np.stack([x, y * 2, 255 - x], axis=-1).astype(np.uint8))


def assert_golden(image, name):
    path = GOLDEN / f"{name}.png"
    if os.environ.get("RETRAIN_KIT_GOLDEN") == "write":
        image.save(path)
    if not path.exists() or image.tobytes() != Image.open(path).tobytes():
        image.save(path.with_suffix(".new.png"))
        pytest.fail(f"{name} differs from its golden image; look at tests/golden/{name}.new.png")


@pytest.mark.parametrize("shape", ["box", "outline"])
def test_tagged_looks_as_before(shape):
    assert_golden(views.tagged(scene(), REGIONS, shape), f"tagged-{shape}")


@pytest.mark.parametrize("shape", ["box", "outline"])
@pytest.mark.parametrize("fill", ["white", "transparent", "blur", "pixelate"])
def test_decanonized_looks_as_before(shape, fill):
    assert_golden(views.decanonized(scene(), REGIONS, fill, shape), f"decanonized-{shape}-{fill}")


def test_taken_looks_as_before():
    assert_golden(views.taken(scene(), REGIONS, "black"), "taken-black")


def test_the_key_of_a_label_is_drawn_beside_its_region_at_a_size_that_can_be_read():
    wide = Image.new("RGB", (990, 660), "white")
    plain, keyed = (views.tagged(wide, [Region(word, Box(90, 90, 900, 600))]) for word in ("猫", "cat"))
    text_rows = [np.flatnonzero((np.asarray(each) != 255).any(axis=-1)[:, 100]) for each in (plain, keyed)]
    assert [rows.max() - 90 >= 3 * views.TEXT_PX for rows in text_rows] == [True, True]
    assert text_rows[0][-1] == 599
    chip = np.asarray(keyed)[92:140, 92:400] != np.asarray(plain)[92:140, 92:400]
    assert chip.any()  # the word beside the number


def test_the_face_on_images_has_every_sign_that_is_drawn_with_it():
    with TTFont(views.FACE, lazy=True) as face:
        there = face.getBestCmap().keys()
    drawn = [number for number in range(0x10000) if views.DRAWN.fullmatch(chr(number))]
    assert len(drawn) > 1000
    assert [number for number in drawn if number not in there and chr(number).isprintable()] == []


def test_the_outline_lies_inside_what_is_removed():
    bare = views.tagged(scene(), [Region("", Box(20, 20, 140, 100))])
    changed = (np.asarray(bare) != np.asarray(scene())).any(axis=-1)
    assert not changed[:20].any()
    assert not changed[100:].any()
    assert not changed[:, :20].any()
    assert not changed[:, 140:].any()
    assert changed[20, 60]
    assert changed[99, 60]


def test_a_contact_sheet_has_a_place_for_every_image():
    sheet = views.contact_sheet([Image.new("RGB", (40, 20), "red")] * 5, columns=3, cell_px=20, gap_px=2)
    assert sheet.size == (64, 42)
    red = (np.asarray(sheet) == (255, 0, 0)).all(axis=-1)
    assert red.sum() == 5 * 20 * 10


def test_a_small_image_is_not_enlarged():
    assert views.thumbnail(Image.new("RGB", (30, 20)), 100).size == (30, 20)
    assert views.thumbnail(Image.new("RGB", (300, 20)), 100).size == (100, 7)


@pytest.mark.parametrize("word", ["two\nlines", "W" * 10_000, "", "\x00", "\u202eevil", "$x^2_", "🐈‍⬛"])
def test_any_word_can_be_drawn_and_named(tmp_path, word):
    regions = (Region(word, Box(10, 8, 70, 110)),)
    assert views.tagged(scene(), regions).size == SIZE
    scene().save(tmp_path / "a.png")
    sample = Sample("a", tmp_path / "a.png", *SIZE, regions)
    names = [path.relative_to(tmp_path).parts[:-1] for path in views.write_views(sample, tmp_path)]
    assert names == [("a",), ("a",), ("a", "objects")]


def test_no_two_ids_share_a_folder(tmp_path):
    scene().save(tmp_path / "a.png")
    ids = ["$1", "#1", "_1", "a b", "a_b", "..", "x" * 300, "x" * 301]
    written = [views.write_views(Sample(name, tmp_path / "a.png", *SIZE), tmp_path)[0].parent for name in ids]
    assert len(set(written)) == len(ids)
    assert {path.parent for path in written} == {tmp_path}
    assert (written[2].name, written[4].name) == ("_1", "a_b")

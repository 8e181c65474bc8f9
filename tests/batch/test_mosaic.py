"""Mosaics: every image in its place, none larger than it is shown, and never what was removed."""

import io
import os
import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from places import GOLDEN

from retrain_kit.annotations.samples import Box, Region, Sample
from retrain_kit.batch.mosaic import mosaic as mosaics
from retrain_kit.batch.mosaic import tiles
from retrain_kit.batch.mosaic.mosaic import MosaicLayout, TileGrid, UnreadImage
from retrain_kit.batch.mosaic.tiles import Look
from retrain_kit.errors import ParameterError

SIZE = (320, 240)
TREE = Region("Tree", Box(60, 40, 180, 200))
BIRD = Region("Bird", Box(150, 90, 300, 170), polygons=(((150, 130), (225, 90), (300, 130), (225, 170)),))
FULL, ACROSS, BOTH = "4:4:4", "4:2:2", "4:2:0"


def scene(size=SIZE):
    """A slope of colours, so that every displaced pixel shows."""
    y, x = np.mgrid[: size[1], : size[0]]
    return Image.fromarray(
        np.stack([x * 255 // size[0], y * 255 // size[1], 255 - x // 2], -1).astype(np.uint8)
    )


def sample(path, regions=(TREE, BIRD), size=SIZE, **said):
    return Sample(path.stem, path, *size, regions=tuple(regions), **said)


def red_on_green(box, size=SIZE):
    image = Image.new("RGB", size, (0, 255, 0))
    image.paste((255, 0, 0), tuple(map(round, box.edges)))
    return image


def redness(image):
    """How much redder than green the reddest pixel is; below zero where there is none."""
    values = np.asarray(image.convert("RGB")).astype(int)
    return int((values[..., 0] - values[..., 1]).max())


@pytest.fixture
def drawn(tmp_path):
    """Six samples: four wide, one high, one that is no image."""
    for number in range(4):
        scene().rotate(90 * number if number % 2 == 0 else 0).save(tmp_path / f"{number}.png")
    scene((120, 300)).save(tmp_path / "4.png")
    (tmp_path / "5.png").write_text("not an image")
    high = sample(tmp_path / "4.png", [Region("Tree", Box(20, 30, 100, 120))], (120, 300))
    return [*(sample(tmp_path / f"{number}.png") for number in range(4)), high, sample(tmp_path / "5.png")]


@pytest.mark.parametrize("shape", ["box", "outline"])
@pytest.mark.parametrize("view", ["tagged", "decanonized", "taken", "as it is"])
def test_a_drawn_mosaic_looks_as_before(drawn, tmp_path, view, shape):
    target = tmp_path / f"mosaic-{view.replace(' ', '-')}-{shape}.png"
    mosaics.save_mosaic(drawn, target, Look(view, shape=shape, tile_px=80), MosaicLayout())
    golden = GOLDEN / target.name
    if os.environ.get("RETRAIN_KIT_GOLDEN") == "write":
        shutil.copyfile(target, golden)
    if not golden.exists() or Image.open(target).tobytes() != Image.open(golden).tobytes():
        shutil.copyfile(target, golden.with_suffix(".new.png"))
        pytest.fail(f"it differs from its golden image; look at tests/golden/{golden.stem}.new.png")


def test_images_that_cannot_be_shown_are_listed_with_reasons_and_leave_an_empty_tile(tmp_path):
    scene().save(tmp_path / "whole.jpg")
    (tmp_path / "cut.jpg").write_bytes((tmp_path / "whole.jpg").read_bytes()[:3000])
    (tmp_path / "text.jpg").write_text("hello")
    scene((200, 240)).save(tmp_path / "other.jpg")
    names = ("whole", "cut", "text", "gone", "other")
    study = [sample(tmp_path / f"{name}.jpg") for name in names]
    unread = mosaics.save_mosaic(
        study, tmp_path / "all.png", Look(tile_px=40), MosaicLayout(columns=5, threads=2)
    )
    assert [image.id for image in unread] == ["cut", "text", "gone", "other"]
    assert "truncated" in unread[0].reason
    assert "cannot identify image file 'text.jpg'" in unread[1].reason
    assert unread[2] == UnreadImage("gone", "no file")
    assert unread[3] == UnreadImage("other", "200 × 240 px")
    assert str(tmp_path) not in str(unread)
    row = np.asarray(Image.open(tmp_path / "all.png"))
    assert row.shape == (40, 200, 3)
    assert np.array_equal(row[:, 40:80], row[:, 80:120])
    assert not np.array_equal(row[:, :40], row[:, 40:80])


cells = st.tuples(
    st.integers(0, 18), st.integers(0, 13), st.integers(1, 8), st.integers(1, 8), st.integers(0, 15)
)


@given(cells, st.sampled_from([FULL, BOTH]), st.sampled_from([40, 80, 160]), st.booleans())
def test_no_pixel_of_a_draft_depends_on_what_was_removed(place, sampling, longest_px, outlined):
    column, row, width, height, inner = place
    left, top = column * 16, row * 16
    right, bottom = min(320, left + 16 * width), min(240, top + 16 * height)
    across, down = (
        min(inner, 15 if more > 16 and sampling == BOTH else 7) for more in (right - left, bottom - top)
    )
    box = Box(left + across, top + down, right - across, bottom - down)
    corners = ((box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom))
    region = Region("", box, polygons=(corners,) if outlined else ())
    noise = np.random.default_rng(5).integers(0, 256, (240, 320, 3), np.uint8)
    drafted = []
    for content in ((255, 0, 0), (0, 0, 255)):
        image = Image.fromarray(noise)
        image.paste(content, (left, top, right, bottom))
        file = io.BytesIO()
        image.save(file, "JPEG", quality=90, subsampling=sampling)
        draft = tiles.decode_draft(
            sample_in(file, region), longest_px, "white", "outline" if outlined else "box"
        )
        drafted.append(np.asarray(draft))
    assert drafted[0].shape == (longest_px * 3 // 4, longest_px, 3)
    assert np.array_equal(*drafted)


def sample_in(file, *regions):
    """A sample whose image is in memory: Pillow opens such a file as it opens a path."""
    return Sample("memory", file, *SIZE, regions=regions)


boxes = st.builds(
    lambda x, y, w, h: Box(x, y, min(320, x + w), min(240, y + h)),
    *(st.floats(0, 300), st.floats(0, 220), st.floats(1, 200), st.floats(1, 200)),
)


@given(boxes, st.sampled_from([("JPEG", FULL), ("JPEG", BOTH), ("PNG", None)]), st.sampled_from([40, 80]))
def test_a_decanonized_tile_shows_nothing_of_what_was_removed(box, kind, tile_px):
    file = io.BytesIO()
    red_on_green(box).save(file, kind[0], quality=95, subsampling=kind[1])
    look = Look("decanonized", tile_px=tile_px, paper="white")
    shown = tiles.view_pixels(sample_in(file, Region("", box)), look, tile_px)
    assert redness(shown) < 24


def test_colours_that_mix_across_squares_are_decoded_whole(tmp_path):
    scene().save(tmp_path / "across.jpg", subsampling=ACROSS)
    across = sample(tmp_path / "across.jpg")
    assert tiles.decode_draft(across, 40, "white") is None
    assert tiles.decode_draft(across, 40).size == (40, 30)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_jpegs_of_every_mode_are_drafted(tmp_path, mode):
    scene().convert(mode).save(tmp_path / "a.jpg", quality=95)
    look = Look("as it is", tile_px=40, paper="black")
    tile = tiles.make_tile(sample(tmp_path / "a.jpg"), look)
    whole = scene().convert(mode).convert("RGB").resize((38, 28), Image.Resampling.BOX)
    inner = np.asarray(tile.image)[6:34, 1:39].astype(int)
    assert tile.reason == ""
    assert np.abs(inner - np.asarray(whole)).mean() < 6


@pytest.mark.parametrize(("exif", "said"), [(6, None), (3, None), (1, 270), (1, 180), (3, 0)])
def test_a_turned_jpeg_loses_what_is_tagged_upright(tmp_path, exif, said):
    box = Box(40, 16, 120, 96)
    upright = red_on_green(box, (240, 320))
    turn = {6: 90, 3: 180, 1: 0}[exif] if said is None else -said
    metadata = Image.Exif()
    metadata[0x0112] = exif
    stored = upright.rotate(turn, expand=True)
    stored.save(tmp_path / "a.jpg", quality=95, subsampling=FULL, exif=metadata)
    turned = sample(tmp_path / "a.jpg", [Region("", box)], (240, 320), rotation_deg=said)
    tile = tiles.make_tile(turned, Look("decanonized", fill="blue", tile_px=40, paper="white"))
    values = np.asarray(tile.image).astype(int)
    assert tile.reason == ""
    assert (values[7, 14] == (0, 0, 255)).all(), "the hole is at the upper left"
    assert redness(tile.image) < 24
    assert (np.abs(values[34, 28] - (0, 255, 0)) < 8).all()


@pytest.mark.parametrize("fill", ["blur", "pixelate", "transparent"])
def test_effects_follow_from_the_whole_image(tmp_path, fill):
    red_on_green(TREE.box).save(tmp_path / "a.png")
    tile = tiles.make_tile(
        sample(tmp_path / "a.png", [TREE]), Look("decanonized", fill, tile_px=40, paper="#0000ff")
    )
    middle = np.asarray(tile.image)[20, 15]
    assert tile.reason == ""
    assert (middle == (0, 0, 255)).all() if fill == "transparent" else middle[2] == 0


@given(st.integers(1, 400), st.none() | st.integers(1, 40))
def test_a_grid_has_room_for_every_tile_and_no_empty_row(count, columns):
    grid = TileGrid.for_count(count, 10, columns)
    assert grid.columns * (grid.rows - 1) < count <= grid.columns * grid.rows
    assert grid.size == (grid.columns * 10, grid.rows * 10)


def test_thirty_thousand_tiles_are_four_to_three():
    assert TileGrid.for_count(30_000, 100).size == (20_000, 15_000)


@given(st.integers(1, 12), st.integers(1, 5), st.integers(1, 4))
def test_bands_of_any_height_make_the_same_mosaic(count, columns, rows):
    grid = TileGrid.for_count(count, 8, columns)
    some = [tiles.Tile(None, Image.new("RGB", (8, 8), (number * 20, 5, 9))) for number in range(count)]
    one, more = (
        np.vstack([np.asarray(band) for band in mosaics.mosaic_bands(some, grid, "white", height)])
        for height in (1, rows)
    )
    assert one.shape == (grid.rows * 8, grid.columns * 8, 3)
    assert np.array_equal(one, more)
    for number in range(count):
        row, column = divmod(number, grid.columns)
        assert (one[row * 8 : row * 8 + 8, column * 8 : column * 8 + 8] == (number * 20, 5, 9)).all()


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_any_number_of_threads_keeps_the_order(tmp_path, threads):
    study = [Sample(str(number), tmp_path / "none", 1, 1) for number in range(70)]
    made = mosaics.make_tiles(study, partial(tiles.make_tile, look=Look(tile_px=8)), threads)
    assert [tile.sample.id for tile in made] == [str(number) for number in range(70)]


def test_no_more_tiles_are_made_than_a_few_ahead(tmp_path):
    asked = []
    study = (asked.append(number) or Sample(str(number), tmp_path / "none", 1, 1) for number in range(10_000))
    made = mosaics.make_tiles(study, partial(tiles.make_tile, look=Look(tile_px=8)), 2)
    for _ in range(100):
        next(made)
    made.close()
    assert len(asked) <= 100 + 2 * mosaics.TILES_AHEAD


def test_orders_are_by_id_and_from_dark_to_bright(tmp_path):
    for name, grey in (("b", 200), ("c", 10), ("a", 90)):
        Image.new("RGB", (16, 16), (grey,) * 3).save(tmp_path / f"{name}.png")
    study = [sample(tmp_path / f"{name}.png", (), (16, 16)) for name in "bca"]
    orders = {
        order: mosaics.ordered_samples(study, Look(tile_px=8), MosaicLayout(order=order))
        for order in ("as given", "id", "brightness")
    }
    assert {order: "".join(one.id for one in placed) for order, placed in orders.items()} == {
        "as given": "bca",
        "id": "abc",
        "brightness": "cab",
    }


def test_a_jpeg_shows_what_the_png_shows(drawn, tmp_path):
    for ending in ("png", "jpg"):
        mosaics.save_mosaic(drawn, tmp_path / f"all.{ending}", Look(tile_px=60), MosaicLayout(columns=4))
    png, jpg = (np.asarray(Image.open(tmp_path / f"all.{ending}")).astype(int) for ending in ("png", "jpg"))
    assert png.shape == jpg.shape == (120, 240, 3)
    assert np.abs(png - jpg).mean() < 4


@pytest.mark.parametrize(
    ("name", "look", "layout", "said"),
    [
        ("a.gif", {}, {}, "found the ending '.gif'; expected .jpg or .png"),
        (
            "a.jpg",
            {"tile_px": 1024},
            {"columns": 100},
            "a JPEG of 102400 × 10240 px; expected at most 320 megapixels",
        ),
        ("a.png", {}, {"columns": 0}, "columns: found 0; expected one or more"),
        (
            "a.png",
            {},
            {"order": "by size"},
            "order: found 'by size'; expected 'as given' or 'id' or 'brightness'",
        ),
    ],
)
def test_what_cannot_be_written_is_refused_and_leaves_nothing(tmp_path, name, look, layout, said):
    study = [Sample(str(number), tmp_path / "none", 1, 1) for number in range(1000)]
    with pytest.raises(ParameterError) as caught:
        mosaics.save_mosaic(study, tmp_path / name, Look(**look), MosaicLayout(**layout))
    assert said in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_all_faults_of_a_look_are_said_together():
    with pytest.raises(ParameterError) as caught:
        Look("naked", "mauve-ish", "blob", 5, "no colour")
    assert [fault.where for fault in caught.value.faults] == ["view", "fill", "shape", "tile_px", "paper"]


def test_the_outline_of_a_region_a_pixel_wide_is_drawn(tmp_path):
    scene().save(tmp_path / "a.png")
    thin = Region("Tree", Box(100, 100, 108, 200))
    bare, marked = (
        np.asarray(tiles.make_tile(sample(tmp_path / "a.png", [thin]), Look(view, tile_px=40)).image)
        for view in ("as it is", "tagged")
    )
    assert 8 < (bare != marked).any(axis=-1).sum() < 20


def test_empty_tiles_say_so():
    gone = Sample("x", Path("nowhere", "gone.jpg"), 10, 10)
    large, small = (tiles.make_tile(gone, Look(tile_px=side)).image for side in (100, 8))
    ink = (np.asarray(large) == (29, 28, 26)).all(axis=-1)
    assert ink[46:54, 20:80].any()
    assert small.size == (8, 8)
    assert small.getpixel((3, 3)) == (29, 28, 26)

"""Masks are exact to the pixel, and what is not masked is the original's."""

import math
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image
from strategies import boxes, masked_images, polygons, regions, sizes

from retrain_kit.annotations.samples import Box, Region, Sample
from retrain_kit.errors import BoxError, ParameterError
from retrain_kit.imaging import masking

fills = st.sampled_from(["white", "black", "#12ab34", "blur", "pixelate", "transparent"])


def image_of(mask):
    """Write a mask as rows of dots and hashes."""
    return ["".join(".#"[cell] for cell in row) for row in mask.astype(int)]


# The oracle: one pixel at a time, in exact fractions, sharing no code with the kit.
def oracle_box(box, size):
    half = Fraction(1, 2)
    return [
        [
            Fraction(box.left) <= column + half < Fraction(box.right)
            and Fraction(box.top) <= row + half < Fraction(box.bottom)
            for column in range(size[0])
        ]
        for row in range(size[1])
    ]


def oracle_polygon(polygon, size):
    return [[oracle_inside(polygon, column, row) for column in range(size[0])] for row in range(size[1])]


def oracle_inside(polygon, column, row):
    x, y = column + Fraction(1, 2), row + Fraction(1, 2)
    inside = False
    for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        a, b, c, d = (Fraction(value) for value in (x1, y1, x2, y2))
        if (b <= y) != (d <= y) and a + (y - b) * (c - a) / (d - b) <= x:
            inside = not inside
    return inside


@given(boxes(), sizes)
def test_box_mask_agrees_with_the_oracle(box, size):
    assert masking.box_mask(box, size).tolist() == oracle_box(box, size)


@given(polygons, sizes)
def test_polygon_mask_agrees_with_the_oracle(polygon, size):
    assert masking.polygon_mask(polygon, size).tolist() == oracle_polygon(polygon, size)


def earlier_polygon_mask(polygon, size):
    """All crossings at once, as the kit counted them before it took them in parts."""
    vertices = np.asarray(polygon, dtype=float)
    mask = np.zeros((size[1], size[0]), dtype=bool)
    left, top, right, bottom = (
        math.ceil(min(max(edge, 0), end) - 0.5)
        for edge, end in zip((*vertices.min(axis=0), *vertices.max(axis=0)), (*size, *size), strict=True)
    )
    upper, lower = vertices, np.roll(vertices, -1, axis=0)
    falling = (upper[:, 1] > lower[:, 1])[:, None]
    upper, lower = np.where(falling, lower, upper), np.where(falling, upper, lower)
    first, last = (
        np.clip(np.ceil(end[:, 1] - 0.5).astype(int), top, max(top, bottom)) for end in (upper, lower)
    )
    edge = np.repeat(np.arange(len(vertices)), last - first)
    row = np.arange(len(edge)) + np.repeat(last - np.cumsum(last - first), last - first)
    run, rise = (lower - upper)[edge].T
    x = upper[edge, 0] + (row + 0.5 - upper[edge, 1]) * run / rise
    column = np.clip(np.ceil(x - 0.5).astype(int), left, right)
    toggles = np.zeros((bottom - top, right - left + 1), dtype=np.uint8)
    np.bitwise_xor.at(toggles, (row - top, column - left), 1)
    mask[top:bottom, left:right] = np.bitwise_xor.accumulate(toggles, axis=1)[:, :-1]
    return mask


@pytest.fixture(params=[1, 7, 1 << 16])
def _few_crossings_at_once(request, monkeypatch):
    monkeypatch.setattr(masking, "_CROSSINGS_AT_ONCE", request.param)


fractions_of_pixels = st.floats(-30, 60, allow_nan=False)


@pytest.mark.usefixtures("_few_crossings_at_once")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(fractions_of_pixels, fractions_of_pixels), min_size=3, max_size=40), sizes)
def test_in_parts_a_polygon_covers_what_it_covers_at_once(vertices, size):
    polygon = tuple(vertices)
    assert np.array_equal(masking.polygon_mask(polygon, size), earlier_polygon_mask(polygon, size))


far = st.sampled_from([-1.7e308, -1e300, -1e155, -1e9, -3, 0, 2, 5.25, 1e9, 1e155, 1e300, 1.7e308])


@given(boxes(far), sizes)
def test_a_box_and_its_corners_cover_the_same_pixels_however_far_they_are(box, size):
    left, top, right, bottom = box.edges
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    assert np.array_equal(masking.box_mask(box, size), masking.polygon_mask(corners, size))


@pytest.mark.filterwarnings("error")
@given(st.lists(st.tuples(far, far), min_size=3, max_size=5).map(tuple), sizes)
def test_vertices_that_are_very_far_away_are_counted_with_without_a_word(polygon, size):
    assert masking.polygon_mask(polygon, size).shape == size[::-1]


@pytest.mark.parametrize("far", [1e9, 1e155, 1e300, 1.7e308])
def test_a_polygon_that_reaches_beyond_all_bounds_covers_its_part_of_the_frame(far):
    half = ((-far, -far), (2, -far), (2, far), (-far, far))
    assert image_of(masking.polygon_mask(half, (4, 2))) == ["##..", "##.."]
    assert not masking.polygon_mask(((far, far), (far, far / 2), (far / 2, far)), (4, 2)).any()


def test_memory_does_not_grow_with_the_crossings_of_a_polygon():
    rows = 2000
    there_and_back = tuple((column / 100, rows * (column % 2)) for column in range(4000))
    masking.polygon_mask(there_and_back[:9], (40, rows))
    tracemalloc.start()
    try:
        masking.polygon_mask(there_and_back, (40, rows))
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("edge", [float("nan"), float("inf"), -float("inf")])
def test_a_polygon_with_an_edge_that_is_no_number_is_none(edge):
    for polygon in (((edge, 0), (4, 0), (0, 4)), ((0, 0), (4, edge), (0, 4)), ((0, 0), (4, 0), (0, edge))):
        with pytest.raises(BoxError, match="four finite numbers"):
            masking.polygon_mask(polygon, (4, 4))
        with pytest.raises(BoxError, match="four finite numbers"):
            Box.around([polygon])


@given(boxes(), sizes)
def test_a_box_and_the_polygon_of_its_corners_cover_the_same_pixels(box, size):
    left, top, right, bottom = box.edges
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    assert np.array_equal(masking.box_mask(box, size), masking.polygon_mask(corners, size))


@given(st.lists(regions(), max_size=4), sizes, st.sampled_from(["box", "outline"]))
def test_union_is_the_or_of_the_masks(many, size, shape):
    expected = np.zeros((size[1], size[0]), dtype=bool)
    for region in many:
        expected |= masking.region_mask(region, size, shape)
    assert np.array_equal(masking.union_mask(many, size, shape), expected)


@given(masked_images(), fills.filter(lambda fill: fill != "transparent"))
def test_untagged_pixels_are_bit_for_bit_the_original(case, fill):
    image, mask = case
    before, after = np.asarray(image), np.asarray(masking.remove_pixels(image, mask, fill))
    assert after.dtype == before.dtype
    assert after.shape == before.shape
    assert np.array_equal(after[~mask], before[~mask])


@given(masked_images())
def test_tagged_pixels_take_the_colour_of_the_fill(case):
    image, mask = case
    white = [255] * len(image.getbands())
    assert (np.asarray(masking.remove_pixels(image, mask, "white"))[mask] == white).all()


@given(masked_images())
def test_transparent_keeps_the_rest_and_leaves_nothing_of_what_was_tagged(case):
    image, mask = case
    after = np.asarray(masking.remove_pixels(image, mask, "transparent"))
    assert (after[mask] == 0).all()
    assert np.array_equal(after[~mask], np.asarray(image.convert("RGBA"))[~mask])


@given(masked_images(), st.lists(regions(), max_size=4), st.sampled_from(["box", "outline"]), fills)
def test_removing_regions_is_removing_the_union_of_their_masks(case, many, shape, fill):
    image, _ = case
    mask = masking.union_mask(many, image.size, shape)
    expected = masking.remove_pixels(image, mask, fill)
    assert masking.remove_regions(image, many, fill, shape).tobytes() == expected.tobytes()


@given(masked_images())
def test_the_residue_and_what_was_taken_make_up_the_image(case):
    image, mask = case
    residue, taken = (
        np.asarray(f(image, mask, "black")) for f in (masking.remove_pixels, masking.keep_pixels)
    )
    assert np.array_equal(np.where(mask[..., None], taken, residue), np.asarray(image))


@given(masked_images())
def test_removing_twice_is_removing_once(case):
    image, mask = case
    once = masking.remove_pixels(image, mask)
    assert masking.remove_pixels(once, mask).tobytes() == once.tobytes()


@given(
    arrays.arrays(bool, st.tuples(st.integers(1, 6), st.integers(1, 6))), st.integers(0, 3), st.integers(0, 3)
)
def test_an_instance_mask_of_the_boxs_own_size_is_laid_on_it_unchanged(mask, left, top):
    rows, columns = mask.shape
    frame = masking.instance_mask(mask, Box(left, top, left + columns, top + rows), (12, 12))
    assert np.array_equal(frame[top : top + rows, left : left + columns], mask)
    assert frame.sum() == mask.sum()


def test_box_edges_round_to_the_grid_and_a_half_rounds_down():
    assert image_of(masking.box_mask(Box(0.5, 1.5, 2.6, 2.5), (4, 4))) == [
        "....",
        "###.",
        "....",
        "....",
    ]


def test_the_right_and_the_lower_edge_are_excluded():
    assert image_of(masking.box_mask(Box(1, 1, 3, 2), (4, 3))) == ["....", ".##.", "...."]


def test_a_triangle_by_pixel_centres():
    assert image_of(masking.polygon_mask(((0, 0), (5, 0), (0, 5)), (5, 5))) == [
        "####.",
        "###..",
        "##...",
        "#....",
        ".....",
    ]


def test_a_polygon_that_crosses_itself_follows_the_even_odd_rule():
    bow_tie = ((0, 0), (6, 0), (0, 4), (6, 4))
    assert image_of(masking.polygon_mask(bow_tie, (6, 4))) == [".####.", "..##..", "..##..", ".####."]


def test_a_polygon_of_a_million_vertices_is_exact():
    turn = np.linspace(0, 2 * np.pi, 1_000_000, endpoint=False)
    circle = np.stack([50 + 40 * np.cos(turn), 50 + 40 * np.sin(turn)], axis=1)
    y, x = np.mgrid[:100, :100] + 0.5
    expected = (x - 50) ** 2 + (y - 50) ** 2 < 40**2
    assert np.array_equal(masking.polygon_mask(circle, (100, 100)), expected)


def test_two_polygons_of_one_region_are_united():
    square = ((0, 0), (2, 0), (2, 2), (0, 2))
    overlapping = ((1, 1), (3, 1), (3, 3), (1, 3))
    region = Region("Bird", Box(0, 0, 3, 3), polygons=(square, overlapping))
    assert image_of(masking.region_mask(region, (3, 3), "outline")) == ["##.", "###", ".##"]


def test_an_instance_mask_is_stretched_over_its_box():
    region = Region("Bird", Box(0, 0, 4, 2), mask=np.array([[True, False], [False, True]]))
    assert image_of(masking.region_mask(region, (5, 2), "outline")) == ["##...", "..##."]


def test_an_instance_mask_of_a_box_that_leaves_the_frame_is_cut_there():
    region = Region("Bird", Box(-2, 0, 2, 1), mask=np.array([[True, False, False, True]]))
    assert image_of(masking.region_mask(region, (3, 1), "outline")) == [".#."]


@pytest.mark.parametrize(
    ("edges", "what"),
    [
        ((1, 1, 3, 3), None),
        ((-1, 1, 3, 3), "reaches beyond the image: cut at its edge"),
        ((1, 1, 3, 9), "reaches beyond the image: cut at its edge"),
        ((2, 1, 2, 3), "empty: covers nothing"),
        ((-9, -9, -4, -4), "wholly outside the image: covers nothing"),
        ((9, 1, 12, 3), "wholly outside the image: covers nothing"),
        ((1.6, 1, 2.4, 3), "smaller than a pixel: covers no pixel centre"),
    ],
)
def test_what_the_frame_or_the_grid_changes_about_a_box_is_listed(tmp_path, edges, what):
    sample = Sample("a", tmp_path, 4, 4, (Region("Bird", Box(*edges), id="r1"),))
    found = masking.box_corrections([sample])
    assert [(c.sample, c.region, c.label, c.what) for c in found] == (
        [("a", "r1", "Bird", what)] if what else []
    )


@pytest.mark.parametrize(
    ("outline", "what"),
    [
        ([(0, 0), (4, 0), (0, 4)], []),
        ([(-2, 0), (4, 0), (0, 4)], ["its outline: reaches beyond the image: cut at its edge"]),
        ([(0, 0), (1e300, 0), (0, 4)], ["its outline: reaches beyond the image: cut at its edge"]),
        ([(6, 6), (9, 6), (6, 9)], ["its outline: wholly outside its box"]),
        ([(4, 4), (9, 4), (4, 9)], ["its outline: wholly outside the image: covers nothing"]),
        ([(1, 1), (1, 3), (1, 2)], ["its outline: empty: covers nothing"]),
        ([(1, 1), (1.2, 1), (1.2, 1.2)], ["its outline: smaller than a pixel: covers no pixel centre"]),
        ([(0, 0.2), (3.6, 3.8), (3.6, 3.85)], ["its outline: no pixel centre in it: covers nothing"]),
    ],
)
def test_what_the_frame_or_the_grid_changes_about_an_outline_is_listed(tmp_path, outline, what):
    region = Region("Bird", Box(0, 0, 4, 4), id="r1", polygons=(tuple(outline),))
    found = masking.box_corrections([Sample("a", tmp_path, 4, 4, (region,))])
    assert [(c.sample, c.region, c.label, c.what) for c in found] == [
        ("a", "r1", "Bird", each) for each in what
    ]


def test_what_is_the_same_of_a_box_and_its_outline_is_listed_once(tmp_path):
    box = Box(-1, 0, 4, 4)
    corners = ((-1, 0), (4, 0), (4, 4), (-1, 4))
    found = masking.box_corrections([Sample("a", tmp_path, 4, 4, (Region("x", box, polygons=(corners,)),))])
    assert [each.what for each in found] == ["reaches beyond the image: cut at its edge"]


def test_an_empty_mask_is_listed(tmp_path):
    region = Region("x", Box(0, 0, 4, 4), mask=np.zeros((3, 3), dtype=bool))
    found = masking.box_corrections([Sample("a", tmp_path, 4, 4, (region,))])
    assert [each.what for each in found] == ["its mask: empty: covers nothing"]


@pytest.mark.parametrize(
    "edges", [(float("nan"), 0, 1, 1), (0, 0, float("inf"), 1), (3, 0, 1, 1), (0, 5, 1, 1)]
)
def test_a_box_that_is_none_cannot_be_made(edges):
    with pytest.raises(BoxError, match="expected"):
        Box(*edges)


def test_one_crop_for_each_region_that_covers_a_pixel():
    pixels = np.arange(5 * 4 * 3, dtype=np.uint8).reshape(4, 5, 3)
    image = Image.fromarray(pixels)
    many = [Region("a", Box(1, 1, 3, 4)), Region("b", Box(-5, -5, -1, -1)), Region("c", Box(3, 2, 99, 99))]
    cut = [np.asarray(crop) for crop in masking.region_crops(image, many)]
    assert [crop.shape for crop in cut] == [(3, 2, 3), (2, 2, 3)]
    assert np.array_equal(cut[0], pixels[1:4, 1:3])
    assert np.array_equal(cut[1], pixels[2:4, 3:5])


def test_a_crop_by_outline_fills_what_lies_outside_it():
    image = Image.new("RGB", (4, 4), "black")
    region = Region("a", Box(0, 0, 4, 4), polygons=(((0, 0), (4, 0), (0, 4)),))
    (crop,) = masking.region_crops(image, [region], "outline")
    assert image_of(np.asarray(crop)[..., 0] == 0) == ["###", "##.", "#.."]


def test_an_unknown_fill_is_refused_with_the_known_ones():
    with pytest.raises(ParameterError, match="fill: found 'chartreusse'; expected a colour"):
        masking.remove_pixels(Image.new("RGB", (2, 2)), np.zeros((2, 2), bool), "chartreusse")


def test_a_mask_of_another_size_is_refused():
    with pytest.raises(ParameterError, match="found 3 rows and 2 columns; expected 2 rows and 3 columns"):
        masking.remove_pixels(Image.new("RGB", (3, 2)), np.zeros((3, 2), bool))


def test_an_unknown_shape_is_refused():
    with pytest.raises(ParameterError, match="'box' or 'outline'"):
        masking.union_mask([Region("a", Box(0, 0, 1, 1))], (2, 2), "polygon")


@pytest.mark.parametrize("fill", ["blur", "pixelate"])
def test_effects_leave_no_fine_detail_in_what_was_tagged(fill):
    y, x = np.mgrid[:96, :96]
    board = Image.fromarray(np.where((x + y) % 2, 255, 0).astype(np.uint8)).convert("RGB")
    after = np.asarray(masking.remove_pixels(board, np.ones((96, 96), bool), fill))
    assert after.std() < 8

"""Surfaces show the track alone: the same bytes whatever image lies beneath.

`RETRAIN_KIT_GOLDEN=write` writes the golden images anew; one that differs is kept beside it as *.new.png.
"""

import ast
import inspect
import json
import os

import numpy as np
import pytest
from hypothesis import given
from modules import imported
from PIL import Image
from places import GOLDEN
from small_studies import study
from strategies import traces as any_traces
from trying import examples

from retrain_kit import imaging
from retrain_kit.analysis import attention
from retrain_kit.annotations import traces
from retrain_kit.annotations.traces import TimedClick, Trace
from retrain_kit.datasets import open_images
from retrain_kit.errors import ParameterError
from retrain_kit.exercises.surfaces import drawing, track_figures
from retrain_kit.exercises.surfaces.drawing import Pen
from retrain_kit.imaging import decoding

SIZE = (120, 90)
HAND = Trace(
    (
        [[0.1, 0.2, 0], [0.3, 0.6, 0.5], [0.31, 0.62, 2.5], [0.6, 0.15, 3]],
        [[0.75, 0.8, 4], [1.1, 0.7, 4.5], [0.95, 0.3, 5]],
    ),
    (TimedClick(0.5, 0.5, 1, on=True), TimedClick(0.6, 0.7, 2, on=False), TimedClick(0.4, 0.85)),
)
RECORD = {
    "dataset_id": "open_images_train",
    "image_id": "a",
    "annotator_id": 93,
    "caption": "A cup.",
    "timed_caption": [{"utterance": "A cup.", "start_time": 0.0, "end_time": 1.5}],
    "traces": [
        [{"x": 0.2, "y": 0.3, "t": 0.1}, {"x": 0.8, "y": 0.4, "t": 0.9}],
        [{"x": 0.5, "y": 0.9, "t": 1.2}],
    ],
    "voice_recording": "a.ogg",
}


def assert_golden(image, name):
    path = GOLDEN / f"{name}.png"
    if os.environ.get("RETRAIN_KIT_GOLDEN") == "write":
        image.save(path)
    if not path.exists() or image.tobytes() != Image.open(path).tobytes():
        image.save(path.with_suffix(".new.png"))
        pytest.fail(f"{name} differs from its golden image; look at tests/golden/{name}.new.png")


def test_a_track_looks_as_before():
    assert_golden(drawing.draw_track(HAND, SIZE), "surface-track")


def test_a_track_by_slowness_looks_as_before():
    assert_golden(drawing.draw_track(HAND, SIZE, Pen(1.5, by_slowness=True)), "surface-track-by-slowness")


def test_a_map_looks_as_before():
    assert_golden(
        drawing.draw_heat_map(attention.dwell_time_grid(HAND, (12, 9), blur_cells=1), SIZE), "surface-map"
    )


def dark(image):
    return np.asarray(image) < 255


def test_a_line_has_its_width_and_nothing_else_is_dark():
    image = drawing.draw_track(Trace(([[0.25, 0.5, 0], [0.75, 0.5, 1]],)), (80, 40), Pen(4))
    rows, columns = np.nonzero(dark(image))
    assert image.mode == "L"
    assert (rows.min(), rows.max()) == (18, 22)
    assert (columns.min(), columns.max()) == (18, 62)
    assert (np.asarray(image)[18:22, 22:58] == 28).sum() >= 3 * 36


def test_lines_are_smooth():
    steep = np.asarray(drawing.draw_track(Trace(([[0.1, 0.1, 0], [0.5, 0.9, 1]],)), (80, 40)))
    assert len(set(steep.ravel().tolist())) > 5


def test_pieces_are_not_joined():
    image = drawing.draw_track(Trace(([[0.25, 0.5, 0]], [[0.75, 0.5, 1]])), (80, 40), Pen(4))
    assert dark(image)[:, 18:23].any()
    assert dark(image)[:, 58:63].any()
    assert not dark(image)[:, 24:57].any()


def test_clicks_are_dots_and_those_that_deny_are_rings_and_no_line_joins_them():
    clicks = Trace(
        clicks=(TimedClick(0.25, 0.5), TimedClick(0.5, 0.5, on=True), TimedClick(0.75, 0.5, on=False))
    )
    image = drawing.draw_track(clicks, (160, 80), Pen(4))
    found = dark(image)
    assert [bool(found[40, column]) for column in (40, 60, 80, 100, 120)] == [True, False, True, False, False]
    assert found[40, 110:119].any()


def test_slow_ways_are_thicker_up_to_four_times_and_fast_ones_never_thinner():
    hand = Trace(
        (
            [[0, 0.5, 0], [0.25, 0.5, 1], [0.5, 0.5, 2], [0.75, 0.5, 6], [1, 0.5, 6.1]],
            [[0.9, 0.9, 9], [0.9, 0.9, 10]],
        )
    )
    widths = [stroke.width_px for stroke in drawing.strokes(hand, SIZE, Pen(2, by_slowness=True))]
    assert widths == pytest.approx([2, 2, 2, 4, 2, 2, 8])
    assert {stroke.width_px for stroke in drawing.strokes(hand, SIZE, Pen(2))} == {2}


@examples(30)
@given(any_traces)
def test_no_order_of_strokes_shows(trace):
    forth = drawing.draw_track(trace, (40, 30))
    back = drawing.draw_track(Trace(trace.pieces[::-1], trace.clicks[::-1]), (40, 30))
    assert forth.tobytes() == back.tobytes()


def test_without_a_trace_the_surface_is_white():
    assert not dark(drawing.draw_track(Trace(), (8, 6))).any()
    assert (
        np.asarray(drawing.draw_heat_map(attention.dwell_time_grid(Trace(), (2, 1)), (8, 6)))[:6].min() == 255
    )


def test_every_pixel_of_a_map_has_the_colour_of_its_cell():
    image = drawing.draw_heat_map(np.array([[0, 1.0], [2.0, 4.0], [0, 0]]), (7, 6))
    pixels = np.asarray(image)
    assert image.size == (7, 40)
    assert pixels[0, 0].tolist() == [255, 255, 255]
    assert pixels[0, 6].tolist() == [253, 219, 165]
    assert pixels[2, 3].tolist() == [239, 138, 98]
    assert pixels[3, 4].tolist() == [64, 0, 32]
    assert (pixels[:6, 4:] == pixels[:6, 4:5]).all()


@pytest.mark.parametrize("size", [(0, 5), (5, 5000)])
def test_a_size_that_cannot_be_drawn_is_an_error(size):
    for draw in (
        lambda: drawing.draw_track(HAND, size),
        lambda: drawing.draw_heat_map(np.zeros((1, 1)), size),
    ):
        with pytest.raises(ParameterError, match="expected 1 to 4096 px a side"):
            draw()


@pytest.mark.parametrize("width", [0, -1, float("nan"), float("inf")])
def test_a_width_that_is_none_is_an_error(width):
    with pytest.raises(ParameterError, match="width_px: found .*; expected a width above 0"):
        Pen(width)


@pytest.mark.parametrize(("module", "count"), [(drawing, 4), (drawing, 2), (track_figures, 4)])
def test_no_function_of_a_surface_is_given_an_image(module, count):
    functions = [
        each
        for _, each in inspect.getmembers(module, inspect.isfunction)
        if each.__module__ == module.__name__
    ]
    given_to = {
        name: kind
        for each in functions
        for name, kind in inspect.get_annotations(each).items()
        if name != "return"
    }
    assert len(functions) >= count
    private = {"image"} if module is track_figures else set()
    assert {name for name, kind in given_to.items() if "Image" in str(kind)} == private
    assert not [kind for kind in given_to.values() if "Sample" in str(kind) or "Manifest" in str(kind)]


@pytest.mark.parametrize("module", [drawing, track_figures, traces, attention])
def test_no_module_of_a_surface_can_open_an_image(module):
    source = ast.parse(inspect.getsource(module))
    names = set(imported(source))
    called = {node.attr for node in ast.walk(source) if isinstance(node, ast.Attribute)}
    assert names
    assert not {name for name in names if f"{name}.".startswith(f"{imaging.__name__}.")}
    assert not called & {"open", decoding.load_image.__name__, decoding.load_sample.__name__}


def test_a_surface_has_the_same_bytes_whatever_image_lies_beneath(tmp_path):
    Image.new("RGB", (80, 60), "red").save(tmp_path / "a.png")
    Image.effect_noise((80, 60), 90).convert("RGB").save(tmp_path / "b.png")
    lines = [json.dumps(RECORD), json.dumps(RECORD | {"image_id": "b"})]
    (tmp_path / "narratives.jsonl").write_text("\n".join(lines))
    images = [("a", "a.png", (80, 60)), ("b", "b.png", (80, 60))]
    two = open_images.read(study(tmp_path, "open-images", images, {"narratives": "narratives.jsonl"}))
    assert two[0].path.read_bytes() != two[1].path.read_bytes()
    shown = [everything(sample) for sample in two]
    assert shown[0] == shown[1]
    assert len(set(shown[0])) == 5


def everything(sample):
    """Return the bytes of all that is shown of a sample's hand."""
    (hand,) = traces.source_traces(sample)
    grid = attention.dwell_time_grid(hand.trace)
    return [
        drawing.draw_track(hand.trace, sample.size).tobytes(),
        drawing.draw_heat_map(grid, sample.size).tobytes(),
        drawing.track_until(hand.trace, sample.size, 0.5).tobytes(),
        track_figures.track_figure(hand.trace, sample.size, "Study mine.").html.encode(),
        track_figures.growth_stills(hand.trace, sample.size, "Study mine.").html.encode(),
    ]

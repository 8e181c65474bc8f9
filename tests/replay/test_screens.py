"""Screens and films look as they did, and a film has in each frame what its moment has, and no image."""

import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from replaying import FIGURES, assert_golden, known, sample
from trying import examples

from retrain_kit.analysis.replay import Pace, make_timeline
from retrain_kit.annotations.samples import Box, Click, Region
from retrain_kit.annotations.timelines import Timeline
from retrain_kit.display.replay_film import Caption, film_patches, frame_count, lay_out, strip, write_film
from retrain_kit.display.replay_screen import Moment, Play, Scene, Screen, clock, fitting_factor
from retrain_kit.errors import ParameterError

RING = np.pad(np.zeros((1, 1), dtype=bool), 1, constant_values=True)
HOUSE = (((10.0, 70.0), (10.0, 40.0), (30.0, 20.0), (50.0, 40.0), (50.0, 70.0)),)
REGIONS = (
    Region("House", Box(10, 20, 50, 70), annotator="hand", polygons=HOUSE),
    Region("Ring", Box(60, 30, 90, 60), annotator="machine", mask=RING),
    Region("Bird", Box(40, 5, 70, 15), annotator="hand", clicks=(Click(40, 9), Click(55, 5), Click(70, 9))),
    Region("Sky", Box(-20, -10, 120, 12), annotator="hand"),
)


@pytest.fixture(scope="module")
def timeline():
    return make_timeline(sample(*REGIONS), known, Pace(FIGURES))


@pytest.mark.parametrize(
    ("name", "moment"),
    [("drawn", Moment(14.0)), ("label", Moment(26.0, 4)), ("annotator", Moment(26.0, 4, 4))],
)
@pytest.mark.parametrize("ground", ["dark", "light"])
def test_a_moment_looks_as_before(timeline, name, moment, ground):
    assert timeline.end_s("most") == 26
    assert_golden(Screen(Scene(timeline, 200, ground)).show(moment), f"replay-{name}-{ground}")


@examples(20)
@given(st.lists(st.floats(0, 60), min_size=1, max_size=5))
def test_going_step_by_step_shows_the_same_as_going_there_at_once(timeline, seconds):
    play, scene = Play("most", 1.0), Scene(timeline, 100)
    moments = [play.moment(timeline, second) for second in sorted(seconds)]
    stepped = Screen(scene)
    for moment in moments:
        last = stepped.show(moment)
    assert last.tobytes() == Screen(scene).show(moments[-1]).tobytes()


def test_a_film_is_read_frame_by_frame_and_shows_what_its_moments_show(timeline):
    play, sheet = Play("most", 10.0), lay_out([timeline], 120)
    file = io.BytesIO()
    shown = write_film(file, film_patches(sheet, play, Caption("one")))
    film = Image.open(file)
    assert (film.n_frames, film.size[0], film.info["loop"]) == (shown, 120, 0)
    screen, at_ms, frames = Screen(sheet.scenes[0]), 0.0, frame_count(sheet, play)
    for number in range(film.n_frames):
        film.seek(number)
        moment = play.moment(timeline, round(at_ms * 12 / 1000) / 12)
        seen = np.asarray(film.convert("RGB"), dtype=int)[: sheet.size[1]]
        assert abs(seen - np.asarray(screen.show(moment), dtype=int)).mean() < 2
        at_ms += film.info["duration"]
    assert at_ms == pytest.approx(frames * 1000 / 12)


def test_what_stands_below_a_film_is_neither_cut_off_nor_laid_over_other_words(timeline):
    sheet, play = lay_out([timeline], 200), Play("most", 10.0)
    title, line = "a name of an image", " ".join(["words that are wider than the film"] * 3)
    feet = [
        next(film_patches(sheet, play, Caption(*said))).image.height - sheet.size[1]
        for said in (("",), (title,), (title, (line,)))
    ]
    assert feet[0] < feet[1] < feet[2] - (feet[1] - feet[0])


def test_a_film_without_end_is_refused_before_it_begins(timeline):
    with pytest.raises(ParameterError, match="at most 10 minutes"):
        frame_count(lay_out([timeline], 120), Play("most", 1e-300))


def test_a_film_of_several_has_one_screen_each_and_of_nothing_it_is_a_frame():
    empty = Timeline("none", (50, 40))
    point = make_timeline(sample(Region("Dot", Box(5, 5, 5, 5), annotator="hand")), known, Pace(FIGURES))
    sheet = lay_out([empty, point, empty], 300, "light")
    assert len(set(sheet.places)) == 3
    file = io.BytesIO()
    assert write_film(file, film_patches(sheet, Play("least", 100.0), Caption("two"))) > 1
    assert Image.open(file).n_frames > 1
    assert clock(3_599.9) == "0:59:59"
    assert fitting_factor([empty], "most") == 1


def test_a_strip_tells_each_still_in_words_and_shows_no_image(timeline):
    figure = strip(Scene(timeline, 160, "light"), Play(), "A study.")
    assert figure.names == ("0:00:05", "0:00:15", "0:00:26, all of it", "by label", "by annotator")
    assert "1 of 4 are drawn. The image is not shown." in figure.panels[1].alt
    assert {panel.media_type for panel in figure.panels} == {"image/png"}
    assert strip(Scene(replace(timeline, drawings=()), 160), Play(), "A study.").names == ("nothing to draw",)

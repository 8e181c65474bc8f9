"""Stills of a city look as they did: golden images of a small one, by day, by night, with a house marked.

`RETRAIN_KIT_GOLDEN=write` writes them anew; a still that differs is kept beside the golden one as *.new.png.
"""

import os

import numpy as np
import pytest
from PIL import Image
from places import GOLDEN

from retrain_kit.display.city_still import Landscape, Light, Mark, draw_still, views_of, write_names

SIZE = (160, 90)
DRAWN, CHECKED = "hue-1", "hue-3"


def landscape():
    """Two districts on either side of a street: 16 houses from low to high, and three."""
    steps = np.arange(16)
    places = np.concatenate([np.stack([steps % 4, steps // 4], axis=1), [[6, 0], [7, 0], [6, 1]]])
    tall = np.concatenate([steps * 1.5, [4, 9, 30]]).astype(np.float32)
    low = np.stack([tall * 0.6, tall * 0.4]).astype(np.float32)
    high = np.stack([tall * 2, tall * 0.5]).astype(np.float32)
    edges = np.array([[0, 0, 4, 4], [6, 0, 8, 2]])
    stripes = np.full((19, 3), -1, np.int32)
    stripes[:8, 0], stripes[:4, 1] = 1, 2
    return Landscape(
        places.astype(np.int64),
        low,
        high,
        (DRAWN, CHECKED),
        edges,
        (np.arange(19) > 15).astype(np.int32),
        stripes,
        6.0,
    )


def assert_near_golden(image, name):
    """Floats differ in their last places from machine to machine: a pixel may be off by a little, the whole not."""
    path = GOLDEN / f"{name}.png"
    if os.environ.get("RETRAIN_KIT_GOLDEN") == "write":
        image.save(path)
    if path.exists():
        off = np.abs(np.asarray(image, int) - np.asarray(Image.open(path), int))
        if off.mean() < 0.1:
            return
    image.save(path.with_suffix(".new.png"))
    pytest.fail(f"{name} differs from its golden image; look at tests/golden/{name}.new.png")


@pytest.mark.usefixtures("long_work")
@pytest.mark.parametrize(("view", "light"), [("afar", "day"), ("middle", "night"), ("street", "day")])
def test_a_still_looks_as_before(view, light):
    city = landscape()
    mark = Mark(18) if view == "afar" else None
    image = draw_still(city, views_of(city)[view], SIZE, Light(night=light == "night"), mark=mark)
    assert_near_golden(image, f"city-{view}-{light}")


def test_a_block_has_the_volume_of_its_houses():
    levels = landscape().levels
    assert [level.lots for level in levels] == [1, 2, 4, 8, 16]
    assert {tuple(np.round(level.work, 2)) for level in levels} == {(223.0, 557.5)}


def test_districts_have_their_names_where_the_face_has_the_script():
    city = landscape()
    view = views_of(city)["afar"]

    def written(*names):
        image = Image.new("RGB", (960, 540))
        write_names(image, city, view, names)
        return image.getbbox()

    assert written("", "כלב") is None
    first, second = written("Tree", ""), written("", "Owl\u202e")
    front = [view.on_image(x, 4 * 6.0, 0, (960, 540)) for x in (0, 24)]
    assert front[0][0] < first[0] < first[2] < front[1][0]
    assert first[0] < first[2] < second[0] < second[2]
    alike = written("A name that is far longer than any sign can be" * 9, "")
    assert alike[2] - alike[0] < 480

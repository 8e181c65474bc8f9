"""In one image no two labels look the same, whoever looks."""

from itertools import combinations

import numpy as np
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.display.label_keys import MOST_LISTED, LabelKey, label_keys, legend_html
from retrain_kit.display.tokens import COLOURS, MARKS, Colour

# G. Machado, M. Oliveira and L. Fernandes, "A physiologically-based model for simulation of color vision deficiency", 2009.
SEEN = {
    "all hues": np.eye(3),
    "without red": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "without green": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "without blue": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def lab(colour, seen):
    """Return a colour in CIE Lab, as it is seen."""
    parts = np.array(COLOURS[colour].rgb) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    rest = xyz @ np.clip(np.array(SEEN[seen]) @ linear, 0, 1) / (0.9505, 1, 1.089)
    x, y, z = np.where(rest > 0.008856, np.cbrt(rest), 7.787 * rest + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("seen", SEEN)
def test_colours_are_told_apart_however_many_hues_one_sees(seen):
    colours = [lab(name, seen) for name in MARKS]
    assert min(np.linalg.norm(one - other) for one, other in combinations(colours, 2)) > 15
    assert min(np.linalg.norm(one - other) for one, other in combinations(colours[:4], 2)) > 24


@pytest.mark.parametrize("name", MARKS)
def test_what_is_written_on_a_colour_can_be_read(name):
    written = Colour(*[LabelKey(1, "a", COLOURS[name].light, 0, 1).text_colour] * 2)
    low, high = sorted((written.luminance, COLOURS[name].luminance))
    assert (high + 0.05) / (low + 0.05) >= 4.5


labels = st.lists(st.text(max_size=2), max_size=60)


@given(labels, labels)
def test_no_two_labels_of_an_image_have_the_same_key(found, order):
    keys = label_keys(found, order).values()
    assert {key.label for key in keys} == set(found)
    assert len({(key.colour, key.stripes) for key in keys}) == len(keys)
    assert [key.number for key in keys] == list(range(1, len(keys) + 1))
    assert all(key.stripes == 0 for key in keys) or len(keys) > len(MARKS)
    assert [key.regions for key in keys] == sorted((key.regions for key in keys), reverse=True)


def test_the_first_labels_of_an_order_keep_their_colours_from_image_to_image():
    order = [f"label {place}" for place in range(20)]
    one, other = label_keys(order[:3], order), label_keys([order[2], "rare", order[0]], order)
    assert [one[label].colour for label in order[:3]] == [COLOURS[f"mark-{n}"].light for n in (1, 2, 3)]
    assert [one[label].colour for label in (order[0], order[2])] == [
        other[label].colour for label in (order[0], order[2])
    ]


def test_forty_labels_have_forty_keys_those_beyond_the_colours_with_stripes():
    keys = label_keys([f"{place:02}" for place in range(40)], [f"{place:02}" for place in range(40)])
    assert [key.stripes for key in keys.values()] == [0] * 16 + [1] * 16 + [2] * 8


def test_a_legend_names_each_label_in_any_script_and_says_how_many_it_leaves_out():
    keys = label_keys(["<b>", "قطة", "قطة", *(f"{place:03}" for place in range(60))])
    soup = BeautifulSoup(legend_html(tuple(keys.values())), "html.parser")
    rows = [row.get_text(" ", strip=True) for row in soup.select("li")]
    assert rows[0] == "1 قطة × 2"
    assert len(rows) == MOST_LISTED + 1
    assert rows[-1] == "and 22 labels more"
    assert "<b>" in BeautifulSoup(legend_html(tuple(label_keys(["<b>"]).values())), "html.parser").text
    assert legend_html(()) == ""

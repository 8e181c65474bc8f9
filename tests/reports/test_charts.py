"""Charts and tables show anybody's names as they are, whatever signs they have."""

import re
import warnings
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont

from retrain_kit.analysis import box_geometry, co_occurrence
from retrain_kit.analysis.coverage import GroupCoverage, ImageCoverage
from retrain_kit.analysis.intervals import Interval
from retrain_kit.annotations.samples import Box, Region, Sample
from retrain_kit.display import signs
from retrain_kit.display.cards import Card, Fact, FactGroup
from retrain_kit.display.figures import Note
from retrain_kit.display.tokens import COLOURS, Colour
from retrain_kit.reports import charts, tables, typesetting
from retrain_kit.studies import manifests

MANIFEST = manifests.load("embedded-sample")
DOLLARS = ["$$", "$", "$x$", "a $ and a $", r"\alpha", r"$\frac{1}{2}$", r"\$", "x^2_1"]
SIGNS = ["_", "%", "#", "&", "<b>", "</svg>", "-->", "]]>", '"', "'", "{}", "~", "`", "\\", "@import", "=1+1"]
SCRIPTS = [
    "שלום עולם",
    "مرحبا بالعالم",
    "中文标签",
    "ไทย",
    "नमस्ते",
    "한국어",
    "Ελλάδα",
    "😀",
    "\U0001d54f",
    "e\u0301",
]
ODD = [
    "",
    " ",
    "\u200b",
    "\u00a0",
    "\u3164",
    "\x00",
    "\x0b",
    "a\nb",
    "\u202eabc",
    "\ue000",
    "a" * 500,
    "w o r d " * 90,
]
HOSTILE = [*DOLLARS, *SIGNS, *SCRIPTS, *ODD]


def group(name, share=0.25, limits=None):
    return GroupCoverage(name, 8, 9, 0.5, share, None, Interval(*limits) if limits else None)


def drawn(figure):
    """Return the drawing of a chart as XML."""
    (panel,) = figure.panels
    return ET.fromstring(panel.data)  # noqa: S314 - drawn here


def glyphs(name):
    """Return how a chart draws a name: the shapes of its one tick label."""
    root = drawn(charts.group_bars([group(name)], "label", MANIFEST))
    (axis,) = (part for part in root.iter() if part.get("id") == "ytick_1")
    return [
        part.get("{http://www.w3.org/1999/xlink}href") for part in axis.iter() if part.tag.endswith("}use")
    ]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_chart_of_any_name_is_a_drawing(name):
    with warnings.catch_warnings(action="error"):
        for figure in (
            charts.group_bars([group(name)], "label", MANIFEST),
            charts.coverage_bars([ImageCoverage(name, 1, 3, 4)], MANIFEST),
        ):
            root = drawn(figure)
            assert root.tag.endswith("svg")
            assert BeautifulSoup(figure.html, "html.parser").img["alt"] == figure.panels[0].alt


@pytest.mark.parametrize("name", DOLLARS)
def test_dollars_and_backslashes_are_drawn_one_by_one(name):
    seen = [href.rsplit("-", 1)[-1] for href in glyphs(name) if href.startswith("#DejaVu")]
    assert len(seen) == len(name)


def test_all_names_together_have_a_bar_each():
    rows = [group(name, 0.01 * place) for place, name in enumerate([*HOSTILE, "a" * 501, "a" * 502])]
    root = drawn(charts.group_bars(rows, "label", MANIFEST, most=len(rows)))
    bars = [part for part in root.iter() if (part.get("id") or "").startswith("patch_")]
    assert len(bars) >= len(rows)


def test_the_axes_keep_their_room_beside_a_long_name():
    short, long = (
        charts.group_bars([group(name, 0.5, (0.2, 0.8))], "label", MANIFEST) for name in ("a", "wide " * 200)
    )
    assert drawn(short).get("viewBox") == drawn(long).get("viewBox")


def test_shortened_names_keep_both_ends():
    assert signs.shortened("a very long name", 9) == "a ver…ame"
    assert signs.shortened("short", 9) == "short"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("cat", "cat"),
        (" a \n cat\t", "a cat"),
        ("", ""),
        (" ", "U+0020"),
        ("\u200b\u200d", "U+200B U+200D"),
        ("\u3164", "U+3164"),
        ("a\x00b", "aU+0000b"),
        ("\u202eevil", "U+202Eevil"),
        ("e\u0301", "e\u0301"),
        ("مرحبا", "مرحبا"),
    ],
)
def test_what_has_no_shape_is_made_visible(name, shown):
    assert signs.visible(name) == shown


def test_no_study_without_regions_ends_in_an_empty_chart():
    assert isinstance(charts.group_bars([], "label", MANIFEST), Note)


@pytest.mark.parametrize("name", [name for name in HOSTILE if name])
def test_a_table_shows_a_name_as_text(name):
    soup = BeautifulSoup(tables.group_coverage([group(name)], "label").to_html(), "html.parser")
    (cell,) = soup.select("tbody tr td.col0")
    assert cell.find_all() == []
    assert " ".join(cell.get_text().split()) == " ".join(signs.visible(name).split())
    assert cell.get_text().strip()


def test_a_table_is_left_alone_by_what_sets_mathematics():
    soup = BeautifulSoup(tables.group_coverage([group("$x$")], "label").to_html(), "html.parser")
    assert "mathjax_ignore" in soup.table["class"]
    for shown in (
        Note("$x$", (("$y$", "$z$"),)),
        charts.group_bars([group("$x$")], "label", MANIFEST),
        Card("$x$", (FactGroup("$y$", (Fact("$z$", "$a$", "$b$"),)),)),
    ):
        html = BeautifulSoup(shown.html if hasattr(shown, "html") else shown._repr_html_(), "html.parser")
        for part in html.select(".mathjax_ignore"):
            part.decompose()
        assert "$" not in html.get_text()


@pytest.mark.parametrize("name", HOSTILE)
def test_typst_sets_a_name_as_text(name):
    pdf = typesetting.typeset_pdf('#import "kit.typ": *\n#show: kit\n#data.title', {"title": name})
    assert pdf.startswith(b"%PDF")


def test_columns_of_intervals_are_there_where_any_row_has_one():
    plain = tables.group_coverage([group("a")], "label").data
    told = tables.group_coverage([group("a"), group("b", 0.25, (0.2, 0.31))], "label").data
    assert "interval of all" not in plain.columns
    assert list(told["interval of all"]) == ["–", "20.0–31.0%"]


def test_a_map_says_what_is_tagged_of_its_middle_and_its_rim():
    grid = np.zeros((9, 9))
    grid[3:6, 3:6] = 0.5
    (panel,) = charts.tag_heat_map(grid, 4, MANIFEST).panels
    assert "Of its middle 50% is tagged, of its rim 0%, on average of 4 images." in panel.alt


def test_every_script_has_shapes_of_its_own():
    drawings = {tuple(glyphs(name)) for name in SCRIPTS}
    assert len(drawings) == len(SCRIPTS)
    assert not any(".notdef" in href or href.endswith("-0") for drawing in drawings for href in drawing)


def test_korean_syllables_are_not_taken_apart():
    assert len(glyphs("한국어")) == 3


def of_each_face():
    """Return a name of three signs for each face that the kit brings, of those that it alone may have."""
    names, seen = [], set()
    for path in sorted(typesetting.FONTS_FOLDER.glob("*.[to]tf")):
        with TTFont(path, lazy=True) as face:
            own = sorted(number for number in set(face.getBestCmap()) - seen if chr(number).isalnum())
        seen.update(own)
        names += ["".join(map(chr, own[place : place + 1] + own[-1 - place :][:2])) for place in (3,) if own]
    return names


def test_no_sign_that_a_face_of_the_kit_has_is_missing_in_any_chart():
    names = [*of_each_face(), *SCRIPTS]
    assert len(names) > 40
    few = [Region(name, Box(0, 0, 5, 9)) for name in ("مرحبا", "नमस्ते", "中文", "😀")]
    studied = [Sample("a", Path("a"), 20, 10, tuple(few))]
    with warnings.catch_warnings(action="error"):
        for shown in (
            charts.group_bars([group(name) for name in names], "label", MANIFEST, most=len(names)),
            charts.box_positions(box_geometry.box_geometry(studied), MANIFEST),
            charts.co_occurrence_map(co_occurrence.label_co_occurrence(studied), MANIFEST),
        ):
            used = re.findall('href="#([^"]+)"', shown.panels[0].data.decode())
            assert [href for href in used if ".notdef" in href or href.endswith("-0")] == []


@pytest.mark.parametrize("page", ["light", "dark"])
def test_figures_in_a_map_can_be_read_on_every_colour(page):
    for place, written in charts.WRITTEN_ON.items():
        colours = [Colour(*[getattr(COLOURS[name], page)] * 2) for name in (place, written)]
        low, high = sorted(colour.luminance for colour in colours)
        assert (high + 0.05) / (low + 0.05) >= 4.5, (place, written)


def test_a_chart_of_many_images_shows_both_ends_and_says_what_lies_between():
    rows = [ImageCoverage(f"{place}", 1, place, 1000) for place in range(1000)]
    shown = charts.coverage_bars(rows, MANIFEST)
    assert "940 images lie between those at both ends." in shown.caption
    assert "The least is tagged of 0 with 0.0%, the most of 999 with 99.9%." in shown.panels[0].alt


def test_a_map_of_labels_that_meet_tells_how_often_and_what_is_left_out():
    tree, bird = Region("Tree", Box(0, 0, 10, 10)), Region("Bird", Box(0, 0, 20, 5))
    studied = [Sample("a", Path("a"), 20, 10, (tree, bird)), Sample("b", Path("b"), 20, 10, (tree,))]
    shown = charts.co_occurrence_map(co_occurrence.label_co_occurrence(studied), MANIFEST)
    assert "Those that meet most: Tree and Bird in 1." in shown.panels[0].alt
    few = charts.co_occurrence_map(co_occurrence.label_co_occurrence(studied), MANIFEST, most=1)
    assert few == Note("No image here has two labels.", ())


def test_sizes_and_places_of_boxes_are_told_in_words_too():
    studied = [Sample("a", Path("a"), 20, 10, (Region("Tree", Box(0, 0, 10, 10)),))]
    sizes = charts.box_sizes(box_geometry.all_boxes(studied), MANIFEST)
    assert "Half of 1 box takes 50.0% of its frame or less" in sizes.caption
    places = charts.box_positions(box_geometry.box_geometry(studied), MANIFEST)
    assert "Tree 25% from the left and 50% from the top" in places.panels[0].alt
    assert isinstance(charts.box_sizes(box_geometry.all_boxes([]), MANIFEST), Note)
    assert isinstance(charts.box_positions([], MANIFEST), Note)

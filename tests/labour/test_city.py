"""The city: places, sums and heights against cases worked out by hand, and what holds of every city."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from commands import typed
from hypothesis import given
from hypothesis import strategies as st
from trying import examples

from retrain_kit.analysis.city import NO_LABEL, Houses, Storey, build_city, count_houses, plan, stills
from retrain_kit.annotations.samples import Box, ImageLabel, Region, Sample
from retrain_kit.batch import work_city
from retrain_kit.display.city_still import still, views_of
from retrain_kit.errors import ParameterError
from retrain_kit.reports.city import CityPage, city_html, packing
from retrain_kit.reports.city.making import walk_in_words
from retrain_kit.studies import labour_figures, manifests

FIGURES = [
    each
    for each in labour_figures.load_figures()
    if each.id in {"extreme-clicking-voc07", "imagenet-box-mean", "open-images-box-check"}
]
DRAWN, CHECKED = Storey.of("box", "hand", FIGURES), Storey.of("box check", "checked", FIGURES)
MANIFEST = manifests.load("open-images-nature", pinned=False)
TABLE = """ImageID,Source,LabelName,XMin,XMax,YMin,YMax
a,xclick,/m/1,0,1,0,1
a,activemil,/m/2,0,0.5,0,1
b,xclick,/m/2,0,1,0,1
b,who,/m/2,0,1,0,1
c,machine,/m/1,0,0.5,0,1
c,machine,/m/2,0,0.2,0,1
c,machine,/m/2,0,0.4,0,1
"""


def houses(counts, labels):
    """Return houses with so many drawn and checked boxes each, and their labels in order."""
    names = sorted({label for each in labels for label in each})
    starts = np.cumsum([0, *map(len, labels)])
    flat = np.array([names.index(label) for each in labels for label in each], np.int32)
    ids = [f"i{number}" for number in range(len(labels))]
    return Houses(
        ids, (DRAWN, CHECKED), np.array(counts, np.uint32).reshape(-1, 2), tuple(names), starts, flat
    )


@st.composite
def cities(draw):
    labels = draw(
        st.lists(st.lists(st.sampled_from("abcdefg"), unique=True, max_size=4), min_size=1, max_size=60)
    )
    pair = st.tuples(st.integers(0, 300), st.integers(0, 9))
    return build_city(houses(draw(st.lists(pair, min_size=len(labels), max_size=len(labels))), labels))


@given(st.integers(1, 40), st.integers(1, 40), st.data())
def test_each_house_of_a_district_has_a_lot_of_its_own_and_the_last_are_innermost(columns, rows, data):
    many = data.draw(st.integers(max(0, columns * rows - 5), columns * rows))
    found = np.stack(plan.lots(columns, rows, many), axis=1)
    assert len({*map(tuple, found.tolist())}) == many
    inset = np.minimum(found, np.array([columns, rows]) - 1 - found).min(axis=1)
    assert (np.diff(inset) >= 0).all()
    assert ((found >= 0) & (found < [columns, rows])).all()


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=300))
def test_districts_have_room_and_streets_between_them(sizes):
    plots = plan.plan_districts(sorted(sizes, reverse=True)).plots
    for size, plot in zip(sorted(sizes, reverse=True), plots, strict=True):
        assert plot.columns * plot.rows >= size
    edges = np.array([(each.left, each.top, each.right, each.bottom) for each in plots])
    gap = np.maximum(edges[:, None, :2] - edges[None, :, 2:], edges[None, :, :2] - edges[:, None, 2:]).max(
        axis=-1
    )
    np.fill_diagonal(gap, plan.STREET)
    assert gap.min() >= plan.STREET


@examples(50)
@given(cities())
def test_what_houses_come_to_stays_true_where_they_are_drawn_as_one(city):
    landscape = stills.landscape_of(city)
    metres = np.array([city.time.low, city.time.high]) / 60 * 12
    for level in landscape.levels:
        assert level.work == pytest.approx(metres, rel=1e-5, abs=1e-3)
    rows = city.by_district()
    assert sum(row.images for row in rows) == len(city)
    assert sum(row.time.high for row in rows) == pytest.approx(city.time.high)
    assert sum(row.pieces for row in rows) == city.counts.sum()
    for district in city.districts:
        assert (np.diff(city.high_s[district.first : district.end]) >= 0).all()


@given(cities())
def test_an_image_stands_under_its_first_label_and_the_others_are_its_stripes(city):
    for house in range(len(city)):
        under, others = city.district_of(house).label, city.other_labels(house)
        assert under not in others
        assert others == [] or under != NO_LABEL
    assert len({*map(tuple, city.places.tolist())}) == len(city)


def test_a_district_is_the_label_with_the_largest_area_all_of_its_boxes_together():
    small = (Region("cat", Box(0, 0, 4, 4)), Region("cat", Box(0, 0, 4, 4)), Region("dog", Box(0, 0, 5, 6)))
    words = (ImageLabel("sky", present=True), ImageLabel("sea", present=False))
    samples = [
        Sample("a", Path("a"), 9, 9, small, (), words),
        Sample("b", Path("b"), 9, 9),
        Sample("c", Path("c"), 9, 9, (), (), words),
    ]
    city = build_city(count_houses(samples, MANIFEST, FIGURES))
    at = {city.ids[house]: (city.district_of(house).label, city.other_labels(house)) for house in range(3)}
    assert at == {"a": ("cat", ["dog", "sky"]), "b": (NO_LABEL, []), "c": ("sky", [])}


def test_a_whole_table_is_a_city_too(tmp_path):
    (tmp_path / "boxes.csv").write_text(TABLE, "utf-8")
    manifest = replace(MANIFEST, files={"boxes": tmp_path / "boxes.csv"})
    city = work_city.study_city(manifest, tuple(FIGURES)).city
    found = {
        city.ids[house]: (city.low_s[house], city.high_s[house], city.district_of(house).label)
        for house in range(len(city))
    }
    assert found == {"a": (10.5, 91.5, "/m/1"), "b": (7.0, 176.0, "/m/2"), "c": (0.0, 0.0, "/m/2")}
    assert city.other_labels(city.house("c")) == ["/m/1"]
    assert pl.read_csv(tmp_path / "boxes.csv").height == city.counts.sum()


def test_of_the_same_areas_the_first_word_counts_and_labels_of_one_word_are_told_apart(tmp_path):
    rows = (
        f"i,{label},{edges}" for label in ("/m/1", "/m/2", "/m/3") for edges in ("0,0.1,0,1", "0.2,0.4,0,1")
    )
    (tmp_path / "boxes.csv").write_text("\n".join(("ImageID,LabelName,XMin,XMax,YMin,YMax", *rows)), "utf-8")
    names = {"/m/1": "zebra", "/m/2": "ball", "/m/3": "ball"}
    city = build_city(work_city.table_houses(tmp_path / "boxes.csv", MANIFEST, FIGURES, names))
    assert (city.names, city.other_labels(0)) == (("ball (/m/2)",), ["ball (/m/3)", "zebra"])


def test_without_any_image_there_is_no_city_and_without_any_annotation_a_plain():
    with pytest.raises(ParameterError, match="no image"):
        build_city(count_houses([], MANIFEST, FIGURES))
    city = build_city(count_houses([Sample("a", Path("a"), 9, 9)], MANIFEST, FIGURES))
    assert (city.time.high, city.districts[0].label, city.lot_m) == (0, NO_LABEL, 6)
    assert stills.draw_city(city, "street", (32, 18)).size == (32, 18)
    words = Sample("a", Path("a"), 9, 9, labels=(ImageLabel("a", present=True),))
    untimed = build_city(count_houses([words], MANIFEST, FIGURES))
    assert (city.time_told, untimed.time_told) == ("0 seconds", "no published figure")


@pytest.mark.parametrize("wide", [9 / 16, 0.3375])
def test_from_afar_all_of_a_flat_city_is_seen_on_a_canvas_of_any_width(wide):
    landscape = stills.landscape_of(build_city(houses([(0, 0)] * 4, [["a"], ["a"], ["b"], ["b"]])))
    view = views_of(landscape, wide)["afar"]
    for house in range(4):
        column, row, _ = still.on_screen(landscape, view, house, (1000, round(1000 * wide)))
        assert 0 < column < 1000
        assert 0 < row < 1000 * wide


def test_one_tower_makes_no_dot_of_its_city_and_a_flight_ends_in_sight_of_a_house():
    tower = stills.landscape_of(build_city(houses([(3000, 0)] + [(40, 0)] * 12, [["a"]] * 13)))
    view = views_of(tower)["afar"]
    columns = [still.on_screen(tower, view, house, (1000, 562))[0] for house in range(13)]
    assert max(columns) - min(columns) > 100
    one = stills.landscape_of(build_city(houses([(1, 0)], [["a"]])))
    column, _, _ = still.on_screen(one, stills.flight(one, 9)[-1], 0, (1000, 562))
    assert -100 < column < 1000


def test_an_image_with_a_hundred_thousand_annotations_is_as_high_as_they_took():
    city = build_city(houses([(100_000, 0)], [["a"]]))
    assert city.high_s[0] == 100_000 * 88
    landscape = stills.landscape_of(city)
    assert landscape.high_m.sum() == pytest.approx(100_000 * 88 / 60 * 12)
    assert stills.draw_city(city, "afar", (32, 18), image="i0").size == (32, 18)


def test_no_house_is_marked_where_there_is_none():
    with pytest.raises(ParameterError, match="found nobody"):
        stills.draw_city(build_city(houses([(1, 0)], [["a"]])), image="nobody")


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (1, "1 second"),
        (60, "1 minute"),
        (61, "1 minute and 1 second"),
        (1_743_042, "20 days and 4 hours"),
    ],
)
def test_a_walk_past_all_is_told_in_time(images, words):
    assert walk_in_words(images) == words


@given(st.lists(st.integers(0, 2**32 - 1)))
def test_numbers_are_packed_as_the_page_unpacks_them(values):
    found, value, factor = [], 0, 1
    for byte in packing.small_numbers(np.array(values, np.uint32)):
        value += (byte & 127) * factor
        factor *= 128
        if byte < 128:
            found.append(value)
            value, factor = 0, 1
    assert found == values


@pytest.mark.usefixtures("long_work")
def test_a_house_is_found_by_the_figures_and_words_that_its_number_is_of(tmp_path):
    words = ("city", "embedded-sample", "--use", "coco-outline", "--accept-words")
    done = typed(tmp_path, *words, "-o", "city.html", "--house", 1)
    assert done.returncode == 0, done.stderr
    assert f'"command": "retrain-kit {" ".join(words)}"' in (tmp_path / "city.html").read_text("utf-8")
    assert f"its page: retrain-kit what-it-took {' '.join(words[1:])} --image " in done.stdout
    words = Sample("a", Path("a"), 9, 9, labels=(ImageLabel("a", present=True),))
    untimed = build_city(count_houses([words], MANIFEST, FIGURES))
    page = city_html(CityPage("t", "c", MANIFEST, untimed, FIGURES)).decode()
    assert "No published figure is known for any work that is here" in page
    assert "All of it took" not in page

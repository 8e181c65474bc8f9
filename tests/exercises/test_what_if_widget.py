"""The kernel's half of the widget of What If…?, without a browser."""

import io

import pytest
from PIL import Image
from traitlets import TraitError

from retrain_kit.answers import Store
from retrain_kit.datasets import folder
from retrain_kit.errors import ParameterError
from retrain_kit.exercises.what_if import areas, figures
from retrain_kit.exercises.what_if.what_if import WhatIf
from retrain_kit.exercises.what_if.widget import BlankAreas, blank_areas_html
from retrain_kit.studies import manifests, sampling


@pytest.fixture(scope="module")
def manifest():
    return manifests.load("embedded-sample")


@pytest.fixture(scope="module")
def drawn(manifest):
    return sampling.draw_samples(folder.read(manifest), 3, 7)


@pytest.fixture(scope="module")
def blank(manifest, drawn):
    return areas.blank_areas(drawn, manifest)


@pytest.fixture
def exercise(tmp_path):
    with Store(tmp_path / "answers") as store:
        yield WhatIf(store, "embedded-sample")


@pytest.fixture
def widget(exercise, blank):
    made = BlankAreas(exercise, blank)
    made.sent = []
    made.send = made.sent.append
    return made


def ask(widget, **content):
    widget._receive(None, {"uses": ["class"], **content}, [])
    return widget.sent[-1]


def test_areas_are_numbered_and_their_images_are_those_without_what_was_tagged(blank, drawn):
    assert [area.name for area in blank] == ["Image 1", "Image 2", "Image 3"]
    assert [area.place.image for area in blank] == [sample.id for sample in drawn]
    with Image.open(io.BytesIO(blank[0].panel.data)) as image:
        left, top, right, bottom = drawn[0].regions[0].box.edges
        scale = image.width / drawn[0].width_px
        middle = (round((left + right) / 2 * scale), round((top + bottom) / 2 * scale))
        assert image.getpixel(middle) == (255, 255, 255)
    assert all(sample.id not in area.panel.alt for area, sample in zip(blank, drawn, strict=True))


def test_per_hole_each_connected_blank_area_is_asked_about(manifest, drawn):
    found = areas.blank_areas(drawn[:2], manifest, "hole")
    assert [area.name for area in found] == [
        "Image 1, blank area 1",
        "Image 2, blank area 1",
        "Image 2, blank area 2",
    ]
    assert all(area.place.hole.startswith("xywh=") for area in found)


def test_a_wrong_way_to_ask_is_a_fault(manifest, drawn):
    with pytest.raises(ParameterError, match="per: found 'pixel'; expected one of image, hole"):
        areas.blank_areas(drawn, manifest, "pixel")


def test_words_and_the_key_go_by_message_and_are_in_no_state(widget):
    told = ask(widget, act="add", text="mist", likely=5)
    assert (told["told"], told["done"]) == ("Your answer is kept.", "add")
    state = str(widget.get_state())
    assert told["key"] not in state
    assert "mist" not in state
    assert told["options"][-1]["text"] == "mist"


def test_an_answer_without_consent_is_kept_and_said_to_be_shown_to_nobody(widget):
    told = ask(widget, act="add", text="mist", likely=5, uses=[])
    assert told["told"] == ("Your answer is kept. It is shown to nobody else: you have not agreed to it.")
    assert told["withheld"] == 1
    assert [each["text"] for each in told["mine"]] == ["mist"]


def test_a_degree_says_of_which_option_it_is_also_where_two_were_called_the_same(widget):
    mist = ask(widget, act="add", text="mist", likely=5)["mine"][0]["record"]
    ask(widget, act="place", ref="original:kite", likely="likely")
    told = ask(widget, act="place", ref=mist, likely=70)
    assert {each["text"]: each["of"] for each in told["mine"]} == {
        "mist": "",
        "likely (66–90 %)": "original:kite",
        "70 %": mist,
    }
    told = ask(widget, act="same", one="original:kite", other=mist)
    assert [each["also"] for each in told["options"] if each["ref"] == "original:kite"] == [[mist]]


def test_whoever_comes_back_with_a_key_finds_what_they_said_and_can_withdraw_it(widget):
    key = ask(widget, act="add", text="mist", likely=5)["key"]
    assert ask(widget, act="somebody-else")["mine"] == []
    assert ask(widget, act="return", key="not a key")["fault"].startswith("key: found something else")
    back = ask(widget, act="return", key=key)
    assert back["told"].endswith("again.")
    (mine,) = back["mine"]
    gone = ask(widget, act="withdraw", record=mine["record"])
    assert gone["told"] == "Withdrawn. Only that something was withdrawn is left."
    assert gone["mine"] == []


def test_withdrawing_tells_which_files_may_still_hold_the_words(widget, exercise, tmp_path):
    record = ask(widget, act="add", text="mist", likely=5)["mine"][0]["record"]
    copy = tmp_path / "report.html"
    copy.write_text("mist", encoding="utf-8")
    exercise.store.note_copy(copy)
    assert "report.html" in ask(widget, act="withdraw", record=record)["told"]


def test_the_list_follows_the_image(widget, blank):
    ask(widget, act="add", text="mist", likely=5)
    page = ask(widget, act="go", index=1)
    assert (widget.place, page["index"], page["place"]) == (blank[1].place, 1, "1")
    assert len(page["options"]) == 9


@pytest.mark.parametrize("index", [-1, 3, True, "0", None])
def test_an_index_outside_the_images_is_refused(widget, index):
    page = ask(widget, act="go", index=index)
    assert "a whole number from 0 to 2" in page["fault"]
    assert page["index"] == 0


@pytest.mark.parametrize("name", ["items", "setting"])
def test_the_browser_changes_neither_images_nor_setting(widget, name):
    with pytest.raises(TraitError):
        setattr(widget, name, {})


def test_without_a_blank_area_or_with_an_unknown_language_there_is_no_widget(exercise, blank):
    with pytest.raises(ParameterError, match="at least one blank area"):
        BlankAreas(exercise, [])
    with pytest.raises(ParameterError, match="language: found 'de'"):
        BlankAreas(exercise, blank, "de")


def test_the_static_twin_shows_prompts_list_and_images_and_nothing_that_anybody_said(widget, blank):
    ask(widget, act="add", text="mist", likely=5)
    data, _ = widget._repr_mimebundle_()
    assert data["text/html"] == blank_areas_html(blank)
    assert data["text/html"].count("<img") == 3
    assert "What might exist in the blank area?" in data["text/html"]
    assert "mist" not in data["text/html"]
    assert data["text/plain"].splitlines()[0] == "What If…?"


def test_a_figure_tells_refusals_and_what_is_not_shown(widget, exercise, blank):
    ask(widget, act="refuse", refusal="burn", text="it is ash")
    ask(widget, act="add", text="mist", likely=5, uses=[])
    figure = figures.range_beside_image(exercise.range(blank[0].place), blank[0])
    assert figure.caption.endswith(
        "Refused: burn – it is ash. Not shown, since their authors have not agreed to it: 1."
    )
    assert figure.names == ("decanonized", "range")
    assert "Bruno Moreschi" in figure.credit


def test_stacks_show_ranges_one_below_the_other(exercise, blank):
    ranges = [exercise.range(area.place) for area in blank]
    assert figures.ranges_beside_images(ranges, blank)._repr_html_().count('<figure class="rk-figure"') == 3
    assert repr(figures.ranges_in_words(ranges, blank)).startswith(
        "Image 1\nnobody has said how likely: bird,"
    )
    assert figures.act_log(ranges, blank).title == "Nobody has done anything by name."
    assert figures.sameness_questions(ranges, blank).title == "No wordings are alike."

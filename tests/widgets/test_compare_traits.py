"""The comparison widget without a browser: its traits, what it refuses, and its static twin."""

from __future__ import annotations

import base64
import io
from html.parser import HTMLParser

import pytest
from PIL import ExifTags, Image

from retrain_kit.display.figures import Figure, Panel
from retrain_kit.errors import ParameterError
from retrain_kit.widgets.compare import Compare, figures_html


def image(size=(8, 6), colour="teal", *, orientation=1):
    """Return a JPEG of one colour."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG", exif=exif)
    return file.getvalue()


def view(name, **changes):
    return Panel(
        **{"name": name, "alt": f"a {name} plane", "data": image(), "media_type": "image/jpeg"} | changes
    )


def item(title="Harbour", names=("tagged", "decanonized", "taken"), **changes):
    return figure(title, *map(view, names), **changes)


def figure(title, *panels, caption=""):
    return Figure(panels, caption, "Study two", title)


def test_a_new_widget_shows_the_first_two_views_of_the_first_item_side_by_side():
    compare = Compare([item(), item("Field")])
    assert (compare.index, compare.mode, compare.left, compare.right) == (0, "side", "tagged", "decanonized")
    assert (compare.divider, compare.pace_ms) == (0.5, 800)


def test_initial_values_of_the_traits_are_kept():
    compare = Compare(
        [item(), item("Field")], index=1, mode="flip", left="taken", right="tagged", pace_ms=170
    )
    assert (compare.index, compare.mode, compare.left, compare.right) == (1, "flip", "taken", "tagged")
    assert compare.pace_ms == 170


def test_one_chosen_view_is_kept_and_the_other_side_gets_a_different_one():
    assert Compare([item()], right="tagged").left == "decanonized"
    assert Compare([item()], left="decanonized").right == "tagged"


def test_giving_one_side_the_view_of_the_other_swaps_them():
    compare = Compare([item()])
    compare.left = "decanonized"
    assert (compare.left, compare.right) == ("decanonized", "tagged")
    compare.right = "decanonized"
    assert (compare.left, compare.right) == ("tagged", "decanonized")


def test_the_chosen_views_stay_when_the_next_item_has_them():
    compare = Compare([item(), item("Field", ("taken", "tagged"))], left="tagged", right="taken")
    compare.index = 1
    assert (compare.left, compare.right) == ("tagged", "taken")


def test_views_the_next_item_lacks_are_replaced_by_those_it_has():
    compare = Compare([item(), item("Field", ("sky", "taken"))], left="tagged", right="taken")
    compare.index = 1
    assert (compare.left, compare.right) == ("sky", "taken")
    compare.items = [item("Shore", ("sand", "sea"))]
    assert (compare.index, compare.left, compare.right) == (0, "sand", "sea")


def test_images_travel_as_bytes_with_the_size_of_the_frame():
    harbour = item(caption="At noon")
    (sent,) = Compare([harbour]).get_state("items")["items"]
    assert (sent["title"], sent["caption"], sent["credit"]) == ("Harbour", "At noon", "Study two")
    assert (sent["width"], sent["height"]) == (8, 6)
    assert sent["views"][1] == {
        "name": "decanonized",
        "alt": "a decanonized plane",
        "data": harbour.panels[1].data,
        "media_type": "image/jpeg",
    }


def test_the_size_of_a_turned_photograph_is_the_one_browsers_show():
    assert view("taken", data=image(orientation=6)).size == (6, 8)
    assert view("taken", data=image(orientation=3)).size == (8, 6)


@pytest.mark.parametrize(
    ("trait", "wrong", "expected"),
    [
        ("index", 2, "a whole number from 0 to 1"),
        ("index", -1, "a whole number from 0 to 1"),
        ("index", True, "a whole number from 0 to 1"),
        ("index", "0", "a whole number from 0 to 1"),
        ("mode", "overlay", "one of side, swipe, flip"),
        ("mode", ["side"], "one of side, swipe, flip"),
        ("left", "untagged", "one of tagged, decanonized, taken"),
        ("right", None, "one of tagged, decanonized, taken"),
        ("divider", 1.01, "a number from 0 to 1"),
        ("divider", float("nan"), "a number from 0 to 1"),
        ("divider", False, "a number from 0 to 1"),
        ("pace_ms", 169, "a whole number from 170 to 4000"),
        ("pace_ms", 4001, "a whole number from 170 to 4000"),
        ("pace_ms", 800.0, "a whole number from 170 to 4000"),
        ("items", [], "at least one figure"),
        ("items", None, "a Figure"),
    ],
)
def test_a_wrong_value_is_refused_by_name_and_changes_nothing(trait, wrong, expected):
    compare = Compare([item(), item("Field")])
    before = getattr(compare, trait)
    with pytest.raises(ParameterError) as refused:
        setattr(compare, trait, wrong)
    (fault,) = refused.value.faults
    assert fault.expected == expected
    assert getattr(compare, trait) == before
    with pytest.raises(ParameterError):
        Compare(**{"items": [item(), item("Field")], trait: wrong})


def test_a_wrong_value_takes_back_what_was_set_together_with_it():
    compare = Compare([item(), item("Field")])
    with pytest.raises(ParameterError):
        compare.set_state({"mode": "flip", "index": 7})
    assert (compare.mode, compare.index) == ("side", 0)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (item(names=("tagged",)), "found 1 panel(s); expected at least two panels"),
        (item(names=("tagged", "tagged")), "a name of its own for each panel"),
        (figure("Harbour", view("tagged"), view("", alt="nothing")), "found no name"),
        (figure("Harbour", view("tagged"), view("taken", alt="")), "found no alternative text"),
        (figure("Harbour", view("tagged"), view("taken", data=b"GIF?")), "found 4 bytes that are no image"),
        (figure("Harbour", view("tagged"), view("taken", media_type="image/svg+xml")), "'image/svg+xml'"),
        (figure("Harbour", view("tagged"), view("taken", data=image((8, 7)))), "tagged 8 x 6, taken 8 x 7"),
        ("harbour.jpg", "found an object of type str; expected a Figure"),
    ],
)
def test_an_item_that_cannot_be_compared_is_refused_with_its_number(wrong, words):
    with pytest.raises(ParameterError) as refused:
        Compare([item("Field"), wrong])
    (fault,) = refused.value.faults
    assert fault.where.startswith("Compare, item 2")
    assert words in str(fault)


def test_all_that_is_wrong_with_the_items_is_said_at_once():
    with pytest.raises(ParameterError) as refused:
        Compare([item(names=("tagged",)), figure("Field", view("a", alt=""), view("b", data=b""))])
    assert len(refused.value.faults) == 3


class Elements(HTMLParser):
    """The elements of a page, in their order, and its text."""

    def __init__(self, html):
        super().__init__()
        self.found, self.text = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)

    def named(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


def test_the_static_twin_has_every_view_of_every_item_with_its_words():
    page = Elements(figures_html([item(caption="At noon"), item("Field", ("tagged", "taken"))]))
    images = page.named("img")
    assert [each["alt"].split()[1] for each in images] == [
        "tagged",
        "decanonized",
        "taken",
        "tagged",
        "taken",
    ]
    head, _, data = images[0]["src"].partition(",")
    assert head == "data:image/jpeg;base64"
    assert base64.b64decode(data) == image()
    assert (images[0]["width"], images[0]["height"]) == ("8", "6")
    words = [text for text in page.text if text.strip() and text != "Smaller again"]
    assert page.text.count("Smaller again") == len(images)
    first = ["tagged", "decanonized", "taken", "Harbour", "At noon", "Study two"]
    assert words == [*first, "tagged", "taken", "Field", "Study two"]


def test_a_click_on_a_view_leads_to_its_own_place_and_back():
    page = Elements(figures_html([item(), item("Field", ("tagged", "taken"))]))
    places = [each["id"] for each in page.named("figure") if "id" in each]
    links = [each["href"].removeprefix("#") for each in page.named("a")]
    assert set(links) == set(places)


def test_the_static_twin_has_no_script_no_style_and_no_handler():
    page = Elements(figures_html([item(caption="At noon")]))
    assert {tag for tag, _ in page.found} == {
        "a",
        "div",
        "figure",
        "img",
        "figcaption",
        "strong",
        "br",
        "span",
        "small",
    }
    assert {name for _, attributes in page.found for name in attributes} == {
        "class",
        "href",
        "id",
        "src",
        "style",
        "alt",
        "width",
        "height",
    }
    sizes = [attributes["style"] for _, attributes in page.found if "style" in attributes]
    assert set(sizes) == {"--rk-width:8px;--rk-ratio:1.3333"}


def test_the_static_twin_shows_markup_in_titles_names_and_alts_as_text():
    hostile = '"><script>alert(1)</script>&'
    page = Elements(figures_html([figure(hostile, view(hostile, alt=hostile), view("b"), caption=hostile)]))
    assert page.named("script") == []
    assert page.named("img")[0]["alt"] == hostile
    assert page.text.count(hostile) == 3


def test_the_display_gives_the_widget_and_beside_it_html_and_plain_text():
    compare = Compare([item()])
    data, _ = compare._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == compare.model_id
    assert data["text/html"] == figures_html([item()])
    assert data["text/plain"] == "Compare\n1. Harbour: tagged, decanonized, taken"

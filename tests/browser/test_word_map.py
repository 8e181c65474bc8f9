"""The map of words in a real browser: all of it is reached, by hand, by keys and by the search."""

import pytest
from accessibility import grave

from retrain_kit.annotations.label_tree import build_label_tree
from retrain_kit.annotations.taxonomy import Synset, Taxonomy
from retrain_kit.annotations.veil import veil_over
from retrain_kit.reports.word_map import word_map_html

WORDS = Taxonomy(
    [
        Synset("n00000001", ("entity",)),
        Synset("n00000002", ("bird",), "", ("n00000001",)),
        Synset("n00000003", ("wading_bird", "wader"), "", ("n00000002",)),
        Synset("n00007846", ("person",), "", ("n00000001",)),
        Synset("n00000005", ("wretch",), "", ("n00007846",)),
        Synset(
            "n00000006", ("Laika",), "", ("n00000003", "n00000002"), instance_of=("n00000003", "n00000002")
        ),
    ]
)


@pytest.fixture
def word_map(page, tmp_path):
    path = tmp_path / "map.html"
    path.write_bytes(word_map_html(build_label_tree(WORDS), "Words", veil_over(WORDS)))
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(path.as_uri())
    page.locator("#about h2", has_text="entity").wait_for()
    yield page
    assert faults == []


def test_a_word_is_found_and_shown_with_the_ways_that_lead_to_it(word_map):
    word_map.get_by_label("Find a word or an id").fill("LAIKA")
    word_map.locator("#found-list").get_by_role("button", name="Laika").click()
    word_map.locator("#about h2", has_text="Laika").wait_for()
    assert word_map.locator("#path button").all_inner_texts() == [
        "entity",
        "bird",
        "wading bird, wader",
        "Laika",
    ]
    assert word_map.locator("#about ul button").all_inner_texts() == ["bird"]
    assert "no kind, but one person, place or thing with a name" in word_map.locator("#about").inner_text()


def test_keys_alone_go_everywhere_and_a_veiled_word_shows_its_id(word_map):
    word_map.locator("#map").focus()
    for key, words in (
        ("ArrowRight", "bird"),
        ("ArrowDown", "person"),
        ("Enter", "person"),
        ("ArrowRight", "▒▒▒ n00000005"),
        ("ArrowLeft", "person"),
        ("ArrowUp", "bird"),
        ("Home", "entity"),
    ):
        word_map.keyboard.press(key)
        word_map.locator("#about h2", has_text=words).wait_for()


def test_a_click_goes_to_the_field_under_it_and_back(word_map):
    box = word_map.locator("#map").bounding_box()
    word_map.locator("#map").click(position={"x": box["width"] * 0.3, "y": box["height"] * 0.3})
    word_map.locator("#about h2", has_text="bird").wait_for()
    word_map.locator("#map").click(position={"x": box["width"] * 0.1, "y": box["height"] * 0.5})
    word_map.locator("#about h2", has_text="entity").wait_for()


def test_nothing_grave_is_found(word_map):
    assert grave(word_map) == []

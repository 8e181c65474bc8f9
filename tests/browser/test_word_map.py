"""The map of words in a real browser: all of it is reached, by hand, by keys and by the search."""

from collections import Counter

import pytest
from accessibility import grave

from retrain_kit.analysis.label_use import LabelUse
from retrain_kit.annotations.label_tree import build_label_tree
from retrain_kit.annotations.taxonomy import Synset, Taxonomy, Withdrawal, words_in_row
from retrain_kit.annotations.veil import Veil, veil_over
from retrain_kit.datasets import label_sources, label_systems
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
        "wading bird",
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


CLICK_THROUGH = """(haveBelow) => {
  const canvas = document.getElementById("map");
  canvas.style.display = "none"; // what is clicked here are the lists
  const about = document.getElementById("about");
  const below = () => {
    const title = [...about.querySelectorAll("h3")].find((each) => each.textContent.startsWith("Below it"));
    const rows = title.nextElementSibling;
    for (let more; (more = rows.lastElementChild.querySelector("button")).textContent.startsWith("Show "); )
      more.click();
    return rows.querySelectorAll("button");
  };
  const open = new Set(haveBelow);
  const ahead = [document.querySelector("#path button")];
  const seen = new Set([ahead[0].dataset.id]);
  while (ahead.length) {
    const here = ahead.pop();
    here.click();
    if (about.querySelector("p").textContent !== here.dataset.id) throw new Error(here.dataset.id);
    for (const each of below()) {
      if (!seen.has(each.dataset.id) && open.has(each.dataset.id)) ahead.push(each);
      seen.add(each.dataset.id);
    }
  }
  canvas.style.display = "";
  return [...seen];
}"""
FIND = """(text) => {
  const field = document.getElementById("find");
  field.value = text;
  field.dispatchEvent(new Event("input"));
  return [...document.querySelectorAll("#found-list button")].map((each) => {
    each.click();
    return document.querySelector("#about p").textContent;
  });
}"""


def opened(page, path, system, veil, use=None):
    path.write_bytes(word_map_html(build_label_tree(system), "Words", veil, use))
    page.goto(path.as_uri())
    page.locator("#about h2").wait_for()
    return page


def test_lists_and_search_lead_to_every_word_however_many_stand_beside_each_other(page, tmp_path):
    words = [
        Synset("top", ("top",)),
        *(Synset(f"s{number}", (f"word {number}",), "", ("top",)) for number in range(450)),
    ]
    words += [Synset("far", ("far",), "", ("s449", "s3"))]
    opened(page, tmp_path / "map.html", Taxonomy(words), Veil())
    reached = page.evaluate(CLICK_THROUGH, ["top", "s3", "s449"])
    assert sorted(reached) == sorted(each.id for each in words)
    assert page.evaluate(FIND, "word 449") == ["s449"]
    page.locator("#path button").first.click()
    more = page.get_by_role("button", name="Show 200 more of 450")
    more.click()
    assert page.locator(":focus").inner_text() == "word 200"
    assert page.get_by_role("button", name="Show 50 more of 450").count() == 1


def test_all_82115_nouns_of_wordnet_are_reached_by_clicks_and_by_the_search(page, tmp_path):
    if not (path := label_sources.installed("wordnet")):
        pytest.skip("WordNet is not on this machine (retrain-kit pull wordnet)")
    system = label_systems.read_label_system(path)
    opened(page, tmp_path / "map.html", system, Veil())
    assert (tmp_path / "map.html").stat().st_size < 1_000_000
    reached = page.evaluate(CLICK_THROUGH, [name for name in system.synsets if system.children(name)])
    assert len(reached) == 82_115
    assert {*reached} == {*system.synsets}
    shared = Counter(word.casefold() for each in system for word in {*words_in_row(each)})
    word, most = shared.most_common(1)[0]
    found = page.evaluate(FIND, word)
    assert len({*found[:most]}) == most < len(found)
    assert {each.id for each in system.named(word)} <= {*found[:most]}
    for name in [*system.synsets][::8000]:
        assert page.evaluate(FIND, name) == [name]


def test_counts_and_withdrawals_are_said_of_the_word_that_is_chosen(page, tmp_path):
    gone = Taxonomy(WORDS, {"n00000003": Withdrawal("no <b>bird</b>", "2019", "Ann")})
    use = LabelUse(
        {"n00000002": 1200},
        {"n00000002": 3},
        {"n00000002": 1200, "n00000001": 1200},
        {"n00000001": 3},
        {},
        {},
        {},
        1300,
    )
    opened(page, tmp_path / "map.html", gone, veil_over(gone), use)
    page.evaluate(FIND, "n00000002")
    told = page.locator("#about").inner_text()
    assert "in 1,200 images, with all below it in 1,200" in told
    assert "1 beside it, 1 of them never used" in told
    page.evaluate(FIND, "wader")
    assert "withdrawn: no <b>bird</b> (2019, Ann)" in page.locator("#about").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_narrow_screen_a_finger_goes_everywhere_and_nothing_is_cut_off(visit, tmp_path, scheme):
    path = tmp_path / "map.html"
    path.write_bytes(word_map_html(build_label_tree(WORDS), "Words", veil_over(WORDS)))
    page = visit(path.as_uri(), viewport={"width": 320, "height": 640}, has_touch=True, color_scheme=scheme)
    page.locator("#about h2", has_text="entity").wait_for()
    box = page.locator("#map").bounding_box()
    page.locator("#map").tap(position={"x": box["width"] * 0.5, "y": box["height"] * 0.3})
    page.locator("#about h2", has_text="bird").wait_for()
    page.get_by_label("Find a word or an id").fill("Laika")
    page.locator("#found-list button").first.tap()
    page.locator("#about h2", has_text="Laika").wait_for()
    assert page.locator("#found-list button").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert grave(page) == []

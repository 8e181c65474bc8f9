"""The roulette on a wall: one screen, always, that a whole room can read, and no veiled word in its file."""

from __future__ import annotations

from dataclasses import replace

import pytest
from accessibility import grave
from PIL import Image
from playwright.sync_api import expect
from waiting import stop_clock
from wall_law import FAULTS, SIZES, STILL, reach

from retrain_kit.analysis.label_use import count_label_use
from retrain_kit.analysis.own_labels import people_veil
from retrain_kit.analysis.person_words import find_person_words
from retrain_kit.analysis.roulette import Wheel, draw_turns
from retrain_kit.annotations.samples import Box, ImageLabel, Region, Sample
from retrain_kit.annotations.second_labels import AnnotatorSentence, SecondLabels
from retrain_kit.annotations.taxonomy import Synset, Taxonomy
from retrain_kit.datasets.second_labels import LICENCES
from retrain_kit.studies import manifests
from retrain_kit.widgets.roulette_wall import roulette_wall_html

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
DEEP = [
    Synset(f"n1000{number:04}", (f"step {number}",), "", (f"n1000{number - 1:04}",))
    for number in range(1, 21)
]
WORDS = Taxonomy(
    [
        Synset("n00000001", ("entity",)),
        Synset("n00007846", ("person",), "", ("n00000001",)),
        Synset("n00000003", ("wretch",), "", ("n00007846",)),
        Synset("n00000004", ("cat", "feline"), "an animal", ("n00000001",)),
        Synset("n10000000", ("step",), "", ("n00000001",)),
        *DEEP,
        Synset(
            "n00000005",
            (LONG, f"{LONG}s", "س" * 60),
            f"{'what is meant by it, ' * 30}",
            ("n10000020", "n00000001"),
        ),
        *(Synset(f"n2000{number:04}", (f"{LONG} {number}",), "", ("n10000020",)) for number in range(40)),
    ]
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Return a study of images of every shape, with labels short, long, veiled, of a region and of the whole."""
    folder, name = tmp_path_factory.mktemp("images"), "ILSVRC2012_val_0000000"
    samples = []
    for number, (label, size) in enumerate(
        (("wretch", (160, 120)), ("cat", (60, 400)), ("cat", (700, 50)), (LONG, (160, 120)), (LONG, (20, 20)))
    ):
        path = folder / f"{number}.png"
        Image.effect_noise(size, 80).convert("RGB").save(path)
        said = {"synset": "n00000005"} if label == LONG else {}
        bears = {"regions": (Region(label, Box(0, 0, size[0] / 2, size[1] / 2), said=said),)}
        if number in (2, 4):
            bears = {"labels": (ImageLabel(label, present=True, said=said),)}
        samples.append(Sample(f"{name}{number}", path, *size, **bears))
    use, words = count_label_use(WORDS, samples), find_person_words(WORDS)
    said = AnnotatorSentence(f"a wretch {LONG} " * 8, "wretches", ("pose", "color", "person_blocking"))
    second = SecondLabels(
        {each.id: ("n00000003", "n00000005", "n99999999") for each in samples},
        {each.id: said for each in samples},
        LICENCES,
    )
    manifest = manifests.load("embedded-sample")
    return Wheel(samples, manifest, WORDS, use, words, people_veil(WORDS), second=second)


@pytest.fixture(scope="module")
def page_of(wheel, tmp_path_factory):
    """Return the file of the wall's page."""
    path = tmp_path_factory.mktemp("page") / "wall.html"
    path.write_text(roulette_wall_html(draw_turns(wheel, 0, 7), wheel), encoding="utf-8")
    return path


@pytest.fixture
def wall(visit, page_of):
    """Return a function that opens the wall in a browser of its own."""

    def opened(size="xga", **options):
        width, height = SIZES[size]
        page = visit(page_of.as_uri(), **{"viewport": {"width": width, "height": height}, **STILL, **options})
        page.locator("#wall[data-turn='0'][data-half='0']").wait_for()
        return page

    return opened


def shown(page):
    wall = page.locator("#wall")
    return wall.get_attribute("data-turn"), wall.get_attribute("data-half")


def go(page, turn, half, key="ArrowRight"):
    page.keyboard.press(key)
    page.locator(f"#wall[data-turn='{turn}'][data-half='{half}']").wait_for()


@pytest.mark.parametrize("size", SIZES)
def test_it_is_one_screen_whose_letters_the_last_row_reads_and_nothing_is_cut(wall, wheel, size):
    page = wall(size)
    halves = [
        (turn, half)
        for turn, each in enumerate(draw_turns(wheel, 0, 7))
        for half in range(1 + bool(each.sample.regions))
    ]
    assert len(halves) == 8
    for turn, half in [*halves[1:], halves[0]]:
        assert page.evaluate(FAULTS) == [], shown(page)
        assert (
            page.locator("#said li").all_inner_texts()[-1][:12]
            == page.locator("#tag").inner_text()[:12].split(",")[0]
        )
        go(page, turn, half)
    go(page, *halves[-1], "ArrowLeft")


def test_it_turns_slowly_and_stays_where_somebody_says_so(wall):
    page = wall(reduced_motion="no-preference")
    stop_clock(page)
    page.reload()
    page.locator("#wall[data-turn='0'][data-half='0']").wait_for()
    page.clock.run_for(11_000)
    assert shown(page) == ("0", "0")
    page.clock.run_for(2_000)
    page.locator("#wall:not([data-turn='0'][data-half='0'])").wait_for()
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Pages stay")).to_have_attribute("aria-pressed", "true")
    before = shown(page)
    page.clock.run_for(60_000)
    assert shown(page) == before


def test_nothing_moves_where_people_ask_for_less_motion(wall):
    page = wall()
    stop_clock(page)
    page.reload()
    page.locator("#wall[data-turn='0'][data-half='0']").wait_for()
    page.clock.run_for(120_000)
    assert shown(page) == ("0", "0")


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_nothing_serious_keeps_anybody_out(wall, colours):
    page = wall("hd", color_scheme=colours)
    reach(page)
    assert grave(page) == []


def test_the_licences_stand_whole_and_the_reason_why_nothing_can_be_brought_in(wall):
    page = wall("full-hd")
    for text in (
        "CC BY-NC 4.0 by the file LICENSE in it",
        "nothing of the labels",
        "No image can be brought in here",
    ):
        expect(page.locator("footer")).to_contain_text(text)
    assert page.locator("input, video, canvas, iframe").count() == 0


def test_no_veiled_word_is_in_the_file_unless_accepted(page_of, wheel):
    text = page_of.read_text(encoding="utf-8")
    assert "wretch" not in text.casefold()
    assert "n00000003" in text
    accepted = replace(wheel, veil=people_veil(WORDS, accepted=True))
    assert "wretch" in roulette_wall_html(draw_turns(accepted, 0, 7), accepted)

"""The roulette in a browser: its label hangs on the image, with what was tagged and without; nothing is asked of you."""

from __future__ import annotations

import functools
import json

import pytest
from accessibility import grave
from hosting import Hosted, _encoded, hosting
from PIL import Image
from playwright.sync_api import expect

from retrain_kit.analysis.label_use import count_label_use
from retrain_kit.analysis.own_labels import people_veil
from retrain_kit.analysis.person_words import find_person_words
from retrain_kit.analysis.roulette import Wheel
from retrain_kit.annotations.samples import Box, Region, Sample
from retrain_kit.annotations.taxonomy import Synset, Taxonomy
from retrain_kit.studies import manifests
from retrain_kit.widgets.roulette import Roulette

TRAITS = ("by", "label", "index", "count", "turn", "told", "offered", "why")
WORDS = Taxonomy(
    [
        Synset("n00000001", ("entity",), "that which is"),
        Synset("n00007846", ("person",), "a human being", ("n00000001",)),
        Synset("n00000003", ("wretch",), "who is one", ("n00007846",)),
        Synset("n00000004", ("animal",), "", ("n00000001",)),
        Synset("n00000005", ("cat",), "no wretch's", ("n00000004",)),
        Synset("n00000006", ("dog",), "", ("n00000004",)),
    ]
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Return a study of three drawn images: two cats, and a wretch."""
    folder = tmp_path_factory.mktemp("images")
    samples = []
    for name, label in (("a", "cat"), ("b", "cat"), ("c", "wretch")):
        image = Image.effect_noise((160, 120), 80).convert("RGB")
        image.save(folder / f"{name}.png")
        samples.append(Sample(name, folder / f"{name}.png", 160, 120, (Region(label, Box(16, 12, 48, 60)),)))
    use, words = count_label_use(WORDS, samples), find_person_words(WORDS)
    return Wheel(samples, manifests.load("embedded-sample"), WORDS, use, words, people_veil(WORDS))


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with hosting("roulette", tmp_path_factory.mktemp("host")) as url:
        yield url


class Mounted(Hosted):
    """The widget on the page; what the browser changes reaches the kernel, and its answer the browser."""

    def __init__(self, page, wheel, *given):
        super().__init__(page, Roulette(wheel, *given), TRAITS)

    def pass_on(self):
        saved = self.handle.evaluate(
            "({ model }) => { const { saved } = model; model.saved = {}; return saved; }"
        )
        if not saved:
            return
        self.kernel.set_state(saved)
        state = json.dumps(self.kernel.get_state(TRAITS), default=_encoded)
        self.handle.evaluate("({ model }, state) => model.take(state)", state)

    def press(self, key):
        self.root.focus()
        self.page.keyboard.press(key)
        self.pass_on()


@pytest.fixture
def mount(page, address, wheel):
    page.goto(address)
    return functools.partial(Mounted, page, wheel)


def test_keys_go_round_and_take_away_what_was_tagged_while_the_label_stays(mount):
    widget = mount("label", "cat")
    tag, position = widget.root.locator(".rk-tag"), widget.root.locator(".rk-position")
    expect(tag).to_have_text("cat")
    for key, number in (("ArrowRight", 2), ("ArrowRight", 1), ("ArrowLeft", 2)):
        widget.press(key)
        expect(position).to_have_text(f"{number} of 2")
    image = widget.root.get_by_role("img")
    assert image.get_attribute("alt").endswith("labelled cat.")
    hangs = tag.bounding_box()
    widget.press("d")
    assert "without what was tagged; the label cat still hangs there" in image.get_attribute("alt")
    expect(widget.root.get_by_role("status")).to_have_text("decanonized, and still labelled: cat")
    expect(widget.button("Without what was tagged")).to_have_attribute("aria-pressed", "true")
    assert tag.bounding_box() == hangs
    widget.press("ArrowRight")
    expect(widget.button("Without what was tagged")).to_have_attribute("aria-pressed", "false")


def test_the_label_hangs_below_its_region_and_never_beyond_the_image(mount):
    widget = mount("label", "cat")
    stage, string, tag = (
        widget.root.locator(f".rk-{name}").bounding_box() for name in ("stage", "string", "tag")
    )
    assert string["x"] + string["width"] / 2 == pytest.approx(stage["x"] + 0.2 * stage["width"], abs=1)
    assert string["y"] == pytest.approx(stage["y"] + 0.5 * stage["height"], abs=1)
    assert stage["x"] <= tag["x"] <= string["x"] <= tag["x"] + tag["width"] <= stage["x"] + stage["width"]
    assert string["y"] + string["height"] >= tag["y"]


def test_what_comes_next_is_chosen_by_lot_by_label_or_by_depth(mount):
    widget = mount()
    expect(widget.root.locator(".rk-position")).to_have_text("1 of 3")
    expect(widget.root.get_by_label("Which label")).to_be_hidden()
    widget.button("Of one label").click()
    widget.root.get_by_label("Which label").fill("n00000003")
    widget.page.keyboard.press("Enter")
    widget.pass_on()
    expect(widget.root.locator(".rk-tag")).to_have_text("▒▒▒ (n00000003)")
    expect(widget.root.locator(".rk-way li")).to_have_text(["entity", "person", "▒▒▒ (n00000003)"])
    widget.button("Deepest first").click()
    widget.pass_on()
    expect(widget.root.locator(".rk-position")).to_have_text("1 of 3")


def test_a_label_that_leads_nowhere_is_said_and_all_stays_as_it_was(mount):
    widget = mount("label", "cat")
    for asked, told in (
        ("dog", "No image of the study bears such a label."),
        ("horse", "'horse' was asked for; expected: an id or a word of the label system."),
        ("wretch", "a word that is veiled was asked for; expected: its id, or the notice accepted."),
    ):
        widget.root.get_by_label("Which label").fill(asked)
        widget.page.keyboard.press("Enter")
        widget.pass_on()
        expect(widget.root.get_by_role("status")).to_have_text(told)
        expect(widget.root.locator(".rk-tag")).to_have_text("cat")


def test_no_veiled_word_is_in_what_the_browser_is_sent_nor_in_the_twin(wheel):
    widget = Roulette(wheel, "label", "n00000003")
    sent = json.dumps(widget.get_state(), default=str)
    data, _ = widget._repr_mimebundle_()
    twin = data["text/html"] + data["text/plain"]
    assert "n00000003" in sent
    assert "n00000003" in twin
    assert [text for text in (sent, twin) if "wretch" in text] == []


def test_nobody_is_asked_for_an_image_and_the_reason_stands_there(mount):
    widget = mount()
    assert widget.root.locator("input:not([type='text']), video, canvas").count() == 0
    expect(widget.root.locator(".rk-why")).to_contain_text("No image can be brought in here")


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_nothing_grave_and_nothing_beyond_a_narrow_screen(open_page, address, wheel, colours):
    with open_page(viewport={"width": 320, "height": 640}, color_scheme=colours) as page:
        page.goto(address)
        widget = Mounted(page, wheel, "label", "n00000003")
        assert page.evaluate("document.scrollingElement.scrollWidth") == 320
        assert grave(page) == []
        for button in widget.root.get_by_role("button").all():
            assert min(button.bounding_box()["width"], button.bounding_box()["height"]) >= 36

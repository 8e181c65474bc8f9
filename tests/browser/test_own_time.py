"""The widget of One's own time in a browser: by mouse, keys, finger and pen, from near, and what is kept of it."""

from __future__ import annotations

import io
import json
import urllib.parse
from pathlib import Path

import pytest
from accessibility import grave
from hosting import Hosted, hosting
from PIL import Image

import retrain_kit
from retrain_kit.answers import Store
from retrain_kit.display.figures import Panel
from retrain_kit.exercises.common.annotating import ImageToAnnotate
from retrain_kit.exercises.own_time.own_time import OwnTime
from retrain_kit.exercises.own_time.widget import Workplace
from retrain_kit.studies import labour_figures

SCRIPTS = Path(retrain_kit.__file__).parent / "exercises" / "own_time"
FIGURES = labour_figures.load_figures()


def image(name, size, shown=(480, 320)):
    file = io.BytesIO()
    Image.new("RGB", shown, "#a9c6d9").save(file, "PNG")
    panel = Panel("image", "A blue area.", file.getvalue(), "image/png")
    return ImageToAnnotate(name, name, size, panel, "Study two")


IMAGES = [image("large", (48_000, 32_000)), image("small", (1, 1), (1, 1)), image("wide", (600, 100))]


HIDDEN = """() => {
  for (const hidden of [true, false]) {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }
}"""
"""The page goes out of sight, and comes back."""
CAPTURE = """() => {
  const { setPointerCapture } = Element.prototype;
  Element.prototype.setPointerCapture = function (id) { try { setPointerCapture.call(this, id); } catch {} };
}"""
"""Pointers that a test makes up cannot be captured."""


class Mounted(Hosted):
    """The widget on the page, and the acts of a person before it."""

    def __init__(self, page, exercise, items=IMAGES):
        super().__init__(page, Workplace(exercise, items, FIGURES), ("items", "setting"))
        self.surface = self.root.locator(".rk-surface")
        self.pass_on()

    @property
    def status(self):
        return self.root.get_by_role("status").inner_text()

    def begin(self):
        self.button("Begin: start the clock").click()
        self.surface.scroll_into_view_if_needed()

    def spot(self, x, y):
        """A place of the whole image, in fractions, on the page."""
        frame = self.root.locator(".rk-plane").bounding_box()
        return frame["x"] + x * frame["width"], frame["y"] + y * frame["height"]

    def click(self, *places):
        for place in places:
            self.page.mouse.click(*self.spot(*place))

    def drag(self, start, end):
        self.page.mouse.move(*self.spot(*start))
        self.page.mouse.down()
        self.page.mouse.move(*self.spot(*end), steps=4)
        self.page.mouse.up()

    def say(self, word):
        """Type a word where the keys are, and leave."""
        self.page.keyboard.type(word)
        self.page.keyboard.press("Tab")

    def keep(self, *uses):
        for use in uses or ("may be kept here", "seconds"):
            self.root.get_by_role("checkbox", name=use).check()
        self.button("Keep it").click()
        self.pass_on()
        return self.kernel.session.exercise.records()[-1].details["drawn"]

    def point(self, kind, pointer, place, device):
        """Hand on what a pen or a finger does, as the browser would."""
        x, y = self.spot(*place)
        event = {"pointerId": pointer, "pointerType": device, "clientX": x, "clientY": y, "bubbles": True}
        self.surface.dispatch_event(kind, {**event, "button": 0, "isPrimary": True, "cancelable": True})

    def tap(self, pointer, place, device):
        for kind in ("pointerdown", "pointerup"):
            self.point(kind, pointer, place, device)

    @property
    def drawn(self):
        """The numbers of what is finished."""
        return self.root.locator(".rk-pieces .rk-number").all_inner_texts()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with hosting("own_time", tmp_path_factory.mktemp("widget")) as url:
        yield url


@pytest.fixture
def mounted(page, address, tmp_path):
    page.goto(address)
    page.evaluate(CAPTURE)
    with Store(tmp_path / "answers") as store:
        yield Mounted(page, OwnTime(store, "nature"))


def near(places, most=120):
    return [[pytest.approx(each, abs=most) for each in place] for place in places]


def test_boxes_outlines_extreme_clicks_and_words_by_mouse(mounted, page):
    assert grave(page) == []
    assert mounted.handle.evaluate("({ model }) => model.sent") == []
    mounted.begin()
    mounted.drag((0.25, 0.25), (0.75, 0.5))
    assert mounted.status == "Box 1: which word?"
    mounted.say("sky")
    mounted.button("Outline").click()
    mounted.click((0.1, 0.1), (0.3, 0.1), (0.2, 0.4), (0.1, 0.1))
    mounted.say("kite")
    mounted.button("Extreme clicks").click()
    mounted.click((0.5, 0.6), (0.4, 0.7), (0.5, 0.5))
    assert mounted.status == "The bottommost point has to lie below the topmost one: set it again."
    mounted.click((0.5, 0.9), (0.6, 0.8))
    mounted.say("<b>hat</b>")
    mounted.button("Word").click()
    mounted.say("a day")
    mounted.pass_on()
    assert mounted.root.locator(".rk-pieces p").first.inner_text().startswith("Shape: 0.")
    table = mounted.root.locator(".rk-times table").first.inner_text().split()
    assert "6.5–88.0" in table
    assert "figure" in table
    assert grave(page) == []
    mounted.button("Keep it").click()
    mounted.pass_on()
    assert mounted.status.startswith("Nothing is kept as long as you do not agree")
    box, outline, clicked, word = mounted.keep()
    assert box["points"] == near([(12_000, 8_000), (36_000, 16_000)])
    assert outline["points"] == near([(4_800, 3_200), (14_400, 3_200), (9_600, 12_800)])
    assert clicked["points"] == near([(24_000, 19_200), (19_200, 22_400), (24_000, 28_800), (28_800, 25_600)])
    assert (clicked["label"], word["points"], box["device"]) == ("<b>hat</b>", [], "mouse")
    assert all(each["shape"][0] > 0 for each in (box, outline, clicked))
    assert mounted.status == "Your annotations are kept."
    assert mounted.root.locator(".rk-own b").count() == 0
    assert "6.5–88.0" in mounted.root.locator(".rk-times table").first.inner_text()
    assert grave(page) == []


def test_keys_alone_are_enough_and_each_step_is_said(mounted, page):
    told = mounted.root.locator(".rk-unseen[aria-live]")
    mounted.button("Begin: start the clock").focus()
    page.keyboard.press("Enter")
    assert mounted.surface.evaluate("(node) => node === document.activeElement")
    page.keyboard.press("Shift+ArrowLeft")
    assert told.inner_text() == "23999 of 48000 from the left, 16000 of 32000 from the top"
    for key in ("Enter", "Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    assert mounted.status.startswith("That would be a box without width or height.")
    for key in ("Shift+ArrowDown", "Shift+ArrowDown", "Space"):
        page.keyboard.press(key)
    assert mounted.status == "Box 1: which word?"
    page.keyboard.type("dot")
    page.keyboard.press("Enter")
    assert mounted.surface.evaluate("(node) => node === document.activeElement")
    assert mounted.status == "Drag from corner to corner, or set two corners."
    mounted.button("Outline").focus()
    page.keyboard.press("Enter")
    mounted.surface.focus()
    for key in ("Enter", "ArrowRight", "Enter", "Enter"):
        page.keyboard.press(key)
    assert mounted.status.startswith("An outline needs three points that are not in one line.")
    for key in ("Shift+ArrowDown", "Enter", "ArrowUp", "Enter", "Backspace", "Enter", "+", "-", "0"):
        page.keyboard.press(key)
    assert told.inner_text() == "Enlarged 1 times."
    page.keyboard.press("Enter")
    mounted.say("flag")
    box, outline = mounted.keep()
    assert (box["points"], box["device"]) == ([[23_999, 16_000], [24_000, 16_002]], "keyboard")
    assert (len(outline["points"]), outline["device"]) == (4, "keyboard")


def test_undo_goes_back_into_what_was_finished_and_escape_lets_go(mounted, page):
    mounted.begin()
    mounted.button("Outline").click()
    mounted.click((0.1, 0.1), (0.3, 0.1), (0.2, 0.4))
    mounted.button("Close the outline").click()
    mounted.say("kite")
    mounted.button("Undo").click()
    assert (mounted.status, mounted.drawn) == ("The outline is open again.", [])
    mounted.button("Undo").click()
    mounted.click((0.3, 0.4))
    mounted.button("Close the outline").click()
    assert mounted.root.get_by_role("textbox", name="Word for piece 1").input_value() == "kite"
    mounted.surface.focus()
    mounted.click((0.6, 0.6))
    page.keyboard.press("Escape")
    assert mounted.status == "Nothing is open."
    page.keyboard.press("Control+z")
    page.keyboard.press("Escape")
    assert mounted.drawn == []
    mounted.button("Undo").dispatch_event("click")
    assert mounted.status == "Nothing to undo."
    mounted.button("Keep it").click()
    assert mounted.status.startswith("Nothing is drawn yet.")


def test_a_finger_draws_two_fingers_move_and_enlarge_and_a_palm_beside_a_pen_does_nothing(mounted):
    mounted.begin()
    mounted.point("pointerdown", 1, (0.2, 0.2), "touch")
    mounted.point("pointermove", 1, (0.3, 0.3), "touch")
    mounted.point("pointerup", 1, (0.4, 0.4), "touch")
    assert mounted.drawn == ["1"]
    before = mounted.root.locator(".rk-plane").bounding_box()
    mounted.point("pointerdown", 1, (0.4, 0.5), "touch")
    mounted.point("pointerdown", 2, (0.6, 0.5), "touch")
    mounted.point("pointermove", 2, (0.8, 0.5), "touch")
    assert mounted.root.locator(".rk-plane").bounding_box()["width"] == pytest.approx(
        before["width"] * 2, rel=0.01
    )
    for finger in (1, 2):
        mounted.point("pointerup", finger, (0.5, 0.5), "touch")
    assert mounted.drawn == ["1"]
    mounted.button("Whole image").click()
    mounted.point("pointerdown", 5, (0.9, 0.9), "touch")  # a palm, before the pen
    mounted.tap(3, (0.5, 0.5), "pen")
    mounted.tap(5, (0.9, 0.9), "touch")
    mounted.tap(3, (0.7, 0.6), "pen")
    assert mounted.drawn == ["1", "2"]
    for number in (1, 2):
        mounted.root.get_by_role("textbox", name=f"Word for piece {number}").fill("it")
    finger, pen = mounted.keep()
    assert (finger["device"], pen["device"]) == ("touch", "pen")
    assert finger["points"] == near([(9_600, 6_400), (19_200, 12_800)])
    assert pen["points"] == near([(24_000, 16_000), (33_600, 19_200)])


def test_a_real_finger_draws_too(open_page, address, tmp_path):
    with (
        open_page(has_touch=True, viewport={"width": 390, "height": 800}) as page,
        Store(tmp_path / "a") as store,
    ):
        page.goto(address)
        mounted = Mounted(page, OwnTime(store, "nature"))
        mounted.begin()
        mounted.button("Outline").click()
        for place in ((0.2, 0.2), (0.8, 0.2), (0.5, 0.8), (0.2, 0.2)):
            page.touchscreen.tap(*mounted.spot(*place))
        assert mounted.drawn == ["1"]
        assert mounted.root.evaluate("(node) => node.scrollWidth <= innerWidth")
        mounted.root.get_by_role("textbox", name="Word for piece 1").fill("it")
        (outline,) = mounted.keep("may be kept here")
        assert (outline["device"], len(outline["points"]), outline["shape"]) == ("touch", 3, None)


def test_from_near_a_pixel_is_met_exactly_and_outside_is_the_border(mounted, page):
    mounted.button("Next image").click()
    mounted.pass_on()
    mounted.begin()
    mounted.drag((0.2, 0.2), (1.2, 0.9))
    assert mounted.status == "That was outside the image: the point is on its border."
    mounted.say("all of a pixel")
    assert mounted.keep()[0]["points"] == [[0, 0], [1, 1]]
    mounted.button("Next image").click()
    mounted.pass_on()
    mounted.begin()
    for _ in range(20):
        mounted.button("Nearer").click()
    mounted.surface.evaluate("(node) => node.scrollIntoView({ block: 'center' })")
    mounted.drag((301 / 600, 48 / 100), (305 / 600, 53 / 100))
    mounted.say("four by five")
    assert mounted.keep()[0]["points"] == [[301, 48], [305, 53]]


def test_what_is_drawn_waits_while_another_image_is_shown_and_its_clock_does_too(mounted, page):
    mounted.begin()
    mounted.drag((0.25, 0.25), (0.75, 0.5))
    mounted.say("sky")
    mounted.button("Next image").click()
    mounted.pass_on()
    assert mounted.drawn == []
    mounted.button("Previous image").click()
    mounted.pass_on()
    assert mounted.drawn == ["1"]
    page.evaluate(HIDDEN)
    mounted.root.get_by_role("textbox").first.fill("cloud")
    mounted.root.get_by_role("textbox").first.blur()
    *_, counted = mounted.pass_on()
    kinds = [kind for _, kind, _ in counted["drawing"]["moments"]]
    assert [kind for kind in kinds if kind != "act"] == ["hide", "show"] * 2
    mounted.root.get_by_label("Language").select_option("pt")
    mounted.pass_on()
    mounted.set("setting", mounted.kernel.setting)
    mounted.pass_on()
    assert mounted.drawn == ["1"]
    mounted.root.get_by_role("textbox").first.fill("céu")
    assert mounted.root.locator(".rk-sketch .rk-number").all_inner_texts() == ["1"]


def test_without_a_kernel_what_is_drawn_goes_along_as_coco(mounted, page, tmp_path):
    mounted.begin()
    mounted.drag((0.25, 0.25), (0.75, 0.5))
    mounted.handle.evaluate("({ model }) => { model.send = () => { throw new Error('Cannot send'); }; }")
    mounted.say("sky")
    mounted.button("Keep it").click()
    assert mounted.status.startswith("No kernel answers any more: no time is counted, and nothing is kept.")
    with page.expect_download() as download:
        mounted.button("as COCO").click()
    download.value.save_as(tmp_path / "drawn.json")
    table = json.loads((tmp_path / "drawn.json").read_text())
    (row,) = table["annotations"]
    assert row["bbox"] == [pytest.approx(each, abs=120) for each in (12_000, 8_000, 24_000, 8_000)]
    assert (table["categories"], table["images"][0]["width"]) == ([{"id": 1, "name": "sky"}], 48_000)
    assert mounted.kernel.session.exercise.records() == []
    mounted.handle.evaluate("({ cleanup }) => cleanup()")
    assert page.locator(".rk-own-time-widget").count() == 0
    assert mounted.handle.evaluate("({ model }) => model.handlers.length") == 0


LAW = """async ([source, timeline]) => {
  const { Moments } = await import(source);
  let now = 0;
  const moments = new Moments({ now: () => now });
  for (const [t, kind, about] of timeline) { now = t * 1000; moments.put(kind, about); }
  return moments.rows;
}"""


def test_fewer_moments_are_noted_and_the_time_is_the_same(page):
    from retrain_kit.annotations.working_time import Moment, spent_by_piece  # noqa: PLC0415 - this test alone

    gaps = [0.25, 0.5, 4.75, 0.25, 5, 5.25, 10, 10.25, 0.5, 20, 0.25, 0.25, 1, 0.25, 12, 0.25] * 4
    kinds = ["act"] * 9 + ["hide", "show"] + ["act"] * 5
    timeline, t = [], 0
    for number, gap in enumerate(gaps):
        t += gap
        timeline.append([t, kinds[number % len(kinds)], "abc"[number // 9 % 3]])
    source = "data:text/javascript," + urllib.parse.quote((SCRIPTS / "moments.js").read_text())
    noted = page.evaluate(LAW, [source, timeline])
    assert len(noted) < len(timeline)
    of_all, of_noted = (spent_by_piece([Moment(*row) for row in rows]) for rows in (timeline, noted))
    assert of_noted == of_all
    back = page.evaluate(LAW, [source, [[1, "act", "a"], [8, "act", "b"], [2, "act", "a"], [5, "act", "b"]]])
    assert [t for t, _, _ in back] == [1, 8, 8, 11]

"""The comparison widget in a browser: the module alone with a small model, then in JupyterLab."""

from __future__ import annotations

import functools
import io
import json
from datetime import UTC, datetime

import pytest
from hosting import Hosted, hosting
from PIL import Image, ImageChops, ImageDraw
from waiting import until

from retrain_kit.display.figures import Figure, Panel
from retrain_kit.widgets.compare import Compare

SIZE = (480, 320)
BOXES = ((60, 150, 170, 290), (300, 40, 400, 120))
DIFFERENCE = (60, 40, 400, 290)


def drawn(sky, *, tagged=False, blank=None):
    """Draw a house and a sun on a plain; mark or blank out the two."""
    image = Image.new("RGB", SIZE, sky)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 220, *SIZE), "#6f7f5f")
    pen.rectangle((70, 200, 160, 285), "#b5651d")
    pen.polygon(((65, 200), (115, 155), (165, 200)), "#6b2f1a")
    pen.ellipse((310, 45, 380, 115), "#f4d35e")
    for box in BOXES:
        if blank:
            pen.rectangle((*box[:2], box[2] - 1, box[3] - 1), blank)
        if tagged:
            pen.rectangle((*box[:2], box[2] - 1, box[3] - 1), outline="#c1121f", width=3)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def item(title, sky, caption=""):
    def view(name, alt, **how):
        return Panel(name, alt, drawn(sky, **how), "image/png")

    views = (
        view("tagged", "A house and a sun, each in a red box", tagged=True),
        view("decanonized", "A plain with two grey gaps", blank="#888"),
        view("taken", "A house and a sun on a plain"),
    )
    return Figure(views, caption, "Study two", title)


ITEMS = (
    item("Noon", "#a9c6d9", "Two labels were given: house and sun."),
    item("Evening", "#d9b8a9"),
    item("Night", "#4a5570"),
)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with hosting("compare", tmp_path_factory.mktemp("host")) as url:
        yield url


class Mounted(Hosted):
    """One instance of the widget on the page."""

    def __init__(self, page, items=ITEMS, **traits):
        names = ("items", "index", "mode", "left", "right", "divider", "pace_ms")
        super().__init__(page, Compare(items, **traits), names)
        page.wait_for_function("[...document.images].every((image) => image.complete && image.naturalWidth)")

    def box(self, selector):
        return self.root.locator(selector).bounding_box()

    @property
    def shown(self):
        """The alternative texts of the images that can be seen."""
        return [image.get_attribute("alt") for image in self.root.locator("img:visible").all()]


@pytest.fixture
def mount(page, address):
    """Return the function that puts a widget on the harness page, whose clock stands still."""
    page.clock.install(time=datetime(2030, 1, 1, tzinfo=UTC))
    page.goto(address)
    page.clock.pause_at(datetime(2030, 1, 2, tzinfo=UTC))
    return functools.partial(Mounted, page)


TAGGED, DECANONIZED, TAKEN = (view.alt for view in ITEMS[0].panels)


def test_the_three_modes_are_reached_by_button_and_by_key(mount, page):
    widget = mount()
    for name, key, mode in (("Swipe", "w", "swipe"), ("Flip", "f", "flip"), ("Side by side", "s", "side")):
        widget.button(name).click()
        assert widget.trait("mode") == mode
        assert widget.button(name).get_attribute("aria-pressed") == "true"
        widget.set("mode", "flip" if mode == "side" else "side")
        widget.root.focus()
        page.keyboard.press(key)
        assert widget.trait("mode") == mode


def test_side_by_side_shows_both_images_at_one_size_next_to_each_other(mount):
    widget = mount()
    left, right = widget.box("img.rk-left"), widget.box("img.rk-right")
    assert widget.shown == [TAGGED, DECANONIZED]
    assert (left["width"], left["height"], left["y"]) == (right["width"], right["height"], right["y"])
    assert left["x"] + left["width"] <= right["x"]
    assert left["width"] / left["height"] == pytest.approx(SIZE[0] / SIZE[1], rel=0.005)


def test_dragging_the_divider_with_the_mouse_moves_it_to_the_pointer(mount, page):
    widget = mount(mode="swipe")
    stage = widget.box(".rk-stage")
    page.mouse.move(stage["x"] + stage["width"] * 0.5, stage["y"] + 40)
    page.mouse.down()
    page.mouse.move(stage["x"] + stage["width"] * 0.25, stage["y"] + 60, steps=4)
    assert widget.trait("divider") == pytest.approx(0.25, abs=0.002)
    page.mouse.move(stage["x"] - 300, stage["y"])
    page.mouse.up()
    page.mouse.move(stage["x"] + 200, stage["y"])
    assert widget.trait("divider") == 0
    assert widget.root.get_by_role("slider").evaluate("node => node === document.activeElement")


def test_dragging_the_divider_with_a_finger_moves_it(open_page, address):
    with open_page(has_touch=True) as page:
        page.goto(address)
        widget = Mounted(page, mode="swipe")
        stage = widget.box(".rk-stage")
        touch = page.context.new_cdp_session(page)

        def send(kind, *fractions):
            points = [{"x": stage["x"] + stage["width"] * x, "y": stage["y"] + 50} for x in fractions]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        send("touchStart", 0.5)
        for fraction in (0.6, 0.7, 0.8):
            send("touchMove", fraction)
        send("touchEnd")
        assert widget.trait("divider") == pytest.approx(0.8, abs=0.005)


def test_arrow_keys_move_the_divider_and_the_slider_tells_its_value(mount, page):
    widget = mount(mode="swipe")
    slider = widget.root.get_by_role("slider", name="Divider between tagged and decanonized")
    slider.focus()
    for key, divider in (
        ("ArrowRight", 0.52),
        ("Shift+ArrowRight", 0.62),
        ("ArrowLeft", 0.6),
        ("Shift+ArrowLeft", 0.5),
        ("End", 1),
        ("ArrowRight", 1),
        ("Home", 0),
    ):
        page.keyboard.press(key)
        assert widget.trait("divider") == divider
        assert slider.get_attribute("aria-valuenow") == str(round(divider * 100))
    assert slider.get_attribute("aria-valuetext") == "0 % tagged, 100 % decanonized"


def test_swipe_shows_the_left_view_left_of_the_divider_and_the_right_view_right_of_it(mount, page):
    widget = mount(mode="swipe", left="tagged", right="decanonized", divider=0.5)
    clip = widget.box(".rk-stage")
    shot = Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB")
    scale = shot.width / SIZE[0]
    house, sun = (115, 240), (350, 80)
    assert shot.getpixel(tuple(round(x * scale) for x in house)) == (0xB5, 0x65, 0x1D)
    assert shot.getpixel(tuple(round(x * scale) for x in sun)) == (0x88, 0x88, 0x88)


@pytest.mark.parametrize("width", [1000, 433])
def test_images_lie_upon_each_other_to_the_pixel(mount, page, width):
    page.set_viewport_size({"width": width, "height": 700})
    widget = mount(mode="flip", left="taken", right="decanonized")
    boxes = [widget.root.locator(f"img.rk-{side}").bounding_box() for side in ("left", "right")]
    clip = widget.box(".rk-stage")
    shots = []
    for key in ("ArrowLeft", "ArrowRight"):
        widget.root.press(key)
        page.clock.run_for(200)
        shots.append(Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB"))
    scale = clip["width"] / SIZE[0]
    found = ImageChops.difference(*shots).getbbox()
    assert boxes[0] == boxes[1]
    assert found == pytest.approx(tuple(edge * scale for edge in DIFFERENCE), abs=2)


def test_flipping_never_starts_by_itself_and_keeps_the_chosen_pace(mount, page):
    widget = mount(mode="flip", pace_ms=500)
    page.clock.run_for(5000)
    assert widget.shown == [TAGGED]
    widget.button("Play").click()
    seen = []
    for _ in range(4):
        page.clock.run_for(499)
        seen += widget.shown
        page.clock.run_for(1)
        seen += widget.shown
    assert seen == [TAGGED, DECANONIZED, DECANONIZED, TAGGED, TAGGED, DECANONIZED, DECANONIZED, TAGGED]
    widget.button("Pause").click()
    page.clock.run_for(5000)
    assert widget.shown == [TAGGED]


def test_space_plays_and_pauses_and_leaving_the_mode_stops_the_playing(mount, page):
    widget = mount(mode="flip")
    widget.root.focus()
    page.keyboard.press("Space")
    page.clock.run_for(800)
    assert widget.shown == [DECANONIZED]
    page.keyboard.press("Space")
    page.clock.run_for(4000)
    assert widget.shown == [DECANONIZED]
    page.keyboard.press("Space")
    page.keyboard.press("s")
    page.keyboard.press("f")
    page.clock.run_for(4000)
    assert widget.shown == [DECANONIZED]


def test_a_click_on_the_image_and_the_arrows_flip_by_hand(mount, page):
    widget = mount(mode="flip")
    widget.root.locator(".rk-stage").click()
    assert widget.shown == [DECANONIZED]
    page.clock.run_for(200)
    page.keyboard.press("ArrowLeft")
    assert widget.shown == [TAGGED]
    page.clock.run_for(200)
    widget.button("Flip once").click()
    assert widget.shown == [DECANONIZED]


def test_images_change_at_most_once_in_170_ms_even_by_hand(mount, page):
    widget = mount(mode="flip")
    flip = widget.button("Flip once")
    flip.click()
    page.clock.run_for(100)
    flip.click()
    assert widget.shown == [DECANONIZED]
    page.clock.run_for(100)
    flip.click()
    assert widget.shown == [TAGGED]


def test_plus_and_minus_change_the_pace_within_its_limits(mount, page):
    widget = mount(mode="flip")
    widget.root.focus()
    page.keyboard.press("+")
    assert widget.trait("pace_ms") == 700
    for _ in range(9):
        page.keyboard.press("+")
    assert widget.trait("pace_ms") == 170
    for _ in range(50):
        page.keyboard.press("-")
    assert widget.trait("pace_ms") == 4000
    widget.root.get_by_role("slider", name="Pace").fill("1200")
    assert widget.trait("pace_ms") == 1200
    assert "1200 ms" in widget.root.inner_text()


def test_with_reduced_motion_it_says_so_and_flips_by_key_and_click_alone(mount, page):
    widget = mount(mode="flip")
    widget.button("Play").click()
    page.emulate_media(reduced_motion="reduce")
    note = widget.root.get_by_text("Your system asks for less motion")
    note.wait_for(state="visible")
    assert not widget.button("Play").is_visible()
    page.clock.run_for(5000)
    assert widget.shown == [TAGGED]
    widget.root.focus()
    page.keyboard.press("Space")
    assert widget.shown == [DECANONIZED]
    page.clock.run_for(5000)
    assert widget.shown == [DECANONIZED]
    page.emulate_media(reduced_motion="no-preference")
    note.wait_for(state="hidden")


def test_the_selects_choose_the_views_and_swap_them(mount):
    widget = mount()
    widget.root.get_by_label("Right").select_option("taken")
    assert widget.shown == [TAGGED, TAKEN]
    widget.root.get_by_label("Left").select_option("taken")
    assert (widget.trait("left"), widget.trait("right")) == ("taken", "tagged")
    assert widget.shown == [TAKEN, TAGGED]


def test_items_are_gone_through_by_button_and_by_key(mount, page):
    widget = mount()
    live = widget.root.locator("[aria-live=polite]")
    widget.button("Next item").click()
    assert "2 of 3" in widget.root.inner_text()
    assert live.text_content() == "2 of 3: Evening"
    for key, index in (("]", 2), ("]", 2), ("[", 1), ("PageDown", 2), ("PageUp", 1), ("PageUp", 0), ("[", 0)):
        page.keyboard.press(key)
        assert widget.trait("index") == index
    assert widget.button("Previous item").get_attribute("aria-disabled") == "true"
    assert widget.root.get_by_text("Two labels were given").is_visible()


def test_what_the_kernel_sets_is_drawn(mount):
    widget = mount()
    for name, value in (("index", 2), ("mode", "swipe"), ("left", "taken"), ("divider", 0.3)):
        widget.set(name, value)
    slider = widget.root.get_by_role("slider")
    assert slider.get_attribute("aria-valuetext") == "30 % taken, 70 % decanonized"
    assert "3 of 3" in widget.root.inner_text()


def test_a_view_the_item_lacks_is_replaced_without_the_kernel(mount):
    short = Figure(ITEMS[0].panels[1:], "", "Study two", "Short")
    widget = mount((ITEMS[0], short))
    widget.button("Next item").click()
    assert widget.shown == [TAKEN, DECANONIZED]


def test_keys_that_belong_to_a_control_stay_with_it(mount, page):
    widget = mount(mode="flip")
    widget.root.get_by_label("Left").focus()
    page.keyboard.press("s")
    assert widget.trait("mode") == "flip"
    widget.root.get_by_role("slider", name="Pace").focus()
    page.keyboard.press("ArrowRight")
    assert widget.trait("pace_ms") == 810


def test_letters_typed_in_the_widget_do_not_reach_the_page(mount, page):
    widget = mount()
    page.evaluate("window.heard = []; addEventListener('keydown', (event) => heard.push(event.key))")
    widget.root.focus()
    page.keyboard.type("dd")
    page.keyboard.press("]")
    page.keyboard.press("Control+d")
    assert page.evaluate("heard") == ["Control", "d"]


def test_two_widgets_on_a_page_do_not_touch_each_other(mount, page):
    first, second = mount(), mount(mode="swipe")
    assert page.evaluate("[...document.querySelectorAll('.rk-compare-widget [id]')].length") == 0
    second.root.focus()
    page.keyboard.press("]")
    page.keyboard.press("End")
    assert (second.trait("index"), second.trait("divider")) == (1, 1)
    assert (first.trait("index"), first.trait("mode"), first.trait("divider")) == (0, "side", 0.5)


def test_images_no_longer_shown_are_let_go(mount, page):
    widget = mount()
    widget.root.get_by_label("Right").select_option("taken")
    assert page.evaluate("urls.size") == 3
    widget.button("Next item").click()
    assert page.evaluate("urls.size") == 2


def test_cleaning_up_leaves_no_image_no_timer_and_no_listener(mount, page):
    widget = mount(mode="flip")
    widget.button("Play").click()
    root = widget.root.element_handle()
    widget.handle.evaluate("({ cleanup }) => cleanup()")
    shown = root.get_attribute("data-shown")
    page.clock.run_for(5000)
    widget.set("mode", "side")
    page.emulate_media(reduced_motion="reduce")
    assert root.get_attribute("data-shown") == shown
    assert root.get_attribute("data-mode") == "flip"
    assert page.evaluate("urls.size") == 0
    assert widget.handle.evaluate("({ model, el }) => model.handlers.length + el.childElementCount") == 0


def test_at_320_pixels_nothing_is_cut_off(mount, page):
    page.set_viewport_size({"width": 320, "height": 700})
    for mode in ("side", "swipe", "flip"):
        mount(mode=mode)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


# -- JupyterLab ------------------------------------------------------------------------------------------

NOTEBOOK = "compare.ipynb"
CELLS = (
    """
from pathlib import Path
from retrain_kit.display.figures import Figure, Panel
from retrain_kit.widgets.compare import Compare

def views(name):
    return tuple(
        Panel(path.stem, f"The view {path.stem}", path.read_bytes(), "image/png")
        for path in sorted(Path(name).glob("*.png"))
    )
""",
    """
compare = Compare([Figure(views(name), "", "Study two", name) for name in ("noon", "night")])
compare
""",
    "print(compare.index, compare.mode, compare.left, compare.right, compare.divider)",
)
FOCUSABLE = ":is(a[href], button, input, select, textarea, [tabindex])"


@pytest.fixture(scope="module")
def notebook(open_page, lab, run_notebook):
    """A page with a notebook in JupyterLab: one widget, and a cell that reads its traits."""
    for frame in (ITEMS[0], ITEMS[2]):
        folder = lab.folder / frame.title.lower()
        folder.mkdir()
        for view in frame.panels:
            (folder / f"{view.name}.png").write_bytes(view.data)
    (lab.folder / NOTEBOOK).write_text(json.dumps(as_notebook(CELLS)))
    with open_page(viewport={"width": 1100, "height": 1000}) as page:
        run_notebook(page, lab, NOTEBOOK)
        page.wait_for_selector(".rk-compare-widget img")
        yield page


def as_notebook(sources):
    cells = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": {},
            "outputs": [],
            "source": source,
            "execution_count": None,
        }
        for number, source in enumerate(sources)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def told(page, expected):
    """Return the traits as the kernel has them, printed by the last cell, once they are as expected.

    Widgets send their last change when the kernel is idle again, so the first answer may be an older one.
    """
    return until(lambda: expected(traits := printed(page)) and traits)


def printed(page):
    return page.evaluate(
        """async () => {
          const panel = jupyterapp.shell.currentWidget.content;
          panel.activeCellIndex = panel.widgets.length - 1;
          await jupyterapp.commands.execute("notebook:run-cell");
          return panel.activeCell.model.outputs.get(0).toJSON().text;
        }"""
    ).split()


def cell_count(page):
    return page.evaluate("jupyterapp.shell.currentWidget.content.model.cells.length")


@pytest.fixture
def widget(notebook):
    """The widget in the notebook, as at the start."""
    root = notebook.locator(".rk-compare-widget")
    root.get_by_role("button", name="Side by side").click()
    root.focus()
    notebook.keyboard.press("[")
    return root


def test_in_jupyterlab_the_kernel_follows_the_divider_moved_by_mouse_and_by_keys(notebook, widget):
    widget.get_by_role("button", name="Swipe").click()
    stage = widget.locator(".rk-stage").bounding_box()
    notebook.mouse.move(stage["x"] + stage["width"] * 0.5, stage["y"] + 40)
    notebook.mouse.down()
    notebook.mouse.move(stage["x"] + stage["width"] * 0.25, stage["y"] + 40, steps=5)
    notebook.mouse.up()
    near_quarter = pytest.approx(0.25, abs=0.002)
    index, mode, left, right, _ = told(notebook, lambda traits: float(traits[-1]) == near_quarter)
    assert (index, mode, left, right) == ("0", "swipe", "decanonized", "tagged")
    widget.get_by_role("slider").focus()
    for key in ("End", "Shift+ArrowLeft", "ArrowLeft"):
        notebook.keyboard.press(key)
    told(notebook, lambda traits: traits[-1] == "0.88")


def test_in_jupyterlab_images_flip_and_items_change(notebook, widget):
    widget.get_by_role("button", name="Flip", exact=True).click()
    widget.locator(".rk-stage").click()
    assert widget.locator("img:visible").get_attribute("alt") == "The view tagged"
    notebook.keyboard.press("]")
    assert "2 of 2" in widget.inner_text()
    told(notebook, lambda traits: traits[:2] == ["1", "flip"])


@pytest.mark.parametrize("mode", ["s", "w", "f"])
def test_in_jupyterlab_typing_dd_in_any_control_deletes_no_cell(notebook, widget, mode):
    widget.focus()
    notebook.keyboard.press(mode)
    controls = [widget, *widget.locator(f"{FOCUSABLE}:visible").all()]
    before = cell_count(notebook)
    for control in controls:
        control.focus()
        assert control.evaluate("node => node === document.activeElement")
        assert control.get_attribute("data-lm-suppress-shortcuts") == "true"
        notebook.keyboard.type("dd")
        assert cell_count(notebook) == before
    assert len(controls) >= 8

"""The widget of Informational surfaces in a browser: a sitting, what is kept of it, and what is seen of it."""

from __future__ import annotations

import io
import json

import pytest
from hosting import Hosted, hosting
from PIL import Image
from waiting import frames

from retrain_kit.annotations import narratives
from retrain_kit.answers import Store
from retrain_kit.datasets.formats import localized_narratives
from retrain_kit.display.figures import Panel
from retrain_kit.exercises.common.annotating import ImageToAnnotate
from retrain_kit.exercises.surfaces import informational_surfaces
from retrain_kit.exercises.surfaces.informational_surfaces import InformationalSurfaces
from retrain_kit.exercises.surfaces.widget import Desk

UNSHOWN = "It is shown to nobody else: you have not agreed to it."


def image(number, colour="#a9c6d9"):
    file = io.BytesIO()
    drawn = Image.new("RGB", (480, 320), colour)
    drawn.paste("white", (100, 60, 300, 220))
    drawn.save(file, "PNG")
    panel = Panel("image", "A white box on blue.", file.getvalue(), "image/png")
    return ImageToAnnotate(f"box-{number}", f"Image {number}", (960, 640), panel, "Study two")


class Mounted(Hosted):
    """The widget on the page, and the acts of a person before it."""

    def __init__(self, page, exercise, items=None):
        super().__init__(page, Desk(exercise, items or [image(1), image(2)]), ("items", "setting"))
        self.surface = self.root.locator(".rk-surface")
        self.pass_on()

    @property
    def status(self):
        return self.root.get_by_role("status").inner_text()

    def drag(self, start, end, steps=8):
        """Draw a box with the mouse, from one place to another, in fractions of the frame."""
        frame = self.surface.bounding_box()
        (x0, y0), (x1, y1) = (
            (frame["x"] + x * frame["width"], frame["y"] + y * frame["height"]) for x, y in (start, end)
        )
        self.page.mouse.move(x0, y0)
        self.page.mouse.down()
        for share in (step / steps for step in range(1, steps + 1)):
            self.page.mouse.move(x0 + share * (x1 - x0), y0 + share * (y1 - y0))
            frames(self.page)  # A browser that is busy hands on fewer of the places that come at once.
        self.page.mouse.up()

    def sit(self, text="A white box, dd."):
        """Go through a sitting by mouse, up to where the track is shown."""
        self.button("Begin: record my pointer").click()
        self.drag((0.2, 0.2), (0.6, 0.7))
        self.root.get_by_role("textbox", name="Word for box 1").fill("Box")
        self.root.get_by_role("textbox", name="Your description").fill(text)
        self.button("I have finished").click()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with hosting("surfaces", tmp_path_factory.mktemp("widget")) as url:
        yield url


@pytest.fixture
def exercise(tmp_path):
    with Store(tmp_path / "answers") as store:
        yield InformationalSurfaces(store, "nature")


@pytest.fixture
def mounted(page, address, exercise):
    page.goto(address)
    return Mounted(page, exercise)


def touch(session, kind, *fingers):
    points = [{"x": x, "y": y, "id": name} for name, x, y in fingers]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_what_is_kept_is_what_was_done(mounted, exercise):
    mounted.root.get_by_role("checkbox").first.check()
    mounted.sit()
    mounted.button("Keep it").click()
    mounted.pass_on()
    assert mounted.status == "Your recording is kept."
    (kept,) = exercise.consented_recordings("class").recordings
    found = kept.recording
    assert (found.image, found.size, found.text) == ("box-1", (960, 640), "A white box, dd.")
    assert (found.devices, len(found.trace.pieces)) == (("mouse",), 1)
    (tag,) = found.tags
    assert (tag.label, tag.device, tag.edges) == (
        "Box",
        "mouse",
        pytest.approx((0.2, 0.2, 0.6, 0.7), abs=0.003),
    )
    x, y, _ = found.trace.points.T
    assert (x.min(), y.min()) == pytest.approx((0.2, 0.2), abs=0.003)
    assert found.written is not None
    assert tag.t < found.written[0] <= found.written[1] <= found.seconds
    assert found.frame == pytest.approx((480, 320), abs=1)
    assert kept.record.asked.images == ("box-1",)


def test_nothing_leaves_the_page_before_it_is_kept_and_what_is_thrown_away_is_gone(mounted, exercise):
    mounted.button("Begin: record my pointer").click()
    mounted.drag((0.2, 0.2), (0.6, 0.7))
    assert mounted.pass_on() == []
    mounted.button("Throw it away").first.click()
    assert mounted.root.locator(".rk-box:visible").count() == 0
    mounted.sit()
    mounted.pass_on()
    assert exercise.records() == []
    mounted.button("Throw it away").last.click()
    assert mounted.handle.evaluate("({ model }) => model.sent") == []
    assert mounted.button("Begin: record my pointer").is_visible()


def test_a_refusal_is_kept_and_leaves_no_track(mounted, exercise):
    mounted.button("Begin: record my pointer").click()
    mounted.drag((0.2, 0.2), (0.6, 0.7))
    mounted.button("I choose not to answer").click()
    mounted.pass_on()
    assert mounted.status == f"Your refusal is kept. It is an answer. {UNSHOWN}"
    (record,) = exercise.records()
    assert (record.refusal, dict(record.details)) == ("no-answer", {})


def test_a_box_without_a_word_and_an_empty_description_are_asked_for(mounted):
    mounted.button("Begin: record my pointer").click()
    mounted.drag((0.2, 0.2), (0.6, 0.7))
    mounted.button("I have finished").click()
    assert mounted.status == "A box has no word yet: give it one, or take it away."
    mounted.button("Take away box 1").click()
    mounted.button("I have finished").click()
    assert mounted.status.startswith("Describe the image in a few words.")
    assert mounted.button("I have finished").is_visible()


def test_keys_alone_are_enough(mounted, exercise, page):
    mounted.button("Begin: record my pointer").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert mounted.status.startswith("A corner is set.")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Space"):
        page.keyboard.press(key)
    page.keyboard.type("Corner, dd")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.type("Something white.")
    for key in ("Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    mounted.pass_on()
    page.keyboard.press("Enter")
    mounted.pass_on()
    assert mounted.status.startswith("Your recording is kept")
    (record,) = exercise.records()
    assert (record.text, record.details["devices"], record.details["pieces"]) == (
        "Something white.",
        ["keyboard"],
        [],
    )
    (tag,) = record.details["tags"]
    assert (tag["label"], tag["device"]) == ("Corner, dd", "keyboard")
    assert tag["edges"] == [0.0625, 0.027778, 0.145833, 0.083333]
    assert len(record.details["focus"]) == 1


def test_escape_lets_go_of_a_corner(mounted, page):
    mounted.button("Begin: record my pointer").focus()
    for key in ("Enter", "ArrowRight", "Enter", "Escape"):
        page.keyboard.press(key)
    assert mounted.status == "No corner is set."
    assert mounted.root.locator(".rk-box:visible").count() == 0


def test_a_finger_draws_a_box_too(mounted, exercise):
    mounted.button("Begin: record my pointer").click()
    frame = mounted.surface.bounding_box()
    session = mounted.page.context.new_cdp_session(mounted.page)
    x, y = frame["x"] + 48, frame["y"] + 32
    for kind, fingers in (
        ("touchStart", [(1, x, y)]),
        ("touchMove", [(1, x + 96, y + 96)]),
        ("touchEnd", []),
    ):
        touch(session, kind, *fingers)
    mounted.root.get_by_role("textbox", name="Word for box 1").fill("Sky")
    mounted.root.get_by_role("textbox", name="Your description").fill("Blue.")
    mounted.button("I have finished").click()
    mounted.button("Keep it").click()
    mounted.pass_on()
    (record,) = exercise.records()
    assert record.details["devices"] == ["touch"]
    assert record.details["tags"][0]["edges"] == pytest.approx([0.1, 0.1, 0.3, 0.4], abs=0.003)


def sheet(mounted):
    return mounted.root.locator("canvas").evaluate("(canvas) => canvas.toDataURL()")


def sat_on(open_page, address, exercise, colour):
    """Where a pointer went over an image of this colour, and the sheet with its track."""
    with open_page(reduced_motion="reduce") as fresh:
        fresh.goto(address)
        mounted = Mounted(fresh, exercise, [image(1, colour)])
        mounted.sit()
        drawn = sheet(mounted)
        mounted.button("Keep it").click()
        mounted.pass_on()
    pieces = exercise.records()[-1].details["pieces"]
    return tuple((x, y) for piece in pieces for x, y, _ in piece), drawn


def test_the_sheet_is_the_same_to_the_byte_whatever_image_lies_beneath(open_page, address, exercise):
    blue, red = (sat_on(open_page, address, exercise, colour) for colour in ("#a9c6d9", "#7b1e3a"))
    assert len(blue[0]) >= 9
    assert blue == red


def test_what_is_taken_along_is_what_is_kept(mounted, exercise, tmp_path):
    mounted.sit()
    mounted.button("Keep it").click()
    mounted.pass_on()
    files = []
    for name in ("the track", "boxes and the rest"):
        with mounted.page.expect_download() as download:
            mounted.button(name).click()
        files.append(tmp_path / download.value.suggested_filename)
        download.value.save_as(files[-1])
    (record,) = exercise.records()
    assert [file.name for file in files] == [
        "localized_narratives.jsonl",
        "beside_localized_narratives.jsonl",
    ]
    (spoken,) = localized_narratives.load_narratives(files[0])
    assert spoken.annotator_id == narratives.annotator_number(record.who)
    beside = json.loads(files[1].read_text())
    taken = narratives.recording_from_records(localized_narratives.record_of_narrative(spoken), beside)
    assert taken == informational_surfaces.recording_of(record)


def test_what_is_said_stays_text(mounted):
    mounted.sit("<img src=x onerror=alert(1)> <script>alert(2)</script>")
    mounted.button("Keep it").click()
    mounted.pass_on()
    assert (
        mounted.root.locator(".rk-own q").inner_text()
        == "<img src=x onerror=alert(1)> <script>alert(2)</script>"
    )
    assert mounted.root.locator("script, .rk-own img").count() == 0


def test_what_was_kept_can_be_withdrawn_by_its_author(mounted, exercise):
    mounted.sit()
    mounted.button("Keep it").click()
    mounted.pass_on()
    mounted.button("Withdraw: A white box, dd.").click()
    mounted.pass_on()
    assert mounted.status == "Withdrawn. Only that something was withdrawn is left."
    assert exercise.records() == []
    assert mounted.root.locator("canvas").count() == 0


def test_another_image_waits_until_the_recording_is_kept_or_thrown_away(mounted):
    mounted.sit()
    assert mounted.button("Next image").get_attribute("aria-disabled") == "true"
    mounted.button("Next image").dispatch_event("click")
    assert mounted.root.locator(".rk-position").inner_text() == "1 of 2"
    mounted.button("Throw it away").last.click()
    mounted.button("Next image").click()
    mounted.pass_on()
    assert mounted.root.locator(".rk-position").inner_text() == "2 of 2"


def test_closing_leaves_nothing_behind(mounted, page):
    mounted.button("Begin: record my pointer").click()
    mounted.handle.evaluate("({ cleanup }) => cleanup()")
    assert page.locator(".rk-surfaces-widget").count() == 0
    assert mounted.handle.evaluate("({ model }) => model.handlers.length") == 0


def reading(mounted):
    return mounted.root.locator(".rk-player .rk-reading").inner_text()


def test_nothing_moves_by_itself_for_those_who_ask_for_less_motion(open_page, address, exercise):
    with open_page(reduced_motion="reduce") as fresh:
        fresh.goto(address)
        still = Mounted(fresh, exercise)
        still.sit()
        before = sheet(still)
        assert still.button("Play at true speed").is_visible()
        duration = reading(still).split(" of ")[1]
        assert reading(still) == f"{duration.removesuffix(' s')} of {duration}"
        slider = still.root.get_by_role("slider", name="Moment of the recording")
        slider.focus()
        fresh.keyboard.press("Home")
        assert reading(still).startswith("0.0 of ")
        assert sheet(still) != before


def test_once_kept_nothing_more_is_asked_and_recording_again_does_not_say_that_it_is_gone(mounted):
    mounted.sit()
    assert mounted.root.locator(".rk-asked").is_hidden()
    mounted.root.get_by_role("checkbox").first.check()
    mounted.button("Keep it").click()
    mounted.pass_on()
    assert mounted.root.get_by_role("checkbox").count() == 0
    mounted.button("Record again").click()
    assert mounted.status == ""
    assert mounted.root.get_by_role("checkbox").count() == 2
    assert mounted.button("Begin: record my pointer").evaluate("(node) => node === document.activeElement")


def test_on_a_small_screen_the_image_comes_into_sight_when_the_recording_begins(open_page, address, exercise):
    with open_page(viewport={"width": 390, "height": 560}) as fresh:
        fresh.goto(address)
        mounted = Mounted(fresh, exercise)
        mounted.button("Begin: record my pointer").click()
        assert mounted.surface.evaluate("(node) => node.getBoundingClientRect().top") > -1
        mounted.drag((0.2, 0.2), (0.6, 0.7))
        assert mounted.root.get_by_role("textbox", name="Word for box 1").is_visible()

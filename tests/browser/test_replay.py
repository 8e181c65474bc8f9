"""The replay in a browser: it plays, steps and counts on a wall and in a notebook, and shows no image; films play."""

from __future__ import annotations

import base64
import io
from dataclasses import replace

import pytest
from accessibility import grave
from hosting import Hosted, hosting
from PIL import Image
from playwright.sync_api import expect
from replaying import FIGURES, sample
from waiting import until
from wall_law import FAULTS, SIZES

from retrain_kit.analysis.study_replay import make_replay
from retrain_kit.annotations.samples import Box, Region, Sample
from retrain_kit.annotations.timelines import Timeline
from retrain_kit.display.figures import Panel
from retrain_kit.display.replay_film import film_patches, lay_out, write_film
from retrain_kit.studies import manifests
from retrain_kit.widgets.replay import Replay
from retrain_kit.widgets.replay_wall import replay_wall_html

INK_PX = """
(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let drawn = 0;
  for (let at = 0; at < data.length; at += 4) drawn += data[at] !== data[0] || data[at + 2] !== data[2];
  return drawn;
}
"""
"""How many pixels of a screen are not as its upper left one is, which nothing is drawn on."""


@pytest.fixture(scope="module")
def replay():
    """Three images: two boxes of one hand, nothing at all, and one box around everything."""
    house, bird = Region("House", Box(20, 20, 80, 70)), Region("Bird", Box(40, 30, 60, 40))
    images = [
        sample(house, bird),
        Sample("none", "nowhere.png", 40, 90),
        Sample("all", "nowhere.png", 80, 60, (Region("Sky", Box(0, 0, 80, 60)),)),
    ]
    return make_replay(images, manifests.load("embedded-sample"), FIGURES, factor=2.0)


@pytest.fixture
def wall(visit, replay, tmp_path):
    """Return a function that opens the page of a wall."""

    def opened(size="xga", motion="reduce", shown=None, ground="dark", times=1):
        path = tmp_path / "wall.html"
        played = replace(replay, timelines=replay.timelines * times)
        path.write_text(replay_wall_html(played, ground, shown), encoding="utf-8")
        width, height = SIZES[size]
        page = visit(path.as_uri(), viewport={"width": width, "height": height}, reduced_motion=motion)
        page.locator("#wall:visible").wait_for()
        return page

    return opened


def test_a_wall_is_read_by_a_whole_room_and_steps_from_drawing_to_drawing(wall):
    page = wall()
    total = page.locator("#sum")
    expect(total).to_have_text("0:00:24 of 0:00:24")
    page.keyboard.press("Home")
    expect(total).to_have_text("0:00:00 of 0:00:24")
    first = page.locator("canvas").first
    assert first.evaluate(INK_PX) < 200
    for told in ("0:00:16", "0:00:23", "0:00:24"):
        page.keyboard.press("ArrowRight")
        expect(total).to_have_text(f"{told} of 0:00:24")
    assert first.evaluate(INK_PX) > 2_000
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(total).to_have_text("0:00:16 of 0:00:24")
    page.keyboard.press("+")
    expect(page.locator("#pace")).to_contain_text("at the most; 5 × faster")
    page.locator("#least").click(force=True)
    expect(total).to_contain_text("of 0:00:00")
    assert page.evaluate(FAULTS) == []
    assert grave(page) == []


def test_on_a_wall_of_two_hundred_screens_no_clock_is_cut_off(wall):
    page = wall(times=67)
    assert page.locator("canvas:visible").count() == 201
    assert page.locator("figcaption:visible").count() == 0
    assert page.evaluate(FAULTS) == []


def test_a_wall_plays_by_itself_each_screen_at_its_own_pace(wall):
    page = wall(motion="no-preference", ground="light")
    for _ in range(4):
        page.keyboard.press("+")
    expect(page.locator(".rk-screen .rk-reading").nth(2)).to_have_text("0:00:08")
    expect(page.locator("#playing")).to_have_text("Pause")
    page.keyboard.press(" ")
    expect(page.locator("#playing")).to_have_text("Play")
    assert page.locator(".rk-screen .rk-reading").nth(1).inner_text() == "0:00:00"


def test_no_image_is_in_a_page_unless_it_was_asked_for(wall, replay):
    noise = Image.effect_noise((60, 48), 90).convert("RGB")
    panel = Panel.from_image(noise, "one", "Nothing was made coarse.")
    inside = base64.b64encode(panel.data).decode()
    assert inside not in replay_wall_html(replay)
    assert "data:image" not in replay_wall_html(replay)
    page = wall(shown={"one": panel})
    assert inside in page.content()
    page.keyboard.press("End")
    expect(page.locator("#lines")).to_contain_text("one: Author and licence not said.")
    until(lambda: page.locator("canvas").first.evaluate(INK_PX) > 40_000)


def test_the_widget_plays_in_a_notebook(page, replay, tmp_path):
    with hosting("replay", tmp_path) as address:
        page.goto(address)
        hosted = Hosted(page, Replay(replay), ("given", "end", "factor"))
        total = hosted.root.locator(".rk-sum b")
        expect(total).to_have_text("0:00:00 of 0:00:24")
        hosted.root.focus()
        page.keyboard.press("ArrowRight")
        expect(total).to_have_text("0:00:16 of 0:00:24")
        ground = "(canvas) => canvas.getContext('2d').getImageData(1, 1, 1, 1).data[0]"
        before = hosted.root.locator("canvas").first.evaluate(ground)
        page.evaluate("document.body.dataset.jpThemeLight = 'false'")
        until(lambda: hosted.root.locator("canvas").first.evaluate(ground) != before)
        hosted.root.get_by_role("button", name="Play").click()
        expect(hosted.root.get_by_role("button", name="Pause")).to_be_visible()
        page.keyboard.press("End")
        expect(total).to_have_text("0:00:24 of 0:00:24")
        hosted.root.get_by_role("button", name="At the least").click()
        expect(hosted.root).to_contain_text("played at the least")
        assert grave(page) == []


def test_a_film_plays_in_a_browser(page, replay, tmp_path):
    timelines = [*replay.timelines[:1], Timeline("none", (10, 10))]
    file = io.BytesIO()
    shown = write_film(file, film_patches(lay_out(timelines, 160), replay.play, replay.caption))
    data = f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
    frames = """async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const film = new ImageDecoder({ data: await (await fetch(source)).arrayBuffer(), type: "image/png" });
      await film.tracks.ready;
      return [film.tracks.selectedTrack.frameCount, image.naturalWidth];
    }"""
    with hosting("replay", tmp_path) as address:  # decoders are there for pages with an address alone
        page.goto(address)
        assert page.evaluate(frames, data) == [shown, 160]
    assert Image.open(file).n_frames == shown

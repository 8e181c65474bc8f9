"""The page of voices in a real browser: read by everybody on any screen, heard, and said to be a demonstration."""

import shutil

import pytest
from accessibility import grave
from commands import typed
from waiting import until

from retrain_kit.exercises.voices.notebook_view import EXAMPLE_FOLDER

HEARD = "document.querySelector('audio').currentTime > 0"


@pytest.fixture
def address(tmp_path):
    shutil.copytree(EXAMPLE_FOLDER, tmp_path / "ours")
    done = typed(
        tmp_path, "voices", "ours", "--study", "embedded-sample", "--for", "class", "-o", "voices.html"
    )
    assert done.returncode == 0, done.stderr
    return (tmp_path / "voices.html").as_uri()


def test_everybody_can_read_and_hear_it_on_any_screen(visit, address):
    page = visit(address)
    for scheme, width in (("light", 1100), ("dark", 320)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert grave(page) == []
    assert page.locator("audio").evaluate("(sound) => { sound.muted = true; return sound.play(); }") is None
    until(lambda: page.evaluate(HEARD))
    assert 8.5 < page.locator("audio").evaluate("(sound) => sound.duration") < 9.5
    said = page.get_by_text("Made for demonstration by the makers of the kit. No worker said this.")
    assert said.count() == 4
    assert (
        page.locator(".where img").evaluate_all("(all) => all.map((each) => each.naturalWidth > 0)")
        == [True] * 2
    )
    page.emulate_media(media="print")
    assert page.locator("audio").is_hidden()

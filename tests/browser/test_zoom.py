"""The page of a mosaic in a browser: opened from a file, it leads from all images to one."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from small_studies import study
from waiting import still, until

from retrain_kit.annotations.samples import Box, Region, Sample
from retrain_kit.batch.mosaic import zoom
from retrain_kit.batch.mosaic.mosaic import MosaicLayout
from retrain_kit.batch.mosaic.tiles import Look

HOSTILE = "<img src=x onerror=\"document.title='mine'\"></script><script>document.title='mine'</script>"
COLOURS = [(200, 30, 30), (30, 160, 30), (30, 30, 200), (220, 200, 30), (30, 190, 200), (200, 40, 200)]
NOTICE = "Shows a colour that may be too much."
WIDTHS = pytest.mark.parametrize("width", [420, 1200])
FORMS = pytest.mark.parametrize("form", ["out", "out.html"])


@pytest.fixture
def images(tmp_path):
    """Six images of one colour each, the last with a notice, words of the fifth as bad as can be."""
    made = []
    for number, colour in enumerate(COLOURS):
        path = tmp_path / "images" / f"{number}.png"
        path.parent.mkdir(exist_ok=True)
        Image.new("RGB", (400, 300), colour).save(path)
        region = Region(f"Word {number}", Box(10, 10, 20, 20), annotator="a hand")
        made.append(Sample(f"p{number}", path, 400, 300, (region, region), alt=f"Colour {number}."))
    made[4] = replace(
        made[4], id=HOSTILE, alt=HOSTILE, regions=(Region(HOSTILE, Box(0, 0, 9, 9), annotator=HOSTILE),)
    )
    made[5] = replace(made[5], notice=NOTICE)
    return made


@pytest.fixture
def write(images, tmp_path):
    """Return the function that writes the page of the six images, in three columns, and returns its address."""

    def written(form="out", notice="", look=None):
        rows = [(f"p{number}", f"{number}.png", (400, 300)) for number in range(4)]
        manifest = replace(study(tmp_path, "folder", rows), content_notice=notice, title=f"Six {HOSTILE}")
        look = look or Look("as it is")
        return zoom.write_mosaic(images, manifest, tmp_path / form, look, MosaicLayout(3))[0].as_uri()

    return written


def enter(page, address):
    """Open the page and go past its notice."""
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    page.get_by_role("button", name="Show the images").click()
    until(lambda: np.abs(colour_at(page, centre(page, 0)) - COLOURS[0]).max() < 12)
    still(page)
    return errors


def centre(page, place):
    """Return where on the page the middle of a tile is, when the whole mosaic is shown."""
    page.locator("#mosaic").scroll_into_view_if_needed()
    box = page.locator("#mosaic").bounding_box()
    tile = min(box["width"] / 300, box["height"] / 200) * 100
    left, top = box["x"] + (box["width"] - 3 * tile) / 2, box["y"] + (box["height"] - 2 * tile) / 2
    return left + (place % 3 + 0.5) * tile, top + (place // 3 + 0.5) * tile


def colour_at(page, point):
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return np.array(shot.getpixel(tuple(map(int, point)))).astype(int)


def scale(page):
    """Return how wide a tile is on the page, from where the blue of the third and the yellow below it begin."""
    box = page.locator("#mosaic").bounding_box()
    shot = Image.open(io.BytesIO(page.screenshot(clip=box))).convert("RGB")
    return (np.abs(np.asarray(shot).astype(int) - COLOURS[1]).sum(-1) < 40).any(0).sum()


@WIDTHS
@FORMS
def test_every_tile_leads_to_its_image(open_page, write, form, width):
    with open_page(viewport={"width": width, "height": 800}) as page:
        errors = enter(page, write(form))
        for place in (0, 2, 3):
            point = centre(page, place)
            assert np.abs(colour_at(page, point) - COLOURS[place]).max() < 12
            page.mouse.click(*point)
            card = page.get_by_role("dialog", name=f"p{place}")
            assert f"Word {place} × 2 (annotator: a hand)" in card.inner_text()
            assert "licence" in card.inner_text()
            image = card.get_by_role("img", name=f"As it is. The whole image: Colour {place}.")
            image.evaluate("(image) => image.decode()")
            assert image.evaluate("(image) => image.naturalWidth") == 400
            page.keyboard.press("Escape")
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert errors == []


def test_notices_come_before_the_images(open_page, write):
    with open_page() as page:
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(write("out", "Nobody was asked."))
        assert "Nobody was asked." in page.get_by_role("region", name="Before the images").inner_text()
        assert page.get_by_role("application").count() == 0
        assert [url for url in asked if url.endswith(".jpg")] == []
        page.get_by_role("button", name="Show the images").click()
        still(page)
        page.mouse.click(*centre(page, 5))
        card = page.get_by_role("dialog")
        assert card.get_by_role("img").count() == 0
        assert NOTICE in card.inner_text()
        assert [url for url in asked if url.endswith("images/5.jpg")] == []
        card.get_by_role("button", name="Show the image").click()
        assert card.get_by_role("img").count() == 1


def test_keys_go_from_image_to_image(open_page, write):
    with open_page() as page:
        enter(page, write())
        assert page.evaluate("document.activeElement.id") == "mosaic"
        said = []
        for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "Home", "ArrowLeft", "End"):
            page.keyboard.press(key)
            said.append(page.locator("#current").inner_text().split(":")[0])
        assert said == ["2 of 6", "5 of 6", "4 of 6", "1 of 6", "1 of 6", "6 of 6"]
        page.keyboard.press("Home")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Next").press("Enter")
        assert page.get_by_role("dialog", name="p1").is_visible()
        assert page.evaluate("document.activeElement.textContent") == "Next"
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.id") == "mosaic"


def test_wheel_keys_and_buttons_change_the_scale_and_0_shows_the_whole(open_page, write):
    with open_page(reduced_motion="reduce") as page:
        enter(page, write())
        whole = scale(page)
        page.mouse.move(*centre(page, 1))
        page.mouse.wheel(0, -240)
        until(lambda: scale(page) > 1.5 * whole)
        page.keyboard.press("0")
        until(lambda: abs(scale(page) - whole) < 3)
        page.get_by_role("button", name="Closer").click()
        page.get_by_role("button", name="Farther").click()
        still(page)
        assert abs(scale(page) - whole) < 3


def test_dragging_moves_the_mosaic_and_opens_nothing(open_page, write):
    with open_page() as page:
        enter(page, write())
        page.keyboard.press("+")
        still(page)
        x, y = centre(page, 4)
        before = page.screenshot()
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 120, y - 40, steps=4)
        page.mouse.up()
        still(page)
        assert page.screenshot() != before
        assert page.get_by_role("dialog").count() == 0


def test_two_fingers_come_closer(open_page, write):
    with open_page(has_touch=True) as page:
        enter(page, write())
        whole = scale(page)
        x, y = centre(page, 1)
        touch = page.context.new_cdp_session(page)
        for kind, apart in (("touchStart", 20), ("touchMove", 40), ("touchMove", 60)):
            fingers = [{"x": x - apart, "y": y, "id": 1}, {"x": x + apart, "y": y, "id": 2}]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        until(lambda: scale(page) > 1.5 * whole)
        assert page.get_by_role("dialog").count() == 0


def test_three_images_are_chosen_and_their_list_is_read_by_the_kit(open_page, write, tmp_path):
    with open_page() as page:
        enter(page, write())
        assert page.get_by_role("button", name="Download the list").is_disabled()
        for place in (3, 4, 0):
            page.mouse.click(*centre(page, place))
            page.get_by_role("button", name="Live with this").click()
            page.get_by_role("button", name="Close", exact=True).click()
        page.mouse.click(*centre(page, 1))
        assert page.get_by_role("button", name="Three are chosen").is_disabled()
        page.get_by_role("button", name="Close", exact=True).click()
        page.get_by_role("button", name="Put back p3").click()
        page.mouse.click(*centre(page, 2))
        page.get_by_role("button", name="Live with this").click()
        page.get_by_role("button", name="Close", exact=True).click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download the list").click()
        assert download.value.suggested_filename == "mine-to-live-with.csv"
        download.value.save_as(tmp_path / "three.csv")
    assert zoom.read_chosen_ids(tmp_path / "three.csv") == (HOSTILE, "p0", "p2")
    head, *rows = (tmp_path / "three.csv").read_text().splitlines()
    assert head.startswith("id,file,sha256,width_px,height_px,licence,author,source")
    assert rows[1].startswith(f"p0,0.png,{'0' * 64},400,300,licence,author,source")


def test_the_list_says_in_words_what_the_mosaic_shows(open_page, write):
    with open_page() as page:
        enter(page, write())
        page.get_by_text("All images as a list").click()
        found = page.locator("#found-list li")
        found.nth(5).wait_for()
        assert found.count() == 6
        assert found.nth(1).inner_text() == "p1: Word 1"
        page.get_by_label("Find an id").fill("word 3")
        assert found.all_inner_texts() == ["p3: Word 3"]
        found.get_by_role("button").click()
        assert page.get_by_role("dialog", name="p3").is_visible()


@FORMS
def test_texts_of_a_data_set_do_nothing(open_page, write, form):
    with open_page() as page:
        errors = enter(page, write(form))
        title = page.title()
        page.mouse.click(*centre(page, 4))
        page.get_by_role("button", name="Live with this").click()
        page.get_by_role("button", name="Close", exact=True).click()
        page.get_by_text("All images as a list").click()
        page.get_by_text("The study", exact=True).click()
        still(page)
        assert page.title() == title
        assert title == f"Six {HOSTILE}: mosaic"
        assert page.locator("img[src=x]").count() == 0
        assert errors == []


def test_no_script_but_the_pages_own_runs(open_page, write):
    address = write()
    with open_page() as page:
        enter(page, address)
        page.evaluate("""() => {
          const script = document.createElement("script");
          script.textContent = "document.title = 'mine'";
          document.body.append(script);
        }""")
        still(page)
        assert page.title() != "mine"


def test_close_by_the_images_are_sharp(open_page, write, images):
    stripes = np.zeros((300, 400, 3), np.uint8)
    stripes[:, ::4] = stripes[:, 1::4] = 255
    Image.fromarray(stripes).save(images[1].path)
    with open_page(reduced_motion="reduce") as page:
        enter(page, write())
        page.keyboard.press("ArrowRight")
        for _ in range(4):
            page.keyboard.press("+")
        box = page.locator("#mosaic").bounding_box()

        def contrast():
            shot = np.asarray(Image.open(io.BytesIO(page.screenshot(clip=box))).convert("L")).astype(int)
            row = shot[shot.shape[0] // 2, shot.shape[1] // 2 - 60 : shot.shape[1] // 2 + 60]
            return row.max() - row.min()

        until(lambda: contrast() > 150)

"""The review of images in a browser: the widget on a plain page, and the page without a notebook."""

from __future__ import annotations

import json
from dataclasses import replace

import nbformat
import pytest
from accessibility import grave
from hosting import Hosted, hosting
from PIL import Image
from small_studies import study
from waiting import until

from retrain_kit.studies import reviews
from retrain_kit.studies.reviews import Decision
from retrain_kit.widgets import review
from retrain_kit.widgets.review import ImageToReview, ReviewGrid

NAMES = ("one", "two", "three", "four")
TRAITS = ("items", "decided", "notice", "by")


@pytest.fixture
def mine(tmp_path):
    """A study of four images; the third has a notice of its own."""
    for number, name in enumerate(NAMES):
        Image.new("RGB", (480, 320), (60 * number, 120, 200)).save(tmp_path / f"{name}.png")
    made = study(tmp_path, "images", [(name, f"{name}.png", (480, 320)) for name in NAMES])
    images = [replace(image, notice="A wound." if image.id == "three" else "") for image in made.images]
    return replace(made, images=tuple(images), toml=tmp_path / "mine.toml")


def shown(mine):
    return [ImageToReview(mine, mine.sample(image)) for image in mine.images]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with hosting("review", tmp_path_factory.mktemp("harness")) as url:
        yield url


@pytest.fixture
def widget(page, address, mine):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(address)
    hosted = Hosted(page, ReviewGrid(shown(mine)), TRAITS)
    see(hosted, "one")
    return hosted


def card(widget, name):
    return widget.root.get_by_role("listitem").filter(has=widget.page.get_by_text(name, exact=True))


def see(widget, name):
    """Wait until the page has told the kernel that an image stands in sight."""
    told = "([{ model }, key]) => model.sent.some((each) => each.act === 'shown' && each.key === key)"
    widget.page.wait_for_function(told, arg=[widget.handle, f"mine/{name}"])
    widget.pass_on(follow=("decided",))


def press(widget, *keys):
    for key in keys:
        widget.page.keyboard.press(key)
    return widget.pass_on(follow=("decided",))


def press_until(page, key, sign):
    """Press a key until it is taken: an image is not decided on before it was in sight."""
    until(lambda: sign.is_visible() or page.keyboard.press(key))


def status(widget):
    return widget.root.get_by_role("status").inner_text()


def test_keys_accept_replace_with_a_reason_and_undo(widget, mine):
    card(widget, "one").focus()
    press(widget, "a")
    assert reviews.load_reviews(mine).accepted == {"one"}
    press_until(widget.page, "r", widget.page.get_by_label("Why replace it?"))
    widget.page.keyboard.type("dd too sad x")
    press(widget, "Enter")
    assert reviews.load_reviews(mine).decisions["two"].reason == "dd too sad x"
    assert "to be replaced: dd too sad x" in card(widget, "two").inner_text()
    press(widget, "u")
    assert reviews.load_reviews(mine).unseen(NAMES) == ("two", "three", "four")
    press(widget, "u")
    assert reviews.load_reviews(mine).unseen(NAMES) == NAMES


def test_arrows_go_through_the_grid_and_stop_at_its_ends(widget):
    card(widget, "one").focus()
    names = []
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End", "ArrowRight", "Home", "ArrowUp"):
        widget.page.keyboard.press(key)
        names.append(widget.page.evaluate("document.activeElement.querySelector('.rk-name').textContent"))
    assert names == ["two", "three", "two", "four", "four", "one", "one"]


def test_a_covered_image_is_nowhere_on_the_page_and_cannot_be_decided_on(widget, mine):
    third = card(widget, "three")
    assert third.locator("img").count() == 0
    assert "A wound." in third.inner_text()
    third.get_by_role("button", name="Accept: three").click()
    assert {each["act"] for each in widget.pass_on(follow=("decided",))} <= {"shown"}
    assert status(widget) == "Look at it first: three."
    third.get_by_role("button", name="Show it").click()
    third.locator("img").wait_for()
    see(widget, "three")
    third.get_by_role("button", name="Accept: three").click()
    widget.pass_on(follow=("decided",))
    assert reviews.load_reviews(mine).accepted == {"three"}


def test_an_image_below_the_fold_is_not_seen_before_somebody_scrolls_there(page, address, mine):
    page.set_viewport_size({"width": 390, "height": 500})
    page.goto(address)
    widget = Hosted(page, ReviewGrid(shown(mine)), TRAITS)
    see(widget, "one")
    assert widget.kernel._looked_at == {"mine/one"}
    card(widget, "four").scroll_into_view_if_needed()
    see(widget, "four")
    assert "mine/four" in widget.kernel._looked_at


def test_the_kernel_takes_no_decision_on_an_image_that_nobody_was_shown(widget, mine):
    widget.kernel._receive(None, {"act": "decide", "key": "mine/three", "verdict": "accept"}, [])
    assert "nobody was shown it" in status(widget)
    for forged in ({"act": "all"}, {"act": "shown", "key": "other/one"}, {"act": "decide", "key": 3}):
        widget.kernel._receive(None, forged, [])
    assert reviews.load_reviews(mine).decisions == {}


def test_a_click_on_an_image_shows_it_large_and_another_lets_it_be(widget):
    root = card(widget, "one")
    root.locator("img").click()
    assert "rk-large" in root.get_attribute("class")
    root.locator("img").click()
    assert "rk-large" not in root.get_attribute("class")


def test_who_asked_to_replace_an_image_can_think_again(widget, mine):
    root = card(widget, "one")
    replace_it = root.get_by_role("button", name="Replace: one")
    replace_it.click()
    assert root.get_by_role("button", name="Replace it", exact=True).is_visible()
    replace_it.click()
    assert root.get_by_role("textbox").count() == 0
    assert reviews.load_reviews(mine).decisions == {}


def test_words_of_a_reason_are_text_and_no_markup(widget, mine):
    card(widget, "one").focus()
    widget.page.keyboard.press("x")
    widget.page.keyboard.type("<img src=x onerror=alert(1)>")
    press(widget, "Enter")
    assert "removed: <img src=x onerror=alert(1)>" in card(widget, "one").inner_text()
    assert card(widget, "one").locator("img").count() == 1


def test_the_static_twin_hides_what_has_a_notice_and_says_what_was_decided(widget, mine):
    reviews.keep_decision(mine, "one", "accept")
    html = widget.kernel._repr_mimebundle_()[0]["text/html"]
    assert "<details><summary>A wound.</summary><img" in html
    assert "Accepted." in html
    assert html.count("Nobody has decided yet.") == 3
    assert "<script" not in html


def test_a_page_without_a_notebook_gives_its_decisions_as_a_file(open_page, mine, tmp_path):
    gated = replace(mine, content_notice="People who were not asked. </script><b>")
    path = tmp_path / "review.html"
    path.write_text(review.review_page_html(shown(gated)), encoding="utf-8")
    with open_page() as page:
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path.as_uri())
        assert page.locator("img").count() == 0
        assert "People who were not asked. </script><b>" in page.locator("body").inner_text()
        page.get_by_role("button", name="Show the images").click()
        assert page.locator("img").count() == 3
        press_until(page, "a", page.get_by_text("1 of 4 decided, 1 accepted"))
        press_until(page, "x", page.get_by_label("Why remove it?"))
        page.keyboard.type("no 刀")
        page.keyboard.press("Enter")
        with page.expect_download() as download:
            page.get_by_role("button", name="Download the decisions").click()
        download.value.save_as(tmp_path / "review.jsonl")
        assert "2 are not decided yet" in page.locator("body").inner_text()
        assert errors == []
    lines = [json.loads(line) for line in (tmp_path / "review.jsonl").read_text().splitlines()]
    assert reviews.keep_decisions(mine, [Decision(**line) for line in lines]) == 2
    found = reviews.load_reviews(mine)
    assert (found.accepted, found.removed) == ({"one"}, {"two"})
    assert found.decisions["two"].reason == "no 刀"


@pytest.fixture(params=["light 390", "light 1280", "dark 390", "dark 1280"])
def view(request):
    """Return how a page is looked at: in light or in dark, on a narrow or on a wide screen."""
    scheme, width = request.param.split()
    return {"color_scheme": scheme, "viewport": {"width": int(width), "height": 900}}


def wide(page):
    """Return by how many pixels a page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def test_nothing_about_the_review_is_hard_to_reach(open_page, address, mine, tmp_path, view):
    gated = replace(mine, content_notice="People who were not asked.")
    path = tmp_path / "review.html"
    path.write_text(review.review_page_html(shown(gated)), encoding="utf-8")
    with open_page(bypass_csp=True, **view) as page:
        page.goto(path.as_uri())
        assert grave(page) == []
        page.get_by_role("button", name="Show the images").click()
        press_until(page, "a", page.get_by_text("1 of 4 decided, 1 accepted"))
        press_until(page, "r", page.get_by_label("Why replace it?"))
        assert grave(page) == []
        assert wide(page) <= 0


NOTEBOOK = """import os
os.environ["RETRAIN_KIT_DATA"] = "kept"
from retrain_kit import datasets
from retrain_kit.studies import manifests
from retrain_kit.widgets.review import ImageToReview, ReviewGrid
study = manifests.load("embedded-sample")
ReviewGrid([ImageToReview(study, sample) for sample in datasets.read(study)[:4]], by="Ana")"""


def test_in_jupyterlab_the_keys_decide_and_do_nothing_to_the_notebook(open_page, lab, run_notebook):
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(NOTEBOOK)], metadata=kernel)
    nbformat.write(notebook, lab.folder / "review.ipynb")
    with open_page(viewport={"width": 1280, "height": 1000}) as page:
        run_notebook(page, lab, "review.ipynb")
        root = page.locator(".rk-review-widget")
        root.get_by_role("button", name="Show the images").click()
        count = root.locator(".rk-count")
        until(lambda: page.keyboard.press("a") or count.inner_text() != "0 of 4 decided", each_s=0.1)
        press_until(page, "x", page.get_by_label("Why remove it?"))
        page.keyboard.type("dd no")
        page.keyboard.press("Enter")
        page.wait_for_function("document.querySelector('.rk-count').textContent.includes('removed')")
        page.keyboard.type("dd")
        assert page.evaluate("jupyterapp.shell.currentWidget.content.widgets.length") == 1
    lines = (lab.folder / "kept" / "reviews" / "embedded-sample.jsonl").read_text().splitlines()
    found = [json.loads(line) for line in lines]
    assert {(each["verdict"], each["reason"], each["by"]) for each in found} == {
        ("accept", "", "Ana"),
        ("remove", "dd no", "Ana"),
    }

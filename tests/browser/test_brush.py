"""The brush in a browser: mouse, finger and keys cover parts of an image, and what is covered is kept at once."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import nbformat
import numpy as np
import pytest
from accessibility import grave
from hosting import Hosted, hosting
from PIL import Image
from small_studies import study

from retrain_kit.analysis.people_in_images import PeopleInImages
from retrain_kit.annotations.samples import Box, Region
from retrain_kit.annotations.taxonomy import Taxonomy
from retrain_kit.studies import brushed
from retrain_kit.widgets.brush import Brush

SIZE = (640, 320)
TRAITS = ("order", "page", "covered")


@pytest.fixture
def mine(tmp_path):
    """A study of three images of noise, a person in the first."""
    for number, name in enumerate("abc"):
        noise = np.random.default_rng(number).integers(0, 255, (*SIZE[::-1], 3), "uint8")
        Image.fromarray(noise).save(tmp_path / f"{name}.png")
    made = study(tmp_path, "images", [(name, f"{name}.png", SIZE) for name in "abc"])
    return replace(made, toml=tmp_path / "mine.toml")


@pytest.fixture
def widget(page, mine, address):
    person = (Region("person", Box(0, 0, 100, 100)),)
    samples = [mine.sample(row, regions=person if row.id == "a" else ()) for row in mine.images]
    page.set_viewport_size({"width": 900, "height": 900})
    page.goto(address)
    hosted = Hosted(page, Brush(mine, samples, PeopleInImages(Taxonomy([]), frozenset()), [2]), TRAITS)
    page.wait_for_function("[...document.images].every((image) => image.complete && image.naturalWidth)")
    return hosted


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with hosting("brush", tmp_path_factory.mktemp("host")) as url:
        yield url


def kept(widget, mine, name):
    """Hand on what was done, and return the rows of what is covered in an image."""
    widget.pass_on(follow=TRAITS[1:])
    grid = brushed.load_brushed(mine).get(name)
    return [] if grid is None else brushed.grid_rows(grid)


def stage(widget):
    return widget.root.get_by_role("application")


def status(widget):
    return widget.root.get_by_role("status").inner_text()


def test_a_drag_covers_cells_comes_back_coarse_in_the_image_and_is_undone(widget, mine):
    box = stage(widget).bounding_box()
    cell = box["width"] / 64
    widget.root.get_by_label("Brush").select_option("1")
    mouse = widget.page.mouse
    mouse.move(box["x"] + 2.5 * cell, box["y"] + 1.5 * cell)
    mouse.down()
    mouse.move(box["x"] + 6.5 * cell, box["y"] + 1.5 * cell)
    mouse.up()
    assert kept(widget, mine, "b") == ["", "..#####"]
    assert status(widget) == "5 of 2048 cells are covered by hand."
    stage(widget).focus()
    widget.page.keyboard.press("ArrowDown")
    assert status(widget) == "Row 3 of 32, column 7 of 64: not covered by hand."
    shown = np.asarray(Image.open(io.BytesIO(widget.kernel.page["data"])).convert("RGB"), dtype=int)
    assert shown[11:19, 21:69].std() < 12
    assert shown[31:39, 21:69].std() > 40
    widget.button("Undo").click()
    assert kept(widget, mine, "b") == []
    widget.button("Undo").click()
    assert status(widget) == "Nothing to undo."


def test_a_finger_covers_and_uncovers(widget, mine):
    box = stage(widget).bounding_box()
    at = {"clientX": box["x"] + box["width"] / 2, "clientY": box["y"] + box["height"] / 2}
    touch = {"pointerId": 1, "pointerType": "touch", "button": 0, "isPrimary": True, **at}
    stage(widget).evaluate("(node) => { node.setPointerCapture = () => {}; }")
    for mode, cells in (("Cover", 9), ("Uncover", 0)):
        widget.button(mode).click()
        assert widget.button(mode).get_attribute("aria-pressed") == "true"
        for event in ("pointerdown", "pointerup"):
            stage(widget).dispatch_event(event, touch)
        assert sum(row.count("#") for row in kept(widget, mine, "b")) == cells
    assert stage(widget).evaluate("(node) => getComputedStyle(node).touchAction") == "none"


def test_keys_alone_cover_uncover_and_go_from_image_to_image(widget, mine):
    keyboard = widget.page.keyboard
    widget.root.get_by_label("Brush").select_option("1")
    stage(widget).focus()
    for key in ("Shift+ArrowLeft", "ArrowUp", "Space", "ArrowRight", "Space"):
        keyboard.press(key)
    assert kept(widget, mine, "b") == [*[""] * 15, "." * 24 + "##"]
    assert status(widget).startswith("2 of 2048")
    keyboard.press("Backspace")
    keyboard.press("ArrowLeft")
    assert status(widget) == "Row 16 of 32, column 25 of 64: covered by hand."
    assert kept(widget, mine, "b") == [*[""] * 15, "." * 24 + "#"]
    widget.button("Next image").press("Enter")
    kept(widget, mine, "b")
    assert widget.root.get_by_text("Image 1: 2 of 3 here").is_visible()
    assert widget.root.get_by_text("1 region of people made coarse.").is_visible()
    widget.button("Previous image").press("Enter")
    kept(widget, mine, "b")
    assert widget.root.get_by_text("Parts covered by hand made coarse.").is_visible()


def test_what_the_kernel_refuses_is_said_and_nothing_is_kept(widget, mine):
    widget.kernel._receive(None, {"act": "cover", "number": 2, "cells": ["x"]}, [])
    assert "row 1" in status(widget)
    for wrong in ({"act": "cover", "number": 9, "cells": []}, {"act": "look", "number": 1}, {"act": 3}):
        widget.kernel._receive(None, wrong, [])
        assert status(widget)
    assert not brushed.brushed_path(mine).exists()


def test_the_static_twin_says_what_was_covered(widget, mine):
    assert "Nothing is covered by hand" in widget.kernel._repr_mimebundle_()[0]["text/html"]
    grid = np.zeros((32, 64), bool)
    grid[:8] = True
    brushed.keep_brushed(mine, "c", grid)
    data, _ = widget.kernel._repr_mimebundle_()
    assert "<li>Image 3: 25.0% of it covered by hand.</li>" in data["text/html"]
    assert data["text/plain"] == "Image 3: 25.0% of it covered by hand."


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_axe_finds_nothing_grave_and_a_phone_has_room(widget, mine, width, scheme):
    widget.page.emulate_media(color_scheme=scheme)
    widget.page.set_viewport_size({"width": width, "height": 800})
    stage(widget).focus()
    widget.page.keyboard.press("Space")
    kept(widget, mine, "b")
    assert grave(widget.page) == []
    assert widget.page.evaluate("document.documentElement.scrollWidth") <= width


NOTEBOOK = """import os
os.environ["RETRAIN_KIT_DATA"] = "brushed-data"
from retrain_kit import datasets
from retrain_kit.analysis import own_labels, people_in_images
from retrain_kit.studies import manifests
from retrain_kit.widgets.brush import Brush
study = manifests.load("embedded-sample")
samples = datasets.read(study)[:3]
system = own_labels.own_label_system(samples)
people = people_in_images.people_of_study(study, system, own_labels.people_veil(system))
Brush(study, samples, people)"""


def test_in_jupyterlab_keys_cover_and_do_nothing_to_the_notebook(open_page, lab, run_notebook):
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(NOTEBOOK)], metadata=kernel)
    nbformat.write(notebook, lab.folder / "brush.ipynb")
    with open_page(viewport={"width": 1280, "height": 1000}) as page:
        run_notebook(page, lab, "brush.ipynb")
        root = page.locator(".rk-brush-widget")
        root.get_by_role("application").click()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Space")
        page.keyboard.type("dd")
        root.get_by_text("Parts covered by hand made coarse.").wait_for()
        assert page.evaluate("jupyterapp.shell.currentWidget.content.widgets.length") == 1
    kept = json.loads((lab.folder / "brushed-data" / "brushed" / "embedded-sample.json").read_text())
    assert len(kept["images"]) == 1

"""`retrain-kit app`: a study in FiftyOne's App with its saved views and the kit's operators, ended as one whole."""

import os
import re
import signal
import subprocess
import sys
from urllib.parse import urlsplit

import own_study
import psutil
import pytest
import requests
from ports import listening
from waiting import PATIENCE_S, ended, until

from retrain_kit.studies import manifests


class Running:
    """`retrain-kit app` on the study of two images, in a folder of its own."""

    def __init__(self, folder):
        environment = os.environ | {"FIFTYONE_PLUGINS_DIR": str(folder / "plugins"), "HOME": str(folder)}
        command = [sys.executable, "-m", "retrain_kit", "app", str(own_study.write(folder)), "--no-browser"]
        self.folder = folder
        self.process = subprocess.Popen(
            [*command, "--port", "0"],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.said = []
        for line in self.process.stdout:
            self.said.append(line.strip())
            if line.startswith("  http://"):
                break
        self.address = self.said[-1]

    def end(self, how=signal.SIGINT):
        """End the command and return its exit status, and what it still said."""
        self.process.send_signal(how)
        rest = self.process.stdout.read()
        return self.process.wait(PATIENCE_S), rest


@pytest.fixture(scope="module")
def running(kit_database, tmp_path_factory):
    """The App, running for all tests of this file."""
    one = Running(tmp_path_factory.mktemp("app"))
    yield one
    one.end()


def do(page, operator):
    """Find an operator in the App's list, by its name, and open it; its buttons show that the App knows it."""
    page.locator("img[src$='decanonize.svg']").first.wait_for(state="attached")
    page.keyboard.press("`")
    page.get_by_placeholder("Search operations by name").fill(operator)
    page.get_by_text(operator, exact=True).last.click()


def execute(page):
    """Press the button that acts: while the App asks what may be executed, one that does nothing stands there."""
    page.get_by_label("split button").get_by_role("button", name="Execute").click()


def test_the_command_says_what_is_shown_and_where(running):
    assert (
        running.said[0] == f"the kit's plugin of FiftyOne: {running.folder}/plugins/@retrain-kit/retrain-kit"
    )
    assert running.said[1] == "Two animals (two): 2 images, tagged, decanonized and taken"
    assert running.said[2] == "saved views: 2 by label, 3 by annotator; rejected annotations: 1"
    assert re.fullmatch(
        r"http://127\.0\.0\.1:\d+/datasets/retrain-kit-two-slices-[0-9a-f]{12}", running.address
    )


def test_only_this_machine_and_its_own_pages_are_answered(running):
    port = urlsplit(running.address).port
    assert listening(psutil.Process(running.process.pid)) == {("127.0.0.1", port)}

    def status(path, **headers):
        return requests.get(f"http://127.0.0.1:{port}{path}", headers=headers, timeout=PATIENCE_S).status_code

    media = f"/media?filepath={running.folder}/a.png"
    assert (status(media), status(media, Host="rebound.example.org")) == (200, 400)
    assert status(media, Origin="https://example.org") == 403
    kept = running.folder / "two.toml"
    for path in (kept, running.folder, "/proc/self/environ"):
        assert status(f"/media?filepath={path}") == 403
        assert status(f"/media/?filepath={running.folder}/a.png&filepath={path}") == 403
    asked = requests.post(
        f"http://127.0.0.1:{port}/operators/execute",
        json={"operator_uri": "@retrain-kit/retrain-kit/make_a_study", "params": {"name": "theirs"}},
        headers={"Origin": "https://example.org"},
        timeout=PATIENCE_S,
    )
    assert (asked.status_code, [*running.folder.glob("theirs*")]) == (403, [])


def test_one_looks_around_asks_who_annotated_and_makes_a_study(running, browser):
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.set_default_timeout(1000 * PATIENCE_S)
    page = context.new_page()
    page.goto(running.address)
    page.get_by_text("6 samples").wait_for()
    page.get_by_text("Dismiss").click()
    page.locator("[data-cy=saved-views-selection]").click()
    page.get_by_text("annotator: not explained").click()
    page.get_by_text("1 group with slice").wait_for()
    do(page, "Make a study of this view")
    name = page.get_by_role("dialog").get_by_role("textbox").first
    name.fill("two")
    page.get_by_text("which is there already").wait_for()
    name.fill("mine")
    page.get_by_text("which is there already").wait_for(state="detached")
    execute(page)
    page.get_by_text("1 image. In a terminal: retrain-kit app mine").wait_for()
    made = manifests.load(running.folder / "mine.toml")
    assert (made.title, [image.id for image in made.images]) == ("Two animals: 1 image", ["a"])
    page.get_by_role("button", name="Done").click()
    do(page, "Who annotated this")
    page.get_by_text("No image is selected").wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.locator("[data-cy=looker]").first.click()
    page.locator("img[src$='who.svg']").click()
    page.get_by_text("1 image selected.").wait_for()
    execute(page)
    page.get_by_role("cell", name="not explained").wait_for()
    page.get_by_text("people in a hurry").wait_for()
    context.close()


def test_a_view_is_decanonized_and_opened(running, browser):
    context = browser.new_context()
    context.set_default_timeout(1000 * PATIENCE_S)
    page = context.new_page()
    page.goto(f"{running.address}?view=label-2")
    page.get_by_text("1 group with slice").wait_for()
    do(page, "Decanonize these")
    page.get_by_text("1 image, in this view: none is selected.").wait_for()
    execute(page)
    page.get_by_text("1 image tagged, decanonized and taken.").wait_for()
    page.wait_for_url(lambda address: address.partition("?")[0] != running.address)
    page.get_by_text("3 samples").wait_for()
    context.close()


@pytest.mark.parametrize(
    ("how", "status", "said"), [(signal.SIGINT, 3, "The App has ended."), (signal.SIGKILL, -9, "")]
)
def test_the_app_ends_whole_however_the_command_ends(kit_database, tmp_path, how, status, said):
    one = Running(tmp_path)
    family = psutil.Process(one.process.pid).children(recursive=True)
    assert len(family) == 1
    left, rest = one.end(how)
    assert (left, rest.rpartition("\n\n")[2].strip() if said else "") == (status, said)
    until(lambda: all(map(ended, family)))

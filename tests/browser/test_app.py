"""FiftyOne's App opens on the loopback address alone and shows the three slices of an image."""

import os
import subprocess
import sys
from urllib.parse import urlsplit

import psutil
import pytest
import requests
from ports import free_port, listening
from waiting import PATIENCE_MS, PATIENCE_S, until

app = pytest.importorskip("retrain_kit.fiftyone.app")

PROGRAM = """
import sys
from retrain_kit import fiftyone
from retrain_kit.datasets import folder
from retrain_kit.studies import manifests
study = manifests.load("embedded-sample")
dataset = fiftyone.grouped_dataset(folder.read(study)[:2], study)
session = fiftyone.open_app(dataset, port=int(sys.argv[1]), browser=False)
print(dataset.name, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def shown(kit_database, tmp_path_factory):
    """A running App with two images of the embedded sample: its port, its process, its dataset's name."""
    port = free_port()
    environment = os.environ | {"HOME": str(tmp_path_factory.mktemp("home"))}
    with (tmp_path_factory.mktemp("log") / "log.txt").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(port)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        lines = iter(process.stdout.readline, "")
        name = next((line.strip() for line in lines if line.startswith("retrain-kit-")), None)
        assert name, "the App did not start"
        until(lambda: answers(port))
        yield port, process, name
        process.stdin.close()
        process.wait(PATIENCE_S)


def answers(port):
    """Say whether the App's server answers."""
    try:
        return requests.get(f"http://127.0.0.1:{port}/fiftyone", timeout=PATIENCE_S).json()
    except requests.ConnectionError:
        return None


def test_the_app_listens_on_the_loopback_address_alone(shown):
    port, process, _ = shown
    found = listening(psutil.Process(process.pid))
    assert ("127.0.0.1", port) in found
    assert {address for address, _ in found} == {"127.0.0.1"}


def test_the_app_answers_only_what_names_this_machine_and_comes_from_its_pages(shown):
    address = f"http://127.0.0.1:{shown[0]}/fiftyone"

    def status(**headers):
        return requests.get(address, headers=headers, timeout=PATIENCE_S).status_code

    assert status() == 200
    assert status(Host="localhost") == 200
    assert status(Host="rebound.example.org") == 400
    assert status(Host=f"127.0.0.1.example.org:{shown[0]}") == 400
    assert status(Origin=f"http://127.0.0.1:{shown[0]}") == 200
    assert status(Origin="https://example.org") == 403
    assert status(Origin="null") == 403
    assert status(Origin="http://[127.0.0.1") == 403


def test_the_app_hands_no_file_to_another_site_s_page(shown):
    asked = requests.get(
        f"http://127.0.0.1:{shown[0]}/media",
        params={"filepath": __file__},
        headers={"Host": "rebound.example.org"},
        timeout=PATIENCE_S,
    )
    assert (asked.status_code, "rebound" in asked.text) == (400, False)


def test_the_app_s_page_may_ask_no_other_host_not_even_for_a_typeface(shown, browser):
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    asked, stopped = set(), {}
    page.on("request", lambda request: asked.add(request.url))
    page.on("requestfailed", lambda request: stopped.update({request.url: request.failure}))
    page.goto(f"http://127.0.0.1:{shown[0]}/datasets/{shown[2]}")
    page.get_by_text("6 samples").wait_for()
    strangers = {url for url in asked if urlsplit(url).hostname not in {"127.0.0.1", None}}
    until(
        lambda: page.evaluate("true") and strangers <= stopped.keys()
    )  # What a page tells is heard while it is asked.
    assert {stopped[url] for url in strangers} <= {"csp"}
    context.close()


@pytest.mark.parametrize("slice_name", ["tagged", "decanonized", "taken"])
def test_the_app_shows_each_slice_in_its_exact_pixels(shown, browser, kit_cache, slice_name):
    port, _, name = shown
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    with page.expect_response(lambda response: f"{slice_name}.png" in response.url) as asked:
        page.goto(f"http://127.0.0.1:{port}/datasets/{name}?slice={slice_name}")
    written = {path.read_bytes() for path in (kit_cache / "slices" / name).glob(f"*/{slice_name}.png")}
    assert len(written) == 2
    assert asked.value.body() in written
    chosen = "name => [...document.querySelectorAll('input')].some((input) => input.value === name)"
    page.wait_for_function(chosen, arg=slice_name)
    page.get_by_text("6 samples").wait_for()
    context.close()


@pytest.mark.parametrize("prefix", ["/user/ann-x1/", "/user/ann-x1"])
def test_under_a_hub_the_app_is_reached_through_the_hubs_proxy(prefix):
    assert app.proxy_url(prefix, 5151) == "/user/ann-x1/proxy/5151/"

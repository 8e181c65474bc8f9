"""Nothing leaves: reports, notebooks, class, review and App send no packet but to this machine, and ask no name."""

import sys

import islands
import pytest
from places import ALL_NOTEBOOKS, ROOT

NOTHING = {"names": [], "packets": []}
LEAVES = """
import urllib.request
for address in ("http://example.org/", "http://198.51.100.7/"):
    try:
        urllib.request.urlopen(address)
    except OSError:
        pass
"""


@pytest.fixture(scope="module")
def alone(kit_cache, tmp_path_factory):
    """What the environment of the island's programs is: a home and a cache that no other program has."""
    return islands.environment(tmp_path_factory.mktemp("island"), kit_cache)


def test_the_island_sees_what_leaves(stay):
    seen = stay(sys.executable, "-c", LEAVES)
    assert seen.names[0] == "example.org"
    assert [6, "203.0.113.7", 80] in seen.packets
    assert [6, "198.51.100.7", 80] in seen.packets


def test_every_report_with_its_pdf_is_made_without_a_word_to_anybody(stay, chromium, kernel, every_report):
    made = islands.kept_stay(every_report)
    pdfs = sorted(path.name[:2] for path in (every_report / "reports").glob("*.pdf"))
    assert (made.status, pdfs) == (0, ALL_NOTEBOOKS), made.said
    assert made.sent == NOTHING


def test_notebooks_class_review_and_app_speak_to_this_machine_alone(stay, alone, chromium):
    done = stay(sys.executable, "-m", "pytest", "-n", "0", "-q", *islands.THERE, env=alone, cwd=ROOT)
    assert done.status == 0, done.said[-4000:]
    assert done.sent == NOTHING


def test_a_plan_without_a_network_names_every_address_and_is_no_error(stay, alone, tmp_path):
    rule = ["--dataset", "open-images-v7", "--n", "5", "--seed", "7"]
    for words in (["pull", "open-images-nature"], ["draw", *rule]):
        told = stay(sys.executable, "-m", "retrain_kit", *words, "--plan", env=alone, cwd=tmp_path)
        assert told.status == 0, told.said
        assert told.said.count("https://storage.googleapis.com/") == told.said.count(": size unknown") == 8

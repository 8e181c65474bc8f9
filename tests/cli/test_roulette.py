"""`retrain-kit roulette` makes a page for a wall; what it cannot make is one clear fault and no page."""

import json

import pytest
from commands import typed


@pytest.fixture(autouse=True)
def _kept(tmp_path, monkeypatch):
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(tmp_path / "kept"))


def state(path):
    """Return what a page holds for its script."""
    text = path.read_text(encoding="utf-8")
    return json.loads(text.partition('id="state">')[2].partition("</script>")[0])


def test_a_page_has_the_turns_that_were_asked_for_and_words_for_people_veiled(tmp_path):
    done = typed(
        tmp_path,
        "roulette",
        "embedded-sample",
        "-o",
        "wall.html",
        "-n",
        "1",
        "--label",
        "Man",
        "--by",
        "label",
    )
    assert (done.returncode, (tmp_path / "wall.html").exists()) == (2, False)
    assert "label: found a word that is veiled; expected its id, or the notice accepted." in done.stderr
    done = typed(tmp_path, "roulette", "embedded-sample", "-o", "wall.html", "-n", "2", "--seconds", "20")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].startswith("images: 2; veiled words: ")
    made = state(tmp_path / "wall.html")
    assert (len(made["turns"]), made["turn_s"]) == (2, 20)
    accepted = ("--accept-words", "--by", "label", "--label", "Man")
    done = typed(tmp_path, "roulette", "embedded-sample", "-o", "wall.html", "-n", "1", *accepted)
    assert done.returncode == 0, done.stderr
    assert state(tmp_path / "wall.html")["turns"][0]["label"] == "Man"


def test_what_cannot_be_made_is_said_and_leaves_no_page(tmp_path):
    (tmp_path / "system.csv").write_text("id,words\nx,unicorn\n")
    (tmp_path / "real.json").write_text("[[1]]")
    for options, told in (
        (("--label-system", "system.csv"), "no image with a label of the label system"),
        (("--person", "unicorn"), "person: found 'unicorn'"),
        (("--real", "real.json"), "classes: found no file"),
    ):
        done = typed(tmp_path, "roulette", "embedded-sample", "-o", "wall.html", *options)
        assert done.returncode != 0
        assert told in done.stderr
        assert not (tmp_path / "wall.html").exists()
    done = typed(tmp_path, "roulette", "free-works", "-o", "wall.html")
    assert (done.returncode, (tmp_path / "wall.html").exists()) == (1, False)
    assert done.stderr.startswith("retrain-kit: free-works: found no label on any image; expected some.")

"""`retrain-kit replay`: a film or a page, no image in either, and what is wrong is said in a line."""

import pytest
from commands import typed
from PIL import Image

from retrain_kit.studies import manifests


@pytest.mark.usefixtures("long_work")
def test_a_film_of_one_image_says_what_it_stands_on_and_a_page_has_no_image(tmp_path):
    done = typed(tmp_path, "replay", "embedded-sample", "--image", "cat", "-o", "cat.png", "--width", 160, "--by-hand")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "time: 0:02:38 (h:min:s) in all; played at the most, 5 × faster" in done.stdout
    assert "outline: coco-outline, 22 h/1000 outline" in done.stdout
    assert "made by machines: 2, played as if by hand: nobody's time; 3, there at once" in done.stdout
    with Image.open(tmp_path / "cat.png") as film:
        assert film.is_animated
    done = typed(tmp_path, "replay", "embedded-sample", "--image", "cat", "-o", "cat.html")
    assert "made by machines: 5, there at once: nobody's time" in done.stdout
    page = (tmp_path / "cat.html").read_bytes()
    manifest = manifests.load("embedded-sample")
    row = next(row for row in manifest.images if row.id == "cat")
    assert manifest.path(row).read_bytes()[2000:2064] not in page
    assert b"data:image" not in page
    assert b'"shown":null' in page
    typed(tmp_path, "replay", "embedded-sample", "--image", "cat", "-o", "shown.html", "--show-image-at-end")
    shown = (tmp_path / "shown.html").read_bytes()
    assert b'"media_type":"image/jpeg"' in shown
    assert b"image at the end" in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-o", "out.gif"), "a name that ends in .html, .htm, .png, .apng"),
        (("-o", "out.png", "--show-image-at-end"), "a page: a film has too few colours"),
        (
            ("-o", "out.png", "--image", "cta"),
            "found 'cta'; expected the id of an image of the study. Near it: cat.",
        ),
        (("-o", "out.png", "--use", "none"), "figure: found 'none'; expected a figure's id"),
        (("-o", "out.png", "-o", "b.png"), "-o stands here 2 times. It takes one value."),
    ],
)
def test_what_cannot_be_replayed_is_said_and_nothing_is_written(tmp_path, words, said):
    done = typed(tmp_path, "replay", "embedded-sample", *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []

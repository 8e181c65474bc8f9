"""The page of a mosaic: whole, closed to what it quotes, without anything that its view does not show."""

import base64
import csv
import hashlib
import json
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from small_studies import study

from retrain_kit.annotations.samples import Box, ImageLabel, Provenance, Region, Sample
from retrain_kit.batch.mosaic import zoom
from retrain_kit.batch.mosaic.mosaic import MosaicLayout
from retrain_kit.batch.mosaic.tiles import Look
from retrain_kit.batch.mosaic.zoom import Pyramid
from retrain_kit.errors import DataError, ParameterError

HOSTILE = "</script><script>document.title='mine'</script><img src=x onerror=alert(1)>"


@pytest.fixture
def samples(tmp_path):
    """Twelve green images with a red box each, that is tagged."""
    made = []
    for number in range(12):
        box = Box(20 + number * 3, 10 + number * 5, 90 + number * 9, 80 + number * 3)
        image = Image.new("RGB", (240, 180), (0, 255, 0))
        image.paste((255, 0, 0), tuple(map(int, box.edges)))
        path = tmp_path / "images" / f"{number}.png"
        path.parent.mkdir(exist_ok=True)
        image.save(path)
        made.append(
            Sample(
                f"p{number}", path, 240, 180, (Region("Red", box, annotator="a hand"),), alt="Red on green."
            )
        )
    return made


@pytest.fixture
def manifest(tmp_path):
    rows = [(f"p{number}", f"images/{number}.png", (240, 180)) for number in range(12)]
    return study(tmp_path, "folder", rows)


def data_of(page):
    found = re.search('<script type="application/json" id="study">(.*?)</script>', page.read_text())
    return json.loads(found[1])


def reddest(image):
    values = np.asarray(image.convert("RGB")).astype(int)
    return int((values[..., 0] - values[..., 1]).max())


def test_a_folder_holds_the_page_every_square_and_a_preview_of_each_image(samples, manifest, tmp_path):
    out = tmp_path / "out"
    assert zoom.write_mosaic(samples, manifest, out, Look(tile_px=200)) == [out / "index.html"]
    files = sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())
    assert files == sorted(
        [
            "index.html",
            *(f"images/{number}.jpg" for number in range(12)),
            *("tiles/0/0_0.jpg", "tiles/1/0_0.jpg", "tiles/1/1_0.jpg"),
        ]
    )
    assert Image.open(out / "tiles/1/0_0.jpg").size == (600, 600)
    assert Image.open(out / "tiles/1/1_0.jpg").size == (200, 600)
    assert Image.open(out / "tiles/0/0_0.jpg").size == (400, 300)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("name", ["folder", "page.html", "image.png"])
def test_nothing_of_a_decanonized_mosaic_holds_what_was_removed(samples, manifest, tmp_path, name):
    target = tmp_path / name
    zoom.write_mosaic(samples, manifest, target, Look("decanonized", paper="white"))
    if name == "folder":
        images = [Image.open(path) for path in target.rglob("*.jpg")]
    elif name == "page.html":
        embedded = data_of(target)["embedded"].values()
        (tmp_path / "x").mkdir()
        images = []
        for number, data in enumerate(embedded):
            (tmp_path / "x" / f"{number}").write_bytes(
                base64.b64decode(data.removeprefix("data:image/jpeg;base64,"))
            )
            images.append(Image.open(tmp_path / "x" / f"{number}"))
    else:
        images = [Image.open(target)]
    assert len(images) == (1 if name == "image.png" else 13)
    assert max(map(reddest, images)) < 40


def test_the_page_says_of_each_image_its_annotations_annotators_and_row(samples, manifest, tmp_path):
    samples[3] = replace(
        samples[3], labels=(ImageLabel("Grass", None, "a machine"), ImageLabel("Sky", present=False))
    )
    zoom.write_mosaic(samples, manifest, tmp_path / "a.html")
    data = data_of(tmp_path / "a.html")
    assert data["cards"][3]["annotations"] == [["Red", "a hand", 1]]
    assert data["cards"][3]["words"] == [["Grass", None, "a machine"], ["Sky", False, "unknown"]]
    row = data["cards"][3]["row"]
    assert (row["id"], row["file"], row["licence"], row["author"]) == (
        "p3",
        "images/3.png",
        "licence",
        "author",
    )
    assert data["table"][:5] == ["id", "file", "sha256", "width_px", "height_px"]


def test_the_page_says_the_numbers_that_labels_have_on_tagged_images_and_on_no_others(
    samples, manifest, tmp_path
):
    zoom.write_mosaic(samples, manifest, tmp_path / "tagged.html", Look(view="tagged"))
    zoom.write_mosaic(samples, manifest, tmp_path / "left.html", Look(view="decanonized"))
    assert data_of(tmp_path / "tagged.html")["cards"][3]["keys"] == {"Red": 1}
    assert "keys" not in data_of(tmp_path / "left.html")["cards"][3]


def test_an_image_that_the_table_does_not_know_speaks_for_itself(samples, tmp_path):
    lone = replace(samples[0], provenance=Provenance("Ada", "CC0", "https://example.org/1", "ab"))
    zoom.write_mosaic([lone], study(tmp_path, "folder"), tmp_path / "a.html")
    row = data_of(tmp_path / "a.html")["cards"][0]["row"]
    assert row["author"] == "Ada"
    assert row["licence"] == "CC0"
    assert row["file"] == ""
    assert (row["width_px"], row["height_px"]) == (240, 180)


def test_the_page_names_no_folder_of_the_machine(samples, manifest, tmp_path):
    samples[2].path.write_text("broken")
    zoom.write_mosaic(samples, manifest, tmp_path / "out")
    for file in (tmp_path / "out").rglob("*.*"):
        assert str(tmp_path).encode() not in file.read_bytes()


def test_words_of_a_data_set_are_no_markup(samples, manifest, tmp_path):
    region = replace(samples[0].regions[0], label=HOSTILE, annotator=HOSTILE)
    samples[0] = replace(samples[0], id=HOSTILE, regions=(region,))
    hostile = replace(manifest, title=HOSTILE, content_notice=HOSTILE)
    zoom.write_mosaic(samples, hostile, tmp_path / "a.html")
    text = (tmp_path / "a.html").read_text()
    assert text.count("<script") == 2
    assert "<img src=x" not in text
    assert data_of(tmp_path / "a.html")["cards"][0]["row"]["id"] == HOSTILE


@pytest.mark.parametrize(("name", "images"), [("out/index.html", "'self' file:"), ("a.html", "data:")])
def test_only_the_script_and_the_style_of_the_page_are_allowed(samples, manifest, tmp_path, name, images):
    (page,) = zoom.write_mosaic(samples, manifest, tmp_path / name.removesuffix("/index.html"))
    text = page.read_text()
    policy = re.search('Content-Security-Policy" content="(.*?)"', text)[1]
    script = re.search('<script type="module">(.*?)</script>', text, re.DOTALL)[1]
    style = re.search("<style>(.*?)</style>", text, re.DOTALL)[1]
    digests = [base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in (script, style)]
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{digests[0]}'; style-src 'sha256-{digests[1]}'; "
        f"img-src {images}; base-uri 'none'; form-action 'none'"
    )


@pytest.mark.parametrize("name", ["out", "a.html", "a.png"])
def test_images_that_cannot_be_shown_are_listed_beside_the_mosaic(samples, manifest, tmp_path, name):
    samples[5].path.write_text("broken")
    page, table = zoom.write_mosaic(samples, manifest, tmp_path / name)
    assert table == (tmp_path / "out" / "unread.csv" if name == "out" else tmp_path / "a.unread.csv")
    with table.open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["id"] == "p5"
    assert "cannot identify image file '5.png'" in row["reason"]
    if name != "a.png":
        assert data_of(page)["cards"][5]["reason"] == row["reason"]


def test_a_list_of_an_earlier_run_goes_when_all_images_are_shown(samples, manifest, tmp_path):
    (tmp_path / "a.unread.csv").write_text("id,reason\n")
    assert zoom.write_mosaic(samples, manifest, tmp_path / "a.jpg") == [tmp_path / "a.jpg"]
    assert not (tmp_path / "a.unread.csv").exists()


def test_a_folder_that_is_not_empty_stays_as_it_is(samples, manifest, tmp_path):
    (tmp_path / "out").mkdir()
    zoom.write_mosaic(samples, manifest, tmp_path / "out", Look("as it is"))
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}
    with pytest.raises(ParameterError, match="a folder that is not empty; expected an empty folder or none"):
        zoom.write_mosaic(samples, manifest, tmp_path / "out")
    assert before == {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}


class Stop(tuple):
    """Regions that stop whoever looks at them, as Ctrl-C does."""

    __slots__ = ()

    def __iter__(self):
        raise KeyboardInterrupt


def test_a_run_that_is_stopped_leaves_no_folder(samples, manifest, tmp_path):
    samples[7] = replace(samples[7], regions=Stop(samples[7].regions))
    with pytest.raises(KeyboardInterrupt):
        zoom.write_mosaic(samples, manifest, tmp_path / "out", layout=MosaicLayout(threads=1))
    assert [path.name for path in tmp_path.iterdir()] == ["images"]


def test_all_that_is_wrong_is_said_together(manifest, samples, tmp_path):
    many = samples * 40
    with pytest.raises(ParameterError) as caught:
        zoom.write_mosaic(many, manifest, tmp_path / "a.html", layout=MosaicLayout(preview_px=9000))
    assert [fault.found for fault in caught.value.faults] == ["480 images", "9000"]
    with pytest.raises(ParameterError, match="images: found none; expected one or more"):
        zoom.write_mosaic([], manifest, tmp_path / "out")


def test_a_folder_that_cannot_be_made_is_said(samples, manifest, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="expected a folder that can be written"):
        zoom.write_mosaic(samples, manifest, tmp_path / "file" / "out")


def test_chosen_images_are_read_from_a_row_list(tmp_path):
    table = tmp_path / "three.csv"
    table.write_text('id,file,alt\na,x.jpg,"two\nlines"\n"b, or c",y.jpg,\n')
    assert zoom.read_chosen_ids(table) == ("a", "b, or c")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"name\na\n", ["line 1: found the columns name; expected also id"]),
        (b"", ["line 1: found the columns of an empty file; expected also id"]),
        (b"id\na\nb\na\n", ["id: found 'a' more than once"]),
        (b"id,file\n,x\na,y\na,z\n", ["line 2, id: found nothing", "'a' more than once"]),
        (b"id\n\xff\xfe\n", ["line 2: found no text (byte 1 of the line, 0xFF"]),
        (b'id\n"open\n', ["found no CSV"]),
    ],
)
def test_faults_of_a_row_list_are_said_together(tmp_path, text, said):
    (tmp_path / "three.csv").write_bytes(text)
    with pytest.raises(DataError) as caught:
        zoom.read_chosen_ids(tmp_path / "three.csv")
    assert len(caught.value.faults) == len(said)
    assert all(part in str(fault) for part, fault in zip(said, caught.value.faults, strict=True))


def test_a_row_list_that_is_not_there_is_said(tmp_path):
    with pytest.raises(DataError, match="three.csv: found no file"):
        zoom.read_chosen_ids(tmp_path / "three.csv")


@given(st.integers(1, 70), st.integers(1, 70), st.sampled_from([2, 4, 8, 10]))
def test_the_squares_of_every_level_make_the_image_at_its_scale(width, height, side):
    whole = Image.fromarray(np.random.default_rng(3).integers(0, 256, (height, width, 3), np.uint8))
    squares = {}
    pyramid = Pyramid(whole.size, side, squares.__setitem__)
    for top in range(0, height, side):
        pyramid.add(whole.crop((0, top, width, min(height, top + side))))
    expected = whole
    for level in range(pyramid.top, -1, -1):
        joined = Image.new("RGB", expected.size)
        for name in [name for name in squares if name.startswith(f"tiles/{level}/")]:
            column, row = map(int, name.split("/")[2].split("_"))
            joined.paste(squares.pop(name), (column * side, row * side))
        assert joined.tobytes() == expected.tobytes()
        expected = expected.reduce(2)
    assert squares == {}
    assert max(joined.size) <= side


def test_no_colour_of_an_image_runs_into_the_ground_beyond_its_block_of_8_pixels(tmp_path):
    stripes = np.zeros((46, 46, 3), np.uint8)
    stripes[:, ::3, 0], stripes[:, 1::3, 2] = 255, 255
    Image.fromarray(stripes).save(tmp_path / "a.png")
    manifest = study(tmp_path, "folder", [("a", "a.png", (46, 46))])
    loud = [Sample("a", tmp_path / "a.png", 46, 46)]
    zoom.write_mosaic(loud, manifest, tmp_path / "mosaic", Look(view="as it is", tile_px=100))
    (square,) = (tmp_path / "mosaic" / "tiles" / "0").glob("*.jpg")
    shown = np.asarray(Image.open(square).convert("RGB")).astype(int)
    ground = np.asarray(Image.new("RGB", (100, 100), Look().paper)).astype(int)
    away = np.ones((100, 100), dtype=bool)
    away[24:80, 24:80] = False  # the blocks that hold the image: it lies at 27 to 73
    assert np.abs(shown - ground)[away].max() <= 2
    assert np.abs(shown - ground)[~away].max() > 100

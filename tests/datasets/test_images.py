"""A folder of images is a data set without a word: its paths are its ids."""

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from small_studies import put, study

from retrain_kit import datasets
from retrain_kit.cli import kit
from retrain_kit.datasets import images
from retrain_kit.display import figures
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.reports import croissant, datasheet
from retrain_kit.studies import manifests
from retrain_kit.studies.sampling import Candidate


def paint(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.effect_noise((64, 48), 50).save(path)
    return path


@pytest.fixture
def folder(tmp_path):
    """Return a folder with three whole images and with what is often found beside images."""
    inside = tmp_path / "mine"
    for name in ("a.jpg", "deep/er/b 100%.png", "deep/a.jpg"):
        paint(inside / name)
    whole = paint(inside / "cut.jpg").read_bytes()
    (inside / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    put(inside, ".hidden.jpg", "Thumbs.db", ".git/c.jpg", "notes.txt", "false.png")
    (inside / "out.jpg").symlink_to(paint(tmp_path / "elsewhere" / "d.jpg"))
    (inside / "linked").symlink_to(tmp_path / "elsewhere")
    (inside / "loop").symlink_to(inside)
    return inside


def test_the_ids_are_the_paths_of_the_whole_images(folder):
    assert images.ids(study(folder, "images")) == ["a.jpg", "deep%2Fa.jpg", "deep%2Fer%2Fb 100%25.png"]


def test_what_is_left_out_is_listed_with_the_reason_and_no_link_is_followed_out(folder):
    left_out = images.reasons_left_out(study(folder, "images"))
    assert {path: why.partition(" (")[0] for path, why in left_out.items()} == {
        ".hidden.jpg": "hidden",
        "Thumbs.db": "no image, by its ending",
        ".git/c.jpg": "hidden",
        "notes.txt": "no image, by its ending",
        "cut.jpg": "an image that cannot be decoded",
        "false.png": "an image that cannot be decoded",
        "out.jpg": "a link out of the folder",
        "linked": "a linked folder",
        "loop": "a linked folder",
    }


def test_an_image_is_described_by_its_place_and_nothing_else_is_known(folder):
    manifest = study(folder.parent, "images", files={"images": "mine"})
    assert images.describe(manifest, ["deep%2Fer%2Fb 100%25.png"]) == [
        Candidate("deep%2Fer%2Fb 100%25.png", "mine/deep/er/b 100%.png")
    ]
    (candidate,) = images.describe(manifest, ["a.jpg"])
    assert (candidate.licence, candidate.author, candidate.source) == ("unknown", "unknown", "unknown")


def test_a_sample_has_neither_annotations_nor_words(folder):
    manifest = study(folder, "images", [("deep%2Fa.jpg", "deep/a.jpg", (64, 48))])
    (sample,) = datasets.read(manifest)
    assert (sample.path, sample.size) == (folder / "deep" / "a.jpg", (64, 48))
    assert (sample.regions, sample.labels, sample.phrases, sample.said) == ((), (), (), {})


def test_a_rule_cannot_ask_for_words(folder):
    with pytest.raises(ParameterError, match="'Bird'.* There are: none"):
        images.ids(study(folder, "images", labels=["Bird"]))


def test_ids_that_the_folder_does_not_have_are_all_named(folder):
    with pytest.raises(DataError) as caught:
        images.describe(study(folder, "images"), ["a.jpg", "x.jpg", "y.jpg"])
    assert [fault.where for fault in caught.value.faults] == ["x.jpg", "y.jpg"]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_an_id_has_no_slash_and_leads_back_to_its_path(path):
    name = images.id_of_path(path)
    assert "/" not in name
    assert "\\" not in name
    assert images.path_of_id(name) == path


@given(st.lists(st.text("a%2F/\\5C", min_size=1), min_size=2, max_size=2, unique=True))
def test_two_paths_never_share_an_id(paths):
    first, second = map(images.id_of_path, paths)
    assert first != second


TOML = """\
title = "t"
why = "w"
dataset = "images"
version = "1"
licence = "CC0"
[files]
images = "mine"
[draw]
n = 50
seed = 1
[annotation]
who = "unknown"
when = "unknown"
how = "unknown"
"""


def test_a_pull_shows_what_it_left_out_by_name_and_keeps_the_list(folder):
    toml = folder.parent / "study.toml"
    toml.write_text(TOML)
    done = CliRunner().invoke(kit, ["pull", str(toml)])
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[4:] == [
        "left out: 1 (a link out of the folder): out.jpg",
        "left out: 2 (a linked folder): linked, loop",
        "left out: 2 (an image that cannot be decoded): cut.jpg, false.png",
        "left out: 2 (hidden): .git/c.jpg, .hidden.jpg",
        "left out: 2 (no image, by its ending): Thumbs.db, notes.txt",
        f"3 images, all verified: {toml}",
        f"what was left out: {toml.with_suffix('.left_out.csv')}",
    ]
    manifest = manifests.load(toml)
    assert manifest.withdrawn == {}
    assert manifest.left_out == {
        "a link out of the folder": 1,
        "a linked folder": 2,
        "an image that cannot be decoded": 2,
        "hidden": 2,
        "no image, by its ending": 2,
    }
    told = (
        f"{figures.study_card(manifest)!r}\n{croissant.metadata(manifest)['rai:dataCollectionMissingData']}"
    )
    assert "left out: 1: a link out of the folder" in told
    assert "Left out: 1 (a link out of the folder)" in told
    assert "<dt>a link out of the folder</dt><dd>1</dd>" in datasheet.page_html(manifest, [])


def test_a_pull_of_nothing_is_an_error_with_its_reasons(tmp_path):
    put(tmp_path, "mine/a.txt", "mine/.b.jpg", "mine/c.jpg")
    toml = tmp_path / "study.toml"
    toml.write_text(TOML)
    done = CliRunner().invoke(kit, ["pull", str(toml)])
    assert done.exit_code == 1
    assert (
        "found no images to draw from (left out: 1 (an image that cannot be decoded): c.jpg; " in done.output
    )
    assert toml.read_text() == TOML
    assert not toml.with_suffix(".csv").exists()


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    toml = tmp_path / "study.toml"
    toml.write_text(TOML)
    done = CliRunner().invoke(kit, ["pull", str(toml)])
    assert done.exit_code == 1
    assert f"{tmp_path / 'mine'}: found nothing; expected a folder of images" in done.output
    assert toml.read_text() == TOML

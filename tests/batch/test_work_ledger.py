"""The ledger of a whole table: generated rows against sums worked out by hand, and real rows of Open Images."""

from dataclasses import replace

import polars as pl
import pytest
from commands import typed
from places import SHARED

from retrain_kit.batch import work_ledger
from retrain_kit.errors import ParameterError
from retrain_kit.studies import manifests

REAL = SHARED / "testdata" / "open_images" / "train-annotations-bbox.rows-with-clicks.csv"
TABLE = """ImageID,Source,LabelName,XMin,XMax,YMin,YMax
a,xclick,/m/1,0,1,0,1
a,activemil,/m/1,0,1,0,1
b,xclick,/m/2,0,1,0,1
b,who,/m/2,0,1,0,1
c,machine,/m/2,0,1,0,1
"""
CHOSEN = ("extreme-clicking-voc07", "imagenet-box-mean", "open-images-box-check")


def study(path):
    return replace(manifests.load("open-images-nature", pinned=False), files={"boxes": path})


def test_rows_are_work_by_the_words_for_their_annotators(tmp_path):
    (tmp_path / "boxes.csv").write_text(TABLE, "utf-8")
    found = work_ledger.study_ledger(study(tmp_path / "boxes.csv"), work_ledger.choose_figures((), CHOSEN))
    assert (found.whole.time.low, found.whole.time.high) == (2 * 7 + 3.5, 2 * 88 + 3.5 + 88)
    found.write_images(tmp_path / "images.parquet")
    assert pl.read_parquet(tmp_path / "images.parquet").rows() == [
        ("a", 2, 10.5, 91.5, 0.0),
        ("b", 2, 7.0, 176.0, 0.0),
        ("c", 1, 0.0, 0.0, 0.0),
    ]
    assert dict(found.one_image("b").lines) == {
        "this image": "between 7 seconds and 2.9 minutes of somebody's time",
        "pieces of work": "2",
    }
    assert found.one_image().title == "Image a"
    with pytest.raises(ParameterError, match="found 'd'"):
        found.one_image("d")


def test_what_has_no_figure_is_counted_by_image_as_well(tmp_path):
    (tmp_path / "boxes.csv").write_text(TABLE, "utf-8")
    found = work_ledger.study_ledger(
        study(tmp_path / "boxes.csv"), work_ledger.choose_figures((), CHOSEN[:2])
    )
    assert found.whole.untimed == 1
    assert found.images.sort("ImageID").collect()["pieces_without_figure"].to_list() == [1, 0, 0]


@pytest.mark.skipif(not REAL.is_file(), reason="the real rows lie in ../shared/testdata, which is not here")
def test_real_rows_sum_by_image_to_the_whole(tmp_path):
    (tmp_path / "boxes.csv").write_bytes(REAL.read_bytes())
    found = work_ledger.study_ledger(study(tmp_path / "boxes.csv"), work_ledger.choose_figures(()))
    images = found.images.collect()
    assert images["pieces"].sum() == found.whole.pieces == len(REAL.read_text("utf-8").splitlines()) - 1
    assert images["low_s"].sum() == pytest.approx(found.whole.time.low)
    assert images["high_s"].sum() == pytest.approx(found.whole.time.high)


def test_the_command_tells_and_writes_each_image(tmp_path):
    image = "cat"
    done = typed(tmp_path, "ledger", "embedded-sample", "--image", image, "-o", tmp_path / "images.parquet")
    assert done.returncode == 0
    assert "no annotator's time: machines made all" in done.stdout
    assert "747 pieces, no annotator's time" in done.stdout + done.stderr
    assert pl.read_parquet(tmp_path / "images.parquet")["pieces"].sum() == 747
    done = typed(tmp_path, "ledger", "embedded-sample", "--use", "mine", "--use", "yours")
    assert done.returncode == 2
    assert "found 'mine'; expected a figure's id" in done.stdout + done.stderr
    assert "found 'yours'" in done.stdout + done.stderr

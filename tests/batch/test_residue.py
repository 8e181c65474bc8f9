"""The residue of a box table: exact, whatever its order and its batches, and resumed where it was cut."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PIL import Image
from places import SHARED

from retrain_kit.analysis import coverage
from retrain_kit.annotations.samples import Box, Flags, Region, Sample
from retrain_kit.batch.coverage import batches, measuring, residue
from retrain_kit.datasets import folder
from retrain_kit.errors import DataError
from retrain_kit.storage import files
from retrain_kit.studies import manifests

REAL = SHARED / "testdata" / "open_images"
HEADER = "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsGroupOf"
ROWS = [
    "a,xclick,/m/tree,1,0,0.5,0,1,0",
    "b,activemil,/m/bird,1,0,1,0,1,1",
    "a,activemil,/m/bird,1,0,1,0,0.5,-1",
    "b,xclick,/m/bird,1,0.25,0.5,0.25,0.5,0",
    "d,xclick,/m/bird,1,0.25,0.5,0.5,0.75,0",
]
BY_IMAGE = [("a", 2, 0, 0.75, 0.25), ("b", 2, 0, 1.0, 0.0), ("d", 1, 0, 0.0625, 0.9375)]


def write(path, rows, header=HEADER):
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def rows_of(found, name):
    return found.table(name).collect().rows()


def contents(out):
    return {path.name: path.read_bytes() for path in out.iterdir()}


@pytest.fixture
def table(tmp_path):
    return write(tmp_path / "boxes.csv", ROWS)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A table of 6,000 rows in no order, of about 700 images."""
    lots = random.Random(7)  # noqa: S311 - a draw, no secret
    rows = []
    for _ in range(6000):
        (x1, x2), (y1, y2) = (sorted(lots.randrange(65) / 64 for _ in range(2)) for _ in range(2))
        word, annotator = lots.choice(["/m/tree", "/m/bird", "/m/cat"]), lots.choice(["xclick", "activemil"])
        rows.append(f"{lots.randrange(700):016x},{annotator},{word},1,{x1},{x2},{y1},{y2},0")
    return write(tmp_path_factory.mktemp("many") / "boxes.csv", rows)


def samples_of(path):
    """Return the images of a table, 64 × 64 pixels each, as the rest of the kit sees them."""
    regions = {}
    for key, annotator, label, x1, x2, y1, y2 in (
        pl.read_csv(path).select("ImageID", "Source", "LabelName", "XMin", "XMax", "YMin", "YMax").rows()
    ):
        region = Region(label, Box(x1 * 64, y1 * 64, x2 * 64, y2 * 64), annotator=annotator)
        regions.setdefault(key, []).append(region)
    return [Sample(key, Path(key), 64, 64, tuple(found)) for key, found in sorted(regions.items())]


def test_images_whose_rows_lie_apart_are_measured_whole(table, tmp_path):
    found = measuring.measure_table(table, tmp_path / "out")
    assert rows_of(found, "by_image") == BY_IMAGE
    assert (
        rows_of(found, "by_annotator")
        == [
            ("xclick", 3, 3, pytest.approx(0.625 / 3), pytest.approx(0.625 / 3)),
            ("activemil", 2, 2, 0.75, 0.5),
        ][::-1]
    )
    assert found.by_label({"/m/bird": "Bird"}) == [
        coverage.GroupCoverage("Bird", 3, 4, pytest.approx(1.5625 / 3), pytest.approx(1.5625 / 3)),
        coverage.GroupCoverage("/m/tree", 1, 1, 0.5, pytest.approx(0.5 / 3)),
    ]


def test_figures_are_those_of_coverage_on_whole_pixels(many, tmp_path):
    found = measuring.measure_table(many, tmp_path, cells=(16, 16), batch_rows=1000)
    samples = samples_of(many)
    images = coverage.by_image(samples)
    assert [row[0] for row in rows_of(found, "by_image")] == [row.sample for row in images]
    assert [row[3] for row in rows_of(found, "by_image")] == pytest.approx(
        [row.share_tagged for row in images]
    )
    for ours, theirs in (
        (found.by_label(), coverage.by_label(samples)),
        (found.by_annotator(), coverage.by_annotator(samples)),
    ):
        assert [(row.name, row.images, row.regions) for row in ours] == [
            (row.name, row.images, row.regions) for row in theirs
        ]
        assert [row.share_of_all for row in ours] == pytest.approx([row.share_of_all for row in theirs])
        assert [row.share_where_present for row in ours] == pytest.approx(
            [row.share_where_present for row in theirs]
        )
    assert found.heat_map() == pytest.approx(coverage.heat_map(samples, cells=(16, 16)))
    whole, expected = found.summary(), coverage.summary(images)
    assert (
        whole.images,
        whole.regions,
        whole.without_residue,
        whole.nearly_untouched,
        whole.without_regions,
    ) == (expected.images, expected.regions, expected.without_residue, expected.nearly_untouched, 0)
    assert whole.share_tagged_mean == pytest.approx(expected.share_tagged_mean)
    assert whole.share_tagged_median == pytest.approx(expected.share_tagged_median)


@pytest.mark.parametrize("batch_rows", [1, 500, 2000, 100_000])
def test_batches_are_of_whole_images_and_hold_every_row_once(many, batch_rows):
    boxes = batches.BoxTable(many)
    read = [boxes.read(batch) for batch in boxes.batches(batch_rows)]
    keys = [set(rows["ImageID"]) for rows in read]
    assert sum(map(len, keys)) == len(set.union(*keys))
    assert sorted(line for rows in read for line in rows["line"]) == list(range(2, 6002))
    assert max(rows.height for rows in read) <= 2 * batch_rows + 60


def test_the_size_of_batches_changes_no_figure(many, tmp_path):
    small, large = (
        measuring.measure_table(many, tmp_path / str(rows), batch_rows=rows) for rows in (300, 10**6)
    )
    assert small.heat_map() == pytest.approx(large.heat_map())
    assert small.table("by_image").collect().equals(large.table("by_image").collect())


def test_a_table_with_a_copy_as_parquet_comes_to_the_same(many, tmp_path, monkeypatch):
    plain = measuring.measure_table(many, tmp_path / "plain")
    big = tmp_path / "boxes.csv"
    shutil.copy(many, big)
    monkeypatch.setattr(batches.parquet, "MIN_TABLE_BYTES", 1000)
    measuring.measure_table(big, tmp_path / "copied")
    assert (tmp_path / "boxes.csv.parquet").is_file()
    assert contents(tmp_path / "copied") == contents(plain.folder)


def test_boxes_beyond_the_frame_are_cut_and_counted_and_rows_that_are_none_listed(tmp_path):
    rows = [
        "a,xclick,/m/bird,1,-0.5,0.5,0,1.5,0",
        "a,xclick,/m/bird,1,0.5,0.25,0,1,0",
        "b,xclick,/m/bird,1,none,0.25,0,1,0",
        "c,xclick,/m/bird,1,nan,0.25,0,1,0",
        "c,,/m/bird,1,0,0.25,0,1,0",
    ]
    found = measuring.measure_table(write(tmp_path / "boxes.csv", rows), tmp_path / "out")
    assert rows_of(found, "by_image") == [
        ("a", 1, 1, 0.5, 0.5),
        ("b", 0, 0, 0.0, 1.0),
        ("c", 1, 0, 0.25, 0.75),
    ]
    unknown = (None,) * 4
    assert rows_of(found, "rejected") == [
        (3, "a", "a reversed box", *unknown),
        (4, "b", "an edge that is no finite number", *unknown),
        (5, "c", "an edge that is no finite number", *unknown),
    ]
    first, *_ = found.rejections()
    assert first.in_words() == "image a: a reversed box (boxes.csv, line 3)"
    assert [(row.name, row.images) for row in found.by_annotator()] == [("xclick", 1), ("unknown", 1)]
    assert (found.summary().images, found.summary().without_regions) == (3, 1)


def test_a_table_of_no_boxes_comes_to_nothing(tmp_path):
    found = measuring.measure_table(write(tmp_path / "boxes.csv", []), tmp_path / "out", cells=(2, 3))
    assert found.summary() == coverage.Summary(0, 0, 0, 0, 0, 0, 0)
    assert (found.by_label(), found.ends(), found.heat_map().tolist()) == ([], ([], []), [[0, 0]] * 3)
    assert found.spread(4).tolist() == [0, 0, 0, 0]


def test_flags_are_counted_in_the_tables_own_words(table, tmp_path):
    found = measuring.measure_table(table, tmp_path / "out")
    assert rows_of(found, "flags") == [("IsGroupOf", "-1", 1), ("IsGroupOf", "0", 3), ("IsGroupOf", "1", 1)]
    assert "IsGroupOf: 3 no, 1 not said, 1 yes" in repr(residue.measurement_note(found))


@pytest.mark.parametrize(
    ("rotation", "expected"),
    [
        ("", [[1, 1], [0, 0]]),
        ("nan", [[1, 1], [0, 0]]),
        ("90.0", [[1, 0], [1, 0]]),
        ("180", [[0, 0], [1, 1]]),
        ("270", [[0, 1], [0, 1]]),
    ],
)
def test_the_heat_map_is_turned_upright_by_the_image_table(tmp_path, rotation, expected):
    boxes = write(tmp_path / "boxes.csv", ["a,xclick,/m/bird,1,0,1,0,0.5,0"])
    images = write(tmp_path / "images.csv", [f"a,{rotation}", "b,90"], "ImageID,Rotation")
    found = measuring.measure_table(boxes, tmp_path / "out", images, cells=(2, 2))
    assert found.heat_map().tolist() == expected
    assert rows_of(found, "by_image") == [("a", 1, 0, 0.5, 0.5)]
    assert "by Rotation of images.csv" in found.made_from["images"]


def test_all_turns_that_are_none_are_faults(table, tmp_path):
    images = write(tmp_path / "images.csv", ["a,45", "b,upside down", "c,180"], "ImageID,Rotation")
    with pytest.raises(DataError) as error:
        measuring.measure_table(table, tmp_path / "out", images)
    assert str(error.value).splitlines() == [
        f"{images}, line 2, Rotation: found '45' for a; expected 0, 90, 180, 270 or nothing, once.",
        f"{images}, line 3, Rotation: found 'upside down' for b; expected 0, 90, 180, 270 or nothing, once.",
    ]


def test_each_file_says_what_it_was_made_from(table, tmp_path):
    found = measuring.measure_table(table, tmp_path / "out")
    names = {"by_image", "by_label", "by_annotator", "flags", "heat_map", "rejected"}
    assert {path.stem for path in found.folder.iterdir()} == names
    for name in names:
        said = pl.read_parquet_metadata(found.folder / f"{name}.parquet")
        assert said["sha256"] == measuring.files.sha256(table)
        assert said["made by"] == "retrain-kit: residue, 0.1.0"


def test_what_is_done_is_not_done_again_and_another_table_is(table, tmp_path):
    out = measuring.measure_table(table, tmp_path / "out").folder
    before = (out / "by_image.parquet").stat().st_mtime_ns
    measuring.measure_table(table, out)
    assert (out / "by_image.parquet").stat().st_mtime_ns == before
    write(table, ROWS[:1])
    assert rows_of(measuring.measure_table(table, out), "by_image") == [("a", 1, 0, 0.5, 0.5)]


def test_a_run_that_was_cut_goes_on_with_the_parts_that_are_missing(many, tmp_path, monkeypatch):
    whole = contents(measuring.measure_table(many, tmp_path / "whole", batch_rows=500).folder)
    measured = []

    def cut(rows, *rest, measure=measuring.residue.measure_batch):
        if len(measured) == 5:
            raise KeyboardInterrupt
        measured.append(rows["ImageID"][0])
        return measure(rows, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(measuring.residue, "measure_batch", cut)
        with pytest.raises(KeyboardInterrupt):
            measuring.measure_table(many, tmp_path / "cut", batch_rows=500)
        assert not list((tmp_path / "cut").glob("*.parquet"))
        first, measured = measured, []
        with pytest.raises(KeyboardInterrupt):
            measuring.measure_table(many, tmp_path / "cut", batch_rows=500)
        assert not set(first) & set(measured)
    measuring.measure_table(many, tmp_path / "cut", batch_rows=500)
    assert contents(tmp_path / "cut") == whole


RUN = """
import sys; from pathlib import Path
from retrain_kit.batch.coverage import measuring
measuring.measure_table(Path(sys.argv[1]), Path(sys.argv[2]), batch_rows=100)
"""


def start(many, out):
    return subprocess.Popen([sys.executable, "-c", RUN, many, out], stderr=subprocess.DEVNULL)


@pytest.mark.usefixtures("processes")
def test_a_run_killed_at_any_moment_leaves_no_wrong_result_and_ends_the_same(many, tmp_path):
    whole = contents(measuring.measure_table(many, tmp_path / "whole", batch_rows=100).folder)
    out = tmp_path / "killed"
    for parts in (1, 4, 20, 50):
        running = start(many, out)
        while running.poll() is None and len(list(out.glob(".parts-*/*"))) < parts:
            time.sleep(0.005)
        running.send_signal(signal.SIGKILL)
        running.wait()
        for path in out.glob("[a-z]*.parquet"):
            assert path.read_bytes() == whole[path.name]
    assert start(many, out).wait() == 0
    assert {name: data for name, data in contents(out).items() if not name.startswith(".")} == whole


@pytest.mark.usefixtures("processes")
def test_two_runs_into_one_folder_take_turns(many, tmp_path):
    whole = contents(measuring.measure_table(many, tmp_path / "whole", batch_rows=100).folder)
    runs = [start(many, tmp_path / "both") for _ in range(2)]
    assert [run.wait() for run in runs] == [0, 0]
    assert contents(tmp_path / "both") == whole


def test_a_folder_that_cannot_be_written_is_one_fault(table, tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(DataError, match="out: found no folder"):
        measuring.measure_table(table, tmp_path / "out")


def test_a_full_disk_is_one_fault_and_leaves_nothing(tmp_path):
    with (
        pytest.raises(DataError, match="no space left on the disk"),
        residue.saving(tmp_path / "by_image.parquet"),
    ):
        pl.DataFrame({"ImageID": ["a"]}).write_parquet("/dev/full")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_one_fault(table, tmp_path):
    (tmp_path / "out").mkdir(mode=0o555)
    with pytest.raises(DataError, match="no permission to write"):
        measuring.measure_table(table, tmp_path / "out")


def test_a_table_without_edges_is_refused_by_its_columns(tmp_path):
    table = write(tmp_path / "boxes.csv", ["a,/m/bird"], "ImageID,LabelName")
    with pytest.raises(DataError, match="also XMin, XMax, YMin, YMax"):
        measuring.measure_table(table, tmp_path / "out")


def test_images_are_counted_by_how_much_is_left_of_them_and_the_ends_are_named(table, tmp_path):
    found = measuring.measure_table(table, tmp_path / "out")
    assert found.spread(4).tolist() == [1, 1, 0, 1]
    assert found.ends(1) == ([("b", 0.0)], [("d", 0.9375)])


def test_the_regions_of_samples_make_a_table_that_says_the_same(tmp_path):
    flags = Flags(occluded=True, group_of=False)
    regions = (
        Region("Tree, old", Box(0, 0, 5, 10), annotator="drawn", flags=flags),
        Region("Bird", Box(0, 0, 20, 5)),
    )
    measuring.write_box_table(
        [Sample("a", Path("a"), 20, 10, regions), Sample("b", Path("b"), 3, 3)], tmp_path / "boxes.csv"
    )
    found = measuring.measure_table(tmp_path / "boxes.csv", tmp_path / "out")
    assert rows_of(found, "by_image") == [("a", 2, 0, 0.625, 0.375)]
    assert [row.name for row in found.by_label()] == ["Bird", "Tree, old"]
    assert ("IsOccluded", "1", 1) in rows_of(found, "flags")
    assert ("IsGroupOf", "-1", 1) in rows_of(found, "flags")


def test_the_embedded_sample_comes_to_what_coverage_counts_but_for_the_rims_of_pixels(tmp_path):
    manifest = manifests.load("embedded-sample")
    found = measuring.measure_study(manifest, tmp_path)
    images = sorted(coverage.by_image(folder.read(manifest)), key=lambda row: row.sample)
    ours = [row[3] for row in rows_of(found, "by_image")]
    assert ours == pytest.approx([row.share_tagged for row in images], abs=0.01)
    assert np.abs(found.heat_map() - coverage.heat_map(folder.read(manifest), cells=(100, 100))).max() < 0.05


def boxed(path, *boxes):
    """Write what Pascal VOC has of an image of 320 × 224: its boxes, (left, top, right, bottom) each."""
    corners = ("xmin", "ymin", "xmax", "ymax")
    found = "".join(
        "<object><name>person</name><bndbox>"
        + "".join(f"<{name}>{place}</{name}>" for name, place in zip(corners, box, strict=True))
        + "</bndbox></object>"
        for box in boxes
    )
    path.write_text(
        f"<annotation><filename>{path.stem}.jpg</filename><size><width>320</width><height>224</height>"
        f"<depth>3</depth></size>{found}</annotation>"
    )


def two_images(where, first, second):
    """Write a study of two images, with these boxes."""
    (where / "ann").mkdir()
    lines = ["id,file,sha256,width_px,height_px,licence,author,source"]
    for name, boxes in (("a", first), ("b", second)):
        Image.new("RGB", (320, 224)).save(where / f"{name}.jpg")
        boxed(where / "ann" / f"{name}.xml", *boxes)
        digest = files.sha256(where / f"{name}.jpg")
        lines.append(f"{name},{name}.jpg,{digest},320,224,unknown,unknown,unknown")
    (where / "two.csv").write_text("\n".join(lines) + "\n")
    (where / "two.toml").write_text(
        'title = "two"\nwhy = "a test"\ndataset = "pascal-voc"\nversion = "1"\nlicence = "unknown"\n'
        'retrieved = 2026-11-29\n[files]\nannotations = "ann"\n'
        '[annotation]\nwho = "unknown"\nwhen = "unknown"\nhow = "unknown"\n'
    )
    return manifests.load(where / "two.toml")


WHOLE, REVERSED = (1, 1, 320, 224), (200, 10, 100, 90)


@pytest.mark.parametrize("second", [(), (REVERSED,)])
def test_an_image_without_a_box_that_can_be_read_counts_in_the_mean(tmp_path, second):
    found = measuring.measure_study(two_images(tmp_path, [WHOLE], second), tmp_path / "out")
    assert rows_of(found, "by_image") == [("a", 1, 0, 1.0, 0.0), ("b", 0, 0, 0.0, 1.0)]
    whole = found.summary()
    assert (whole.images, whole.share_tagged_mean, whole.without_regions) == (2, 0.5, 1)
    assert found.by_label() == [coverage.GroupCoverage("person", 1, 1, 1.0, 0.5)]
    assert found.heat_map().mean() == pytest.approx(0.5)
    assert found.in_words == (
        "images: 2; tagged on average 50.0%, over all of the study; "
        "1 of them has no region that can be read and counts as 0% tagged"
    )
    assert ("images", found.counted) in residue.measurement_note(found).lines


def test_a_study_without_any_box_is_of_images_all_the_same(tmp_path):
    found = measuring.measure_study(two_images(tmp_path, (), ()), tmp_path / "out")
    assert found.summary() == coverage.Summary(2, 0, 0, 0, 0, 2, 2)
    assert found.by_label() == []
    assert "2 of them have no region that can be read and count as 0% tagged" in found.in_words


def test_of_a_whole_table_it_is_said_that_its_images_are_those_it_names(table, tmp_path):
    found = measuring.measure_table(table, tmp_path / "out")
    assert found.in_words == "images: 3; tagged on average 60.4%, over those that boxes.csv names"
    assert found.summary().interval is None
    assert all(row.interval_of_all is None for row in found.by_label())
    told = dict(residue.measurement_note(found, manifests.load("embedded-sample")).lines)
    assert told["an interval holds"] == (
        "nothing: the whole table was measured, and nothing was drawn from it"
    )
    assert told["of other images"] == (
        "These figures say nothing about images that this table does not name."
    )


def test_a_studys_intervals_are_those_of_coverage(tmp_path):
    manifest = manifests.load("embedded-sample")
    found, samples = measuring.measure_study(manifest, tmp_path), folder.read(manifest)
    told = dict(residue.measurement_note(found, manifest).lines)
    assert told["of other images"] == "These figures say nothing about images outside the study."
    ours, theirs = found.summary().interval, coverage.summary(coverage.by_image(samples)).interval
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.02)
    limits = {row.name: row.interval_of_all for row in coverage.by_label(samples) if row.images >= 8}
    assert len(limits) >= 4
    for row in found.by_label():
        if row.name in limits:
            both = (row.interval_of_all.low, row.interval_of_all.high)
            assert both == pytest.approx((limits[row.name].low, limits[row.name].high), abs=0.03)


def test_the_whole_table_leaves_no_groups_of_a_study_measured_before(table, tmp_path):
    out = tmp_path / "out"
    measuring.measure_study(two_images(tmp_path, [WHOLE], ()), out)
    assert (out / "groups.parquet").is_file()
    measuring.measure_table(table, out)
    assert not (out / "groups.parquet").exists()


@pytest.mark.parametrize("batch_rows", [3, 10_000])
def test_batches_add_up_to_the_same_groups(tmp_path, batch_rows, monkeypatch):
    manifest = manifests.load("embedded-sample")
    whole = measuring.measure_study(manifest, tmp_path / "whole").table("groups").collect()
    monkeypatch.setattr(measuring, "BATCH_ROWS", batch_rows)
    cut = measuring.measure_study(manifest, tmp_path / "cut").table("groups").collect()
    assert cut.select("kind", "name", "group", "images").equals(
        whole.select("kind", "name", "group", "images")
    )
    assert cut["area"].to_list() == pytest.approx(whole["area"].to_list())


@pytest.mark.skipif(not REAL.is_dir(), reason="the real rows lie in ../shared/testdata, which is not here")
def test_real_rows_come_to_unions_that_masks_confirm(tmp_path):
    table = REAL / "train-annotations-bbox.subset.csv"
    found = measuring.measure_table(table, tmp_path / "out")
    whole = found.summary()
    assert whole.regions + len(rows_of(found, "rejected")) == 13_134
    rows = pl.read_csv(table)
    key = rows["ImageID"].value_counts(sort=True)["ImageID"][0]
    mask = np.zeros((2000, 2000), dtype=bool)
    for x1, x2, y1, y2 in rows.filter(pl.col("ImageID") == key).select("XMin", "XMax", "YMin", "YMax").rows():
        mask[round(y1 * 2000) : round(y2 * 2000), round(x1 * 2000) : round(x2 * 2000)] = True
    union = found.table("by_image").filter(pl.col("ImageID") == key).collect()["union"].item()
    assert union == pytest.approx(mask.mean(), abs=0.005)

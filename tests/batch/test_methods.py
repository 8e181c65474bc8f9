"""Each way takes out what it is to take out, and leaves the rest as that way promises."""

import io

import numpy as np
import pytest
from batch import folders
from imaging.jpeg_files import APP1, APP2, beyond, exif, jpeg, with_segment, within
from PIL import Image, ImageCms
from places import SHARED

from retrain_kit.annotations.samples import Box, Region
from retrain_kit.batch.decanonize import locations, methods, workers
from retrain_kit.batch.decanonize.inputs import Task, bare_regions
from retrain_kit.batch.decanonize.options import DecanonizeOptions
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.imaging import decoding, masking

REGIONS = tuple(Region("Bird", Box(*box)) for box in folders.BOXES)
OUTLINE = (Region("Bird", Box(5, 5, 45, 40), polygons=(((5, 5), (45, 8), (20, 40)),)),)
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

pytestmark = pytest.mark.usefixtures("turbojpeg")


def take(data, regions=REGIONS, size=(75, 53), rotation_deg=None, **options):
    options = DecanonizeOptions(**options)
    return methods.encode_decanonized(
        data, Task(0, "a", "a.jpg", "", bare_regions(regions, options.shape), size, rotation_deg), options
    )


def seen(data, rotation_deg=None):
    """What the kit sees in a file's bytes."""
    return np.asarray(decoding.load_image(io.BytesIO(data), rotation_deg))


@pytest.mark.parametrize("shape", ["box", "outline"])
@pytest.mark.parametrize("lossless", ["png", "webp"])
@pytest.mark.parametrize(
    "source", [folders.png, jpeg, lambda: jpeg(mode="CMYK"), lambda: folders.png(mode="P")]
)
def test_the_exact_way_is_exact_to_the_pixel(shape, lossless, source):
    data = source()
    made, _ = take(data, OUTLINE, way="exact", shape=shape, lossless=lossless, fill="#102030")
    mask = masking.union_mask(OUTLINE, (75, 53), shape)
    expected = seen(data).copy()
    expected[mask] = (16, 32, 48)
    assert np.array_equal(seen(made.data), expected)
    assert (made.way, made.ending, made.effective) == ("exact", f".{lossless}", made.removed)
    assert made.removed == pytest.approx(mask.mean(), abs=1e-6)


def test_the_jpeg_way_leaves_all_that_lies_beyond_the_block_grid():
    data = jpeg()
    made, why = take(data)
    effective = made.grown[1]()
    assert (made.way, why) == ("jpeg", "")
    assert (seen(made.data)[within(effective, 2)] == 255).all()
    assert np.array_equal(seen(made.data)[beyond(effective, 2)], seen(data)[beyond(effective, 2)])
    assert made.effective == pytest.approx(effective.mean(), abs=1e-6)
    assert made.removed < made.effective


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("way", ["jpeg", "pixel"])
def test_a_turned_jpeg_loses_what_lies_under_the_upright_annotations(orientation, way):
    data = with_segment(jpeg(64, 48, subsampling="4:4:4"), APP1, exif(orientation))
    size = seen(data).shape[1::-1]
    made, _ = take(data, size=size, way=way)
    after, mask = seen(made.data), masking.union_mask(REGIONS, size)
    assert (after[within(mask, 8)] == 255).all()
    far = beyond(mask, 10)
    assert np.abs(after[far].astype(int) - seen(data)[far]).max() <= (0 if way == "jpeg" else 2)


@pytest.mark.parametrize("way", ["auto", "pixel", "exact"])
@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
@pytest.mark.parametrize("orientation", [None, 1, 6])
def test_the_turn_of_the_data_set_is_the_results_own_orientation(way, rotation_deg, orientation):
    data = jpeg(64, 48, subsampling="4:4:4")
    if orientation:
        data = with_segment(data, APP1, exif(orientation))
    before = seen(data, rotation_deg)
    size = before.shape[1::-1]
    made, _ = take(data, size=size, rotation_deg=rotation_deg, way=way)
    after, far = seen(made.data), beyond(masking.union_mask(REGIONS, size), 10)
    assert np.abs(after[far].astype(int) - before[far]).max() <= (2 if way == "pixel" else 0)
    assert (after[within(masking.union_mask(REGIONS, size), 8)] == 255).all()


@pytest.mark.parametrize(
    "options",
    [
        {"subsampling": "4:4:4"},
        {"subsampling": "4:2:2"},
        {"subsampling": "4:2:0"},
        {"mode": "L"},
        {"progressive": True},
    ],
)
@pytest.mark.parametrize("size", [(171, 131), (160, 128), (17, 9)])
def test_the_pixel_way_keeps_tables_and_sampling_and_all_whole_blocks_further_off(options, size):
    data = jpeg(*size, **options)
    made, why = take(data, size=size, way="pixel")
    assert (made.way, why) == ("pixel", "")
    before, after = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(made.data))
    assert (before.quantization, before.layer, before.mode) == (after.quantization, after.layer, after.mode)
    assert ("progressive" in before.info) == ("progressive" in after.info)
    far = beyond(masking.union_mask(REGIONS, size), 18)
    far[size[1] // 16 * 16 - 2 :] = far[:, size[0] // 16 * 16 - 2 :] = False
    assert (seen(data)[far] != seen(made.data)[far]).sum() <= 0.01 * far.sum()
    inside = within(masking.union_mask(REGIONS, size), 17)
    assert np.abs(seen(made.data)[inside].astype(int) - 255).max(initial=0) <= 1


def test_tables_that_no_quality_has_go_by_pixels_and_stay():
    tables = [[min(255, 3 + n) for n in range(64)], [min(255, 5 + n) for n in range(64)]]
    data = jpeg(qtables=tables, quality=-1)
    made, why = take(data, way="pixel")
    assert (made.way, why) == ("pixel", "")
    assert Image.open(io.BytesIO(made.data)).quantization == Image.open(io.BytesIO(data)).quantization


@pytest.mark.parametrize("way", ["auto", "pixel"])
def test_what_a_way_refuses_goes_the_exact_way_with_the_reason(way):
    made, why = take(folders.png(), way=way)
    assert (made.way, made.ending, why) == ("exact", ".png", "a PNG")
    made, why = take(jpeg(keep_rgb=True), way="pixel")
    assert (made.way, why) == ("exact", "a JPEG in RGB")


def test_the_strict_jpeg_way_takes_nothing_else():
    with pytest.raises(DataError, match="a PNG"):
        take(folders.png(), way="jpeg")


@pytest.mark.parametrize("fill", ["transparent", "blur", "pixelate"])
def test_fills_that_no_block_can_hold_go_the_exact_way(fill):
    made, _ = take(jpeg(), fill=fill)
    assert made.way == "exact"
    before = decoding.load_image(io.BytesIO(jpeg()))
    expected = masking.remove_regions(before, REGIONS, fill)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(made.data))), np.asarray(expected))


@pytest.mark.parametrize("way", ["auto", "exact", "pixel", "beside"])
def test_another_size_than_the_study_says_is_refused(way):
    with pytest.raises(DataError, match="found 75 × 53 px; expected 53 × 75 px"):
        take(jpeg(), size=(53, 75), way=way)


@pytest.mark.parametrize("way", ["auto", "exact", "pixel"])
def test_a_jpeg_cut_in_the_middle_is_refused(way):
    with pytest.raises(DataError, match="cannot be decoded"):
        take(jpeg()[:2000], way=way)


@pytest.mark.parametrize(
    ("way", "lossless"), [("auto", "png"), ("pixel", "png"), ("exact", "png"), ("exact", "webp")]
)
def test_profile_and_true_exif_stay_and_what_shows_what_was_removed_goes(way, lossless):
    shows = jpeg(16, 12, seed=9)
    data = with_segment(jpeg(icc_profile=PROFILE), APP1, exif(6, note=b"Nikon" + shows, thumbnail=shows))
    data = with_segment(data, APP2, b"FPXR\0" + bytes(40)) + shows
    made, _ = take(data, size=(53, 75), way=way, lossless=lossless)
    file = Image.open(io.BytesIO(made.data))
    said = file.getexif()
    assert file.info["icc_profile"] == PROFILE
    assert said[0x010F] == "Maker A"
    assert said.get_ifd(0x8769)[0x9000] == b"0230"
    assert said.get(0x0112, 1) == (1 if way == "exact" else 6)
    assert 0x927C not in said.get_ifd(0x8769)
    assert shows[:64] not in made.data
    assert b"FPXR" not in made.data
    assert {"maker's note", "thumbnail in EXIF"} <= set(made.gone)


def test_a_profile_that_does_not_count_goes():
    grey = PROFILE[:16] + b"GRAY" + PROFILE[20:]
    made, _ = take(jpeg(mode="L", icc_profile=grey), way="exact")
    assert "icc_profile" not in Image.open(io.BytesIO(made.data)).info
    assert made.gone == ("colour profile, which does not count: it says nothing of its colours",)


@pytest.mark.parametrize("fill", ["white", "transparent", "#204060"])
@pytest.mark.parametrize("rotation_deg", [None, 90])
def test_a_working_copy_is_read_back_as_one_image(tmp_path, fill, rotation_deg):
    data = with_segment(jpeg(), APP1, exif(3))
    (tmp_path / "a.jpg").write_bytes(data)
    before = decoding.load_image(tmp_path / "a.jpg", rotation_deg)
    options = DecanonizeOptions(way="beside", fill=fill)
    task = Task(0, "a", "b/a.jpg", str(tmp_path / "a.jpg"), REGIONS, None, rotation_deg)
    record = workers.decanonize_image(task, options, locations.storage_folder(str(tmp_path / "out")))
    read = methods.load_working_copy(tmp_path / "out" / "b" / "a.jpg")
    assert np.array_equal(np.asarray(read), np.asarray(masking.remove_regions(before, REGIONS, fill)))
    assert read.mode == ("RGBA" if fill == "transparent" else "RGB")
    assert (record.way, record.still_holds, record.mask) == ("beside", True, "b/a.jpg.mask.png")
    assert Image.open(tmp_path / "out" / "b" / "a.jpg.mask.png").mode == "1"
    assert (tmp_path / "out" / "b" / "a.jpg").read_bytes() == data


def test_a_working_copy_without_its_mask_is_not_read(tmp_path):
    (tmp_path / "a.jpg").write_bytes(jpeg())
    with pytest.raises(DataError, match="a.jpg.mask.png: found no mask"):
        methods.load_working_copy(tmp_path / "a.jpg")
    Image.new("1", (5, 5)).save(tmp_path / "a.jpg.mask.png")
    with pytest.raises(DataError, match="found 5 × 5 px; expected a mask of 75 × 53 px"):
        methods.load_working_copy(tmp_path / "a.jpg")


def test_all_wrong_options_are_said_together():
    with pytest.raises(ParameterError) as caught:
        DecanonizeOptions(way="fast", fill="whyte", shape="oval", lossless="gif").check()
    assert [fault.where for fault in caught.value.faults] == ["way", "lossless", "fill", "shape"]
    with pytest.raises(
        ParameterError, match="found 'blur'; expected a colour: the way jpeg has nothing else"
    ):
        DecanonizeOptions(way="jpeg", fill="blur").check()


def test_real_photographs_come_out_exact(tmp_path):
    shared = SHARED / "testdata" / "imagenet" / "val"
    photos = sorted(shared.glob("*.JPEG"))
    if not photos:
        pytest.skip("../shared/testdata is not there")
    for photo in photos:
        data, before = photo.read_bytes(), np.asarray(decoding.load_image(photo))
        made, _ = take(data, size=before.shape[1::-1])
        far = beyond(made.grown[1]() if made.grown else made.asked, 2)
        assert np.array_equal(seen(made.data)[far], before[far]), photo.name

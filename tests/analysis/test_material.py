"""A file is read as material: exposure, densities, ink, and what JPEG kept of dark and of light."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import ExifTags, Image, ImageCms
from PIL.TiffImagePlugin import IFDRational

from retrain_kit.analysis import ink_coverage, jpeg_loss, material
from retrain_kit.analysis.jpeg_loss import QualityEstimate
from retrain_kit.errors import DataError
from retrain_kit.storage import files
from retrain_kit.studies import manifests

STEPS = np.arange(64).reshape(8, 8) + 8  # another step for every kind of detail, from 8 to 71
NOISE = Image.fromarray(np.random.default_rng(7).integers(0, 256, (40, 48, 3), dtype=np.uint8))


def block(levels):
    """Return the 8 × 8 pixels of these levels, computed by the sums in the standard (ITU-T T.81, A.3.3)."""
    pixels = np.zeros((8, 8))
    for (v, u), level in np.ndenumerate(levels * STEPS):
        weight = (0.5**0.5 if v == 0 else 1) * (0.5**0.5 if u == 0 else 1) / 4
        rows = np.cos((2 * np.arange(8) + 1) * v * np.pi / 16)
        columns = np.cos((2 * np.arange(8) + 1) * u * np.pi / 16)
        pixels += weight * level * np.outer(rows, columns)
    return np.rint(pixels + 128).clip(0, 255).astype(np.uint8)


def jpeg(image, **options):
    file = io.BytesIO()
    image.save(file, "JPEG", **options)
    file.seek(0)
    return file


def saved(tmp_path, image, name="a.jpg", **options):
    image.save(tmp_path / name, **options)
    return tmp_path / name


def answers(found):
    return {fact.question: fact.answer for fact in found.card.facts}


def test_levels_of_a_known_image_are_found_again():
    dark, light = np.zeros((8, 8), int), np.zeros((8, 8), int)
    dark[0, 0], dark[0, 1], dark[3, 2] = -80, 2, -1
    light[0, 0], light[1, 0], light[1, 1], light[2, 2] = 80, 3, -2, 1
    image = Image.fromarray(np.hstack([block(dark), block(light), block(light)]))
    file = Image.open(jpeg(image, qtables=[STEPS.ravel().tolist()]))
    found = jpeg_loss.quantised_levels(np.asarray(file), STEPS)
    assert found.shape == (1, 3, 8, 8)
    assert np.array_equal(found[0, 0], dark)
    assert np.array_equal(found[0, 1], light)
    assert np.array_equal(found[0, 2], light)


def test_the_share_of_lost_detail_is_told_for_dark_and_light():
    dark, light = np.zeros((8, 8), int), np.zeros((8, 8), int)
    dark[0, 0], dark[0, 1] = -80, 2
    light[0, 0], light[1, 0], light[1, 1] = 80, 3, -2
    image = Image.fromarray(np.hstack([block(dark), block(light), block(light)]))
    read = jpeg_loss.read_compression(Image.open(jpeg(image, qtables=[STEPS.ravel().tolist()])))
    first, middle, last = read.bands
    assert (first.name, first.blocks, first.share_zero) == ("dark, luminance 0 to 85", 1, 62 / 63)
    assert (middle.name, middle.blocks, middle.share_zero) == ("middle, luminance 85 to 170", 0, None)
    assert (last.name, last.blocks, last.share_zero) == ("light, luminance 170 to 255", 2, 61 / 63)
    assert first.mean == pytest.approx(48, abs=0.5)  # 128 - 80 × 8 / 8
    assert first.step_share == pytest.approx(40 / 8 / 48, rel=0.02)  # the mean of the steps 9 to 71 is 40
    assert last.step_share == pytest.approx(40 / 8 / 208, rel=0.02)


def test_a_black_image_has_no_step_share():
    read = jpeg_loss.read_compression(Image.open(jpeg(Image.new("L", (16, 16)))))
    assert [(band.blocks, band.share_zero, band.step_share) for band in read.bands] == [
        (4, 1.0, None),
        (0, None, None),
        (0, None, None),
    ]


def test_edges_that_fill_no_block_are_left_out():
    read = jpeg_loss.read_compression(Image.open(jpeg(Image.new("L", (23, 17), 100))))
    assert [band.blocks for band in read.bands] == [0, 4, 0]


@given(arrays.arrays("uint8", st.tuples(st.integers(8, 40), st.integers(8, 40))), st.integers(1, 100))
def test_every_whole_block_lies_in_one_band(luminance, quality):
    read = jpeg_loss.read_compression(Image.open(jpeg(Image.fromarray(luminance), quality=quality)))
    rows, columns = luminance.shape
    assert sum(band.blocks for band in read.bands) == (rows // 8) * (columns // 8)
    assert all(0 <= band.share_zero <= 1 for band in read.bands if band.blocks)


@given(arrays.arrays("int8", (8, 8), elements=st.integers(-2, 2)))
def test_what_the_standard_calls_levels_comes_back(levels):
    levels = levels.astype(int)
    levels[4:] = levels[:, 4:] = 0  # few enough to stay between black and white
    pixels = block(levels)
    if pixels.min() == 0 or pixels.max() == 255:
        return
    assert np.array_equal(jpeg_loss.quantised_levels(pixels, STEPS)[0, 0], levels)


def test_what_was_lost_before_a_crop_is_not_seen_after_it():
    first = jpeg(NOISE.resize((480, 400)), quality=5)
    lost = jpeg_loss.read_compression(Image.open(first)).bands[1].share_zero
    again = jpeg(Image.open(first).crop((3, 3, 480, 400)), quality=95)
    found = jpeg_loss.read_compression(Image.open(again))
    assert found.estimate.quality == 95
    assert found.bands[1].share_zero < lost - 0.2


@pytest.mark.parametrize("quality", range(1, 101))
def test_every_quality_of_libjpeg_is_recognised(quality):
    assert jpeg_loss.read_compression(Image.open(jpeg(NOISE, quality=quality))).estimate == QualityEstimate(
        quality, 0.0
    )


def test_tables_of_another_program_are_off_by_something():
    tables = [
        [step + 3 for step in table] for table in Image.open(jpeg(NOISE, quality=60)).quantization.values()
    ]
    found = jpeg_loss.read_compression(Image.open(jpeg(NOISE, qtables=tables))).estimate
    assert 50 <= found.quality <= 60
    assert found.error > 0.5


@pytest.mark.parametrize(
    ("subsampling", "told"),
    [
        (0, "4:4:4: one value of colour for 1 of"),
        (1, "4:2:2: one value of colour for 2 of"),
        (2, "4:2:0: one value of colour for 4 of"),
    ],
)
def test_the_sampling_of_colour_is_told(tmp_path, subsampling, told):
    found = answers(material.read_material(saved(tmp_path, NOISE, subsampling=subsampling)))
    assert found["colour"].startswith(told)
    assert found["build-up"] == "in one pass"


def test_a_progressive_file_says_so_and_is_read_alike(tmp_path):
    plain = material.read_material(saved(tmp_path, NOISE, "a.jpg"))
    stepped = material.read_material(saved(tmp_path, NOISE, "b.jpg", progressive=True))
    assert answers(stepped)["build-up"] == "progressive"
    assert stepped.compression.bands == plain.compression.bands


def test_a_grey_jpeg_is_read(tmp_path):
    found = answers(material.read_material(saved(tmp_path, NOISE.convert("L"))))
    assert found["colour"] == "none: the file is grey"
    assert "of the detail is at level zero" in found["middle, luminance 85 to 170"]


@pytest.mark.parametrize(("name", "kind"), [("a.png", "PNG"), ("a.webp", "WEBP"), ("a.tif", "TIFF")])
def test_a_file_that_is_no_jpeg_is_told_plainly(tmp_path, name, kind):
    read = material.read_material(saved(tmp_path, NOISE, name))
    assert read.compression is None
    assert answers(read)["steps"] == f"this file is no JPEG: it is {kind}; it has no table of steps"
    assert material.ONLY_LAST_SAVING not in read.card.unknown


def test_a_cmyk_jpeg_is_measured_by_its_own_inks_and_its_levels_are_not_read(tmp_path):
    read = material.read_material(
        saved(tmp_path, Image.new("CMYK", (16, 16), (51, 102, 0, 255)), quality=100)
    )
    assert read.ink.profile == "the file itself, which is CMYK"
    assert read.ink.shares == pytest.approx((0.2, 0.4, 0, 1), abs=0.01)
    assert answers(read)["dark and light"] == "cannot be read: its colours are CMYK"


def test_a_jpeg_of_red_green_and_blue_says_why_it_is_not_read(tmp_path):
    found = answers(material.read_material(saved(tmp_path, NOISE, keep_rgb=True)))
    assert found["dark and light"] == "cannot be read: it stores red, green and blue, not luminance"


def test_a_tiny_jpeg_has_no_block_to_read(tmp_path):
    found = answers(material.read_material(saved(tmp_path, NOISE.crop((0, 0, 7, 20)))))
    assert found["dark and light"] == "cannot be read: it has no whole block of 8 × 8 pixels"


@pytest.fixture
def exif():
    found = Image.Exif()
    found[ExifTags.Base.Make], found[ExifTags.Base.Model] = "Acme\0", "Box <1>"
    found[ExifTags.Base.Artist] = "Ann Onymous"
    shot = found.get_ifd(ExifTags.IFD.Exif)
    shot[ExifTags.Base.ExposureTime] = IFDRational(10, 1250)
    shot[ExifTags.Base.FNumber] = IFDRational(28, 10)
    shot[ExifTags.Base.ISOSpeedRatings] = 200
    shot[ExifTags.Base.DateTimeOriginal] = "2004:03:02 10:11:12"
    shot[ExifTags.Base.BodySerialNumber] = "4711"
    return found


def test_exposure_f_stop_and_camera_are_told_with_their_fields(tmp_path, exif):
    read = material.read_material(saved(tmp_path, NOISE, exif=exif))
    assert read.exif == {
        "Make": "Acme",
        "Model": "Box <1>",
        "ExposureTime": "1/125 s",
        "FNumber": "f/2.8",
        "ISOSpeedRatings": "ISO 200",
        "DateTimeOriginal": "2004:03:02 10:11:12",
    }
    told = {fact.question: fact.source for fact in read.card.facts}
    assert told["exposure"] == "EXIF: ExposureTime"
    assert "place" not in told


def test_names_serial_numbers_and_places_are_not_shown(tmp_path, exif):
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef] = "N"
    place[ExifTags.GPS.GPSLatitude] = (IFDRational(52), IFDRational(31), IFDRational(12))
    read = material.read_material(saved(tmp_path, NOISE, exif=exif))
    assert answers(read)["place"] == "there is a location in this file; it is not shown"
    for hidden in ("Onymous", "4711", "52", "31.0"):
        assert hidden not in "".join(fact.answer for fact in read.card.groups[1].facts)


@pytest.mark.parametrize("value", [IFDRational(0, 1), IFDRational(1, 0)])
def test_an_exposure_that_is_none_is_not_told(tmp_path, exif, value):
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.ExposureTime] = value
    assert "ExposureTime" not in material.read_material(saved(tmp_path, NOISE, exif=exif)).exif


def test_a_long_exposure_is_told_in_seconds(tmp_path, exif):
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.ExposureTime] = IFDRational(5, 2)
    assert material.read_material(saved(tmp_path, NOISE, exif=exif)).exif["ExposureTime"] == "2.5 s"


def test_a_file_without_exif_says_so(tmp_path):
    found = answers(material.read_material(saved(tmp_path, NOISE)))
    assert found["exposure, f-stop, camera, date"] == "this file does not say"


def test_broken_exif_is_no_error(tmp_path):
    path = saved(tmp_path, NOISE, exif=b"Exif\0\0MM\0*\xff\xff\xff\xff\0")
    assert answers(material.read_material(path))["exposure, f-stop, camera, date"] == "this file does not say"


@pytest.mark.parametrize(
    ("value", "density"), [(255, 0.0), (188, 0.30), (128, 0.67), (89, 1.0), (1, 3.52), (0, 3.82)]
)
def test_a_density_is_the_logarithm_of_what_little_light_comes_back(value, density):
    for found in ink_coverage.densities(Image.new("RGB", (4, 4), (value,) * 3)):
        assert (found.mean, found.low, found.median, found.high) == pytest.approx((density,) * 4, abs=0.01)


def test_densities_are_ordered_from_light_to_dark():
    ramp = Image.fromarray(np.arange(256, dtype=np.uint8).reshape(16, 16)).convert("RGB")
    for found in ink_coverage.densities(ramp):
        assert found.low < found.median < found.high
        assert found.low == pytest.approx(
            ink_coverage.densities(Image.new("RGB", (1, 1), (243,) * 3))[0].mean
        )


def test_paper_takes_no_ink_and_black_takes_what_the_profile_allows():
    white, black = (
        ink_coverage.estimate_ink(Image.new("RGB", (4, 4), colour)) for colour in ("white", "black")
    )
    assert white.shares == (0, 0, 0, 0)
    assert white.profile == "ISO Coated v2 300% (basICColor)"
    assert black.total == pytest.approx(3, abs=0.01)
    assert black.max == pytest.approx(black.total)
    assert black.shares[3] > 0.9


def test_transparent_places_are_paper(tmp_path):
    read = material.read_material(saved(tmp_path, Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "a.png"))
    assert read.ink.total == 0
    assert read.densities[0].mean == 0


def test_colours_are_read_by_the_profile_in_the_file(tmp_path):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    read = material.read_material(saved(tmp_path, NOISE, icc_profile=profile))
    assert read.colours.startswith("by the profile in the file, sRGB")
    broken = material.read_material(saved(tmp_path, NOISE, "b.jpg", icc_profile=b"no profile"))
    assert broken.colours == "as sRGB (the profile in the file does not fit its colours)"
    assert broken.ink == material.read_material(saved(tmp_path, NOISE, "c.jpg")).ink


def test_a_profile_that_is_missing_or_none_for_printing_is_one_clear_fault(tmp_path):
    path = saved(tmp_path, NOISE)
    (tmp_path / "screen.icc").write_bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    (tmp_path / "text.icc").write_text("no profile")
    for name, found in (
        ("none.icc", "no file"),
        ("screen.icc", "a profile for RGB"),
        ("text.icc", "no ICC profile"),
    ):
        with pytest.raises(
            DataError, match=f"ink_profile, .*{name}: found {found}.* printing in CMYK"
        ) as error:
            material.read_material(path, tmp_path / name)
        assert len(error.value.faults) == 1


def test_a_file_that_is_no_image_is_a_fault(tmp_path):
    (tmp_path / "a.jpg").write_text("no image")
    with pytest.raises(DataError, match="cannot be decoded"):
        material.read_material(tmp_path / "a.jpg")


def test_the_profile_that_comes_along_is_the_one_whose_licence_comes_along():
    licences = (ink_coverage.DEFAULT_PROFILE.parent / "LICENCES.md").read_text(encoding="utf-8")
    digest = "b424c77f40c3423c925536f8ae08634985ccd0fe80eb253d5d229197ded7e886"
    assert files.sha256(ink_coverage.DEFAULT_PROFILE) == digest
    assert digest in licences
    assert "Copyright (c) 2007-2010, basICColor GmbH" in licences


@pytest.mark.usefixtures("long_work")
def test_every_file_of_the_embedded_sample_was_saved_once_more_by_the_same_hand():
    manifest = manifests.load("embedded-sample")
    found = [material.read_material(manifest.path(image)) for image in manifest.images]
    assert {read.compression.tables for read in found} == {found[0].compression.tables}
    assert not any(read.exif or read.has_location for read in found)
    assert all("What the file was before" in read.card.unknown[0] for read in found)

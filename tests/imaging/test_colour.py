"""Every kind of image looks as Chromium shows it, or is kept, named or refused: the table of `docs/images.md`, held."""

import base64
import io
import struct

import browsers
import kinds
import numpy as np
import pytest
from colours import SRGB, blocks, iccp, lab_grid, matrix_profile, matrix_tags, png, saved, soft, table_profile
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo
from places import ROOT
from waiting import PATIENCE_MS

from retrain_kit.annotations.samples import Box, Region, Sample
from retrain_kit.batch.decanonize import DecanonizeOptions, methods
from retrain_kit.batch.decanonize.inputs import Task
from retrain_kit.batch.mosaic import tiles
from retrain_kit.datasets.coco import export
from retrain_kit.display import figures
from retrain_kit.errors import DataError
from retrain_kit.exercises.living_with_images.cards import prints
from retrain_kit.imaging import decoding, exact
from retrain_kit.imaging.jpeg.headers import UnsupportedJpegError
from retrain_kit.studies import manifests

RAMP, FLAT = kinds.kinds(soft()), kinds.kinds(blocks())
COMMANDS = ("views", "mosaic", "figures", "jpeg", "pixel", "exact", "beside", "cards", "exports")
SHOWN, KEPT, NAMED, REFUSED, OTHER = "as shown", "kept", "named", "refused", "–"
REGION = Region("Thing", Box(0, 0, 16, 16))
REMOVED = (slice(0, 16), slice(0, 16))
NEAR = (slice(0, 20), slice(0, 20))
SIZE = (48, 32)
STUDY = manifests.load("embedded-sample")


@pytest.fixture(scope="module")
def shown(chromium, playwright_driver):
    """Return the function that has Chromium show a file on white, pixel by pixel: rows, columns, red, green, blue."""
    seen = {}

    def show(data):
        if data not in seen:
            page.set_content(
                f'<body style="margin:0"><img src="data:;base64,{base64.b64encode(data).decode()}" style="display:block">'
            )
            page.evaluate("document.images[0].decode()")
            with Image.open(io.BytesIO(page.locator("img").screenshot())) as image:
                seen[data] = np.asarray(image.convert("RGB")).astype(int)
        return seen[data]

    flags = [*browsers.FLAGS, "--force-color-profile=srgb"]
    running = playwright_driver.chromium.launch(executable_path=chromium, args=flags, timeout=PATIENCE_MS)
    page = running.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield show
    running.close()


def on_white(image):
    """Return a decoded image's levels on a white page."""
    image = image.convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image)
    return np.asarray(paper.convert("RGB")).astype(int)


def assert_alike(found, expected, besides=None):
    """Fail unless 99.9 % of the pixels are within 3 levels of 255; `besides` is not looked at."""
    off = np.abs(found - expected).max(axis=2) > 3
    if besides:
        off[besides] = False
    assert off.mean() <= 0.001, f"{off.mean():.2%} of the pixels, by up to {np.abs(found - expected).max()}"


def sample_of(kind, folder, regions=()):
    path = folder / f"a{kind.ending}"
    path.write_bytes(kind.data)
    return Sample("a", path, *SIZE, regions)


def bare(expected):
    """Return what is seen of an image without its region."""
    left = expected.copy()
    left[REMOVED] = 255
    return left


def by_views(kind, shown, folder):
    image = decoding.load_sample(sample_of(kind, folder))
    assert_alike(on_white(image), shown(kind.seen))
    return NAMED if decoding.notes(folder / f"a{kind.ending}") else SHOWN


def by_mosaic(kind, shown, folder):
    look = tiles.Look("as it is", tile_px=64)
    assert_alike(on_white(tiles.view_pixels(sample_of(kind, folder), look, 64)), shown(kind.seen))
    return SHOWN


def by_figures(kind, shown, folder):
    """Show a report's figure, as exhibitions, booklets and exercises show theirs."""
    sample = sample_of(kind, folder, (REGION,))
    panel = figures.Panel.from_image(decoding.load_sample(sample), "a", "An image.")
    assert_alike(shown(panel.data), shown(kind.seen))
    notes, caption = decoding.notes(sample.path), figures.three_views(sample, STUDY).caption
    assert all(note in caption for note in notes)
    return NAMED if notes else SHOWN


def taken(kind, way):
    task = Task(0, "a", f"a{kind.ending}", "", (REGION,), SIZE, None)
    return methods.encode_decanonized(kind.data, task, DecanonizeOptions(way))


def by_jpeg(kind, shown, folder):
    try:
        made, _ = taken(kind, "jpeg")
    except UnsupportedJpegError:
        return OTHER
    assert_alike(shown(made.data), bare(shown(kind.seen)), NEAR)
    return NAMED if made.gone else KEPT


def by_pixel(kind, shown, folder):
    made, _ = taken(kind, "pixel")
    if made.way != "pixel":
        return OTHER
    assert_alike(shown(made.data), bare(shown(kind.seen)), NEAR)
    return NAMED if made.gone else KEPT


def by_exact(kind, shown, folder):
    made, _ = taken(kind, "exact")
    assert_alike(shown(made.data), bare(shown(kind.seen)))
    return NAMED if made.gone else KEPT


def by_beside(kind, shown, folder):
    made, _ = taken(kind, "beside")
    assert made.data == kind.data
    sample = sample_of(kind, folder)
    (folder / f"a{kind.ending}.mask.png").write_bytes(made.mask_png(PngInfo()))
    assert_alike(on_white(methods.load_working_copy(sample.path)), bare(shown(kind.seen)))
    return NAMED if made.gone else KEPT


def by_cards(kind, shown, folder):
    made = prints.prepare_print(sample_of(kind, folder), folder / "print")
    if made.jpeg:
        assert made.file.read_bytes() == kind.data
        return NAMED if made.note else KEPT
    assert_alike(shown(made.file.read_bytes()), shown(kind.seen))
    return NAMED if made.note.removeprefix("decoded and set without loss") else SHOWN


def by_exports(kind, shown, folder):
    """Export an image that has to be turned; one that has not is copied byte for byte."""
    path = sample_of(kind, folder).path
    sample = Sample("a", path, *SIZE[::-1], rotation_deg=90)
    export.write_coco([sample], folder / "coco")
    [file] = (folder / "coco" / "data").iterdir()
    assert_alike(np.rot90(shown(file.read_bytes()), -1), shown(kind.seen))
    assert (folder / "coco" / "originals" / f"{1:012}{kind.ending}").read_bytes() == kind.data
    return NAMED if '"gone"' in (folder / "coco" / "labels.json").read_text("utf-8") else KEPT


def table():
    """Return name, command and cell of the table in the documentation."""
    text = (ROOT / "docs" / "images.md").read_text("utf-8")
    lines = [line.strip("| \n").split(" | ") for line in text.splitlines() if line.count("|") == 11]
    assert lines[0] == ["kind", *COMMANDS]
    return [(row[0], *each) for row in lines[2:] for each in zip(COMMANDS, row[1:], strict=True)]


def outcome(command, name, shown, folder):
    every = FLAT if command == "pixel" else RAMP  # coded again, which changes what is not flat
    try:
        return BY[command](every[name], shown, folder)
    except DataError as error:
        return REFUSED if "\n" not in str(error) else str(error)


BY = {
    "views": by_views,
    "mosaic": by_mosaic,
    "figures": by_figures,
    "jpeg": by_jpeg,
    "pixel": by_pixel,
    "exact": by_exact,
    "beside": by_beside,
    "cards": by_cards,
    "exports": by_exports,
}


def test_the_table_has_every_kind_and_every_command():
    assert [(name, command) for name, command, _ in table()] == [
        (name, command) for name in RAMP for command in COMMANDS
    ]


@pytest.mark.usefixtures("turbojpeg")
@pytest.mark.parametrize("cell", table(), ids=" · ".join)
def test_a_cell_of_the_table_is_so(cell, shown, tmp_path):
    name, command, said = cell
    assert outcome(command, name, shown, tmp_path) == said


@pytest.mark.parametrize("name", ["Adobe RGB", "red and blue exchanged, a JPEG", "CMYK, a profile"])
def test_a_jpeg_that_a_mosaic_decodes_small_has_its_colours(name, shown, tmp_path):
    kind = kinds.kinds(blocks().repeat(20, axis=0).repeat(20, axis=1))[name]
    path = tmp_path / "a.jpg"
    path.write_bytes(kind.data)
    tile = tiles.view_pixels(Sample("a", path, 960, 640), tiles.Look("as it is", tile_px=64), 48)
    middles = np.s_[8::16, 8::16]
    expected = shown(kind.data)[np.s_[160::320, 160::320]]
    assert np.abs(on_white(tile)[middles] - expected).max() <= 3


def numbers(data):
    """Return what stands in a file, as OpenCV reads it: all bits, red first."""
    cv2 = pytest.importorskip("cv2")
    read = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    return read if read.ndim == 2 else read[..., [2, 1, 0, 3][: read.shape[2]]]


@pytest.mark.parametrize("name", ["grey, 16 bits", "RGB, 16 bits, wide", "RGB, 16 bits, transparency, P3"])
@pytest.mark.parametrize("lossless", ["png", "webp"])
def test_sixteen_bits_stay_where_something_is_taken_out(name, lossless):
    kind = RAMP[name]
    task = Task(0, "a", "a.png", "", (REGION,), SIZE, None)
    made = methods.encode_exact(kind.data, task, DecanonizeOptions("exact", lossless=lossless))
    expected = numbers(kind.data).copy()
    expected[REMOVED] = 65535
    assert made.ending == ".png"
    assert np.array_equal(numbers(made.data), expected)
    with Image.open(io.BytesIO(made.data)) as after, Image.open(io.BytesIO(kind.data)) as before:
        assert after.info.get("icc_profile") == before.info.get("icc_profile")


def test_sixteen_bits_of_a_tiff_are_those_that_tifffile_reads():
    tifffile = pytest.importorskip("tifffile")
    data = RAMP["RGB, 16 bits, TIFF, Adobe RGB"].data
    assert np.array_equal(exact.load_exact(io.BytesIO(data)).deep, tifffile.imread(io.BytesIO(data)))


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
def test_sixteen_bits_are_turned_as_eight_are(rotation_deg):
    data = RAMP["RGB, 16 bits"].data
    image = exact.load_exact(io.BytesIO(data), rotation_deg)
    assert np.array_equal(image.deep, np.rot90(numbers(data), rotation_deg // 90))
    assert np.array_equal(image.deep >> 8, np.asarray(image.image))


def test_transparent_is_transparent_in_sixteen_bits():
    image = exact.load_exact(io.BytesIO(RAMP["RGB, 16 bits"].data)).remove_regions([REGION], "transparent")
    assert image.deep.shape == (32, 48, 4)
    assert image.deep[..., 3].tolist() == [[0] * 16 + [65535] * 32] * 16 + [[65535] * 48] * 16


def test_a_fill_in_colour_looks_as_asked_whatever_the_profile(shown):
    task = Task(0, "a", "a", "", (REGION,), SIZE, None)
    for name in (
        "red and blue exchanged, a JPEG",
        "Adobe RGB",
        "red and blue exchanged",
        "RGB, 16 bits, wide",
    ):
        for way in ("auto", "exact", "pixel"):
            made, _ = methods.encode_decanonized(
                FLAT[name].data, task, DecanonizeOptions(way, fill="#c04020")
            )
            assert np.abs(shown(made.data)[4, 4] - [0xC0, 0x40, 0x20]).max() <= 4, (name, way)


def test_a_grey_of_its_own_kind_becomes_rgb_for_a_fill_in_colour(shown):
    data = RAMP["grey, 8 bits, a profile"].data
    image = exact.load_exact(io.BytesIO(data)).remove_regions([REGION], "#c04020")
    assert image.gone == ("grey colours by a profile of their own, to hold a fill in colour",)
    expected = shown(data).copy()
    expected[REMOVED] = [0xC0, 0x40, 0x20]
    assert_alike(shown(image.encoded()), expected)


def test_a_profile_that_means_srgb_changes_no_pixel():
    plain = decoding.load_image(io.BytesIO(saved(Image.fromarray(soft()), "PNG")))
    for profile in (matrix_profile(SRGB), ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()):
        told = decoding.load_image(io.BytesIO(saved(Image.fromarray(soft()), "PNG", icc_profile=profile)))
        assert np.array_equal(np.asarray(told), np.asarray(plain))


@pytest.mark.parametrize("wide", [True, False])
def test_a_table_of_colours_is_read_as_a_browser_reads_it(wide, shown):
    data = saved(Image.fromarray(soft()), "PNG", icc_profile=table_profile(lab_grid(), wide=wide))
    assert_alike(on_white(decoding.load_image(io.BytesIO(data))), shown(data))


def test_a_table_has_no_way_back_so_a_fill_has_the_numbers_asked_for():
    data = saved(Image.fromarray(soft()), "PNG", icc_profile=table_profile(lab_grid()))
    image = exact.load_exact(io.BytesIO(data)).remove_regions([REGION], "#c04020")
    assert image.image.getpixel((3, 3)) == (0xC0, 0x40, 0x20)


def test_a_table_goes_before_curves_and_matrix(shown):
    """Of a profile with both the table counts; the matrix of this one would exchange red and blue."""
    both = table_profile(lab_grid(), more=matrix_tags(SRGB, order=(2, 1, 0)))
    data = saved(Image.fromarray(soft()), "PNG", icc_profile=both)
    assert_alike(on_white(decoding.load_image(io.BytesIO(data))), shown(data))


@pytest.mark.parametrize(
    ("at", "bytes_"), [(8, b"\x05"), (36, b"xxxx"), (68, bytes(12)), (0, b"\0\0\0\x90"), (20, b"RGB ")]
)
def test_a_profile_with_a_damaged_header_does_not_count(at, bytes_, shown):
    profile = kinds.ADOBE[:at] + bytes_ + kinds.ADOBE[at + len(bytes_) :]
    data = saved(Image.fromarray(soft()), "PNG", icc_profile=profile)
    assert np.array_equal(shown(data), soft())
    assert np.array_equal(on_white(decoding.load_image(io.BytesIO(data))), soft())
    assert decoding.notes(io.BytesIO(data)) == ("colour profile, which does not count: it is damaged",)


@pytest.mark.parametrize(
    "numbers", [(1, 1), (9, 1), (9, 4), (9, 8), (4, 13), (11, 13), (12, 13), (22, 5), (2, 2)]
)
def test_colours_by_numbers_are_those_of_a_browser(numbers, shown):
    data = png(soft(), chunks=[(b"cICP", bytes([*numbers, 0, 1]))])
    assert_alike(on_white(decoding.load_image(io.BytesIO(data))), shown(data))


def test_of_a_png_numbers_go_before_a_profile_and_srgb_before_gamma(shown):
    for chunks in (
        [(b"cICP", bytes([1, 13, 0, 1])), iccp(kinds.ADOBE)],
        [(b"sRGB", b"\0"), kinds.GAMMA],
        [iccp(kinds.ADOBE), kinds.GAMMA],
    ):
        data = png(soft(), chunks=chunks)
        assert_alike(on_white(decoding.load_image(io.BytesIO(data))), shown(data))


def test_a_first_frame_that_does_not_fill_its_image_is_clear_around_it(shown):
    data = bytearray(saved(Image.new("P", (8, 8), 1), "GIF"))
    place = data.index(b"\x2c", 13)
    data[6:10], data[place + 1 : place + 5] = struct.pack("<HH", 48, 32), struct.pack("<HH", 4, 6)
    assert np.array_equal(on_white(decoding.load_image(io.BytesIO(bytes(data)))), shown(bytes(data)))


def test_an_animation_that_hides_its_first_image_is_shown_from_the_second(shown):
    images = [Image.new("RGB", SIZE, colour) for colour in ("red", "lime", "blue")]
    data = saved(
        images[0], "PNG", save_all=True, append_images=images[1:], duration=60_000, default_image=True
    )
    assert np.array_equal(on_white(decoding.load_image(io.BytesIO(data))), shown(data))
    assert decoding.notes(io.BytesIO(data)) == ("first of 2 frames",)


def test_ten_bits_of_an_avif_are_named(tmp_path):
    cv2 = pytest.importorskip("cv2")
    deep = (soft().astype(np.uint16) << 2)[..., ::-1]
    try:
        written = cv2.imwrite(str(tmp_path / "a.avif"), deep, [cv2.IMWRITE_AVIF_DEPTH, 10])
    except cv2.error:
        written = False
    if not written:
        pytest.skip("this OpenCV writes no AVIF")
    assert decoding.notes(tmp_path / "a.avif") == ("10 bits a colour, of which views show the upper eight",)
    assert exact.load_exact(tmp_path / "a.avif").gone == ("bits of each colour beyond eight, of 10",)

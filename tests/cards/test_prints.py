"""A JPEG goes onto its card byte for byte; what cannot is decoded, without loss, and the card says so."""

import io
from dataclasses import replace
from pathlib import Path

import kinds
import numpy as np
import pikepdf
import pypdfium2
import pytest
from colours import blocks
from PIL import Image, ImageCms

from retrain_kit.annotations.samples import Box, Region, Sample
from retrain_kit.errors import DataError
from retrain_kit.exercises.living_with_images import allocation, cards
from retrain_kit.exercises.living_with_images.cards import prints
from retrain_kit.imaging import decoding
from retrain_kit.reports import typesetting

COLOURS = ((200, 30, 30), (30, 160, 60), (30, 30, 200), (230, 200, 40))


def quarters(size=(96, 64)):
    """Return an image of four colours, so that every turn shows."""
    image = Image.new("RGB", size)
    half = size[0] // 2, size[1] // 2
    for place, colour in enumerate(COLOURS):
        left, top = place % 2 * half[0], place // 2 * half[1]
        image.paste(colour, (left, top, left + half[0], top + half[1]))
    return image


def file_of(image, kind="JPEG", **how):
    data = io.BytesIO()
    image.save(data, kind, **how)
    return data.getvalue()


def exif_of(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def sample_of(tmp_path, data, size, **more):
    path = tmp_path / "a.bin"
    path.write_bytes(data)
    return Sample("a", path, *size, **more)


def streams(pdf):
    """Return the JPEG streams of a PDF as they are in it."""
    with pikepdf.open(pdf) as file:
        images = [
            one for one in file.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"
        ]
        return [one.read_raw_bytes() for one in images if one.get("/Filter") == "/DCTDecode"]


def on_paper(printed, size):
    """Return a print as a page of its own, rendered a pixel a point."""
    name = "a.jpg" if printed.jpeg else "a.png"
    template = (
        f"#set page(width: {size[0]}pt, height: {size[1]}pt, margin: 0pt)\n"
        f'#image("assets/{name}", width: 100%, height: 100%, scaling: "pixelated", fit: "stretch")'
    )
    stand_in = prints.stand_in_jpeg(printed.file, 0) if printed.jpeg else b""
    pdf = typesetting.typeset_pdf(template, {}, {name: stand_in or printed.file})
    target = printed.file.with_name("paper.pdf")
    prints.embed_jpegs(pdf, {stand_in: printed.file}, target)
    return pypdfium2.PdfDocument(target)[0].render().to_pil().convert("RGB")


def assert_alike(image, expected, most=14):
    difference = np.abs(np.asarray(image, float) - np.asarray(expected.convert("RGB"), float))
    assert difference.mean() < most


def test_jpegs_of_all_kinds_are_in_the_pdf_byte_for_byte(make_study, looked_at, tmp_path):
    base = quarters()
    content = {
        "baseline.jpg": file_of(base, quality=90),
        "progressive.jpg": file_of(base, quality=80, progressive=True),
        "grey.jpg": file_of(base.convert("L")),
        "cmyk.jpg": file_of(base.convert("CMYK")),
        "full.jpg": file_of(base, subsampling=0),
        "turned.jpg": file_of(base, exif=exif_of(6)),
    }
    study = looked_at(make_study(content))
    hands = allocation.allocate_reviewed([study], allocation.AllocationTerms(2, 3, 7))
    pdf, _ = cards.write_cards(hands, [study], tmp_path / "out.pdf")
    assert sorted(streams(pdf)) == sorted(content.values())


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_turn_that_exif_says_is_made_on_the_page(tmp_path, orientation):
    data = file_of(quarters(), quality=95, exif=exif_of(orientation))
    size = (96, 64) if orientation < 5 else (64, 96)
    sample = sample_of(tmp_path, data, size)
    printed = prints.prepare_print(sample, tmp_path / "0")
    assert printed.file == sample.path
    assert_alike(on_paper(printed, size), decoding.load_sample(sample))


@pytest.mark.parametrize("said", [0, 90, 180, 270])
def test_the_data_sets_own_turn_goes_before_exif_and_no_coefficient_changes(tmp_path, said):
    data = file_of(quarters(), quality=95, exif=exif_of(3))
    size = (64, 96) if said in {90, 270} else (96, 64)
    sample = sample_of(tmp_path, data, size, rotation_deg=said)
    printed = prints.prepare_print(sample, tmp_path / "0")
    assert_alike(on_paper(printed, size), decoding.load_sample(sample))
    scan = data[data.index(b"\xff\xdb") :]
    assert printed.file.read_bytes().endswith(scan)


@pytest.mark.parametrize(
    "name",
    [
        "grey, a JPEG with a profile",
        "grey, a JPEG with a profile for RGB",
        "RGB, 16 bits, wide",
        "Adobe RGB",
        "Adobe RGB, a profile in many segments",
        "Display P3",
        "red and blue exchanged, a JPEG",
        "a damaged profile",
        "a profile for other colours",
        "JPEG of several images",
    ],
)
def test_a_print_has_the_colours_of_the_view(name, tmp_path):
    kind = kinds.kinds(blocks())[name]
    sample = sample_of(tmp_path, kind.data, (48, 32))
    found = np.asarray(on_paper(prints.prepare_print(sample, tmp_path / "0"), (48, 32)), int)
    expected = np.asarray(decoding.load_sample(sample).convert("RGB"), int)
    assert np.abs(found - expected)[8::16, 8::16].max() <= 3


def test_cmyk_keeps_its_colours(tmp_path):
    data = file_of(quarters().convert("CMYK"), quality=95)
    sample = sample_of(tmp_path, data, (96, 64))
    image = on_paper(prints.prepare_print(sample, tmp_path / "0"), (96, 64))
    red, green, blue, yellow = (image.getpixel(at) for at in ((20, 15), (70, 15), (20, 48), (70, 48)))
    assert red[0] > max(red[1:]) + 80
    assert green[1] > max(green[0], green[2]) + 20
    assert blue[2] > max(blue[:2]) + 40
    assert min(yellow[:2]) > yellow[2] + 80


@pytest.mark.parametrize(
    ("kind", "how"),
    [("WEBP", {"lossless": True}), ("BMP", {}), ("TIFF", {}), ("GIF", {})],
)
def test_other_formats_are_set_without_loss_and_it_is_said(tmp_path, kind, how):
    sample = sample_of(tmp_path, file_of(quarters(), kind, **how), (96, 64))
    printed = prints.prepare_print(sample, tmp_path / "0")
    assert printed.note == "decoded and set without loss"
    with Image.open(printed.file) as png:
        assert png.format == "PNG"
        assert png.convert("RGB").tobytes() == decoding.load_sample(sample).convert("RGB").tobytes()


def test_a_png_named_jpeg_goes_as_a_png_and_nothing_is_said(tmp_path):
    sample = sample_of(tmp_path, file_of(quarters(), "PNG"), (96, 64))
    named = replace(sample, path=sample.path.rename(tmp_path / "a.JPEG"))
    printed = prints.prepare_print(named, tmp_path / "0")
    assert (printed.file.suffix, printed.note) == (".png", "")


def test_a_jpeg_of_four_inks_that_does_not_say_which_way_is_decoded(tmp_path):
    data = file_of(quarters().convert("CMYK"))
    marker = data.index(b"\xff\xee")
    bare = data[:marker] + data[marker + 2 + int.from_bytes(data[marker + 2 : marker + 4]) :]
    printed = prints.prepare_print(sample_of(tmp_path, bare, (96, 64)), tmp_path / "0")
    told = "decoded and set without loss; colours in CMYK, which views show in sRGB"
    assert (printed.file.suffix, printed.note) == (".png", told)


def test_an_image_with_a_broken_end_is_refused(tmp_path):
    data = file_of(Image.effect_noise((200, 200), 90).convert("RGB"), quality=95)
    with pytest.raises(DataError, match="cannot be decoded"):
        prints.prepare_print(sample_of(tmp_path, data[: len(data) // 2], (200, 200)), tmp_path / "0")


def test_an_image_of_another_size_than_the_study_says_is_refused(tmp_path):
    with pytest.raises(DataError, match="96 × 64 px; expected 64 × 64 px, as the data set says"):
        prints.prepare_print(sample_of(tmp_path, file_of(quarters()), (64, 64)), tmp_path / "0")


def test_a_missing_file_is_said_to_be_missing():
    with pytest.raises(DataError, match="found No such file"):
        prints.prepare_print(Sample("a", Path("nowhere/a.jpg"), 1, 1), Path("0"))


def test_an_image_of_32_pixels_stays_pixelated(tmp_path):
    noise = Image.fromarray(np.random.default_rng(7).integers(0, 256, (32, 32, 3), dtype=np.uint8))
    sample = sample_of(tmp_path, file_of(noise, "PNG"), (32, 32))
    large = on_paper(prints.prepare_print(sample, tmp_path / "0"), (640, 640))
    assert np.array_equal(np.asarray(large)[10::20, 10::20], np.asarray(noise))
    assert len({large.getpixel((x, y)) for x in range(3, 17) for y in range(3, 17)}) == 1


def test_a_decanonized_jpeg_is_emptied_without_decoding_and_framed(tmp_path):
    annotations = (Region("red", Box(0, 0, 48, 32)), Region("blue", Box(0, 32, 48, 64)))
    sample = sample_of(tmp_path, file_of(quarters(), quality=95), (96, 64), regions=annotations)
    printed = prints.prepare_print(sample, tmp_path / "0", decanonized=True)
    assert printed.note == "without what its 2 tags cover: 50.0% of it, in whole blocks of the JPEG"
    assert (printed.file.suffix, printed.needs_line) == (".jpg", True)
    image = on_paper(printed, (96, 64))
    assert image.crop((0, 0, 47, 64)).getextrema() == ((255, 255),) * 3
    assert image.getpixel((70, 15))[1] > 120


def test_a_decanonized_image_without_tags_is_the_original_and_says_so(tmp_path):
    sample = sample_of(tmp_path, file_of(quarters()), (96, 64))
    printed = prints.prepare_print(sample, tmp_path / "0", decanonized=True)
    assert (printed.file, printed.needs_line) == (sample.path, False)
    assert printed.note == "nothing in it is tagged, so nothing is gone"


def test_a_decanonized_png_is_exact_to_the_pixel(tmp_path):
    sample = sample_of(
        tmp_path, file_of(quarters(), "PNG"), (96, 64), regions=(Region("x", Box(3, 5, 20, 30)),)
    )
    printed = prints.prepare_print(sample, tmp_path / "0", decanonized=True)
    assert printed.note == "without what its tag covers: 6.9% of it"
    expected = quarters()
    expected.paste((255, 255, 255), (3, 5, 20, 30))
    with Image.open(printed.file) as png:
        assert png.convert("RGB").tobytes() == expected.tobytes()


def test_a_stand_in_has_the_colours_the_profile_and_the_turn_of_its_original(tmp_path):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for mode, orientation in (("L", 3), ("RGB", 6), ("CMYK", 8)):
        path = tmp_path / f"{mode}.jpg"
        path.write_bytes(file_of(quarters().convert(mode), exif=exif_of(orientation), icc_profile=profile))
        with Image.open(io.BytesIO(prints.stand_in_jpeg(path, 5))) as stand_in:
            assert (stand_in.size, stand_in.mode) == ((1, 1), mode)
            assert stand_in.info.get("icc_profile") == (None if mode == "CMYK" else profile)
            assert stand_in.getexif()[0x0112] == orientation


def test_stand_ins_of_the_same_image_differ(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(file_of(quarters()))
    assert prints.stand_in_jpeg(path, 1) != prints.stand_in_jpeg(path, 2)


def test_a_place_that_cannot_be_written_is_said_to_be_so(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(DataError, match="found a file where a folder should be"):
        prints.embed_jpegs(typesetting.typeset_pdf("x", {}), {}, tmp_path / "file" / "a.pdf")

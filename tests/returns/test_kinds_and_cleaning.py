"""A file is what its content says, and copies that are shown tell nothing of its author."""

import io

import media
import numpy as np
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from retrain_kit.errors import ParameterError
from retrain_kit.exercises.living_with_images.returns import file_types, metadata


def put(folder, name, data):
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("ending", media.EVERY)
def test_every_kind_of_file_is_known_by_its_content(ending, tmp_path):
    assert file_types.detect_type(put(tmp_path, "file.bin", media.EVERY[ending]())).suffix == ending


def test_an_image_that_is_called_a_sound_is_an_image(tmp_path):
    assert file_types.detect_type(put(tmp_path, "song.mp3", media.png())).media_type == "image/png"


@pytest.mark.parametrize(
    "text", ["a kite 刀", "\ufeffwith a mark", "<script>alert(1)</script>", "é" * 40_000]
)
def test_plain_text_of_any_script_is_text(text, tmp_path):
    assert file_types.detect_type(put(tmp_path, "words.txt", text.encode())) == file_types.PLAIN_TEXT


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "an empty file"),
        (b"MZ\x90\0" + bytes(60), "application/x-msdownload"),
        (b"PK\3\4" + bytes(60), "application/zip"),
        (b"<svg xmlns='x'/>", "a file of another type"),
        (b"\xef\xbb\xbf  <!DOCTYPE html>", "a file of another type"),
        (b"caf\xe9", "a file of another type"),
        (b"a\0b", "a file of another type"),
    ],
)
def test_what_a_study_cannot_take_is_refused_with_what_to_do(data, found, tmp_path):
    with pytest.raises(ParameterError, match=found):
        file_types.detect_type(put(tmp_path, "file.txt", data))


def test_a_file_of_three_gigabytes_is_refused_without_reading_it(tmp_path):
    path = tmp_path / "film.mp4"
    with path.open("wb") as file:
        file.write(media.mp4())
        file.truncate(3_000_000_000)
    with pytest.raises(ParameterError, match="3,000 MB; expected at most 200 MB"):
        file_types.detect_type(path)


def test_a_text_that_is_too_long_for_an_answer_says_so(tmp_path):
    with pytest.raises(ParameterError, match="60001 letters"):
        file_types.read_text(put(tmp_path, "long.txt", b"x" * 60_001))


@pytest.mark.parametrize("ending", media.CLEANED)
def test_a_shown_copy_tells_nothing_of_its_author(ending):
    data = media.CLEANED[ending]()
    assert media.holds(data)
    cleaned, remark = metadata.remove_metadata(
        data, next(kind.media_type for kind in file_types.FILE_TYPES.values() if kind.suffix == ending)
    )
    assert not media.holds(cleaned)
    assert remark == ""


@pytest.mark.parametrize("ending", media.CLEANED)
def test_a_shown_copy_is_still_what_it_was(ending, tmp_path):
    kind = file_types.detect_type(put(tmp_path, "before", media.CLEANED[ending]()))
    cleaned, _ = metadata.remove_metadata(media.CLEANED[ending](), kind.media_type)
    assert file_types.detect_type(put(tmp_path, "after", cleaned)) == kind
    assert metadata.remove_metadata(cleaned, kind.media_type) == (cleaned, "")


@pytest.mark.parametrize("ending", media.LEFT)
def test_where_nothing_can_be_taken_out_a_remark_says_so(ending):
    data = media.LEFT[ending]()
    assert metadata.remove_metadata(data, f"image/{ending}") == (data, metadata.METADATA_LEFT)


@pytest.mark.parametrize("make", [media.jpeg, media.png])
@pytest.mark.parametrize("turn", range(1, 9))
def test_pixels_and_turn_of_an_image_stay_bit_for_bit(make, turn):
    data = make(turn)
    cleaned, _ = metadata.remove_metadata(data, "image/jpeg" if make == media.jpeg else "image/png")
    before, after = (ImageOps.exif_transpose(Image.open(io.BytesIO(each))) for each in (data, cleaned))
    assert np.array_equal(np.asarray(before), np.asarray(after))


def test_the_sound_itself_stays():
    assert metadata.remove_metadata(media.mp3(), "audio/mpeg")[0] == media.mp3_sound()
    assert b"\xff\xf8 sound" in metadata.remove_metadata(media.flac(), "audio/flac")[0]
    voice, cleaned = media.ogg(), metadata.remove_metadata(media.ogg(), "audio/ogg")[0]
    assert (len(cleaned), cleaned.count(b"Lavf")) == (len(voice), 0)
    assert cleaned[:47] == voice[:47]
    assert cleaned[-33 - 5 :] == voice[-33 - 5 :]
    assert cleaned[47 + 22 : 47 + 26] == b"\xf3c4\xd1"


def test_a_voice_message_that_is_not_whole_or_is_two_is_left_and_told():
    voice = media.ogg()
    for broken in (voice[:-1], voice + b"?", voice.replace(b"OpusHead", b"OpusHeap"), media.two_sounds()):
        assert metadata.remove_metadata(broken, "audio/ogg") == (broken, metadata.METADATA_LEFT)


@pytest.mark.parametrize(
    ("make", "shown"), [(media.mp4, media.FRAMES), (media.mov, media.FRAMES), (media.m4a, bytes(50))]
)
def test_a_film_keeps_its_frames_and_its_sound_and_loses_where_and_when_it_was_made(make, shown):
    film = make()
    cleaned, remark = metadata.remove_metadata(film, "video/mp4")
    at = film.index(media.FRAMES)
    samples = cleaned[at : at + 300]
    assert samples == shown + media.SOUNDS + bytes(50) + shown + media.SOUNDS + bytes(50)
    assert (len(cleaned), remark) == (len(film), "")
    assert not any(word in cleaned for word in (b"DAY!", b"meta", b"mebx", b"udta", b"uuid", b"gps "))
    assert cleaned.count(b"free") >= 4


def test_a_film_that_cannot_be_cleaned_is_left_and_told():
    film = media.mp4()
    for broken in (
        film.replace(b"vide", b"meta").replace(b"soun", b"meta"),
        film.replace(b"alis\0\0\0\1", b"alis\0\0\0\0"),
        film.replace(b"stco", b"stxo"),
        film + media.box(b"moof", media.box(b"mfhd", bytes(8))),
        film[:-3],
        film + media.box(b"free", b"") * 100_000,
    ):
        assert metadata.remove_metadata(broken, "video/mp4") == (broken, metadata.METADATA_LEFT)


@given(st.sampled_from(sorted(media.CLEANED)), st.integers(0, 1500), st.binary(max_size=12))
def test_a_damaged_file_is_cleaned_or_told_never_an_accident(ending, place, damage):
    data = media.CLEANED[ending]()
    broken = data[:place] + damage + data[place + len(damage) * 2 :]
    kind = next(kind.media_type for kind in file_types.FILE_TYPES.values() if kind.suffix == ending)
    cleaned, remark = metadata.remove_metadata(broken, kind)
    assert remark in ("", metadata.METADATA_LEFT)
    assert isinstance(cleaned, bytes)


def armed_pdf():
    """A page that runs a script, starts a program, sends a form, and carries a program along."""
    document = pikepdf.new()
    document.add_blank_page()
    names, table = pikepdf.Name, pikepdf.Dictionary
    script = document.make_indirect(table(S=names.JavaScript, JS="app.alert('armed')"))
    program = table(S=names.Launch, F="armed.exe", Next=pikepdf.Array([script]))
    address = table(S=names.URI, URI="https://example.org/kept", Next=pikepdf.Array([program]))
    send = document.make_indirect(table(S=names.SubmitForm, F="https://example.org/armed"))
    attached = document.make_indirect(table(Type=names.Filespec, EF=table(F=document.make_stream(b"armed"))))
    document.Root.OpenAction = script
    document.Root.AA = table(WC=script)
    document.Root.Names = table(
        JavaScript=table(Names=pikepdf.Array(["a", script])),
        EmbeddedFiles=table(Names=pikepdf.Array(["armed.exe", attached])),
    )
    document.pages[0].AA = table(O=send)
    link = {"Type": names.Annot, "Subtype": names.Link, "Rect": [0, 0, 9, 9]}
    document.pages[0].Annots = pikepdf.Array([table(**link, A=action) for action in (program, address, send)])
    return document


def written(document, **options):
    file = io.BytesIO()
    document.save(file, **options)
    return file.getvalue()


def test_a_shown_document_starts_opens_and_sends_nothing():
    cleaned, remark = metadata.remove_metadata(written(armed_pdf()), "application/pdf")
    plain = pikepdf.ObjectStreamMode.disable
    readable = written(pikepdf.open(io.BytesIO(cleaned)), qdf=True, object_stream_mode=plain)
    for word in (b"armed", b"/JavaScript", b"/Launch", b"/SubmitForm", b"/AA", b"/OpenAction", b"/EF"):
        assert word not in readable, word
    assert b"https://example.org/kept" in readable
    assert remark == ""
    assert len(pikepdf.open(io.BytesIO(cleaned)).pages) == 1


@pytest.mark.parametrize("broken", ["locked", "cut"])
def test_a_document_that_cannot_be_disarmed_is_not_shown(broken):
    if broken == "locked":
        data = written(armed_pdf(), encryption=pikepdf.Encryption(owner="a", user="b"))
    else:
        data = b"%PDF-1.7\n" + b"1 0 obj << /S /JavaScript >>" * 9
    assert metadata.remove_metadata(data, "application/pdf")[0] == b""

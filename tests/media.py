"""Small files of every kind, each with what tells of its author: a place, a name, a comment."""

import io
import struct
import wave
import zipfile
import zlib
from functools import cache

import numpy as np
import pikepdf
from PIL import ExifTags, Image, PngImagePlugin, TiffImagePlugin
from places import GOLDEN

TELLTALE = "Zipporah Quill 52.5N"


def with_exif(turn=1):
    pixels = np.random.default_rng(7).integers(0, 255, (24, 32, 3), dtype=np.uint8)
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = TELLTALE
    exif[ExifTags.Base.Orientation] = turn
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSAreaInformation] = TELLTALE
    return Image.fromarray(pixels), exif


@cache
def huge_png():
    """A PNG of 900 megapixels, black, which takes a second to make."""
    file = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(file, "PNG")
    return file.getvalue()


def jpeg(turn=1):
    image, exif = with_exif(turn)
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif, comment=TELLTALE.encode(), xmp=TELLTALE.encode())
    return file.getvalue() + TELLTALE.encode()


def png(turn=1):
    image, exif = with_exif(turn)
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", TELLTALE)
    info.add_itxt("Place", TELLTALE)
    file = io.BytesIO()
    image.save(file, "PNG", exif=exif, pnginfo=info)
    return file.getvalue()


def webp():
    image, exif = with_exif()
    file = io.BytesIO()
    image.save(file, "WEBP", lossless=True, exif=exif, xmp=TELLTALE.encode())
    return file.getvalue()


def gif():
    file = io.BytesIO()
    with_exif()[0].save(file, "GIF", comment=TELLTALE.encode())
    return file.getvalue()


def tiff():
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[ExifTags.Base.Artist] = TELLTALE
    file = io.BytesIO()
    with_exif()[0].save(file, "TIFF", tiffinfo=tags)
    return file.getvalue()


def heic():
    """A photo as phones keep it, made with pillow-heif: teal, its upper left quarter orange, with its place."""
    return (GOLDEN / "phone.heic").read_bytes()


def wav():
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(np.arange(800, dtype="<i2").tobytes())
    name = TELLTALE.encode().ljust(20, b"\0")
    tag = b"LIST" + struct.pack("<I", 12 + len(name)) + b"INFOIART" + struct.pack("<I", len(name)) + name
    whole = file.getvalue() + tag
    return whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:]


def mp3():
    text = b"\3" + TELLTALE.encode()
    frame = b"TPE1" + struct.pack(">I", len(text)) + b"\0\0" + text
    head = b"ID3\4\0\0" + bytes((0, 0, 0, len(frame))) + frame
    return head + mp3_sound() + b"TAG" + TELLTALE.encode().ljust(125, b"\0")


def mp3_sound():
    """Four silent frames of MPEG-1 layer III, 128 kbit/s at 44.1 kHz: 417 bytes each."""
    return (b"\xff\xfb\x90\x64" + bytes(413)) * 4


def box(kind, payload):
    return struct.pack(">I", len(payload) + 8) + kind + payload


def track(handler, starts, sizes):
    """A track whose samples lie at some places, each a chunk of its own, with a camera's name and a day."""
    name = TELLTALE.encode()
    numbers = struct.Struct(">I")

    def table(kind, *rows):
        return box(kind, bytes(4) + b"".join(map(numbers.pack, rows)))

    entry = {b"vide": b"avc1", b"soun": b"mp4a"}.get(handler, b"mebx")
    described = bytes(42) + name.ljust(32, b"\0") + bytes(4) if entry == b"avc1" else bytes(28)
    stbl = box(b"stsd", bytes(4) + numbers.pack(1) + box(entry, described))
    stbl += table(b"stts", 1, len(sizes), 40) + table(b"stsc", 1, 1, 1, 1)
    stbl += table(b"stsz", 0, len(sizes), *sizes) + table(b"stco", len(starts), *starts)
    dref = box(b"dref", bytes(4) + numbers.pack(1) + box(b"alis", b"\0\0\0\1" + name))
    minf = box(b"vmhd", bytes(12)) + box(b"dinf", dref) + box(b"stbl", stbl)
    hdlr = box(b"hdlr", bytes(8) + handler + bytes(12) + name)
    mdia = box(b"mdia", box(b"mdhd", DAY + bytes(12)) + hdlr + box(b"minf", minf))
    return box(b"trak", box(b"tkhd", DAY + bytes(72)) + mdia + box(b"udta", box(b"\xa9ART", name)))


DAY = bytes(4) + b"DAY!" * 2
"""The version of a header, and when a film was made and changed."""
FRAMES, SOUNDS, PLACES = (bytes([value]) * 50 for value in (7, 8, 9))


def mp4(brand=b"mp42"):
    """A film of two frames and two sounds, with a track of the places where it was made, and more beside them."""
    udta = box(b"udta", box(b"\xa9xyz", TELLTALE.encode()))
    start = box(b"ftyp", brand + b"\0\0\0\0" + brand + (b"" if brand == b"qt  " else b"isom"))
    at = len(start) + 8
    tracks = track(b"soun", [at + 50, at + 200], [50, 50]) + track(b"meta", [at + 100], [50])
    if brand != b"M4A ":
        tracks += track(b"vide", [at, at + 150], [50, 50])
    moov = box(b"moov", box(b"mvhd", DAY + bytes(88)) + tracks + udta + box(b"gps ", TELLTALE.encode()))
    told = TELLTALE.encode().ljust(50, b"\0")
    samples = FRAMES + SOUNDS + PLACES + FRAMES + SOUNDS + told
    return start + box(b"mdat", samples) + moov + box(b"uuid", TELLTALE.encode())


def m4a():
    return mp4(b"M4A ")


def mov():
    return mp4(b"qt  ")


def flac():
    info = b"\0" + (34).to_bytes(3) + bytes(34)
    comment = TELLTALE.encode()
    return b"fLaC" + info + b"\x84" + len(comment).to_bytes(3) + comment + b"\xff\xf8 sound"


def ogg_page(number, sizes, body, sound=7):
    return struct.pack("<4sBBqIIIB", b"OggS", 0, 0, 0, sound, number, 0, len(sizes)) + bytes(sizes) + body


def ogg():
    """A voice message, Opus in Ogg, with a comment that goes on in a second page."""
    told = TELLTALE.encode() * 20
    comment = b"OpusTags" + struct.pack("<I4sII", 4, b"Lavf", 1, len(told)) + told
    return (
        ogg_page(0, [19], b"OpusHead\1\1" + bytes(9))
        + ogg_page(1, [255], comment[:255])
        + ogg_page(2, [len(comment) - 255, 5], comment[255:] + b"sound")
        + ogg_page(3, [5], b"sound")
    )


def two_sounds():
    """Two sounds in one file: a comment of the second could stay."""
    return ogg() + ogg_page(0, [19], b"OpusHead\1\1" + bytes(9), sound=8)


def webm():
    return b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm\x42\x87\x81\x02" + TELLTALE.encode() + bytes(64)


def pdf():
    document = pikepdf.new()
    document.add_blank_page(page_size=(100, 140))
    document.docinfo["/Author"] = TELLTALE
    with document.open_metadata() as metadata:
        metadata["dc:creator"] = [TELLTALE]
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[1, 1, 9, 9], T=TELLTALE
    )
    document.pages[0].obj.Annots = document.make_indirect([document.make_indirect(note)])
    file = io.BytesIO()
    document.save(file, compress_streams=False)
    return file.getvalue()


def locked_pdf():
    document, file = pikepdf.open(io.BytesIO(pdf())), io.BytesIO()
    document.save(file, encryption=pikepdf.Encryption(owner="a", user="b"))
    return file.getvalue()


def avif():
    image, exif = with_exif()
    file = io.BytesIO()
    image.save(file, "AVIF", exif=exif)
    return file.getvalue()


def docx():
    """A text as word processors keep it; its properties name its author."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as whole:
        for name in ("[Content_Types].xml", "_rels/.rels", "word/document.xml", "docProps/core.xml"):
            whole.writestr(name, f"<a>{TELLTALE}</a>")
    return file.getvalue()


CLEANED = {
    "jpg": jpeg,
    "png": png,
    "webp": webp,
    "wav": wav,
    "mp3": mp3,
    "mp4": mp4,
    "m4a": m4a,
    "mov": mov,
    "flac": flac,
    "ogg": ogg,
    "pdf": pdf,
}
LEFT = {"gif": gif, "webm": webm}
REFUSED = {**LEFT, "two.ogg": two_sounds, "avif": avif, "docx": docx, "locked.pdf": locked_pdf}
EVERY = {**CLEANED, **LEFT, "tif": tiff, "heic": heic}


def holds(data, text=TELLTALE):
    """Say whether a text is in a file, plain or in a compressed chunk of it."""
    found = [data]
    for place in range(len(data) - 2):
        if data[place : place + 1] == b"x" and int.from_bytes(data[place : place + 2]) % 31 == 0:
            try:
                found.append(zlib.decompressobj().decompress(data[place:]))
            except zlib.error:
                continue
    return any(
        text.encode(coding) in each for each in found for coding in ("utf-8", "utf-16-be", "utf-16-le")
    )

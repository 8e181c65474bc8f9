"""Opening: one place opens image files, and says in words why one cannot be opened.

An image is a regular file of at most `MAX_PIXELS`, in a kind that Pillow decodes itself. What its header says
of turn, frames and colours is read here, and whatever is odd in it counts as not said.
"""

from __future__ import annotations

import io
import os
import re
import stat
import struct
import warnings
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from PIL import ExifTags, Image, UnidentifiedImageError

from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO

    Source = Path | BinaryIO

MAX_PIXELS = 100_000_000
"""Larger images are refused: decoded and copied they take more memory than a small machine has."""

DECODER_ERRORS = (
    UnidentifiedImageError,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What decoders raise over files that are broken, or made to break them."""

warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)  # `MAX_PIXELS` is the limit here

_FIRST_SIDEWAYS = 5  # EXIF orientations 5 to 8 swap width and height
_HEAD_BYTES = 1 << 16
_MAX_PROFILE_BYTES = 1 << 26
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_TEXTS = {b"tEXt", b"zTXt", b"iTXt"}
_PROGRAMS = {"EPS", "WMF", "GRIB", "BUFR", "HDF5", "MPEG"}  # kinds that other programs would decode
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_JXL = (b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n")
_FRAMES = {"TIFF": "pages", "MPO": "images", "ICO": "sizes", "ICNS": "sizes", "PSD": "layers"}
KINDS = "an image in a kind that Pillow reads: JPEG, PNG, WebP, AVIF, GIF, TIFF, …"


class TooLargeError(DataError):
    """An image of more pixels than are decoded."""


class NoImageError(DataError):
    """A file whose kind nothing here knows: most likely no image."""


@contextmanager
def open_image(source: Source) -> Iterator[Image.Image]:
    """Open an image, not decoded yet; in its `info`, `cicp` holds the colours that it states by numbers.

    Raises
    ------
    DataError
        When the file is missing, no regular file, no image, of a kind that is not read, cut short, or has
        more than `MAX_PIXELS` pixels; also what decoding within the block comes upon.
    """
    try:
        check_regular(source)
        with _opened(source) as file:
            _check(source, file)
            _seek_first(file)
            yield file
    except FileNotFoundError:
        raise DataError(
            Fault(str(source), "no file", "an image", "Has it been moved or not been pulled?")
        ) from None
    except Image.DecompressionBombError as error:
        raise TooLargeError(_too_large(source, str(error))) from None
    except UnidentifiedImageError as error:
        raise NoImageError(_unread(source, error)) from None
    except DECODER_ERRORS as error:
        raise DataError(broken_fault(source, error)) from None


def check_regular(source: Source) -> None:
    """Raise a `DataError` where a path leads to no regular file: a pipe would be waited for without end.

    Raises
    ------
    FileNotFoundError
        When it leads nowhere.
    """
    if isinstance(source, Path):
        mode = os.stat(source).st_mode  # noqa: PTH116 - four times as quick, and asked of every image
        if not stat.S_ISREG(mode):
            raise DataError(Fault(str(source), _kind_of(mode), "a regular file", "Leave it out."))


def check_pixels(source: object, file: Image.Image, most: int = MAX_PIXELS) -> None:
    """Raise a `TooLargeError` when an opened image has more pixels than so many."""
    if file.width * file.height > most:
        raise TooLargeError(_too_large(source, f"{file.width} × {file.height} px", most))


def orientation(file: Image.Image) -> int:
    """Return how an opened image is to be turned, in EXIF's numbers; 1 where no usable one is said."""
    try:
        found = Image.Image.getexif(file) if file.format == "PNG" else file.getexif()  # Pillow's would decode
        said = found.get(ExifTags.Base.Orientation, 1)
    except DECODER_ERRORS:
        return 1
    return said if isinstance(said, int) and 1 <= said <= 8 else 1  # noqa: PLR2004 - EXIF's eight


def stored_size(file: Image.Image) -> tuple[int, int]:
    """Return width and height of an opened image as they are stored, before any turn."""
    turned = file.format == "TIFF" and orientation(file) >= _FIRST_SIDEWAYS  # Pillow states these upright
    return (file.height, file.width) if turned else (file.width, file.height)


def upright_size(file: Image.Image, rotation_deg: int | None = None) -> tuple[int, int]:
    """Return width and height of an opened image turned upright, as `decoding.load_image` turns it."""
    width, height = stored_size(file)
    turned = orientation(file) >= _FIRST_SIDEWAYS if rotation_deg is None else rotation_deg % 180 != 0
    return (height, width) if turned else (width, height)


def frame_count(file: Image.Image) -> int:
    """Return how many frames or pages an opened image has."""
    try:
        return int(getattr(file, "n_frames", 1)) - bool(file.info.get("default_image"))
    except DECODER_ERRORS:
        return 1


def first_of(file: Image.Image) -> str:
    """Say that an opened image is the first of several; empty where it is the only one."""
    count = frame_count(file)
    return f"first of {count} {_FRAMES.get(file.format or '', 'frames')}" if count > 1 else ""


def bit_depth(file: Image.Image) -> int:
    """Return how many bits a colour has in an opened image, as far as its header says it."""
    if file.mode in {"I", "F"}:
        return 16 if file.format == "PPM" and file.mode == "I" else 32
    if "bits" in file.info:
        return int(file.info["bits"])
    if file.format == "TIFF":
        return int(max(file.tag_v2.get(258, (1,))))  # type: ignore[attr-defined]  # BitsPerSample
    told = str([each.args for each in tiles(file)[:1]])
    return 16 if ";16" in told or file.mode.startswith("I;16") or ", 65535" in told else 8


def tiles(file: Image.Image) -> list[Any]:
    """Return how the pixels of an opened image are coded, as Pillow has it; nothing once they are decoded."""
    return list(getattr(file, "tile", ()))


def broken_fault(source: object, error: Exception) -> Fault:
    """Return the fault of an image that cannot be decoded."""
    found = f"an image that cannot be decoded ({_said(source, error)})"
    return Fault(str(source), found, "a whole image", "Pull or copy the file again.")


def _said(source: object, error: Exception) -> str:
    """Return what a decoder says, in one line that names no folder: pages are passed on."""
    said = " ".join(str(error).split()) or type(error).__name__
    if isinstance(source, Path):
        said = said.replace(str(source), source.name)
    return re.sub(r"<_io\.BytesIO object at \w+>", "of these bytes", said)[:200]


def _opened(source: Source) -> Image.Image:
    try:
        file = Image.open(source)
    except ValueError:  # Pillow refuses PNGs with long texts; what they say is not needed here
        return _without_texts(source)
    more = _MORE.get(file.format or "")
    if file.format == "PNG":
        _add_stated(file, dict(_chunks(file.fp)))
    elif more:
        more(file, _head(source))
    return file


def _seek_first(file: Image.Image) -> None:
    """Turn to the first frame that is shown: some animations bring an image for programs that show none."""
    if file.info.get("default_image") and frame_count(file) > 1:
        file.seek(1)


def _check(source: Source, file: Image.Image) -> None:
    if file.format in _PROGRAMS:
        found = f"a file in {file.format}, which another program would have to decode"
        raise DataError(Fault(str(source), found, KINDS, "Save it as PNG or TIFF."))
    check_pixels(source, file)


def _too_large(source: object, what: str, most: int = MAX_PIXELS) -> Fault:
    return Fault(
        str(source),
        f"an image too large to decode: {what}",
        f"at most {most // 1_000_000} megapixels",
        "Make it smaller or leave it out of the study.",
    )


def _unread(source: Source, error: Exception) -> Fault:
    head = _head(source)
    kind = ""
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC:
        kind = "a HEIC image"
    elif head.startswith(_JXL):
        kind = "a JPEG XL image"
    if not kind:
        return broken_fault(source, error)
    return Fault(str(source), f"{kind}, which nothing here reads", KINDS, "Save it as JPEG, PNG or TIFF.")


def _kind_of(mode: int) -> str:
    kinds: dict[str, Callable[[int], bool]] = {
        "a folder": stat.S_ISDIR,
        "a pipe": stat.S_ISFIFO,
        "a socket": stat.S_ISSOCK,
        "a device": lambda mode: stat.S_ISCHR(mode) or stat.S_ISBLK(mode),
    }
    return next((name for name, is_one in kinds.items() if is_one(mode)), "something else")


# -- what a header states of colours by numbers (ITU-T H.273), which Pillow does not read


def _chunks(fp: IO[bytes] | None) -> Iterator[tuple[bytes, bytes]]:
    """Yield the short chunks before a PNG's pixels; where the file stands is left as it is."""
    if fp is None:
        return
    place = fp.tell()
    fp.seek(len(_PNG))
    while len(head := fp.read(8)) == 8 and head[4:] not in {b"IDAT", b"IEND"}:  # noqa: PLR2004 - length and name
        length = int.from_bytes(head[:4])
        if head[4:] == b"cICP":
            yield head[4:], fp.read(length)
            fp.seek(4, io.SEEK_CUR)
        else:
            fp.seek(length + 4, io.SEEK_CUR)
    fp.seek(place)


def _add_stated(file: Image.Image, chunks: dict[bytes, bytes]) -> None:
    stated = chunks.get(b"cICP", b"")
    if len(stated) == 4:  # noqa: PLR2004 - primaries, curve, matrix, range
        file.info["cicp"] = (stated[0], stated[1])


def _add_avif(file: Image.Image, head: bytes) -> None:
    place, coding = head.find(b"colrnclx"), head.find(b"av1C")
    if place >= 0 and "icc_profile" not in file.info:
        file.info["cicp"] = struct.unpack_from(">HH", head.ljust(place + 12, b"\0"), place + 8)
    if 0 <= coding < len(head) - 6:
        more = head[coding + 6]
        file.info["bits"] = (12 if more & 0x20 else 10) if more & 0x40 else 8


def _add_jpeg_2000(file: Image.Image, head: bytes) -> None:
    place, sizes = head.find(b"colr\x02"), head.find(b"\xff\x4f\xff\x51")
    if place >= 4:  # noqa: PLR2004 - the length of the box comes first
        file.info["icc_profile"] = head[place + 7 : place - 4 + int.from_bytes(head[place - 4 : place])]
    if 0 <= sizes < len(head) - 42:
        file.info["bits"] = (head[sizes + 42] & 0x7F) + 1


def _add_bmp(file: Image.Image, head: bytes) -> None:
    if head[14:18] == b"\x7c\0\0\0" and head[70:74] == b"DEBM":
        start, length = struct.unpack_from("<II", head, 126)
        file.info["icc_profile"] = head[14 + start : 14 + start + length]


_MORE: dict[str, Callable[[Image.Image, bytes], None]] = {
    "AVIF": _add_avif,
    "JPEG2000": _add_jpeg_2000,
    "BMP": _add_bmp,
}


def _head(source: Source) -> bytes:
    if isinstance(source, Path):
        with source.open("rb") as file:
            return file.read(_HEAD_BYTES)
    source.seek(0)
    return source.read(_HEAD_BYTES)


def _without_texts(source: Source) -> Image.Image:
    """Open a PNG without its texts, and with a colour profile of any size.

    Raises
    ------
    ValueError
        When it is none, or cannot be opened without them either.
    """
    data = source.read_bytes() if isinstance(source, Path) else _whole(source)
    if not data.startswith(_PNG):
        raise ValueError("its header is broken")
    kept, at, profile = [_PNG], len(_PNG), b""
    stated: dict[bytes, bytes] = {}
    while at + 8 <= len(data):
        length, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        whole = data[at : at + length + 12]
        if name == b"iCCP":
            profile = _profile(whole[8:-4])
        elif name not in _PNG_TEXTS:
            kept.append(whole)
        if name == b"cICP":
            stated[name] = whole[8:-4]
        at += length + 12
    file = Image.open(io.BytesIO(b"".join(kept)), formats=["PNG"])
    _add_stated(file, stated)
    if profile:
        file.info["icc_profile"] = profile
    return file


def _whole(source: BinaryIO) -> bytes:
    source.seek(0)
    return source.read()


def _profile(payload: bytes) -> bytes:
    """Return the profile of a PNG's chunk; empty where it is none or too large."""
    _, _, packed = payload.partition(b"\0")
    unpacking = zlib.decompressobj()
    try:
        profile = unpacking.decompress(packed[1:], _MAX_PROFILE_BYTES)
    except zlib.error:
        return b""
    return profile if unpacking.eof else b""

"""A study that holds a word below person wherever a study can hold one, and a search for it in all that was made."""

import base64
import gzip
import hashlib
import io
import json
import re
import zipfile
import zlib
from contextlib import suppress
from urllib.parse import quote

import numpy as np
import pikepdf
import polars as pl
import pypdfium2
from PIL import Image

from retrain_kit.datasets import images as images_reader

WORD = "Zörbnikum"
"""No word of any language; its second letter is written in other ways in JSON, HTML and addresses."""
CORE = "rbnikum"
"""What of it is written alike everywhere but in base64."""
SIZE = (64, 48)

TOML = """
title = "Images of a WORD"
why = "Two WORDs were asked for."
dataset = "folder"
version = "of WORD"
licence = "WORD's own"
retrieved = 2026-11-30
content_notice = "One WORD."

[files]
annotations = "annotations.jsonl"

[label_system]
file = "system.csv"

[annotation]
who = "a WORD"
when = "when the WORD came"
how = "by WORD"
undisclosed = ["Who the WORD is."]

[annotation.annotators]
"WORD" = "the WORD at work"

[labour]
protocol = "WORD"

[publication]
cite = "WORD 2026"

[[withdrawn]]
id = "gone WORD"
reason = "the WORD asked for it"
"""
SYSTEM = """id,words,parents,gloss
person,person,,
w1,WORD,person,a WORD is one
w2,boat,,
"""


def _paint(path, seed):
    path.parent.mkdir(parents=True, exist_ok=True)
    tiles = np.random.default_rng(seed).uniform(30, 220, (6, 8, 3))
    Image.fromarray(np.kron(tiles, np.ones((8, 8, 1))).astype("uint8")).save(path, quality=85)


def _annotations(word):
    said = {"annotator": word, "said": {"note": f"of a {word}", word: [word, {"deep": word}]}}
    yield {**said, "id": "r1", "label": word, "box": [4, 4, 30, 30]}
    yield {**said, "id": "r2", "label": f"{word.lower()}'s boat", "box": [20, 10, 50, 40]}
    yield {**said, "id": "r3", "label": "boat", "box": [30, 20, 60, 45]}
    yield {**said, "id": "p1", "phrase": f"two {word.upper()}S in a boat", "box": [4, 4, 30, 30]}
    yield {**said, "id": "l1", "image_label": word, "present": True}
    yield {**said, "id": "l2", "image_label": f"no {word}", "present": False}
    yield {**said, "id": "q1", "subject": "r1", "predicate": f"is {word} of", "object": "r3"}
    yield {**said, "id": "x1", "label": word, "box": [90, 90, 80, 80]}
    yield {**said, "id": "x2", "label": f"a {word}", "box": [400, 400, 480, 480]}
    yield {**said, "id": "x3", "label": word, "image": f"none of {word}", "box": [1, 1, 2, 2]}


def write_study(folder, word=WORD, images=6):
    """Write the study into a folder, of a label system or of the folder's annotations alone."""
    rows = ["id,file,sha256,width_px,height_px,licence,author,source,note,alt,notice,leaves_out"]
    lines, starts = [], ["image,blank,start,anchor,author"]
    for number in range(images):
        file = f"{word.lower()}/{word}_{number}.jpg"
        name = images_reader.id_of_path(file)
        _paint(folder / file, number // 2)
        digest = hashlib.sha256((folder / file).read_bytes()).hexdigest()
        said = f"CC0-1.0,{word} Smith,https://a.example/{quote(word)}/{number}.jpg,{word}"
        rows.append(f"{name},{file},{digest},{SIZE[0]},{SIZE[1]},{said},A {word}.,{word} seen,The {word}.")
        lines += (
            json.dumps({"image": name, **made}, ensure_ascii=number % 2 > 0) for made in _annotations(word)
        )
        starts.append(f"{name},,a kite | a tree,a submarine,Ana")
    texts = {
        "mine.csv": "\n".join(rows),
        "mine.starts.csv": "\n".join(starts),
        "annotations.jsonl": "\n".join(lines),
        "system.csv": SYSTEM.replace("WORD", word),
        "mine.toml": TOML.replace("WORD", word),
    }
    for name, text in texts.items():
        (folder / name).write_text(f"{text}\n", encoding="utf-8")


def _base64_forms():
    """Return how the word's core is written in base64, at each of three places."""
    for before in range(3):
        text = base64.b64encode(b"\0" * before + CORE.encode()).decode().rstrip("=")
        yield text[before and before + 1 :][: len(CORE) * 8 // 6 - 2]


_FORMS = tuple(_base64_forms())
_ENCODED = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")


def found_in(data, depth=0):
    """Say whether bytes hold the word: as they are, in any case, encoded or packed."""
    text = data.decode("utf-8", "replace")
    wide = data.decode("utf-16-le", "ignore") if b"\0" in data else ""
    if CORE in text.casefold() or CORE in wide.casefold() or any(form in text for form in _FORMS):
        return True
    return depth < 4 and any(found_in(part, depth + 1) for part in _unpacked(data, text))


def _unpacked(data, text):
    """Yield what bytes hold packed: archives, streams, texts of images, tables, pages, data in addresses."""
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield "\n".join(archive.namelist()).encode()
            yield from map(archive.read, archive.namelist())
    elif data[:2] == b"\x1f\x8b":
        yield gzip.decompress(data)
    elif data[:4] == b"PAR1":
        table = pl.read_parquet(io.BytesIO(data))
        yield table.write_ndjson().encode()
        yield repr(pl.read_parquet_metadata(io.BytesIO(data))).encode()
    elif data[:5] == b"%PDF-":
        yield from _of_pdf(data)
    elif data[:4] == b"\x89PNG" or data[:3] == b"\xff\xd8\xff":
        with suppress(OSError), Image.open(io.BytesIO(data)) as image:
            image.load()
            yield repr(image.info).encode()
    else:
        for each in _ENCODED.findall(text):
            whole = each.rstrip("=")
            packed = base64.b64decode(whole[: len(whole) - (len(whole) % 4 == 1)] + "===")
            yield packed
            for window in (-15, 15, 31):
                try:
                    yield zlib.decompressobj(window).decompress(packed)
                except zlib.error:
                    continue


def _of_pdf(data):
    document = pypdfium2.PdfDocument(data)
    yield "".join(page.get_textpage().get_text_range() for page in document).encode()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for each in pdf.objects:
            if isinstance(each, pikepdf.Stream):
                yield each.read_raw_bytes()
            yield repr(each).encode()


def files_with_the_word(folder, besides=()):
    """Return the files of a folder that hold the word, in their names or in what they are."""
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if any(name.startswith(each) for each in besides):
            continue
        if CORE in name.casefold() or (path.is_file() and found_in(path.read_bytes())):
            found.append(name)
    return found

"""Small studies of real files, looked at by a person, and their cards as images."""

import csv
import io
import json

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from retrain_kit.storage import files
from retrain_kit.studies import manifests, reviews

TOML = """
title = "{title}"
why = "To be printed."
dataset = "folder"
version = "1"
licence = "CC0-1.0"
retrieved = "2026-11-01"
[files]
annotations = "{name}.jsonl"
[annotation]
who = "unknown"
when = "unknown"
how = "unknown"
"""
COLUMNS = ("id", "file", "sha256", "width_px", "height_px", "licence", "author", "source", "alt", "notice")


@pytest.fixture(autouse=True)
def own_data(tmp_path, monkeypatch):
    """The decisions on the kit's own studies are kept where the test stands."""
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(tmp_path / "data"))


@pytest.fixture
def make_study(tmp_path):
    """Return a function that makes a study of files: bytes by name, and what its table and annotations say."""

    def make(content, name="mine", title="Mine", annotations=(), **said):
        rows = [_row(tmp_path, name, file, data, said.get(file, {})) for file, data in content.items()]
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as table:
            writer = csv.DictWriter(table, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
        (tmp_path / f"{name}.jsonl").write_text(
            "".join(json.dumps(annotation) + "\n" for annotation in annotations)
        )
        toml = tmp_path / f"{name}.toml"
        toml.write_text(TOML.format(title=title, name=name), encoding="utf-8")
        return manifests.load(toml)

    return make


def _row(folder, name, file, data, said):
    path = folder / name / file
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    with Image.open(io.BytesIO(data)) as image:
        width, height = image.size
        if image.getexif().get(0x0112, 1) >= 5:
            width, height = height, width
    row = {
        "licence": "CC0-1.0",
        "author": "unknown",
        "source": "unknown",
        "width_px": width,
        "height_px": height,
    }
    return row | {"id": path.stem, "file": f"{name}/{file}", "sha256": files.sha256(path)} | said


@pytest.fixture
def looked_at():
    """Return a function that accepts all images of a study, as a person who was shown each."""

    def accept(study):
        stamp = "2026-11-01T09:00:00Z"
        reviews.keep_decisions(
            study,
            [
                reviews.Decision(study.name, image.id, "accept", when=stamp, sha256=image.sha256)
                for image in study.images
            ],
        )
        return study

    return accept


@pytest.fixture
def coded():
    """Return a function that gives a plain image as a file's bytes."""

    def code(size=(60, 40), colour=(200, 30, 30), kind="JPEG", mode="RGB", **how):
        data = io.BytesIO()
        Image.new("RGB", size, colour).convert(mode).save(data, kind, **how)
        return data.getvalue()

    return code


@pytest.fixture
def rendered():
    """Return a function that gives a page of a PDF as an image, so many pixels a millimetre."""

    def render(pdf, number=0, per_mm=4):
        page = pypdfium2.PdfDocument(pdf)[number]
        return page.render(scale=per_mm * 25.4 / 72).to_pil().convert("RGB")

    return render


@pytest.fixture
def missing():
    """Return a function that counts the empty boxes (glyph 0) that a PDF sets."""

    def count(path):
        boxes = 0
        with pikepdf.open(path) as file:
            for page in file.pages:
                for operands, operator in pikepdf.parse_content_stream(page):
                    parts = {"Tj": operands[:1], "TJ": operands[0] if operands else ()}.get(str(operator), ())
                    texts = [bytes(part) for part in parts if isinstance(part, pikepdf.String)]
                    boxes += sum(
                        text[at : at + 2] == b"\0\0" for text in texts for at in range(0, len(text), 2)
                    )
        return boxes

    return count

"""Notebook 11 runs headless: every number leads to what it counts, and no veiled word is in its page."""

import base64
import hashlib
import json
import re
import shutil

import pytest
import reporting
from small_studies import folder_toml

from retrain_kit.datasets import folder
from retrain_kit.studies import manifests

TOML = folder_toml(
    "Zorbniks and cats",
    "A test.",
    """
[annotation.annotators]
Ana = "writes phrases about a zorbnik"
""",
)
SYSTEM = """id,words,parents,gloss
entity,entity,,
person,person,entity,
n1,zorbnik,person,a zorbnik
animal,animal,entity,
cat,cat,animal,
boat,boat,entity,
"""
EVEN = ("a shabby zorbnik with a cat", "a leash on the wall", "the woman is haughty")
ODD = ("a zorbnik holding a leash", "the cat is grey", "a lofty woman with a boat")
VEILED = ("zorbnik", "shabby", "haughty", "lofty")


def write_study(where):
    """Write twelve images: cats and zorbniks in boxes and in phrases, and labels that are denied."""
    samples = {each.id: each for each in folder.read(manifests.load("embedded-sample"))}
    rows, lines = ["id,file,sha256,width_px,height_px,licence,author,source"], []
    for number in range(12):
        sample, name = samples["cat" if number % 2 else "astronaut"], f"zorbnik-{number}"
        shutil.copy(sample.path, where / f"{name}.jpg")
        digest, (width, height) = hashlib.sha256(sample.path.read_bytes()).hexdigest(), sample.size
        rows.append(f"{name},{name}.jpg,{digest},{width},{height},CC0-1.0,unknown,unknown")
        made = {"image": name, "annotator": "Ana"}
        place = {"box": [0, 0, width, height], **made}
        lines.append({**place, "id": "b", "label": "cat" if number % 2 else "zorbnik"})
        lines += [{**place, "id": f"p{n}", "phrase": each} for n, each in enumerate((EVEN, ODD)[number % 2])]
        lines.append({**made, "id": "l", "image_label": "boat", "present": number < 3})
    (where / "study.csv").write_text("\n".join(rows) + "\n")
    (where / "annotations.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n")
    (where / "study.toml").write_text(TOML)
    (where / "system.csv").write_text(SYSTEM)


def read(where, *options):
    """Return the page of a report and all text that it holds, what is packed in addresses unpacked."""
    done = reporting.report("11", where, "--study", "study.toml", "-p", "label_system=system.csv", *options)
    assert done.returncode == 0, done.stderr
    (path,) = (where / "reports").rglob("*.html")
    raw = path.read_text(encoding="utf-8")
    packed = re.findall(r"data:text/csv;charset=utf-8;base64,([A-Za-z0-9+/=]+)", raw)
    assert len(packed) >= 4
    soup = reporting.page(where)
    for asked in soup.select(".rk-parameters, .rk-code"):
        asked.decompose()  # the words that were typed
    return soup, "\n".join([str(soup), *(base64.b64decode(each).decode("utf-8-sig") for each in packed)])


@pytest.fixture(scope="module")
def veiled(kit_database, tmp_path_factory):
    where = tmp_path_factory.mktemp("words")
    write_study(where)
    return read(where, "-p", "beside=[zorbnik, woman]")


def table(soup, name):
    found = soup.select_one(f'.rk-scroll[aria-label="Table: {name}"]')
    return [
        [cell.get_text(strip=True) for cell in row.find_all(["th", "td"])] for row in found.select("tbody tr")
    ]


def test_no_veiled_word_is_in_the_page_nor_in_its_tables(veiled):
    soup, held = veiled
    assert [word for word in VEILED if word in held.casefold()] == []
    assert [each for each in soup.select(".rk-around, .rk-note") if "woman" in each.text] == []
    assert "▒▒▒ #" in held


def test_every_number_leads_to_what_it_counts(veiled):
    soup, _ = veiled
    links = soup.select("table.rk-evidence a")
    assert len(links) > 20
    for link in links:
        section = soup.find(id=link["href"].removeprefix("#"))
        assert section.select("q, svg")
    assert soup.find_all(["script", "input", "video", "iframe"]) == []


def test_what_is_written_and_in_no_box_is_counted(veiled):
    soup, _ = veiled
    rows = {row[0]: row[1:] for row in table(soup, "written and in no box")}
    assert rows["cat"] == ["12", "6", "0", "6", "6"]
    assert rows["boat"] == ["6", "6", "0", "0", "0"]
    assert {row[0]: row[1] for row in table(soup, "no word")}.items() >= {"leash": "12", "wall": "6"}.items()


def test_what_is_denied_and_what_never_meets_is_counted(veiled):
    soup, _ = veiled
    (boat,) = table(soup, "denied")
    assert boat[:4] == ["boat", "12", "9", "75.0%"]
    (never,) = [
        row for row in table(soup, "never together") if row[0].endswith("cat") or row[0].startswith("cat")
    ]
    assert never[1:5] == ["6", "6", "0", "3.0"]


def test_what_stands_beside_a_word_has_its_counts_though_it_is_veiled(veiled):
    soup, _ = veiled
    rows = table(soup, "beside ▒▒▒ 1")
    assert ["holding", "does", "6 of 12", "50.0%"] in [row[:4] for row in rows]
    assert ["said of it", "6 of 12"] in [row[1:3] for row in rows if row[0].startswith("▒▒▒ #")]


def test_words_are_shown_where_the_notice_was_accepted(kit_database, tmp_path):
    write_study(tmp_path)
    soup, held = read(tmp_path, "-p", "beside=[zorbnik, woman]", "-p", "accepted=true", "-p", "people=shown")
    assert ["shabby", "said of it", "6 of 12"] in [row[:3] for row in table(soup, "beside zorbnik")]
    assert "▒▒▒" not in " ".join(each.get_text() for each in soup.select(".rk-around"))
    assert "the woman is haughty" in held

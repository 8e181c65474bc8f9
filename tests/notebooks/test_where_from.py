"""Where from, in notebook 11: unknown first, each number leads to images, nothing exact and no people beside a place."""

import base64
import csv
import hashlib
import io
import json
import re

import pytest
import reporting
from PIL import ExifTags, Image
from small_studies import folder_toml

TOML = folder_toml("Feasts", "What is a feast?")
SYSTEM = """id,words,parents,gloss
n00000001,entity,,what is
n00000002,festivity,n00000001,a day of joy
n00000003,Halloween,n00000002,the eve of All Saints' Day
n00000004,Ramadan,n00000002,the month of fasting
n00000005,Diwali,n00000002,the feast of lamps
n00007846,person,n00000001,a human being
n00000006,reveller,n00007846,a celebrant
"""
BOSTON, NAIROBI = (42.361145, -71.057083), (-1.286389, 36.817223)
WRONG = {"wrong": (95.0, 10.0), "zero": (0.0, 0.0)}
LABELS = {
    **{f"boston-{n}": ("Halloween", "pumpkin") for n in range(6)},
    "boston-who": ("Halloween", "reveller"),
    **{f"nairobi-{n}": ("tree",) for n in range(6)},
    **{f"nobody-{n}": ("tree", "pumpkin") for n in range(3)},
    **dict.fromkeys(WRONG, ("tree",)),
    "tabled": ("tree",),
}


def degrees(value):
    whole, rest = divmod(abs(value), 1)
    minutes, rest = divmod(rest * 60, 1)
    return whole, minutes, round(rest * 60, 2)


def photo(number, point):
    """Return the bytes of a small image with a place in its EXIF."""
    image = Image.new("RGB", (64, 48), (10 * number % 256, 90, 200))
    exif = image.getexif()
    if point:
        north, east = point
        exif.get_ifd(ExifTags.IFD.GPSInfo).update(
            {1: "NS"[north < 0], 2: degrees(north), 3: "EW"[east < 0], 4: degrees(east)}
        )
    data = io.BytesIO()
    image.save(data, "jpeg", exif=exif)
    return data.getvalue()


def write_study(where):
    """Write a study of images from two places, some of nowhere, and a table that names one place more."""
    rows, lines = ["id,file,sha256,width_px,height_px,licence,author,source"], []
    points = {"boston": BOSTON, "nairobi": NAIROBI, **WRONG}
    for number, (name, labels) in enumerate(LABELS.items()):
        data = photo(number, points.get(name.split("-")[0]))
        (where / f"{name}.jpg").write_bytes(data)
        rows.append(f"{name},{name}.jpg,{hashlib.sha256(data).hexdigest()},64,48,CC0-1.0,unknown,unknown")
        for place, label in enumerate(labels):
            box = {"image": name, "id": f"{place}", "label": label, "annotator": "Ana", "box": [0, 0, 40, 40]}
            lines.append(json.dumps(box))
    (where / "feasts.csv").write_text("\n".join(rows) + "\n")
    (where / "annotations.jsonl").write_text("\n".join(lines) + "\n")
    (where / "feasts.toml").write_text(TOML)
    (where / "system.csv").write_text(SYSTEM)
    (where / "places.csv").write_text("image,country\ntabled,Kenya\nboston-0,USA\nof-another-study,Peru\n")


@pytest.fixture(scope="module")
def page(kit_database, tmp_path_factory):
    where = tmp_path_factory.mktemp("feasts")
    write_study(where)
    values = ("label_system=system.csv", "places=places.csv", "stands_for=festivity,wedding", "fewest=3")
    options = [word for value in values for word in ("-p", value)]
    done = reporting.report("11", where, "--study", "feasts.toml", *options)
    assert done.returncode == 0, done.stderr
    return reporting.page(where)


def tables(soup):
    """Return the tables whose numbers lead somewhere, by name: rows as their cells."""
    return {
        each["aria-label"].removeprefix("Table: "): [
            [cell.get_text(strip=True) for cell in row.find_all(["th", "td"])]
            for row in each.select("tbody tr")
        ]
        for each in soup.select('.rk-scroll[aria-label^="Table: "]')
        if each.select_one("table.rk-evidence")
    }


def packed(soup, name):
    """Return the rows of a CSV that the page holds."""
    link = soup.select_one(f'a[download="{name}.csv"]')
    text = base64.b64decode(link["href"].partition(",")[2]).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_what_is_unknown_comes_first_and_what_is_no_place_is_counted(page):
    assert [row[:2] for row in tables(page)["who says where"]] == [
        ["unknown", "5"],
        ["known", "14"],
        ["by places.csv", "2"],
        ["by EXIF", "13"],
        ["by EXIF, and before it by another", "1"],
        ["no place, by EXIF: latitude 95", "1"],
        ["no place, by EXIF: 0, 0: programs write this where no place is known", "1"],
        ["known, with people", "1"],
    ]
    assert "1 row of no image of this study." in reporting.text(page)
    assert [row[:4] for row in tables(page)["places"]] == [
        ["unknown", "5", "26.3%", "–"],
        ["0–10° S, 30–40° E", "6", "31.6%", "42.9%"],
        ["40–50° N, 70–80° W", "6", "31.6%", "42.9%"],
        ["Kenya", "1", "5.3%", "7.1%"],
        ["USA", "1", "5.3%", "7.1%"],
    ]


def test_a_word_is_missing_at_a_place_beside_what_chance_does(page):
    assert tables(page)["words never there"] == [
        ["0–10° S, 30–40° E: Halloween", "0", "3.0", "0.2%", "7"],
        ["40–50° N, 70–80° W: tree", "0", "3.0", "0.2%", "7"],
    ]
    assert (
        "4 pairs of a place and a word were to be expected; 0.01 would be missing by chance alone, 2 are."
        in (reporting.text(page))
    )


def test_what_stands_for_a_word_is_told_with_what_is_never_there(page):
    text = reporting.text(page)
    rows = tables(page)["what stands for festivity"]
    assert ["all of them", "", "7", "100.0%", "36.8%", "–", "–"] in rows
    assert ["Halloween", "so labelled", "7", "100.0%", "36.8%", "–", "–"] in rows
    assert [row[:5] for row in rows if row[0] == "pumpkin"] == [
        ["pumpkin", "beside it", "6", "85.7%", "47.4%"]
    ]
    assert "in no image 3 of the 4 kinds at and below it: festivity, Ramadan, Diwali" in text
    assert "wedding: no image is labelled so" in text
    assert [row["words"] for row in packed(page, "listed-and-never-used")] == [
        "festivity",
        "Ramadan",
        "Diwali",
    ]


def test_each_number_leads_to_its_images_and_back(page):
    for table in page.select("table.rk-evidence"):
        for link in table.select("tbody a"):
            section = page.find(id=link["href"].removeprefix("#"))
            assert section.name == "section"
            back = section.h3.a["href"].removeprefix("#")
            assert page.find(id=back).name == "table"
            for use in section.select("use"):
                assert page.find(id=use["href"].removeprefix("#")).name == "image"


def test_an_image_of_people_counts_at_its_place_and_is_not_shown_there(page):
    sections = [each for each in page.select("section[id]") if "40–50° N, 70–80° W" in each.h3.get_text()]
    assert any("with people, not shown beside a place" in each.h3.get_text() for each in sections)
    assert [each for each in sections if "boston-who" in each.get_text()] == []
    listed = packed(page, "places-of-images")
    assert "boston-who" not in [row["image"] for row in listed]
    assert {row["whole degrees"] for row in listed} == {"", "1–2° S, 36–37° E", "42–43° N, 71–72° W"}


def test_nothing_exact_and_no_veiled_word_is_in_the_page(page):
    held = str(page)
    held += "".join(
        base64.b64decode(each).decode()
        for each in re.findall(
            r"data:(?:text/csv;charset=utf-8|image/svg\+xml);base64,([A-Za-z0-9+/=]+)", held
        )
    )
    for exact in ("42.36", "71.05", "1.286", "36.81", "21.67"):
        assert exact not in held
    assert "reveller" not in held.casefold()

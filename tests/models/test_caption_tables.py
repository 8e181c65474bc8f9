"""Captions of a table: a line is about the one image that its name means."""

import pytest

from retrain_kit.annotations.written import CreditedLine
from retrain_kit.errors import DataError
from retrain_kit.models import caption_tables
from retrain_kit.studies.image_table import ImageRow


def test_captions_of_a_table(tmp_path):
    path = tmp_path / "lines.csv"
    path.write_text("image,caption,credit\ncat, a  cat ,a model\ndog,a dog,\n")
    cat, dog = CreditedLine("a cat", "a model"), CreditedLine("a dog")
    assert caption_tables.read_captions(path) == {"cat": cat, "dog": dog}
    path.write_text("image,caption\ncat,a cat\ncat,again\n,nobody\nowl,\n")
    with pytest.raises(DataError) as caught:
        caption_tables.read_captions(path)
    assert [fault.found for fault in caught.value.faults] == [
        *("a second caption of 'cat'", "no image", "no caption"),
    ]


@pytest.mark.parametrize(
    ("names", "of_images"),
    [
        (("cat/1.jpg", "dog/1.jpg", "cat/2.jpg"), {"c1": 0, "d1": 1, "c2": 2}),
        (("1.jpg", "2.jpg", "3.jpg"), {"c2": 1}),  # two files are called 1.jpg, none is called 3.jpg
        (("c1", "cat/1.jpg", "dog\\1.jpg"), {"c1": 0, "d1": 2}),  # an id goes before a file
        (("./cat/2.jpg", "2.jpg"), {"c2": 0}),  # of two that fit the longer
        (("C:\\my\\cat\\2.jpg", "/data/cat/2.jpg"), {}),  # two that fit equally well
        (("owl/2.jpg", "at/2.jpg"), {}),  # not this folder
        (("https://example.org/dog/1.jpg?size=9", "http://x/a%20b.jpg#top", "b.jpg"), {"d1": 0, "ab": 1}),
        (("A 1/2", "./cat/2.jpg"), {"A 1%2F2": 0, "c2": 1}),  # a museum's number, as it writes it
        (("/", "..", "jpg", "https://[x/b.jpg"), {}),
        (("\u00e3", "cat/S\u00e3o.jpg"), {"a\u0303": 0, "sp": 1}),  # accents, as another system writes them
    ],
)
def test_a_line_is_about_the_one_image_that_its_name_means(names, of_images):
    files = {"c1": "cat/1.jpg", "d1": "dog/1.jpg", "c2": "cat/2.jpg", "ab": "a b.jpg", "A 1%2F2": "x"}
    files |= {"a\u0303": "x.jpg", "sp": "cat/Sa\u0303o.jpg"}
    images = [ImageRow(name, file, "", 8, 6, "", "", "") for name, file in files.items()]
    lines = {name: CreditedLine(str(number)) for number, name in enumerate(names)}
    told = caption_tables.captions_of_images(lines, images)
    assert {own: int(line.text) for own, line in told.items()} == of_images

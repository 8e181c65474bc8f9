"""What came back is shown in a notebook as text and images, and until then what nobody said."""

import io

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from retrain_kit.answers import Consent
from retrain_kit.errors import ParameterError
from retrain_kit.exercises.living_with_images.returns import Gift, Returns, Voice, notebook_view

AGREED = Voice(Consent(("class",), "1", "2025-03-04T09:30:00Z"))


@pytest.fixture
def returns(tmp_path):
    with Returns(tmp_path / "answers", "embedded-sample") as opened:
        yield opened


def test_before_anything_came_back_the_demonstration_says_that_nobody_said_it(returns, embedded):
    said = str(notebook_view.returns_view(returns, embedded, "class"))
    assert said.count("Made for demonstration: nobody said this.") == 2
    assert "nobody 1: Nothing.\n" in said
    assert returns.records() == []


def test_what_came_back_takes_the_place_of_the_demonstration_and_stays_text(returns, embedded):
    given = returns.give("bison", AGREED, Gift("<script>alert(1)</script>"))
    returns.store.amend(given.record.id, "or <b>not</b>", given.key, language="en")
    returns.refuse("cow", "no-answer", AGREED)
    page = notebook_view.returns_view(returns, embedded, "class")._repr_html_()
    soup = BeautifulSoup(page, "html.parser")
    assert soup.find_all(["script", "b"]) == []
    assert [each.get_text() for each in soup.select("dd p")] == [
        "I choose not to answer.",
        "<script>alert(1)</script>",
        f"or <b>not</b> ({given.record.when[:10]})",
    ]
    assert "demonstration" not in page


def test_an_image_is_shown_and_a_sound_is_named(returns, embedded, tmp_path):
    drawing = io.BytesIO()
    Image.new("RGB", (4, 3), "red").save(drawing, "PNG")
    for name, data in (
        ("d.png", drawing.getvalue()),
        ("s.mp3", b"ID3\x04\0\0\0\0\0\0" + b"\xff\xfb\x90\0" * 400),
    ):
        (tmp_path / name).write_bytes(data)
        returns.give("bison", AGREED, Gift(path=tmp_path / name))
    soup = BeautifulSoup(notebook_view.returns_view(returns, embedded, "class")._repr_html_(), "html.parser")
    (image,) = soup.select("dd img")
    assert image["src"].startswith("data:image/png;base64,")
    assert [each.get_text() for each in soup.select("dd em")] == ["a sound, MP3"]


def test_what_is_not_agreed_to_for_the_use_is_not_shown(returns, embedded):
    returns.give("bison", AGREED, Gift("for the class alone"))
    assert "for the class alone" not in str(notebook_view.returns_view(returns, embedded, "publication"))
    with pytest.raises(ParameterError, match="use: found 'poster'; expected one of class, publication"):
        notebook_view.returns_view(returns, embedded, "poster")

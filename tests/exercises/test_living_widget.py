"""The kernel's half of the widget of Living with images, and its static twin."""

import io
import json

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from retrain_kit.answers import Store
from retrain_kit.display.figures import Panel
from retrain_kit.errors import ParameterError
from retrain_kit.exercises.living_with_images.descriptions import FIRST, SECOND, ImageToDescribe
from retrain_kit.exercises.living_with_images.living_with_images import LivingWithImages
from retrain_kit.exercises.living_with_images.widget import Descriptions, images_to_describe_html


def image(number):
    file = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(file, "PNG")
    panel = Panel(f"Image {number}", f"plane {number}", file.getvalue(), "image/png")
    return ImageToDescribe(
        f"id-of-{number}", f"Image {number}", panel, "Study one", "a plane" if number == 1 else ""
    )


IMAGES = [image(1), image(2)]


@pytest.fixture
def exercise(tmp_path):
    with Store(tmp_path / "answers") as store:
        yield LivingWithImages(store, "planes")


@pytest.fixture
def widget(exercise):
    return Descriptions(exercise, IMAGES)


def say(widget, text="A plane", **more):
    sent = {
        "act": "say",
        "index": 0,
        "text": text,
        "seconds": 20,
        "typed": 9,
        "uses": ["class"],
        "language": "en",
    }
    return widget.answer({**sent, **more})


def test_what_is_asked_stands_in_english_with_the_translation_beside(exercise):
    widget = Descriptions(exercise, IMAGES, language="es")
    assert widget.setting["asked"] == [
        "Write down what you see in this image in 20 seconds.",
        "Escriba lo que ve en esta imagen en 20 segundos.",
    ]
    assert widget.setting["unreviewed"] == "traducción, sin revisar"


def test_the_times_are_told_in_words(widget):
    assert [label for _, label in widget.setting["times"]] == [
        "20 seconds, as asked",
        "40 seconds, twice as much",
        "200 seconds, ten times as much",
        "no limit",
    ]


def test_words_and_keys_travel_by_message_and_are_in_no_saved_state(widget):
    key = say(widget, "A teal plane")["key"]
    state = json.dumps(widget.get_state(), default=str)
    assert "teal plane" not in state
    assert key not in state
    assert "id-of-1" not in state


def test_nobody_reads_what_others_wrote(widget):
    say(widget, "A teal plane")
    page = widget.answer({"act": "somebody-else"})
    assert (page["mine"], page["who"], page["key"]) == ([], "", "")


def test_in_the_second_class_one_reads_the_first_text_only_when_the_second_is_there(exercise, widget):
    key = say(widget, "A teal plane")["key"]
    second = Descriptions(exercise, IMAGES, SECOND)
    page = second.answer({"act": "return", "key": key})
    (first,) = page["mine"]
    assert (first["which"], first["parts"], first["hidden"]) == ("first", [], True)
    del page["file"]  # what this person takes along, which is not shown
    assert "teal" not in json.dumps(page)
    page = say(second, "A plane that waits", seconds=30)
    assert [each["which"] for each in page["mine"]] == ["first", "second"]
    assert page["mine"][0]["parts"] == [("A ", False), ("teal", True), (" plane", False)]
    assert page["changes"] == [("stayed", ("plane",)), ("dropped", ("teal",)), ("added", ("waits",))]


def test_a_time_that_is_none_is_a_fault_and_nothing_is_kept(widget):
    for seconds, typed in ((5, 1), (20, 21), ("20", 1), (20, "long"), (20, [])):
        assert "seconds: found" in say(widget, seconds=seconds, typed=typed)["fault"]
    assert widget.answer({"act": "look"})["mine"] == []


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"act": "shout"},
        {"act": "go", "index": 7},
        {"act": "say", "index": "0"},
        {"act": "refuse", "index": 0},
    ],
)
def test_a_message_that_means_nothing_is_answered_in_words(widget, sent):
    assert "expected" in widget.answer(sent)["fault"]


def test_all_that_is_wrong_with_a_widget_is_said_together(exercise):
    with pytest.raises(ParameterError) as caught:
        Descriptions(exercise, [], "third", "de", 3)
    assert [fault.where for fault in caught.value.faults] == [
        "Descriptions, items",
        "Descriptions, which",
        "Descriptions, times",
        "language",
    ]


def test_the_static_twin_shows_images_and_two_descriptions_that_nobody_wrote(widget):
    say(widget, "A teal plane of mine")
    data, _ = widget._repr_mimebundle_()
    soup = BeautifulSoup(data["text/html"], "html.parser")
    said = soup.get_text()
    assert "mine" not in said
    assert "Demonstration: said by nobody." in said
    assert "A red cup of coffee that nobody drinks" in said
    assert [image["alt"] for image in soup.find_all("img")] == ["plane 1", "plane 2"]
    assert said.count("nobody 1") == 1
    assert "nobody 2" not in said
    assert "Notice: a plane. Study one" in said
    assert not soup.find_all(["script", "style"])
    assert data["text/plain"].splitlines()[1:] == ["Image 1", "Image 2"]
    assert images_to_describe_html(IMAGES, FIRST, "en") != images_to_describe_html(IMAGES, SECOND, "en")

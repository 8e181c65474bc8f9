"""*I have a file*: what somebody said elsewhere comes back into a widget's session, with their key alone."""

import pytest

from retrain_kit.answers import Author, Store
from retrain_kit.answers.takeaway import takeaway
from retrain_kit.exercises.common.session import Screen
from retrain_kit.exercises.living_with_images.descriptions import FIRST, SECOND, ImageToDescribe
from retrain_kit.exercises.living_with_images.living_with_images import LivingWithImages
from retrain_kit.exercises.living_with_images.session import DescriptionsSession

KEY, OTHER = (Author.new().key for _ in range(2))
WHO = Author(KEY).who
CLOCK = {"seconds": 30, "typed": 3}


def session(folder, which):
    image = ImageToDescribe("cup", "Image 1", None, "Study")
    return DescriptionsSession(LivingWithImages(Store(folder), "s"), [image], which)


def said(at, screen, text, once):
    page = at.answer(screen, {"act": "say", "text": text, "uses": ["class"], "once": once * 32, **CLOCK})
    assert not page["fault"]


@pytest.fixture
def file(tmp_path):
    """What somebody takes along from the first class, where somebody else spoke as well."""
    first = session(tmp_path / "first", FIRST)
    said(first, Screen([KEY]), "A cup of coffee", "a")
    said(first, Screen([OTHER]), "Breakfast", "b")
    return takeaway(first.stores, [KEY])["text"]


def test_the_first_text_comes_back_in_the_second_class(tmp_path, file):
    second, screen = session(tmp_path / "second", SECOND), Screen(keeper=True)
    shown = second.answer(screen, {"act": "open-file", "file": file})
    assert shown == {"brought": {"people": [WHO], "said": ["A cup of coffee"]}}
    assert (second.records, screen.who) == ([], "")
    page = second.answer(screen, {"act": "bring", "file": file, "key": KEY})
    assert page["told"] == f"You are {WHO} again. 1 answer or footnote came back."
    assert [each["which"] for each in page["mine"]] == [FIRST]
    said(second, screen, "A cup that waits", "c")
    both = second.exercise.described("cup", WHO)
    assert (both.first.text, both.second.text) == ("A cup of coffee", "A cup that waits")
    again = second.answer(screen, {"act": "bring", "file": file, "key": KEY})
    assert again["told"] == f"You are {WHO} again. 0 answers and footnotes came back."


def test_nobody_goes_on_with_somebody_elses_file(tmp_path, file):
    second, screen = session(tmp_path / "second", SECOND), Screen(keeper=True)
    page = second.answer(screen, {"act": "bring", "file": file, "key": OTHER})
    assert "found another person's" in page["fault"]
    assert (second.records, screen.who) == ([], "")


def test_what_somebody_changed_in_the_file_stays_out(tmp_path, file):
    second, screen = session(tmp_path / "second", SECOND), Screen(keeper=True)
    changed = file.replace("A cup of coffee", "Tea")
    assert second.answer(screen, {"act": "open-file", "file": changed})["brought"]["said"] == []
    assert second.answer(screen, {"act": "bring", "file": changed, "key": KEY})["fault"]
    assert second.records == []


def test_what_is_no_file_of_answers_is_told(tmp_path):
    second = session(tmp_path / "second", SECOND)
    page = second.answer(Screen(keeper=True), {"act": "open-file", "file": "The key of somebody"})
    assert "the header of retrain-kit answers" in page["fault"]


def test_in_a_class_no_file_is_taken(tmp_path, file):
    second = session(tmp_path / "second", SECOND)
    for long in ("", " " * 20_000):
        page = second.answer(Screen(), {"act": "bring", "file": file + long, "key": KEY})
        assert page["fault"]
    assert second.records == []

"""What stands beside words: typed sentences and tables, laws, intervals that were published."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trying import examples
from words_written import image

from retrain_kit.analysis.english import EnglishReader
from retrain_kit.analysis.intervals import share_difference_interval, share_interval
from retrain_kit.analysis.word_company import (
    Place,
    beside_words,
    count_word_company,
    quote_word_company,
)
from retrain_kit.analysis.written_words import image_words

READER = EnglishReader()
ASKED = ("man", "woman")


def company(samples, fewest=1):
    return count_word_company(image_words(samples), READER, ASKED, fewest)


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("A tall man in a red shirt is riding.", "man said of it tall, man with it shirt"),
        ("the woman is young and very slim", "woman said of it young, woman said of it slim"),
        ("women holding umbrellas", "woman does holding, woman with it umbrella"),
        ("the man wears a hat", "man does wears, man with it hat"),
        ("a man who is wearing a tie", "man does wearing, man with it tie"),
        ("The man is a doctor. A dog sits.", "man with it doctor"),
        ("a man's hat", ""),
        ("mankind", ""),
    ],
)
def test_beside_a_word_stands(text, beside):
    found = beside_words(READER.read(text), set(ASKED))
    assert ", ".join(" ".join(each) for each in found) == beside


def test_shares_are_of_images_and_laid_beside_the_other_words():
    samples = [image(f"m{n}", "", "a man with a hat", "a man with a hat") for n in range(6)]
    samples += [image(f"w{n}", "", "a woman with a hat" if n < 2 else "a woman") for n in range(8)]
    samples += [image("both", "", "a man with a hat", "a woman"), image("none", "", "a hat")]
    found = company(samples, fewest=2)
    assert found.images == {"man": 7, "woman": 9}
    (man, woman) = found.rows
    assert (man.word, man.place, man.other) == ("man", Place.WITH, "hat")
    assert (man.together, man.images, man.elsewhere, man.other_images) == (7, 7, 2, 9)
    assert (woman.together, woman.images, woman.elsewhere, woman.other_images) == (2, 9, 7, 7)
    assert man.points == -woman.points == pytest.approx(1 - 2 / 9)
    assert man.share == share_interval(7, 7)
    assert man.difference == share_difference_interval((7, 7), (2, 9))
    assert (found.compared, man.holds) == (2, True)


def test_what_stands_there_too_rarely_is_counted_and_not_compared():
    samples = [image(f"{n}", "", "a man with a hat" if n else "a man with a dog") for n in range(6)]
    found = company(samples, fewest=5)
    assert [row.other for row in found.rows] == ["hat"]
    assert (found.too_few, found.compared) == (1, 0)  # nobody wrote the other word: nothing to compare with
    assert found.rows[0].difference is None
    assert company([], fewest=5).images == {"man": 0, "woman": 0}


def test_words_asked_for_are_no_company_and_come_in_any_number():
    samples = [image(f"{n}", "", "a man beside a woman and a dog") for n in range(5)]
    found = count_word_company(image_words(samples), READER, ("Men", "woman", "women", "men"), 2)
    assert list(found.images) == ["man", "woman"]
    assert {(row.word, row.other) for row in found.rows} == {("man", "dog"), ("woman", "dog")}
    assert all(row.points == 0 for row in found.rows)


def test_the_sentences_behind_a_number_have_both_words():
    samples = [image(f"{n}", "", "a man with a hat", "a dog") for n in range(9)]
    wanted = [("man", Place.WITH, "hat"), ("woman", Place.WITH, "hat")]
    quotes = quote_word_company(image_words(samples), READER, wanted, seed=7)
    assert quotes == quote_word_company(image_words(samples[::-1]), READER, wanted, seed=7)
    assert {each.text.text for each in quotes[wanted[0]]} == {"a man with a hat"}
    assert quotes[wanted[1]] == ()


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [  # R. G. Newcombe, Statistics in Medicine 17 (1998), table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_differences_have_the_intervals_that_were_published(first, second, low, high):
    found = share_difference_interval(first, second)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(st.integers(1, 40), st.data())
@examples(40)
def test_a_share_lies_in_its_interval_and_swapped_sides_turn_a_difference(whole, data):
    part, other = data.draw(st.integers(0, whole)), data.draw(st.integers(0, whole))
    assert part / whole in share_interval(part, whole)
    one, turned = (
        share_difference_interval(*pair)
        for pair in (((part, whole), (other, whole)), ((other, whole), (part, whole)))
    )
    assert (one.low, one.high) == pytest.approx((-turned.high, -turned.low))


things = st.sampled_from(["man", "woman", "hat", "dog"])
lines = st.builds("a {} {} with a {}".format, st.sampled_from(["tall", "old"]), things, things)
studies = st.lists(st.lists(lines, max_size=3), max_size=6).map(
    lambda rows: [image(f"{number}", "", *row) for number, row in enumerate(rows)]
)


@given(studies, st.randoms())
@examples(40)
def test_order_changes_nothing_and_an_image_without_the_words_neither(samples, chance):
    mixed = [*samples, image("more", "", "a zebra", "a tall dog with a hat")]
    chance.shuffle(mixed)
    assert company(mixed) == company(samples)

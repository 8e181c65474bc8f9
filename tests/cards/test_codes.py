"""Codes are short, lead back, and notice a slip of the hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.errors import ParameterError
from retrain_kit.studies import codes

names = st.text(min_size=1, max_size=12)


def test_the_code_of_a_card_is_this():
    assert codes.card_code("embedded-sample", "citrus-fruits") == "K7P-426-5KC"


def test_the_codes_of_the_first_sets_of_a_seed_are_these():
    assert [codes.set_code(7, number) for number in (1, 2)] == ["H9CK4", "2DJWM"]


def test_no_sign_can_be_taken_for_another_and_none_is_a_vowel():
    assert not set(codes.ALPHABET) & set("01OQDILSBZGAEUaeiou") - {"D"}


@given(names, names)
def test_a_code_is_read_as_it_was_written(study, image):
    code = codes.card_code(study, image)
    assert codes.parse_card_code(code) == codes.parse_card_code(code.lower().replace("-", " ")) == code


@given(names, names, st.data())
def test_one_sign_misread_is_noticed(study, image, data):
    code = codes.card_code(study, image).replace("-", "")
    place = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.sampled_from(sorted(set(codes.ALPHABET) - {code[place]})))
    with pytest.raises(ParameterError, match="look at the card again"):
        codes.parse_card_code(code[:place] + other + code[place + 1 :])


@given(names, names, st.data())
def test_two_neighbours_swapped_are_noticed(study, image, data):
    code = codes.card_code(study, image).replace("-", "")
    place = data.draw(st.integers(0, len(code) - 2))
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if swapped != code:
        with pytest.raises(ParameterError, match="look at the card again"):
            codes.parse_card_code(swapped)


@pytest.mark.parametrize("text", ["", "K7P-426", "K7P-426-5KO", "K7P-426-5KC-2"])
def test_what_is_no_code_is_refused_with_the_signs_that_there_are(text):
    with pytest.raises(ParameterError, match="nine signs, each one of 23456789CDFHJKMNPRTVWXY"):
        codes.parse_card_code(text)


def test_ten_thousand_images_have_ten_thousand_codes():
    assert len({codes.card_code("s", str(number)) for number in range(10_000)}) == 10_000

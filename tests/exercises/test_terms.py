"""The words of a sentence, in several scripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.exercises.common.words import STOP_WORDS, content_words, jaccard_similarity, vocabulary


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The KNIFE is there, the knife.", "en", ["knife", "knife"]),
        ("The knife", "", ["the", "knife"]),
        ("The table\u2019s edge; it's well-worn", "en", ["table", "edge", "well-worn"]),
        ("L\u2019image d'un g\u00e2teau", "fr", ["image", "ga\u0302teau".replace("a\u0302", "\u00e2")]),
        ("ga\u0302teau", "fr-CA", ["g\u00e2teau"]),
        ("Stra\u00dfe STRASSE", "de", ["strasse", "strasse"]),
        ("红色的蛋糕和刀", "zh", ["红色", "蛋糕", "刀"]),
        ("刀切蛋糕", "zh", ["刀切", "切蛋", "蛋糕"]),
        ("a 刀 b红蛋糕", "", ["a", "刀", "b", "红蛋", "蛋糕"]),
        (
            "\u0928\u092e\u0938\u094d\u0924\u0947 \u0926\u0941\u0928\u093f\u092f\u093e",
            "hi",
            ["\u0928\u092e\u0938\u094d\u0924\u0947", "\u0926\u0941\u0928\u093f\u092f\u093e"],
        ),
        ("… — !?", "en", []),
        ("kisu kiko kwenye meza", "sw", ["kisu", "kiko", "meza"]),
    ],
)
def test_words_are_found_in_any_script(text, language, expected):
    assert [term.text for term in content_words(text, language)] == expected


@given(st.text(max_size=60), st.sampled_from(["", *STOP_WORDS]))
def test_every_word_points_to_where_it_stands(text, language):
    found = content_words(text, language)
    assert all(0 <= term.start < term.end <= len(text) for term in found)
    assert [term.start for term in found] == sorted(term.start for term in found)
    assert all(term.text in vocabulary(text, language) for term in found)


@given(st.text(max_size=40))
def test_case_changes_no_word(text):
    plain = "".join(sign for sign in text if len(sign.upper()) == 1 and sign.upper().lower() == sign.lower())
    assert vocabulary(plain.upper()) == vocabulary(plain.lower())


def test_likeness_is_shared_words_of_all_words():
    assert jaccard_similarity(frozenset("ab"), frozenset("bc")) == pytest.approx(1 / 3)
    assert jaccard_similarity(frozenset(), frozenset()) == 0

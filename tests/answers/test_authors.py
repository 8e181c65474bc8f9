"""Keys and pseudonyms are random, can be read out, and prove one record each."""

import hashlib
import hmac

import pytest

from retrain_kit.answers.authors import Author, lock_of
from retrain_kit.errors import ParameterError

KEY = "lusab-babad-gutih-tugad-lusab-babad-gutih-tugad"
ID = "00112233445566778899aabbccddeeff"


def test_a_new_author_has_a_key_of_eight_words_and_a_pseudonym_of_three():
    author = Author.new()
    assert [len(word) for word in author.key.split("-")] == [5] * 8
    assert [len(word) for word in author.who.split("-")] == [5] * 3
    assert len({Author.new().who for _ in range(500)}) == 500


def test_proof_and_lock_are_what_any_browser_computes():
    proof = hmac.new(KEY.encode(), ID.encode(), hashlib.sha256).hexdigest()
    assert Author(KEY).proof(ID) == proof
    assert Author(KEY).lock(ID) == lock_of(proof) == hashlib.sha256(proof.encode()).hexdigest()


def test_a_pseudonym_follows_from_the_key_alone():
    # df14 is 1101 11 1100 01 0100: consonant 13, vowel 3, consonant 12, vowel 1, consonant 4.
    assert hashlib.sha256(f"who {KEY}".encode()).hexdigest()[:12] == "df140a3089b8"
    assert Author(KEY).who == "tusih-bomub-mokum"


def test_a_key_is_understood_as_people_type_it():
    assert Author("  Lusab babad GUTIH tugad\nlusab-babad gutih-tugad ").key == KEY


@pytest.mark.parametrize("typed", ["", "lusab", KEY + "-lusab", KEY.replace("lusab", "lesab"), "secret word"])
def test_another_text_is_no_key_and_is_not_repeated(typed):
    with pytest.raises(ParameterError, match="eight words of five letters") as caught:
        Author(typed)
    assert not typed or typed not in str(caught.value)


def test_a_key_is_not_shown_with_its_author():
    assert KEY not in repr(Author(KEY))

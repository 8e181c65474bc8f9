"""Keys and pseudonyms are random, can be read out, and sign what their authors say and nothing else."""

import hashlib
import hmac
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from places import ROOT

from retrain_kit.answers import entries
from retrain_kit.answers.authors import AbsentAuthor, Author, ProofsNeededError, Statement, is_pseudonym
from retrain_kit.errors import ParameterError

KEY = "lusab-babad-gutih-tugad-lusab-babad-gutih-tugad"
ID = "00112233445566778899aabbccddeeff"
GOLDEN = json.loads((ROOT / "tests" / "golden" / "signed.json").read_bytes())


def test_a_new_author_has_a_key_of_eight_words_and_a_pseudonym_of_four():
    author = Author.new()
    assert [len(word) for word in author.key.split("-")] == [5] * 8
    assert [len(word) for word in author.who.split("-")] == [5] * 4
    assert len({Author.new().who for _ in range(500)}) == 500
    assert is_pseudonym(author.who)
    assert not is_pseudonym("nobody 1")


def public_key_of(words):
    """The public key of a seed, made without the kit."""
    seed = hmac.new(KEY.encode(), words.encode(), hashlib.sha256).digest()
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw().hex()


def test_public_key_and_lock_are_what_any_browser_computes():
    author = "467b12247fb028ae6dcef3d66da5cfccb4a5a2c79d8a44336188bac46cf53628"
    lock = "84990d657c631aff9b18e75c7e76a2a50831b5521d0872f6ec03b968edfb5b1b"
    assert Author(KEY).public_key == public_key_of("author") == author
    assert Author(KEY).locks([ID]) == [public_key_of(f"record {ID}")] == [lock]


def test_a_pseudonym_follows_from_the_public_key_alone():
    # bc42 is 1011 11 0001 00 0010: consonant 11, vowel 3, consonant 1, vowel 0, consonant 2.
    stated = hashlib.sha256(f"who {Author(KEY).public_key}".encode()).hexdigest()
    assert stated[:16] == "bc4273ae43ebc97b"
    assert Author(KEY).who == AbsentAuthor(Author(KEY).public_key).who == "rudaf-lavov-hazor-sojur"


def test_what_is_signed_of_known_lines_is_what_the_browsers_script_signs_too():
    author = Author(GOLDEN["key"])
    assert author.public_key == GOLDEN["public_key"]
    assert author.locks([GOLDEN["record"]]) == [GOLDEN["lock"]]
    assert author.digest_of(GOLDEN["words"]) == GOLDEN["digest"]
    records = ["", "", GOLDEN["record"]]
    for each, record in zip(GOLDEN["signed"], records, strict=True):
        assert author.sign([Statement(each["statement"].encode(), record)]) == [each["signature"]]
        fields = {**json.loads(each["statement"]), "signature": each["signature"]}
        assert entries.entry_from_fields(fields).is_proven(demonstration=False)
        assert not entries.entry_from_fields(fields).is_proven(demonstration=True)


def test_a_key_is_understood_as_people_type_it():
    assert Author("  Lusab babad GUTIH tugad\nlusab-babad gutih-tugad ").key == KEY


@pytest.mark.parametrize("typed", ["", "lusab", KEY + "-lusab", KEY.replace("lusab", "lesab"), "secret word"])
def test_another_text_is_no_key_and_is_not_repeated(typed):
    with pytest.raises(ParameterError, match="eight words of five letters") as caught:
        Author(typed)
    assert not typed or typed not in str(caught.value)


def test_a_key_is_not_shown_with_its_author():
    assert KEY not in repr(Author(KEY))


def test_an_author_who_is_elsewhere_is_asked_for_what_only_they_can_give():
    line = Statement(b'{"kind":"answer"}')
    absent = AbsentAuthor(Author(KEY).public_key)
    for ask, wanted in [
        (lambda author: author.sign([line]), {"sign": [line.line.decode()]}),
        (lambda author: author.locks([ID, "f" * 32]), {"locks": [ID, "f" * 32]}),
        (lambda author: author.digest_of("burnt"), {"digests": ["burnt"]}),
    ]:
        with pytest.raises(ProofsNeededError) as caught:
            ask(absent)
        assert caught.value.wanted == wanted
    digest = hashlib.sha256(line.line).hexdigest()
    told = AbsentAuthor(absent.public_key, {"sign": {digest: "ab"}, "locks": {ID: "cd"}})
    assert (told.sign([line]), told.locks([ID])) == (["ab"], ["cd"])
    with pytest.raises(ProofsNeededError):
        told.sign([line], demonstration=True)


@pytest.mark.parametrize("key", ["", "0", "A" * 64, KEY, "0" * 63, "0" * 65])
def test_another_text_is_no_public_key(key):
    with pytest.raises(ParameterError, match="64 hexadecimal digits"):
        AbsentAuthor(key)

"""What is shown of words and sentences under the veil, and what is not."""

from dataclasses import replace

import pytest
from words_written import image

from retrain_kit.analysis.own_labels import own_label_system, people_veil
from retrain_kit.analysis.shown_words import ShownWords
from retrain_kit.analysis.veiled_study import StudyVeil
from retrain_kit.analysis.vocabulary import study_vocabulary
from retrain_kit.annotations.taxonomy import Synset, Taxonomy

SYSTEM = Taxonomy(
    [
        Synset("e", ("entity",)),
        Synset("person", ("person",), "", ("e",)),
        Synset("n1", ("zorbnik",), "", ("person",)),
        Synset("n2", ("dog",), "", ("e",)),
    ]
)
SAMPLES = [image("zorbnik-1", "zorbnik, dog, person", "a zorbnik and a dog"), image("2", "dog")]
SENTENCE = "Two pretty young women and a fat zorbnik feed an old dog, the girl is blonde and a lady waves."
HIDDEN = ("pretty", "young", "women", "zorbnik", "girl", "blonde", "lady")


def shown(system=SYSTEM, listed=None, *, accepted=False):
    system = system or own_label_system(SAMPLES)
    veil = StudyVeil(system, people_veil(system, listed, accepted=accepted))
    vocabulary = study_vocabulary(SAMPLES, system)
    return ShownWords(veil, vocabulary, SAMPLES, ("woman", "person"), listed=listed is not None)


def test_words_for_people_and_what_is_said_of_them_are_hidden_in_a_sentence():
    told = shown().sentence(SENTENCE)
    assert [word for word in HIDDEN if word in told] == []
    assert "feed an old dog" in told
    assert shown(accepted=True).sentence(SENTENCE) == SENTENCE


def test_with_a_list_the_words_that_it_names_are_hidden_and_no_others():
    told = shown(listed=["n1"]).sentence(SENTENCE)
    assert "zorbnik" not in told
    assert "women" in told
    assert "lady" in told
    assert "pretty" not in told  # what is said of people needs the notice, whatever the list


def test_labels_and_words_have_the_sign_and_an_id():
    words = shown()
    assert [words.label(each)[:3] for each in ("zorbnik", "dog", "person")] == ["▒▒▒", "dog", "per"]
    assert words.word("zorbnik") == words.label("zorbnik")
    assert words.word("leash") == "leash"
    assert words.word("lady").startswith("▒▒▒ #")
    assert [words.asked_word(each) for each in ("woman", "person")] == ["▒▒▒ 1", "person"]
    assert words.said_of_people("pretty") != words.said_of_people("young")
    assert "pretty" not in words.said_of_people("pretty")
    lifted = shown(accepted=True)
    assert [lifted.label("zorbnik"), lifted.word("lady"), lifted.asked_word("woman")] == [
        "zorbnik",
        "lady",
        "woman",
    ]
    assert lifted.said_of_people("pretty") == "pretty"


def test_an_image_has_a_number_in_place_of_its_name():
    assert [shown().image(each) for each in ("zorbnik-1", "2", "gone")] == ["image 1", "image 2", "an image"]


@pytest.mark.parametrize(
    "text", ["", "▒▒▒", "girls girls girls", "GIRL'S", "a girl-band", "pretty pretty women"]
)
def test_any_text_comes_out_without_them(text):
    told = shown(None).sentence(text).lower()
    assert "girl" not in told
    assert "women" not in told
    assert shown(None).sentence(told) == told


def test_a_label_that_is_a_veiled_word_anywhere_is_veiled_everywhere():
    other = replace(SAMPLES[1], id="3")
    words = ShownWords(
        StudyVeil(SYSTEM, people_veil(SYSTEM)), study_vocabulary(SAMPLES, SYSTEM), [*SAMPLES, other]
    )
    assert "zorbnik" not in words.word("zorbnik")

"""Which things a sentence names: typed sentences, laws, and real phrases of Visual Genome."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import SHARED
from trying import examples

from retrain_kit.analysis.english import EnglishReader, singular

PHRASES = SHARED / "testdata" / "visual_genome" / "region_descriptions.json"


def named(text, known=()):
    reading = EnglishReader(known).read(text)
    return [reading.lemmas[place] for place in reading.things]


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("a loose thread of coloured yarn on the blanket", "thread yarn blanket"),
        ("black tail curled around the paws", "tail paw"),
        ("pink tongue hanging out", "tongue"),
        ("man is wearing sneakers", "man sneaker"),
        ("woman holding red umbrellas, smiling", "woman umbrella"),
        ("the clock is green and very old", "clock"),
        ("there are three tall trees by the road", "tree road"),
        ("bikes are parked on the left side", "bike"),
        ("a man wears a hat", "man hat"),
        ("a painting on the wall", "painting wall"),
        ("Stuffed Teddy Bear sitting on the couch", "bear couch"),
        ("glass-topped dining table and chairs", "table chair"),
        ("In this image there is a dog. It is lying on grass.", "dog grass"),
        ("black and white cat on top of a red and blue bed", "cat bed"),
        ("close up of an orange", "orange"),
        ("curly hair of a family walking cautiously", "hair family"),
        ("A tennis player grabs an extra ball", "player ball"),
        ("a man on a skateboard performs a trick", "man skateboard trick"),
        ("is green", ""),
        ("running", ""),
        ("", ""),
        ("Ein Hund \U0001f415 läuft", "läuft"),  # not English: the last word of what is no closed class
    ],
)
def test_a_sentence_names_these_things(text, things):
    assert " ".join(named(text)) == things


def test_plurals_are_taken_back():
    many = "women benches berries glasses dresses boxes houses gloves leaves feet buses grass jeans is dog"
    one = "woman bench berry glasses dress box house glove leaf foot bus grass jeans is dog"
    assert [singular(each) for each in many.split()] == one.split()


def test_a_plural_goes_back_to_a_word_that_is_known():
    assert [singular("lenses", known) for known in ((), {"lens"}, {"lense", "lens"})] == [
        "lense",
        "lens",
        "lens",
    ]
    assert singular("scarves", {"scarf"}) == "scarf"


TEXT = "a the man woman old trees running parked is on with and , there hat's 3 läuft"
words = st.sampled_from(TEXT.split())


@given(st.lists(words).map(" ".join), st.lists(words).map(" ".join))
@examples(60)
def test_sentences_are_read_one_by_one(one, other):
    """What a sentence names depends on no other sentence, and not on capitals."""
    assert named(f"{one} . {other}") == named(one) + named(other)
    assert named(one.upper()) == named(one)


@given(st.text(max_size=60))
@examples(60)
def test_any_text_is_read(text):
    reading = EnglishReader().read(text)
    assert len(reading.words) == len(reading.lemmas) == len(reading.kinds)
    assert reading.things == sorted(set(reading.things))


def test_in_real_phrases_nine_of_ten_things_are_those_that_are_named():
    """Every thirtieth phrase of five real images, with the things that it names typed out."""
    if not PHRASES.is_file():
        pytest.skip("the real rows lie in ../shared/testdata, which is not here")
    rows = [row["phrase"] for entry in json.loads(PHRASES.read_text()) for row in entry["regions"]]
    phrases = [" ".join(text.split()) for text in rows[::30]]
    assert list(IN_REAL_PHRASES) == phrases
    found = [set(named(text)) for text in phrases]
    there = [set(things.split()) for things in IN_REAL_PHRASES.values()]
    right = sum(len(one & other) for one, other in zip(found, there, strict=True))
    assert right / sum(map(len, found)) > 0.9
    assert right / sum(map(len, there)) > 0.9


IN_REAL_PHRASES = {
    "the clock is green in colour": "clock",
    "man is wearing red tshirt": "man tshirt",
    "guy is wearing black pants": "guy pants",
    "a red car is at the back": "car",
    "bikes have been parked along the road": "bike road",
    "a man with grey pants": "man pants",
    "Construction truck parked by curb": "truck curb",
    "bicycle tied to a post": "bicycle post",
    "sidewalk paved with bricks": "sidewalk brick",
    "A white street light.": "light",
    "green trees are along the road": "tree road",
    "a sign is saying walk": "sign",
    "the road has been covered by shade": "road shade",
    "man is wearing black shoes": "man shoe",
    "The man has a backpack": "man backpack",
    "Red car is parked": "car",
    "the photo was taken outside": "",
    "there is one person in the photo": "person",
    "four outlets on the wall": "outlet wall",
    "woman is wearing white top": "woman top",
    "a pen is on the desk": "pen desk",
    "A paper picture with typing on it": "typing",
    "the desk has no papers": "desk paper",
    "girl in white shirt with ponytail": "girl shirt ponytail",
    "there is a telephone in the photo": "telephone",
    "A pen and pencil next to the phone": "pen pencil phone",
    "a blue curtain is drawn": "curtain",
    "A photo poster without a frame": "poster frame",
    "a white wire is on the floor": "wire floor",
    "the house is clean": "house",
    "glass table": "table",
    "the couch is purple": "couch",
    "white pillow is on the chair": "pillow chair",
    "purple mattress on futon frame sofa": "mattress sofa",
    "Brown Teddy bear sitting on sofa": "bear sofa",
    "railing outside a window": "railing window",
    "A railing on a balcony": "railing balcony",
    "a light is lit": "light",
    "no one is at the balcony": "balcony",
    "Overhead light with yellow light": "light",
    "A slidable desk extension": "extension",
    "a white wall": "wall",
    "the book shelf has books": "shelf book",
}

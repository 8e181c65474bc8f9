"""An audit of words says what a system has no word for, from words alone and whatever their order."""

from hypothesis import given
from hypothesis import strategies as st
from trying import examples

from retrain_kit.analysis.label_use import ImageNamings, Naming
from retrain_kit.analysis.word_audit import audit_words
from retrain_kit.annotations.taxonomy import Synset, Taxonomy
from retrain_kit.annotations.written import PHRASE, DataSetText

WORDS = Taxonomy(
    [
        Synset("n1", ("entity",)),
        Synset("n2", ("dog",), "", ("n1",)),
        Synset("n3", ("traffic_light",), "", ("n1",)),
    ]
)
NAMINGS = [ImageNamings("1", [Naming(("dog",), ("dog.n.01",))]), ImageNamings("2", [Naming(("dog",), ())])]
LINES = [
    ("2", [DataSetText("two dogs near a traffic light", PHRASE), DataSetText("a sidewalk", PHRASE)]),
    ("3", [DataSetText("the sidewalks", PHRASE)]),
]


def test_what_people_wrote_is_labelled_or_only_in_the_system_or_lacking():
    found = audit_words(NAMINGS, LINES, WORDS, {"dog.n.01": "n2"})
    assert found.use.images == {"n2": 2}
    assert found.names.names[0].synsets == {"dog.n.01": 1}
    assert [(each.key, each.images, each.in_box) for each in found.written.labelled] == [("dog", 1, 1)]
    assert [(each.key, each.images) for each in found.unused] == [("traffic light", 1)]
    assert [(each.key, each.images) for each in found.lacking] == [("sidewalk", 2)]
    assert (found.written.images, found.written.with_text, found.written.texts) == (3, 2, 3)


@examples(25)
@given(st.permutations(NAMINGS), st.permutations(LINES))
def test_the_order_of_images_changes_nothing(namings, lines):
    one, other = (audit_words(*each, WORDS) for each in ((NAMINGS, LINES), (namings, lines)))
    assert (one.names, one.written) == (other.names, other.written)
    assert one.use.images_below == other.use.images_below

"""Images and annotations count once at each synset, and words the system lacks are listed."""

from pathlib import Path

from retrain_kit.analysis.label_use import count_label_use
from retrain_kit.analysis.own_labels import own_label_system
from retrain_kit.annotations.samples import Box, ImageLabel, Region, Sample
from retrain_kit.annotations.taxonomy import Synset, Taxonomy

WORDS = Taxonomy(
    [
        Synset("n1", ("entity",)),
        Synset("n2", ("animal",), "", ("n1",)),
        Synset("n3", ("pet",), "", ("n1",)),
        Synset("n4", ("dog", "hound"), "", ("n2", "n3")),
        Synset("n5", ("cat",), "", ("n2", "n3")),
        Synset("n6", ("crane",), "a bird", ("n2",)),
        Synset("n7", ("crane",), "a machine", ("n1",)),
    ]
)
BOX = Box(0, 0, 1, 1)


def sample(name, *regions, labels=()):
    return Sample(id=name, path=Path(name), width_px=2, height_px=2, regions=regions, labels=labels)


IMAGES = [
    sample("a", Region("dog", BOX), Region("dog", BOX), Region("Cat", BOX)),
    sample("b", Region("Köter", BOX, said={"synset": "n4"}), Region("crane", BOX), Region("table", BOX)),
    sample("c", labels=(ImageLabel("cat", present=False), ImageLabel("animal", present=True))),
]


def test_each_image_counts_once_however_many_ways_lead_up():
    use = count_label_use(WORDS, IMAGES)
    assert use.images == {"n4": 2, "n5": 1, "n2": 1}
    assert use.images_below == {"n4": 2, "n5": 1, "n2": 3, "n3": 2, "n1": 3}
    assert use.annotations == {"n4": 3, "n5": 1, "n2": 1}
    assert use.annotations_below == {"n4": 3, "n5": 1, "n2": 5, "n3": 4, "n1": 5}
    assert use.samples == {"n4": ("a", "b"), "n5": ("a",), "n2": ("c",)}
    assert use.all_images == 3


def test_words_that_mean_nothing_or_two_things_are_listed():
    use = count_label_use(WORDS, IMAGES)
    assert use.without_synset == {"table": 1}
    assert use.ambiguous == {"crane": 1}


def test_a_capital_does_not_settle_what_a_word_means():
    words = Taxonomy(
        [Synset("n1", ("Orange", "Orange_River")), Synset("n2", ("orange",)), Synset("n3", ("cat",))]
    )
    use = count_label_use(words, [sample("a", Region("Orange", BOX), Region("Cat", BOX))])
    assert use.images == {"n3": 1}
    assert use.ambiguous == {"Orange": 1}


def test_names_of_senses_lead_to_the_synsets():
    said = {"synsets": ["dog.n.01", "cat.n.01"]}
    use = count_label_use(
        WORDS, [sample("a", Region("x", BOX, said=said))], {"dog.n.01": "n4", "cat.n.01": "n5"}
    )
    assert use.images == {"n4": 1, "n5": 1}


def test_siblings_that_were_never_used_are_named_below_every_parent():
    use = count_label_use(WORDS, IMAGES)
    assert use.unused_siblings(WORDS, "n4") == ("n6",)
    assert use.unused_siblings(WORDS, "n2") == ("n7",)


def test_a_studys_own_words_have_wordnets_notice_where_they_are_wordnets():
    of_wordnet = [sample("a", Region("dog", BOX, said={"synset": "n02084071"}))]
    assert own_label_system(of_wordnet).notice.startswith("This software and database is being provided")
    assert own_label_system(IMAGES[:1]).notice == ""

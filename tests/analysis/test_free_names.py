"""Free names are counted with the synsets that they were led to, and no name is given another's synset."""

from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.analysis.free_names import FreeName, NameCounting
from retrain_kit.analysis.label_use import ImageNamings, Naming

BIRD, MACHINE = ("crane.n.05",), ("crane.n.04",)
ROWS = [
    ImageNamings(
        "1", [Naming(("crane",), BIRD), Naming(("crane",), BIRD), Naming(("wall",), ("wall.n.01",))]
    ),
    ImageNamings("2", [Naming(("crane",), MACHINE), Naming(("crane",), ()), Naming(("work truck",), ())]),
    ImageNamings("3", [Naming(("girl", "crane"), ("girl.n.01",))]),
    ImageNamings("4", []),
]


def count_free_names(rows):
    counting = NameCounting()
    for row in rows:
        counting.take(row)
    return counting.result()


def test_each_name_comes_with_all_that_it_was_led_to():
    found = count_free_names(ROWS)
    assert (found.annotations, found.images) == (7, 4)
    assert found.names[0] == FreeName("crane", 5, 3, {"crane.n.05": 2, "crane.n.04": 1}, 1, 1)
    assert [each.name for each in found.to_several] == ["crane"]
    assert [each.name for each in found.to_one] == ["wall"]
    assert [each.name for each in found.to_none] == ["work truck"]
    assert [each.name for each in found.names if each.unsure] == ["crane", "girl"]
    assert found.states_synsets
    assert not count_free_names([ImageNamings("1", [Naming(("dog",), ())])]).states_synsets


def rows_of(least):
    return st.lists(st.sampled_from("abc"), min_size=least, max_size=2, unique=True).map(tuple)


namings = st.builds(Naming, rows_of(1), rows_of(0))


@given(st.lists(st.lists(namings, max_size=5), max_size=5))
def test_every_annotation_of_a_name_is_in_one_of_its_counts(images):
    found = count_free_names(ImageNamings(str(number), row) for number, row in enumerate(images))
    for each in found.names:
        said = [naming for row in images for naming in row if each.name in naming.names]
        sure = [ids for names, ids in said if len(names) == 1 and ids]
        assert each.annotations == len(said) == len(sure) + each.without + each.unsure
        assert each.images == sum(any(each.name in naming.names for naming in row) for row in images)
        assert sum(each.synsets.values()) == sum(map(len, sure))

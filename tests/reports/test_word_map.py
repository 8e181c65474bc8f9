"""All words of a label system are in one page, but for those that are veiled."""

import json
import lzma
import re

from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.analysis.label_use import LabelUse
from retrain_kit.annotations.label_tree import build_label_tree
from retrain_kit.annotations.taxonomy import Synset, Taxonomy
from retrain_kit.annotations.veil import Veil, veil_over
from retrain_kit.display.icicle import icicle_svg
from retrain_kit.reports.word_map import packing, word_map_html

WORDS = Taxonomy(
    [
        Synset("n00000001", ("entity",)),
        Synset("n00000002", ("bird",), "", ("n00000001",)),
        Synset("n00000003", ("wading_bird", "wader"), "", ("n00000002",)),
        Synset("n00007846", ("person",), "", ("n00000001",)),
        Synset("n00000005", ("wretch",), "", ("n00007846",)),
        Synset("n00000004", ("</script><b>&",), "", ("n00000002", "n00007846"), instance_of=("n00000002",)),
    ],
    notice="Everybody may copy this.",
)


def unpacked(text):
    """Return what a text holds, read as the page's script reads it."""
    bits = "".join(f"{ord(sign) & 0xFF:07b}" for sign in text)
    packed = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) // 8 * 8, 8))
    data = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[packing.FILTER]).decompress(packed[4:])
    assert len(data) == int.from_bytes(packed[:4])
    head, _, rest = data.partition(b"\n")
    told, found = json.loads(head), {}
    for name, length in told["parts"]:
        found[name], rest = rest[:length], rest[length:]
    return told["prefix"], found


def numbers(data):
    found, value, factor = [], 0, 1
    for byte in data:
        value, factor = value + (byte & 127) * factor, factor << 7
        if byte < 128:
            found.append(value)
            value, factor = 0, 1
    return found


def test_a_tree_is_packed_with_words_ids_children_kinds_and_other_parents():
    tree = build_label_tree(WORDS)
    prefix, parts = unpacked(packing.packed_tree(tree, veil_over(WORDS)))
    assert tree.ids == ("n00000001", "n00000002", "n00000003", "n00007846", "n00000005", "n00000004")
    assert prefix == "n"
    assert numbers(parts["ids"]) == [2, 2, 2, 2 * (7846 - 3), 2 * (7846 - 5) - 1, 1]
    assert parts["words"].decode().split("\n") == ["entity", "bird", "wading\x01\twader", "person", "", ""]
    assert numbers(parts["children"]) == [2, 1, 0, 2, 0, 0]
    assert numbers(parts["kinds"]) == [0, 0, 0, 0, 4, 4]
    assert numbers(parts["also"]) == [5, 1]
    assert parts["images"] == parts["imagesBelow"] == b""


def test_ids_of_another_form_stand_in_lines_and_counts_go_along():
    tree = build_label_tree(Taxonomy([Synset("/m/a"), Synset("/m/b", parents=("/m/a",))]))
    use = LabelUse({"/m/b": 300}, {}, {"/m/a": 300, "/m/b": 300}, {}, {}, {}, {}, 400)
    prefix, parts = unpacked(packing.packed_tree(tree, Veil(), use))
    assert (prefix, parts["ids"]) == (None, b"/m/a\n/m/b")
    _, of_veiled = unpacked(
        packing.packed_tree(build_label_tree(Taxonomy([Synset("wretch")])), Veil(frozenset({"wretch"})))
    )
    assert of_veiled["ids"] == b"#4840c680"
    assert numbers(parts["images"]) == [0, 300]
    assert numbers(parts["imagesBelow"]) == [300, 300]


@given(st.binary(max_size=200))
def test_any_bytes_come_back_from_signs_that_html_leaves_as_they_are(data):
    text = packing.as_text(data)
    assert not set(text) & {"\0", "\r", "<"}
    bits = "".join(f"{ord(sign) & 0xFF:07b}" for sign in text)
    assert bytes(int(bits[at : at + 8], 2) for at in range(0, 8 * len(data), 8)) == data


def test_no_veiled_word_is_in_the_page_and_no_word_is_markup():
    page = word_map_html(build_label_tree(WORDS), "Words <1>", veil_over(WORDS)).decode()
    _, parts = unpacked(re.search(r'id="words">(.*?)</script>', page, re.DOTALL)[1])
    assert "wretch" not in page
    assert b"wretch" not in parts["words"]
    assert "<b>&" not in page
    assert "Words &lt;1&gt;" in page
    assert "Everybody may copy this." in page
    assert "2 words for people are not in this file" in page


def test_a_veiled_word_is_in_no_twin_either():
    drawing = icicle_svg(build_label_tree(WORDS), veil_over(WORDS))
    assert "wretch" not in drawing
    assert "▒▒▒ (n00000005)" in drawing
    assert "wretch" in icicle_svg(build_label_tree(WORDS), veil_over(WORDS, accepted=True))

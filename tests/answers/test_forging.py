"""Whoever holds an export cannot speak as its authors: what they did not sign is refused, with its line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from signing import own, signed
from trying import examples

from retrain_kit.answers import AnswerContext, Author, Consent, Store, load_records, merge_files
from retrain_kit.answers import log as answers_log

ADA = "bolud-kafin-gutih-lusab-babad-zifor-pinat-nomuz"
BEA = "zifor-kafin-gutih-lusab-babad-zifor-pinat-nomuz"
ASKED = AnswerContext("nature", "what-if", "What might exist?", ("0a1b",))
CONSENT = Consent(("class",), "1", "2025-03-04T09:30:00Z")
HEADER = '{"demonstration":false,"format":"retrain-kit answers","schema":2}'
ORDER = 2**252 + 27742317777372353535851937790883648493


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    """A file of two people: answers, a footnote and a withdrawal."""
    folder = tmp_path_factory.mktemp("export")
    with Store(folder / "store") as store:
        kite = store.say("a kite", ASKED, CONSENT, ADA, language="en", details={"likely": 40})
        store.amend(kite.record.id, "or a drone", ADA)
        store.say("a cloud", ASKED, CONSENT, BEA)
        gone = store.say("a knife", ASKED, CONSENT, ADA)
        store.withdraw(gone.record.id, ADA)
        store.export(folder / "export.jsonl")
    return folder / "export.jsonl"


def lines_of(path):
    """The lines after the header: Ada's and Bea's answer, the footnote, the withdrawal."""
    found = [json.loads(line) for line in path.read_text().splitlines()[1:]]
    answers = {line["text"]: line for line in found if line["kind"] == "answer"}
    other = {line["kind"]: line for line in found if line["kind"] != "answer"}
    return answers["a kite"], answers["a cloud"], other["footnote"], other["withdrawal"]


def other_form(signature):
    """The same signature with the order of the group added to its second half."""
    half = int.from_bytes(bytes.fromhex(signature)[32:], "little") + ORDER
    return signature[:64] + half.to_bytes(32, "little").hex()


def forgeries(export):
    ada, bea, note, gone = lines_of(export)
    asked, consent = ada["asked"], ada["consent"]
    new = {"id": "f" * 32, "text": "a weapon"}
    yield "a second answer", {**ada, **new}
    yield "a second answer, signed by another", signed({**ada, **new}, BEA)
    yield "a second answer without signature", {**ada, **new, "signature": ""}
    yield "a second answer of nobody", {**ada, **new, "signature": "", "public_key": ""}
    yield (
        "a second answer with no word of keys",
        {name: value for name, value in {**ada, **new}.items() if name not in ("public_key", "signature")},
    )
    yield "a pseudonym claimed by another key", signed({**own(ada, BEA, **new), "who": ada["who"]}, BEA)
    yield "a pseudonym and a key of which one is another's", {**ada, "who": bea["who"]}
    yield "a public key swapped", {**ada, "public_key": bea["public_key"]}
    yield (
        "a public key and a pseudonym swapped",
        {
            **ada,
            "public_key": bea["public_key"],
            "who": bea["who"],
        },
    )
    yield "a text changed by a byte", {**ada, "text": "a kitE"}
    yield "a refusal made of an answer", {**ada, "refusal": "no-answer"}
    yield "consent widened", {**ada, "consent": {**consent, "agreed": ["class", "publication"]}}
    yield "consent of another version", {**ada, "consent": {**consent, "version": "2"}}
    yield "moved to another image", {**ada, "asked": {**asked, "images": ["ffff"]}}
    yield "moved to another exercise", {**ada, "asked": {**asked, "exercise": "polyphony"}}
    yield "moved to another study", {**ada, "asked": {**asked, "study": "portraits"}}
    yield "made an answer to another's", {**ada, "asked": {**asked, "record": bea["id"]}}
    yield "another time", {**ada, "when": "2020-01-01T00:00:00Z"}
    yield "another language", {**ada, "language": "pt"}
    yield "details changed", {**ada, "details": {"likely": 90}}
    yield "a field added", {**ada, "weather": "rain"}
    yield "a field taken out", {name: value for name, value in ada.items() if name != "details"}
    yield "a lock swapped", {**ada, "lock": bea["lock"]}
    yield "a signature of the same author's", {**ada, "signature": note["signature"]}
    yield "a signature in its second form", {**ada, "signature": other_form(ada["signature"])}
    yield (
        "a key anybody signs for",
        {
            **ada,
            "public_key": f"{1:02x}" + "00" * 31,
            "signature": f"{1:02x}" + "00" * 63,
        },
    )
    yield "halves of two people", {**ada, **{name: bea[name] for name in ("text", "signature")}}
    yield "a footnote made up", {**note, "id": "e" * 32, "text": "I was wrong"}
    yield "a footnote signed by another", signed({**note, "id": "e" * 32, "text": "I was wrong"}, BEA)
    yield "a footnote moved to another answer", {**note, "of": bea["id"], "of_lock": bea["lock"]}
    yield "a footnote changed", {**note, "text": "or a dronE"}
    yield "a footnote made an answer", {**note, "kind": "answer", "who": ada["who"], "asked": asked}
    yield (
        "an answer made a footnote",
        {
            **ada,
            "kind": "footnote",
            "of": bea["id"],
            "of_lock": bea["lock"],
        },
    )
    yield "a withdrawal of another record", {**gone, "of": ada["id"], "lock": ada["lock"]}
    yield "a withdrawal by the key of another", signed({**gone, "of": ada["id"], "lock": ada["lock"]}, BEA)
    yield "a withdrawal at another time", {**gone, "when": "2020-01-01T00:00:00Z"}
    yield (
        "a withdrawal with a signature of the answer",
        {
            **gone,
            "of": ada["id"],
            "lock": ada["lock"],
            "signature": ada["signature"],
        },
    )
    yield "a keeper's deletion that looks like an author's", {**gone, "by": "keeper"}


NAMES = [
    "a second answer",
    "a second answer, signed by another",
    "a second answer without signature",
    "a second answer of nobody",
    "a second answer with no word of keys",
    "a pseudonym claimed by another key",
    "a pseudonym and a key of which one is another's",
    "a public key swapped",
    "a public key and a pseudonym swapped",
    "a text changed by a byte",
    "a refusal made of an answer",
    "consent widened",
    "consent of another version",
    "moved to another image",
    "moved to another exercise",
    "moved to another study",
    "made an answer to another's",
    "another time",
    "another language",
    "details changed",
    "a field added",
    "a field taken out",
    "a lock swapped",
    "a signature of the same author's",
    "a signature in its second form",
    "a key anybody signs for",
    "halves of two people",
    "a footnote made up",
    "a footnote signed by another",
    "a footnote moved to another answer",
    "a footnote changed",
    "a footnote made an answer",
    "an answer made a footnote",
    "a withdrawal of another record",
    "a withdrawal by the key of another",
    "a withdrawal at another time",
    "a withdrawal with a signature of the answer",
    "a keeper's deletion that looks like an author's",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_forged_line_is_refused_by_merging_and_by_reading_and_its_line_is_told(export, name, tmp_path):
    forged = dict(forgeries(export))
    assert list(forged) == NAMES
    lines = export.read_text().splitlines()
    path = tmp_path / "forged.jsonl"
    path.write_text("\n".join([*lines[:3], json.dumps(forged[name]), *lines[3:]]) + "\n")
    merged = merge_files([path], tmp_path / "into")
    (fault,) = merged.faults
    assert fault.where == f"{path}, line 4"
    assert fault.found in ("words that are not signed by their author", "no answer, footnote or withdrawal")
    assert "a weapon" not in str(fault)
    assert load_records(path) == load_records(tmp_path / "into") == load_records(export)
    assert (merged.answers, merged.footnotes, merged.withdrawals) == (2, 1, 1)
    with Store(tmp_path / "into") as store:
        store.export(tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_bytes() == export.read_bytes()


def test_all_forged_lines_of_a_file_are_told_together(export, tmp_path):
    path = tmp_path / "forged.jsonl"
    path.write_text("\n".join([HEADER, *(json.dumps(line) for _, line in forgeries(export))]) + "\n")
    merged = merge_files([path, export], tmp_path / "into")
    told = [fault.where for fault in merged.faults]
    assert told == [f"{path}, line {number}" for number in range(2, 2 + len(NAMES))]
    assert load_records(tmp_path / "into") == load_records(export)


def test_a_line_forged_into_a_stores_own_log_is_told_when_it_is_read_and_never_shown(export, tmp_path):
    merge_files([export], tmp_path / "store")
    log = tmp_path / "store" / "answers.jsonl"
    before, whole = load_records(log), len(log.read_bytes().splitlines())
    for _, line in forgeries(export):
        with log.open("a") as file:
            file.write(json.dumps(line) + "\n")
        forged = len(log.read_bytes().splitlines()) - whole
        with Store(tmp_path / "store") as store:
            assert tuple(store.records()) == before
            assert len(store.faults) == forged > 0
            store.export(tmp_path / "out.jsonl")
        assert (tmp_path / "out.jsonl").read_bytes() == export.read_bytes()


def test_a_forged_line_goes_with_the_words_that_it_was_made_of(export, tmp_path):
    merge_files([export], tmp_path / "store")
    log = tmp_path / "store" / "answers.jsonl"
    ada, *_ = lines_of(export)
    with log.open("a") as file:
        file.write(json.dumps({**ada, "language": "pt"}) + "\n")
    with Store(tmp_path / "store") as store:
        store.withdraw(ada["id"], ADA)
    assert b"a kite" not in log.read_bytes()


def test_what_somebody_signed_speaks_for_the_study_that_it_was_said_in_wherever_it_comes(export, tmp_path):
    with Store(tmp_path / "other") as store:
        store.say("a window", AnswerContext("portraits", "what-if"), CONSENT)
        store.merge(export)
        assert [record.text for record in store.records(study="portraits")] == ["a window"]
        assert len(store.records(study="nature")) == 2


@pytest.mark.parametrize("demonstration", [False, True])
def test_real_answers_are_none_made_for_demonstration_nor_the_reverse(export, demonstration, tmp_path):
    path = export
    if demonstration:
        with Store(tmp_path / "shown", demonstration=True) as shown:
            shown.say("a made-up kite", ASKED, CONSENT, ADA)
            shown.export(tmp_path / "shown.jsonl")
        path = tmp_path / "shown.jsonl"
    first, *lines = path.read_text().splitlines()
    header = {**json.loads(first), "demonstration": not demonstration}
    turned = tmp_path / "turned.jsonl"
    turned.write_text("\n".join([json.dumps(header), *lines]) + "\n")
    merged = merge_files([turned], tmp_path / "into", demonstration=not demonstration)
    assert len(merged.faults) == len(lines)
    assert load_records(tmp_path / "into") == ()


def test_what_nobody_said_is_in_demonstrations_alone_and_under_no_pseudonym(export, tmp_path):
    ada, *_ = lines_of(export)
    nobody = {**ada, "id": "d" * 32, "who": "nobody 1", "lock": "", "public_key": "", "signature": ""}
    for number, who, demonstration, taken in [
        (1, "nobody 1", True, 1),
        (2, ada["who"], True, 0),
        (3, "nobody 1", False, 0),
    ]:
        header = HEADER.replace("false", str(demonstration).lower())
        path = tmp_path / f"{number}.jsonl"
        path.write_text(f"{header}\n{json.dumps({**nobody, 'who': who})}\n")
        merged = merge_files([path], tmp_path / f"into-{number}", demonstration=demonstration)
        assert (merged.answers, len(merged.faults)) == (taken, 1 - taken)


def test_no_key_and_nothing_that_signs_is_in_an_export(export, tmp_path):
    with Store(tmp_path / "store") as store:
        store.merge(export)
        ours = b"".join(store.lines_of(ADA, BEA))
    every = export.read_bytes() + ours
    for key in (ADA, BEA):
        author = Author(key)
        seeds = [author._seed_of(name) for name in ("", *(line["id"] for line in lines_of(export)[:3]))]
        for secret in (key.encode(), *seeds, *(seed.hex().encode() for seed in seeds)):
            assert secret not in every


def test_a_withdrawal_says_of_nobody_whose_it_was(export):
    ada, bea, note, gone = lines_of(export)
    assert set(gone) == {"by", "kind", "lock", "of", "signature", "when"}
    for line in (ada, bea, note):
        assert not {gone["lock"], gone["of"]} & {*map(str, line.values())}
    for name in ("who", "public_key"):
        assert ada[name] not in json.dumps(gone)


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """Read bytes as a file of answers."""
    path = tmp_path_factory.mktemp("changed") / "changed.jsonl"

    def found(data):
        path.write_bytes(data)
        return answers_log.read_log(path)

    return found


@examples(1000)
@given(st.data())
def test_any_byte_that_is_changed_makes_a_line_refused_or_leaves_its_meaning(export, read, data):
    lines = export.read_bytes().splitlines()
    number = data.draw(st.integers(1, len(lines) - 1))
    place = data.draw(st.integers(0, len(lines[number]) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != lines[number][place]))
    changed = lines[number][:place] + bytes([other]) + lines[number][place + 1 :]
    found = read(b"\n".join([lines[0], changed, b""]))
    for entry in found.entries:
        assert entry.line == lines[number]
        assert json.loads(changed) == entry.fields
    assert bool(found.entries) != bool(found.faults)


def test_each_byte_of_a_file_changed_in_turn_lets_no_other_words_in(export, read):
    whole = export.read_bytes()
    known = {entry.line for entry in read(whole).entries}
    for place in range(whole.index(b"\n") + 1, len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1 + place % 255
        assert {entry.line for entry in read(bytes(changed)).entries} <= known


def test_an_entry_of_which_the_lines_form_alone_is_other_is_the_same(export, tmp_path):
    first, *lines = export.read_text().splitlines()
    path = tmp_path / "spaced.jsonl"
    path.write_text("\n".join([first, *(json.dumps(json.loads(line), indent=None) for line in lines)]) + "\n")
    assert load_records(path) == load_records(export)
    assert merge_files([path, export], tmp_path / "into").known == 4

"""What a course system gives: zips and folders with names of people, and what else lies in them."""

import base64
import hashlib
import io
import json
import zipfile

import pytest
from click.testing import CliRunner

from retrain_kit.answers import AnswerContext, Author, Consent, Store, merge_files
from retrain_kit.answers.takeaway import takeaway
from retrain_kit.cli import kit
from retrain_kit.errors import DataError

CONSENT = Consent(("class",), "v1", "2026-01-02T03:04:05Z")
NAMES = ("Müller", "Hamid", "mullerhans", "Ngozi", "Adichie")


def answers(folder, text, key, *, withdraw=False):
    """Return the file of one person, as a page gives it."""
    with Store(folder) as store:
        said = store.say(text, AnswerContext("nature", "what-if"), CONSENT, key)
        if withdraw:
            store.withdraw(said.record.id, key)
        return takeaway([store], [key])["text"].encode()


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """Three files of answers: one person's, the same one's again with more, and somebody else's."""
    one, other = Author.new().key, Author.new().key
    folder = tmp_path_factory.mktemp("people")
    first = answers(folder / "one", "mist", one)
    return [first, answers(folder / "one", "a kite", one), answers(folder / "other", "fog", other)]


def zipped(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def layouts(one, again, other):
    word = io.BytesIO()
    with zipfile.ZipFile(word, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    strangers = {"essay.docx": word.getvalue(), "key-bodag.txt": b"The key of bodag\n\nlusab", "empty": b""}
    moodle = {
        "Hans Müller_123456_assignsubmission_file_/answers-nature-a.jsonl": one,
        "Hans Müller_123457_assignsubmission_file_/answers-nature-a.jsonl": again,
        "Ngozi Adichie_123458_assignsubmission_file_/answers-nature-b.jsonl": other,
    }
    canvas = {
        "mullerhans_12345_67890_answers-nature-a.jsonl": one,
        "mullerhans_LATE_12345_67891_answers-nature-a-1.jsonl": again,
        "adichiengozi_12346_67892_answers-nature-b.jsonl": other,
        "__MACOSX/._mullerhans_12345_67890_answers-nature-a.jsonl": b"\0\5\26\7",
    }
    ilias = {
        "Exercise/Abgaben/Müller_Hans_hmueller_1234/20261130_answers.jsonl": one,
        "Exercise/Abgaben/Müller_Hans_hmueller_1234/20261201_answers.jsonl.txt": again.replace(
            b"\n", b"\r\n"
        ),
        "Exercise/Abgaben/Adichie_Ngozi_nadichie_99/answers.jsonl": other,
        "Exercise/Abgaben/Hamid_Mohsin/.DS_Store": b"\0\0\0\1Bud1",
    }
    for layout in (moodle, canvas, ilias):
        yield layout | {f"Hamid Mohsin_9/{name}": data for name, data in strangers.items()}


@pytest.mark.parametrize("number", range(3), ids=["moodle", "canvas", "ilias"])
@pytest.mark.parametrize("unpacked", [False, True], ids=["zip", "folder"])
def test_a_course_systems_download_is_taken_and_nobodys_name_is_told(people, tmp_path, number, unpacked):
    path = zipped(tmp_path / "submissions.zip", list(layouts(*people))[number])
    if unpacked:
        zipfile.ZipFile(path).extractall(tmp_path / "submissions")
        path = tmp_path / "submissions"
    done = CliRunner().invoke(kit, ["merge", str(path), "-o", str(tmp_path / "store")])
    assert done.exit_code == 0, done.output
    with Store(tmp_path / "store") as store:
        assert sorted(record.text for record in store.records()) == ["a kite", "fog", "mist"]
        assert store.faults == ()
    told = done.output.replace(str(tmp_path), "")
    assert "new: 3 answers, 0 footnotes, 0 withdrawals; known: 1 line" in told
    assert told.count("of 6") == 3
    assert "somebody's key" in told
    assert "Delete it, and tell whoever handed it in" in told
    assert "an empty file" in told
    assert "document of Word" in told
    kept = b"".join(each.read_bytes() for each in (tmp_path / "store").rglob("*") if each.is_file()).decode()
    assert not any(name.lower() in (told + kept).lower() for name in NAMES)


def test_what_is_withdrawn_and_handed_in_anew_is_deleted(tmp_path):
    key = Author.new().key
    with Store(tmp_path / "page") as page:
        said = page.say("mist", AnswerContext("nature", "what-if"), CONSENT, key)
        first = takeaway([page], [key])["text"].encode()
        page.withdraw(said.record.id, key)
        second = takeaway([page], [key])["text"].encode()
    merge_files([zipped(tmp_path / "one.zip", {"A/answers.jsonl": first})], tmp_path / "store")
    done = merge_files(
        [zipped(tmp_path / "two.zip", {"A/1.jsonl": first, "A/2.jsonl": second})], tmp_path / "store"
    )
    assert (done.removed, done.withdrawals) == (1, 1)
    assert b"mist" not in (tmp_path / "store" / "answers.jsonl").read_bytes()


def test_damage_is_told_by_number_and_line_and_costs_no_other_answer(people, tmp_path):
    broken = people[2].replace(b'"text":"fog"', b'"text":"hate"')
    path = zipped(tmp_path / "s.zip", {"Hans Müller/a.jsonl": people[0], "Ngozi/b.jsonl": broken})
    done = merge_files([path], tmp_path / "store")
    assert done.answers == 1
    assert [fault.where for fault in done.faults] == ["s.zip, file 2 of 2, line 2"]


def test_answers_of_another_version_are_left_alone_and_the_others_taken(people, tmp_path):
    older = people[2].replace(b'"schema":2', b'"schema":1')
    shown = people[2].replace(b'"demonstration":false', b'"demonstration":true')
    path = zipped(tmp_path / "s.zip", {"a": people[0], "b": older, "c": shown})
    done = merge_files([path], tmp_path / "store")
    told = [(fault.where, fault.found) for fault in done.left_alone]
    assert told == [
        ("s.zip, file 2 of 3", "version 1"),
        ("s.zip, file 3 of 3", "answers made for demonstration"),
    ]


def encrypted(people, path):
    zipped(path, {"Hans Müller/a.jsonl": people[0]})
    data = bytearray(path.read_bytes())
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + at] |= 1
    path.write_bytes(data)


def climbing(people, path):
    zipped(path, {"../Hans Müller.jsonl": people[0]})


def cut(people, path):
    zipped(path, {"Hans Müller.jsonl": people[0]})
    path.write_bytes(path.read_bytes()[:-40])


def swelling(people, path):
    head = people[0].partition(b"\n")[0] + b"\n"
    zipped(path, {"Hans Müller.jsonl": head + bytes(3_000_000)})


def crowded(people, path):
    zipped(path, {f"Hans Müller/{number}": people[0] for number in range(12)})


def answerless(_, path):
    zipped(path, {"Hans Müller/essay.txt": b"I think"})


REFUSED = {
    encrypted: "an encrypted zip",
    climbing: "names that lead out of the zip",
    cut: "a zip that cannot be read (BadZipFile)",
    swelling: "more than 1 MB of answers",
    crowded: "12 files",
    answerless: "no file of answers",
}


@pytest.mark.parametrize("make", REFUSED, ids=lambda make: make.__name__)
def test_what_cannot_be_used_is_refused_with_one_fault(people, tmp_path, monkeypatch, make):
    monkeypatch.setattr("retrain_kit.answers.handed_in.MAX_FILE_BYTES", 1_000_000)
    monkeypatch.setattr("retrain_kit.answers.handed_in.MAX_FILES", 10)
    path = tmp_path / "s.zip"
    make(people, path)
    with pytest.raises(DataError) as raised:
        merge_files([path], tmp_path / "store")
    assert raised.value.faults[0].found == REFUSED[make]
    assert "Müller" not in str(raised.value)
    assert not (tmp_path / "store").exists()
    assert not list(tmp_path.glob("**/*Müller*"))


def test_files_given_with_answers_come_along_where_they_are_what_is_said(tmp_path):
    key, picture = Author.new().key, b"\xff\xd8\xff\xe0 a picture"
    lines = []
    with Store(tmp_path / "page") as page:
        for data, size in ((picture, len(picture)), (b"\xff\xd8\xff other", 5), (b"MZ program", 10)):
            file = {"sha256": hashlib.sha256(data).hexdigest(), "type": "image/jpeg", "size": size}
            details = {"file": file, "words": False}
            page.say("image", AnswerContext("s", "living-with-images-return"), CONSENT, key, details=details)
            lines.append(
                json.dumps(
                    {"kind": "file", "sha256": file["sha256"], "data": base64.b64encode(data).decode()}
                )
            )
        text = takeaway([page], [key])["text"]
    stray = json.dumps({"kind": "file", "sha256": "0" * 64, "data": "AAAA"})
    handed = tmp_path / "answers.jsonl"
    handed.write_text("\n".join([text.rstrip(), *lines, stray, ""]))
    done = merge_files([handed], tmp_path / "store")
    assert (done.answers, [fault.found for fault in done.faults]) == (3, ["another file"] * 2)
    kept = list((tmp_path / "store" / "files").iterdir())
    assert [path.read_bytes() for path in kept] == [picture]
    assert b'"kind":"file"' not in (tmp_path / "store" / "answers.jsonl").read_bytes()

"""A folder of files, named after cards and people, becomes what came back to a study."""

import csv
import os

import media
import pytest
from click.testing import CliRunner
from places import SHARED

from retrain_kit import cli
from retrain_kit.errors import DataError
from retrain_kit.exercises.living_with_images.returns import Returns, intake
from retrain_kit.studies.codes import card_code

HEIC = SHARED / "cases" / "class" / "K7P-426-5KC_gps.heic"
PEOPLE = "pseudonym,agreed,language\nkestrel,class publication,en\nسنونو,publication,\nmoth,,\n"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "came-back"
    made.mkdir()
    (made / "people.csv").write_text(PEOPLE, encoding="utf-8")
    return made


@pytest.fixture
def returns(tmp_path):
    with Returns(tmp_path / "answers", "embedded-sample") as opened:
        yield opened


def card(image):
    return card_code("embedded-sample", image)


def keys_of(folder):
    with (folder / "keys.csv").open(encoding="utf-8") as file:
        return {row["pseudonym"]: row["key"] for row in csv.DictReader(file)}


def test_words_files_and_refusals_come_in_with_card_pseudonym_and_consent(folder, returns, embedded):
    (folder / f"{card('bison')}_kestrel.txt").write_text("a fence", encoding="utf-8")
    (folder / f"{card('cow').lower()}_kestrel_second.mp3").write_bytes(media.mp3())
    (folder / "cow_سنونو_nothing.txt").touch()
    (folder / f"{card('owl')}_moth_no-answer.txt").write_text("not today")
    (folder / f"{card('dog')}_moth_burn.txt").touch()
    assert intake.take_in_folder(folder, embedded, returns) == 5
    found = {
        (each.details["pseudonym"], *each.asked.images, each.refusal, each.text): each
        for each in returns.records()
    }
    assert set(found) == {
        ("kestrel", "bison", "", "a fence"),
        ("kestrel", "cow", "", "sound"),
        ("سنونو", "cow", "nothing", ""),
        ("moth", "owl", "no-answer", "not today"),
        ("moth", "burn", ""),
    }
    said = found["kestrel", "bison", "", "a fence"]
    assert (said.consent.agreed, said.language) == (("class", "publication"), "en")
    assert found["moth", "owl", "no-answer", "not today"].consent.agreed == ()
    assert found["kestrel", "cow", "", "sound"].details["file"]["type"] == "audio/mpeg"


def test_each_person_gets_a_key_that_withdraws_and_is_in_no_other_file(folder, returns, embedded, tmp_path):
    (folder / f"{card('bison')}_kestrel.txt").write_text("a fence")
    intake.take_in_folder(folder, embedded, returns)
    (record,), keys = returns.records(), keys_of(folder)
    assert (folder / "keys.csv").stat().st_mode & 0o777 == 0o600
    assert list(keys) == ["kestrel"]
    store = b"".join(path.read_bytes() for path in (tmp_path / "answers").rglob("*") if path.is_file())
    assert keys["kestrel"].encode() not in store
    returns.withdraw(record.id, keys["kestrel"])
    assert returns.records() == []


def test_bringing_twice_keeps_once_and_what_was_withdrawn_stays_withdrawn(folder, returns, embedded):
    (folder / f"{card('bison')}_kestrel.txt").write_text("a fence")
    (folder / f"{card('cow')}_kestrel.wav").write_bytes(media.wav())
    assert intake.take_in_folder(folder, embedded, returns) == 2
    assert intake.take_in_folder(folder, embedded, returns) == 0
    first = next(each for each in returns.records() if each.text == "a fence")
    returns.withdraw(first.id, keys_of(folder)["kestrel"])
    (folder / f"{card('owl')}_kestrel.txt").write_text("an owl")
    assert intake.take_in_folder(folder, embedded, returns) == 1
    assert sorted(each.text for each in returns.records()) == ["an owl", "sound"]
    assert len({each.who for each in returns.records()}) == 1


def test_all_faults_of_a_folder_are_told_together_and_nothing_is_kept(folder, returns, embedded):
    with (folder / "people.csv").open("a", encoding="utf-8") as file:
        file.write("kestrel,class,\n,class,\nwren,everything,\n")
    for name, data in {
        "song.mp3": media.mp3(),
        "ZZZ-ZZZ-ZZZ_kestrel.mp3": media.mp3(),
        f"{card('bison')}_.txt": b"a",
        f"{card('bison')}_nobody.txt": b"a",
        f"{card('bison')}_kestrel.zip": b"PK\3\4" + bytes(60),
        f"{card('bison')}_kestrel_empty.txt": b"",
        f"{card('bison')}_kestrel_long.txt": b"x" * 60_001,
        f"{card('bison')}_kestrel_burn.png": media.png(),
        f"{card('cow')}_kestrel.txt": b"this one is good",
    }.items():
        (folder / name).write_bytes(data)
    with (folder / f"{card('cow')}_kestrel.mp4").open("wb") as film:
        film.truncate(3_000_000_000)
    with pytest.raises(DataError) as caught:
        intake.take_in_folder(folder, embedded, returns)
    told = [str(fault) for fault in caught.value.faults]
    assert len(told) == 12
    for part in (
        "line 5: found 'kestrel', 'class' once more",
        "line 6: found '', 'class'",
        "line 7: found 'wren', 'everything'",
        "song.mp3: found another name",
        "ZZZ-ZZZ-ZZZ_kestrel.mp3: found another name",
        "_.txt: found another name",
        "_nobody.txt, pseudonym: found 'nobody'",
        "application/zip",
        "an empty file",
        "a text of 60001 letters",
        "an image called a refusal",
        "3,000 MB",
    ):
        assert any(part in line for line in told), part
    assert returns.records() == []
    assert not (folder / "keys.csv").exists()


def test_a_folder_without_people_or_without_files_says_so(tmp_path, returns, embedded):
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(DataError, match="people.csv: found no file") as caught:
        intake.take_in_folder(empty, embedded, returns)
    assert len(caught.value.faults) == 1
    (empty / "people.csv").write_text(PEOPLE)
    with pytest.raises(DataError, match="found no files; expected files called CARD_PSEUDONYM"):
        intake.take_in_folder(empty, embedded, returns)


def test_a_key_that_is_none_is_told_and_not_repeated(folder, returns, embedded):
    (folder / f"{card('bison')}_kestrel.txt").write_text("a fence")
    (folder / "keys.csv").write_text("pseudonym,key\nkestrel,open sesame\n")
    with pytest.raises(DataError, match="keys.csv, key") as caught:
        intake.take_in_folder(folder, embedded, returns)
    assert "sesame" not in str(caught.value)


def run(*arguments):
    return CliRunner().invoke(cli.kit, [str(each) for each in arguments])


def test_the_commands_bring_a_folder_and_show_it(folder, tmp_path):
    (folder / f"{card('bison')}_kestrel.txt").write_text("a fence")
    (folder / f"{card('cow')}_kestrel.png").write_bytes(media.png())
    (folder / f"{card('cow')}_moth.txt").write_text("for nobody")
    store = tmp_path / "answers"
    brought = run("bring", folder, "--study", "embedded-sample", "--answers", store)
    assert brought.output.startswith("3 new returns")
    for out in ("page.html", "booklet.pdf", "show"):
        shown = run("exhibition", "embedded-sample", "--answers", store, "-o", tmp_path / out)
        assert shown.exit_code == 0, shown.output
        assert "What the file itself says of its author" not in shown.output
        assert "1 not shown: not agreed to for publication." in shown.output
    assert (tmp_path / "booklet.pdf").read_bytes().startswith(b"%PDF")
    assert "for nobody" not in (tmp_path / "page.html").read_text()


def test_a_phones_photo_is_kept_and_shown_without_its_place(folder, returns, embedded):
    if not HEIC.is_file():
        pytest.skip("the photo with a place lies in ../shared/cases, which is not here")
    (folder / f"{card('bison')}_kestrel.heic").write_bytes(HEIC.read_bytes())
    assert intake.take_in_folder(folder, embedded, returns) == 1
    (kept,) = (path for path in (returns.store.folder / "files").iterdir())
    data = kept.read_bytes()
    assert data.startswith(b"\xff\xd8\xff")
    assert not any(sign in data for sign in (b"Exif", b"ftyp", b"GPS", b"http://ns.adobe.com", b"Photoshop"))
    assert intake.take_in_folder(folder, embedded, returns) == 0


@pytest.mark.parametrize(
    ("ending", "hint"),
    [
        ("gif", "cannot be cleaned here.* Save it as JPEG or PNG"),
        ("avif", "cannot be cleaned here.* Save it as JPEG or PNG"),
        ("two.ogg", "cannot be cleaned here.* Save it as MP3, M4A, OGG or WAV"),
        ("webm", "cannot be cleaned here.* Save it as MP4"),
        ("docx", "wordprocessingml.document; .* Save it as text, PDF"),
        ("locked.pdf", "cannot be cleaned here.* Save it as a PDF without a password"),
    ],
)
def test_what_cannot_be_cleaned_is_refused_with_a_hint(ending, hint, folder, returns, embedded):
    (folder / f"{card('cow')}_kestrel.{ending}").write_bytes(media.REFUSED[ending]())
    with pytest.raises(DataError, match=hint):
        intake.take_in_folder(folder, embedded, returns)
    assert returns.records() == []


@pytest.mark.parametrize("ending", ["mp4", "mov", "m4a", "pdf", "mp3", "jpg"])
def test_what_is_kept_tells_nothing_of_its_author_nor_does_its_name(ending, folder, returns, embedded):
    (folder / f"{card('cow')}_kestrel_{media.TELLTALE}.{media.TELLTALE}").write_bytes(media.CLEANED[ending]())
    assert intake.take_in_folder(folder, embedded, returns) == 1
    assert returns.records()[0].details["file"]["extension"] == f".{ending}"
    for path in (path for path in returns.store.folder.rglob("*") if path.is_file()):
        assert media.TELLTALE.encode() not in path.read_bytes(), path
        assert media.TELLTALE not in path.name


def test_the_film_that_a_phone_lays_beside_a_photo_is_not_taken_unasked(folder, returns, embedded):
    (folder / f"{card('cow')}_kestrel_IMG1.heic").write_bytes(media.heic())
    film = folder / f"{card('cow')}_kestrel_IMG1.mov"
    film.write_bytes(media.mov())
    with pytest.raises(
        DataError, match=r"_IMG1.mov: found a film with the name of a photo.* Delete it"
    ) as caught:
        intake.take_in_folder(folder, embedded, returns)
    assert len(caught.value.faults) == 1
    film.rename(film.with_name(f"{card('cow')}_kestrel_film.mov"))
    assert intake.take_in_folder(folder, embedded, returns) == 2


def test_a_users_mistake_is_told_without_traceback(folder, tmp_path):
    (folder / "song.mp3").write_bytes(media.mp3())
    store = tmp_path / "answers"
    brought = run("bring", folder, "--study", "embedded-sample", "--answers", store)
    assert (brought.exit_code, "Traceback" in brought.output) == (1, False)
    assert not store.exists()
    exhibition = ("exhibition", "embedded-sample", "--answers", store, "-o", tmp_path / "page.html")
    assert "found no answers.jsonl in it" in run(*exhibition).output
    with Returns(store, "embedded-sample"):
        pass
    assert "found 0 answers, none agreed to for publication" in run(*exhibition).output


def test_a_link_out_of_the_folder_is_followed_by_nobody(folder, returns, embedded, tmp_path):
    (tmp_path / "secret.txt").write_text("a private letter")
    (folder / f"{card('bison')}_kestrel.txt").symlink_to(tmp_path / "secret.txt")
    (folder / f"{card('cow')}_kestrel.txt").write_text("a cow")
    (folder / f"{card('owl')}_kestrel.txt").symlink_to(f"{card('cow')}_kestrel.txt")
    (folder / f"{card('dog')}_kestrel.txt").symlink_to("../../../etc/passwd")
    with pytest.raises(DataError) as caught:
        intake.take_in_folder(folder, embedded, returns)
    told = {str(fault) for fault in caught.value.faults}
    expected = "found a link out of the folder; expected a file of this folder."
    assert told == {f"{card(image)}_kestrel.txt: {expected}" for image in ("bison", "dog")}
    assert returns.records() == []


def test_a_table_of_people_that_is_a_link_out_is_none(folder, returns, embedded, tmp_path):
    (folder / "people.csv").rename(tmp_path / "people.csv")
    (folder / "people.csv").symlink_to(tmp_path / "people.csv")
    (folder / f"{card('cow')}_kestrel.txt").write_text("a cow")
    with pytest.raises(DataError, match="people.csv: found a link out of the folder"):
        intake.take_in_folder(folder, embedded, returns)


def test_a_pipe_holds_nobody_up(folder, returns, embedded):
    os.mkfifo(folder / f"{card('cow')}_kestrel.txt")
    with pytest.raises(DataError, match="found no file, but a pipe or a device"):
        intake.take_in_folder(folder, embedded, returns)


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    "cell",
    [
        ("class publication", ("class", "publication")),
        ("both", ("class", "publication")),
        ('"class, publication"', ("class", "publication")),
        ('"publication;class"', ("publication", "class")),
        ("neither", ()),
        ("", ()),
    ],
)
def test_the_table_of_people_is_read_as_spreadsheets_write_it(folder, embedded, sign, encoding, cell):
    said, agreed = cell
    table = f"pseudonym{sign}agreed\r\nZoë{sign}{said}\r\n"
    (folder / "people.csv").write_bytes(table.encode(encoding))
    (folder / f"{card('cow')}_Zoë.txt").write_text("a cow")
    _, people = intake.read_folder(folder, embedded)
    assert people["Zoë"].agreed == agreed


def test_an_image_that_nothing_can_decode_is_refused_when_it_is_brought(folder, returns, embedded):
    (folder / f"{card('cow')}_kestrel.png").write_bytes(media.huge_png())
    with pytest.raises(DataError, match="an image of more than 100 megapixels"):
        intake.take_in_folder(folder, embedded, returns)

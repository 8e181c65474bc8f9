"""`bring` takes what a course system gives, and keeps nobody's name of it."""

import zipfile

import pytest
from click.testing import CliRunner

from retrain_kit import cli
from retrain_kit.errors import DataError
from retrain_kit.exercises.living_with_images.returns import Returns, course_files
from retrain_kit.studies.codes import card_code

OWL, COW = (card_code("embedded-sample", image) for image in ("owl", "cow"))
NAMES = [
    f"Doe Jane_12345_assignsubmission_file_{OWL}_tern.txt",
    f"Doe Jane_12345_assignsubmission_file/{COW}_tern.txt",
    f"doejane_LATE_4711_98765_{OWL}_wren.txt",
    f"Task 1/Doe_Jane_jdoe_2345/20261130_{COW}_wren_nothing.txt",
    f"{OWL}_moth.txt",
]


@pytest.fixture
def handed_in(tmp_path):
    path = tmp_path / "course.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number, name in enumerate(NAMES):
            archive.writestr(name, f"words {number}")
        archive.writestr("__MACOSX/._Doe Jane", b"")
    table = "pseudonym,agreed\ntern,both\nwren,class\nmoth,neither\n"
    (tmp_path / "people.csv").write_text(table, encoding="utf-8")
    return path


def test_a_zip_of_a_course_system_is_brought_by_cards_codes_and_nobodys_name_is_kept(handed_in, tmp_path):
    given = ["bring", str(handed_in), "--study", "embedded-sample", "--answers", str(tmp_path / "answers")]
    first = CliRunner().invoke(cli.kit, given)
    assert first.exit_code == 0, first.output
    with Returns(tmp_path / "answers", "embedded-sample") as returns:
        said = sorted((record.asked.images[0], record.text, record.refusal) for record in returns.records())
    assert said == [
        ("cow", "words 1", ""),
        ("cow", "words 3", "nothing"),
        ("owl", "words 0", ""),
        ("owl", "words 2", ""),
        ("owl", "words 4", ""),
    ]
    assert (tmp_path / "keys.csv").is_file()
    kept = [path for path in (tmp_path / "answers").rglob("*") if path.is_file()]
    assert not any(b"Doe" in path.read_bytes() for path in kept)
    assert "Doe" not in first.output
    assert "0 new returns" in CliRunner().invoke(cli.kit, given).output


def test_the_same_unpacked_is_the_same(handed_in, tmp_path):
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(handed_in) as archive:
        archive.extractall(folder / "course")
    assert course_files.is_of_a_course(folder)
    with course_files.course_folder(folder) as one, course_files.course_folder(handed_in) as other:
        assert sorted(path.name for path in one.iterdir()) == sorted(path.name for path in other.iterdir())


def test_files_without_a_code_are_told_by_number_all_together(tmp_path):
    path = tmp_path / "course.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in (
            "Doe Jane/essay.docx",
            f"Doe Jane/{OWL}_tern.txt",
            f"Roe Ann/{OWL}_tern.txt",
            "../x.txt",
        ):
            archive.writestr(name, "words")
    with pytest.raises(DataError, match="names that lead out of the zip"), course_files.course_folder(path):
        pass
    path.unlink()
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("Doe Jane/essay.docx", f"Doe Jane/{OWL}_tern.txt", f"Roe Ann/{OWL}_tern.txt"):
            archive.writestr(name, "words")
    with pytest.raises(DataError) as raised, course_files.course_folder(path):
        pass
    told = [str(fault) for fault in raised.value.faults]
    assert [line.partition(";")[0] for line in told] == [
        "course.zip, file 2 of 3: found no card's code in its name",
        f"course.zip, file 3 of 3: found {OWL}_tern.txt once more",
    ]
    assert "Doe" not in "".join(told)

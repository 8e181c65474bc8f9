"""A manifest says everything, or says everything that is wrong with it."""

import hashlib
from pathlib import Path

import pytest

from retrain_kit import datasets
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.studies import manifests

TOML = """
title = "Two images"
why = "To see whether it works."
dataset = "folder"
version = "1"
licence = "CC0-1.0"
retrieved = 2026-11-22
folder = "images"

[annotation]
who = "unknown"
when = "unknown"
how = "unknown"
"""
HEADER = "id,file,sha256,width_px,height_px,licence,author,source,note"
SHA = hashlib.sha256(b"a").hexdigest()
ROW = f"a,a.png,{SHA},3,2,CC0-1.0,Ann,https://example.org/a,"


@pytest.fixture
def study(tmp_path):
    def write(toml=TOML, rows=(ROW,), header=HEADER):
        (tmp_path / "images").mkdir(exist_ok=True)
        (tmp_path / "images" / "a.png").write_bytes(b"a")
        (tmp_path / "two.toml").write_text(toml)
        (tmp_path / "two.csv").write_text("\n".join([header, *rows]) + "\n")
        return tmp_path / "two.toml"

    return write


def faults(path):
    with pytest.raises(DataError) as caught:
        manifests.load(path)
    with pytest.raises(DataError) as unkept:
        manifests.load(path, keep=False)
    assert unkept.value.faults == caught.value.faults
    return [str(fault).replace(str(path.parent) + "/", "") for fault in caught.value.faults]


def test_a_study_is_its_toml_and_its_csv(study, tmp_path):
    manifest = manifests.load(study())
    assert (manifest.name, manifest.title, manifest.dataset) == ("two", "Two images", "folder")
    assert manifest.retrieved == "2026-11-22"
    assert manifest.images == (
        manifests.ImageRow("a", "a.png", SHA, 3, 2, "CC0-1.0", "Ann", "https://example.org/a"),
    )
    assert manifest.path(manifest.images[0]) == tmp_path / "images" / "a.png"
    manifests.verify_files(manifest)


def test_rows_that_are_not_kept_are_the_same_each_time_they_are_read(study, tmp_path):
    rows = [
        ROW,
        ROW.replace("a,", 'b,"line\nbreak.png"', 1).replace('"a.png,', '",', 1),
        ROW.replace("a,", "c,", 1),
    ]
    kept, unkept = manifests.load(study(rows=rows)), manifests.load(study(rows=rows), keep=False)
    assert [image.id for image in kept.images] == ["a", "b", "c"]
    assert (tuple(unkept.images), tuple(unkept.images)) == (kept.images, kept.images)
    assert (len(unkept.images), unkept.digest, unkept.pinned) == (3, kept.digest, True)
    assert list(kept.images)[1] in unkept.images
    assert manifests.ImageRow("d", "d.png", SHA, 1, 1, "l", "a", "s") not in unkept.images


def test_missing_fields_of_both_files_are_reported_together(study):
    path = study(
        TOML.replace('licence = "CC0-1.0"\n', "").replace('who = "unknown"\n', ""), [ROW.replace("Ann", "")]
    )
    assert faults(path) == [
        "two.toml, licence: found nothing; expected a text. Add the field.",
        "two.toml, annotation, who: found nothing; expected a text; write unknown where nobody has said. Add the field.",
        "two.csv, line 2, author: found nothing; expected a text.",
    ]


def test_a_column_that_is_missing_is_named(study):
    path = study(header=HEADER.replace(",author", ""))
    (fault,) = faults(path)
    assert fault.startswith("two.csv, line 1: found the columns id, file,")
    assert fault.endswith("expected also author.")


@pytest.mark.parametrize(
    ("cell", "wrong", "expected"),
    [
        (SHA, SHA[:-1], "line 2, sha256: found '"),
        (",3,", ",three,", "line 2, width_px: found 'three'; expected a whole number of pixels above 0."),
        (",2,", ",0,", "line 2, height_px: found '0'; expected a whole number of pixels above 0."),
        ("a.png", "../two.toml", "line 2, file: found '../two.toml'; expected a path inside images."),
        ("a.png", "/etc/hostname", "line 2, file: found '/etc/hostname'; expected a path inside images."),
    ],
)
def test_a_wrong_cell_is_named_with_line_and_column(study, cell, wrong, expected):
    (fault,) = faults(study(rows=[ROW.replace(cell, wrong)]))
    assert expected in fault


def test_a_link_that_leaves_the_folder_is_refused(study, tmp_path):
    path = study(rows=[ROW.replace("a.png", "link.png")])
    (tmp_path / "images" / "link.png").symlink_to("/etc/hostname")
    (fault,) = faults(path)
    assert "line 2, file: found 'link.png'; expected a path inside images" in fault


def test_a_folder_that_leaves_the_manifests_own_is_refused(study):
    (fault, *_) = faults(study(TOML.replace('"images"', '"../.."')))
    assert fault.startswith("two.toml, folder: found '../..'; expected a path inside")


def test_a_row_cut_in_the_middle_is_named(study):
    (first, *_) = faults(study(rows=[ROW, "b,b.png,"]))
    assert first == "two.csv, line 3, sha256: found nothing; expected a text."


def test_the_digest_of_a_folder_goes_over_its_files_in_the_order_of_their_names(study, tmp_path):
    path = study(TOML + '[files]\nannotations = "xml"\n')
    for name in ("b.d/x", "b/y", "b-c", "a"):
        (tmp_path / "images" / "xml" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "images" / "xml" / name).write_text(name)
    (tmp_path / "images" / "xml" / "linked").symlink_to(tmp_path / "images" / "xml" / "b")
    names = sorted(each for each in (tmp_path / "images" / "xml").rglob("*") if each.is_file())
    sums = [
        hashlib.sha256(each.read_bytes()).hexdigest() for each in (path, path.with_suffix(".csv"), *names)
    ]
    assert manifests.load(path).digest == hashlib.sha256("".join(sums).encode()).hexdigest()


def test_an_id_that_stands_twice_is_named(study):
    assert faults(study(rows=[ROW, ROW])) == [
        "two.csv, id: found 'a' more than once; expected every id once."
    ]


def test_a_manifest_without_its_csv_says_so(study):
    path = study()
    path.with_suffix(".csv").unlink()
    assert faults(path) == ["two.csv: found no file; expected one row per image, beside the TOML."]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ('withdrawn = "all"', "two.toml, withdrawn: found 'all'; expected tables [[withdrawn]]"),
        ('withdrawn = [{ id = "a" }]', "expected tables [[withdrawn]] with an id and a reason each."),
        (
            'annotation = "nobody"',
            "two.toml, annotation: found 'nobody'; expected a table of names and texts.",
        ),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(study, field, expected):
    toml = TOML.partition("[annotation]")[0] if field.startswith("annotation") else TOML
    assert any(expected in fault for fault in faults(study(field + "\n" + toml)))


def test_files_of_annotations_are_found_in_the_folder_and_count_for_the_digest(study, tmp_path):
    path = study(TOML + '[files]\nannotations = "annotations.jsonl"\n')
    before = manifests.load(path)
    assert before.files == {"annotations": tmp_path / "images" / "annotations.jsonl"}
    (tmp_path / "images" / "annotations.jsonl").write_text("{}")
    assert manifests.load(path).digest != before.digest


def test_a_folder_of_annotations_counts_for_the_digest_with_all_its_files(study, tmp_path):
    path = study(TOML + '[files]\nannotations = "xml"\n')
    digests = [manifests.load(path).digest]
    for text in ("<annotation/>", "<annotation> </annotation>"):
        (tmp_path / "images" / "xml" / "deep").mkdir(parents=True, exist_ok=True)
        (tmp_path / "images" / "xml" / "deep" / "a.xml").write_text(text)
        digests.append(manifests.load(path).digest)
    assert len(set(digests)) == 3


def test_a_file_of_annotations_outside_the_folder_is_refused(study):
    (fault,) = faults(study(TOML + '[files]\nannotations = "../annotations.jsonl"\n'))
    assert fault.startswith(
        "two.toml, files, annotations: found '../annotations.jsonl'; expected a path inside"
    )


def test_annotators_and_what_was_never_said_are_checked_too(study):
    said = faults(study(TOML + 'annotators = ["Ann"]\nundisclosed = "pay"\n'))
    assert said == [
        "two.toml, annotation, annotators: found ['Ann']; expected a table of names and texts.",
        "two.toml, annotation, undisclosed: found 'pay'; expected a list of texts.",
    ]


def test_a_csv_that_a_spreadsheet_wrote_with_a_byte_order_mark_in_front_is_read(study):
    assert len(manifests.load(study(header="\ufeff" + HEADER)).images) == 1


def test_a_csv_that_is_no_text_is_named(study, tmp_path):
    path = study()
    (tmp_path / "two.csv").write_bytes(b"\xff\xfe\x00")
    (fault,) = faults(path)
    assert fault.startswith("two.csv, line 1: found no CSV (")


def test_what_is_no_toml_is_said_to_be_none(study):
    (fault,) = faults(study("title ="))
    assert fault.startswith("two.toml: found no TOML (")


def test_a_wrong_hash_and_a_missing_image_are_reported_together(study, tmp_path):
    row = ROW.replace("a,a.png", "b,b.png")
    manifest = manifests.load(study(rows=[ROW, row]))
    (tmp_path / "images" / "a.png").write_bytes(b"another")
    with pytest.raises(DataError) as caught:
        manifests.verify_files(manifest)
    wrong, missing = caught.value.faults
    assert (wrong.found[:6], missing.found) == ("sha256", "no file")
    assert missing.where == str(tmp_path / "images" / "b.png")


def test_an_unknown_study_is_refused_with_those_near_it():
    with pytest.raises(ParameterError, match="study: found 'embeded-sample'.*There are: embedded-sample"):
        manifests.load("embeded-sample")


def test_every_change_of_what_a_study_says_changes_its_digest(study):
    digest = manifests.load(study()).digest
    assert manifests.load(study()).digest == digest
    assert manifests.load(study(TOML.replace("works", "holds"))).digest != digest
    assert manifests.load(study(rows=[ROW.replace("Ann", "Eve")])).digest != digest


@pytest.mark.parametrize("name", ["a/b", "a\\b", "..", "."])
def test_an_id_that_cannot_name_a_file_is_refused(study, name):
    path = study(rows=[f"{name},{ROW.partition(',')[2]}"])
    assert faults(path) == [
        f"two.csv, line 2, id: found {name!r}; expected an id that can name a file: no slash in it."
    ]


def test_two_studies_of_one_name_that_differ_are_refused(study, tmp_path, monkeypatch):
    study()
    (tmp_path / "data_manifests").mkdir()
    (tmp_path / "data_manifests" / "two.toml").write_text(TOML.replace("To see", "To know"))
    monkeypatch.chdir(tmp_path)
    expected = "'two' twice: two.toml and data_manifests/two.toml; expected one of that name. Give its path."
    with pytest.raises(ParameterError, match=expected):
        manifests.find_manifest("two")
    assert manifests.find_manifest("two.toml").name == "two.toml"


def test_a_pinned_copy_goes_before_the_study_it_was_made_from(study, tmp_path, monkeypatch):
    study()
    (tmp_path / "data_manifests").mkdir()
    unpinned = TOML.replace("retrieved = 2026-11-22\n", "")
    assert unpinned != TOML
    (tmp_path / "data_manifests" / "two.toml").write_text(unpinned)
    monkeypatch.chdir(tmp_path)
    assert manifests.find_manifest("two") == Path("two.toml")


def test_data_sets_are_kept_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(tmp_path))
    assert manifests.data_folder() == tmp_path
    monkeypatch.delenv("RETRAIN_KIT_DATA")
    assert manifests.data_folder() == Path.home() / "retrain-kit-data"


@pytest.mark.parametrize(
    "dataset",
    ["__init__", "os.path", "coco.files", "../coco", "a/b", "FOLDER", "pulling", "formats", "é", "a\\u0000b"],
)
def test_a_data_set_that_is_none_is_one_fault_that_names_those_there_are(study, dataset):
    path = study(TOML.replace('"folder"', f'"{dataset}"'))
    with pytest.raises(DataError) as caught:
        datasets.read(manifests.load(path))
    (fault,) = caught.value.faults
    assert fault.where == "two.toml, dataset"
    assert "class-folders, coco, " in fault.do
    assert " pulling" not in fault.do


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        (f"x = {'[' * 3000}{']' * 3000}\n{TOML}", "two.toml: found tables in tables, more than 50 deep"),
        (f"{'.'.join('a' * 3000)} = 1\n{TOML}", "two.toml: found tables in tables, more than 50 deep"),
        (f"x = 0x{'f' * 9000}\n{TOML}", "two.toml: found a number of more than 64 bits"),
        (f"x = 1{'0' * 5000}\n{TOML}", "two.toml: found a number of more than 64 bits"),
        (f"x = 2026-13-45\n{TOML}", "two.toml: found no TOML ("),
        (f'title = "again"\n{TOML}', "two.toml: found no TOML ("),
        (f'x = "\\ud800"\n{TOML}', "two.toml: found no TOML ("),
        (TOML.replace('"1"', "{ a = 1 }"), "two.toml, version: found {'a': 1}; expected a text."),
        (TOML.replace('"Two images"', "5"), "two.toml, title: found 5; expected a text."),
        (TOML.replace('"Two images"', '"  "'), "two.toml, title: found nothing; expected a text."),
        (TOML.replace('"images"', '"a\\u0000b"'), "two.toml, folder: found 'a\\x00b', with a zero byte;"),
        (TOML.replace('"images"', f'"{"y" * 5000}"'), "two.toml, folder: found a name of 5000 signs,"),
        (TOML.replace('"images"', "[1]"), "two.toml, folder: found [1]; expected a text."),
        (f"{TOML}[files]\na = 5\n", "two.toml, files, a: found 5; expected a text."),
        (f'{TOML}[files]\na = "\\u0000"\n', "two.toml, files, a: found '\\x00', with a zero byte;"),
        (f"{TOML}[labour]\nprotocol = {{ a = 1 }}\n", "two.toml, labour, protocol: found {'a': 1};"),
        (
            f"{TOML}undisclosed = [1]\n",
            "two.toml, annotation, undisclosed: found [1]; expected a list of texts.",
        ),
        (f'{TOML}tok = "an hour"\n', "two.toml, annotation, tok: found a name the kit does not know;"),
        (
            f'content_notce = "blood"\nmy_notes = "ours"\n{TOML}',
            "two.toml, content_notce: found a name the kit does not know; expected content_notice",
        ),
        (
            TOML.replace('who = "unknown"', "who = [1]"),
            "two.toml, annotation, who: found [1]; expected a text.",
        ),
        (f"downloads = [1]\n{TOML}", "two.toml, downloads: found [1]; expected a table of names and texts."),
        (f'withdrawn = [{{ id = 5, reason = "x" }}]\n{TOML}', "two.toml, withdrawn: found [{'id': 5, "),
    ],
)
def test_whatever_stands_in_a_toml_it_is_one_fault(study, toml, expected):
    (fault,) = faults(study(toml))
    assert fault.startswith(expected)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_toml_and_a_table_are_read_in_the_encoding_that_they_announce(study, encoding, line_end):
    path = study(TOML.replace("Two images", "Vélo 刀"), [ROW.replace("Ann", "Zoë")])
    for file in (path, path.with_suffix(".csv")):
        file.write_bytes(file.read_text().replace("\n", line_end).encode(encoding))
    manifest = manifests.load(path)
    assert (manifest.title, [image.author for image in manifest.images]) == ("Vélo 刀", ["Zoë"])
    assert [image.author for image in manifests.load(path, keep=False).images] == ["Zoë"]


def test_a_toml_that_is_no_text_says_where(study):
    path = study()
    path.write_bytes(TOML.replace("Two images", "V\xe9lo").encode("latin-1"))
    (fault,) = faults(path)
    assert fault.startswith("two.toml, line 2: found no text (byte 11 of the line, 0xE9, is no UTF-8)")


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("around", ["", " "])
def test_a_table_may_be_separated_by_commas_semicolons_or_tabs(study, sign, line_end, around):
    path = study()
    table = [HEADER, ROW.replace("Ann", f'"A{sign} B"' if not around else "A")]
    lines = [line.replace(",", f"{around}{sign}{around}") for line in table]
    path.with_suffix(".csv").write_bytes("".join(f"{line}{line_end}" for line in lines).encode())
    (image,) = manifests.load(path).images
    assert (image.id, image.file, image.sha256) == ("a", "a.png", SHA)
    assert image.author == (f"A{sign} B" if not around else "A")
    assert manifests.load(path, keep=False).images.__iter__().__next__() == image


def test_a_row_with_more_cells_than_the_first_line_is_named(study):
    (fault,) = faults(study(rows=[ROW.replace("Ann", "Ann, of Rome")]))
    assert fault.startswith("two.csv, line 2: found 10 cells; expected 9, as in line 1. Does a cell hold")


@pytest.mark.parametrize("size", ["9" * 5000, "0", "-1", "1.5", "1e3"])
def test_a_size_that_is_none_is_named(study, size):
    (fault,) = faults(study(rows=[ROW.replace(",3,2,", f",{size},2,")]))
    assert fault.startswith("two.csv, line 2, width_px: found '")
    assert fault.endswith("; expected a whole number of pixels above 0.")
    assert len(fault) < 200


def test_a_table_without_rows_is_a_fault(study):
    assert faults(study(rows=[])) == ["two.csv: found no images; expected one row per image."]


def test_many_missing_files_are_one_fault(study, tmp_path):
    names = [f"{n:02}" for n in range(30)]
    rows = [ROW.replace("a,a.png", f"{name},{name}.png") for name in names]
    manifest = manifests.load(study(rows=rows))
    with pytest.raises(DataError) as caught:
        manifests.verify_files(manifest)
    (fault,) = caught.value.faults
    assert fault.found == (
        "no file for 30 of 30 images: " + ", ".join(f"{name}.png" for name in names[:10]) + " and 20 more"
    )
    (tmp_path / "images").rename(tmp_path / "away")
    with pytest.raises(DataError, match="found no such folder, and no file for 30 of 30 images"):
        manifests.verify_files(manifest)

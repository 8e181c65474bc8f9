"""A museum's table and the images beside it are a study: nothing is lost, nothing invented, the rest is counted."""

import hashlib

import numpy as np
import pytest
from commands import typed
from datasets import drawn_works, works_of_people
from own_folders import image
from PIL import Image
from places import ROOT

from retrain_kit import datasets
from retrain_kit.analysis import trajectories
from retrain_kit.annotations.works import known_columns, plain_name, work_of, work_of_sample
from retrain_kit.datasets import layouts
from retrain_kit.display import figures
from retrain_kit.errors import DataError
from retrain_kit.exercises.living_with_images.cards import backs
from retrain_kit.studies import manifests

LICENCES = (ROOT / "retrain_kit/data/free_works/LICENCES.md").read_text(encoding="utf-8")

MET = (
    "Object Number,Is Highlight,Is Public Domain,Object ID,Object Name,Title,Artist Display Name,Object Date,"
    "Medium,Dimensions,Credit Line,Rights and Reproduction,Link Resource,Tags"
)
TATE = (
    "id,accession_number,artist,artistRole,artistId,title,dateText,medium,creditLine,year,acquisitionYear,"
    "dimensions,width,height,depth,units,inscription,thumbnailCopyright,thumbnailUrl,url"
)
MOMA = (
    "Title,Artist,ConstituentID,ArtistBio,Nationality,BeginDate,EndDate,Gender,Date,Medium,Dimensions,"
    "CreditLine,AccessionNumber,Classification,Department,DateAcquired,Cataloged,ObjectID,URL,ImageURL,OnView"
)
RIJKS = (
    "objectInventoryNumber,objectPersistentIdentifier,objectTitle[1],objectTitle[2],objectType[1],"
    "objectCreator[1],objectCreator[2],objectCreationDate[1],objectImage"
)
CLEVELAND = (
    "id,accession_number,share_license_status,tombstone,current_location,title,title_in_original_language,"
    "series,creation_date,artists_tags,culture,technique,support_materials,copyright,former_accession_numbers,"
    "url,alternate_images,creditline,creators,image_web,image_print,image_full,updated_at"
)
WHITNEY = (
    "id,title,display_date,classification,medium,accession_number,dimensions,publication_info,edition,"
    "credit_line,credit_line_repro,artists,artist_ids"
)
NATIONAL_GALLERY = (
    "objectid,accessioned,accessionnum,locationid,title,displaydate,medium,attributioninverted,attribution,"
    "provenancetext,creditline,departmentabbr,wikidataid,customprinturl,iiifurl,iiifthumburl,openaccess"
)
CHICAGO = "id,title,main_reference_number,artist_display,artist_title,credit_line,image_id,api_link"
COLBY = "embark_ID,Accession_num,Artist,Printer,Title,Year_Made,Year_Acqd,Media,Media_AAT,Label,Credit_Line"
WIKIDATA = "item,itemLabel,creator,creatorLabel,inception,inventory_number,materialLabel,image"
DUBLIN_CORE = "dcterms:title,dcterms:creator,dcterms:created,dcterms:identifier,file"


@pytest.fixture(autouse=True)
def _data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(tmp_path / "kept"))
    monkeypatch.chdir(tmp_path)


def samples_of(folder):
    study = manifests.load(layouts.study_of(folder))
    return study, {sample.id: sample for sample in datasets.read(study)}


def test_titles_artists_and_credits_are_kept_and_the_rest_is_counted_and_listed(tmp_path):
    folder = tmp_path / "met"
    for name in ("1994.2.jpg", "35.79.4a-b.png", "12345.jpg", "loose.jpg"):
        image(folder / "images" / name)
    rows = (
        '1994.2,False,True,777,Drawing,"Grid, blue",Ann Example,1971,Ink,,"Gift of B, 1972",,https://example.org/777,Men',
        '"35.79.4a,b",False,False,12,Vase,,,ca. 1900,"Glass;\nlead",,,,,',
        "99.9,False,True,12345,Print,Stripes,Unknown,,Etching,,,,,",
        "5.5,True,False,6,Print,Gone,,,,,,,,",
        "1994.2,,,,,again,,,,,,,,",
    )
    (folder / "objects.csv").write_bytes(b"\xef\xbb\xbf" + "\n".join([MET, *rows, "", ""]).encode())
    done = typed(tmp_path, "study", folder / "objects.csv", "-y")
    assert done.returncode == 0, done.stderr
    for line in (
        "14 columns parted by commas, UTF-8 with a mark before it. 4 images beside it.",
        "It has no column for: image.",
        "3 images",
        "left out: 1 (a row with the number, or without any the image, of an earlier row): 1994.2 (line 7)",
        "left out: 1 (a work of which no image is here): 5.5 (line 6)",
        "left out: 1 (an image that nothing lists): images/loose.jpg",
    ):
        assert line in done.stdout
    study, samples = samples_of(folder)
    assert list(samples) == ["1994.2", "35.79.4a,b", "99.9"]
    first = samples["1994.2"]
    assert (first.provenance.author, first.provenance.licence) == ("Ann Example", "Is Public Domain: True")
    assert (
        first.alt == "The image of a work. Its label: “Grid, blue”, Ann Example, 1971, Ink, Gift of B, 1972."
    )
    assert figures.image_credit(first).endswith("Gift of B, 1972. Is Public Domain: True.")
    assert first.said["work"]["Tags"] == "Men"  # under the source's own name, and no annotation of the kit's
    assert (first.labels, first.regions) == ((), ())
    on_card = dict(backs.card_back(first, study).rows)
    assert (on_card["Title"], on_card["Author"]) == ("Grid, blue", "Ann Example")
    assert on_card["Source"].replace("\u200b", "") == "https://example.org/777; Gift of B, 1972"
    vase = trajectories.trajectory_card(samples["35.79.4a,b"], study)
    told = [(fact.question, fact.answer) for fact in vase.groups[0].facts]
    assert told == [
        *(("number", "35.79.4a,b"), ("title", "not said"), ("artist", "not said"), ("date", "ca. 1900")),
        *(("medium", "Glass; lead"), ("credit line", "not said"), ("licence", "Is Public Domain: False")),
    ]


@pytest.mark.parametrize(
    ("header", "row", "name", "said"),
    [
        (TATE, "1,A00001,Blake,artist,3,A Figure,,Ink,Given,1777,1922,,,,,,,,http://t.uk/A/A00001_8.jpg?a=1,", "A00001_8.jpg", ("A00001", "A Figure", "Blake", "1777", "Ink", "Given")),
        (MOMA, "Grid,Ann,7,Bio,,,,,1971,Ink,,Gift,1.1971,,,1972,Y,42,,,", "42.JPG", ("1.1971", "Grid", "Ann", "1971", "Ink", "Gift")),
        (RIJKS, "SK-A/1,http://hdl/1,Nacht,,schilderij,Rem,naar: Jan,1642,http://lh3.nl/x=s0", "SK-A_1.jpg", ("SK-A/1", "Nacht", "Rem; naar: Jan", "1642", "", "")),
        (CLEVELAND, "9,1915.1,CC0,T,,Cup,Tasse,,1900,[],,Clay,[],,[],,[],Gift,Ann,https://c.org/1915.1_web.jpg,,,", "1915.1_web.jpg", ("1915.1", "Cup", "Ann", "1900", "Clay", "Gift")),
        (WHITNEY, '7,"Sea,<br>at <em>night</em> &amp; day",c. 1926,Prints,Ink,63.37a-b,9,,,Gift,©Ann,Ann,5', "63.37A-B.png", ("63.37a-b", "Sea, at night & day", "Ann", "c. 1926", "Ink", "Gift")),
        (NATIONAL_GALLERY, '7,1,1937.1,,Sea,1480,Oil,"A, Ann",Ann A,,Gift,,,,"https://n.gov/iiif/00-7f/full/!200,/0/default.jpg",,1', "00-7f.jpg", ("1937.1", "Sea", "Ann A", "1480", "Oil", "Gift")),
        (CHICAGO, '7,Sea,1958.15,"Ann\nGerman, 1884",Ann,Gift,0cb-25,https://a.edu/7', "0cb-25.jpg", ("1958.15", "Sea", "Ann", "", "", "Gift")),
        (COLBY, "6,001.1998,Ann,Bea,Sea,1948,1998,Ink,AAT,,Gift", "001.1998.jpg", ("001.1998", "Sea", "Ann", "1948", "Ink", "Gift")),
        (WIKIDATA, "http://w.org/Q1,Sea,http://w.org/Q2,Ann,1503,INV 7,oil,http://c.org/Special:FilePath/Sea%20(a).jpg", "Sea_(a).jpg", ("INV 7", "Sea", "Ann", "1503", "oil", "")),
        (DUBLIN_CORE, "Sea,Ann|Bea,1900,x,['1.tif']", "1.jpg", ("x", "Sea", "Ann; Bea", "1900", "", "")),
        ("Inv.-Nr.;Künstler/in;Titel;Technik / Material;Bilddatei", "007;Jo;Linie;Öl;", "007.jpg", ("007", "Linie", "Jo", "", "Öl", "")),
        ("\nnumber;title_de;title_en;artist", "1;;Sea;Ann", "1.jpg", ("1", "Sea", "Ann", "", "", "")),
        ("Título;Autor;Técnica;Arquivo", "Grade;Ana;Óleo;grade.jpg", "grade.jpg", ("", "Grade", "Ana", "", "Óleo", "")),
        ("sep=;\nTitel;Künstler;Datei", "Linie;Jo;C:\\bilder\\linie.jpg", "linie.jpg", ("", "Linie", "Jo", "", "", "")),
    ],
)  # fmt: skip
def test_columns_are_known_under_the_names_that_museums_give_them(tmp_path, header, row, name, said):
    image(tmp_path / "works" / name)
    encoding = "utf-16" if ";" in header else "utf-8"
    (tmp_path / "works" / "table.csv").write_text(f"{header}\r\n{row}\r\n", encoding=encoding, newline="")
    _, samples = samples_of(tmp_path / "works")
    (sample,) = samples.values()
    work = work_of_sample(sample)
    assert (work.number, work.title, work.artist, work.date, work.medium, work.credit) == said


def test_no_work_gets_the_image_of_another_and_rights_are_no_licence(tmp_path):
    folder = tmp_path / "works"
    for name in (
        "1.jpg",
        "8.jpg",
        "1-1.jpg",
        "both.jpg",
        "b2.jpg",
        "x.jpg",
        "a/y.jpg",
        "H_1-2.jpg",
        "h3-4.jpg",
    ):
        image(folder / name)
    rows = (
        "inventory number,id,title,image,rights",
        "1,8,One,,© Ann",
        "7,8,Seven,,",  # 8.jpg is of inventory number 8, whatever its id
        "8,9,Eight,,CC BY 4.0",
        "1.1,10,Dot,,",
        "1-1,11,Dash,,",
        "A,12,Left,both.jpg,",
        "B,13,Right,both.jpg,",
        "C,14,Several,b1.jpg|b2.jpg,",
        *("D,15,,https://e.org/a/x.jpg,", "E,16,,https://e.org/b/x.jpg,"),  # whose x.jpg is, nobody says
        *("F,17,,a/y.jpg,", "G,18,,b/y.jpg,"),
        *("H 1/2,19,,,", "H 3 / 4,20,,,", "H 5/6,21,,,"),
    )
    (folder / "table.csv").write_text("\n".join(rows))
    done = typed(tmp_path, "study", folder, "-y")
    for line in (
        "image of a work: the file that image names, else a file called by inventory number or id",
        "left out: 3 (a work of which no image is here): 1.1 (line 5), 7 (line 3), H 5/6 (line 16)",
        "left out: 1 (a work whose image is that of an earlier row): B (line 8)",
        "left out: 3 (a work whose image is called as that of another row, in another folder): D (line 10), E (",
    ):
        assert line in done.stdout
    study, samples = samples_of(folder)
    assert {name: sample.path.name for name, sample in samples.items()} == {
        "1": "1.jpg",
        "8": "8.jpg",
        "1-1": "1-1.jpg",
        "A": "both.jpg",
        "C": "b2.jpg",
        "F": "y.jpg",
        "H 1%2F2": "H_1-2.jpg",
        "H 3 %2F 4": "h3-4.jpg",
    }
    assert study.meant_ids(["H 1/2", "h3-4", "a/y.jpg", "z", "y"]) == ["H 1%2F2", "H 3 %2F 4", "F", "z"]
    several = samples["C"]
    assert figures.image_credit(several) == "“Several”, no artist is given. Licence not said."
    assert figures.author_credit(several) == "Author and licence not said."
    licences = [sample.provenance.licence for sample in samples.values()]
    assert licences == ["rights: © Ann", "CC BY 4.0", *6 * ["unknown"]]


def test_an_image_of_a_name_that_fits_several_works_or_lies_in_several_places_is_nobodys(tmp_path):
    folder = tmp_path / "works"
    for name in ("B.jpg", "p/7.jpg", "q/7.jpg", "p/6.jpg", "c-d.jpg", "q/2.jpg", "q/3.jpg", "9.jpg"):
        image(folder / name)
    image(folder / "Sa\u0303o.jpg")
    rows = (
        "number,id,title,image",
        *("b,,Small,", "B,,Capital,"),  # B.jpg is to the letter the second's
        *("7,,In two folders,", "10,,In two folders,7.jpg", "11,,In the folder,C:\\all\\q\\7.jpg"),
        *("c/d,,Slash,", "c:d,,Colon,"),  # c-d.jpg may be either's
        *("12,9,One,", "13,9,Other,"),  # and so may 9.jpg
        *("15,,At a/p/6.jpg,a/p/6.jpg", "16,,At b/p/6.jpg,b/p/6.jpg"),
        "17,,In the other folder,p/2.jpg",  # p is here, and has no 2.jpg
        *("0021,,Zeros,", "18,,Moved,E:\\moved\\3.jpg", "14,,Tilde,S\u00e3o.jpg"),
    )
    (folder / "table.csv").write_text("\n".join(rows))
    told = typed(tmp_path, "study", folder, "-y").stdout
    _, samples = samples_of(folder)
    found = {name: sample.path.relative_to(folder).as_posix() for name, sample in samples.items()}
    assert found == {"B": "B.jpg", "11": "q/7.jpg", "18": "q/3.jpg", "14": "Sa\u0303o.jpg"}
    assert "left out: 1 (a work whose image may be any of several, in different folders): 7 (" in told


def test_columns_of_one_name_and_of_none_are_kept_in_their_order(tmp_path):
    image(tmp_path / "works" / "9.jpg")
    rows = "number,number,title,artist,artist,,image,image\n9,10,Nine,Ann,Ben,aside,,9.jpg\n"
    (tmp_path / "works" / "table.csv").write_text(rows)
    _, samples = samples_of(tmp_path / "works")
    assert samples["9"].said["work"] == {
        "number": "9",
        "number [2]": "10",
        "title": "Nine",
        "artist": "Ann",
        "artist [2]": "Ben",
        "column 6": "aside",
        "image [2]": "9.jpg",
    }
    assert work_of_sample(samples["9"]).artist == "Ann; Ben"


def test_two_tables_in_a_folder_are_two_studies(tmp_path):
    for number in ("1", "2"):
        image(tmp_path / "works" / f"{number}.jpg")
        (tmp_path / "works" / f"t{number}.csv").write_text(f"number,title\n{number},A\n")
    made = [
        typed(tmp_path, "study", tmp_path / "works" / name, "-y") for name in ("t1.csv", "t2.csv", "t1.csv")
    ]
    assert [done.stdout.splitlines()[-1] for done in made] == ["works.toml", "works-t2.toml", "works.toml"]


def test_an_odd_encoding_is_told_with_its_place_and_a_table_of_something_else_with_its_columns(tmp_path):
    image(tmp_path / "works" / "a.jpg")
    table = tmp_path / "works" / "table.csv"
    table.write_bytes("title,artist,file\nÉté,Ann,a.jpg\n".encode("latin-1"))
    with pytest.raises(
        DataError, match="line 2: found no CSV .byte 1 of the line, 0xC9, is no UTF-8.*Latin-1"
    ):
        layouts.study_of(tmp_path / "works")
    table.write_bytes("Titel;Künstler;Datei\nÉté;Ann;a.jpg\n".encode("cp1252"))
    done = typed(tmp_path, "study", tmp_path / "works", "-y")
    assert "artist: Künstler" in done.stdout
    assert "3 columns parted by semicolons, no UTF-8: save it so before a study is made" in done.stdout
    assert "In Excel: Save as, CSV UTF-8." in done.stderr
    table.write_text('number,title\n1,"Open\n2,Two\n')
    with pytest.raises(DataError, match="line 2: found a quotation mark that nothing closes"):
        layouts.study_of(tmp_path / "works")
    table.write_text("name,colour\na,red\n")
    done = typed(tmp_path, "study", table, "-y")
    assert done.returncode != 0
    assert "found name, colour" in done.stderr
    assert "a CSV with a title, and a number, an artist, a medium or a credit line" in done.stderr
    table.with_suffix(".xlsx").write_bytes(b"PK\x03\x04\0")
    assert "in Excel, Save as, CSV UTF-8" in typed(tmp_path, "study", table.with_suffix(".xlsx"), "-y").stderr


def test_names_of_columns_are_compared_without_capitals_accents_and_signs():
    assert [plain_name(name) for name in ("Object Title[1]", "N° d'inventaire", "TÍTULO")] == [
        *("objecttitle", "ndinventaire", "titulo"),
    ]
    assert known_columns(["year", "dateText", "title"]) == {"date": ["dateText", "year"], "title": ["title"]}
    assert work_of({"Title": " A \n B ", "rights": "no"}).licence == "rights: no"


def test_the_free_works_are_what_their_program_draws_and_say_who_made_them():
    study = manifests.load("free-works")
    assert manifests.verify_files(study) is None
    samples = datasets.read(study)
    assert len(samples) == 23 + 14
    assert sum(sample.path.stat().st_size for sample in samples) < 180_000
    for sample, made in zip(samples[23:], works_of_people.WORKS, strict=True):
        work = work_of_sample(sample)
        assert (work.title, work.artist, work.licence) == (made.title, made.artist, made.licence)
        assert made.licence.startswith("CC-BY-SA-")
        assert made.title in LICENCES
        assert made.artist in LICENCES
    of_numbers = drawn_works.WORKS[:18]  # the others are made of photographs, which take seconds to decode
    for sample, draw in zip(samples, of_numbers, strict=False):
        work, drawn = work_of_sample(sample), draw()
        assert (work.title, work.medium, sample.alt) == (drawn.title, drawn.medium, drawn.alt)
        assert sample.provenance.licence.startswith("CC0-1.0")
        with Image.open(sample.path) as opened:
            shown = np.asarray(opened.convert("RGB"), int)
        assert np.abs(shown - np.asarray(drawn.image, int)).mean() < 4, sample.id
        assert sample.provenance.sha256 == hashlib.sha256(sample.path.read_bytes()).hexdigest()

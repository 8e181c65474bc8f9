"""What a manifest says of downloads, access and draws is read whole, or refused with all its faults."""

from retrain_kit.studies import data_access
from retrain_kit.studies.data_access import Access, Download, Publication
from retrain_kit.studies.sampling import Rule


def said(function, table):
    faults = []
    return function(table, "s.toml", faults), [str(fault) for fault in faults]


def test_a_download_is_read_with_its_digest():
    table = {"boxes": {"url": "https://example.org/b.csv", "file": "b.csv", "sha256": "0" * 64}}
    expected = Download("boxes", "https://example.org/b.csv", "b.csv", "0" * 64)
    assert said(data_access.parse_downloads, table) == ({"boxes": expected}, [])


def test_what_is_unpacked_is_what_the_reader_reads():
    assert Download("objects", "", "objects.zip", unpack="objects").result == "objects"
    assert Download("boxes", "", "b.csv").result == "b.csv"


def test_all_faults_of_downloads_are_listed_together():
    tables = {"a": {"url": "ftp://x", "md5": "12"}, "b": 3, "c": {"file": "c", "colour": "red"}}
    assert said(data_access.parse_downloads, tables)[1] == [
        "s.toml, a, file: found nothing; expected where the file goes, below the study's folder.",
        "s.toml, a, url: found 'ftp://x'; expected an address that begins with http(s)://.",
        "s.toml, a, md5: found '12'; expected 32 hexadecimal digits.",
        "s.toml, b: found 3; expected a table with url and file.",
        "s.toml, c, colour: found 'red'; expected a field of a download.",
    ]


def test_access_is_open_where_nothing_is_said():
    assert said(data_access.parse_access, {}) == (Access("open", ""), [])


def test_what_is_not_open_says_how_it_can_be_had():
    assert said(data_access.parse_access, {"status": "withdrawn"})[1] == [
        "s.toml, how: found nothing; expected how to obtain it, or why that cannot be."
    ]
    assert said(data_access.parse_access, {"status": "lost"})[1] == [
        "s.toml, status: found 'lost'; expected one of open, on request, gone, withdrawn.",
        "s.toml, how: found nothing; expected how to obtain it, or why that cannot be.",
    ]


def test_a_rule_is_read():
    table = {"n": 5, "seed": 7, "labels": ["Bird"], "subset": "train"}
    assert said(data_access.parse_rule, table) == (Rule(5, 7, ("Bird",), "train"), [])


def test_no_table_is_no_rule():
    assert said(data_access.parse_rule, {}) == (None, [])


def test_a_rule_with_wrong_fields_is_refused():
    assert said(data_access.parse_rule, {"n": "5", "seed": True, "lables": []}) == (
        None,
        [
            "s.toml, lables: found []; expected only n, seed, labels, subset.",
            "s.toml, n: found '5'; expected a whole number.",
            "s.toml, seed: found True; expected a whole number.",
        ],
    )
    assert said(data_access.parse_rule, {"n": 0, "seed": 1})[1] == [
        "s.toml, n: found 0; expected a number of images above 0."
    ]
    assert said(data_access.parse_rule, {"n": 1, "seed": 1, "labels": "Bird"})[1] == [
        "s.toml, labels: found 'Bird'; expected a list of words."
    ]


def test_a_publication_is_read_as_far_as_it_is_known():
    table = {"persons": ["Ann", "Bo"], "published": 2007}
    assert said(data_access.parse_publication, table) == (Publication("", ("Ann", "Bo"), (), "2007", ""), [])
    assert said(data_access.parse_publication, {"persons": "Ann", "year": 1})[1] == [
        "s.toml, year: found 1; expected a field of a publication.",
        "s.toml, persons: found 'Ann'; expected a list of names.",
    ]

"""WordNet comes by a pull alone, verified and resumed, or is found where Debian has put it."""

import hashlib
import io
import tarfile

import pytest
from commands import typed
from serving import Serving

from retrain_kit.datasets import label_sources, label_systems
from retrain_kit.errors import DataError
from retrain_kit.studies import manifests

NOUNS = """  1 This software and database is being provided to you, the LICENSEE, by
  2 WordNet 3.0 Copyright 2006 by Princeton University.
00000001 03 n 01 entity 0 000 | that which is perceived
00000002 05 n 01 dog 0 001 @ 00000001 n 0000 | an animal
"""
INDEX = "dog n 1 1 @ 1 1 00000002  \n"


@pytest.fixture
def web(tmp_path, monkeypatch):
    """A server with WordNet in the form of Princeton's archive, and an empty folder for data sets."""
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(label_sources, "DEBIAN_FOLDERS", (tmp_path / "debian",))
    (tmp_path / "web").mkdir()
    filler = hashlib.shake_128(b"verbs").hexdigest(60_000)
    with tarfile.open(tmp_path / "web" / "WNdb-3.0.tar.gz", "w:gz") as archive:
        for name, text in (("dict/data.noun", NOUNS), ("dict/index.noun", INDEX), ("dict/data.verb", filler)):
            info = tarfile.TarInfo(name)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    with Serving(tmp_path / "web") as server:
        yield server


def digest_of(web):
    return hashlib.sha256((web.folder / "WNdb-3.0.tar.gz").read_bytes()).hexdigest()


@pytest.mark.usefixtures("long_work")
def test_what_was_cut_is_fetched_on_and_read_without_being_unpacked(web, tmp_path):
    web.cuts["WNdb-3.0.tar.gz"] = [20_000, 10_000]
    path = label_sources.pull_label_system("wordnet", web.url("WNdb-3.0.tar.gz"), digest_of(web))
    assert web.ranges["WNdb-3.0.tar.gz"][1] == "bytes=20000-"
    assert (
        path
        == tmp_path / "data" / "wordnet" / "WNdb-3.0.tar.gz"
        == label_sources.label_system_path("wordnet")
    )
    assert label_systems.read_label_system(path).synset("n00000002").words == "dog"
    assert label_systems.sense_ids(path) == {"dog.n.01": "n00000002"}
    asked = web.requests.total()
    label_sources.pull_label_system("wordnet", web.url("WNdb-3.0.tar.gz"), digest_of(web))
    assert web.requests.total() == asked


@pytest.mark.parametrize("name", ["WNdb-3.0.tar.gz", "gone.tar.gz"])
def test_another_file_or_none_is_refused_with_what_else_can_be_done(web, tmp_path, name):
    done = typed(tmp_path, "pull", "wordnet", "--address", web.url(name))
    assert done.returncode == 1
    assert "sudo apt install wordnet-base" in done.stderr
    assert not (tmp_path / "data" / "wordnet" / "WNdb-3.0.tar.gz").exists()


def test_the_command_says_where_it_is_how_many_and_under_which_notice(web, tmp_path, monkeypatch):
    known = label_sources.DOWNLOADS["wordnet"]
    monkeypatch.setitem(
        label_sources.DOWNLOADS,
        "wordnet",
        type(known)("wordnet", web.url(known.file), known.file, digest_of(web)),
    )
    planned = typed(tmp_path, "pull", "wordnet", "--plan")
    assert planned.stdout.startswith(f"  {web.url(known.file)} → ")
    assert web.requests.total() == 0
    done = typed(tmp_path, "pull", "wordnet")
    assert "2 meanings: " in done.stdout
    assert "WordNet 3.0 Copyright 2006 by Princeton University." in done.stdout


def test_debians_package_is_found_where_it_lies_and_nothing_is_invented(web, tmp_path):
    with pytest.raises(DataError, match="retrain-kit pull wordnet fetches it"):
        label_sources.label_system_path("wordnet")
    with pytest.raises(DataError, match=r"wordnte: found no file; .*Near it: wordnet"):
        label_sources.label_system_path("wordnte")
    (tmp_path / "debian").mkdir()
    (tmp_path / "debian" / "data.noun").write_text(NOUNS)
    assert label_sources.label_system_path("wordnet") == tmp_path / "debian"


def test_the_study_of_imagenet_names_the_same_file():
    assert manifests.load("imagenet", pinned=False).downloads["wordnet"] == label_sources.DOWNLOADS["wordnet"]

"""Archives give what is wanted of them, whole or not at all, and nothing that climbs out."""

import io
import struct
import tarfile
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trying import examples

from retrain_kit.datasets.transfer import archives
from retrain_kit.errors import DataError

FORMATS = ["a.zip", "a.tar", "a.tar.gz", "a.tgz", "a.tar.xz", "a.tar.bz2"]
FILES = {
    "top.txt": b"top",
    "images/1.jpg": b"\xff\xd8" * 40_000,
    "images/deep/2.jpg": b"",
    "./dot.txt": b"dot",
}


def zipped(files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def header(name, content=b"", **fields):
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for key, value in fields.items():
        setattr(info, key, value)
    return info, content


def tarred(entries, compression=""):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=f"w:{compression}") as archive:
        for info, content in entries:
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def packed(files, name):
    compression = {"gz": "gz", "tgz": "gz", "xz": "xz", "bz2": "bz2"}.get(name.rpartition(".")[2], "")
    return (
        zipped(files)
        if name.endswith("zip")
        else tarred([header(*file) for file in files.items()], compression)
    )


@pytest.fixture
def make(tmp_path):
    """Return the function that puts an archive into a file."""

    def write(content, name="a.tar"):
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return write


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("name", FORMATS)
def test_the_members_are_named_in_their_order_as_distributed(make, name):
    assert archives.member_names(make(packed(FILES, name), name)) == [
        "top.txt",
        "images/1.jpg",
        "images/deep/2.jpg",
        "./dot.txt",
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_only_what_is_wanted_is_taken_out(make, tmp_path, name):
    out = tmp_path / "out"
    archives.extract_members(
        make(packed(FILES, name), name), {"images/1.jpg": out / "b.jpg", ("top.txt",): out / "c" / "d"}
    )
    assert tree(out) == {"b.jpg": b"\xff\xd8" * 40_000, "c/d": b"top"}


@pytest.mark.parametrize("name", FORMATS)
def test_everything_is_unpacked_and_nothing_else_is_left(make, tmp_path, name):
    folder = archives.unpack_archive(make(packed(FILES, name), name), tmp_path / "new" / "out")
    assert tree(folder) == {
        "top.txt": b"top",
        "images/1.jpg": b"\xff\xd8" * 40_000,
        "images/deep/2.jpg": b"",
        "dot.txt": b"dot",
    }
    assert names(tmp_path / "new") == ["out"]


@pytest.mark.parametrize("outer", FORMATS)
@pytest.mark.parametrize("inner", FORMATS)
def test_archives_within_archives_are_read(make, tmp_path, outer, inner):
    """As ImageNet's: one archive for each synset in the archive of all."""
    names = ["n01.tar", "n02.tar", "n03.tar"]
    files = {
        name: packed({f"{name[:3]}_{n}.jpg": f"{name} {n}".encode() for n in range(3)}, inner)
        for name in names
    }
    path = make(packed(files, outer), outer)
    wanted = {
        ("n03.tar", "n03_1.jpg"): tmp_path / "out" / "31.jpg",
        ("n01.tar", "n01_2.jpg"): tmp_path / "out" / "12.jpg",
        ("n01.tar", "n01_0.jpg"): tmp_path / "out" / "10.jpg",
        ("n02.tar",): tmp_path / "out" / "n02.tar",
    }
    archives.extract_members(path, wanted)
    assert tree(tmp_path / "out") == {
        "31.jpg": b"n03.tar 1",
        "12.jpg": b"n01.tar 2",
        "10.jpg": b"n01.tar 0",
        "n02.tar": files["n02.tar"],
    }
    assert archives.member_content(path, ("n02.tar", "n02_2.jpg")) == b"n02.tar 2"
    assert archives.member_content(path, "n02.tar") == files["n02.tar"]


def test_an_inner_archive_and_what_lies_in_it_can_both_be_wanted(make, tmp_path):
    inner = tarred([header("1.jpg", b"one")])
    path = make(tarred([header("n01.tar", inner)]))
    archives.extract_members(
        path, {("n01.tar",): tmp_path / "out" / "n01.tar", ("n01.tar", "1.jpg"): tmp_path / "out" / "1"}
    )
    assert tree(tmp_path / "out") == {"n01.tar": inner, "1": b"one"}


def test_members_that_are_not_there_are_all_told_and_the_others_are_written(make, tmp_path):
    path = make(tarred([header("n01.tar", tarred([header("1.jpg", b"one")])), header("2.jpg", b"two")]))
    with pytest.raises(DataError) as caught:
        archives.extract_members(
            path,
            {
                ("3.jpg",): tmp_path / "3",
                ("2.jpg",): tmp_path / "2",
                ("n01.tar", "4.jpg"): tmp_path / "4",
            },
        )
    assert [fault.found for fault in caught.value.faults] == ["no member 3.jpg", "no member n01.tar → 4.jpg"]
    assert (tmp_path / "2").read_bytes() == b"two"
    with pytest.raises(DataError, match="no member 5.jpg"):
        archives.member_content(path, "5.jpg")


def test_a_folder_that_has_something_in_it_is_left_alone(make, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("mine")
    archives.unpack_archive(make(packed(FILES, "a.zip"), "a.zip"), tmp_path / "out")
    assert tree(tmp_path / "out") == {"mine": b"mine"}


def test_what_a_killed_process_left_is_cleared_away(make, tmp_path):
    (tmp_path / "new" / ".out.part").mkdir(parents=True)
    (tmp_path / "new" / ".out.part" / "half").write_text("half")
    (tmp_path / "new" / "out").mkdir()
    archives.unpack_archive(make(packed({"a": b"a"}, "a.zip"), "a.zip"), tmp_path / "new" / "out")
    assert tree(tmp_path / "new") == {"out/a": b"a"}


CLIMBING = ["../a", "b/../../a", "/a", "C:/a", "c:a", "..\\a", "b\\a"]


@pytest.mark.parametrize("name", FORMATS[:3])
def test_members_that_climb_out_are_all_refused_and_nothing_is_written(make, tmp_path, name):
    path = make(packed({"good": b"good", **dict.fromkeys(CLIMBING, b"bad")}, name), name)
    with pytest.raises(DataError) as caught:
        archives.unpack_archive(path, tmp_path / "new" / "out")
    assert [(fault.where, fault.found) for fault in caught.value.faults] == [
        (f"{path}, {climbing!r}", "a name that leads elsewhere") for climbing in CLIMBING
    ]
    assert names(tmp_path / "new") == []
    assert names(tmp_path) == sorted(["new", name])


def refused(make, tmp_path, *entries):
    with pytest.raises(DataError) as caught:
        archives.unpack_archive(make(tarred(entries)), tmp_path / "new" / "out")
    assert names(tmp_path / "new") == []
    return [fault.found for fault in caught.value.faults]


def symlink(name, target):
    return header(name, type=tarfile.SYMTYPE, linkname=target)


def hardlink(name, target):
    return header(name, type=tarfile.LNKTYPE, linkname=target)


def test_links_that_lead_out_are_refused(make, tmp_path):
    links = [
        symlink("a/1", "../../x"),
        symlink("2", "/etc/passwd"),
        hardlink("3", "../x"),
        symlink("4", "..\\x"),
    ]
    assert refused(make, tmp_path, *links) == [
        "a link to '../../x'",
        "a link to '/etc/passwd'",
        "a link to '../x'",
        "a link to '..\\\\x'",
    ]


def test_links_that_lead_out_only_together_are_refused(make, tmp_path):
    links = [symlink("far", "a/b/up/.."), symlink("a/b/up", "../..")]
    assert refused(make, tmp_path, header("a/b/c", b"c"), *links) == ["a link to 'a/b/up/..'"]


def test_nothing_is_written_through_a_link(make, tmp_path):
    assert (
        refused(make, tmp_path, symlink("a", "b"), header("b/c", b"c"), header("a/d", b"d"))[0]
        == "File exists"
    )


def test_links_to_something_below_the_folder_are_made(make, tmp_path):
    entries = [
        hardlink("hard", "a/b"),
        symlink("a/soft", "../a/b"),
        symlink("around", "around"),
        header("a/b", b"c"),
    ]
    folder = archives.unpack_archive(make(tarred(entries)), tmp_path / "out")
    assert (folder / "hard").read_bytes() == b"c"
    assert (folder / "a" / "soft").read_bytes() == b"c"
    assert (folder / "a" / "soft").readlink() == Path("../a/b")


def test_a_hard_link_to_nothing_is_refused(make, tmp_path):
    assert refused(make, tmp_path, hardlink("hard", "b")) == ["a link to 'b'"]


def test_devices_are_refused(make, tmp_path):
    kinds = [tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
    entries = [header(str(number), type=kind) for number, kind in enumerate(kinds)]
    assert refused(make, tmp_path, *entries) == ["device", "device", "device"]


def test_two_members_of_a_name_are_refused(make, tmp_path):
    entries = [header("a/b", b"1"), header("c", b"2"), header("./a//b", b"3")]
    assert refused(make, tmp_path, *entries) == ["a second member of that name"]


def test_a_file_where_a_folder_should_be_is_a_fault(make, tmp_path):
    (found,) = refused(make, tmp_path, header("a", b"1"), header("a/b", b"2"))
    assert found in {"File exists", "Not a directory"}


def test_what_is_wanted_but_no_file_is_a_fault(make, tmp_path):
    path = make(tarred([symlink("a", "b"), header("b", b"b")]))
    with pytest.raises(DataError, match="a is no file but: link"):
        archives.extract_members(path, {"a": tmp_path / "out"})
    assert not (tmp_path / "out").exists()


def test_encrypted_members_are_refused(make, tmp_path):
    content = bytearray(zipped({"a": b"a", "b": b"b"}))
    for start, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(start) + offset] |= 1
    path = make(content, "a.zip")
    with pytest.raises(DataError, match="'a': found encrypted file"):
        archives.unpack_archive(path, tmp_path / "out")
    with pytest.raises(DataError, match="a is no file but: encrypted file"):
        archives.member_content(path, "a")
    assert archives.member_names(path) == ["a", "b"]
    assert not (tmp_path / "out").exists()


def test_links_in_a_zip_are_links(make, tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, target in {"in": "a", "out": "../../x"}.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = 0o120777 << 16
            archive.writestr(info, target)
    with pytest.raises(DataError) as caught:
        archives.unpack_archive(make(stream.getvalue(), "a.zip"), tmp_path / "out")
    assert [fault.found for fault in caught.value.faults] == ["a link to '../../x'"]


def test_an_archive_too_large_for_the_disk_is_refused_before_it_fills_it(make, tmp_path):
    content = bytearray(zipped({"a": b"a"}))
    entry = content.index(b"PK\x01\x02")
    extra = struct.pack("<HHQ", 1, 8, 1 << 60)
    content[entry + 24 : entry + 28] = b"\xff" * 4
    content[entry + 30 : entry + 32] = struct.pack("<H", len(extra))
    content[entry + 47 : entry + 47] = extra
    end = content.index(b"PK\x05\x06")
    content[end + 12 : end + 16] = struct.pack("<I", end - entry)
    with pytest.raises(
        DataError, match="1152921504606846976 bytes or more to unpack; expected at most"
    ) as caught:
        archives.unpack_archive(make(content, "a.zip"), tmp_path / "new" / "out")
    assert len(caught.value.faults) == 1
    assert names(tmp_path / "new") == []


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("content", [b"", b"a" * 2000, b"<html>Sign in</html>"])
def test_what_is_no_archive_is_a_fault(make, name, content):
    with pytest.raises(DataError, match="an archive that cannot be read"):
        archives.member_names(make(content, name))


def test_an_archive_that_is_not_there_is_a_fault(tmp_path):
    with pytest.raises(DataError, match="a.zip: found No such file or directory"):
        archives.member_names(tmp_path / "a.zip")
    with pytest.raises(DataError, match="a.zip: found No such file or directory"):
        archives.unpack_archive(tmp_path / "a.zip", tmp_path / "out")


@given(st.sampled_from(FORMATS), st.data())
@examples(60)
def test_wherever_an_archive_is_cut_it_is_a_fault_and_nothing_is_written(name, data):
    content = packed(FILES, name)
    # 163 blocks hold the members; the empty one after them says that this is the end, the rest is padding.
    needed = 164 * 512 if name == "a.tar" else len(content)
    cut = data.draw(st.integers(0, needed - 1))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content[:cut])
        with pytest.raises(DataError):
            archives.unpack_archive(path, Path(folder, "out"))
        assert names(Path(folder)) == [name]


@given(st.sampled_from(FORMATS), st.data())
@examples(100)
def test_a_damaged_archive_is_a_fault_or_is_unpacked(name, data):
    content = bytearray(packed(FILES, name))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[place] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        try:
            archives.unpack_archive(path, Path(folder, "out"))
        except DataError:
            assert names(Path(folder)) == [name]
        else:
            assert names(Path(folder)) == sorted([name, "out"])


@given(
    st.sampled_from(FORMATS),
    st.dictionaries(
        st.text("ab", min_size=1, max_size=3).map("f{}/x".format), st.binary(max_size=2000), min_size=1
    ),
)
@examples(40)
def test_what_was_packed_comes_out(name, files):
    """The law of archives: packing and unpacking gives the same bytes, in each way of taking them out."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(packed(files, name))
        assert tree(archives.unpack_archive(path, Path(folder, "out"))) == files
        archives.extract_members(path, {member: Path(folder, "single", member) for member in files})
        assert tree(Path(folder, "single")) == files
        assert {
            member: archives.member_content(path, member) for member in archives.member_names(path)
        } == files

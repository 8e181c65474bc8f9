"""Files come from the web whole and verified, or not at all, and never twice."""

import base64
import gzip
import hashlib
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from serving import Serving, silent_address
from trying import examples
from waiting import until

from retrain_kit.datasets.transfer import download
from retrain_kit.datasets.transfer.download import DownloadTarget, MissingError, RetryPolicy, SilentError
from retrain_kit.errors import DataError

CONTENT = bytes(range(256)) * 2000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
MD5 = hashlib.md5(CONTENT).hexdigest()  # noqa: S324 - what older data sets are published with
AT_ONCE = RetryPolicy(times=5, pause_s=0)
PROGRAM = """
import sys
from pathlib import Path
from retrain_kit.datasets.transfer.download import DownloadTarget, fetch_file
fetch_file(DownloadTarget(sys.argv[1], Path(sys.argv[2])))
"""


@pytest.fixture
def server(tmp_path):
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "a.csv").write_bytes(CONTENT)
    with Serving(tmp_path / "web") as serving:
        yield serving


@pytest.fixture
def target(server, tmp_path):
    return DownloadTarget(server.url("a.csv"), tmp_path / "here" / "a.csv", SHA256, MD5)


def fetch(target, **options):
    return download.fetch_file(target, patience=AT_ONCE, **options)


def names(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def start(target):
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, target.url, str(target.path)], stderr=subprocess.PIPE
    )


def test_a_file_is_fetched_and_nothing_else_is_left(server, target):
    assert fetch(target) == target.path
    assert target.path.read_bytes() == CONTENT
    assert names(target.path.parent) == ["a.csv"]
    assert server.agents == {"retrain-kit/0.1.0"}


def test_what_is_here_is_not_fetched_again(server, target):
    fetch(target)
    fetch(target)
    fetch(DownloadTarget(target.url, target.path))
    assert server.requests["a.csv"] == 1


def test_another_file_under_that_name_is_a_fault_and_is_kept(server, target):
    target.path.parent.mkdir()
    target.path.write_text("mine")
    with pytest.raises(
        DataError, match=f"found sha256 {hashlib.sha256(b'mine').hexdigest()}; expected {SHA256}"
    ):
        fetch(target)
    assert target.path.read_text() == "mine"
    assert server.requests["a.csv"] == 0


def test_a_connection_that_is_cut_is_continued(server, target):
    server.cut["a.csv"] = 2
    fetch(target)
    assert target.path.read_bytes() == CONTENT
    assert server.requests["a.csv"] == 3
    first, second, third = server.ranges["a.csv"]
    assert first is None
    assert 0 < int(second[6:-1]) < int(third[6:-1]) < len(CONTENT)


def test_a_server_that_ignores_ranges_starts_anew(server, target):
    server.ranged = False
    server.cut["a.csv"] = 2
    fetch(target)
    assert target.path.read_bytes() == CONTENT
    assert server.requests["a.csv"] == 3


def test_a_server_that_tells_no_versions_apart_is_asked_for_the_whole_file(server, target):
    server.tagged = False
    server.cut["a.csv"] = 1
    fetch(target)
    assert target.path.read_bytes() == CONTENT
    assert server.ranges["a.csv"] == [None, None]


def test_a_file_that_is_cut_ever_again_can_be_continued_later(server, target):
    server.ranged = False
    server.cut["a.csv"] = 7
    with pytest.raises(DataError, match="cut again and again.*Run it again: it goes on where it was"):
        fetch(target)
    assert server.requests["a.csv"] == 7
    assert names(target.path.parent) == [".a.csv.part", ".a.csv.part.json"]
    server.ranged, server.cut["a.csv"] = True, 0
    fetch(target)
    assert server.ranges["a.csv"][-1].startswith("bytes=")
    assert target.path.read_bytes() == CONTENT


def test_a_file_that_changed_in_between_is_fetched_anew(server, target, tmp_path):
    server.ranged = False
    server.cut["a.csv"] = 7
    with pytest.raises(DataError):
        fetch(target)
    server.ranged, server.cut["a.csv"] = True, 0
    (tmp_path / "web" / "a.csv").write_bytes(CONTENT[::-1])
    fetch(DownloadTarget(target.url, target.path))
    assert target.path.read_bytes() == CONTENT[::-1]


def test_a_partial_file_from_another_address_is_not_continued(server, target, tmp_path):
    server.ranged = False
    server.cut["a.csv"] = 7
    with pytest.raises(DataError):
        fetch(target)
    server.ranged = True
    (tmp_path / "web" / "b.csv").write_bytes(CONTENT)
    fetch(DownloadTarget(server.url("b.csv"), target.path))
    assert server.ranges["b.csv"] == [None]


@pytest.mark.parametrize("memory", ["", "[1]", '{"url": 1, "of": "another kit"}', "null"])
def test_a_memory_that_cannot_be_read_is_not_believed(server, target, memory):
    target.path.parent.mkdir()
    (target.path.parent / ".a.csv.part").write_bytes(b"rubbish")
    (target.path.parent / ".a.csv.part.json").write_text(memory)
    fetch(target)
    assert target.path.read_bytes() == CONTENT
    assert names(target.path.parent) == ["a.csv"]


def test_a_wrong_digest_leaves_nothing(server, target):
    wrong = DownloadTarget(target.url, target.path, "0" * 64, "1" * 32)
    with pytest.raises(DataError) as caught:
        fetch(wrong)
    assert [(fault.found, fault.expected) for fault in caught.value.faults] == [
        (f"sha256 {SHA256}", "0" * 64),
        (f"md5 {MD5}", "1" * 32),
    ]
    assert names(target.path.parent) == []


def base64_of(algorithm, content):
    return base64.b64encode(hashlib.new(algorithm, content).digest()).decode()


@pytest.mark.parametrize(
    "header",
    [
        ("x-goog-hash", f"crc32c=n03x6A==,md5={base64_of('md5', b'other')}"),
        ("Content-MD5", base64_of("md5", b"other")),
        ("Digest", f"sha-256={base64_of('sha256', b'other')}"),
        ("Repr-Digest", f"sha-256=:{base64_of('sha256', b'other')}:"),
    ],
    ids=lambda header: header[0],
)
def test_a_digest_that_the_server_states_is_verified(server, target, header):
    server.headers["a.csv"] = dict([header])
    with pytest.raises(DataError, match="as its server says: found (md5|sha256)"):
        fetch(target)
    assert names(target.path.parent) == []
    good = header[1].replace(base64_of("md5", b"other"), base64_of("md5", CONTENT))
    good = good.replace(base64_of("sha256", b"other"), base64_of("sha256", CONTENT))
    server.headers["a.csv"] = {header[0]: good}
    fetch(target)
    assert target.path.read_bytes() == CONTENT


def test_the_digest_of_the_first_answer_counts_for_the_continued_file(server, target):
    server.headers["a.csv"] = {"Content-MD5": base64_of("md5", b"other")}
    server.cut["a.csv"] = 1
    with pytest.raises(DataError, match="as its server says: found md5"):
        fetch(DownloadTarget(target.url, target.path))
    assert server.requests["a.csv"] == 2


@pytest.mark.parametrize("status", [403, 404, 410, 451])
def test_a_file_that_is_gone_is_told_apart_and_asked_for_once(server, target, status):
    server.status["a.csv"] = status
    with pytest.raises(MissingError, match=f"found {status} "):
        fetch(target)
    assert server.requests["a.csv"] == 1
    assert names(target.path.parent) == []


def test_another_refusal_is_a_fault_at_once(server, target):
    server.status["a.csv"] = 401
    with pytest.raises(DataError, match="found 401 Unauthorized; expected the file") as caught:
        fetch(target)
    assert type(caught.value) is DataError
    assert server.requests["a.csv"] == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again(server, target, status):
    server.busy["a.csv"], server.busy_status = 5, status
    fetch(target)
    assert server.requests["a.csv"] == 6


def test_a_server_that_stays_busy_is_given_up(server, target):
    server.busy["a.csv"] = 6
    with pytest.raises(SilentError, match="503 Service Unavailable, again and again.*Run it again"):
        fetch(target)
    assert server.requests["a.csv"] == 6


def test_a_server_is_left_alone_for_as_long_as_it_says(server, target):
    server.rest["a.csv"] = 1
    fetch(target)
    assert server.requests["a.csv"] == 2


def test_a_server_that_wants_to_be_left_alone_for_hours_is_given_up(server, target):
    server.busy["a.csv"], server.retry_after = 1, "7200"
    with pytest.raises(
        SilentError, match=f"{target.url}: found 503, and the wish to be left alone for 7200 seconds"
    ):
        fetch(target)
    assert server.requests["a.csv"] == 1


def test_a_redirection_is_followed(server, target):
    server.redirect["b.csv"] = "a.csv"
    fetch(DownloadTarget(server.url("b.csv"), target.path))
    assert target.path.read_bytes() == CONTENT


def test_a_server_that_does_not_answer_is_named_with_the_reason(tmp_path):
    with Serving(tmp_path) as server:
        url = server.url("a.csv")
    with pytest.raises(
        SilentError, match=r"no answer \(.*Connection refused\); expected a server that answers"
    ):
        fetch(DownloadTarget(url, tmp_path / "a.csv"))


@pytest.mark.parametrize("url", ["", "a.csv", "ftp://127.0.0.1/a.csv", "http://", "http://[/"])
def test_what_is_no_address_is_a_fault(tmp_path, url):
    with pytest.raises(DataError, match="an address that can be fetched"):
        fetch(DownloadTarget(url, tmp_path / "a.csv"))


def test_a_place_that_cannot_be_written_is_a_fault(server, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(
        DataError, match="found (File exists|Not a directory); expected a folder that can be written"
    ):
        fetch(DownloadTarget(server.url("a.csv"), tmp_path / "file" / "a.csv"))


def test_a_full_disk_is_a_fault_and_what_came_so_far_is_continued(server, target):
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
    process = subprocess.run(
        [sys.executable, "-c", limit + PROGRAM, target.url, str(target.path)], capture_output=True, text=True
    )
    assert (
        "a.csv: found File too large; expected a file that can be written. Free some space" in process.stderr
    )
    assert names(target.path.parent) == [".a.csv.part", ".a.csv.part.json"]
    fetch(target)
    assert server.ranges["a.csv"] == [None, "bytes=100000-"]
    assert target.path.read_bytes() == CONTENT


def test_progress_says_how_much_is_here(server, target):
    told = []
    server.cut["a.csv"] = 1
    fetch(target, progress=lambda here, whole: told.append((here, whole)))
    assert {whole for _, whole in told} == {len(CONTENT)}
    assert [here for here, _ in told] == sorted(here for here, _ in told)
    assert told[-1][0] == len(CONTENT)


def test_an_empty_file_and_one_of_unsaid_length_come_whole(server, target, tmp_path):
    (tmp_path / "web" / "empty").write_bytes(b"")
    assert fetch(DownloadTarget(server.url("empty"), tmp_path / "empty")).read_bytes() == b""
    server.sized = False
    assert fetch(target).read_bytes() == CONTENT


def test_what_is_compressed_on_its_way_alone_is_stored_as_it_was(server, tmp_path):
    compressed = gzip.compress(CONTENT)
    for name, encoding in {"plain.csv": "gzip", "lists.tgz": "x-gzip"}.items():
        (tmp_path / "web" / name).write_bytes(compressed)
        server.headers[name] = {"Content-Encoding": encoding}
    server.cut["plain.csv"] = server.cut["lists.tgz"] = 1
    assert fetch(DownloadTarget(server.url("plain.csv"), tmp_path / "plain.csv")).read_bytes() == CONTENT
    assert fetch(DownloadTarget(server.url("lists.tgz"), tmp_path / "lists.tgz")).read_bytes() == compressed
    assert download.remote_size(server.url("plain.csv"), AT_ONCE) is None
    assert download.remote_size(server.url("lists.tgz"), AT_ONCE) == len(compressed)


def test_the_size_is_asked_for_without_fetching(server):
    assert download.remote_size(server.url("a.csv"), AT_ONCE) == 512_000
    assert (server.heads["a.csv"], server.requests["a.csv"]) == (1, 0)


def test_the_size_is_known_where_the_server_refuses_to_say_only_that(server, tmp_path):
    (tmp_path / "web" / "empty").write_bytes(b"")
    server.headed = False
    assert download.remote_size(server.url("a.csv"), AT_ONCE) == 512_000
    assert download.remote_size(server.url("empty"), AT_ONCE) == 0
    server.ranged = False
    assert download.remote_size(server.url("a.csv"), AT_ONCE) == 512_000


def test_a_size_that_is_not_said_stays_unknown(server):
    server.sized = False
    assert download.remote_size(server.url("a.csv"), AT_ONCE) is None


def test_sizes_that_nobody_can_be_asked_for_are_no_fault_and_a_silent_host_is_asked_once(server):
    server.sized, server.busy["a.csv"] = False, 1
    asked = [server.url("a.csv"), *(f"{silent_address()}/{name}" for name in "xyz")]
    assert download.remote_sizes(asked) == {}
    assert download.remote_sizes(asked[:1]) == {asked[0]: None}
    with pytest.raises(MissingError, match="found 404 Not Found"):
        download.remote_sizes([server.url("b.csv"), *asked])


def test_the_size_of_a_file_that_is_gone_is_a_fault(server):
    with pytest.raises(MissingError, match="found 404 Not Found"):
        download.remote_size(server.url("b.csv"), AT_ONCE)


@given(st.lists(st.integers(0, len(CONTENT)), max_size=5), st.booleans(), st.booleans())
@examples(30)
def test_however_it_is_cut_the_bytes_are_the_same(cuts, ranged, tagged):
    """The law of fetching: any pattern of cuts gives the same bytes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.csv").write_bytes(CONTENT)
        with Serving(folder) as server:
            server.cuts["a.csv"], server.ranged, server.tagged = list(cuts), ranged, tagged
            path = fetch(DownloadTarget(server.url("a.csv"), folder / "here" / "a.csv"))
        assert path.read_bytes() == CONTENT
        assert names(path.parent) == ["a.csv"]


def test_a_killed_process_is_continued_by_the_next(server, target):
    server.hold["a.csv"] = threading.Event()
    process = start(target)
    partial = target.path.parent / ".a.csv.part"
    until(lambda: partial.exists() and partial.stat().st_size > 100_000)
    process.send_signal(signal.SIGKILL)
    process.wait()
    here = partial.stat().st_size
    server.hold.pop("a.csv").set()
    fetch(target)
    assert server.ranges["a.csv"] == [None, f"bytes={here}-"]
    assert target.path.read_bytes() == CONTENT
    assert names(target.path.parent) == ["a.csv"]


def test_a_process_killed_before_the_name_was_given_fetches_nothing_again(server, target):
    server.cuts["a.csv"] = [len(CONTENT) - 1] + [0] * 7
    with pytest.raises(DataError):
        fetch(target)
    partial = target.path.parent / ".a.csv.part"
    partial.write_bytes(CONTENT)
    asked = server.requests["a.csv"]
    fetch(target)
    assert server.requests["a.csv"] == asked
    assert target.path.read_bytes() == CONTENT


def test_two_processes_fetch_a_file_once(server, target):
    server.hold["a.csv"] = threading.Event()
    first = start(target)
    until(lambda: server.requests["a.csv"] == 1)
    second = start(target)
    assert b"another process" in second.stderr.readline()
    server.hold.pop("a.csv").set()
    assert (first.wait(), second.wait()) == (0, 0)
    assert server.requests["a.csv"] == 1
    assert target.path.read_bytes() == CONTENT
    assert names(target.path.parent) == ["a.csv"]


@pytest.fixture
def many(server, tmp_path):
    """Forty small images to fetch."""
    for number in range(40):
        (tmp_path / "web" / f"{number}.jpg").write_bytes(bytes([number]) * 1000)
    return [
        DownloadTarget(server.url(f"{number}.jpg"), tmp_path / "here" / f"{number}.jpg")
        for number in range(40)
    ]


@pytest.mark.parametrize("at_once", [1, 4])
def test_many_files_are_fetched_each_once(server, many, at_once):
    server.cut["7.jpg"] = server.busy["8.jpg"] = 1
    assert download.fetch_files(many, at_once=at_once, patience=AT_ONCE) == {}
    assert download.fetch_files([*many, *many], at_once=at_once, patience=AT_ONCE) == {}
    assert [target.path.read_bytes() for target in many] == [bytes([number]) * 1000 for number in range(40)]
    assert len(names(many[0].path.parent)) == 40
    assert server.requests.total() == 42


def test_what_is_missing_is_given_back_where_it_may_be(server, many):
    server.status["3.jpg"], server.status["5.jpg"] = 404, 410
    missing = download.fetch_files(many, missing_ok=True, patience=AT_ONCE)
    assert {target.path.name: error.faults[0].found for target, error in missing.items()} == {
        "3.jpg": "404 Not Found",
        "5.jpg": "410 Gone",
    }
    assert len(names(many[0].path.parent)) == 38


def test_all_faults_are_told_together_and_the_rest_is_here(server, many):
    server.status["3.jpg"], server.status["5.jpg"] = 404, 401
    many[9] = DownloadTarget(many[9].url, many[9].path, "0" * 64)
    with pytest.raises(DataError) as caught:
        download.fetch_files(many, at_once=4, patience=AT_ONCE)
    assert [fault.found[:6] for fault in caught.value.faults] == ["404 No", "401 Un", "sha256"]
    assert len(names(many[0].path.parent)) == 37


def test_what_may_be_missing_does_not_hide_other_faults(server, many):
    server.status["3.jpg"], server.status["5.jpg"] = 404, 401
    with pytest.raises(DataError) as caught:
        download.fetch_files(many, missing_ok=True, patience=AT_ONCE)
    assert [fault.found for fault in caught.value.faults] == ["401 Unauthorized"]


def test_a_silent_server_is_not_asked_for_further_files(server, many, tmp_path):
    with Serving(tmp_path) as other:
        gone = [DownloadTarget(other.url(f"{number}.png"), tmp_path / f"{number}.png") for number in range(5)]
    with pytest.raises(DataError) as caught:
        download.fetch_files([*gone, *many], patience=AT_ONCE)
    assert [fault.found.partition(" (")[0] for fault in caught.value.faults] == [
        "no answer",
        "no answer, and therefore 4 more not asked for",
    ]
    assert len(names(many[0].path.parent)) == 40


FETCH_LISTED = """
import signal, sys
from pathlib import Path
from retrain_kit.datasets.transfer import download
signal.signal(signal.SIGINT, signal.default_int_handler)
targets = [download.DownloadTarget(url, Path(path)) for url, path in map(str.split, sys.stdin)]
download.fetch_files(targets)
"""


def test_an_interrupted_fetch_leaves_whole_files_and_is_continued(server, many, tmp_path):
    server.hold["20.jpg"] = threading.Event()
    listed = "\n".join(f"{target.url} {target.path}" for target in many)
    process = subprocess.Popen(
        [sys.executable, "-c", FETCH_LISTED], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    process.stdin.write(listed)
    process.stdin.close()
    until(lambda: server.requests["20.jpg"] == 1)
    process.send_signal(signal.SIGINT)
    assert process.stderr.read().rstrip().endswith("KeyboardInterrupt")
    process.wait()
    here = [path for path in (tmp_path / "here").iterdir() if not path.name.startswith(".")]
    assert {len(path.read_bytes()) for path in here} == {1000}
    assert len(here) == 20
    server.hold.pop("20.jpg").set()
    download.fetch_files(many, patience=AT_ONCE)
    assert len(names(tmp_path / "here")) == 40
    assert server.requests.total() == 41


def test_a_fault_of_the_kit_is_not_swallowed(server, many):
    with pytest.raises(AttributeError):
        download.fetch_files([DownloadTarget(many[0].url, "a text, no path")], patience=AT_ONCE)

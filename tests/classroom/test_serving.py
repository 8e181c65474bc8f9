"""How a class is reached: addresses, certificates, the command, and how it ends."""

import hashlib
import os
import re
import signal
import socket
import ssl
import stat
import subprocess
import sys
import time

import pytest
import requests
from lessons import PATIENCE_S, held

from retrain_kit.answers import Author, Store
from retrain_kit.classroom import certificates, endpoint, networks
from retrain_kit.classroom.entry import ClassEntry
from retrain_kit.errors import DataError, ParameterError

CLASS = [sys.executable, "-m", "retrain_kit", "class", "embedded-sample", "--images", "1"]
COMMAND = [*CLASS, "--port", "0"]


@pytest.fixture
def start(tmp_path):
    """Return a function that starts the command and gives the process and what it said until it serves."""
    running = []

    def started(*options):
        command = [*COMMAND, "--answers", str(tmp_path / "answers"), *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        running.append(process)
        said = ""
        while "Ctrl-C" not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        return process, said

    yield started
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()


def fail(tmp_path, *options, port=0):
    command = [*CLASS, "--port", str(port), "--answers", str(tmp_path / "answers"), *options]
    return subprocess.run(
        command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=PATIENCE_S
    )


def test_a_class_is_reached_by_this_machine_alone_and_tells_its_code_and_its_links(start):
    _, said = start()
    link = re.search(r"join +(http://127\.0\.0\.1:\d+/)", said)[1]
    code = re.search(r"code +(\w{5}-\w{5})\n", said)[1]
    secret = re.search(rf"projector +{re.escape(link)}projector#(\S+)", said)[1]
    assert requests.post(f"{link}join", json={"code": code}, timeout=PATIENCE_S).status_code == 200
    headers = {"Authorization": f"Bearer {secret}"}
    about = requests.get(f"{link}projector/about", headers=headers, timeout=PATIENCE_S).json()
    assert (about["link"], about["code"]) == (link, code)
    assert about["image"].startswith("data:image/svg+xml")
    teacher = re.search(rf"teacher +{re.escape(link)}teacher#(\S+)", said)[1]
    assert teacher != secret
    headers = {"Authorization": f"Bearer {teacher}"}
    assert requests.get(f"{link}teacher/about", headers=headers, timeout=PATIENCE_S).json()["code"] == code


def test_ctrl_c_ends_a_class_with_all_kept_and_says_where(start, tmp_path):
    process, said = start()
    link = re.search(r"join +(\S+)", said)[1]
    code = re.search(r"code +(\S+)", said)[1]
    joined = requests.post(f"{link}join", json={"code": code}, timeout=PATIENCE_S).json()
    headers = {"Authorization": f"Bearer {joined['seat']}"}
    message = {"act": "refuse", "refusal": "burn", "uses": ["class"], "once": "0" * 32}
    body = {"exercise": "what-if", "index": 0, "key": Author.new().key, "message": message}
    requests.post(f"{link}act", json=body, headers=headers, timeout=PATIENCE_S)
    with requests.get(f"{link}events?seat={joined['seat']}", stream=True, timeout=PATIENCE_S) as stream:
        next(stream.iter_lines())
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=PATIENCE_S)[0]
    assert process.returncode == 0, rest
    assert rest.strip() == f"The class has ended. 1 answer, 1 of them a refusal: {tmp_path / 'answers'}"
    with Store(tmp_path / "answers") as store:
        assert [record.refusal for record in store.records()] == ["burn"]


def test_whoever_runs_the_class_is_told_of_many_wrong_codes_and_opens_the_door_in_the_terminal(tmp_path):
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    near, far = pty.openpty()
    command = [*COMMAND, "--exercise", "polyphony", "--answers", str(tmp_path / "answers")]
    with subprocess.Popen(command, stdin=far, stdout=far, stderr=far, close_fds=True) as process:
        said = ""
        os.close(far)

        def hear(words):
            nonlocal said
            while words not in said:
                said += os.read(near, 4096).decode()

        hear("Ctrl-C")
        link, code = re.search(r"join +(\S+)", said)[1], re.search(r"code +(\S+)", said)[1]

        def join(typed):
            sent = {"code": typed, "page": typed}
            return requests.post(f"{link}join", json=sent, timeout=PATIENCE_S).status_code

        while join(f"wrong-{time.monotonic()}") == 403:
            pass
        hear("from 127.0.0.1: nobody new gets in from there")
        os.write(near, b"open\n")
        hear("The door is open")
        assert join(code) == 200
        process.send_signal(signal.SIGINT)
        hear("The class has ended")
        assert process.wait(PATIENCE_S) == 0
    os.close(near)


def test_a_port_that_is_taken_is_told_in_a_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = fail(tmp_path, port=taken.getsockname()[1])
    assert done.returncode == 2
    assert "in use; expected a free one. Choose another with --port." in done.stderr
    assert "Traceback" not in done.stderr


def test_others_are_let_in_only_by_an_option_and_it_is_said_who_they_are(tmp_path):
    if not strangers():
        pytest.skip("this machine has no address but its own")
    done = fail(tmp_path, "--host", "0.0.0.0")  # noqa: S104 - refused
    assert done.returncode == 2
    assert "127.0.0.1: this machine alone" in done.stdout
    assert strangers()[0].network in done.stdout
    assert "Add --let-others-in if they may." in done.stderr


def test_beyond_this_machine_a_class_is_encrypted_with_a_certificate_whose_fingerprint_it_tells(
    start, tmp_path
):
    if not strangers():
        pytest.skip("this machine has no address but its own")
    _, said = start("--host", strangers()[0].ip, "--let-others-in")
    link = re.search(r"join +(https://\S+)", said)[1]
    path = tmp_path / "answers" / "class.pem"
    assert requests.get(link, verify=path, timeout=PATIENCE_S).status_code == 200
    shown = ssl.PEM_cert_to_DER_cert(re.search(r"-----BEGIN CERT.*", path.read_text(), re.DOTALL)[0])
    assert ":".join(f"{byte:02X}" for byte in hashlib.sha256(shown).digest()) in said


def strangers():
    return [each for each in networks.reached_addresses(networks.ALL_ADDRESSES) if not each.is_local]


def test_an_address_of_another_machine_is_told():
    with pytest.raises(ParameterError, match="an address of this machine: .*127.0.0.1"):
        networks.reached_addresses("203.0.113.77")


def test_only_loopback_is_alone():
    assert networks.only_this_machine(networks.reached_addresses("localhost"))
    assert not networks.only_this_machine([networks.Address("192.168.1.5", "192.168.1.0/24", "wlan0")])


@pytest.mark.parametrize(
    ("ip", "told"),
    [
        ("127.0.0.1", "this machine alone"),
        ("192.168.1.5", "everybody in this network, 192.168.1.0/24"),
        ("8.8.8.8", "anybody on the internet, unless a firewall is before it"),
    ],
)
def test_an_address_tells_who_reaches_it(ip, told):
    network = ip.rpartition(".")[0] + ".0/24"
    assert told in str(networks.Address(ip, network, "wlan0"))


def test_a_certificate_stays_with_the_class_and_its_owner_alone_reads_it(tmp_path):
    first = certificates.class_certificate(tmp_path, ["192.168.1.5", "localhost"])
    assert certificates.class_certificate(tmp_path, ["localhost"]) == first
    assert stat.S_IMODE(first.path.stat().st_mode) == 0o600
    assert certificates.class_certificate(tmp_path, ["192.168.1.6"]).fingerprint != first.fingerprint


SECRETS = """
import os, sys
from pathlib import Path
from retrain_kit.classroom import certificates
from retrain_kit.classroom.entry import ClassEntry

def look(event, given):
    if event == "os.rename":
        print(Path(given[1]).name, oct(os.stat(given[0]).st_mode & 0o777))

os.umask(0)
sys.addaudithook(look)
certificates.class_certificate(Path(sys.argv[1]), ["localhost"])
ClassEntry.for_folder(Path(sys.argv[1]))
"""


def test_keys_are_for_their_owner_alone_from_the_moment_when_they_have_their_name(tmp_path):
    done = subprocess.run([sys.executable, "-c", SECRETS, tmp_path], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("class.pem 0o600\nclass.json 0o600\n", "")


def test_a_damaged_certificate_is_made_anew(tmp_path):
    (tmp_path / "class.pem").write_text("nothing")
    assert re.fullmatch(
        "[0-9A-F]{2}(:[0-9A-F]{2}){31}", certificates.class_certificate(tmp_path, ["localhost"]).fingerprint
    )


def test_an_entry_stays_with_the_class_until_a_new_one_is_asked_for(tmp_path):
    entry = ClassEntry.for_folder(tmp_path)
    assert ClassEntry.for_folder(tmp_path) == entry
    assert stat.S_IMODE((tmp_path / "class.json").stat().st_mode) == 0o600
    assert ClassEntry.for_folder(tmp_path, anew=True).code != entry.code
    assert ClassEntry.for_folder(tmp_path).seat_number(entry.new_seat()) == ""


def test_a_damaged_entry_is_told_and_not_replaced(tmp_path):
    (tmp_path / "class.json").write_text('{"code": 5}')
    with pytest.raises(DataError, match="Remove it"):
        ClassEntry.for_folder(tmp_path)


def test_a_class_answers_to_its_own_names_alone(tmp_path):
    opened = endpoint.open_endpoint("127.0.0.1", 0, tmp_path)
    with opened.listener:
        assert opened.hosts == {f"127.0.0.1:{opened.port}", f"localhost:{opened.port}"}


def test_no_answer_waits_for_a_fuller_packet(tmp_path):
    opened = endpoint.open_endpoint("127.0.0.1", 0, tmp_path)
    with opened.listener, socket.create_connection(("127.0.0.1", opened.port)):
        accepted, _ = opened.listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_answers_made_for_demonstration_are_no_store_of_a_class(tmp_path):
    Store(tmp_path / "answers", demonstration=True).close()
    with pytest.raises(DataError), held(tmp_path / "answers"):
        pass

"""More than one machine make the same bytes as one, also when some are lost."""

import os
import signal
import subprocess
import sys

import pytest
from batch import folders

from retrain_kit.batch.decanonize import DecanonizeOptions, WorkerPool, dask_workers, decanonize
from retrain_kit.errors import ParameterError

distributed = pytest.importorskip("distributed")
fsspec = pytest.importorskip("fsspec")

COUNT = 150


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return folders.mixed(tmp_path_factory.mktemp("study"), COUNT, side=3)


@pytest.fixture(scope="module")
def undisturbed(study, tmp_path_factory):
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    folders.finish(study, out)
    return folders.contents(out)


@pytest.fixture
def cluster():
    """A real cluster of two processes, without a dashboard."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as started:
        yield started


def test_a_scheduler_s_workers_make_the_same_bytes(study, undisturbed, cluster, tmp_path):
    done = decanonize(
        str(study),
        str(tmp_path / "out"),
        None,
        WorkerPool(scheduler=cluster.scheduler_address),
        progress=False,
    )
    assert done.skipped == 2
    assert folders.contents(tmp_path / "out") == undisturbed


def test_a_worker_killed_in_the_middle_costs_only_its_tasks(study, undisturbed, cluster, tmp_path):
    out = tmp_path / "out"
    process = folders.held(study, out, {"scheduler": cluster.scheduler_address}, 17)
    os.kill(cluster.workers[0].pid, signal.SIGKILL)
    assert len(folders.records(out)) < COUNT
    assert folders.go_on(process) == 7
    assert folders.contents(out) == undisturbed


@pytest.mark.usefixtures("processes")
def test_a_local_cluster_killed_and_started_again_ends_with_the_same_bytes(study, undisturbed, tmp_path):
    out = tmp_path / "out"
    process = folders.held(study, out, {"local_cluster": 2}, 17)
    process.kill()
    process.wait()
    assert folders.run(study, out, None, {"local_cluster": 2}).returncode == 7
    assert folders.contents(out) == undisturbed


def test_addresses_go_through_fsspec(study, undisturbed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    memory = fsspec.filesystem("memory")
    memory.put(f"{study}/", "/images", recursive=True)
    decanonize("memory://images", "memory://made/out", None, WorkerPool(1), progress=False)
    memory.get("/made/out", str(tmp_path / "got"), recursive=True)
    made = folders.contents(tmp_path / "got")
    names = {"decanonized.jsonl", "images-decanonized.toml", "images-decanonized.csv"}
    assert {name: made[name] for name in made.keys() - names} == {
        name: undisturbed[name] for name in undisturbed if name.endswith((".jpg", ".png"))
    }
    assert names < made.keys()
    memory.rm("/made/out/a/0000.jpg")
    done = decanonize("memory://images", "memory://made/out", None, WorkerPool(1), progress=False)
    assert done.before == COUNT - 1
    assert memory.exists("/made/out/a/0000.jpg")


def test_a_file_address_is_a_folder_of_this_machine(study, undisturbed, tmp_path):
    decanonize(f"file://{study}", f"file://{tmp_path}/out", None, WorkerPool(1), progress=False)
    assert folders.contents(tmp_path / "out") == undisturbed


def test_working_copies_go_through_fsspec_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = folders.fill(tmp_path / "study", {"a.png": folders.png()})
    memory = fsspec.filesystem("memory")
    decanonize(str(folder), "memory://copies", DecanonizeOptions(way="beside"), WorkerPool(1), progress=False)
    assert memory.cat("/copies/a.png") == (folder / "a.png").read_bytes()
    assert memory.exists("/copies/a.png.mask.png")


def test_a_scheduler_that_does_not_answer_is_said(study, tmp_path, monkeypatch):
    monkeypatch.setattr(dask_workers, "_PATIENCE_S", 1)
    crew = WorkerPool(scheduler="tcp://127.0.0.1:9")
    with pytest.raises(ParameterError, match="where none answers"):
        decanonize(str(study), str(tmp_path / "out"), None, crew, progress=False)


def test_without_dask_the_extra_is_named(study, tmp_path):
    block = "import sys; sys.modules['distributed'] = None; exec(sys.argv.pop(1))"
    program = [
        sys.executable,
        "-c",
        block,
        *folders.command(study, tmp_path / "out", None, {"local_cluster": 2})[2:],
    ]
    done = subprocess.run(program, capture_output=True, text=True)
    assert done.stderr == (
        'scheduler: found no Dask; expected the extra cluster. Type: pip install "retrain-kit[cluster]"\n'
    )


def test_an_address_that_fsspec_does_not_know_is_said(study, tmp_path):
    for arguments in (("nowhere://images", tmp_path / "out"), (study, "nowhere://out")):
        with pytest.raises(ParameterError, match="found Protocol not known: nowhere"):
            decanonize(*map(str, arguments), None, WorkerPool(1), progress=False)

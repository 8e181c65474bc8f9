"""The command line checks before it runs, says mistakes in a line, and prints the paths last."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys

import click
import nbformat
import needs
import psutil
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from commands import typed
from places import ROOT
from waiting import PATIENCE_S, ended, until

from retrain_kit import __version__
from retrain_kit.cli import kit, naming
from retrain_kit.cli.group import KitGroup, UnwrappedHelpCommand
from retrain_kit.storage import files

PARAMETERS = 'study: str = "nature"  # which images\nlimit: int | None = None  # how many'


def write_notebook(path, source, parameters=PARAMETERS):
    cells = [
        nbformat.v4.new_markdown_cell(f"# About {path.stem}"),
        nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(source),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


@pytest.fixture
def desk(tmp_path):
    """A folder with two notebooks that leave a file when they run, and one that stops."""
    source = "from pathlib import Path\nPath(f'ran-{NAME}-{study}').write_text(repr(limit))"
    for name in ("one", "two"):
        write_notebook(tmp_path / f"{name}.ipynb", source.replace("{NAME}", name))
    write_notebook(tmp_path / "stops.ipynb", "raise ValueError('no boats')")
    return tmp_path


def start(folder, *words, **environment):
    command = [sys.executable, "-m", "retrain_kit", *words]
    return subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def type_in(folder, *words, **environment):
    """Type a command; return its exit status, the lines it printed and what it said on the error stream."""
    process = start(folder, *words, **environment)
    out, err = process.communicate(timeout=PATIENCE_S)
    return process.returncode, out.splitlines(), err


def type_here(folder, *words, **environment):
    """Type a command that starts no kernel, in this process."""
    done = typed(folder, *words, **environment)
    return done.returncode, done.stdout.splitlines(), done.stderr


def left(folder):
    return sorted(path.name for path in folder.glob("ran-*"))


def commands(command, path=()):
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*path, name))


COMMANDS = dict(commands(kit))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_and_option_has_a_help_text(path):
    command = COMMANDS[path]
    assert command.help
    assert all(each.help for each in command.params if isinstance(each, click.Option))


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ([], "with FiftyOne's App: search, filter, enlarge, select. book"),
        (["database"], "where FiftyOne brought none."),
    ],
)
def test_the_list_of_commands_has_whole_sentences(path, said):
    assert said in " ".join(CliRunner().invoke(kit, [*path, "--help"]).output.split())


def test_a_group_that_is_typed_alone_shows_its_help():
    lines = CliRunner().invoke(kit, ["database"]).output.splitlines()
    assert lines[0] == "Usage: kit database [OPTIONS] COMMAND [ARGS]..."
    assert "Commands:" in lines


def test_a_table_in_a_help_text_keeps_its_lines():
    shown = CliRunner().invoke(kit, ["decanonize", "--help"]).output
    assert "\n  exact   decoded, and written without loss\n" in shown
    assert "\\b" not in shown


def test_the_commands_are_those_that_are_documented():
    studies = {
        ("pull",),
        ("draw",),
        ("datasheet",),
        ("nutrition-label",),
        ("ledger",),
        ("city",),
        ("what-it-took",),
        ("study",),
        ("studies",),
        ("export",),
    }
    wholes = {
        ("decanonize",),
        ("coverage",),
        ("mosaic",),
        ("duplicates",),
        ("app",),
        ("words",),
        ("roulette",),
        ("replay",),
        ("models",),
    }
    answers = {
        ("book",),
        ("class",),
        ("footnote",),
        ("handout",),
        ("merge",),
        ("training",),
        ("voices",),
        ("withdraw",),
    }
    living = {("review",), ("sheets",), ("card",), ("plan",), ("bring",), ("exhibition",)}
    assert set(COMMANDS) == {
        (),
        ("report",),
        *studies,
        *wholes,
        *answers,
        *living,
        ("doctor",),
        ("database",),
        ("database", "install"),
    }


def test_the_command_line_starts_without_its_heavy_libraries():
    heavy = "papermill nbconvert nbformat fiftyone pandas pydantic numpy matplotlib IPython"
    code = f"import sys, retrain_kit.cli; print(*set(sys.modules) & set({heavy.split()}))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "\n"
    )


@pytest.mark.parametrize(
    ("command", "ending"),
    [
        ("ledger", ".parquet"),
        ("handout", ".html, .htm"),
        ("roulette", ".html, .htm"),
        ("review --people 2 --seed 7", ".html, .htm"),
    ],
)
def test_nothing_is_written_under_the_ending_of_something_else(tmp_path, command, ending):
    status, _, told = type_here(tmp_path, *command.split(), "embedded-sample", "-o", "taken.gif")
    assert status == 2
    assert "-o: found taken.gif; expected " in told
    assert f"a name that ends in {ending}." in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        ("class", "embedded-sample", "--language", "xx"),
        ("class", "embedded-sample", "--image", "nowhere"),
        ("class", "embedded-sample", "--exercise", "conversation", "--question", ""),
        ("exhibition", "embedded-sample", "-o", "show.html"),
        ("handout", "embedded-sample", "--exercise", "polyphony", "--answers", "."),
    ],
)
def test_a_command_that_is_refused_leaves_no_store_behind(tmp_path, words):
    status, lines, _ = type_here(tmp_path, *words)
    assert (status in {1, 2}, lines) == (True, [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "exercise"),
    [
        (("class", "--question", "Who paid?"), "conversation"),
        (("class", "--guest", "blazeface"), "recoding-art"),
        (("class", "--caption-model", "own.toml", "--exercise", "what-if"), "recoding-art"),
        (("class", "--image", "cow", "--exercise", "polyphony"), "what-if"),
        (("handout", "--second-study", "embedded-sample"), "polyphony"),
    ],
)
def test_an_option_for_an_exercise_that_is_not_done_is_refused(tmp_path, words, exercise):
    status, lines, told = type_here(tmp_path, words[0], "embedded-sample", *words[1:])
    assert (status, lines) == (2, [])
    said = f"{words[1]} is for {exercise}. Add --exercise {exercise}, or leave {words[1]} out."
    assert told == f"retrain-kit: {said} Type: retrain-kit {words[0]} --help\n"


def test_the_ledger_of_an_image_that_is_not_there_says_that_alone(tmp_path):
    status, lines, told = type_here(tmp_path, "ledger", "embedded-sample", "--image", "nowhere")
    assert (status, lines) == (2, [])
    assert "nowhere" in told


def test_the_version_is_told(tmp_path):
    assert type_in(tmp_path, "--version")[1] == [f"retrain-kit, version {__version__}"]


def test_one_report_ends_with_exactly_its_path(kernel, desk):
    status, lines, _ = type_in(desk, "report", "one", "-p", "limit=3")
    assert (status, lines) == (0, ["reports/one.html"])
    assert (desk / "reports" / "one.html").is_file()
    assert (desk / "ran-one-nature").read_text() == "3"


def test_notebooks_and_studies_make_a_report_for_each_pair(kernel, desk):
    words = [
        "report",
        "one.ipynb",
        "two.ipynb",
        "--study",
        "a",
        "--study",
        "sea & sky",
        "-o",
        "out",
        "-j",
        "2",
    ]
    status, lines, err = type_in(desk, *words, TQDM_DISABLE="")
    assert status == 0
    assert lines == [
        "out/one--a.html",
        "out/one--sea-sky.html",
        "out/two--a.html",
        "out/two--sea-sky.html",
        "out/index.html",
    ]
    assert all((desk / line).is_file() for line in lines)
    assert "4/4" in err


def test_a_single_study_keeps_the_plain_name(kernel, desk):
    status, lines, _ = type_in(desk, "report", "one", "--study", "birds")
    assert (status, lines) == (0, ["reports/one.html"])
    assert left(desk) == ["ran-one-birds"]


def test_parameters_come_from_a_file_and_from_the_line_before_it(kernel, desk):
    (desk / "values.yaml").write_text("study: sea\nlimit: 4\n")
    assert type_in(desk, "report", "one", "-y", "values.yaml", "-p", "limit=null")[0] == 0
    assert (desk / "ran-one-sea").read_text() == "None"


def test_a_report_that_stops_ends_with_status_1_and_the_others_still_finish(kernel, desk):
    status, lines, err = type_in(desk, "report", "stops", "one", "-j", "1")
    assert (status, lines) == (1, ["reports/one.html", "reports/index.html"])
    said = [line for line in err.splitlines() if line.startswith("retrain-kit: ")]
    stop = "retrain-kit: stops.ipynb, cell [3] stopped: ValueError: no boats. The half-run notebook is"
    assert said == [f"{stop} reports/stops.failed.ipynb"]
    assert "Traceback" not in err
    assert sorted(path.name for path in (desk / "reports").iterdir()) == [
        "index.html",
        "one.html",
        "stops.failed.ipynb",
    ]


def test_a_process_that_is_killed_is_said_in_a_line_and_harms_no_other(kernel, desk):
    write_notebook(desk / "kills.ipynb", "import os\nos.kill(os.getppid(), 9)")
    write_notebook(desk / "dies.ipynb", "import os\nos._exit(3)")
    status, lines, err = type_in(desk, "report", "kills", "dies", "one", "-j", "1", TMPDIR=str(desk))
    assert (status, lines) == (1, ["reports/one.html", "reports/index.html"])
    assert "retrain-kit: reports/kills.html: found a process that was ended from outside" in err
    assert "retrain-kit: dies.ipynb stopped: its Python process ended" in err
    assert "Traceback" not in err


def test_many_reports_are_the_same_as_one_and_their_kernels_share_nothing(kernel, desk):
    """The forks of one process: no state goes from one to the other, and charts show as in a new kernel."""
    source = """import os, sys, random, numpy as np, matplotlib.pyplot as plt
assert os.environ.pop("LEFT_BEHIND", None) is None and not hasattr(np, "left_behind")
os.environ["LEFT_BEHIND"] = np.left_behind = "here"
open(f"drawn-{np.random.random()}-{random.random()}", "w").close()
print(os.getcwd(), __name__, sys.argv[0].rpartition("/")[2])
_ = plt.plot([1, 2, 3])"""
    for name in ("first", "second", "third"):
        write_notebook(desk / f"{name}.ipynb", source)
    assert type_in(desk, "report", "first", "second", "third", "-j", "1")[0] == 0
    assert type_in(desk, "report", "first", "-o", "alone")[0] == 0
    drawn = [name.split("-")[1:] for name in (path.name for path in desk.glob("drawn-*"))]
    assert len({number for numbers in drawn for number in numbers}) == 2 * len(drawn) == 8
    pages = [
        _outputs(desk / path) for path in ("alone/first.html", "reports/first.html", "reports/third.html")
    ]
    assert pages[0] == pages[1] == pages[2]
    assert "data:image/png" in pages[0]


def _outputs(page):
    return "".join(
        map(str, BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").select(".rk-figure, pre"))
    )


def test_the_summary_links_what_was_made_and_says_what_stopped(kernel, desk):
    words = ["report", "one", "stops", "--study", "a", "--study", "b & c", "-p", "limit=3"]
    assert type_in(desk, *words)[0] == 1
    soup = BeautifulSoup((desk / "reports" / "index.html").read_text(encoding="utf-8"), "html.parser")
    assert soup.h1.text == "Reports"
    assert "2 of 4 reports were made" in soup.get_text()
    links = [link["href"] for link in soup.select("a")]
    assert links == [
        "stops--a.failed.ipynb",
        "stops--b-c.failed.ipynb",
        "one--a.html",
        "one--b-c.html",
    ]
    assert all((desk / "reports" / link).is_file() for link in links)
    assert soup.get_text().count("ValueError: no boats") == 2
    assert "Study: b & c" in soup.get_text()
    assert "limit=3" in soup.get_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["one", "two", "-p", "limit=many"], ["one.ipynb, parameter limit", "two.ipynb, parameter limit"]),
        (["one", "-p", "limt=3", "-p", "study=x"], ["Did you mean limit?"]),
        (["one", "nowhere", "neither"], ["notebook nowhere", "notebook neither"]),
        (["one", "-y", "text.yaml"], ["one.ipynb, parameter limit: found '4'"]),
        (["one", "-y", "list.yaml"], ["list.yaml: found list in YAML"]),
        (["one", "-y", "broken.yaml"], ["broken.yaml: found no YAML"]),
        (["one", "--study", "a/b", "--study", "a-b"], ["reports/one--a-b.html: found 2 reports"]),
    ],
)
def test_wrong_parameters_are_said_a_line_each_and_nothing_runs(desk, words, said):
    (desk / "text.yaml").write_text("limit: '4'\n")
    (desk / "list.yaml").write_text("- 4\n")
    (desk / "broken.yaml").write_text("a: [\n")
    status, lines, err = type_here(desk, "report", *words)
    assert (status, lines) == (2, [])
    assert len(err.splitlines()) == len(said)
    for line, part in zip(err.splitlines(), said, strict=True):
        assert line.startswith("retrain-kit: ")
        assert part in line
    assert left(desk) == []
    assert not (desk / "reports").exists()


@pytest.mark.parametrize(
    "words", [["one", "-p", "limit"], ["one", "-j", "0"], ["one", "-y", "none.yaml"], ["one", "-x"]]
)
def test_a_command_typed_wrongly_ends_with_status_2(desk, words):
    status, lines, err = type_here(desk, "report", *words)
    assert (status, lines) == (2, [])
    assert err.startswith("retrain-kit: ")
    assert err.endswith(" Type: retrain-kit report --help\n")
    assert err.count("\n") == 1
    assert left(desk) == []


@pytest.mark.parametrize("word", ["--wrong", "wrong"])
def test_what_is_typed_wrongly_before_a_command_is_said_in_a_line_too(desk, word):
    status, lines, err = type_here(desk, word)
    assert (status, lines) == (2, [])
    assert err.startswith(f"retrain-kit: No such {'option' if word[0] == '-' else 'command'} '{word}'.")
    assert err.endswith(" Type: retrain-kit --help\n")
    assert err.count("\n") == 1


def test_the_list_shows_names_types_defaults_and_helps_and_runs_nothing(desk):
    status, lines, _ = type_here(desk, "report", "--list", "one")
    assert status == 0
    assert lines == [
        "one  About one",
        "    study  str         'nature'  which images",
        "    limit  int | None  None      how many",
    ]
    assert left(desk) == []


def test_without_a_notebook_the_notebooks_are_listed(desk):
    package = ROOT / "retrain_kit"
    shutil.copytree(package, desk / "checkout" / "retrain_kit")
    (desk / "checkout" / "notebooks").mkdir()
    for name in ("01_first", "02_second"):
        write_notebook(desk / "checkout" / "notebooks" / f"{name}.ipynb", "1")
    status, lines, _ = type_in(desk / "checkout", "report")
    assert status == 0
    assert [line for line in lines if not line.startswith(" ")] == [
        "01_first  About 01_first",
        "02_second  About 02_second",
    ]


@pytest.mark.parametrize(
    "words",
    [
        ["report", "one"],
        ["city", "embedded-sample", "-o", "there.html"],
        ["what-it-took", "embedded-sample", "--image", "astronaut"],
        ["words", "wordnet"],
        ["plan"],
    ],
    ids=" ".join,
)
def test_a_place_that_cannot_be_written_is_said_in_a_line_before_anything_is_done(desk, words):
    (desk / "file").write_text("")
    before = sorted(desk.rglob("*"))
    status, lines, err = type_here(desk, *words, "-o", "file/under.html")
    assert (status, lines, sorted(desk.rglob("*"))) == (1, [], before)
    found, do = "a file where a folder should be", "Choose another folder; nothing was changed."
    assert (
        err == f"retrain-kit: file/under.html: found {found}; expected a folder that can be written. {do}\n"
    )


def test_every_command_that_is_told_where_to_write_looks_at_the_place_first():
    told = [each for each in COMMANDS.values() if any("-o" in one.opts for one in each.params)]
    assert len(told) > 20
    assert all(isinstance(each, UnwrappedHelpCommand) for each in told)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "end"])
@pytest.mark.parametrize("names", [["one"], ["one", "two"]], ids=["alone", "side by side"])
def test_an_interrupt_ends_kernels_and_leaves_no_half_files(kernel, tmp_path, names, number):
    source = "import os, time\nopen(f'ran-{os.getpid()}', 'w').close()\ntime.sleep(600)"
    for name in names:
        write_notebook(tmp_path / f"{name}.ipynb", source)
    (tmp_path / "temporary").mkdir()
    process = start(tmp_path, "report", *names, "-j", "2", TMPDIR=str(tmp_path / "temporary"))
    until(lambda: len(left(tmp_path)) == len(names))
    kernels = [psutil.Process(int(name.removeprefix("ran-"))) for name in left(tmp_path)]
    family = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(number)
    _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert "retrain-kit: stopped" in err
    assert "Traceback" not in err
    until(lambda: all(map(ended, [*kernels, *family])))
    assert not (tmp_path / "reports").exists()
    assert [path.name for path in (tmp_path / "temporary").iterdir()] == []


def test_an_interrupt_before_a_command_has_begun_is_said_in_the_same_line(tmp_path):
    (tmp_path / "click.py").write_text("raise KeyboardInterrupt")
    status, lines, err = type_in(tmp_path, "studies", PYTHONPATH=os.pathsep.join([str(tmp_path), str(ROOT)]))
    assert (status, lines, err) == (130, [], "retrain-kit: stopped; what was finished stays.\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["end", "hang up"])
def test_every_command_that_is_asked_to_end_stops_as_by_ctrl_c(desk, number):
    @click.command()
    def end():
        with files.writing(desk / "half.html"):
            signal.raise_signal(number)

    done = CliRunner().invoke(KitGroup(commands={"end": end}), ["end"])
    assert (done.exit_code, done.stdout, done.stderr) == (
        130,
        "",
        "retrain-kit: stopped; what was finished stays.\n",
    )
    assert not list(desk.glob("*half*"))


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")  # noqa: PTH110
def test_a_full_disk_under_standard_output_is_said_in_a_line(tmp_path):
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "retrain_kit", "models"],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    found = "found no space left on the disk; expected a place that can be written"
    do = "Free some space or choose another folder; files that were finished stay."
    assert (done.returncode, done.stderr) == (1, f"retrain-kit: what was being written: {found}. {do}\n")


def test_a_command_whose_standard_streams_are_closed_still_runs(tmp_path):
    said = "import sys; print(sys.stdin.read() == '', sys.stdout.isatty(), sys.stderr.isatty(), file=open('said', 'w'))"
    (tmp_path / "click.py").write_text(said)
    line = f'"{sys.executable}" -m retrain_kit studies <&- >&- 2>&-'
    where = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    subprocess.run(line, shell=True, cwd=tmp_path, env=where, check=False)  # noqa: S602
    assert (tmp_path / "said").read_text() == "True False False\n"


@pytest.mark.parametrize("words", [["city"], ["roulette"], ["words"]], ids=" ".join)
def test_a_folder_in_the_place_of_a_page_is_said_before_anything_is_done(desk, words):
    (desk / "there.html").mkdir()
    status, lines, err = type_here(desk, *words, "embedded-sample", "-o", "there.html")
    told = f"Invalid value for '-o': File 'there.html' is a directory. Type: retrain-kit {words[0]} --help"
    assert (status, lines, err) == (2, [], f"retrain-kit: {told}\n")


@pytest.mark.usefixtures("long_work")
def test_doctor_shows_versions_and_ends_with_the_command_when_the_database_is_missing(tmp_path):
    clean = {"RETRAIN_KIT_CACHE": str(tmp_path / "cache"), "FIFTYONE_DATABASE_URI": "mongodb://127.0.0.1:9"}
    status, lines, err = type_in(tmp_path, "doctor", **clean)
    names = [line[:15].strip() for line in lines]
    assert names[:3] == ["Python", "retrain-kit", "numpy"]
    assert names[-3:] == ["chromium", "cache folder", "database"]
    assert str(tmp_path / "cache") in lines[-2]
    assert lines[-2].endswith("GB free")
    assert status == 1
    assert lines[-1].split() == ["database", "not", "usable"]
    assert err.startswith("retrain-kit: FIFTYONE_DATABASE_URI")


def test_the_lines_of_doctor_are_aligned(tmp_path):
    _, lines, _ = type_here(tmp_path, "doctor", RETRAIN_KIT_CACHE=str(tmp_path))
    assert {line[14] for line in lines} == {" "}
    assert " " not in {line[15] for line in lines}


def test_doctor_loads_neither_fiftyone_nor_papermill(tmp_path):
    code = (
        "import sys\nfrom retrain_kit.cli import kit\nkit(['doctor'], standalone_mode=False)\n"
        "print(*{'fiftyone', 'papermill', 'pandas'} & set(sys.modules))"
    )
    environment = {**os.environ, "RETRAIN_KIT_CACHE": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment
    )
    assert run.stdout.splitlines()[-1] == ""


CHOICES = """from typing import Annotated, Literal

from retrain_kit.reports.parameters import Fill, Ge, Study

study: Study = "embedded-sample"  # which images
fill: Fill = "white"  # what takes their place
shape: Literal["box", "outline"] = "box"  # what is covered
images: Annotated[int, Ge(0)] = 12  # how many"""


@pytest.fixture
def chooser(tmp_path):
    """A notebook with choices and ranges, that leaves a file when it runs."""
    write_notebook(tmp_path / "chooser.ipynb", "open('ran', 'w').close()", CHOICES)
    return tmp_path


@pytest.mark.parametrize("words", [["chooser", "--help"], ["--help", "chooser"], ["chooser", "-h"]])
def test_the_help_of_a_notebook_shows_its_parameters_with_choices_and_ranges(chooser, words):
    status, lines, err = type_here(chooser, "report", *words)
    assert (status, err) == (0, "")
    start = lines.index("Parameters of chooser:")
    assert " ".join(" ".join(lines[start + 1 :]).split()) == (
        "study=embedded-sample which images [a study] "
        "fill=white what takes their place [a colour, or one of transparent, blur, pixelate] "
        "shape=box what is covered [one of box, outline] "
        "images=12 how many [int, 0 or more]"
    )
    assert left(chooser) == []


def test_the_help_without_a_notebook_says_how_to_see_parameters(tmp_path):
    lines = type_here(tmp_path, "report", "--help")[1]
    assert lines[-1] == "  Parameters of a notebook: retrain-kit report 01 --help"


def test_the_help_of_an_unknown_notebook_is_a_line(tmp_path):
    status, lines, err = type_here(tmp_path, "report", "nowhere", "--help")
    assert (status, lines) == (2, [])
    assert err.startswith("retrain-kit: notebook nowhere: found no notebook of this name")
    assert len(err.splitlines()) == 1


def test_the_list_shows_choices_and_ranges(chooser):
    assert type_here(chooser, "report", "--list", "chooser")[1] == [
        "chooser  About chooser",
        "    study   a study                                          'embedded-sample'  which images",
        "    fill    a colour, or one of transparent, blur, pixelate  'white'            what takes their place",
        "    shape   one of box, outline                              'box'              what is covered",
        "    images  int, 0 or more                                   12                 how many",
    ]


def test_wrong_choices_ranges_and_studies_are_told_together_before_a_kernel_starts(chooser):
    wrong = ("study=nope", "fill=whit", "shape=polygon", "images=-3", "imags=3")
    status, lines, err = type_here(
        chooser, "report", "chooser", *(part for each in wrong for part in ("-p", each))
    )
    assert (status, lines) == (2, [])
    where = "retrain-kit: chooser.ipynb, parameter"
    said = err.splitlines()
    assert said[0].startswith(
        f"{where} study: found 'nope'; expected a study's name, the path of its .toml, a folder, or fiftyone:NAME. "
        "There are: "
    )
    assert "coil-100, " in said[0]
    assert said[1:] == [
        f"{where} fill: found 'whit'; expected a colour (white, #ff0000, …), transparent, blur, pixelate.",
        f"{where} shape: found 'polygon'; expected one of box, outline.",
        f"{where} images: found '-3'; expected int, 0 or more.",
        (
            f"{where} imags: found no parameter of this name; expected one of study, fill, shape, images. "
            "Did you mean images?"
        ),
    ]
    assert sorted(path.name for path in chooser.iterdir()) == ["chooser.ipynb"]


ALL_STUDIES = sorted(path.stem for path in (ROOT / "data_manifests").glob("*.toml"))


TAKES_A_STUDY = {
    "datasheet": ["datasheet", "STUDY"],
    "decanonize": ["decanonize", "STUDY", "-o", "out"],
    "coverage": ["coverage", "STUDY", "-o", "out"],
    "export": ["export", "STUDY", "--as", "coco", "-o", "out"],
    "mosaic": ["mosaic", "STUDY", "-o", "out"],
    "pull": ["pull", "STUDY"],
    "class": ["class", "STUDY", "--port", "0"],
    "sheets": ["sheets", "STUDY", "--people", "1", "--seed", "1", "-o", "out.pdf"],
    "review": ["review", "STUDY", "--people", "1", "--seed", "1"],
    "card": ["card", "K7P-426-5KC", "--study", "STUDY"],
    "bring": ["bring", ".", "--study", "STUDY"],
    "book": ["book", ".", "--study", "STUDY"],
    "exhibition": ["exhibition", "STUDY", "-o", "out.html"],
    "report": ["report", "04", "--study", "STUDY"],
}


@pytest.fixture
def own_place(tmp_path, monkeypatch):
    """A working folder, and one for data sets, in which no other test has left a study."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(tmp_path / "data"))
    return tmp_path


@pytest.mark.parametrize("command", TAKES_A_STUDY)
@pytest.mark.parametrize("study", ["nope", "./nope", "nope.toml"])
def test_an_unknown_study_is_answered_in_the_same_words_everywhere(own_place, command, study):
    (own_place / "mine.toml").write_text('dataset = "images"\n')
    (own_place / "pyproject.toml").write_text('[project]\nname = "mine"\n')
    words = [study if each == "STUDY" else each for each in TAKES_A_STUDY[command]]
    done = CliRunner().invoke(kit, words)
    assert len(ALL_STUDIES) == 14
    names = ", ".join(sorted([*ALL_STUDIES, "mine"]))
    expected = "a study's name, the path of its .toml, a folder, or fiftyone:NAME"
    assert done.exit_code == 2, done.output
    assert done.output.endswith(f"study: found {study!r}; expected {expected}. There are: {names}.\n")
    assert len(done.output.splitlines()) == 1


def test_every_command_that_takes_a_study_says_in_the_same_words_what_that_is():
    named = [path for path, command in COMMANDS.items() if naming.takes_study(command)]
    assert {path[0] for path in named} >= {*TAKES_A_STUDY, "training"}
    said = (
        "STUDY is a study's name, the path of its .toml, a folder, or fiftyone:NAME, a dataset in FiftyOne."
    )
    for path in named:
        assert said in " ".join(CliRunner().invoke(kit, [*path, "--help"]).output.split()), path


@pytest.mark.parametrize(
    ("begun", "found"),
    [
        ("emb", ["embedded-sample"]),
        ("fift", ["fiftyone:"]),
        ("mi", ["mine"]),
        ("coil-", ["coil-100"]),
        ("./", []),
    ],
)
def test_a_shell_completes_names_of_studies_and_files(own_place, begun, found):
    (own_place / "mine.toml").touch()
    (own_place / "mine.csv").touch()
    completed = naming.STUDY.shell_complete(None, None, begun)
    assert [(each.value, each.type) for each in completed] == [
        *((name, "plain") for name in found),
        (begun, "file"),
    ]


NOBODY = ["unshare", "--user", "--map-user=12345", "--map-group=12345", "env", "-u", "HOME"]
NEED_A_HOME = [
    ["doctor"],
    ["database", "install"],
    ["report", "01"],
    ["report", "01", "03"],
    ["pull", "open-images-nature", "--plan"],
    ["sheets", "embedded-sample", "--people", "1", "--seed", "1", "-o", "cards.pdf"],
    ["datasheet", "open-images-nature", "-o", "out"],
]
NEED_NONE = [
    ["datasheet", "embedded-sample", "-o", "out"],
    ["coverage", "embedded-sample", "-o", "out"],
    ["plan", "-o", "out.pdf"],
    ["report", "--list"],
    ["report", "01", "--help"],
]
TYPE_ALL = """
import json, pathlib, sys
from commands import typed
for number, words in enumerate(json.loads(sys.argv[1])):
    folder = pathlib.Path(str(number))
    folder.mkdir()
    done = typed(folder, *words)
    print(json.dumps([done.returncode, done.stderr, len(list(folder.iterdir()))]))
"""


@pytest.fixture(scope="module")
def without_home(tmp_path_factory):
    """By the words of a command how it ended, what it said as an error, and how many files it left.

    All are typed by one process that has no home folder, as in a container whose user has no name.
    """
    if not shutil.which("unshare") or subprocess.run([*NOBODY, "true"], capture_output=True).returncode:
        needs.lacking("no user namespace to be nobody in", "util-linux, and user namespaces allowed")
    without = {
        name: value for name, value in os.environ.items() if not name.startswith(("XDG", "RETRAIN_KIT"))
    }
    without["PYTHONPATH"] = os.pathsep.join(map(str, (ROOT, ROOT / "tests")))
    words = [*NEED_A_HOME, *NEED_NONE]
    command = [*NOBODY, sys.executable, "-c", TYPE_ALL, json.dumps(words)]
    where = tmp_path_factory.mktemp("nobody")
    done = subprocess.run(command, cwd=where, capture_output=True, text=True, env=without)
    assert done.returncode == 0, done.stderr
    return dict(zip(map(tuple, words), map(json.loads, done.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("words", NEED_A_HOME, ids=" ".join)
def test_without_a_home_folder_a_command_that_needs_one_says_so_in_a_line(without_home, words):
    assert without_home[tuple(words)] == [
        1,
        (
            "retrain-kit: HOME: found nothing; expected the path of your home folder. "
            "Type: export HOME=/a/folder/of/yours\n"
        ),
        0,
    ]


@pytest.mark.parametrize("words", NEED_NONE, ids=" ".join)
def test_without_a_home_folder_a_command_that_needs_none_works(without_home, words):
    status, err, _ = without_home[tuple(words)]
    assert status == 0, err
    assert "Traceback" not in err


def test_a_home_folder_that_cannot_be_written_is_said_in_a_line(tmp_path):
    (tmp_path / "home").write_text("a file")
    without = {
        name: value for name, value in os.environ.items() if not name.startswith(("XDG", "RETRAIN_KIT"))
    }
    command = [sys.executable, "-m", "retrain_kit", "database", "install"]
    environment = {**without, "HOME": str(tmp_path / "home")}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment)
    assert done.returncode == 1
    assert done.stderr.startswith(f"retrain-kit: {tmp_path}/home/.cache/retrain-kit")
    assert "Set RETRAIN_KIT_CACHE to a folder of yours" in done.stderr
    assert len(done.stderr.splitlines()) == 1

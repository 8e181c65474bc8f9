"""The kit's plugin in FiftyOne: put there whole, taken out, and what its operators do in the App's own hands."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import own_study
import pytest
from commands import typed
from places import ROOT

from retrain_kit import datasets, fiftyone
from retrain_kit.errors import DataError
from retrain_kit.fiftyone import explorer, plugin_folder
from retrain_kit.studies import manifests

fo = fiftyone.fo
NAME = plugin_folder.NAME


@pytest.fixture(scope="module", autouse=True)
def _database(kit_database):
    """These tests need FiftyOne's real database."""


@pytest.fixture
def plugins(tmp_path, monkeypatch):
    """FiftyOne's folder of plugins."""
    monkeypatch.setattr(fo.config, "plugins_dir", str(tmp_path / "plugins"))
    return tmp_path / "plugins"


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """The study of two images, as the App opens it."""
    return explorer.build_explorer(str(own_study.write(tmp_path_factory.mktemp("two")))).dataset


def away_from_loops(act):
    """Act in a thread of its own: where a loop runs, as that of a browser's tests, FiftyOne gives a task."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(act).result()


@pytest.fixture
def run(plugins, shown, tmp_path, monkeypatch):
    """Return the function that has FiftyOne run an operator on images, and gives what it says."""
    plugin_folder.install_plugin()
    monkeypatch.chdir(tmp_path)

    def ran(operator, *selected, dataset=shown, **params):
        done = away_from_loops(
            lambda: fo.operators.execute_operator(
                f"{NAME}/{operator}", dataset=dataset, selected=list(selected), params=params
            )
        )
        said = [one.params for one in done.executor._requests]
        return done.result, [each for each in said if "progress" not in each]

    return ran


def ids(dataset, slice_name, *images):
    """The ids of the samples of images in a slice."""
    view = dataset.select_group_slices(slice_name)
    return [key for key, image in zip(*view.values(["id", "image_id"]), strict=True) if image in images]


def words(said):
    """What is shown in the place of the form: a heading, and more."""
    (shown,) = said
    view = shown["outputs"]["type"]["properties"]["said"]["view"]
    return view["label"], view["description"]


def test_the_plugin_is_installed_whole_once_and_taken_out(plugins):
    place = plugin_folder.install_plugin()
    assert place == plugins / "@retrain-kit" / "retrain-kit"
    assert {str(path.relative_to(place)) for path in place.rglob("*") if path.is_file()} == {
        "__init__.py",
        "assets/decanonize.svg",
        "assets/study.svg",
        "assets/who.svg",
        "fiftyone.yml",
        "requirements.txt",
    }
    assert plugin_folder.install_plugin() is None
    (definition,) = fo.plugins.list_plugins(builtin=False)
    assert (definition.name, definition.operators) == (
        NAME,
        ["decanonize_these", "make_a_study", "who_annotated_this"],
    )
    (place / "__init__.py").write_text("raise RuntimeError('an older kit')")
    assert plugin_folder.install_plugin() == place
    assert "RuntimeError" not in (place / "__init__.py").read_text()
    assert plugin_folder.remove_plugin() == [place]
    assert (fo.plugins.list_downloaded_plugins(), [*plugins.rglob("*.yml")]) == ([], [])


def test_a_command_that_is_refused_leaves_no_plugin_behind(plugins, tmp_path):
    assert typed(tmp_path, "app", "nowhere", "--no-browser").returncode == 2
    assert not plugins.exists()


def test_a_plugin_that_somebody_linked_is_left_alone_and_another_thing_too(plugins):
    plugins.mkdir()
    (plugins / "mine").symlink_to(plugin_folder.SOURCE)
    assert plugin_folder.install_plugin() is None
    assert plugin_folder.remove_plugin() == [plugins / "mine"]
    assert (plugin_folder.SOURCE / "fiftyone.yml").is_file()
    (plugins / NAME).mkdir(parents=True)
    with pytest.raises(DataError, match="found something else"):
        plugin_folder.install_plugin()


def test_fiftyone_s_own_way_of_getting_plugins_finds_the_plugin_in_the_kit(plugins, tmp_path):
    shutil.copytree(ROOT / "retrain_kit", tmp_path / "fetched" / "retrain_kit")
    found = list(fo.plugins.core._iter_plugin_metadata_files(str(tmp_path / "fetched"), strict=True))
    definitions = [fo.plugins.definitions.PluginDefinition.from_disk(path) for path in found]
    assert [each.name for each in definitions] == [NAME]
    assert definitions[0].fiftyone_requirement == "fiftyone>=1.22,<1.23"


def test_who_annotated_says_what_the_study_says_and_no_more(run, shown):
    said, _ = run("who_annotated_this", *ids(shown, "decanonized", "a", "b"))
    rows = [tuple(row.values()) for row in said["annotations"]]
    assert rows == [
        ("a", "region", "猫", "drawn by hand", "hand", "drew with a mouse"),
        ("a", "region", "犬", "not said", "not explained", ""),
        ("b", "region", "犬", "not said", "not said", ""),
    ]
    assert [(row["image"], row["label"], row["kept"]) for row in said["rejected"]] == [
        ("b", "Bird", "nothing")
    ]
    assert said["process"] == [
        ("Who annotated", "people in a hurry"),
        ("When", "unknown"),
        ("How", "unknown"),
        ("Never said", "What they were paid."),
    ]


def test_a_study_is_made_of_what_is_selected(run, shown, tmp_path):
    _, said = run("make_a_study", *ids(shown, "taken", "b"), name="mine", why="The second.")
    assert words(said) == (
        f"Written: {tmp_path / 'mine.toml'}",
        "1 image. In a terminal: retrain-kit app mine",
    )
    made = manifests.load("mine")
    manifests.verify_files(made)
    assert (made.title, made.why, made.annotation.who) == (
        "Two animals: 1 image",
        "The second.",
        "people in a hurry",
    )
    assert datasets.read(made) == [fiftyone.samples(shown)[1]]


def test_a_study_of_a_saved_view_has_its_annotations_alone(run, shown):
    view = shown.load_saved_view("annotator: not explained")
    words = {"view": view, "params": {"name": "some"}}
    away_from_loops(lambda: fo.operators.execute_operator(f"{NAME}/make_a_study", **words))
    (sample,) = datasets.read(manifests.load("some"))
    assert [(region.id, region.label, len(region.polygons)) for region in sample.regions] == [("r2", "犬", 1)]


@pytest.mark.parametrize(
    ("operator", "params", "found"),
    [
        ("make_a_study", {"name": "taken"}, "name: found 'taken', which is there already: .*taken.csv"),
        (
            "make_a_study",
            {"name": "embedded-sample"},
            "name: found 'embedded-sample', which is there already",
        ),
        ("make_a_study", {"name": "../out"}, "name: found '../out'; expected letters, digits"),
        ("make_a_study", {}, "Required property"),
        ("decanonize_these", {"fill": "chartreux"}, "fill: found 'chartreux'; expected a colour"),
        ("who_annotated_this", {}, "Path: what"),
    ],
)
def test_what_cannot_be_done_is_said_in_the_form(run, tmp_path, operator, params, found):
    (tmp_path / "taken.csv").write_text("somebody's")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(fo.operators.executor.ExecutionError, match=found):
        run(operator, **params)
    assert sorted(tmp_path.iterdir()) == before


def test_what_is_selected_is_decanonized_and_opened(run, shown):
    _, said = run("decanonize_these", *ids(shown, "tagged", "a"), fill="#ff0000", shape="outline")
    opened, notice = said
    assert notice == {"message": "1 image tagged, decanonized and taken.", "variant": "success"}
    made = fo.load_dataset(opened["dataset"])
    assert (made.info["fill"], made.info["shape"], made.info["study"]) == ("#ff0000", "outline", "two")
    assert fiftyone.samples(made) == fiftyone.samples(shown)[:1]
    assert "label: 犬" in made.list_saved_views()


def test_what_is_scheduled_is_done_later(run, shown):
    plain = {"dataset": shown, "params": {"fill": "#123456"}}
    words = plain | {"request_delegation": True}
    away_from_loops(lambda: fo.operators.execute_operator(f"{NAME}/decanonize_these", **words))
    service = fo.operators.delegated.DelegatedOperationService()
    before = set(fo.list_datasets())
    away_from_loops(lambda: service.execute_queued_operations(operator=f"{NAME}/decanonize_these"))
    (done,) = service.list_operations(operator=f"{NAME}/decanonize_these")
    assert (done.run_state, done.status.progress) == ("completed", 1.0)
    (new,) = set(fo.list_datasets()) - before
    assert fo.load_dataset(new).info["fill"] == "#123456"


def test_images_that_are_gone_are_said_in_words(run, tmp_path):
    dataset = fo.Dataset("gone", persistent=True)
    dataset.add_sample(fo.Sample(filepath=str(tmp_path / "gone.png")))
    _, said = run("decanonize_these", dataset=dataset)
    dataset.delete()
    assert words(said)[0] == "This was not done"
    assert words(said)[1].startswith(f"{tmp_path / 'gone.png'}: found an image without a size")


def test_people_s_answers_are_in_no_study_of_a_view(run, tmp_path):
    dataset = fo.Dataset("answered", persistent=True)
    own_study.write(tmp_path)
    dataset.add_sample(fo.Sample(filepath=str(tmp_path / "a.png")))
    rows = {dataset.first().id: [{"said": "a secret of mine"}]}
    fiftyone.answers.write_answers(dataset, {"said": rows}, "answers_", "what people said")
    run("make_a_study", dataset=dataset, name="told")
    assert all(b"secret" not in path.read_bytes() for path in tmp_path.glob("told*"))
    dataset.delete()

"""What the App opens: slices and saved views of a study; whose dataset it is, and what is broken, is respected."""

import http.server
import socket
import threading

import own_study
import pytest
import requests
from PIL import Image
from waiting import PATIENCE_S

from retrain_kit import fiftyone
from retrain_kit.errors import DatabaseError, DataError, ParameterError
from retrain_kit.fiftyone import app, explorer

fo = fiftyone.fo


@pytest.fixture(scope="module", autouse=True)
def _database(kit_database):
    """These tests need FiftyOne's real database."""


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """The study of two images, as the App opens it."""
    return explorer.build_explorer(str(own_study.write(tmp_path_factory.mktemp("two"))))


@pytest.fixture
def own(request, tmp_path):
    """A dataset of a user's own: an image, and a file that is none."""
    Image.new("RGB", (8, 8), "navy").save(tmp_path / "whole.png")
    (tmp_path / "broken.png").write_text("no image")
    box = fo.Detections(
        detections=[fo.Detection(label="Bee", bounding_box=[0, 0, 0.5, 0.5], annotator="4711")]
    )
    size = fo.ImageMetadata(width=8, height=8)
    dataset = fo.Dataset(f"own {request.node.name}"[:100], persistent=True)
    for name in ("whole", "broken"):
        dataset.add_sample(fo.Sample(filepath=str(tmp_path / f"{name}.png"), metadata=size, mine=box))
    yield dataset
    dataset.delete()


def images(dataset, name):
    """The images of a saved view, each with its labels."""
    view = dataset.load_saved_view(name)
    return [(each.image_id, [one.label for one in each.regions.detections]) for each in view]


def test_a_study_has_views_by_label_by_annotator_and_of_what_was_rejected(shown):
    assert shown.views.in_words() == "saved views: 2 by label, 3 by annotator; rejected annotations: 1"
    names = [
        "label: 犬",
        "label: 猫 (2)",
        "annotator: hand",
        "annotator: not explained",
        "annotator: not said",
    ]
    assert shown.dataset.list_saved_views() == [*names, "rejected"]
    looked = {name: images(shown.dataset, name) for name in shown.dataset.list_saved_views()}
    assert looked == {
        "label: 犬": [("a", ["犬"]), ("b", ["犬"])],
        "label: 猫 (2)": [("a", ["猫"])],
        "annotator: hand": [("a", ["猫"])],
        "annotator: not explained": [("a", ["犬"])],
        "annotator: not said": [("b", ["犬"])],
        "rejected": [("b", ["犬"])],
    }
    shown.dataset.group_slice = "taken"
    assert {name: images(shown.dataset, name) for name in looked} == {
        name: [(image, []) for image, _ in found] for name, found in looked.items()
    }
    shown.dataset.group_slice = "tagged"
    assert "4711" not in str(shown.dataset.load_saved_view("annotator: not explained")._stages)


def test_each_slice_can_be_filtered_by_the_same_words(shown):
    slices = shown.dataset.select_group_slices(["tagged", "decanonized", "taken"])
    rows = set(map(str, zip(*slices.values(["image_id", "labels", "annotators", "rejections"]), strict=True)))
    why = "image b, annotation r2, “Bird”: box: (9.0, 9.0, 1.0, 1.0), not left <= right and top <= bottom (annotations.jsonl, line 4)"
    assert rows == {
        str(("a", ["犬", "猫"], ["hand", "not explained"], [])),
        str(("b", ["犬"], ["not said"], [why])),
    }


def test_a_view_of_some_regions_has_their_outlines(shown):
    (sample,) = fiftyone.samples(shown.dataset.load_saved_view("annotator: not explained"))
    assert [(each.id, each.polygons) for each in sample.regions] == [
        ("r2", (((16, 12), (32, 12), (32, 24)),))
    ]


def test_the_same_study_is_not_built_anew(shown):
    shown.dataset.reload()
    before = shown.dataset.last_modified_at
    study = str(shown.manifest.toml)
    assert explorer.build_explorer(study).dataset.name == shown.dataset.name
    shown.dataset.reload()
    assert shown.dataset.last_modified_at == before


def test_a_dataset_of_somebody_else_s_stays_as_it_is_and_a_broken_image_is_left_out(own):
    before = (own.get_field_schema().keys(), own.info, own.list_saved_views())
    found = explorer.build_explorer(f"fiftyone:{own.name}")
    assert (own.get_field_schema().keys(), own.info, own.list_saved_views()) == before
    assert (found.images, [fault.where.rpartition("/")[2] for fault in found.left_out]) == (1, ["broken.png"])
    assert found.dataset.list_saved_views() == ["label: Bee", "annotator: not explained"]
    assert len(found.dataset.select_group_slices("taken")) == 1


def test_without_slices_images_are_shown_where_they_are(own):
    found = explorer.build_explorer(f"fiftyone:{own.name}", slices=False)
    assert (found.sliced, found.dataset.name == own.name) == (False, False)
    assert found.dataset.values("filepath") == own.values("filepath")
    assert len(found.dataset.load_saved_view("label: Bee")) == 2


@pytest.mark.parametrize("slices", [True, False])
def test_an_unknown_fill_is_said_before_anything_is_built(tmp_path, slices):
    study = own_study.write(tmp_path)
    with pytest.raises(ParameterError, match="fill: found 'plaid'"):
        explorer.build_explorer(str(study), "plaid", slices=slices)


def test_of_broken_images_alone_nothing_is_opened(own):
    own.delete_samples(own.match(fo.ViewField("filepath").ends_with("whole.png")))
    with pytest.raises(DataError, match="broken.png"):
        explorer.build_explorer(f"fiftyone:{own.name}")


class _Unguarded(http.server.BaseHTTPRequestHandler):
    """An App that answers whoever asks."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


def test_an_app_without_the_guard_is_not_used(shown):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Unguarded)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with pytest.raises(DatabaseError, match="an App without the kit's guard"):
            app.open_app(shown.dataset, server.server_port, browser=False)
    finally:
        server.shutdown()
        server.server_close()


def test_a_port_in_use_is_said(shown):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(ParameterError, match=f"port: found {port}, which is in use"),
            app.running_app(port),
        ):
            pass


def test_two_apps_with_a_free_port_each_listen_at_two(shown):
    with app.running_app(0) as one, app.running_app(0) as other:
        ports = {one.port, other.port}
        answered = [
            requests.get(f"http://127.0.0.1:{port}/fiftyone", timeout=PATIENCE_S).ok for port in ports
        ]
    assert (len(ports), answered) == (2, [True, True])

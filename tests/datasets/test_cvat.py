"""CVAT's XML for images, as it writes it, with every kind of shape."""

import numpy as np
import pytest
from datasets.study_files import CVAT, paint
from small_studies import put, study

from retrain_kit import datasets
from retrain_kit.annotations.samples import Box, Flags, ImageLabel, PointLabel, Region
from retrain_kit.datasets import cvat, layouts
from retrain_kit.datasets.layouts.found import FoundImage, LeftOut
from retrain_kit.datasets.layouts.listing import Listing
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.imaging import masking

IMAGE = '<image id="0" name="{}" width="50" height="40">{}</image>'


def made(folder, text=CVAT, image="images/deep/a.jpg", size=(50, 40)):
    put(folder, "annotations.xml", content=text.encode())
    return study(folder, "cvat", [("a", image, size)], {"annotations": "annotations.xml"})


def one(folder, *shapes):
    """The sample of an image with these shapes."""
    text = f"<annotations>{IMAGE.format('a.jpg', ''.join(shapes))}</annotations>"
    (sample,) = datasets.read(made(folder, text, "a.jpg"))
    return sample


def test_every_kind_of_shape_is_read_with_who_or_what_made_it(tmp_path):
    unmatched = []
    (sample,) = datasets.read(made(tmp_path), unmatched)
    seen, hidden = Flags(occluded=False), Flags(occluded=True)
    assert sample.regions == (
        Region("car", Box(3, 4, 20, 30.5), "1", "manual", flags=hidden, said={"z_order": "2", "attributes": {"colour": "red", "parked": "true"}}),
        Region(
            "car", Box(15, 5, 25, 25), "2", "auto", (((25, 5), (25, 25), (15, 25), (15, 5)),), flags=seen,
            said={"xtl": "10", "ytl": "10", "xbr": "30", "ybr": "20", "rotation": "90.00", "z_order": "0"},
        ),
        Region("road", Box(0, 20, 50, 40), "3", "semi-auto", (((0, 20), (50, 20), (50, 40)),), flags=seen, said={"z_order": "-1"}),
        Region("lane", Box(1, 2, 20, 30), "4", "manual", flags=seen, said={"points": [[1, 2], [20, 30]], "z_order": "0"}),
        Region("wheel", Box(15, 17, 25, 23), "6", "manual", flags=seen, said={"cx": "20", "cy": "20", "rx": "5", "ry": "3", "z_order": "0"}),
        Region("dog", Box(5, 5, 7, 7), "7", "manual", flags=seen, said={"z_order": "0"}),
        Region(
            "person", Box(9, 8, 29, 18), "8", "manual",
            said={
                "keypoints": [
                    {"label": "nose", "x": 9, "y": 8, "source": "manual", "outside": "0", "occluded": "1"},
                    {"label": "hand", "x": 29, "y": 18, "source": "manual", "outside": "0", "occluded": "0"},
                ],
                "z_order": "0",
            },
        ),
    )  # fmt: skip
    said = {"shape": "5", "occluded": "0", "z_order": "0"}
    assert sample.points == tuple(
        PointLabel("eye", x, y, present=True, annotator="manual", said=said) for x, y in ((1.5, 2.5), (3, 4))
    )
    assert sample.labels == (
        ImageLabel("street", present=True, annotator="manual", said={"attributes": {"wet": "false"}}),
    )
    assert [(each.id, each.place, each.reason) for each in sample.rejected] == [
        ("9", "annotations.xml, image 1, box 9", 'label: "", no word')
    ]
    assert [(each.id, each.label, each.place, each.row) for each in unmatched] == [
        ("1", "bus", "annotations.xml, track 1", {"track": {"label": "bus", "frames": 1}})
    ]


def test_persons_are_numbers(tmp_path):
    (sample,) = datasets.read(made(tmp_path))
    assert sample.said == {
        "task": "Cars",
        "task_owner": "person 1",
        "task_assignee": "person 2",
        "cvat_id": "0",
        "cvat_subset": "Train",
    }
    for name in ("ann", "bob", "example.org"):
        assert name not in repr(sample.said)


def test_masks_and_ellipses_are_exact_to_the_pixel(tmp_path):
    (sample,) = datasets.read(made(tmp_path))
    wheel, dog = (each for each in sample.regions if each.mask is not None)
    assert masking.region_mask(dog, (50, 40), "outline")[5:7, 4:7].tolist() == [
        [False, True, True],
        [False, False, True],
    ]
    rows, columns = np.mgrid[:40, :50] + 0.5
    expected = ((columns - 20) / 5) ** 2 + ((rows - 20) / 3) ** 2 <= 1
    assert (masking.region_mask(wheel, (50, 40), "outline") == expected).all()


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        ('<box label="a" xtl="1" ytl="2" xbr="x" ybr="4"/>', 'xbr: "x", no finite number'),
        ('<box label="a" xtl="1" ytl="2" xbr="0" ybr="4"/>', "its box: (1.0, 2.0, 0.0, 4.0), not left <= right and top <= bottom"),
        ('<box label="a" xtl="1" ytl="2" xbr="3"/>', "no ybr"),
        ('<polygon label="a" points="1,2;3,4"/>', 'points: "1,2;3,4", not 3 or more pairs of x and y'),
        ('<polygon label="a" points="1,2;3,4;5"/>', 'points: "1,2;3,4;5", not 3 or more pairs of x and y'),
        ('<mask label="a" rle="1,9" left="0" top="0" width="3" height="3"/>', 'rle: "1,9", no runs that fill 3 × 3 pixels'),
        ('<mask label="a" rle="1" left="49" top="0" width="3" height="3"/>', "a mask of 3 × 3 pixels from 49, 0 on, beyond the image"),
        ('<skeleton label="a"><points label="b" outside="1" points="1,2"/></skeleton>', "a skeleton without a point in the image"),
        ('<ellipse label="a" cx="1" cy="2" rx="-1" ry="2"/>', "radii: [-1.0, 2.0], below 0"),
        ('<circle label="a" r="3"/>', "<circle>, no annotation that the kit knows"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_listed_with_its_place(tmp_path, shape, reason):
    sample = one(tmp_path, shape, '<box label="b" xtl="1" ytl="2" xbr="3" ybr="4"/>')
    (rejected,) = sample.rejected
    assert (rejected.reason, rejected.label, rejected.id) == (reason, "a", "1")
    assert rejected.place.startswith("annotations.xml, image 1, ")
    assert [region.annotator for region in sample.regions] == ["unknown"]


def test_a_cuboid_is_the_box_around_its_corners(tmp_path):
    keys = [(f"x{side}{row}", f"y{side}{row}") for row in "12" for side in ("tl", "bl", "tr", "br")]
    places = [(1, 2), (1, 9), (8, 2), (8, 9), (3, 1), (3, 8), (12, 1), (12, 8)]
    corners = " ".join(f'{x}="{a}" {y}="{b}"' for (x, y), (a, b) in zip(keys, places, strict=True))
    (region,) = one(tmp_path, f'<cuboid label="van" {corners} z_order="0"/>').regions
    assert region == Region(
        "van", Box(1, 1, 12, 9), "1", said={"points": [list(each) for each in places], "z_order": "0"}
    )


def test_an_image_of_another_size_and_one_of_two_names_are_listed(tmp_path):
    (sample,) = datasets.read(made(tmp_path, size=(60, 40)))
    assert {each.reason for each in sample.rejected} == {"size: 50 × 40 pixels, not 60 × 40 as the image has"}
    assert len(sample.rejected) == 10
    box = '<box label="b" xtl="1" ytl="2" xbr="3" ybr="4"/>'
    both = "".join(IMAGE.format(f"{folder}/a.jpg", box) for folder in "xy")
    (sample,) = datasets.read(made(tmp_path, f"<annotations>{both}</annotations>", "a.jpg"))
    assert [each.reason for each in sample.rejected] == ["2 names may be this image's: x/a.jpg, y/a.jpg"] * 2
    (sample,) = datasets.read(made(tmp_path, f"<annotations>{both}</annotations>", "y/a.jpg"))
    assert len(sample.regions) == 1


def test_what_is_said_of_images_that_are_not_there_is_unmatched(tmp_path):
    box = '<box label="b" xtl="1" ytl="2" xbr="3" ybr="4"/>'
    text = "".join(IMAGE.format(f"{name}.jpg", box) for name in "abc")
    paint(tmp_path / "images" / "c.jpg", (50, 40))
    unmatched = []
    datasets.read(made(tmp_path, f"<annotations>{text}</annotations>", "images/a.jpg"), unmatched)
    assert [(each.image, each.place, each.reason) for each in unmatched] == [
        ("b.jpg", "annotations.xml, image 2, box 1", "no image b.jpg")
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<annotation/>", "<annotation>"),
        ("<annotations><image", "no annotations"),
        ("<!DOCTYPE a><annotations/>", "document type"),
        ("<annotations><track><box/></track></annotations>", "a video with 1 tracks, and no images"),
        ("<annotations><image name='b.jpg'/></annotations>", "no image of the study"),
        ("<annotations>" + "<a>" * 99, "very deep"),
    ],
)
def test_a_file_that_is_none_is_a_fault(tmp_path, text, found):
    with pytest.raises(DataError, match=found):
        datasets.read(made(tmp_path, text))


def test_a_layout_tells_the_folder_and_images_are_drawn_by_labels_and_subsets(tmp_path):
    made(tmp_path)
    paint(tmp_path / "images" / "deep" / "a.jpg", (50, 40))
    found = layouts.choose_layout(Listing(tmp_path))
    assert (found.layout, found.dataset, found.files) == ("cvat", "cvat", {"annotations": "annotations.xml"})
    assert list(found.images(LeftOut())) == [
        FoundImage("images%2Fdeep%2Fa.jpg", "images/deep/a.jpg", 50, 40, split="Train")
    ]
    assert found.sources == {"manual": "hand", "auto": "machine"}
    files = {"annotations": "annotations.xml"}
    assert cvat.ids(study(tmp_path, "cvat", files=files, labels=["street"], subset="Train")) == [
        "deep%2Fa.jpg"
    ]
    assert [each.file for each in cvat.describe(study(tmp_path, "cvat", files=files), ["deep%2Fa.jpg"])] == [
        "images/deep/a.jpg"
    ]
    for rule in ({"labels": ["kite"]}, {"subset": "Test"}):
        with pytest.raises(ParameterError):
            cvat.ids(study(tmp_path, "cvat", files=files, **rule))


def test_frames_have_no_ending_and_subsets_are_folders(tmp_path):
    box = '<box label="{}" xtl="1" ytl="2" xbr="3" ybr="4"/>'
    text = "".join(
        f'<image id="0" name="frame_000000" subset="{subset}" width="50" height="40">{box.format(subset)}</image>'
        for subset in ("Train", "Test")
    )
    places = [f"images/{subset}/frame_000000.PNG" for subset in ("Test", "Train")]
    for place in places:
        paint(tmp_path / place, (50, 40))
    put(tmp_path, "annotations.xml", content=f"<annotations>{text}</annotations>".encode())
    images = [(place.split("/")[1], place, (50, 40)) for place in places]
    samples = datasets.read(study(tmp_path, "cvat", images, {"annotations": "annotations.xml"}))
    assert [(each.id, [region.label for region in each.regions]) for each in samples] == [
        ("Test", ["Test"]),
        ("Train", ["Train"]),
    ]
    found = layouts.choose_layout(Listing(tmp_path))
    assert [each.file for each in found.images(LeftOut())] == places[::-1]


def test_of_two_files_that_name_an_image_alike_the_nearer_counts(tmp_path):
    box = '<box label="{}" xtl="1" ytl="2" xbr="3" ybr="4"/>'
    for folder in "xy":
        text = IMAGE.format("a.jpg", box.format(folder))
        put(tmp_path, f"{folder}/annotations.xml", content=f"<annotations>{text}</annotations>".encode())
    images = [(folder, f"{folder}/images/a.jpg", (50, 40)) for folder in "yx"]
    files = {f"annotations_{folder}": f"{folder}/annotations.xml" for folder in "xy"}
    samples = datasets.read(study(tmp_path, "cvat", images, files))
    assert [[region.label for region in each.regions] for each in samples] == [["y"], ["x"]]

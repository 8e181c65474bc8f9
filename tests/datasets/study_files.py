"""A small study for each reader, with all that its data set says."""

import base64
import io
import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from places import SHARED
from small_studies import study

from retrain_kit.annotations.samples import Box, ImageLabel, PointLabel, Region, RejectedAnnotation
from retrain_kit.datasets import fiftyone as reader
from retrain_kit.studies import manifests

REAL = SHARED / "testdata"


def real(*parts):
    """Return a file of the real rows; skip the test where they are not here."""
    path = REAL.joinpath(*parts)
    if not path.exists():
        pytest.skip("the real rows lie in ../shared/testdata, which is not here")
    return path


def paint(path, size, **options):
    """Draw an image of many colours."""
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(7).integers(0, 256, (*size[::-1], 3), dtype=np.uint8)
    Image.fromarray(noise).save(path, **options)


def write(folder, **tables):
    """Write tables, by name with the dot as __, and return the files by the reader's names."""
    made = {}
    for name, content in tables.items():
        reader, _, ending = name.rpartition("__")
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / f"{reader}.{ending}").write_text(text, encoding="utf-8")
        made[reader] = f"{reader}.{ending}"
    return made


def embedded(folder):
    return manifests.load("embedded-sample")


def open_images(folder):
    """Boxes, clicks, flags, denials, votes, masks and relationships, of an image that has to be turned."""
    paint(folder / "a.jpg", (80, 40))
    (folder / "masks").mkdir()
    inside = np.zeros((20, 40), dtype=np.uint8)
    inside[4:9, 3:17] = 255
    Image.fromarray(inside).save(folder / "masks" / "a_m1_9f.png")
    tables = write(
        folder,
        images__csv="ImageID,License,Author,Rotation\na,CC-BY-2.0,Ann,90.0\n",
        boxes__csv=(
            "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside,"
            "XClick1X,XClick2X,XClick3X,XClick4X,XClick1Y,XClick2Y,XClick3Y,XClick4Y\n"
            "a,xclick,/m/1,1,0.1,0.5,0.25,0.75,0,1,-1,0,1,0.1,0.3,0.5,0.2,0.5,0.25,0.4,0.75\n"
            "a,activemil,/m/2,1,0,1,0,1,-1,-1,-1,-1,-1,-1,-1,-1,-1,-1,-1,-1,-1\n"
        ),
        image_labels__csv="ImageID,Source,LabelName,Confidence\na,verification,/m/1,0\na,machine,/m/2,0.7\n",
        relationships__csv=(
            "ImageID,LabelName1,LabelName2,XMin1,XMax1,YMin1,YMax1,XMin2,XMax2,YMin2,YMax2,RelationshipLabel\n"
            "a,/m/1,/m/2,0,0.5,0,0.5,0.5,1,0.5,1,on\n"
        ),
        points__csv=(
            "ImageId,X,Y,Label,EstimatedYesNo,Source,YesVotes,NoVotes,UnsureVotes,TextLabel\n"
            "a,0.5,0.25,/m/1,yes,ih,3,1,2,\n"
            "a,0.25,0.5,,unsure,cs,,,,a muddy path\n"
        ),
        masks__csv=(
            "MaskPath,ImageID,LabelName,BoxID,BoxXMin,BoxXMax,BoxYMin,BoxYMax,PredictedIoU,Clicks\n"
            "a_m1_9f.png,a,/m/1,9f,0.05,0.45,0.2,0.5,0.9,0.16388 0.50114 1;0.25069 0.25425 0\n"
        ),
        classes__csv="/m/1,Sand\n/m/2,Sea\n",
    )
    return study(folder, "open-images", [("a", "a.jpg", (40, 80))], {**tables, "mask_folder": "masks"})


def visual_genome(folder):
    """The real rows of image 1."""
    manifest = study(folder, "visual-genome", [("1", "1.jpg", (800, 600))])
    names = ("image_data", "objects", "region_descriptions", "relationships", "attributes")
    return replace(manifest, files={name: real("visual_genome", f"{name}.json") for name in names})


CVAT = """<?xml version="1.0" encoding="utf-8"?>
<annotations><version>1.1</version>
<meta><task><id>3</id><name>Cars</name><mode>annotation</mode>
<owner><username>ann</username><email>ann@example.org</email></owner>
<assignee><username>bob</username><email></email></assignee></task></meta>
<image id="0" name="deep/a.jpg" subset="Train" width="50" height="40">
<box label="car" source="manual" occluded="1" xtl="3.00" ytl="4.00" xbr="20.00" ybr="30.50" z_order="2">
<attribute name="colour">red</attribute><attribute name="parked">true</attribute></box>
<box label="car" source="auto" occluded="0" xtl="10" ytl="10" xbr="30" ybr="20" rotation="90.00" z_order="0"></box>
<polygon label="road" source="semi-auto" occluded="0" points="0,20;50,20;50,40" z_order="-1"></polygon>
<polyline label="lane" source="manual" occluded="0" points="1,2;20,30" z_order="0"></polyline>
<points label="eye" source="manual" occluded="0" points="1.5,2.5;3,4" z_order="0"></points>
<ellipse label="wheel" source="manual" occluded="0" cx="20" cy="20" rx="5" ry="3" z_order="0"></ellipse>
<mask label="dog" source="manual" occluded="0" rle="1, 2, 2, 1" left="4" top="5" width="3" height="2" z_order="0"></mask>
<skeleton label="person" source="manual" z_order="0">
<points label="nose" source="manual" outside="0" occluded="1" points="9,8"></points>
<points label="hand" source="manual" outside="0" occluded="0" points="29,18"></points></skeleton>
<box label="" source="manual" occluded="0" xtl="3" ytl="4" xbr="20" ybr="30"></box>
<tag label="street" source="manual"><attribute name="wet">false</attribute></tag>
</image>
<track id="1" label="bus"><box frame="0" xtl="1" ytl="1" xbr="2" ybr="2"></box></track>
</annotations>"""


def cvat(folder):
    """Every kind of shape, by hand and by machine."""
    files = write(folder, annotations__xml=CVAT)
    return study(folder, "cvat", [("a", "images/deep/a.jpg", (50, 40))], files)


BRUSH = [0, 0, 0, 60, 57, 27, 254, 23, 0, 183, 255, 124, 2, 63, 248, 192, 0]
"""A brush of 5 × 3 pixels as label-studio-converter encodes it: (1, 1) to (3, 1), and (3, 2)."""


def result(kind, value, name="", size=(50, 40), **more):
    """A result of Label Studio."""
    sizes = {"original_width": size[0], "original_height": size[1], "image_rotation": 0}
    base = {"id": name, "type": kind, "from_name": "label", "to_name": "image", "origin": "manual"}
    return {**base, **sizes, "value": value, **more}


def label_studio(folder):
    """Two annotators, one of whom skipped, and a model; every kind of result."""
    box = {"x": 10, "y": 25, "width": 20, "height": 50, "rotation": 0, "rectanglelabels": ["cat", "pet"]}
    results = [
        result("rectanglelabels", box, "a1"),
        result("rectanglelabels", {**box, "rotation": 90}, "a2"),
        result(
            "polygonlabels",
            {"points": [[0, 0], [50, 0], [50, 50]], "closed": True, "polygonlabels": ["mat"]},
            "a3",
        ),
        result(
            "ellipselabels",
            {"x": 50, "y": 50, "radiusX": 10, "radiusY": 5, "rotation": 0, "ellipselabels": ["eye"]},
            "a4",
        ),
        result("keypointlabels", {"x": 10, "y": 5, "width": 0.5, "keypointlabels": ["nose"]}, "a5"),
        result("choices", {"choices": ["indoors"]}, "a6"),
        result("textarea", {"text": ["a cat"]}, "a7"),
        result("rectangle", {"x": 1, "y": 1, "width": 5, "height": 5}, "a8"),
        {"type": "relation", "from_id": "a1", "to_id": "a3", "direction": "right", "labels": ["on"]},
    ]
    one = {
        "id": 11,
        "completed_by": {"id": 3, "email": "ann@example.org"},
        "lead_time": 4.5,
        "result": results,
    }
    other = {"id": 12, "completed_by": 4, "was_cancelled": True, "result": results[:1]}
    model = {
        "id": 5,
        "model_version": "v2",
        "score": 0.5,
        "result": [result("rectanglelabels", box, "a1", score=0.5)],
    }
    task = {
        "id": 7,
        "data": {"image": "/data/upload/1/0a1b2c3d-a.jpg"},
        "annotations": [one, other],
        "predictions": [model],
    }
    files = write(folder, annotations__json=[task])
    return study(
        folder,
        "label-studio",
        [("a", "images/a.jpg", (50, 40))],
        {**files, "predictions": files["annotations"]},
    )


KITTI = """\
Truck 0.00 0 -1.57 10.50 2.25 40.00 30.75 2.85 2.63 12.34 0.47 1.49 69.44 -1.56
Car 0.30 2 1.85 3.00 4.00 20.00 30.00 1.67 1.87 3.69 -16.53 2.39 58.49 1.57
DontCare -1 -1 -10 30.00 1.00 49.00 9.00 -1 -1 -1 -1000 -1000 -1000 -10
Pedestrian 0.00 3 0.21 5.00 5.00 9.00 9.00 1.89 0.48 1.20 1.84 1.47 8.41 0.01 0.93
Cyclist 0.00 1 0.21
"""


def kitti(folder):
    """Things that are hidden, cut off, nobody's care, or found by a model; and a line that is cut."""
    (folder / "training" / "label_2").mkdir(parents=True)
    (folder / "training" / "label_2" / "000000.txt").write_text(KITTI, encoding="utf-8")
    images = [(name, f"training/image_2/{name}.png", (50, 40)) for name in ("000000", "000001")]
    return study(folder, "kitti", images, {"labels": "training/label_2"})


def png_text(rows):
    """A mask as LabelMe stores it."""
    data = io.BytesIO()
    Image.fromarray(np.array(rows, dtype=bool)).save(data, "PNG")
    return base64.b64encode(data.getvalue()).decode()


def labelme(folder):
    """Every kind of shape, a ticked flag, and a shape that is none."""
    mask = png_text([[0, 1, 1], [1, 0, 1]])
    shapes = [
        {
            "label": "cat",
            "points": [[1, 2], [20, 2], [20, 30.5]],
            "shape_type": "polygon",
            "group_id": 3,
            "flags": {},
        },
        {"label": "dog", "points": [[40, 30], [10, 5]], "shape_type": "rectangle", "description": "asleep"},
        {"label": "eye", "points": [[20, 20], [23, 24]], "shape_type": "circle"},
        {"label": "nose", "points": [[5.5, 6]], "shape_type": "point"},
        {"label": "tail", "points": [[1, 1], [9, 9], [20, 3]], "shape_type": "linestrip"},
        {"label": "ear", "points": [[4, 5], [6, 6]], "shape_type": "mask", "mask": mask},
        {"label": "", "points": [[1, 2], [3, 4]], "shape_type": "line"},
    ]
    table = {"version": "5.4.1", "flags": {"indoors": True, "night": False}, "shapes": shapes}
    table |= {"imagePath": "..\\b.jpg", "imageData": None, "imageHeight": 40, "imageWidth": 50}
    write(folder, a__json=table)
    return study(folder, "labelme", [("a", "a.jpg", (50, 40))])


def cityscapes(folder):
    """Outlines over each other, a group, one that was deleted; and an image that has label images alone."""
    outlines = [
        {"label": "road", "polygon": [[0, 20], [50, 20], [50, 40], [0, 40]]},
        {"label": "cargroup", "polygon": [[5, 10], [20, 10], [20, 30]], "user": "Ann", "verified": 0},
        {"label": "sky", "polygon": [[0, 0], [50, 0], [25, 9]], "deleted": 1},
    ]
    truth = folder / "gtFine" / "val" / "ulm"
    truth.mkdir(parents=True)
    table = {"imgHeight": 40, "imgWidth": 50, "objects": outlines}
    (truth / "a_gtFine_polygons.json").write_text(json.dumps(table), encoding="utf-8")
    ids = np.repeat(np.repeat([[0, 7], [26001, 26001], [26, 7], [99, 7]], 10, axis=0), 25, axis=1)
    Image.fromarray(ids.astype(np.uint16)).save(truth / "b_gtFine_instanceIds.png")
    images = [(name, f"leftImg8bit/val/ulm/{name}_leftImg8bit.png", (50, 40)) for name in "ab"]
    return study(folder, "cityscapes", images, {"polygons": "gtFine", "instances": "gtFine"})


def coco(folder):
    """Real rows, crowds among them."""
    instances = real("coco", "annotations", "instances_val2017.json")
    rows = json.loads(instances.read_text())["images"][:6]
    images = [(str(row["id"]), row["file_name"], (row["width"], row["height"])) for row in rows]
    return replace(study(folder, "coco", images), files={"instances": instances})


def coco_panoptic(folder):
    """A thing, a crowd and stuff, whose areas are not rectangles; a pixel of nobody, and one of an unknown id."""
    ids = np.repeat(np.repeat([[0, 1], [300, 1], [70000, 300], [9, 300]], 10, axis=0), 25, axis=1)
    pixels = np.stack([ids % 256, ids // 256 % 256, ids // 65536], axis=-1).astype(np.uint8)
    (folder / "panoptic").mkdir()
    Image.fromarray(pixels).save(folder / "panoptic" / "a.png")
    names = {1: ("person", 1, 0), 300: ("road", 0, 0), 70000: ("person", 1, 1)}
    rows = [
        {
            "id": n,
            "category_id": isthing,
            "iscrowd": crowd,
            "area": int((ids == n).sum()),
            "bbox": [0, 0, 9, 9],
        }
        for n, (_, isthing, crowd) in names.items()
    ]
    panoptic = {
        "images": [{"id": 1, "file_name": "a.jpg", "width": 50, "height": 40}],
        "annotations": [{"image_id": 1, "file_name": "a.png", "segments_info": rows}],
        "categories": [{"id": 1, "name": "person", "isthing": 1}, {"id": 0, "name": "road", "isthing": 0}],
    }
    return study(folder, "coco-panoptic", [("1", "a.jpg", (50, 40))], write(folder, panoptic__json=panoptic))


XML = """<annotation><filename>{name}</filename><source><database>D</database></source>
<owner><name>A. Müller</name></owner><size><width>50</width><height>40</height><depth>3</depth></size>
<segmented>0</segmented><object><name>{word}</name><pose>Left</pose><truncated>1</truncated><occluded>0</occluded>
<difficult>1</difficult><bndbox><xmin>3</xmin><ymin>4</ymin><xmax>20</xmax><ymax>30.5</ymax></bndbox>
</object></annotation>"""


def voc(folder, dataset, name, word):
    (folder / "xml").mkdir()
    (folder / "xml" / f"{name}.xml").write_text(XML.format(name=name, word=word), encoding="utf-8")
    return study(folder, dataset, [(name, f"{name}.jpg", (50, 40))], {"annotations": "xml"})


def pascal_voc(folder):
    return voc(folder, "pascal-voc", "000001", "dog")


def imagenet_boxes(folder):
    return voc(folder, "imagenet-boxes", "ILSVRC2012_val_00000001", "n02012849")


def stanford_dogs(folder):
    name, breed = "n02085620_7", "n02085620-Chihuahua"
    place = folder / "annotation" / "Annotation" / breed
    place.mkdir(parents=True)
    (place / name).write_text(XML.format(name=name, word="Chihuahua"), encoding="utf-8")
    images = [(name, f"Images/{breed}/{name}.jpg", (50, 40))]
    return study(folder, "stanford-dogs", images, {"annotations": "annotation"})


def imagenet(folder):
    """Both cranes: labels with glosses and paths, and a box of the solution."""
    one, two = "ILSVRC2012_val_00000001", "ILSVRC2012_val_00000002"
    entity = {"lemmas": ["entity"], "gloss": "that which is", "hypernyms": []}
    crane = {"lemmas": ["crane"], "gloss": "a bird", "hypernyms": ["n00001740"]}
    machine = {"lemmas": ["crane"], "gloss": "a machine", "hypernyms": ["n00001740"]}
    tables = write(
        folder,
        synsets__txt="n02012849 crane\nn03126707 crane\n",
        solution__csv=f"ImageId,PredictionString\n{one},n02012849 10 20 30 40 \n{two},n03126707 0 0 9 9 \n",
        wordnet__json={"n00001740": entity, "n02012849": crane, "n03126707": machine},
    )
    images = [(name, f"val/{name}.JPEG", (50, 45)) for name in (one, two)]
    return study(folder, "imagenet", images, {**tables, "val": "val"})


def imagenet_sample(folder):
    labels = {"classes": ["tench", "crane"], "labels": {"000001": 0, "000002": 1}}
    synsets = "n01440764 tench, Tinca tinca\nn02012849 crane\nn03126707 crane\n"
    tables = write(folder, labels__json=labels, synsets__txt=synsets)
    images = [(name, f"data/{name}.jpg", (12, 8)) for name in labels["labels"]]
    return study(folder, "imagenet-sample", images, tables)


def lfw(folder):
    names = ("Ann_Other_0001", "Ann_Other_0002")
    images = [(name, f"lfw/Ann_Other/{name}.jpg", (25, 25)) for name in names]
    return study(
        folder, "lfw", images, write(folder, pairs__txt="1\t1\nAnn_Other\t1\t2\nAnn_Other\t1\tB\t2\n")
    )


def coil_100(folder):
    (folder / "obj1__90.png").write_bytes(real("coil100", "obj1__90.png").read_bytes())
    return study(folder, "coil-100", [("obj1__90", "obj1__90.png", (128, 128))])


def ffhq(folder):
    entry = {
        "category": "training",
        "metadata": {"author": "Ann", "country": "", "date_uploaded": "2007-08-16"},
        "image": {"file_path": "images1024x1024/00000/00000.png", "face_landmarks": [[131.62, 453.8]]},
        "in_the_wild": {"face_rect": [667, 410, 1438, 1181], "pixel_size": [2016, 1512]},
    }
    tables = write(folder, metadata__json={"0": entry})
    return study(folder, "ffhq", [("0", "images1024x1024/00000/00000.png", (16, 16))], tables)


def leaf(folder):
    tables = write(folder, attributes__csv="1,1," + ",".join(str(0.1 + n) for n in range(14)) + "\n")
    images = [("iPAD2_C01_EX01", "RGB/1. Quercus suber/iPAD2_C01_EX01.JPG", (72, 96))]
    return study(folder, "leaf", images, tables)


def tencent_ml_images(folder):
    ids = "n04310904/n04310904_8388.JPEG\t2367:1\t865:0.9\t2:0\n"
    words = "category_index\tcategory_id\tindex_of_parent_category\tcategory name\n2\tn00002684\t-1\tobject\n"
    tables = write(folder, imagenet_ids__txt=ids, dictionary__txt=words)
    return study(folder, "tencent-ml-images", [("n04310904_8388", "a.JPEG", (9, 7))], tables)


def images(folder):
    """An image that its EXIF orientation turns, under an id with signs."""
    exif = Image.Exif()
    exif[274] = 6
    paint(folder / "deep" / "b.jpg", (30, 20), exif=exif)
    return study(folder, "images", [("deep%2Fb.jpg", "deep/b.jpg", (20, 30))])


def fiftyone(folder):
    """What a dataset in FiftyOne said: a mask, a point, a word, something else, and what matches no image."""
    manifest = replace(images(folder), dataset="fiftyone", toml=folder / "mine.toml")
    (image,) = manifest.images
    sample = replace(
        manifest.sample(image),
        regions=(
            Region("Bird", Box(1, 2, 11, 22), "r1", "Ann", mask=np.eye(4, dtype=bool), said={"index": 3}),
        ),
        points=(PointLabel("Eye", 10.5, 20, present=True),),
        labels=(ImageLabel("Sky", present=None),),
        said={"tags": ["train"]},
    )
    lost = RejectedAnnotation("elsewhere", "an image that is not here", row={"a": [1]})
    reader.write_samples(reader.samples_path(manifest.toml), [sample], [lost])
    return manifest


def yolo(folder):
    """A box, an outline, keypoints and what a model found."""
    lines = "0 0.5 0.5 0.2 0.4\n1 0 0 1 0 0.5 1\n1 0.5 0.5 0.2 0.4 0.5 0.5 2\n0 0.5 0.5 0.5 0.5 0.875\n7 0 0 1 1\n"
    for path, text in (
        ("data.yaml", "train: images/train\nval: images/val\nnames:\n  0: cat\n  1: dog\n"),
        ("labels/train/a.txt", lines),
        ("labels/val/a.txt", ""),
    ):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    images = [(split, f"images/{split}/a.jpg", (50, 40)) for split in ("train", "val")]
    return study(folder, "yolo", images, {"data": "data.yaml", "labels": "labels"})


def class_folders(folder):
    """An image that its folder says is a cat."""
    paint(folder / "train" / "cat" / "a.png", (12, 8))
    return study(folder, "class-folders", [("train%2Fcat%2Fa.png", "train/cat/a.png", (12, 8))])


def works(folder):
    """A row of a museum's table, under its own columns."""
    paint(folder / "1.5.png", (12, 8))
    files = write(folder, works__csv="Object Number,Title,Artist,width\n1.5,Grid,Ann,90 cm\n")
    return study(folder, "works", [("1.5", "1.5.png", (12, 8))], files)


STUDIES = {
    "kitti": kitti,
    "labelme": labelme,
    "label_studio": label_studio,
    "cvat": cvat,
    "cityscapes": cityscapes,
    "class_folders": class_folders,
    "coco": coco,
    "coco_panoptic": coco_panoptic,
    "coil_100": coil_100,
    "ffhq": ffhq,
    "fiftyone": fiftyone,
    "folder": embedded,
    "imagenet": imagenet,
    "imagenet_boxes": imagenet_boxes,
    "imagenet_sample": imagenet_sample,
    "leaf": leaf,
    "lfw": lfw,
    "open_images": open_images,
    "pascal_voc": pascal_voc,
    "images": images,
    "stanford_dogs": stanford_dogs,
    "tencent_ml_images": tencent_ml_images,
    "visual_genome": visual_genome,
    "works": works,
    "yolo": yolo,
}
"""A small study for each reader, by the name of its module."""

"""Folders of data sets as people have them, small: COCO, Roboflow's export of it, Pascal VOC."""

import json

from PIL import Image

VOC_XML = """<annotation><folder>JPEGImages</folder><filename>{name}.jpg</filename>
<size><width>8</width><height>6</height><depth>3</depth></size>
<object><name>{label}</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>4</xmax><ymax>3</ymax></bndbox></object>
</annotation>"""


def image(path, size=(8, 6), colour="red"):
    """Write an image at a path, in folders that are made for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)
    return path


def write(path, text):
    """Write a text at a path, in folders that are made for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text if isinstance(text, str) else json.dumps(text))
    return path


def coco_json(names, label="cat", **image_fields):
    """Return a file of COCO's instances: images numbered from 0, a box on each."""
    size = {"width": 8, "height": 6}
    return {
        "info": {"description": "Cats", "year": 2019, "version": "2", "contributor": "A. N. Other"},
        "licenses": [{"id": 4, "name": "CC BY 2.0", "url": "https://example.org/by"}],
        "images": [
            {"id": number, "file_name": name, "license": 4, **size, **image_fields}
            for number, name in enumerate(names)
        ],
        "annotations": [
            {"id": number, "image_id": number, "category_id": 1, "bbox": [1, 1, 3, 2], "iscrowd": 0}
            for number, _ in enumerate(names)
        ],
        "categories": [{"id": 1, "name": label}],
    }


def coco(folder):
    """Make COCO's own layout: two splits, their images in `images`, one of them not here."""
    for split, names in {"train2017": ("a.jpg", "b.jpg"), "val2017": ("c.jpg",)}.items():
        for name in names:
            image(folder / "images" / split / name)
    train = coco_json(["a.jpg", "b.jpg", "gone.jpg"], coco_url="http://images.example.org/1.jpg")
    val = coco_json(["c.jpg"])
    val["images"][0]["id"] = val["annotations"][0]["image_id"] = 7
    write(folder / "annotations" / "instances_train2017.json", train)
    write(folder / "annotations" / "instances_val2017.json", val)
    return folder


def roboflow(folder):
    """Make the layout of an export of Roboflow's: each split numbers its images from 0, both have same.jpg."""
    for split, label in {"train": "cat", "valid": "dog"}.items():
        image(folder / split / "same.jpg", colour="red" if label == "cat" else "blue")
        write(folder / split / "_annotations.coco.json", coco_json(["same.jpg"], label))
    write(folder / "README.dataset.txt", "# Cats\n\nProvided by a Roboflow user\nLicense: CC BY 4.0\n")
    return folder


def voc(folder):
    """Make VOC's own layout, with lists of splits; of the third image no XML says anything."""
    for name in ("1", "2", "3"):
        image(folder / "JPEGImages" / f"{name}.jpg")
    for name in ("1", "2"):
        write(folder / "Annotations" / f"{name}.xml", VOC_XML.format(name=name, label="cat"))
    write(folder / "ImageSets" / "Main" / "train.txt", "1\n3\n")
    write(folder / "ImageSets" / "Main" / "val.txt", "2\n")
    write(folder / "ImageSets" / "Main" / "cat_train.txt", "1 1\n3 -1\n")
    return folder

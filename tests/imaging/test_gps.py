"""A camera's word on where it was is read without a pixel, and what is no place is said, never mended."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from retrain_kit.annotations.places import GeoPoint
from retrain_kit.imaging import gps

LATITUDE, LATITUDE_SIDE, LONGITUDE, LONGITUDE_SIDE = 2, 1, 4, 3
PARIS = {LATITUDE_SIDE: "N", LATITUDE: (48.0, 51.0, 30.24), LONGITUDE_SIDE: "E", LONGITUDE: (2.0, 17.0, 40.2)}


def written(path, said, kind="jpeg"):
    image = Image.new("RGB", (8, 8))
    exif = image.getexif()
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(said)
    exif[ExifTags.IFD.GPSInfo] = exif.get_ifd(ExifTags.IFD.GPSInfo)
    image.save(path, kind, exif=exif)
    return path


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "tiff"])
def test_a_place_is_read_from_each_kind_of_file(tmp_path, kind):
    found = gps.read_gps(written(tmp_path / "a", PARIS, kind))
    assert found.unusable == ""
    assert found.point.latitude_deg == pytest.approx(48.8584)
    assert found.point.longitude_deg == pytest.approx(2.29450)


def test_a_file_without_a_place_says_nothing(tmp_path):
    Image.new("RGB", (8, 8)).save(tmp_path / "bare.png")
    assert gps.read_gps(tmp_path / "bare.png") == gps.GpsReading()
    assert gps.read_gps(written(tmp_path / "time.jpg", {29: "2026:11:30"})) == gps.GpsReading()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({LATITUDE_SIDE: "X"}, "latitude: it is not said whether N or S"),
        ({LONGITUDE_SIDE: ""}, "longitude: it is not said whether E or W"),
        ({LATITUDE: (48.0, 51.0)}, "latitude: not degrees, minutes and seconds"),
        ({LATITUDE: (95.0, 0.0, 0.0)}, "latitude 95"),
        ({LONGITUDE: (2.0, 61.0, 0.0)}, "longitude: a part below 0, or minutes or seconds above 60"),
        ({LONGITUDE: (IFDRational(2, 0), 0.0, 0.0)}, "longitude: a part divided by 0"),
        ({LATITUDE: (0.0, 0.0, 0.0), LONGITUDE: (0.0, 0.0, 0.0)}, gps.NOWHERE),
    ],
)
def test_what_is_no_place_is_said_with_its_reason(tmp_path, changed, why):
    assert gps.read_gps(written(tmp_path / "a.jpg", PARIS | changed)) == gps.GpsReading(None, why)


def test_half_a_place_is_none(tmp_path):
    half = {name: value for name, value in PARIS.items() if name in {LATITUDE, LATITUDE_SIDE}}
    assert (
        gps.read_gps(written(tmp_path / "a.jpg", half)).unusable
        == "longitude: not degrees, minutes and seconds"
    )


parts = st.tuples(st.integers(0, 89), st.integers(0, 59), st.integers(0, 5999))


@given(parts, st.sampled_from("NS"), parts, st.sampled_from("EW"))
def test_degrees_are_those_that_were_written(tmp_path_factory, north, north_side, east, east_side):
    said = {LATITUDE_SIDE: north_side, LONGITUDE_SIDE: east_side}
    for tag, (degrees, minutes, hundredths) in ((LATITUDE, north), (LONGITUDE, east)):
        said[tag] = (IFDRational(degrees, 1), IFDRational(minutes, 1), IFDRational(hundredths, 100))
    found = gps._reading(said).point
    expected = [
        sign * float(degrees + Fraction(minutes, 60) + Fraction(hundredths, 360_000))
        for sign, (degrees, minutes, hundredths) in (
            (1 - 2 * (north_side == "S"), north),
            (1 - 2 * (east_side == "W"), east),
        )
    ]
    if expected == [0, 0]:
        assert found is None
    else:
        assert [found.latitude_deg, found.longitude_deg] == pytest.approx(expected, abs=1e-9)
        assert found.square == GeoPoint(*expected).square

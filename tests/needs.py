"""What a test needs of the machine, and what becomes of the test where it is not there."""

import os
import shutil

import pytest

from retrain_kit.imaging.jpeg import turbo
from retrain_kit.reports import render

FOR_PROXIES = "sudo apt install nginx"
FOR_BROWSERS, FOR_JPEGS = "sudo apt install chromium", "sudo apt install libturbojpeg0"


def lacking(what, do):
    """Skip a test for want of something, and say what to do; where `CI` is `true`, the test fails."""
    said = f"{what} ({do})"
    if os.environ.get("CI") == "true":
        pytest.fail(f"{said}: where CI=true, no test is skipped for want of it", pytrace=False)
    pytest.skip(said)


def chromium():
    """Return the path of Chromium."""
    return render.find_chromium() or lacking("no chromium", FOR_BROWSERS)


def turbojpeg():
    """Make sure that the TurboJPEG library is there."""
    try:
        turbo.ensure_library()
    except turbo.LibraryError:
        lacking("no libturbojpeg", FOR_JPEGS)


def nginx():
    """Return the path of nginx, which lies where the path of whoever is not root may not lead."""
    places = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    return shutil.which("nginx", path=places) or lacking("no nginx", FOR_PROXIES)

"""Getting in, in a real browser: by the bare address that somebody types, and behind a real reverse proxy."""

from __future__ import annotations

from urllib.parse import urlsplit

import needs
import proxying
import pytest
from accessibility import grave
from lessons import agree, held
from ports import free_port

from retrain_kit.classroom.proxies import Proxies

PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
TOUCH_PX = 44


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_a_phone_that_types_the_bare_address_arrives(open_page, tmp_path, colours):
    with (
        held(tmp_path / "answers", encrypted=True, exercises=("what-if",)) as lesson,
        open_page(**PHONE, color_scheme=colours, ignore_https_errors=True) as page,
    ):
        page.goto(lesson.url.replace("https", "http"))
        for summary in page.locator("summary").all():
            summary.click()
        assert grave(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        link = page.get_by_role("link", name="Go on to the class")
        assert link.bounding_box()["height"] >= TOUCH_PX
        assert min(each.bounding_box()["height"] for each in page.locator("summary").all()) >= TOUCH_PX
        link.click()
        page.get_by_role("heading", name="Join the class").wait_for()
        assert page.url == lesson.url
        page.get_by_label("The code that stands on the wall").fill(lesson.entry.code)
        page.get_by_role("button", name="Join").click()
        agree(page)
        page.get_by_role("group", name="What If…?").wait_for()


def test_the_wall_says_what_phones_will_say_and_the_fingerprint_on_one_screen(open_page, tmp_path):
    with (
        held(tmp_path / "answers", encrypted=True, exercises=("what-if",)) as lesson,
        open_page(viewport={"width": 1024, "height": 768}, ignore_https_errors=True) as wall,
    ):
        wall.goto(lesson.wall)
        warned = wall.get_by_role("region", name="What your phone will say")
        warned.get_by_text("visit this website").wait_for()
        groups = " ".join(lesson.endpoint.certificate.groups)
        assert groups in warned.inner_text()
        assert wall.evaluate("document.documentElement.scrollHeight <= innerHeight")


def say(page, text):
    page.locator(".rk-entry textarea").fill(text)
    page.get_by_role("button", name="Say it").click()
    page.get_by_text("Your sentence is kept.").wait_for()


def test_two_browsers_and_the_wall_are_one_class_behind_a_proxy_at_a_path(open_page, tmp_path):
    own = free_port()
    proxies = Proxies.stated(f"http://127.0.0.1:{own}/sub/")
    with (
        held(tmp_path / "answers", proxies=proxies, exercises=("polyphony",)) as lesson,
        proxying.nginx(needs.nginx(), tmp_path / "nginx", own, lesson.endpoint.port, proxying.STRIPPED),
        open_page() as wall,
        open_page(**PHONE) as one,
        open_page() as other,
    ):
        asked = []
        for page in (wall, one, other):
            page.on("request", lambda request: asked.append(urlsplit(request.url)))
        wall.goto(lesson.wall)
        for page in (one, other):
            page.goto(f"{lesson.url}#{lesson.entry.code}")
            agree(page, "It may be shown")
            page.locator(".rk-entry textarea").wait_for()
        say(one, "Both wait for winter.")
        wall.get_by_text("1 answer").first.wait_for()
        say(other, "Both are cold.")
        one.locator(".rk-asked blockquote", has_text="Both are cold.").wait_for()
        assert {f"/{each.path.split('/')[1]}/" for each in asked if each.scheme == "http"} == {"/sub/"}
        assert len(lesson.store.records()) == 2

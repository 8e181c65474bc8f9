"""A whole class: thirty people over all exercises, five of them in real browsers, a teacher, and two kills.

The others ask over HTTP as pages do: each at their own pace, in their own language, with mistakes, and again with
the same act where nothing came back. All pictures of the pages lie in the test's folder, to be looked at.
"""

from __future__ import annotations

import json
import random
import re
import secrets
import subprocess
import sys
import threading
from collections import Counter

import pytest
import requests
from accessibility import grave
from lessons import Person
from ports import free_port
from waiting import PATIENCE_MS, PATIENCE_S, until

from retrain_kit.answers import Store
from retrain_kit.studies import codes

EXERCISES = ("what-if", "polyphony", "informational-surfaces", "living-with-images")
ASKED = [word for name in EXERCISES for word in ("--exercise", name)]
COMMAND = [sys.executable, "-m", "retrain_kit", "class", "embedded-sample", "--images", "2", *ASKED]
CARDS = [codes.card_code("embedded-sample", image) for image in ("bison", "cow", "owl", "dog")]
OVER_HTTP = 25
LANGUAGES = ("en", "pt", "es", "fr")
BROWSERS = {
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
        "locale": "fr-FR",
    },
    "tablet": {"viewport": {"width": 768, "height": 1024}, "has_touch": True},
    "keys": {"viewport": {"width": 1280, "height": 800}},
    "zoomed": {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
}


class Running:
    """The command itself, on one port, however often it is killed."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.start()

    def start(self):
        options = ["--answers", str(self.folder / "answers"), "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*COMMAND, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        said = ""
        while "Ctrl-C" not in said:
            line = self.process.stdout.readline()
            assert line, said
            said += line
        self.link, self.code, self.wall, self.teacher = (
            re.search(rf"{name} +(\S+)", said)[1] for name in ("join", "code", "projector", "teacher")
        )

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def kept(self):
        """How many answers are on the disk."""
        path = self.folder / "answers" / "answers.jsonl"
        return sum(b'"kind":"answer"' in line.replace(b" ", b"") for line in path.read_bytes().splitlines())


class Student:
    """Somebody who takes part over HTTP."""

    def __init__(self, running, number):
        self.running, self.number, self.random = running, number, random.Random(number)  # noqa: S311 - who does what is no secret
        self.acknowledged = []
        self.refused = []
        self.person = self.patiently(lambda: Person(running.link, running.code))
        self.person.session.headers["Accept-Language"] = LANGUAGES[number % len(LANGUAGES)]

    def patiently(self, ask):
        """Ask until there is an answer: the class may be away, and who is too fast waits."""

        def asked():
            try:
                return ask()
            except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError, KeyError, ValueError):
                return None

        return until(asked, each_s=0.2)

    def act(self, exercise, act, index, **more):
        once = secrets.token_hex(16)

        def asked():
            reply = self.person.act(exercise, act, index, once=once, **more)
            return None if reply.status_code == requests.codes.too_many_requests else reply.json()

        return self.patiently(asked)

    def say(self, exercise, act, index, **more):
        """Say something; count it where it was taken."""
        page = self.act(exercise, act, index, **more)
        if page.get("fault"):
            self.refused.append((exercise, page["fault"]))
        else:
            self.acknowledged.append(more.get("text", ""))
        return page

    def take_part(self):
        pick = self.random
        for turn in range(2):
            self.say(
                "what-if",
                "add",
                pick.randrange(2),
                text=f"option {self.number}-{turn}",
                likely=pick.randrange(101),
            )
        self.say("what-if", "add", 0, text=" ", likely=50)
        self.say("what-if", "add", 0, text="too likely", likely=300)
        self.say("what-if", "refuse", 1, refusal=pick.choice(["nothing", "burn"]), text="")
        turn = self.act("polyphony", "look", self.number % 2)["turn"]
        self.say(
            "polyphony", "say", self.number % 2, turn=turn, text=f"Both wait, {self.number}.", language="en"
        )
        self.write_of_a_card()
        recording = {
            "text": f"a path {self.number}",
            "pieces": [[[0.1, 0.1, 0.0], [0.8, pick.random(), 1.5]]],
            "tags": [],
            "devices": ["touch"],
            "seconds": 2.0,
        }
        self.say(
            "informational-surfaces", "keep", 0, recording=recording, language="en", text=recording["text"]
        )

    def write_of_a_card(self):
        """Say which card is in the hand, with a mistake first, and write the first text."""
        self.say("living-with-images", "card", 0, code="no card")
        place = self.act("living-with-images", "card", 0, code=self.random.choice(CARDS))["index"]
        words = {"text": f"It looks back at {self.number}.", "seconds": 20, "typed": 9, "language": "en"}
        self.say("living-with-images", "say", place, **words)


@pytest.fixture
def running(tmp_path):
    held = Running(tmp_path)
    yield held
    if held.process.poll() is None:
        held.kill()


def agree(page):
    """Let others see it, by touch or by key."""
    page.locator("#agreements input").first.wait_for()
    page.locator("#agreements input").first.check()
    page.locator("#agreeing button.rk-main").click()
    page.locator(".rk-what-if-widget .rk-list, .rk-what-if-widget .rk-image").first.wait_for()


def add(page, text):
    field = page.locator(".rk-what-if-widget input[type=text]").first
    field.fill(text)
    page.locator(".rk-what-if-widget input[type=range]").first.press("ArrowRight")
    page.locator(".rk-what-if-widget button.rk-main").first.click()
    page.locator(".rk-what-if-widget .rk-mine, .rk-own").get_by_text(text).first.wait_for()


def on_wall(page, text):
    return page.locator("main").get_by_text(text, exact=False)


def test_thirty_people_a_teacher_and_two_kills(running, visit, tmp_path):  # noqa: PLR0915 - one lesson
    shots = tmp_path / "shots"
    shots.mkdir()
    wall = visit(running.wall, viewport={"width": 1280, "height": 720})
    teacher = visit(running.teacher, viewport={"width": 1024, "height": 900})
    pages = {name: visit(f"{running.link}#{running.code}", **options) for name, options in BROWSERS.items()}

    def picture(moment):
        for name, page in {"wall": wall, "teacher": teacher, **pages}.items():
            page.screenshot(path=shots / f"{moment}-{name}.png", full_page=name != "wall")
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (moment, name)

    picture("1-joined")
    for page in pages.values():
        agree(page)
    picture("2-agreed")

    # Everybody speaks; the class is killed twice while they do.
    students = [Student(running, number) for number in range(OVER_HTTP)]
    at_work = [threading.Thread(target=student.take_part) for student in students]
    for thread in at_work:
        thread.start()
    for least in (20, 60):
        until(lambda least=least: running.kept() >= least)
        running.kill()
        running.start()
    for number, page in enumerate(pages.values()):
        add(page, f"seen by page {number}")
    for thread in at_work:
        thread.join(PATIENCE_S)
        assert not thread.is_alive()
    with Store(tmp_path / "answers") as store:
        said = Counter(record.text for record in store.records() if record.text)
    wanted = Counter(text for student in students for text in student.acknowledged if text)
    assert wanted - said == Counter()
    assert [text for text, count in said.items() if count > 1 and text.startswith(("option", "a path"))] == []
    assert [student.refused for student in students if len(student.refused) != 3] == []
    picture("3-spoken")

    # A text that is nobody's business is off the wall, its author is told; then words come one by one.
    phone, tablet = pages["phone"], pages["tablet"]
    teacher.locator("#said-part li", has_text="seen by page 1").get_by_role("button", name="Hide").click()
    tablet.get_by_text("taken this off").first.wait_for()
    teacher.locator("#approve").click()
    add(tablet, "waits for the teacher")
    entry = teacher.locator("#said-part li", has_text="waits for the teacher")
    entry.wait_for()
    assert "waits for the teacher" not in json.dumps(shown(running, wall))
    entry.get_by_role("button", name="Show it").click()
    until(lambda: "waits for the teacher" in json.dumps(shown(running, wall)))
    assert "seen by page 1" not in json.dumps(shown(running, wall))
    picture("4-moderated")

    # Led, timed, paused and opened again.
    teacher.locator("[data-leads='what-if 1']").click()
    phone.locator("#lesson-lead").get_by_text(re.compile("."), exact=False).first.wait_for()
    teacher.locator("#times button").first.click()
    phone.locator("[role=timer]").get_by_text(re.compile(r"0:\d\d")).wait_for()
    teacher.get_by_role("button", name="What If…?: Paused").click()
    phone.locator("#lesson-words").get_by_text(re.compile(".")).wait_for()
    assert students[0].act("what-if", "add", 0, text="too late", likely=3)["fault"]
    picture("5-paused")
    teacher.get_by_role("button", name="What If…?: Open").click()
    teacher.locator("#freeze").click()
    wall.get_by_text("The wall stands still for now.").wait_for()
    teacher.locator("#freeze").click()

    # The end: nothing more can be said, and everybody can take their own along.
    teacher.locator("#end").click()
    teacher.locator("#asking-yes").click()
    teacher.locator("#over").wait_for()
    with tablet.expect_download(timeout=PATIENCE_MS) as file:
        tablet.locator("#lesson-take").click()
    assert "waits for the teacher" in file.value.path().read_text("utf-8")
    with teacher.expect_download(timeout=PATIENCE_MS) as file:
        teacher.locator("[data-does=answers]").click()
    assert "option 3-1" in file.value.path().read_text("utf-8")
    picture("6-over")
    for name, page in {"wall": wall, "teacher": teacher, **pages}.items():
        assert grave(page) == [], name


def shown(running, wall):
    """Return all pages of what the wall may show of the first image."""
    secret = wall.evaluate("sessionStorage.getItem('retrain-kit projector')")

    def page(number):
        return requests.get(
            f"{running.link}projector/shown",
            params={"exercise": "what-if", "index": 0, "page": number},
            headers={"Authorization": f"Bearer {secret}"},
            timeout=PATIENCE_S,
        ).json()

    return [page(number) for number in range(page(0)["pages"])]

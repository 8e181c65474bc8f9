"""A real class on 127.0.0.1, and people who take part in it without a browser."""

import hashlib
import hmac
import json
import secrets
import threading
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
import requests
from waiting import PATIENCE_S

from retrain_kit import datasets
from retrain_kit.answers import Author, signatures
from retrain_kit.answers.authors import Statement
from retrain_kit.answers.cached import CachedStore
from retrain_kit.classroom import endpoint as endpoints
from retrain_kit.classroom import server as classroom_server
from retrain_kit.classroom import signing
from retrain_kit.classroom.certificates import class_certificate
from retrain_kit.classroom.classroom import Classroom
from retrain_kit.classroom.entry import ClassEntry
from retrain_kit.classroom.programme import ClassPlan, build_programme
from retrain_kit.studies import manifests

STUDY = "embedded-sample"
MOST_ROUNDS = 6
STANDING = float
"""A clock that stands: it always says 0.0."""


class Clock:
    """A clock that goes on where a test says so."""

    now = 0.0

    def __call__(self):
        return self.now


class Class:
    """A class at work: its address, its entry and its store; `told` is what whoever runs it is told."""

    def __init__(self, classroom, endpoint, told):
        self.url, self.classroom, self.entry, self.store, self.told = (
            endpoint.link,
            classroom,
            classroom.entry,
            classroom.programme.store,
            told,
        )

        self.endpoint = endpoint
        self.verify = str(endpoint.certificate.path) if endpoint.certificate else True

    @property
    def wall(self):
        return f"{self.url}projector#{self.entry.projector_secret}"

    @property
    def desk(self):
        """The link of the teacher's page."""
        return f"{self.url}teacher#{self.entry.teacher_secret}"

    @property
    def teacher(self):
        return Teacher(self)

    @property
    def moderation(self):
        return self.classroom.moderation

    def join(self, key=""):
        return Person(self.url, self.entry.code, key, verify=self.verify)

    def shown(self, exercise, index=0, page=0):
        headers = {"Authorization": f"Bearer {self.entry.projector_secret}"}
        asked = {"exercise": exercise, "index": index, "page": page}
        return requests.get(
            f"{self.url}projector/shown", params=asked, headers=headers, timeout=PATIENCE_S
        ).json()


class Teacher:
    """Whoever has the link of the teacher's page."""

    def __init__(self, lesson):
        self.lesson = lesson
        self.headers = {"Authorization": f"Bearer {lesson.entry.teacher_secret}"}

    def get(self, path, **asked):
        url = f"{self.lesson.url}teacher/{path}"
        return requests.get(url, params=asked, headers=self.headers, timeout=PATIENCE_S)

    def ask(self, act, **more):
        body = {"act": act, **more}
        url = f"{self.lesson.url}teacher/do"
        return requests.post(url, json=body, headers=self.headers, timeout=PATIENCE_S)

    def do(self, act, **more):
        """Do something; return the lesson that pages are told of then."""
        answer = self.ask(act, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()["lesson"]

    def said(self, exercise, **asked):
        return self.get("said", exercise=exercise, **asked).json()

    def find(self, exercise, text):
        """Return the id of what was said in these words."""
        return next(each["id"] for each in self.said(exercise)["entries"] if each["text"] == text)


class Person:
    """Somebody with a page: a seat and a key of their own."""

    def __init__(self, url, code, key="", *, verify=True):
        self.url = url
        self.session = requests.Session()
        self.session.verify, self.session.trust_env = verify, False
        joined = self.session.post(f"{url}join", json={"code": code}, timeout=PATIENCE_S).json()
        self.seat, self.key = joined["seat"], key or Author.new().key
        self.session.headers["Authorization"] = f"Bearer {self.seat}"

    @property
    def who(self):
        return Author(self.key).who

    def post(self, path, body, **headers):
        own = {"Origin": f"{urlsplit(self.url).scheme}://{urlsplit(self.url).netloc}"}  # as browsers say it
        return self.session.post(
            f"{self.url}{path}", json=body, headers={**own, **headers}, timeout=PATIENCE_S
        )

    def get(self, path, **headers):
        return self.session.get(f"{self.url}{path}", headers=headers, timeout=PATIENCE_S)

    def act(self, exercise, act, index=0, **more):
        message = {"act": act, "uses": ["class"], "once": secrets.token_hex(16), **more}
        return self.ask("act", {"exercise": exercise, "index": index, "message": message})

    def ask(self, path, body):
        """Ask for something as a page does that signs: the key stays here."""
        given = {kind: {} for kind in signing.KINDS}
        for _ in range(MOST_ROUNDS):
            reply = self.post(path, {**body, **self.shown, "given": given})
            asked = reply.json().get("asked")
            if not asked:
                return reply
            given = self.more(given, asked)
        pytest.fail("the class asked again and again")

    @property
    def shown(self):
        """What shows that this person's public key is theirs."""
        author, host = Author(self.key), urlsplit(self.url).netloc
        seed = hmac.new(self.key.encode(), b"author", hashlib.sha256).digest()
        words = f"retrain-kit seat\n{host}\n{self.seat.partition('.')[0]}".encode()
        return {"public_key": author.public_key, "seat_signature": signatures.sign(seed, words)}

    def more(self, given, asked):
        """What was given, and what the class asks for."""
        author, made = Author(self.key), {kind: dict(given[kind]) for kind in signing.KINDS}
        made["locks"] |= dict(zip(asked.get("locks", ()), author.locks(asked.get("locks", ())), strict=True))
        made["digests"] |= {words: author.digest_of(words) for words in asked.get("digests", ())}
        for line in asked.get("sign", ()):
            stated = json.loads(line)
            record = stated["of"] if stated["kind"] == "withdrawal" else ""
            (signature,) = author.sign([Statement(line.encode(), record)])
            made["sign"][hashlib.sha256(line.encode()).hexdigest()] = signature
        return {**made, "at": asked["at"]}

    def do(self, exercise, act, index=0, **more):
        return self.act(exercise, act, index, **more).json()

    def say(self, text, index=0, **more):
        """Say a sentence to what Polyphony asks now."""
        turn = self.do("polyphony", "look", index)["turn"]
        return self.do("polyphony", "say", index, **{"turn": turn, "text": text, "language": "en", **more})

    def add(self, text, index=0, **more):
        return self.do("what-if", "add", index, **{"text": text, "likely": 40, **more})


@contextmanager
def held(  # noqa: PLR0913 - what a class is held on, and where
    folder, *, manifest=None, host="127.0.0.1", port=0, encrypted=False, proxies=None, **plan
):
    """Hold a class over the store in a folder, on the embedded sample where no other study is given."""
    manifest = manifest or manifests.load(STUDY)
    told = []
    with CachedStore(folder) as store:
        programme = build_programme(
            [(manifest, datasets.read(manifest))], store, ClassPlan(**{"images": 2, **plan})
        )
        for activity in programme.activities:
            activity.session.rest = 0  # However slow the machine is, a list holds what was said.
        classroom = Classroom(programme, ClassEntry.for_folder(folder), told.append)
        classroom.presence.clock = STANDING  # However slow the machine is, nobody is taken for gone.
        classroom.watch_interval_s = 0.05
        endpoint = endpoints.open_endpoint(host, port, folder, proxies)
        if encrypted:
            endpoint = replace(endpoint, certificate=class_certificate(folder, ["127.0.0.1"]))
        server = classroom_server.ClassServer(classroom, endpoint, lambda: None)
        running = threading.Thread(target=lambda: server.run(sockets=[endpoint.listener]))
        running.start()
        try:
            yield Class(classroom, endpoint, told)
        finally:
            server.should_exit = True
            running.join(PATIENCE_S)
            assert not running.is_alive(), "the class did not end"


def agree(page, *uses):
    """Say on a page in a browser what one agrees to, as it asks first; nothing is ticked in advance."""
    page.get_by_role("heading", name="What may be done with what you say?").wait_for()
    assert page.get_by_role("checkbox", checked=True).count() == 0
    for use in uses:
        page.get_by_role("checkbox", name=use).check()
    page.get_by_role("button", name="Go on with this").click()


def go_to(page, exercise):
    """Press the button of an exercise and wait until what stood there before has gone."""
    page.get_by_role("navigation", name="Exercises").get_by_role("button", name=exercise).click()
    page.locator("#exercise:not([inert])").wait_for()

"""Classes of so many people that have spoken, put into a store as other programs put answers there: by merging."""

import random
from dataclasses import dataclass, replace
from functools import cached_property

from retrain_kit import datasets
from retrain_kit.answers import AnswerContext, Author, Consent, Record, entries
from retrain_kit.answers.cached import CachedStore
from retrain_kit.answers.log import LogHeader
from retrain_kit.classroom.programme import WITHOUT_CARDS, ClassPlan, build_programme
from retrain_kit.exercises.common import prompts
from retrain_kit.exercises.polyphony.turns import FIRST, IMPROVEMENT, NEW, PROMPT_OF_STEP
from retrain_kit.exercises.surfaces.informational_surfaces import TASKS
from retrain_kit.exercises.what_if.ranges import LIKELIHOOD_WORDS
from retrain_kit.studies import manifests

STUDY = "embedded-sample"
CONSENT = Consent(("class",), "1", "2026-11-30T09:00:00Z")
OPTIONS = (
    "fog",
    "a low cloud",
    "a drone with a camera",
    "the moon, seen by day",
    "swifts",
    "smoke from a fire far away",
    "a contrail",
    "rain",
    "the branch of a tree",
    "a paper plane",
    "dust",
    "power lines",
    "a hot-air balloon in the shape of a bottle",
    "a street lamp",
    "pollen",
    "a rainbow",
    "the sun",
    "a helicopter",
    "a scaffolding",
    "flags",
    "a hang glider",
    "snow",
    "a crane",
    "bats",
)
HOSTILE = (
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2,
    "سرب من الطيور المهاجرة فوق الحقول البعيدة عند الغروب " * 3,
    "👩‍👩‍👧‍👦🏳️‍🌈" * 40,
    "<script>document.title = 'run'</script><img src=x onerror=\"document.title = 'run'\">",
    "天空中一群飞过田野的鸟" * 15,
    "W" * 200,
    "\u202eright to left\u202c and back " * 6,
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031e\u0320a\u0351l"
    * 10,
)
NOUNS = ("creature", "person", "machine", "shadow", "winter", "hand", "road", "window", "field", "morning")
VERBS = ("waits", "turns away", "stands still", "looks back", "belongs to somebody", "is counted")
ENDS = ("before it is named", "while nobody asks", "as if it were alone", "at the edge of the picture", "")


@dataclass
class Crowd:
    """So many people in a class of a study, and what they say there; the same people say the same every time."""

    people: int
    images: int = 2

    def __post_init__(self):
        self.random = random.Random(self.people)  # noqa: S311 - no secret
        self.entries = []
        self.count = 0

    @cached_property
    def authors(self):
        return [Author.new() for _ in range(self.people)]

    @cached_property
    def items(self):
        """The items of the class by exercise."""
        manifest = manifests.load(STUDY)
        programme = build_programme(
            [(manifest, datasets.read(manifest))], None, ClassPlan(WITHOUT_CARDS, self.images)
        )
        return {activity.name: activity.session.items for activity in programme.activities}

    def say(self, author, text, asked, **more):
        """Say something a second after what was said before; return the name of the record."""
        self.count += 1
        name = f"{self.random.getrandbits(128):032x}"
        when = f"2026-11-30T{9 + self.count // 3600:02}:{self.count // 60 % 60:02}:{self.count % 60:02}Z"
        (lock,) = author.locks([name])
        record = Record(
            *(name, text, author.who, when, asked, CONSENT), lock=lock, **{"language": "en", **more}
        )
        unsigned = entries.answer_entry(replace(record, public_key=author.public_key))
        self.entries += entries.signed_entries([unsigned], author, demonstration=False)
        return name

    # -- What If…? -------------------------------------------------------------------------------------

    def about(self, index, ref=""):
        place = self.items["what-if"][index].place
        return AnswerContext(STUDY, "what-if", "", (place.image,), ref)

    def add(self, author, text, likely, index=0):
        details = {"act": "added", "likely": likely, "hole": ""}
        return self.say(author, text, self.about(index), details=details)

    def place(self, author, ref, likely, index=0):
        """Say how likely an option is: an added one by its record, one of the list by its name."""
        original = ref.startswith("original:")
        details = {"act": "placed", "likely": likely, "hole": ""} | ({"option": ref} if original else {})
        asked = self.about(index, "" if original else ref)
        return self.say(author, str(likely), asked, language="", details=details)

    def let_in(self, author, likely, index=0):
        details = {"act": "let the elephant in", "likely": likely, "hole": ""}
        return self.say(author, "let the elephant in", self.about(index), language="", details=details)

    def imagine(self):
        """Everybody adds an option now and then, and says of several how likely they are."""
        listed = [f"original:{name}" for name in ("bird", "aeroplane", "kite", "more-cloud", "drone")]
        likely = {name: self.random.uniform(5, 90) for name in listed}
        for number, author in enumerate(self.authors):
            if number < len(OPTIONS):
                middle = self.random.uniform(10, 85)
                name = self.add(author, OPTIONS[number], self.degree(middle))
                listed.append(name)
                likely[name] = middle
            for ref in self.random.sample(listed, min(len(listed), 6)):
                self.place(author, ref, self.degree(likely[ref]))
        for author in self.authors[:1]:
            self.say(author, "It is somebody's garden.", self.about(0), refusal="no-answer")
        if self.people > 3:
            self.let_in(self.authors[1], "exceptionally unlikely")
            self.place(self.authors[2], "original:elephant", 2)

    def degree(self, middle):
        share = min(100, max(0, self.random.gauss(middle, 14)))
        if self.random.random() < 0.4:
            return next(word for word, (_, high) in LIKELIHOOD_WORDS.items() if share <= high)
        return 5 * round(share / 5)

    # -- Polyphony -------------------------------------------------------------------------------------

    def asked(self, step, ref=""):
        pair = self.items["polyphony"][0].exercise.pair
        text = prompts.prompts_of("polyphony")[PROMPT_OF_STEP[step]].text
        return AnswerContext(pair.left.study, "polyphony", text, pair.images, ref)

    def converse(self):
        """Everybody writes, improves somebody else's sentence and writes anew; the last are still at it."""
        firsts = [self.say(author, self.sentence(), self.asked(FIRST)) for author in self.authors]
        improved = []
        for number, author in enumerate(self.authors[: max(1, 9 * self.people // 10)]):
            read = firsts[(number + 1) % len(firsts)]
            improved.append(self.say(author, self.sentence(), self.asked(IMPROVEMENT, read)))
        for number, author in enumerate(self.authors[: max(1, 7 * self.people // 10)]):
            modified = improved[(number - 1) % len(improved)]
            self.say(author, self.sentence(), self.asked(NEW, modified))

    def sentence(self):
        one, other = self.random.sample(NOUNS, 2)
        words = f"Both show a {one} that {self.random.choice(VERBS)} beside a {other}"
        return f"{words} {self.random.choice(ENDS)}".strip() + "."

    # -- Informational surfaces ------------------------------------------------------------------------

    def tag(self):
        """Everybody describes the first image, and their hand leaves a track."""
        image = self.items["informational-surfaces"][0]
        asked = AnswerContext(STUDY, "informational-surfaces", "\n".join(TASKS), (image.image,))
        for author in self.authors:
            x, y, points = self.random.random(), self.random.random(), []
            for step in range(self.random.randrange(20, 90)):
                x = min(1, max(0, x + self.random.gauss(0, 0.06)))
                y = min(1, max(0, y + self.random.gauss(0, 0.06)))
                points.append([round(x, 4), round(y, 4), round(step * 0.12, 2)])
            details = {
                "size": list(image.size),
                "pieces": [points],
                "tags": [],
                "devices": ["touch"],
                "seconds": points[-1][2] + 1,
            }
            self.say(author, f"{self.sentence()}", asked, details=details)

    # -- Recoding Art ----------------------------------------------------------------------------------

    def about_work(self):
        work = self.items["recoding-art"][0]
        return AnswerContext(STUDY, "recoding-art", "", (work.image,))

    def consider(self, texts=()):
        """One refuses; everybody else describes the first image, and most say whether it is art."""
        for number, author in enumerate(self.authors[1:]):
            art = ("yes", "I don't know", "no", "")[number % 7 % 4]
            text = texts[number % len(texts)] if texts else self.sentence()
            self.say(author, text, self.about_work(), details={"described": True, "art": art})
        for author in self.authors[:1]:
            self.say(author, "Ask somebody else.", self.about_work(), refusal="no-answer")

    # -- what somebody may do to a wall ----------------------------------------------------------------

    def provoke(self):
        """Say very long words, from right to left, in signs, and more than any wall has room for."""
        rude = self.authors[0]
        names = [self.add(rude, text, 50) for text in HOSTILE]
        for number in range(500):
            self.add(rude, f"{number} of {HOSTILE[number % len(HOSTILE)]}"[:200], number % 101)
        for author in self.authors:
            for name in names:
                self.place(author, name, self.random.choice((0, 100, "virtually certain")))
        firsts = [
            self.say(author, 5 * HOSTILE[n % len(HOSTILE)], self.asked(FIRST))
            for n, author in enumerate(self.authors)
        ]
        for number, author in enumerate(self.authors):
            read = firsts[(number + 1) % len(firsts)]
            for _ in range(3):
                self.say(author, 5 * HOSTILE[number % len(HOSTILE)], self.asked(IMPROVEMENT, read))
        for author in self.authors:
            self.say(author, HOSTILE[1], self.about(0), refusal="burn")
        self.consider([5 * text for text in HOSTILE])

    def enter(self, folder):
        """Put all that was said into the store in a folder."""
        file = folder.with_name(f"{folder.name}.jsonl")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"".join(line + b"\n" for line in LogHeader().lines(self.entries)))
        with CachedStore(folder) as store:
            if self.entries:
                store.merge(file)
        return folder


def entered(folder, people):
    """Put into the store in a folder what so many people have said in all exercises."""
    crowd = Crowd(people)
    crowd.imagine()
    crowd.converse()
    crowd.tag()
    crowd.consider()
    return crowd.enter(folder)

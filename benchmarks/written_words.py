"""The words of as many phrases as Visual Genome has: what is written, what stands beside, and the sentences.

Phrases are generated: short ones as people write them, of words of which a few are frequent and tens of
thousands rare, 50 an image, each with 35 boxes. Images come one by one and are kept nowhere. Each pass is
told in CPU seconds, without those of making the phrases, and as so many times a pass that does nothing but
cut phrases into words; the peak is what the system counted (VmHWM).

    python benchmarks/written_words.py [phrases]
"""

import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from retrain_kit.analysis import word_company, written_words
from retrain_kit.analysis.english import EnglishReader
from retrain_kit.analysis.vocabulary import Vocabulary
from retrain_kit.analysis.written_words import ImageWords
from retrain_kit.annotations.written import PHRASE, DataSetText

PHRASES = 5_400_000
AN_IMAGE, BOXES, WORDS, LABELS = 50, 35, 75_000, 20_000
FORMS = (
    "a {0} {1} on the {2}",
    "{0} {1}",
    "the {1} is {0}",
    "man is wearing a {0} {1}",
    "woman holding a {1} beside {2}s",
    "{1} standing near the {2}",
    "two {1}s in the {2}",
)
ASKED = ("man", "woman", "boy", "girl", "person")


def words() -> list[str]:
    """Return words that are none, each once."""
    random = np.random.default_rng(5)
    ends = ("on", "ar", "ip", "et", "ul", "ack", "ine", "o")
    return [f"{''.join(random.choice([*'bcdfglmnprst'], 3))}{ends[n % 8]}{n}x"[:11] for n in range(WORDS)]


def images(phrases: int) -> Iterator[ImageWords]:
    """Yield images one by one, the same every time."""
    random, names = np.random.default_rng(7), words()
    for number in range(phrases // AN_IMAGE):
        drawn = np.minimum(random.zipf(1.3, (AN_IMAGE, 3)) - 1, WORDS - 1).tolist()
        forms = random.integers(0, len(FORMS), AN_IMAGE).tolist()
        texts = [
            DataSetText(FORMS[form].format(*(names[each] for each in row)), PHRASE)
            for form, row in zip(forms, drawn, strict=True)
        ]
        boxed = np.minimum(random.zipf(1.3, BOXES) - 1, LABELS - 1).tolist()
        yield ImageWords(str(number), {names[each] for each in boxed}, texts)


def seconds(of: Callable[[], object]) -> float:
    """Return the CPU seconds that something takes."""
    began = time.process_time()
    of()
    return time.process_time() - began


def main() -> None:
    """Print what each pass takes."""
    phrases = int(sys.argv[1]) if len(sys.argv) > 1 else PHRASES
    reader = EnglishReader()
    keys = {key: key for label in words()[:LABELS] for key in (" ".join(reader.lemmas(label)),)}
    vocabulary, cut = Vocabulary(reader, keys, keys, {}), re.compile(r"\w+")
    made = seconds(lambda: sum(len(row.texts) for row in images(phrases)))
    bare = seconds(lambda: sum(len(cut.findall(each.text)) for row in images(phrases) for each in row.texts))
    wanted, beside = (
        [*keys][:48],
        [(word, word_company.Place.WITH, key) for word in ASKED for key in [*keys][:10]],
    )
    passes = {
        "what is written, beside boxes": lambda: written_words.count_written_words(
            images(phrases), vocabulary
        ),
        "the sentences of 48 words": lambda: written_words.quote_written_words(
            images(phrases), vocabulary, wanted, 7
        ),
        "what stands beside 5 words": lambda: word_company.count_word_company(images(phrases), reader, ASKED),
        "the sentences of 50 pairs": lambda: word_company.quote_word_company(
            images(phrases), reader, beside, 7
        ),
    }
    for name, run in passes.items():
        took = seconds(run) - made
        times = took / max(bare - made, 1e-9)
        print(f"{phrases:,} phrases, {name}: {took:.0f} s of CPU, {times:.1f} times cutting them into words")
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    peak = next(line.split()[1] for line in status if line.startswith("VmHWM"))
    print(f"at most {int(peak) // 1000:,} MB")


if __name__ == "__main__":
    main()

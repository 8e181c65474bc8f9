"""What people read, taken out of the code: the messages that every catalogue must have. `make languages` runs it."""

from __future__ import annotations

import io
import re
import sys
import tomllib
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
KIT = ROOT / "retrain_kit"
CATALOGUES = KIT / "data" / "languages"
KEYWORDS = {**DEFAULT_KEYWORDS, "marked": None, "sentence": None}
METHODS = {".py": "python", ".js": "javascript", ".j2": "jinja2.ext:babel_extract"}
PROMPTS = ("prompts.toml", "living_with_images.toml")
"""Prompts have their translations beside them; the line that says whose they are is a message."""
NAMED = ("aria-label", "alt", "placeholder", "title")
EMPTY = ("area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr")
SILENT = ("script", "style", "code")
PLURALS = {
    "es": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "pt": "nplurals=2; plural=(n > 1);",
}
"""As browsers have them, of Portuguese that of Brazil."""
HEADER = """\
# The words of the kit in {name}. Nobody has reviewed this translation, and every page that shows it says so.
# English stands in the code; `make languages` keeps this file with it.
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


class Page(HTMLParser):
    """The messages of an HTML page, as `widgets/languages.js` finds them: an element among words is `{id}`."""

    def __init__(self, text):
        super().__init__()
        self.open, self.messages = [("", [])], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        stated = dict(attributes)
        self.messages += [stated[name] for name in NAMED if stated.get(name)]
        self.open[-1][1].append(f"{{{stated.get('id', '')}}}")
        if tag not in EMPTY:
            self.open.append((tag, []))

    def handle_endtag(self, tag):
        name, parts = self.open.pop()
        assert name == tag, f"<{name}> is closed by </{tag}>"
        if tag not in SILENT and any(has_words(part) for part in parts):
            message = re.sub(r"\s+", " ", "".join(parts)).strip()
            places = re.findall(r"\{([^}]*)\}", message)
            assert all(re.fullmatch(r"\w+", place) for place in places), (
                f"an element has no id of letters: {message}"
            )
            self.messages.append(message)

    def handle_data(self, text):
        self.open[-1][1].append(text)


def has_words(part):
    """Whether a part of an element is words, and no sign, no element's place and none of a template's."""
    return any(map(str.isalpha, part)) and not re.fullmatch(r"\s*(\{[\w-]*\}|\$\w+)\s*", part)


def messages():
    """Return the messages of the code in a catalogue, each with the files that it stands in."""
    found = Catalog(charset="utf-8")
    for path in sorted(KIT.rglob("*")):
        place = path.relative_to(KIT).as_posix()
        if not path.is_file():
            continue
        for message in messages_of(path):
            found.add(message, locations=[(place, 0)])
    return found


def messages_of(path):
    if path.suffix == ".html":
        return Page(path.read_text(encoding="utf-8")).messages
    if path.name in PROMPTS:
        stated = tomllib.loads(path.read_text(encoding="utf-8"))
        return [stated["credit"], *stated.get("returned", {}).get("credit", {}).values()]
    if path.suffix not in METHODS:
        return []
    extracted = extract_from_file(METHODS[path.suffix], path, KEYWORDS, options={"silent": "false"})
    return [message for _, message, *_ in extracted if message and all(message)]


def updated(language, found):
    """Return a catalogue brought up to date with the code, as its file should be."""
    path = CATALOGUES / f"{language}.po"
    known = read_po(io.BytesIO(path.read_bytes()), locale=language) if path.exists() else Catalog(language)
    catalogue = Catalog(language)
    for message in found:
        if message.id:
            before = known.get(message.id)
            catalogue.add(message.id, before.string if before else None, locations=message.locations)
    name, plurals = catalogue.locale.english_name, PLURALS[language]
    file = io.BytesIO()
    write_po(file, catalogue, width=118, omit_header=True, include_lineno=False, sort_by_file=True)
    return HEADER.format(name=name, language=language, plurals=plurals).encode() + file.getvalue()


def main():
    found = messages()
    for path in sorted(CATALOGUES.glob("*.po")):
        path.write_bytes(updated(path.stem, found))
        empty = [message.id for message in read_po(io.BytesIO(path.read_bytes())) if is_empty(message)]
        sys.stdout.write(f"{path.name}: {len(found)} messages, {len(empty)} without a translation\n")


def is_empty(message):
    """Whether a message, or one of its forms, has no translation."""
    strings = [message.string] if isinstance(message.string, str) else message.string
    return bool(message.id) and not all(strings)


if __name__ == "__main__":
    main()

"""Sessions: what the people at a screen may ask of an exercise, and what they are shown next.

A browser sends an act and what belongs to it; what comes back is the whole page that this person may see now.
Whoever holds a session, a notebook's widget or a class, adds nothing to it. A session knows nobody: who sits
where is the screen's. An act that says `once` counts once, whatever it is and however often it comes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from retrain_kit.answers import REFUSALS, Author, author_of, messages
from retrain_kit.answers.takeaway import read_takeaway
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises.common import consent, prompts, refusals
from retrain_kit.exercises.common.consent import NOTHING_WITHHELD, ConsentNeededError, Voice, Withheld
from retrain_kit.storage.languages import chosen_language, error_in_words, gettext, marked, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from retrain_kit.answers import Key, ReachedFiles, Record, SavedRecord, Store
    from retrain_kit.answers.takeaway import Brought
    from retrain_kit.display.figures import Panel

    Sent = Mapping[str, Any]
    Act = Callable[["Screen", Sent], str | dict[str, Any]]

T = TypeVar("T")

FILE_GIVEN = marked("(a file)")
KEPT_ALREADY = marked("That was kept already, once.")
ANSWER_KEPT = marked("Your answer is kept.")
REFUSAL_KEPT = marked("Your refusal is kept. It is an answer.")
SHOWN_TO_NOBODY = marked("It is shown to nobody else: you have not agreed to it.")
FOOTNOTE_KEPT = marked("Your footnote is kept; what you said before stays.")
ANSWER_WITHDRAWN = marked("Withdrawn. Only that something was withdrawn is left.")
SOMEBODY_ELSE = marked("Somebody else answers now.")


@dataclass
class Screen:
    """Who sits at a screen, and what it shows.

    Parameters
    ----------
    keys
        Of those who sit there, a seat each; empty for somebody who has said nothing yet.
    seat
        Whose turn it is.
    index
        Which item is shown.
    keeper
        Whether whoever sits there keeps the answers, and may know where files are.
    done
        What was done there and left nothing in the store by which to know it again: the act, and its `once`.
    place
        In a class, which seat it is: what comes in pieces is counted by it.
    """

    keys: list[Key] = field(default_factory=lambda: [""])
    seat: int = 0
    index: int = 0
    keeper: bool = False
    done: set[tuple[str, str]] = field(default_factory=set)
    place: str = ""

    @property
    def key(self) -> Key:
        """The key of whoever's turn it is."""
        return self.keys[self.seat]

    @key.setter
    def key(self, key: Key) -> None:
        self.keys[self.seat] = key

    @property
    def who(self) -> str:
        """The pseudonym of whoever's turn it is; empty before they have said anything."""
        return author_of(self.key).who if self.key else ""


@dataclass(frozen=True)
class ItemView:
    """Something to look at: what the browser is told of it, and its images."""

    widget_data: Mapping[str, Any]
    panels: tuple[Panel, ...]

    @classmethod
    def of_image(cls, panel: Panel, **told: object) -> ItemView:
        """Return one image with what is told of it, its alternative text and its size in pixels."""
        width, height = panel.size
        return cls({"alt": panel.alt, **told, "width": width, "height": height}, (panel,))

    @property
    def wire(self) -> dict[str, Any]:
        """The item with its images; their bytes travel as binary buffers."""
        data = [{"data": panel.data, "media_type": panel.media_type} for panel in self.panels]
        if "panels" not in self.widget_data:
            return {**self.widget_data, **data[0]}
        return {
            **self.widget_data,
            "panels": [{**a, **b} for a, b in zip(self.widget_data["panels"], data, strict=True)],
        }


class Session(ABC, Generic[T]):
    """An exercise at work, for any number of screens.

    Parameters
    ----------
    items
        What is gone through, in its order.

    Attributes
    ----------
    name, title
        The exercise's.
    script
        The browser's half of it: its place in the package.
    version, uses
        What people are asked to agree to, and which text that is.
    needs
        Uses without which nothing can be kept, each with what a person is told then.
    note_letters
        How long a footnote may be.
    told, refused
        What people are told of what they did, and refusals as they stand among answers: for a page without a
        server.
    beside
        The language that stands beside the English prompts, for whoever has chosen none.
    withheld
        What nobody is shown of what others say; in a class, the teacher's choice.
    large
        Fields of messages that are long, and checked on their own.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    script: ClassVar[str]
    version: ClassVar[str]
    uses: ClassVar[Mapping[str, str]] = consent.USES
    needs: ClassVar[Mapping[str, str]] = {}
    note_letters: ClassVar[int] = messages.MAX_SHORT_CHARS
    large: ClassVar[frozenset[str]] = frozenset()
    told: ClassVar[Mapping[str, str]] = {
        "already": KEPT_ALREADY,
        "answer": ANSWER_KEPT,
        "refusal": REFUSAL_KEPT,
        "hidden": SHOWN_TO_NOBODY,
        "footnote": FOOTNOTE_KEPT,
    }
    refused: ClassVar[Mapping[str, str]] = refusals.WORDS_AMONG_ANSWERS
    beside: str = prompts.ORIGINAL_LANGUAGE
    withheld: Withheld = NOTHING_WITHHELD

    def __init__(self, items: Sequence[T]) -> None:
        self.items = tuple(items)
        self._views: dict[str, tuple[ItemView, ...]] = {}

    @property
    def spoken(self) -> str:
        """The language of whoever is spoken to now: the one that they chose, else the session's."""
        return chosen_language() or self.beside

    @property
    def language(self) -> str:
        """The language of texts of which nobody says it; most exercises ask."""
        return ""

    # -- what an exercise says of itself ------------------------------------------------------------

    @property
    def item_views(self) -> tuple[ItemView, ...]:
        """The items as the browser is told of them."""
        if self.spoken not in self._views:
            self._views[self.spoken] = tuple(self._item(index, item) for index, item in enumerate(self.items))
        return self._views[self.spoken]

    @property
    def setting(self) -> dict[str, Any]:
        """What stays the same for everybody: uses, ways to refuse, and what the exercise adds."""
        return {
            "uses": [[use, gettext(words)] for use, words in self.uses.items()],
            "needs": {use: gettext(words) for use, words in self.needs.items()},
            "refusals": [[name, gettext(refusals.REFUSAL_BUTTONS[name])] for name in REFUSALS],
        }

    @property
    @abstractmethod
    def stores(self) -> tuple[Store, ...]:
        """The store of each item; one alone where all share it."""

    @property
    @abstractmethod
    def records(self) -> list[Record]:
        """What was said."""

    @property
    def tally(self) -> tuple[int, int]:
        """How many answers there are, and how many of them are refusals."""
        said = self.records
        return len(said), sum(bool(record.refusal) for record in said)

    def is_answer(self, record: Record) -> bool:
        """Say whether a record answers this exercise."""
        return record.asked.exercise == self.name

    def index_of(self, record: Record) -> int | None:
        """Return which item a record speaks of; None where it is none of these."""
        images = [self._images(item) for item in self.items]
        ours = record.asked.exercise == self.name and record.asked.images in images
        return images.index(record.asked.images) if ours else None

    @property
    def images(self) -> list[str]:
        """The images of all items, as answers keep them, each once."""
        return list(dict.fromkeys(image for item in self.items for image in self._images(item)))

    def typed_words(self, record: Record) -> str:
        """Return what somebody typed; empty where all of it was chosen."""
        return record.text

    def told_in_words(self, record: Record) -> str:
        """Return what somebody said as whoever keeps the answers reads it; empty where there are no words."""
        if record.refusal:
            return refusals.refusal_in_words(record)
        return self.typed_words(record) or (gettext(FILE_GIVEN) if record.given_sha256 else "")

    def leave(self, who: str) -> None:
        """Take note that somebody has left; most exercises keep nothing waiting for anybody."""

    def is_slow(self, _: Sent) -> bool:
        """Say whether an act takes its time, so that others do not wait for it; hardly any does."""
        return False

    def forget(self) -> None:
        """Let go of what was drawn, as when something was withdrawn; most exercises draw anew."""

    # -- without a server --------------------------------------------------------------------------

    @property
    def carried(self) -> dict[str, Any]:
        """What a page needs of the exercise where no session answers it: see `common/handout.js`."""
        return {
            "version": self.version,
            "letters": self.note_letters,
            "language": self.language,
            "refused": {way: gettext(words) for way, words in self.refused.items()},
            "told": {name: gettext(words) for name, words in self.told.items()},
            "items": [self.carried_item(index) for index in range(len(self.items))],
        }

    @abstractmethod
    def carried_item(self, index: int) -> dict[str, Any]:
        """Return what such a page needs of an item: what answers to it say that they answer, and the like."""

    @property
    def carried_ids(self) -> set[str]:
        """The ids of what others said and such a page brings to read; most exercises bring nothing."""
        return set()

    # -- acts --------------------------------------------------------------------------------------

    @property
    def looks(self) -> Mapping[str, Act]:
        """The acts that keep nothing."""
        return {"look": self._look, "go": self._look, "open-file": self._open_file}

    leaving: ClassVar[frozenset[str]] = frozenset({"withdraw", "return", "somebody-else", "leave"})
    """The acts by which people take back what they said, or go: possible at any time."""

    @property
    def acts(self) -> Mapping[str, Act]:
        """The acts that count once."""
        return {
            "refuse": self._refuse,
            "footnote": self._footnote,
            "withdraw": self._withdraw,
            "return": self._return,
            "bring": self._bring,
            "somebody-else": self._leave,
        }

    def answer(self, screen: Screen, sent: Sent) -> dict[str, Any]:
        """Do what a screen asks for, and return the page that follows; or what was asked for, alone.

        Raises
        ------
        DataError
            When it cannot be kept; nothing is changed then.
        """
        try:
            told = self._do(screen, sent)
        except ConsentNeededError as error:
            return {**self.page(screen, fault=gettext(self.needs[error.use])), "needs": error.use}
        except ParameterError as error:
            return self.page(screen, fault=error_in_words(error))
        return self.page(screen, told=told, done=sent["act"]) if isinstance(told, str) else told

    def page(self, screen: Screen, *, told: str = "", fault: str = "", done: str = "") -> dict[str, Any]:
        """Return all that whoever's turn it is may see now."""
        about = {
            "index": screen.index,
            "who": screen.who,
            "key": screen.key if isinstance(screen.key, str) else "",
        }
        return {**about, **self._view(screen, done), "told": told, "fault": fault, "done": done}

    def _do(self, screen: Screen, sent: Sent) -> str | dict[str, Any]:
        large = {*self.large, "file"} if screen.keeper else self.large
        messages.check_length({name: value for name, value in sent.items() if name not in large})
        act, once = messages.text_field(sent, "act"), messages.text_field(sent, "once")
        if act not in self.looks and act not in self.acts:
            known = ", ".join((*self.looks, *self.acts))
            raise ParameterError(Fault("act", repr(act[:80]), f"one of {known}"))
        if "index" in sent:
            screen.index = messages.number_field(sent, "index", len(self.items))
        if act in self.looks:
            return self.looks[act](screen, sent)
        if self._came(screen, act, once):
            return gettext(KEPT_ALREADY)
        told = self.acts[act](screen, sent)
        if once and not self._came(screen, act, once):
            screen.done.add((act, once))
        return told

    def _came(self, screen: Screen, act: str, once: str) -> bool:
        """Say whether an act of whoever's turn it is came before."""
        return (act, once) in screen.done or self._store(screen).was_kept(once, screen.key)

    def _look(self, _: Screen, __: Sent) -> str:
        return ""

    def _refuse(self, screen: Screen, sent: Sent) -> str:
        return self._kept(
            screen, self._refusal(screen, sent, messages.text_field(sent, "refusal")), gettext(REFUSAL_KEPT)
        )

    def _footnote(self, screen: Screen, sent: Sent) -> str:
        text, voice = messages.text_field(sent, "text"), self._voice(screen, sent)
        faults = messages.length_faults(gettext("footnote"), text, self.note_letters, least=1)
        if faults:
            raise ParameterError(*faults)
        name, language = messages.text_field(sent, "record"), voice.language
        self._store(screen).amend(name, text, screen.key, language=language, once=voice.once)
        return gettext(FOOTNOTE_KEPT)

    def _withdraw(self, screen: Screen, sent: Sent) -> str:
        name = messages.text_field(sent, "record")
        if self._store(screen).was_withdrawn(name, screen.key):
            return gettext(KEPT_ALREADY)
        return self._gone(screen, self._store(screen).withdraw(name, screen.key).reached)

    def _return(self, screen: Screen, sent: Sent) -> str:
        screen.key = Author(messages.text_field(sent, "key")).key
        return gettext("You are {who} again.", who=screen.who)

    def _open_file(self, screen: Screen, sent: Sent) -> dict[str, Any]:
        """Say what is in a file of answers that somebody has; nothing of it is kept."""
        brought = self._brought(screen, sent)
        said = [refusals.refusal_in_words(each) if each.refusal else each.text for each in brought.records]
        return {"brought": {"people": list(brought.people), "said": said}}

    def _bring(self, screen: Screen, sent: Sent) -> str:
        """Take in what somebody said elsewhere, by their file and their key, and let them go on."""
        author = Author(messages.text_field(sent, "key"))
        brought = self._brought(screen, sent).of(author)
        if not brought.entries:
            do = gettext("Type the key that belongs to the file.")
            raise ParameterError(
                Fault("key", "another person's", "that of whoever said what is in the file", do)
            )
        come = self._store(screen).take_in(brought.incoming)
        told = self._return(screen, {"key": author.key})
        more = ngettext(
            "{count} answer or footnote came back.", "{count} answers and footnotes came back.", come
        )
        return f"{told} {more}"

    def _brought(self, screen: Screen, sent: Sent) -> Brought:
        if not screen.keeper:
            raise ParameterError(Fault("file", "one for a class", "a file in a notebook"))
        return read_takeaway(
            messages.text_field(sent, "file"), demonstration=self._store(screen).demonstration
        )

    def _leave(self, screen: Screen, _: Sent) -> str:
        screen.key = ""
        return gettext(SOMEBODY_ELSE)

    # -- what an exercise adds ---------------------------------------------------------------------

    @abstractmethod
    def _item(self, index: int, item: T) -> ItemView:
        """Return an item as the browser is told of it."""

    def _images(self, item: T) -> tuple[str, ...]:
        """Return the images of an item, as answers to it keep them."""
        return (getattr(item, "image", ""),)

    @abstractmethod
    def _view(self, screen: Screen, act: str) -> dict[str, Any]:
        """Return what a page shows after an act: `mine`, and what the exercise shows beside."""

    @abstractmethod
    def _refusal(self, screen: Screen, sent: Sent, refusal: str) -> SavedRecord:
        """Keep a refusal."""

    def _hides(self, agreed: Sequence[str]) -> bool:
        """Say whether nobody else here is shown what was agreed to so far."""
        return "class" not in agreed

    # -- what acts have in common -------------------------------------------------------------------

    def _store(self, screen: Screen) -> Store:
        return self.stores[screen.index if len(self.stores) > 1 else 0]

    def _voice(self, screen: Screen, sent: Sent) -> Voice:
        language = messages.text_field(sent, "language") or self.language
        agreed = messages.consent_field(sent, self.uses, self.version)
        return Voice(agreed, screen.key, language, messages.text_field(sent, "once"))

    def _heard_voice(self, screen: Screen, sent: Sent) -> Voice:
        """Return who speaks; a `ConsentNeededError` where they have not agreed to what is needed."""
        voice = self._voice(screen, sent)
        missing = next((use for use in self.needs if use not in voice.consent.agreed), "")
        if missing:
            raise ConsentNeededError(missing)
        return voice

    def _kept(self, screen: Screen, said: SavedRecord, told: str) -> str:
        """Return what a person is told of something that is kept; the key is theirs from now on."""
        screen.key = said.key
        return f"{told} {gettext(SHOWN_TO_NOBODY)}" if self._hides(said.record.consent.agreed) else told

    def _gone(self, screen: Screen, reached: ReachedFiles) -> str:
        """Return what a person is told of something that is withdrawn, and of what may still hold it."""
        self.forget()
        told, left = [gettext(ANSWER_WITHDRAWN)], reached.remaining
        if screen.keeper and reached.deleted:
            files = ", ".join(map(str, reached.deleted))
            told.append(gettext("These files went with it: {files}.", files=files))
        if left:
            told.append(_left_in_words(left, named=screen.keeper))
        return " ".join(told)


def _left_in_words(left: Sequence[str], *, named: bool) -> str:
    """Return where something may still be that was withdrawn; files are named to the keeper alone."""
    if named:
        return gettext("These may still hold it: {files}.", files=", ".join(left))
    return ngettext(
        "What was made from the answers may still hold it, in {count} place: ask whoever keeps the answers.",
        "What was made from the answers may still hold it, in {count} places: ask whoever keeps the answers.",
        len(left),
    )

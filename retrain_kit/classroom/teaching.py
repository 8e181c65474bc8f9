"""Teaching: what a teacher may do with a class.

What they do holds at once, for everybody; then it is kept on the disk, so that a class that is killed goes on
as it was.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import anyio.to_thread

from retrain_kit.classroom.lesson import Deletion
from retrain_kit.classroom.limits import RateLimit, RequestRefusedError
from retrain_kit.classroom.study_images import StudyImages
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from retrain_kit.classroom.classroom import Classroom
    from retrain_kit.classroom.lesson import Lesson

    Sent = Mapping[str, Any]

EXPORT_FILE = "handed-out/answers.jsonl"
"""All answers of a class that has ended, in its folder; what is withdrawn later leaves this file too."""
MAX_NAMES = 1_000
NOT_ON_DISK = marked("It holds now, but could not be kept on the disk: after a restart it is as before.")
GONE = marked("That is there no more: its author may have withdrawn it.")
STAYS_OPEN = marked("Pause or close this exercise first: somebody may be answering to its images.")


class Teaching:
    """The teacher's part of a class; acts come one after the other.

    Parameters
    ----------
    classroom
        The class that is taught.
    """

    def __init__(self, classroom: Classroom) -> None:
        self._classroom, self._moderation = classroom, classroom.moderation
        self.images = StudyImages(classroom.programme.studies)
        self.asking = RateLimit(120, 10)
        self._turn = asyncio.Lock()

    @property
    def _lesson(self) -> Lesson:
        return self._moderation.lesson

    async def do(self, sent: Sent) -> None:
        """Do what a teacher asks for.

        Raises
        ------
        RequestRefusedError, ParameterError
            When there is no such act, or it cannot be done.
        """
        act = sent.get("act")
        if not isinstance(act, str) or act not in self._acts:
            raise ParameterError(Fault("act", "another", f"one of {', '.join(self._acts)}"))
        async with self._turn:
            await self._acts[act](sent)

    @property
    def _acts(self) -> Mapping[str, Callable[[Sent], Awaitable[None]]]:
        return {
            "state": self._state,
            "lead": self._lead,
            "roam": self._roam,
            "time": self._time,
            "freeze": self._freeze,
            "thaw": self._thaw,
            "approve-first": self._approve_first,
            "show-at-once": self._show_at_once,
            "hide": self._hide,
            "let": self._let,
            "delete": self._delete,
            "images": self._images,
            "code": self._code,
            "open-door": self._open_door,
            "end": self._end,
            "go-on": self._go_on,
            "stop": self._stop,
        }

    async def _state(self, sent: Sent) -> None:
        names = self._exercises(sent)
        lesson = self._lesson
        for name in names:
            lesson = lesson.with_state(name, sent.get("state"))
        await self._become(lesson)

    async def _lead(self, sent: Sent) -> None:
        activity, index = self._classroom.programme.activity(sent.get("exercise"), sent.get("index"))
        await self._become(self._lesson.led_to(activity.name, index))

    async def _roam(self, _: Sent) -> None:
        await self._become(self._lesson.roaming())

    async def _time(self, sent: Sent) -> None:
        await self._become(self._lesson.timed(sent.get("seconds"), time.time()))

    async def _freeze(self, _: Sent) -> None:
        known = await self._known()
        await self._become(self._lesson.freezing(known), everywhere=True)

    async def _thaw(self, _: Sent) -> None:
        await self._become(self._lesson.thawing(), everywhere=True)

    async def _approve_first(self, _: Sent) -> None:
        known = await self._known()
        await self._become(self._lesson.approving(known), everywhere=True)

    async def _show_at_once(self, _: Sent) -> None:
        await self._become(self._lesson.trusting(), everywhere=True)

    async def _hide(self, sent: Sent) -> None:
        names = await self._names(sent)
        await self._become(self._lesson.hiding(names), everywhere=True)

    async def _let(self, sent: Sent) -> None:
        names = await self._names(sent)
        await self._become(self._lesson.letting(names), everywhere=True)

    async def _delete(self, sent: Sent) -> None:
        """Delete something for good; it is hidden first, and so gone at once, however long that takes."""
        (name, *_) = await self._names(sent)
        self._moderation.lesson = self._lesson.hiding([name])
        self._classroom.notify_all(urgent=True)
        saying = self._moderation.said.by_id.get(name)
        store = self._classroom.programme.store
        await self._classroom.run_in_thread(store.delete_as_keeper, name)
        self._classroom.programme.forget()
        deletion = Deletion(saying.who, saying.exercise) if saying else None
        await self._become(self._lesson.deleting(name, deletion), everywhere=True)

    async def _images(self, sent: Sent) -> None:
        """Choose the images of an exercise; nobody answers to them meanwhile."""
        (exercise,) = self._exercises(sent)
        if not self._lesson.refusal(exercise):
            raise RequestRefusedError(409, gettext(STAYS_OPEN))
        asked = sent.get("images")
        names = [each for each in asked if isinstance(each, str)] if isinstance(asked, list) else []
        before = self._classroom.programme
        made = await self._classroom.run_in_thread(before.with_images, exercise, names)
        _ = made.panels, made.page_data
        self._classroom.programme = made
        self._moderation.begin(made.activities)
        self._classroom.about_version += 1
        await self._become(self._lesson.choosing(exercise, names), everywhere=True)

    async def _code(self, _: Sent) -> None:
        entry = self._classroom.entry.with_new_code()
        await self._classroom.run_in_thread(entry.write, self._moderation.folder)
        self._classroom.entry = self._classroom.door.entry = entry
        self._classroom.about_version += 1
        self._classroom.notices(f"The teacher has made a new code: {entry.code}")
        self._classroom.presence.notify(urgent=True)

    async def _open_door(self, _: Sent) -> None:
        self._classroom.door.open()
        self._classroom.presence.notify(urgent=True)

    async def _end(self, _: Sent) -> None:
        await self._become(self._lesson.ended(time.time()), everywhere=True)

    async def _go_on(self, _: Sent) -> None:
        await self._become(self._lesson.going_on(), everywhere=True)

    async def _stop(self, _: Sent) -> None:
        if not self._lesson.over:
            raise RequestRefusedError(409, gettext("End the class first."))
        self._classroom.stop()

    def _exercises(self, sent: Sent) -> list[str]:
        """Return the exercises that are meant: one, or a list of them."""
        asked = sent.get("exercise")
        return [self._classroom.programme.activity(name, 0)[0].name for name in _as_list(asked)]

    async def _names(self, sent: Sent) -> list[str]:
        """Return the ids that are meant, of what was said."""
        asked, known = _as_list(sent.get("ids"))[:MAX_NAMES], set(await self._known())
        names = [name for name in asked if isinstance(name, str) and name in known]
        if not names:
            raise RequestRefusedError(404, gettext(GONE))
        return names

    async def _known(self) -> list[str]:
        return await self._classroom.run_in_thread(self._moderation.known)

    async def _become(self, lesson: Lesson, *, everywhere: bool = False) -> None:
        """Go on with another lesson: at once, for everybody; then on the disk."""
        self._moderation.lesson = lesson
        self._classroom.presence.notify(urgent=True)
        if everywhere:
            self._classroom.notify_all(urgent=True)
        try:
            await anyio.to_thread.run_sync(self._moderation.keep)
        except DataError as error:
            self._classroom.notices(str(error))
            raise RequestRefusedError(507, gettext(NOT_ON_DISK)) from error

    def export(self) -> bytes:
        """Return all answers as a file for `retrain-kit merge`; it stays in the class's folder, too."""
        path = self._moderation.folder / EXPORT_FILE
        self._classroom.programme.store.export(path)
        return path.read_bytes()


def _as_list(asked: object) -> list[object]:
    return list(asked) if isinstance(asked, list) else [asked]

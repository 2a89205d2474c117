"""What a phone sends at once, although somebody said one thing: it gets one answer.

An album comes as a message a picture, a text that is too long as several, and so do messages that are
forwarded together. Each process knows what came to it; the parts of an album that came to another replica are
known by their job (see `Envelope.job_id`).
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.contents import album_of
from bot.payload import Incoming

PEOPLE: Final = 20_000
"""People whose last message is remembered; who was here longest ago is forgotten first."""
CUT_CHARACTERS: Final = 2048
"""Telegram's apps cut a text between half of the 4,096 characters of a message and all of them."""
WITHIN_SECONDS: Final = 2
"""Parts follow each other as fast as the line allows; Telegram dates them in whole seconds."""


@dataclass(frozen=True, slots=True)
class Part:
    """A person's last message, as far as a later one may belong to it."""

    first: int
    """The update that began what it is a part of."""
    date: int
    album: str | None
    is_cut: bool
    """Whether it may be a text that goes on in the next message."""
    forwarded: bool


class Bursts:
    """Tells the first message of what was sent at once from those that belong to it."""

    def __init__(self, people: int = PEOPLE) -> None:
        self._people = people
        self._last: OrderedDict[int, Part] = OrderedDict()

    def is_first(self, incoming: Incoming) -> bool:
        """Tell whether an update stands alone or begins a burst; one that Telegram repeats still does."""
        message, person = incoming.event, incoming.person_id
        if incoming.type != "message" or message is None or person is None:
            return True
        last = self._last.get(person)
        goes_on = last is not None and _goes_on(last, message)
        first = last.first if last is not None and goes_on else incoming.update_id
        self._remember(person, _part(message, first))
        return first == incoming.update_id

    def _remember(self, person: int, part: Part) -> None:
        self._last[person] = part
        self._last.move_to_end(person)
        if len(self._last) > self._people:
            self._last.popitem(last=False)


def _goes_on(last: Part, message: Mapping[str, Any]) -> bool:
    album = album_of(message)
    if album is not None or last.album is not None:
        return album == last.album
    if not 0 <= _date(message) - last.date <= WITHIN_SECONDS:
        return False
    if last.forwarded or _is_forwarded(message):
        return last.forwarded and _is_forwarded(message)
    return last.is_cut and _text(message) != "" and not _text(message).startswith("/")


def _part(message: Mapping[str, Any], first: int) -> Part:
    return Part(
        first=first,
        date=_date(message),
        album=album_of(message),
        is_cut=len(_text(message)) >= CUT_CHARACTERS,
        forwarded=_is_forwarded(message),
    )


def _text(message: Mapping[str, Any]) -> str:
    text = message.get("text")
    return text if isinstance(text, str) else ""


def _date(message: Mapping[str, Any]) -> int:
    date = message.get("date")
    return date if type(date) is int else 0


def _is_forwarded(message: Mapping[str, Any]) -> bool:
    return "forward_origin" in message

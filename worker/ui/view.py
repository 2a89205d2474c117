"""A message as it is to be seen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Final, Literal, Self

from pydantic import ConfigDict

from shared.buttons import pack
from shared.contracts.base import Command
from shared.i18n.translator import Html
from shared.telegram.client import Upload
from worker.ui.graphemes import cut, utf16
from worker.ui.markup import bounded, words_of
from worker.ui.rows import laid_out

LONGEST_MESSAGE: Final = 4096
"""UTF-16 units of a message's words, without their markup: Telegram's limit."""
LONGEST_CAPTION: Final = 1024
"""UTF-16 units of the words under a file, without their markup: Telegram's limit."""
LONGEST_LABEL: Final = 64
"""UTF-16 units of a button's text: more than any phone shows in a row of its own."""

type Style = Literal["primary", "success", "danger"]


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: it carries a command or opens an address.

    Raises ValueError for one that does neither, or both: Telegram would show it and nobody would hear a tap.
    """

    text: str
    command: Command | None = None
    url: str | None = None
    style: Style | None = None

    def __post_init__(self) -> None:
        if (self.command is None) == (self.url is None):
            raise ValueError(f"the button {self.text!r} carries either a command or an address")

    def as_json(self) -> dict[str, Any]:
        """Write it as the Bot API's InlineKeyboardButton."""
        button: dict[str, Any] = {"text": cut(self.text, LONGEST_LABEL)}
        if self.command is not None:
            button["callback_data"] = pack(self.command)
        if self.url is not None:
            button["url"] = self.url
        if self.style is not None:
            button["style"] = self.style
        return button


type Keyboard = list[list[Button]]


class MediaType(StrEnum):
    """How Telegram shows a file."""

    PHOTO = "photo"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Media:
    """A file that a message shows above its words."""

    type: MediaType
    file: Upload
    reused: bool = True
    """Whether the same bytes will be shown again: then they are uploaded once."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture above a message's words, which is drawn when it is sent."""

    name: str
    svg: str


@dataclass(frozen=True, slots=True)
class Venue:
    """A place that a message shows on the map, in degrees."""

    latitude: float
    longitude: float
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class SentPhoto:
    """A photo that somebody sent the bot, by Telegram's id of it."""

    file_id: str


@dataclass(frozen=True, slots=True)
class ContactKeyboard:
    """A keyboard below the input: it shares the person's own number, or says one of some words."""

    share: str
    words: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Write it as the Bot API's ReplyKeyboardMarkup: it makes way once it was used."""
        rows = [[{"text": self.share, "request_contact": True}], *([{"text": each}] for each in self.words)]
        return {"keyboard": rows, "resize_keyboard": True, "one_time_keyboard": True}


KEYBOARD_GONE: Final = {"remove_keyboard": True}

type Shown = Media | Drawing | Venue | SentPhoto


@dataclass(frozen=True, slots=True)
class RenderedView:
    """A message as it is to be seen, its buttons written in the Bot API's terms: JSON can hold it."""

    __pydantic_config__: ClassVar = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    text: str
    """What it says, as HTML; of a file the caption, of a venue nothing."""
    reply_markup: Mapping[str, Any]
    shows: Shown | None = None

    @property
    def stands_alone(self) -> bool:
        """Whether it always comes as a new message: no edit opens the box to reply, or makes a venue."""
        below = self.reply_markup.keys() & {"force_reply", "keyboard", "remove_keyboard"}
        return bool(below) or isinstance(self.shows, Venue)

    @property
    def media(self) -> Media | None:
        """The file it shows; none where the words are too many for a caption: they matter more."""
        if not isinstance(self.shows, Media):
            return None
        return self.shows if utf16(words_of(self.text)) <= LONGEST_CAPTION else None

    def rendered(self) -> Self:
        """Return it as it is."""
        return self


@dataclass(frozen=True, slots=True)
class View:
    """A message as it is to be seen."""

    text: Html
    keyboard: Keyboard = field(default_factory=list)
    asks: bool = False
    """Whether it asks for words: Telegram opens the box to reply."""
    shows: Shown | None = None
    contact: ContactKeyboard | None = None
    """What stands below the input in place of buttons."""
    ends_keyboard: bool = False
    """Whether it takes away what a message before it put below the input."""

    @property
    def stands_alone(self) -> bool:
        """Whether it always comes as a new message, and the tapped one stays as it is."""
        below = self.asks or self.ends_keyboard or self.contact is not None
        return below or isinstance(self.shows, Venue)

    def rendered(self) -> RenderedView:
        """Write its buttons in the Bot API's terms, in rows that show them whole, and no words too many."""
        return RenderedView(bounded(self.text, LONGEST_MESSAGE), self._markup(), self.shows)

    def _markup(self) -> Mapping[str, Any]:
        if self.contact is not None:
            return self.contact.as_json()
        if self.ends_keyboard:
            return KEYBOARD_GONE
        rows = [
            [button.as_json() for button in part]
            for row in self.keyboard
            for part in laid_out(row, lambda button: button.text)
            if part
        ]
        asks = {"force_reply": True} if self.asks else {}
        return asks if asks and not rows else {"inline_keyboard": rows, **asks}


type Showable = View | RenderedView


def rows_of(buttons: list[Button], width: int) -> Keyboard:
    """Lay buttons out in rows of `width`."""
    return [buttons[start : start + width] for start in range(0, len(buttons), width)]

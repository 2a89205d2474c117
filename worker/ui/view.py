"""A message as it is to be seen, in the Bot API's terms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from shared.buttons import pack
from shared.contracts.base import Command
from shared.i18n.translator import Html

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
        button: dict[str, Any] = {"text": self.text}
        if self.command is not None:
            button["callback_data"] = pack(self.command)
        if self.url is not None:
            button["url"] = self.url
        if self.style is not None:
            button["style"] = self.style
        return button


type Keyboard = list[list[Button]]


@dataclass(frozen=True, slots=True)
class View:
    """A message as it is to be seen."""

    text: Html
    keyboard: Keyboard = field(default_factory=list)
    asks: bool = False
    """Whether it asks for words: Telegram opens the box to reply, and no edit can do that to a message."""

    def as_json(self) -> dict[str, Any]:
        """Write it as parameters that sendMessage and editMessageText share."""
        rows = [[button.as_json() for button in row] for row in self.keyboard if row]
        return {
            "text": self.text,
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
            "reply_markup": {"inline_keyboard": rows, **({"force_reply": True} if self.asks else {})},
        }


@dataclass(frozen=True, slots=True)
class RenderedView:
    """A view that was written as JSON before: what it says was decided then."""

    parameters: Mapping[str, Any]

    @property
    def asks(self) -> bool:
        """Whether it asks for words."""
        return bool(self.parameters.get("reply_markup", {}).get("force_reply"))

    def as_json(self) -> dict[str, Any]:
        """Return it as parameters that sendMessage and editMessageText share."""
        return dict(self.parameters)


type Showable = View | RenderedView


def rows_of(buttons: list[Button], width: int) -> Keyboard:
    """Lay buttons out in rows of `width`."""
    return [buttons[start : start + width] for start in range(0, len(buttons), width)]

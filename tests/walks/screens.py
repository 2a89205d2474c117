"""What can be tapped on somebody's phone, and what of it they are likely to tap."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from random import Random
from typing import Any, Final

from sandbox.emulator.world import Message
from shared.buttons import UnreadableButtonError, unpack
from worker.capabilities import HANDLERS

LINK: Final = re.compile(r"t\.me/\w+\?start=([\w-]+)")
TURNED_BACK: Final = 0.2
"""How likely a button is that only leads back, beside one that leads on."""
OFTEN: Final = 24
"""What was tapped so often becomes no rarer: it leads to what has seldom been tapped."""
AHEAD: Final = 3.0
"""How likely one is that is meant to be tapped."""
BACK: Final = ("«", "Back", "Keep")
CHANGING: Final = frozenset(command.kind for command, handler in HANDLERS.items() if not handler.reads)
LEADING_BACK: Final = frozenset({"chat.explain_cell", "menu.home", "menu.help", "menu.languages"})


@dataclass(frozen=True, slots=True)
class Key:
    """A button under a message."""

    message: Message
    button: dict[str, Any]

    @property
    def kind(self) -> str:
        """The kind of what it asks for; of a button to pay or a link its own name."""
        data = self.button.get("callback_data")
        if data is None:
            return "pay" if self.button.get("pay") else "link"
        try:
            return unpack(data).kind
        except UnreadableButtonError:
            return "unreadable"

    @property
    def leads_back(self) -> bool:
        """Whether it only shows what was shown before."""
        return bool(self.button["text"].startswith(BACK))

    @property
    def link(self) -> str | None:
        """What a link to the bot has somebody send; None of any other button."""
        found = LINK.search(self.button.get("url", ""))
        return None if found is None else found[1]


def keys_of(message: Message) -> Iterator[Key]:
    """Yield the buttons of a message that lead to the bot."""
    for row in message.inline_rows:
        for button in row:
            key = Key(message, button)
            if "callback_data" in button or button.get("pay") or key.link:
                yield key


def links_in(message: Message) -> list[str]:
    """Return what the links to the bot in a message's text would have somebody send."""
    return LINK.findall(message.api.get("text", "") + message.api.get("caption", ""))


def choose(random: Random, keys: list[Key], often: Mapping[str, int]) -> Key:
    """Draw a button: what has seldom been tapped is tapped rather than what has often been."""
    return random.choices(keys, [_weight(key, often) for key in keys])[0]


def _weight(key: Key, often: Mapping[str, int]) -> float:
    weight = 1 / sqrt(1 + min(often.get(key.kind, 0), OFTEN))
    if key.leads_back or key.kind in LEADING_BACK:
        weight *= TURNED_BACK
    if key.kind in CHANGING or key.button.get("pay"):
        weight *= AHEAD
    return weight * (AHEAD if key.button.get("style") in {"primary", "success"} else 1)

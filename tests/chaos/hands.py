"""How guests tap: what their chats offer, as everybody does; what has no button yet is packed."""

import random
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shared.buttons import pack, unpack
from shared.contracts.base import Command
from shared.contracts.booking import ShowSummary
from tests.chaos.offers import Json, Kind, Offer, tap
from tests.chaos.telegram import Telegram, labelled

FIRST_GUEST = 800_001
ANSWER_SECONDS = 20.0
CONFIRM, CANCEL = "Confirm", "Cancel"


@dataclass(frozen=True, slots=True)
class Place:
    """A service of the guests with the ids it got in the database."""

    service_id: int
    specialists: Sequence[int]


class Hands:
    """The guests of a run and their chats; whatever they tap is an offer, so that none may be lost."""

    def __init__(
        self, telegram: Telegram, places: Mapping[str, Place], zone: ZoneInfo, seed: int, count: int
    ) -> None:
        self.telegram = telegram
        self.places = places
        self.today = datetime.now(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        self.chance = random.Random(f"{seed} guests")  # noqa: S311 - a run can be repeated
        self.numbers = range(FIRST_GUEST, FIRST_GUEST + count)
        self.idle = deque(self.numbers)
        self.menus: dict[int, int] = {}
        self._tags = 0
        self.offers: list[Offer] = []

    async def invite(self, *others: int) -> None:
        """Make the people, and have each start the bot: what they tap first stands in its answer."""
        for number in (*self.numbers, *others):
            await self.telegram.ask("PUT", f"users/{number}", _person(number))
            await self.write(number, "/start")
        for number in self.numbers:
            menu = await self.new(number, set(), _is_menu)
            assert menu is not None, number
            self.menus[number] = menu

    async def write(self, number: int, text: str) -> None:
        """Write into one's chat."""
        await self.telegram.ask("POST", f"chats/{number}/messages", {"text": text})

    async def confirm(self, number: int, show: ShowSummary) -> int | None:
        """Go through the summary of a time; return the message that shows what came of it."""
        chat, message_id = self.telegram.chats[number], self.menus[number]
        known = set(chat.messages)
        await self.tap(number, message_id, pack(show))
        if not await chat.wait(lambda chat: CONFIRM in labelled(chat.messages[message_id]), ANSWER_SECONDS):
            return None
        await self.tap_label(number, message_id, CONFIRM)
        answered = await chat.wait(
            lambda chat: CONFIRM not in labelled(chat.messages[message_id]), ANSWER_SECONDS
        )
        await self.leave_menu(number, known)
        return message_id if answered else None

    async def leave_menu(self, number: int, known: set[int]) -> None:
        """Have another message to begin with, as what was the menu shows something else now."""
        await self.write(number, "/start")
        self.menus[number] = await self.new(number, known, _is_menu) or self.menus[number]

    async def cancel(self, number: int, card: int) -> None:
        """Tap 'Cancel', and say yes where it is asked again."""
        chat = self.telegram.chats[number]
        before = chat.messages[card].get("edits", 0)
        await self.tap_label(number, card, CANCEL)
        await chat.wait(lambda chat: chat.messages[card].get("edits", 0) > before, ANSWER_SECONDS)
        yes = next((each for each in labelled(chat.messages[card]) if each.startswith("Yes")), None)
        if yes is not None:
            await self.tap_label(number, card, yes)

    async def new(
        self, number: int, known: set[int], fits: Callable[[Json], bool], seconds: float = ANSWER_SECONDS
    ) -> int | None:
        """Wait for a message that was not there before."""
        chat = self.telegram.chats[number]

        def found() -> int | None:
            new = ((key, message) for key, message in chat.messages.items() if key not in known)
            return next((key for key, message in new if fits(message)), None)

        await chat.wait(lambda _: found() is not None, seconds)
        return found()

    async def choose(
        self, number: int, message_id: int, fits: Callable[[Command], bool], seconds: float = ANSWER_SECONDS
    ) -> bool:
        """Wait until a message has buttons that ask what fits, and tap one; False where it never has."""
        chat = self.telegram.chats[number]

        def found() -> list[str]:
            buttons = labelled(chat.messages[message_id]).items()
            return [label for label, data in buttons if data and fits(unpack(data))]

        await chat.wait(lambda _: bool(found()), seconds)
        if labels := found():
            await self.tap_label(number, message_id, self.chance.choice(labels))
        return bool(labels)

    async def press(self, number: int, message_id: int, kind: type[Command]) -> bool:
        """Wait until a message has a button that asks this, and tap it; False where it never has."""
        return await self.choose(number, message_id, lambda command: isinstance(command, kind))

    async def tap_label(self, number: int, message_id: int, label: str) -> None:
        """Tap a button if the message has it."""
        data = labelled(self.telegram.chats[number].messages[message_id]).get(label)
        if data:
            await self.tap(number, message_id, data, label)

    async def tap(self, number: int, message_id: int, data: str, label: str = "") -> None:
        """Tap, once or twice in a row; some taps are delivered twice."""
        for _ in range(2 if self.happens(0.15) else 1):
            self._tags += 1
            tag, at = f"guest-{self._tags}", time.time()
            body = tap(_person(number), message_id, tag, data, at)
            offer = Offer(0, number, Kind.GUEST, at, tag, body=body, label=label)
            self.offers.append(offer)
            offer.update_id = (await self.telegram.ask("POST", "updates", body))["update_id"]
            if self.happens(0.1):
                offer.times += 1
                await self.telegram.ask("POST", "updates", {**body, "update_id": offer.update_id})

    def day(self, ahead: int) -> datetime:
        """Return the beginning of a day."""
        return self.today + timedelta(days=ahead)

    def happens(self, probability: float) -> bool:
        """Tell whether something happens that does so often."""
        return self.chance.random() < probability


def _is_menu(message: Json) -> bool:
    return "Book a visit" in labelled(message)


def _person(number: int) -> Json:
    return {"id": number, "is_bot": False, "first_name": f"Guest {number}", "language_code": "en"}

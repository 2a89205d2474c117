"""People whose visits take more than a tap: they ask for consent, pay ahead or wait in line.

They tap what their chats offer, as everybody does; what has no button yet is packed. Whatever they tap is
among the run's offers, so that none may be lost. What came of it is compared in checks/guests.py.
"""

import asyncio
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shared.buttons import pack
from shared.contracts.booking import Book, ShowSummary
from shared.contracts.waitlist import JoinWaitlist
from tests.chaos.arrivals import arrivals
from tests.chaos.business import ASKED, PAID, RARE, STAFF
from tests.chaos.offers import Json, Kind, Offer, tap
from tests.chaos.telegram import Chat, Telegram, labelled

FIRST_GUEST = 800_001
ANSWER_SECONDS = 20.0
OFFER_SECONDS = 30.0
STEP = timedelta(minutes=30)
RARE_STEP = timedelta(hours=4)
FIRST_DAY, DAYS = 2, 3
"""The days, counted from today, on which something rare may free up; all of it is taken at first."""
CONFIRM, CANCEL, LET_GO = "Confirm", "Cancel", "Let it go"
TAKE, PASS = "Take it", "No, thanks"
ACCEPT, DECLINE = "Accept", "Decline"

type Buttons = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """A service of the guests with the ids it got in the database."""

    service_id: int
    specialists: Sequence[int]


@dataclass(frozen=True, slots=True)
class Payment:
    """What somebody began to pay, by the id of Telegram's question before it takes the money."""

    checkout: str
    payer: int


class Guests:
    """Everybody who asks, pays or waits in a run, and the specialist who answers."""

    def __init__(
        self, telegram: Telegram, places: Mapping[str, Place], zone: ZoneInfo, seed: int, count: int
    ) -> None:
        self._telegram = telegram
        self._places = places
        self._today = datetime.now(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        self._random = random.Random(f"{seed} guests")  # noqa: S311 - a run can be repeated
        self._numbers = range(FIRST_GUEST, FIRST_GUEST + count)
        self._idle = deque(self._numbers)
        self._menus: dict[int, int] = {}
        self._tags = 0
        self.offers: list[Offer] = []
        self.payments: list[Payment] = []

    async def invite(self) -> None:
        """Make the people, and have each start the bot: what they tap first stands in its answer."""
        for number in (*self._numbers, STAFF):
            await self._telegram.ask("PUT", f"users/{number}", _person(number))
            await self._telegram.ask("POST", f"chats/{number}/messages", {"text": "/start"})
        for number in self._numbers:
            menu = await self._new(number, set(), _is_menu)
            assert menu is not None, number
            self._menus[number] = menu

    async def take_all_rare(self) -> None:
        """Have the first guests book everything rare, so that there is something to wait for."""
        starts = [(each, start) for each in self._places[RARE].specialists for start in self._rare_starts()]
        for specialist, start in starts:
            number = self._idle[0]
            self._idle.rotate(-1)
            book = Book(service_id=self._places[RARE].service_id, specialist_id=specialist, start=start)
            await self._tap(number, self._menus[number], pack(book))

    async def arrive(self, rate: float, over: Callable[[], bool]) -> None:
        """Let one after the other come, `rate` a second on average; return when all have gone."""
        doings = (self._ask, self._pay, self._wait_in_line, self._free_rare)
        async with asyncio.TaskGroup() as group:
            async for _ in arrivals(self._random, rate, over):
                if self._idle:
                    group.create_task(self._come(self._idle.popleft(), self._random.choice(doings)))

    async def answer_requests(self) -> None:
        """Be the specialist who accepts or declines what is asked for, until cancelled."""
        chat, seen = self._telegram.chats[STAFF], set[tuple[int, str]]()
        while True:
            await chat.wait(lambda chat: bool(_open_requests(chat, seen)), ANSWER_SECONDS)
            for message_id, buttons in _open_requests(chat, seen):
                seen.add((message_id, buttons[ACCEPT]))
                await self._tap(STAFF, message_id, buttons[ACCEPT if self._happens(0.8) else DECLINE])

    async def charges(self) -> dict[str, int]:
        """Ask how each payment ended; return who paid what went through, by Telegram's charge id."""
        ended = [
            (await self._telegram.ask("GET", f"payments/{each.checkout}"), each.payer)
            for each in self.payments
        ]
        return {state["charge"]: payer for state, payer in ended if state["charge"]}

    async def _come(self, number: int, do: Callable[[int], Awaitable[None]]) -> None:
        try:
            await do(number)
        finally:
            self._idle.append(number)

    async def _ask(self, number: int) -> None:
        """Ask for a visit that somebody has to agree to; some think better of it."""
        card = await self._confirm(number, ASKED)
        if card is not None and self._happens(0.3):
            await self._cancel(number, card)

    async def _pay(self, number: int) -> None:
        """Have a time held, and pay for it, or not."""
        known = set(self._telegram.chats[number].messages)
        held = await self._confirm(number, PAID)
        if held is None:
            return
        if self._happens(0.2):
            await self._tap_label(number, held, LET_GO)
            return
        invoice = await self._new(number, known, lambda message: "invoice" in message)
        if invoice is not None:
            begun = await self._telegram.ask("POST", f"chats/{number}/pay", {"message_id": invoice})
            self.payments.append(Payment(begun["pre_checkout_query_id"], number))

    async def _wait_in_line(self, number: int) -> None:
        """Wish for something rare, and take or decline what is offered, or leave it."""
        place, known = self._places[RARE], set(self._telegram.chats[number].messages)
        day = (self._today + timedelta(days=FIRST_DAY)).date()
        last = day + timedelta(days=DAYS - 1)
        wish = JoinWaitlist(service_id=place.service_id, first_day=day, last_day=last)
        await self._tap(number, self._menus[number], pack(wish))
        offer = await self._new(number, known, lambda message: TAKE in labelled(message), OFFER_SECONDS)
        if offer is None or self._happens(0.15):
            return
        await self._tap_label(number, offer, TAKE if self._happens(0.75) else PASS)

    async def _free_rare(self, number: int) -> None:
        """Cancel one of one's visits, if there is a card of one."""
        chat = self._telegram.chats[number]
        cards = [key for key, message in chat.messages.items() if CANCEL in labelled(message)]
        if cards:
            await self._cancel(number, self._random.choice(cards))

    async def _confirm(self, number: int, name: str) -> int | None:
        """Go through the summary of a free time; return the message that shows what came of it."""
        place, chat, message_id = self._places[name], self._telegram.chats[number], self._menus[number]
        start = self._today + timedelta(days=FIRST_DAY) + STEP * self._random.randrange(600)
        specialist = self._random.choice(place.specialists)
        summary = ShowSummary(service_id=place.service_id, specialist_id=specialist, start=start)
        known = set(chat.messages)
        await self._tap(number, message_id, pack(summary))
        if not await chat.wait(lambda chat: CONFIRM in labelled(chat.messages[message_id]), ANSWER_SECONDS):
            return None
        await self._tap_label(number, message_id, CONFIRM)
        answered = await chat.wait(
            lambda chat: CONFIRM not in labelled(chat.messages[message_id]), ANSWER_SECONDS
        )
        self._menus[number] = await self._another_menu(number, known) or message_id
        return message_id if answered else None

    async def _another_menu(self, number: int, known: set[int]) -> int | None:
        await self._telegram.ask("POST", f"chats/{number}/messages", {"text": "/start"})
        return await self._new(number, known, _is_menu)

    async def _cancel(self, number: int, card: int) -> None:
        """Tap 'Cancel', and say yes where it is asked again."""
        chat = self._telegram.chats[number]
        before = chat.messages[card].get("edits", 0)
        await self._tap_label(number, card, CANCEL)
        await chat.wait(lambda chat: chat.messages[card].get("edits", 0) > before, ANSWER_SECONDS)
        yes = next((each for each in labelled(chat.messages[card]) if each.startswith("Yes")), None)
        if yes is not None:
            await self._tap_label(number, card, yes)

    async def _new(
        self, number: int, known: set[int], fits: Callable[[Json], bool], seconds: float = ANSWER_SECONDS
    ) -> int | None:
        """Wait for a message that was not there before."""
        chat = self._telegram.chats[number]

        def found() -> int | None:
            new = ((key, message) for key, message in chat.messages.items() if key not in known)
            return next((key for key, message in new if fits(message)), None)

        await chat.wait(lambda _: found() is not None, seconds)
        return found()

    async def _tap_label(self, number: int, message_id: int, label: str) -> None:
        data = labelled(self._telegram.chats[number].messages[message_id]).get(label)
        if data:
            await self._tap(number, message_id, data)

    async def _tap(self, number: int, message_id: int, data: str) -> None:
        """Tap, once or twice in a row; some taps are delivered twice."""
        for _ in range(2 if self._happens(0.15) else 1):
            self._tags += 1
            tag, at = f"guest-{self._tags}", time.time()
            body = tap(_person(number), message_id, tag, data, at)
            offer = Offer(0, number, Kind.GUEST, at, tag, body=body)
            self.offers.append(offer)
            offer.update_id = (await self._telegram.ask("POST", "updates", body))["update_id"]
            if self._happens(0.1):
                offer.times += 1
                await self._telegram.ask("POST", "updates", {**body, "update_id": offer.update_id})

    def _rare_starts(self) -> list[datetime]:
        begin = self._today + timedelta(days=FIRST_DAY)
        return [begin + RARE_STEP * number for number in range(DAYS * (timedelta(days=1) // RARE_STEP))]

    def _happens(self, probability: float) -> bool:
        return self._random.random() < probability


def _is_menu(message: Json) -> bool:
    return "Book a visit" in labelled(message)


def _open_requests(chat: Chat, seen: set[tuple[int, str]]) -> list[tuple[int, Buttons]]:
    shown = ((key, labelled(message)) for key, message in chat.messages.items())
    return [
        (key, buttons) for key, buttons in shown if ACCEPT in buttons and (key, buttons[ACCEPT]) not in seen
    ]


def _person(number: int) -> Json:
    return {"id": number, "is_bot": False, "first_name": f"Guest {number}", "language_code": "en"}

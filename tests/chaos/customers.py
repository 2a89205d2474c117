"""The people of a run: wishes arrive at a steady rate however slow the system is, and are lived through."""

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.chaos.arrivals import arrivals
from tests.chaos.business import SERVICES, ServicePlan
from tests.chaos.offers import Json, Kind, Live, Offer, Slot, packed, tap
from tests.chaos.telegram import Telegram, card_number, live_card, text_of

FIRST = 700_001
SERVICES_TEXT = "What would you like to book?"
MENU = ((Kind.SERVICES, "/book"), (Kind.TEXT, "are you open on sunday?"), (Kind.TEXT, "/bookings"))
ANSWER_SECONDS = 25.0
REMEMBERED = 12
NEAR_SECONDS = 45.0
ASKING = 30


@dataclass(frozen=True, slots=True)
class Offered:
    """A service with the ids it got in the database."""

    plan: ServicePlan
    service_id: int
    specialists: Sequence[int]


@dataclass(frozen=True, slots=True)
class Habits:
    """How often people do what."""

    race: float = 0.15
    double_tap: float = 0.12
    duplicate: float = 0.10
    move: float = 0.20
    cancel: float = 0.20
    show: float = 0.10
    write: float = 0.10
    soon: float = 0.25
    group: float = 0.10
    late_cancel: float = 0.10
    """Cancel in the moment of a reminder, where one is near."""
    around_reminder: tuple[float, float] = (-1.5, 1.5)
    """From when to when, in seconds after it is due."""


class Customers:
    """Everybody who books in a run."""

    def __init__(
        self, telegram: Telegram, services: Mapping[str, Offered], seed: int, count: int, habits: Habits
    ) -> None:
        self._telegram = telegram
        self._services = services
        self._random = random.Random(seed)  # noqa: S311 - a run can be repeated
        self._habits = habits
        self._idle: deque[int] = deque(range(FIRST, FIRST + count))
        self._spare: dict[int, list[int]] = {}
        self._wished: deque[Slot] = deque(maxlen=REMEMBERED)
        self._tags = 0
        self.offers: list[Offer] = []
        self.turned_away = 0

    async def invite(self) -> None:
        """Make the people."""
        for number in list(self._idle):
            await self._telegram.ask("PUT", f"users/{number}", self._person(number))

    async def settle_in(self, menus: int) -> None:
        """Let everybody ask for the services a few times: old menus, as chats are full of them.

        A wish that finds one needs no more than its tap on 'Confirm'.
        """
        people, asking = list(self._idle), asyncio.Semaphore(ASKING)

        async def ask(number: int) -> None:
            async with asking:
                for _ in range(menus):
                    if (message_id := await self._new_menu(number)) is not None:
                        self._spare.setdefault(number, []).append(message_id)

        async with asyncio.TaskGroup() as group:
            for number in people if menus else ():
                group.create_task(ask(number))

    async def arrive(self, rate: float, enough: Callable[[], bool]) -> None:
        """Let wishes arrive, `rate` a second on average, until there are enough; return when all are over."""
        async with asyncio.TaskGroup() as group:
            async for _ in arrivals(self._random, rate, enough):
                if self._idle:
                    group.create_task(self._come(self._idle.popleft()))
                else:
                    self.turned_away += 1

    async def _come(self, number: int) -> None:
        try:
            await self._live_through(number)
        finally:
            self._idle.append(number)

    async def _live_through(self, number: int) -> None:
        message_id = await self._message(number)
        if message_id is None:
            return
        slot = self._wish()
        booking = await self._tap(number, Kind.BOOK, message_id, slot=slot)
        live = await self._answer(number, message_id)
        if live is None:
            return  # refused, or not answered in time
        booking.answered = True
        if self._happens(self._habits.write):
            await self._write(number, *self._random.choice(MENU[1:]))
        if self._happens(self._habits.show):
            await self._tap(number, Kind.SHOW, live.message_id, live=live)
        if self._happens(self._habits.move):
            slot = self._wish(slot)
            await self._tap(number, Kind.MOVE, live.message_id, slot=slot, live=live)
            moved = await self._answer(number, live.message_id, above=live.version)
            live = moved or await self._back(number, live)
        if self._happens(self._habits.late_cancel):
            await self._until_reminded(slot)
        elif not self._happens(self._habits.cancel):
            return
        await self._tap(number, Kind.CANCEL, live.message_id, live=live)

    async def _until_reminded(self, slot: Slot) -> None:
        """Wait until about the moment of a reminder, if one is near."""
        plan = next(one.plan for one in self._services.values() if one.service_id == slot.service_id)
        near = [(slot.start - offset).timestamp() - time.time() for offset in plan.reminders]
        waits = [seconds for seconds in near if 0 < seconds < NEAR_SECONDS]
        if waits:
            await asyncio.sleep(min(waits) + self._random.uniform(*self._habits.around_reminder))

    async def _message(self, number: int) -> int | None:
        """Return a message to confirm under: one that is left over, or a new one."""
        if spare := self._spare.get(number):
            return spare.pop()
        return await self._new_menu(number)

    async def _new_menu(self, number: int) -> int | None:
        chat = self._telegram.chats[number]
        before = max(chat.messages, default=0)
        await self._write(number, *MENU[0])

        def found() -> int | None:
            fitting = (
                key for key, one in chat.messages.items() if key > before and SERVICES_TEXT in text_of(one)
            )
            return next(fitting, None)

        await chat.wait(lambda _: found() is not None, ANSWER_SECONDS)
        return found()

    async def _answer(self, number: int, message_id: int, above: int = 0) -> Live | None:
        """Wait until the message shows a booking of a version above, and return it; None for a refusal.

        The message of a refused booking is left over; one that is not answered is not touched again.
        """
        chat = self._telegram.chats[number]
        edits = chat.messages[message_id].get("edits", 0)

        def answered(_: object) -> bool:
            message = chat.messages[message_id]
            live = live_card(message)
            if live is not None:
                return live.version > above or message.get("edits", 0) > edits + 1
            return message.get("edits", 0) > edits or card_number(message) is not None

        if not await chat.wait(answered, ANSWER_SECONDS):
            return None
        live = live_card(chat.messages[message_id])
        if live is None and not above:
            self._spare.setdefault(number, []).append(message_id)
        return live

    async def _back(self, number: int, live: Live) -> Live:
        """Go back from the times that are offered after a refused move to the booking's card."""
        await self._tap(number, Kind.SHOW, live.message_id, live=live)
        return live

    def _wish(self, of: Slot | None = None) -> Slot:
        """Return a time nobody has thought of yet, or, to race, one that somebody is after just now."""
        wished = [slot for slot in self._wished if of is None or slot.service_id == of.service_id]
        if wished and self._happens(self._habits.race):
            slot = self._random.choice(wished)
        else:
            slot = self._new_wish(of)
        self._wished.append(slot)
        return slot

    def _new_wish(self, of: Slot | None) -> Slot:
        names = [service.name for service in SERVICES]
        soon, group = self._habits.soon, self._habits.group
        (name,) = self._random.choices(names, (1 - soon - group, soon, group))
        offered = self._services[name]
        if of is not None:
            offered = next(one for one in self._services.values() if one.service_id == of.service_id)
        plan, step = offered.plan, offered.plan.step
        first, last = plan.ahead
        ahead = first + (last - first) * self._random.random()
        start = datetime.now(UTC) + ahead
        start = datetime.min.replace(tzinfo=UTC) + (start - datetime.min.replace(tzinfo=UTC)) // step * step
        specialist = self._random.choice(offered.specialists)
        return Slot(offered.service_id, specialist, start + timedelta())

    async def _tap(
        self, number: int, kind: Kind, message_id: int, *, slot: Slot | None = None, live: Live | None = None
    ) -> Offer:
        """Tap, once or twice in a row, and return what the first tap asked."""
        taps = 2 if kind is not Kind.SHOW and self._happens(self._habits.double_tap) else 1
        made = []
        for _ in range(taps):
            self._tags += 1
            tag, at = f"tap-{self._tags}", time.time()
            body = tap(self._person(number), message_id, tag, packed(kind, slot, live), at)
            offer = Offer(0, number, kind, at, tag, slot, live, body)
            self.offers.append(offer)
            made.append(offer)
            await self._post(offer)
            if self._happens(self._habits.duplicate):
                await self._post(offer)
        return made[0]

    async def _post(self, offer: Offer) -> None:
        body = dict(offer.body)
        if offer.update_id:
            body["update_id"] = offer.update_id
            offer.times += 1
        answer = await self._telegram.ask("POST", "updates", body)
        offer.update_id = answer["update_id"]

    async def repeat_old(self, every: float) -> None:
        """Repeat an update of long ago now and then, as after a lost answer, until cancelled."""
        while True:
            await asyncio.sleep(self._random.uniform(0, 2 * every))
            # A refusal changed nothing, so that a late repeat of it may rightly succeed: leave these out.
            old = [offer for offer in self.offers[-2000:] if offer.answered]
            if old:
                await self._post(self._random.choice(old))

    async def _write(self, number: int, kind: Kind, text: str) -> None:
        at = time.time()
        sent = await self._telegram.ask("POST", f"chats/{number}/messages", {"text": text})
        self.offers.append(Offer(sent["update_id"], number, kind, at))

    def _happens(self, probability: float) -> bool:
        return self._random.random() < probability

    @staticmethod
    def _person(number: int) -> Json:
        return {"id": number, "is_bot": False, "first_name": f"Guest {number}", "language_code": "en"}

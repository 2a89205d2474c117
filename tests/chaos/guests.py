"""People whose visits take more than a tap: they ask for consent, pay ahead or wait in line.

What came of it is compared in checks/guests.py. Those who want more than one of something are in company.py.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.buttons import pack
from shared.contracts.booking import Book, ShowSummary
from shared.contracts.waitlist import JoinWaitlist
from tests.chaos.arrivals import arrivals
from tests.chaos.business import ASKED, PAID, RARE, STAFF
from tests.chaos.company import Company
from tests.chaos.hands import ANSWER_SECONDS, CANCEL, Hands
from tests.chaos.offers import Offer
from tests.chaos.telegram import Chat, labelled

OFFER_SECONDS = 30.0
STEP = timedelta(minutes=30)
RARE_STEP = timedelta(hours=4)
FIRST_DAY, DAYS = 2, 3
"""The days, counted from today, on which something rare may free up; all of it is taken at first."""
LET_GO = "Let it go"
TAKE, PASS = "Take it", "No, thanks"
ACCEPT, DECLINE = "Accept", "Decline"
SWAP = "Yes, swap"
THINKING_SECONDS = 3.0
"""So long at most whoever is asked thinks about it: what it is about may change meanwhile."""

type Buttons = Mapping[str, str]
type Doing = Callable[[int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Payment:
    """What somebody began to pay, by the id of Telegram's question before it takes the money."""

    checkout: str
    payer: int


class Guests:
    """Everybody who asks, pays, waits or comes in company in a run, and the specialist who answers."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        company = Company(hands)
        self._doings: tuple[Doing, ...] = (
            *(self._ask, self._pay, self._wait_in_line, self._free_rare),
            *(company.repeat, company.swap, company.bring_others, company.combine, company.gather),
        )
        self.payments: list[Payment] = []

    @property
    def offers(self) -> list[Offer]:
        """Whatever they tapped."""
        return self._hands.offers

    async def invite(self) -> None:
        """Make the people, and have each start the bot."""
        await self._hands.invite(STAFF)

    async def take_all_rare(self) -> None:
        """Have the first guests book everything rare, so that there is something to wait for."""
        hands = self._hands
        rare = hands.places[RARE]
        starts = [(each, start) for each in rare.specialists for start in self._rare_starts()]
        for specialist, start in starts:
            number = hands.idle[0]
            hands.idle.rotate(-1)
            book = Book(service_id=rare.service_id, specialist_id=specialist, start=start)
            await hands.tap(number, hands.menus[number], pack(book))

    async def arrive(self, rate: float, over: Callable[[], bool]) -> None:
        """Let one after the other come, `rate` a second on average; return when all have gone."""
        hands, doings = self._hands, self._next_doings()
        async with asyncio.TaskGroup() as group:
            async for _ in arrivals(hands.chance, rate, over):
                if hands.idle:
                    group.create_task(self._come(hands.idle.popleft(), next(doings)))

    def _next_doings(self) -> Iterator[Doing]:
        """Yield what the next one does: each as often as any other, in an order of chance."""
        while True:
            yield from self._hands.chance.sample(self._doings, len(self._doings))

    async def answer(self) -> None:
        """Be everybody who is asked something, until cancelled: the specialist, and who is to swap."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.answer_of(STAFF, ACCEPT, DECLINE, 0.0))
            for number in self._hands.numbers:
                group.create_task(self.answer_of(number, SWAP, PASS))

    async def answer_of(self, number: int, yes: str, no: str, longest: float = THINKING_SECONDS) -> None:
        """Be somebody who says yes or no to whatever asks it with these labels, until cancelled."""
        hands, seen = self._hands, set[tuple[int, str]]()
        chat = hands.telegram.chats[number]
        while True:
            await chat.wait(lambda chat: bool(_open_questions(chat, yes, seen)), ANSWER_SECONDS)
            for message_id, buttons in _open_questions(chat, yes, seen):
                seen.add((message_id, buttons[yes]))
                await asyncio.sleep(hands.chance.uniform(0, longest))
                label = yes if hands.happens(0.8) else no
                await hands.tap(number, message_id, buttons[label], label)

    async def charges(self) -> dict[str, int]:
        """Ask how each payment ended; return who paid what went through, by Telegram's charge id."""
        ended = [
            (await self._hands.telegram.ask("GET", f"payments/{each.checkout}"), each.payer)
            for each in self.payments
        ]
        return {state["charge"]: payer for state, payer in ended if state["charge"]}

    async def _come(self, number: int, do: Doing) -> None:
        try:
            await do(number)
        finally:
            self._hands.idle.append(number)

    async def _ask(self, number: int) -> None:
        """Ask for a visit that somebody has to agree to; some think better of it."""
        card = await self._hands.confirm(number, self._free_time(ASKED))
        if card is not None and self._hands.happens(0.3):
            await self._hands.cancel(number, card)

    async def _pay(self, number: int) -> None:
        """Have a time held, and pay for it, or not."""
        known = set(self._hands.telegram.chats[number].messages)
        held = await self._hands.confirm(number, self._free_time(PAID))
        if held is None:
            return
        if self._hands.happens(0.2):
            await self._hands.tap_label(number, held, LET_GO)
            return
        invoice = await self._hands.new(number, known, lambda message: "invoice" in message)
        if invoice is not None:
            about = {"message_id": invoice}
            begun = await self._hands.telegram.ask("POST", f"chats/{number}/pay", about, may_be_gone=True)
            if begun is not None:  # the invoice goes once its time is not held any more
                self.payments.append(Payment(begun["pre_checkout_query_id"], number))

    async def _wait_in_line(self, number: int) -> None:
        """Wish for something rare, and take or decline what is offered, or leave it."""
        known = set(self._hands.telegram.chats[number].messages)
        await self.join_line(number)
        offer = await self._hands.new(number, known, lambda message: TAKE in labelled(message), OFFER_SECONDS)
        if offer is None or self._hands.happens(0.15):
            return
        await self._hands.tap_label(number, offer, TAKE if self._hands.happens(0.75) else PASS)

    async def join_line(self, number: int) -> None:
        """Wish for whatever is rare."""
        day = self._hands.day(FIRST_DAY).date()
        last = day + timedelta(days=DAYS - 1)
        wish = JoinWaitlist(service_id=self._hands.places[RARE].service_id, first_day=day, last_day=last)
        await self._hands.tap(number, self._hands.menus[number], pack(wish))

    async def _free_rare(self, number: int) -> None:
        """Cancel one of one's visits, if there is a card of one."""
        chat = self._hands.telegram.chats[number]
        cards = [key for key, message in chat.messages.items() if CANCEL in labelled(message)]
        if cards:
            await self._hands.cancel(number, self._hands.chance.choice(cards))

    def _free_time(self, name: str) -> ShowSummary:
        hands = self._hands
        place = hands.places[name]
        start = hands.day(FIRST_DAY) + STEP * hands.chance.randrange(600)
        specialist = hands.chance.choice(place.specialists)
        return ShowSummary(service_id=place.service_id, specialist_id=specialist, start=start)

    def _rare_starts(self) -> list[datetime]:
        begin = self._hands.day(FIRST_DAY)
        return [begin + RARE_STEP * number for number in range(DAYS * (timedelta(days=1) // RARE_STEP))]


def _open_questions(chat: Chat, yes: str, seen: set[tuple[int, str]]) -> list[tuple[int, Buttons]]:
    shown = ((key, labelled(message)) for key, message in chat.messages.items())
    return [(key, buttons) for key, buttons in shown if yes in buttons and (key, buttons[yes]) not in seen]

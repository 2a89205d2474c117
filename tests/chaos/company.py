"""Guests who want several visits, places or services at once, who swap, and who come with friends."""

import re
from datetime import datetime, timedelta

from shared.buttons import pack
from shared.contracts.base import Command
from shared.contracts.booking import AddedServices, Move, Moving, ShowSummary
from shared.contracts.cancelling import AskCancel
from shared.contracts.gathering import (
    AskGathering,
    BookGathering,
    CallOffGathering,
    JoinGathering,
    LeaveGathering,
    StartGathering,
)
from shared.contracts.own_visits import ShowBooking
from shared.contracts.party import ResizeParty, ShowParty
from shared.contracts.series import (
    AskCancelLater,
    AskMoveLater,
    BookSeries,
    CancelLater,
    MoveLater,
    ShowSeries,
)
from shared.contracts.swapping import RequestSwap, ShowSwaps, WithdrawSwap
from tests.chaos.business import FIRST, GROUP, NEXT, REPEATED, SWAPPED
from tests.chaos.hands import ANSWER_SECONDS, Hands
from tests.chaos.offers import Live
from tests.chaos.telegram import live_card, text_of

DAY = 6
"""Counted from today; behind what else guests book, so that hardly anybody is elsewhere then."""
STEP = timedelta(minutes=30)
FEW, SOME = 10, 36
"""So many times are wished for: few of a group, so that its places run out."""
REPEATS = 3
MOST_FRIENDS = 3
LINK = re.compile(r"start=(g\d+-[\w-]{22})")


class Company:
    """What guests do who want more than one of something."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    async def repeat(self, number: int) -> None:
        """Repeat a visit; some move or cancel it with the later ones."""
        hands = self._hands
        card, live = await self._book(number, self._wish(REPEATED, SOME))
        if live is None:
            return
        await hands.tap(number, card, pack(ShowSeries(booking_id=live.booking_id, weeks=1, count=REPEATS)))
        if not await hands.press(number, card, BookSeries) or not hands.happens(0.7):
            return
        await hands.tap(number, card, pack(ShowBooking(booking_id=live.booking_id)))
        if not await hands.telegram.chats[number].wait(
            lambda _: self._live(number, card) is not None, ANSWER_SECONDS
        ):
            return
        await (self._cancel_later if hands.happens(0.4) else self._move_later)(number, card)

    async def _cancel_later(self, number: int, card: int) -> None:
        for kind in (AskCancel, AskCancelLater, CancelLater):
            if not await self._hands.press(number, card, kind):
                return

    async def _move_later(self, number: int, card: int) -> None:
        hands, live = self._hands, self._live(number, card)
        if live is None:
            return
        show = self._wish(REPEATED, SOME).model_copy(update={"moving": _moving(live)})
        await hands.tap(number, card, pack(show))
        for kind in (AskMoveLater, MoveLater):
            if not await hands.press(number, card, kind):
                return

    async def swap(self, number: int) -> None:
        """Ask for a time that somebody else has; some move away, or take it back, before they hear of it."""
        hands = self._hands
        card, live = await self._book(number, self._wish(SWAPPED, SOME))
        if live is None:
            return
        await hands.tap(number, card, pack(ShowSwaps(booking_id=live.booking_id)))
        if not await hands.choose(number, card, _is_day_to_swap, ANSWER_SECONDS / 2):
            return
        if not await hands.press(number, card, RequestSwap):
            return
        if hands.happens(0.15):
            await hands.press(number, card, WithdrawSwap)
        elif hands.happens(0.25):
            await self._move(number, card, live, self._wish(SWAPPED, SOME))

    async def bring_others(self, number: int) -> None:
        """Book several places of a group; some want more or fewer then, or none."""
        hands = self._hands
        places = hands.chance.randint(2, 4)
        wish = self._wish(GROUP, FEW).model_copy(update={"places": places})
        card, live = await self._book(number, wish)
        if live is None:
            return
        if hands.happens(0.7):
            await hands.tap(number, card, pack(ShowParty(booking_id=live.booking_id)))
            await hands.press(number, card, ResizeParty)
        elif hands.happens(0.4):
            await hands.cancel(number, card)

    async def combine(self, number: int) -> None:
        """Book two services one after the other; some move or cancel them."""
        hands = self._hands
        added = AddedServices(ids=(hands.places[NEXT].service_id,))
        card, live = await self._book(number, self._wish(FIRST, SOME).model_copy(update={"added": added}))
        if live is None:
            return
        if hands.happens(0.4):
            await self._move(number, card, live, self._wish(FIRST, SOME))
        elif hands.happens(0.5):
            await hands.cancel(number, card)

    async def gather(self, number: int) -> None:
        """Keep places for friends: they are booked when all have joined, or before, or it is called off."""
        hands, wish = self._hands, self._wish(GROUP, FEW)
        friends = [hands.idle.popleft() for _ in range(min(MOST_FRIENDS, len(hands.idle)))]
        menu, known = hands.menus[number], set(hands.telegram.chats[number].messages)
        try:
            await hands.tap(
                number, menu, pack(AskGathering(**wish.model_dump(include=set(AskGathering.model_fields))))
            )
            if not await hands.press(number, menu, StartGathering):
                return
            if link := await self._link(number, menu):
                await hands.leave_menu(number, known)
                await self._come_together(number, menu, friends, link)
        finally:
            hands.idle.extend(friends)

    async def _link(self, number: int, message_id: int) -> str | None:
        chat = self._hands.telegram.chats[number]
        await chat.wait(lambda chat: bool(LINK.search(text_of(chat.messages[message_id]))), ANSWER_SECONDS)
        found = LINK.search(text_of(chat.messages[message_id]))
        return found[1] if found else None

    async def _come_together(self, number: int, card: int, friends: list[int], link: str) -> None:
        hands = self._hands
        coming = friends if hands.happens(0.6) else friends[:1]
        for friend in coming:
            await self._join(friend, link)
        if hands.happens(0.15):
            return
        ends = BookGathering if hands.happens(0.6) else CallOffGathering
        await hands.choose(number, card, lambda asked: isinstance(asked, ends), ANSWER_SECONDS / 4)

    async def _join(self, friend: int, link: str) -> None:
        hands = self._hands
        known = set(hands.telegram.chats[friend].messages)
        await hands.write(friend, f"/start {link}")
        invited = await hands.new(friend, known, lambda message: "booked" in text_of(message))
        if invited is None or not await hands.choose(
            friend, invited, lambda asked: isinstance(asked, JoinGathering), ANSWER_SECONDS / 4
        ):
            return
        if hands.happens(0.15):
            await hands.press(friend, invited, LeaveGathering)

    async def _book(self, number: int, show: ShowSummary) -> tuple[int, Live | None]:
        """Confirm a time; return the message that shows it, and the visit where there is one."""
        card = await self._hands.confirm(number, show)
        return (0, None) if card is None else (card, self._live(number, card))

    async def _move(self, number: int, card: int, live: Live, to: ShowSummary) -> None:
        """Move a visit without having looked."""
        move = Move(moving=_moving(live), specialist_id=to.specialist_id, start=to.start)
        await self._hands.tap(number, card, pack(move))

    def _live(self, number: int, card: int) -> Live | None:
        return live_card(self._hands.telegram.chats[number].messages[card])

    def _wish(self, name: str, count: int) -> ShowSummary:
        place, chance = self._hands.places[name], self._hands.chance
        start: datetime = self._hands.day(DAY) + STEP * chance.randrange(count)
        specialist = chance.choice(place.specialists)
        return ShowSummary(service_id=place.service_id, specialist_id=specialist, start=start)


def _moving(live: Live) -> Moving:
    return Moving(booking_id=live.booking_id, version=live.version)


def _is_day_to_swap(command: Command) -> bool:
    return isinstance(command, ShowSwaps) and command.day is not None

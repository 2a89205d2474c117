"""Asking for a swap, and answering."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from shared.contracts.swapping import (
    AcceptSwap,
    DeclineSwap,
    EndSwaps,
    LapseSwap,
    RequestSwap,
    ShowSwaps,
    WithdrawSwap,
)
from worker.earlier.replies import not_agreed
from worker.exchanging.exchange import exchange
from worker.placement import bars
from worker.runtime.access import TIMERS_ONLY
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.swapping import promises, repository, views
from worker.swapping.access import ASKED_TO_SWAP
from worker.swapping.repository import SwapData
from worker.swapping.rules import MOST_OPEN, SwapState, fits, swap_times
from worker.ui.reply import Reply
from worker.visits.access import OWN_VISIT
from worker.visits.replies import STALE, card_reply
from worker.visits.repository import Visit, load, load_upcoming
from worker.visits.rules import TO_ANSWER, can_be_swapped


@reads(ShowSwaps, access=OWN_VISIT)
async def show_swaps(context: RequestContext, command: ShowSwaps, visit: Visit) -> Reply:
    """Show the times that others have, or what is asked already."""
    return _not_swapped(context, visit, visit.version) or await _shown(context, command, visit)


async def _shown(context: RequestContext, command: ShowSwaps, visit: Visit) -> Reply:
    asked = await repository.load_asked_by(context.session, visit.id)
    if asked is not None:
        return Reply(views.waiting(context.texts, visit, asked, context.now), card=visit.id)
    found = await _swappable(context, visit)
    return Reply(views.times(context.texts, visit, list(found), command), card=visit.id)


def _not_swapped(context: RequestContext, visit: Visit, version: int) -> Reply | None:
    """Answer where a visit cannot be swapped: as it is, or at all; None for any other."""
    if refusal := not_agreed(context, visit, version):
        return refusal
    if visit.in_swap or can_be_swapped(visit, context.now):
        return None
    never = context.texts.text("This visit cannot be swapped for another time.")
    return card_reply(context, visit, toast=never, alert=True)


async def _swappable(context: RequestContext, visit: Visit) -> Mapping[datetime, int]:
    if not can_be_swapped(visit, context.now):
        return {}
    earliest = context.now + visit.notice + TO_ANSWER
    return await repository.load_swappable(context.session, visit.id, earliest)


@writes(RequestSwap, access=OWN_VISIT)
async def request_swap(context: RequestContext, command: RequestSwap, visit: Visit) -> Reply:
    """Ask whoever has the time; both visits are locked, so that the question is about what is there."""
    if refusal := _not_swapped(context, visit, command.version):
        return refusal
    other_id = (await _swappable(context, visit)).get(command.start)
    both = None if other_id is None else await _locked(context, visit.id, other_id)
    still = (await _swappable(context, visit)).get(command.start)
    times = None if both is None else swap_times(context.now, both, context.zone)
    shown = ShowSwaps(booking_id=visit.id)
    if both is None or times is None or still != other_id:
        gone = context.texts.text("This time cannot be swapped any more.")
        return replace(await _shown(context, shown, visit), toast=gone, alert=True, outcome=STALE)
    mine, other = both
    if refusal := not_agreed(context, mine, command.version) or await _too_many(context, mine):
        return refusal
    swap = await repository.add_swap(context.session, both, times, context.now)
    promises.of_request(context, swap, other)
    view = views.waiting(context.texts, mine, swap, context.now)
    asked = context.texts.text("Asked. You will be told the answer.")
    return Reply(view, toast=asked, changed=True, card=mine.id)


async def _too_many(context: RequestContext, visit: Visit) -> Reply | None:
    own = await load_upcoming(context.session, visit.customer_id, context.now)
    if await repository.count_open(context.session, [each.id for each in own]) < MOST_OPEN:
        return None
    many = context.texts.text("You wait for answers already. Please wait for one before you ask for more.")
    return card_reply(context, visit, toast=many, alert=True)


async def _locked(context: RequestContext, first_id: int, second_id: int) -> tuple[Visit, Visit] | None:
    """Lock two visits, always in the same order; None where one is not there any more."""
    visits = {}
    for number in sorted((first_id, second_id)):
        visits[number] = await load(context.session, number, lock=True)
    first, second = visits[first_id], visits[second_id]
    return None if first is None or second is None else (first, second)


@writes(WithdrawSwap, access=OWN_VISIT)
async def withdraw_swap(context: RequestContext, _: WithdrawSwap, visit: Visit) -> Reply:
    """Take a question back that nobody has answered."""
    for swap in await repository.load_open_about(context.session, visit.id):
        if swap.booking_id == visit.id:
            await _settle(context, swap, SwapState.WITHDRAWN)
    toast = context.texts.text("Taken back.")
    return replace(card_reply(context, visit, toast=toast), changed=True)


@writes(AcceptSwap, access=ASKED_TO_SWAP)
async def accept_swap(context: RequestContext, _: AcceptSwap, swap: SwapData) -> Reply:
    """Exchange the times of both visits, or of neither: where one has changed, nothing happens."""
    if swap.state is not SwapState.OPEN:
        return _settled(context, swap)
    if refusal := bars.not_now(context):
        return refusal
    both = await _locked(context, swap.booking_id, swap.other_id)
    if both is None or context.now >= swap.deadline or not _still_fit(context, swap, both):
        return await _not_possible(context, swap)
    after = await exchange(context.session, both, context.now)
    if after is None:
        return await _not_possible(context, swap)
    await repository.settle_swap(context.session, swap.id, SwapState.ACCEPTED, context.now)
    promises.of_settling(context, swap, both[1], shown=True)
    await promises.of_swap(context, both, after)
    return Reply(toast=context.texts.text("Swapped!"), changed=True, outcome="swapped")


def _still_fit(context: RequestContext, swap: SwapData, both: tuple[Visit, Visit]) -> bool:
    asking, asked = both
    return (
        fits(asking, swap.start, context.now)
        and fits(asked, swap.other_start, context.now)
        and asking.specialist_id == asked.specialist_id
        and asking.location_id == asked.location_id
        and asking.end - asking.start == asked.end - asked.start
    )


async def _not_possible(context: RequestContext, swap: SwapData) -> Reply:
    await _settle(context, swap, SwapState.WITHDRAWN, shown=True)
    return replace(_settled(context, replace(swap, state=SwapState.WITHDRAWN)), changed=True)


def _settled(context: RequestContext, swap: SwapData) -> Reply:
    over = context.texts.text("This question is settled already.")
    return Reply(views.settled(context.texts, swap), toast=over, outcome=STALE)


@writes(DeclineSwap, access=ASKED_TO_SWAP)
async def decline_swap(context: RequestContext, _: DeclineSwap, swap: SwapData) -> Reply:
    """Keep one's time; who asked reads that it could not be swapped."""
    if swap.state is not SwapState.OPEN:
        return _settled(context, swap)
    await _settle(context, swap, SwapState.DECLINED, shown=True)
    declined = replace(swap, state=SwapState.DECLINED)
    return Reply(views.settled(context.texts, declined), changed=True, outcome="declined")


@writes(LapseSwap, access=TIMERS_ONLY)
async def lapse_swap(context: RequestContext, command: LapseSwap) -> Reply:
    """End a question that nobody answered."""
    swap = await repository.load_swap(context.session, command.swap_id, lock=True)
    if swap is not None and swap.state is SwapState.OPEN:
        await _settle(context, swap, SwapState.LAPSED)
    return Reply(changed=True)


@writes(EndSwaps, access=TIMERS_ONLY)
async def end_swaps(context: RequestContext, command: EndSwaps) -> Reply:
    """End what is asked about a visit that is not what it was."""
    visit = await load(context.session, command.booking_id)
    for swap in await repository.load_open_about(context.session, command.booking_id):
        start = swap.start if swap.booking_id == command.booking_id else swap.other_start
        if visit is None or not fits(visit, start, context.now):
            await _settle(context, swap, SwapState.WITHDRAWN)
    return Reply(changed=True)


async def _settle(context: RequestContext, swap: SwapData, state: SwapState, *, shown: bool = False) -> None:
    """Write what came of a question, and tell both: who was asked in its message, who asked in a new one."""
    await repository.settle_swap(context.session, swap.id, state, context.now)
    mine, other = await load(context.session, swap.booking_id), await load(context.session, swap.other_id)
    if other is not None:
        promises.of_settling(context, swap, other, shown=shown)
    if mine is not None and mine.customer_id != context.user.id:
        promises.tell_asker(context, swap, mine)

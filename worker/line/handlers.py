"""What the staff do about those who wait: look, offer a time, choose for whom one is, take somebody off."""

from dataclasses import replace

from shared.contracts.line import (
    AskOffer,
    AskRemoval,
    LapseChoice,
    LetLineDecide,
    OfferTime,
    RemoveWish,
    RemoveWithWord,
    ShowChoice,
    ShowLine,
    ShowWaiting,
)
from worker.line import promises, views
from worker.line.access import ASKED_TO_CHOOSE, WAITING_HERE
from worker.line.replies import choice_view, line_reply, offer_plan, waiting_reply
from worker.offers import repository as offers
from worker.offers.by_hand import Unoffered, examine, offer_to
from worker.offers.choices import leave_to_line
from worker.offers.repository import StaffChoice
from worker.offers.settling import withdraw
from worker.offers.views import not_offered
from worker.runtime.access import OWN_CALENDAR, TIMERS_ONLY
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.wishes.repository import Wish

REMOVED = "removed"


@reads(ShowLine, access=OWN_CALENDAR)
async def show_line(context: RequestContext, command: ShowLine, whose: int | None) -> Reply:
    """Show who waits for a time of a specialist's calendar, or of anyone's."""
    return await line_reply(context, command, whose)


@reads(ShowWaiting, access=WAITING_HERE)
async def show_waiting(context: RequestContext, command: ShowWaiting, wish: Wish, whose: int | None) -> Reply:
    """Show a wish with the free times that would fit it."""
    return await waiting_reply(context, wish, whose, command.after)


@reads(AskOffer, access=WAITING_HERE)
async def ask_offer(context: RequestContext, command: AskOffer, wish: Wish, whose: int | None) -> Reply:
    """Show what comes of offering a time."""
    found = await examine(context, wish, command.specialist_id, command.start)
    if isinstance(found, Unoffered):
        return await _refused(context, wish, whose, found)
    candidate, _ = found
    return await offer_plan(context, command, candidate)


@writes(OfferTime, access=WAITING_HERE)
async def offer_time(context: RequestContext, command: OfferTime, wish: Wish, whose: int | None) -> Reply:
    """Hold a time for somebody and offer it to them; of two who do so at once the second reads why not."""
    offer = await offer_to(context, wish.id, command.specialist_id, command.start)
    if isinstance(offer, Unoffered):
        return await _refused(context, wish, whose, offer)
    shown = await waiting_reply(context, wish, whose)
    return replace(shown, toast=context.texts.text("Offered."), changed=True, outcome="offered")


async def _refused(context: RequestContext, wish: Wish, whose: int | None, why: Unoffered) -> Reply:
    toast = not_offered(context.texts, why)
    return replace(await waiting_reply(context, wish, whose), toast=toast, alert=True, outcome="stale")


@writes(AskRemoval, access=WAITING_HERE)
async def ask_removal(context: RequestContext, _: AskRemoval, wish: Wish, _whose: int | None) -> Reply:
    """Ask what the customer is to read; nobody has to say anything."""
    asks = RemoveWithWord(entry_id=wish.id, word="")
    return Reply(views.word_question(context.texts, wish), changed=True, asks=asks)


@writes(RemoveWish, access=WAITING_HERE)
async def remove_wish(context: RequestContext, _: RemoveWish, wish: Wish, whose: int | None) -> Reply:
    """End somebody's wish; they are told."""
    return await _remove(context, wish, whose, "")


@writes(RemoveWithWord, access=WAITING_HERE)
async def remove_with_word(
    context: RequestContext, command: RemoveWithWord, wish: Wish, whose: int | None
) -> Reply:
    """End somebody's wish; they read the word."""
    return await _remove(context, wish, whose, command.word)


async def _remove(context: RequestContext, wish: Wish, whose: int | None, word: str) -> Reply:
    if not await withdraw(context, wish, REMOVED):
        over = context.texts.text("This wish has ended already.")
        return replace(await line_reply(context, ShowLine(), whose), toast=over, changed=True)
    promises.of_removal(context, wish, word)
    gone = context.texts.text("Removed from the line.")
    shown = await line_reply(context, ShowLine(), whose)
    return replace(shown, toast=gone, changed=True, outcome=REMOVED)


@reads(ShowChoice, access=ASKED_TO_CHOOSE)
async def show_choice(context: RequestContext, _: ShowChoice, choice: StaffChoice) -> Reply:
    """Show a time that has freed up with those who can have it."""
    view = await choice_view(context, context.texts, choice)
    if view is None:
        nobody = context.texts.text("Nobody in line can have this time any more.")
        return Reply(toast=nobody, alert=True)
    return Reply(view)


@writes(LetLineDecide, access=ASKED_TO_CHOOSE)
async def let_line_decide(context: RequestContext, _: LetLineDecide, choice: StaffChoice) -> Reply:
    """Have a freed time offered to whoever is first in line, now."""
    if not await leave_to_line(context, choice):
        return Reply(toast=context.texts.text("This is settled already."), alert=True, outcome="stale")
    toast = context.texts.text("It goes to the first in line.")
    return Reply(views.left_to_line(context.texts), toast=toast, changed=True, outcome="left_to_line")


@writes(LapseChoice, access=TIMERS_ONLY)
async def lapse_choice(context: RequestContext, command: LapseChoice) -> Reply:
    """Have the line decide: nobody has chosen in time."""
    choice = await offers.load_choice(context.session, command.choice_id)
    if choice is not None:
        await leave_to_line(context, choice)
    return Reply(changed=True)

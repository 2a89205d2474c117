"""Keeping places for friends, joining, leaving, and booking for all of them or for nobody."""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.contracts.gathering import (
    AskGathering,
    BookGathering,
    CallOffGathering,
    JoinGathering,
    LapseGathering,
    LeaveGathering,
    ShowGathering,
    ShowJoined,
    StartGathering,
)
from worker.db.models.booking import KeptFor, Status
from worker.gathering import promises, replies, views
from worker.gathering.access import JOINED, ORGANIZER
from worker.keeping.repository import keep_for_nobody, release
from worker.placement import bars
from worker.placement.allocation import NewVisit
from worker.placement.gathered import hold_places, lock_people
from worker.placement.placement import Booked, place
from worker.placement.repository import take_back
from worker.runtime.access import TIMERS_ONLY
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.summary.replies import terms_of
from worker.summary.rules import changed_terms
from worker.summary.views import changed as changed_words
from worker.together import repository
from worker.together.repository import GatheringData
from worker.together.rules import FEWEST, GatheringLink, GatheringState, sizes
from worker.ui.reply import Reply


@reads(AskGathering)
async def ask_gathering(context: RequestContext, command: AskGathering) -> Reply:
    """Ask how many come, and say what the rule is."""
    refusal = bars.not_now(context) or await replies.not_again(context)
    return refusal or await replies.ask_page(context, command)


@writes(StartGathering)
async def start_gathering(context: RequestContext, command: StartGathering) -> Reply:
    """Keep the places, and promise the card with the link."""
    if refusal := bars.not_now(context) or await replies.not_again(context):
        return refusal
    offered, asked = await replies.offered(context, command), replies.asked_by(command)
    if isinstance(offered, Reply):
        return offered
    if command.places not in sizes(command.places):
        return await replies.ask_page(context, asked)
    until = context.now + timedelta(minutes=context.settings.gathering_minutes)
    held = await hold_places(
        context.session,
        replies.wish_of(command),
        _hold(context, until),
        command.places,
        context.now,
        limited=bars.is_limited(context),
    )
    if not isinstance(held, list):
        return await replies.not_all_held(context, asked, held)
    if refusal := await replies.not_so(context, command, [each.visit for each in held]):
        return refusal
    return await _begun(context, held)


def _hold(context: RequestContext, until: datetime) -> NewVisit:
    return NewVisit(context.user.id, context.business.currency, Status.HELD, until, KeptFor.GATHERING)


async def _begun(context: RequestContext, held: list[Booked]) -> Reply:
    visits, tapped = [each.visit for each in held], context.envelope.reply_to.message_id
    number = await repository.add_gathering(context.session, visits, tapped, context.now)
    gathering = await repository.load_gathering(context.session, number)
    if gathering is not None:
        promises.of_start(context, gathering)
    told = context.texts.text("The places are kept. Send the link to your friends.")
    return Reply(toast=told, changed=True, outcome="begun")


@reads(ShowGathering)
async def show_gathering(context: RequestContext, command: ShowGathering) -> Reply:
    """Show a friend to what they are invited, and by which rule it is booked."""
    gathering = await _linked(context, command)
    if gathering is None:
        return Reply(views.unknown(context.texts))
    if refusal := bars.not_now(context) or await replies.not_joinable(context, gathering):
        return refusal
    return await replies.invited(context, gathering, command)


async def _linked(
    context: RequestContext, command: ShowGathering | JoinGathering, *, lock: bool = False
) -> GatheringData | None:
    """Load to what a link leads; None where its code is another's."""
    link = GatheringLink(repository.business_of(context.session), command.number)
    if not link.is_of(command.code, context.settings.bot_token.get_secret_value()):
        return None
    return await repository.load_gathering(context.session, command.number, lock=lock)


@writes(JoinGathering)
async def join_gathering(context: RequestContext, command: JoinGathering) -> Reply:
    """Take a place of those that are kept; with the last one all are booked.

    Of two who tap for the last place the second reads that all are taken.
    """
    gathering = await _linked(context, command, lock=True)
    if gathering is None:
        return Reply(views.unknown(context.texts))
    if refusal := bars.not_now(context) or await replies.not_joinable(context, gathering):
        return refusal
    people = {*gathering.people, gathering.organizer_id, context.user.id}
    standings = await lock_people(context.session, people, context.now)
    checked = await replies.without_blocked(context, gathering, standings)
    if isinstance(checked, Reply):
        return checked
    joined = await _join(context, command, checked)
    if isinstance(joined, Reply):
        return joined
    if not joined.free:
        return await replies.book_all(context, joined)
    promises.promise_cards(context, joined)
    return Reply(toast=context.texts.text("You have joined."), changed=True, outcome="joined")


async def _join(
    context: RequestContext, command: JoinGathering, gathering: GatheringData
) -> GatheringData | Reply:
    """Hold a place for whoever asks instead of for nobody; their customer's limits hold for it, too."""
    offered = await replies.offered(context, gathering)
    if isinstance(offered, Reply):
        return offered
    await release(context.session, [gathering.free[0].booking_id])
    wish, new = replies.wish_of(gathering), _hold(context, gathering.deadline)
    limited = bars.is_limited(context)
    outcome = await place(context.session, wish, context.now, new, limited=limited)
    if not isinstance(outcome, Booked):
        return await replies.not_held(context, gathering, outcome)
    if changed := changed_terms(command.terms, terms_of(outcome.visit)):
        await take_back(context.session, outcome.visit.id)
        asked = ShowGathering(number=command.number, code=command.code)
        again = await replies.invited(context, gathering, asked)
        told = changed_words(context.texts, changed)
        return replace(again, toast=told, alert=True, outcome="conflict")
    taken = replies.with_place_of(context, gathering, outcome.visit.id)
    return await repository.take_place(context.session, gathering, taken, context.now)


@writes(ShowJoined, access=JOINED)
async def show_joined(context: RequestContext, _: ShowJoined, gathering: GatheringData) -> Reply:
    """Show how far it has come, in the message that was tapped: it follows from then on."""
    tapped = context.tapped_message_id
    if not gathering.is_open(context.now) or tapped is None:
        return replies.over(context, gathering)
    await repository.note_message(context.session, gathering.id, context.user.id, tapped)
    cause = f":{context.envelope.update_id}"
    context.enqueue(promises.card(gathering, context.user.id, cause))
    return Reply(changed=True)


@writes(LeaveGathering, access=JOINED)
async def leave_gathering(context: RequestContext, _: LeaveGathering, gathering: GatheringData) -> Reply:
    """Give one's place back to those who are invited; when its organizer leaves, it is called off."""
    place_left = gathering.of(context.user.id)
    if not gathering.is_open(context.now) or place_left is None:
        return replies.over(context, gathering)
    if gathering.organizer_id == context.user.id:
        return await _called_off(context, gathering)
    await keep_for_nobody(context.session, place_left.booking_id)
    after = await repository.free_place(context.session, gathering, place_left)
    promises.promise_cards(context, after)
    told = context.texts.text("You have left.")
    return Reply(views.left(context.texts), toast=told, changed=True, outcome="left")


@writes(BookGathering, access=ORGANIZER)
async def book_gathering(context: RequestContext, command: BookGathering, gathering: GatheringData) -> Reply:
    """Book for those who have joined, if they are as many as its organizer saw."""
    if not gathering.is_open(context.now):
        return replies.over(context, gathering)
    if refusal := bars.not_now(context):
        return refusal
    standings = await lock_people(context.session, gathering.people, context.now)
    checked = await replies.without_blocked(context, gathering, standings)
    if isinstance(checked, Reply):
        return checked
    if len(checked.joined) == command.joined >= FEWEST:
        return await replies.book_all(context, checked)
    told = views.others_now(context.texts)
    promises.promise_cards(context, checked)
    return Reply(toast=told, alert=True, changed=True, outcome="stale")


@writes(CallOffGathering, access=ORGANIZER)
async def call_off_gathering(context: RequestContext, _: CallOffGathering, gathering: GatheringData) -> Reply:
    """Let all places go; everybody who has joined is told."""
    if not gathering.is_open(context.now):
        return replies.over(context, gathering)
    return await _called_off(context, gathering)


async def _called_off(context: RequestContext, gathering: GatheringData) -> Reply:
    told = context.texts.text("Called off.")
    ended = await replies.end(context, gathering, GatheringState.CALLED_OFF, told)
    return replace(ended, outcome="called_off")


@writes(LapseGathering, access=TIMERS_ONLY)
async def lapse_gathering(context: RequestContext, command: LapseGathering) -> Reply:
    """End what nobody waits for any more: its deadline has come, or its organizer was forgotten."""
    gathering = await repository.load_gathering(context.session, command.gathering_id, lock=True)
    if gathering is None or gathering.state is not GatheringState.OPEN or gathering.is_open(context.now):
        return Reply(changed=True)
    in_time = context.now < gathering.deadline
    state = GatheringState.CALLED_OFF if in_time else GatheringState.LAPSED
    await replies.end(context, gathering, state)
    return Reply(changed=True)

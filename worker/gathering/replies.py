"""What is kept, booked and let go of a booking together, and what people are answered."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from shared.contracts.booking import ShowSummary
from shared.contracts.gathering import AskGathering, ShowGathering, StartGathering
from worker.catalogue import repository as catalogue
from worker.catalogue.replies import not_offered
from worker.gathering import promises, views
from worker.gathering.views import InvitedTo
from worker.keeping.repository import keep_for_nobody, release
from worker.placement import bars
from worker.placement.gathered import book_held
from worker.placement.placement import BookingRequest, NotBooked
from worker.placement.repository import take_back
from worker.placement.rules import Bar, Barred, Standing
from worker.runtime.context import RequestContext
from worker.scheduling.rules import Reason
from worker.summary import views as summary
from worker.summary.offering import places_to_take
from worker.summary.replies import not_placed, terms_of
from worker.summary.rules import ShownTerms, changed_terms
from worker.together import repository
from worker.together.repository import GatheringData
from worker.together.rules import FEWEST, LATELY, MOST_LATELY, GatheringState, has_time, sizes
from worker.ui.reply import Reply
from worker.ui.view import View
from worker.visits.repository import Visit, load_several

type Asked = AskGathering | StartGathering


def wish_of(what: Asked | GatheringData) -> BookingRequest:
    """Say which place of which session is wanted."""
    return BookingRequest(what.service_id, what.specialist_id, what.start, what.location_id, places=1)


def summary_of(what: Asked | GatheringData) -> ShowSummary:
    """Make the command that shows the summary of the same for one person alone."""
    return ShowSummary(
        service_id=what.service_id,
        specialist_id=what.specialist_id,
        start=what.start,
        location_id=what.location_id,
    )


async def offered(context: RequestContext, what: Asked | GatheringData) -> InvitedTo | Reply:
    """Return what somebody would join, as it is offered now, or why nobody can."""
    service = await catalogue.load_service(context.session, what.service_id)
    if service is None:
        return not_offered(context)
    if not service.gatherable:
        return _not_here(context)
    where = await catalogue.load_place(context.session, what.location_id)
    done = service.done_by(what.specialist_id)
    shown = ShownTerms(
        done.price,
        context.business.currency,
        done.duration,
        context.business.zone.key,
        None if where is None else (where.name, where.address),
        done.cancel_until,
        done.confirm_until,
    )
    return InvitedTo(done, context.business.currency, shown.mark)


def _not_here(context: RequestContext) -> Reply:
    words = context.texts.text(
        "This cannot be booked together: something is asked, paid or agreed on first, so each of you books "
        "by yourself."
    )
    return Reply(toast=words, alert=True, outcome="refused")


async def not_again(context: RequestContext) -> Reply | None:
    """Answer who keeps places for friends already, or did so too often in vain; None to all others."""
    begun = await repository.load_begun(context.session, context.user.id)
    if begun is not None:
        words = context.texts.text("You have a booking together under way: it is under “My bookings”.")
        return Reply(toast=words, alert=True, outcome="refused")
    since = context.now - LATELY
    in_vain = await repository.count_in_vain(context.session, context.user.id, since)
    if in_vain < MOST_LATELY or not bars.is_limited(context):
        return None
    words = context.texts.text("You have kept places for friends often today. Please call us to book.")
    return Reply(toast=words, alert=True, outcome="refused")


async def not_held(context: RequestContext, what: Asked | GatheringData, found: NotBooked | Barred) -> Reply:
    """Say why somebody cannot have a place."""
    asked = summary_of(what)
    if isinstance(found, NotBooked):
        return await not_placed(context, asked, found)
    if found.bar is Bar.OVERLAP and all(each.is_live for each in found.visits):
        words = summary.elsewhere(context.texts, by_staff=False)
        return Reply(toast=words, alert=True, outcome="conflict")
    return bars.answer(context, asked, found)


async def ask_page(context: RequestContext, asked: AskGathering) -> Reply:
    """Ask how many come; where there are no places for several, say so."""
    found = await offered(context, asked)
    if isinstance(found, Reply):
        return found
    choices = sizes(await places_to_take(context, summary_of(asked)))
    if not choices:
        words = context.texts.text("There are not enough places left to come together.")
        return Reply(toast=words, alert=True, outcome="conflict")
    kept_for = timedelta(minutes=context.settings.gathering_minutes)
    return Reply(views.how_many(context.texts, asked, found, choices, kept_for))


async def not_all_held(context: RequestContext, asked: AskGathering, found: NotBooked | Barred) -> Reply:
    """Say why the places cannot be kept; of fewer that are left one may choose again."""
    if isinstance(found, NotBooked) and found.reason is Reason.FULL:
        again = await ask_page(context, asked)
        return replace(again, toast=views.fewer(context.texts), alert=True, outcome="conflict")
    return await not_held(context, asked, found)


async def not_so(context: RequestContext, command: StartGathering, held: Sequence[Visit]) -> Reply | None:
    """Answer where what is held is not what can be booked together; then it is held no more."""
    first, texts = held[0], context.texts
    changed = changed_terms(command.terms, terms_of(first))
    if not changed and not first.is_asked_about and has_time(first.kept_until, context.now):
        return None
    await take_back(context.session, *(each.id for each in held))
    if first.is_asked_about:
        return _not_here(context)
    if changed:
        again = await ask_page(context, asked_by(command))
        return replace(again, toast=summary.changed(texts, changed), alert=True, outcome="conflict")
    words = texts.text("It begins too soon for friends to join. Please book for yourself.")
    return Reply(toast=words, alert=True, outcome="refused")


def asked_by(command: StartGathering) -> AskGathering:
    """Make the command that asked how many come."""
    return AskGathering(**command.model_dump(include=set(AskGathering.model_fields)))


async def invited(context: RequestContext, gathering: GatheringData, asked: ShowGathering) -> Reply:
    """Show a friend to what they are invited."""
    found = await offered(context, gathering)
    if isinstance(found, Reply):
        return found
    return Reply(views.invitation(context.texts, gathering, asked, found, context.now))


async def not_joinable(context: RequestContext, gathering: GatheringData) -> Reply | None:
    """Answer who comes too late, or has joined already; None to all others."""
    if gathering.of(context.user.id) is not None and gathering.is_open(context.now):
        return Reply(_of_their_own(context, gathering), outcome="stale")
    return None if gathering.is_open(context.now) else over(context, gathering)


def _of_their_own(context: RequestContext, gathering: GatheringData) -> View:
    begun = gathering.organizer_id == context.user.id
    shown = views.for_organizer if begun else views.for_joined
    return shown(context.texts, gathering)


def over(context: RequestContext, gathering: GatheringData) -> Reply:
    """Say what came of it: to who was with the others, and to who comes too late."""
    if gathering.state is GatheringState.BOOKED and gathering.of(context.user.id) is None:
        told = context.texts.text("All places are taken.")
        return Reply(views.full(context.texts, gathering), toast=told, outcome="conflict")
    told = context.texts.text("This booking together is over.")
    return Reply(views.ended(context.texts, gathering), toast=told, outcome="stale")


async def end(
    context: RequestContext, gathering: GatheringData, state: GatheringState, toast: str | None = None
) -> Reply:
    """Let all places go, and promise that everybody reads it, once."""
    await release(context.session, [each.booking_id for each in gathering.places])
    ended = await repository.settle(context.session, gathering, state, context.now)
    promises.of_end(context, ended)
    return Reply(views.ended(context.texts, ended), toast=toast, changed=True)


async def without_blocked(
    context: RequestContext, gathering: GatheringData, standings: Mapping[int, Standing]
) -> GatheringData | Reply:
    """Take out who may not book here any more; where that is the organizer, it ends."""
    if standings[gathering.organizer_id].blocked:
        return await end(context, gathering, GatheringState.CALLED_OFF)
    for place in gathering.joined:
        if place.customer_id is not None and standings[place.customer_id].blocked:
            await keep_for_nobody(context.session, place.booking_id)
            gathering = await repository.free_place(context.session, gathering, place)
    return gathering


async def book_all(context: RequestContext, gathering: GatheringData) -> Reply:
    """Book for all who have joined, in this transaction, or end it for all where that cannot be."""
    held = await load_several(context.session, [each.booking_id for each in gathering.joined])
    by_person = {each.customer_id: each for each in held}
    mine = [by_person[each] for each in gathering.people if each in by_person]
    if len(mine) < max(FEWEST, len(gathering.joined)):
        return await end(context, gathering, GatheringState.IMPOSSIBLE)
    booked = await book_held(context.session, mine, context.now)
    if isinstance(booked, NotBooked):
        return await end(context, gathering, GatheringState.IMPOSSIBLE)
    await release(context.session, [each.booking_id for each in gathering.free])
    after = await repository.settle(context.session, gathering, GatheringState.BOOKED, context.now)
    await promises.of_booking(context, after, booked)
    return Reply(toast=context.texts.text("Booked!"), changed=True, outcome="confirmed")


def with_place_of(context: RequestContext, gathering: GatheringData, booking_id: int) -> repository.KeptPlace:
    """Give whoever asks the first place that is free, and what holds it."""
    user, message_id = context.user, context.envelope.reply_to.message_id
    name = repository.name_of(user.first_name, user.last_name, user.username)
    return replace(
        gathering.free[0],
        customer_id=user.id,
        customer=name,
        booking_id=booking_id,
        message_id=message_id,
    )

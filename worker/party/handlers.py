"""A customer, or staff for them, changes how many come with a booking of a group; a customer says who."""

from dataclasses import replace

from shared.contracts.party import AskCompanions, ResizeParty, ShowParty, WriteCompanions
from worker.moving.access import MOVABLE_VISIT, MOVABLE_VISIT_LOCKED
from worker.moving.replies import hindered, moved_card
from worker.moving.rules import is_by_staff
from worker.party import promises, repository, views
from worker.party.rules import in_one_line, obstacle_to_resize, sizes
from worker.placement import bars
from worker.placement.resizing import places_free, resize
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.visits.access import OWN_VISIT, OWN_VISIT_LOCKED
from worker.visits.replies import card_reply, refused
from worker.visits.repository import Visit
from worker.visits.rules import obstacle_to_answer


@reads(ShowParty, access=MOVABLE_VISIT)
async def show_party(context: RequestContext, _: ShowParty, visit: Visit) -> Reply:
    """Show how many may come; the message goes on following the visit."""
    by_staff = is_by_staff(visit, context.user.id)
    obstacle = obstacle_to_resize(visit, visit.version, context.now, by_staff=by_staff)
    return await _choices(context, visit) if obstacle is None else hindered(context, visit, obstacle)


@writes(ResizeParty, access=MOVABLE_VISIT_LOCKED)
async def resize_party(context: RequestContext, command: ResizeParty, visit: Visit) -> Reply:
    """Take another number of places, if as many are free; those that are given back are free at once."""
    by_staff = is_by_staff(visit, context.user.id)
    obstacle = obstacle_to_resize(visit, command.version, context.now, command.places, by_staff=by_staff)
    if obstacle is not None:
        return hindered(context, visit, obstacle)
    if command.places == visit.places:
        return moved_card(context, visit)
    if command.places > visit.places and (refusal := bars.not_now(context)):
        return refusal
    left = await places_free(context.session, visit, context.now, lock=True)
    if command.places not in sizes(visit, left, context.now, by_staff=by_staff):
        told = views.too_many(context.texts, left)
        return replace(await _choices(context, visit), toast=told, alert=True, outcome="conflict")
    resized = await resize(context.session, visit, command.places, context.now)
    await promises.of_resizing(context, visit, resized)
    toast = views.resized(context.texts, resized)
    shown = moved_card(context, resized, toast=toast) if by_staff else Reply(toast=toast)
    return replace(shown, changed=True, outcome="resized")


@writes(AskCompanions, access=OWN_VISIT)
async def ask_companions(context: RequestContext, _: AskCompanions, visit: Visit) -> Reply:
    """Ask who comes along; nobody has to say."""
    obstacle = obstacle_to_answer(visit, visit.version)
    if obstacle is not None:
        return refused(context, visit, obstacle)
    asks = WriteCompanions(booking_id=visit.id)
    return Reply(views.companions_question(context.texts, visit), changed=True, asks=asks)


@writes(WriteCompanions, access=OWN_VISIT_LOCKED)
async def write_companions(context: RequestContext, command: WriteCompanions, visit: Visit) -> Reply:
    """Keep who comes along: every card says it, also that of the staff."""
    obstacle = obstacle_to_answer(visit, visit.version)
    if obstacle is not None:
        return refused(context, visit, obstacle)
    names = in_one_line(command.names or "") or None
    await repository.write_companions(context.session, visit.id, names)
    named = replace(visit, companions=names)
    promises.of_companions(context, named)
    return replace(card_reply(context, named, toast=context.texts.text("Kept.")), changed=True)


async def _choices(context: RequestContext, visit: Visit) -> Reply:
    left = await places_free(context.session, visit, context.now)
    by_staff = is_by_staff(visit, context.user.id)
    choices = sizes(visit, left, context.now, by_staff=by_staff)
    view = views.party(context.texts, visit, choices, by_staff=by_staff)
    return Reply(view, card=None if by_staff else visit.id)

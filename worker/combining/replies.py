"""Answers on the way to several services in one visit."""

from collections.abc import Sequence
from dataclasses import replace

from shared.contracts.booking import MOST_ADDED, AddedServices, AddService, ShowSoonest, ShowSpecialists
from worker.catalogue.replies import not_offered, specialists_page
from worker.catalogue.repository import ServiceSummary, load_services
from worker.catalogue.views import LastTime
from worker.combining import repository, views
from worker.combining.views import Combining
from worker.runtime.context import RequestContext
from worker.ui.names import joined
from worker.ui.reply import Reply
from worker.ui.view import View


async def who_and_what_else(context: RequestContext, command: ShowSpecialists) -> Reply:
    """Show who does what is chosen, and the way to what can follow it; a link may name what cannot be."""
    if command.added is not None and not await can_be_one(context, _chosen(command), command.location_id):
        return not_offered(context)
    reply = await specialists_page(context, command, await _names(context, command))
    return await with_more(context, command, reply)


async def can_be_one(
    context: RequestContext, services: Sequence[int], location_id: int | None = None
) -> bool:
    """Tell whether services can be one visit, each once."""
    combinable = await repository.load_combinable(context.session, location_id)
    return combinable.issuperset(services) and len({*services}) == len(services)


async def with_more(context: RequestContext, command: Combining, reply: Reply) -> Reply:
    """Put the way to what can follow above the last row of a page that shows what is chosen so far."""
    view = reply.view
    if not isinstance(view, View) or not await _can_go_on(context, command):
        return reply
    *rows, last = view.keyboard
    more = [views.add_button(context.texts, command)]
    return replace(reply, view=replace(view, keyboard=[*rows, more, last]))


async def addable_page(context: RequestContext, command: AddService) -> Reply:
    """Show what can follow what is chosen so far; specialists who book for somebody add what they do."""
    chosen = _chosen(command)
    combinable = await repository.load_combinable(context.session, command.location_id)
    if not combinable.issuperset(chosen) or len(chosen) > MOST_ADDED:
        return not_offered(context)
    own = context.specialist_id if context.customer is not None and not context.is_admin else None
    every = await load_services(context.session, context.booked_for.id, own)
    offered = [each for each in every if each.id in combinable.difference(chosen)]
    names = await repository.load_names(context.session, chosen)
    return Reply(views.addable(context.texts, context.business, joined(names), offered, command))


async def last_time(context: RequestContext, services: Sequence[ServiceSummary]) -> LastTime | None:
    """Return what a customer had last of these services, with all that followed it, as far as it is offered.

    The first of the services is what they had last; None where they had none, or with nobody who is here.
    """
    first = services[0]
    if first.had_with is None:
        return None
    what = {"service_id": first.id, "specialist_id": first.had_with.id}
    ids = await repository.load_followed(context.session, context.booked_for.id, first.id)
    combinable = await repository.load_combinable(context.session, None) if ids else set()
    if not ids or not {first.id, *ids} <= combinable.intersection(each.id for each in services):
        return LastTime(first.name, first.had_with.name, ShowSoonest(**what))
    names = {each.id: each.name for each in services}
    again = ShowSoonest(added=AddedServices(ids=tuple(ids)), **what)
    return LastTime(joined([first.name, *(names[each] for each in ids)]), first.had_with.name, again)


async def _can_go_on(context: RequestContext, command: Combining) -> bool:
    """Tell whether anything can be added."""
    chosen = _chosen(command)
    if len(chosen) > MOST_ADDED:
        return False
    combinable = await repository.load_combinable(context.session, command.location_id)
    return combinable > {*chosen}


async def _names(context: RequestContext, command: ShowSpecialists) -> str | None:
    chosen = _chosen(command)
    return joined(await repository.load_names(context.session, chosen)) if len(chosen) > 1 else None


def _chosen(command: Combining | AddService) -> tuple[int, ...]:
    return (command.service_id, *(command.added.ids if command.added else ()))

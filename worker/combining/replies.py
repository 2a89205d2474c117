"""Answers on the way to several services in one visit."""

from dataclasses import replace

from shared.contracts.booking import MOST_ADDED, AddService, ShowSpecialists
from worker.catalogue.replies import not_offered, specialists_page
from worker.catalogue.repository import load_services
from worker.combining import repository, views
from worker.runtime.context import RequestContext
from worker.ui.names import joined
from worker.ui.reply import Reply
from worker.ui.view import View


async def who_and_what_else(context: RequestContext, command: ShowSpecialists) -> Reply:
    """Show who does what is chosen, and the way to what can follow it."""
    reply = await specialists_page(context, command, await _names(context, command))
    if not await _can_go_on(context, command) or not isinstance(reply.view, View):
        return reply
    *rows, last = reply.view.keyboard
    more = [views.add_button(context.texts, command)]
    return replace(reply, view=replace(reply.view, keyboard=[*rows, more, last]))


async def addable_page(context: RequestContext, command: AddService) -> Reply:
    """Show what can follow what is chosen so far."""
    chosen = _chosen(command)
    combinable = await repository.load_combinable(context.session, command.location_id)
    if not combinable.issuperset(chosen) or len(chosen) > MOST_ADDED:
        return not_offered(context)
    every = await load_services(context.session, context.user.id)
    offered = [each for each in every if each.id in combinable.difference(chosen)]
    names = await repository.load_names(context.session, chosen)
    return Reply(views.addable(context.texts, context.business, joined(names), offered, command))


async def _can_go_on(context: RequestContext, command: ShowSpecialists) -> bool:
    """Tell whether anything can be added; staff who book for somebody book one service."""
    chosen = _chosen(command)
    if context.customer is not None or len(chosen) > MOST_ADDED:
        return False
    combinable = await repository.load_combinable(context.session, command.location_id)
    return combinable > {*chosen}


async def _names(context: RequestContext, command: ShowSpecialists) -> str | None:
    chosen = _chosen(command)
    return joined(await repository.load_names(context.session, chosen)) if len(chosen) > 1 else None


def _chosen(command: ShowSpecialists | AddService) -> tuple[int, ...]:
    return (command.service_id, *(command.added.ids if command.added else ()))

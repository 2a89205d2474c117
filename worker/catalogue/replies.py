"""Answers that show what can be booked."""

from dataclasses import replace

from shared.contracts.booking import ShowServices, ShowSpecialists
from worker.catalogue import repository, views
from worker.runtime.context import RequestContext
from worker.ui.buttons import menu
from worker.ui.reply import Reply
from worker.ui.view import Button, View


async def specialists_page(
    context: RequestContext, command: ShowSpecialists, called: str | None = None
) -> Reply:
    """Show who does a service; before that where, if they work at more than one place.

    `called` is what stands above it, where that is not the service's name.
    """
    service = await repository.load_service(context.session, command.service_id)
    service = service and replace(service, name=called or service.name)
    specialists = await repository.load_specialists(context.session, command.service_id)
    places = {place for each in specialists for place in each.places}
    if service is not None and command.location_id is None and len(places) > 1:
        choices = await repository.load_places(context.session, places)
        return Reply(views.places(context.texts, service, choices, command))
    there = [each for each in specialists if command.location_id in {None, *each.places}]
    if service is None or not there:
        return not_offered(context)
    return Reply(views.specialists(context.texts, context.business, service, there, command))


def not_offered(context: RequestContext) -> Reply:
    """Explain a button whose service or specialist is gone, and lead back to what there is."""
    texts = context.texts
    again = Button(texts.text("Book a visit"), ShowServices())
    view = View(texts.html("This is not offered any more. Please choose again."), [[again], [menu(texts)]])
    return Reply(view, toast=texts.text("Not offered any more."))

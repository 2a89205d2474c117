"""Which links there are, and sending one of them."""

from shared.contracts.links import ChooseSeveral, SendShopLink, ShowLinks
from worker.links import repository, views
from worker.links.promises import promise_link
from worker.runtime.access import ADMINS
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply


@reads(ShowLinks, access=ADMINS)
async def show_links(context: RequestContext, command: ShowLinks) -> Reply:
    """Show of what there are links."""
    targets = await repository.load_targets(context.session)
    combinable = await repository.load_combinable_targets(context.session)
    return Reply(views.links(context.texts, targets, command, several=len(combinable) > 1))


@reads(ChooseSeveral, access=ADMINS)
async def choose_several(context: RequestContext, command: ChooseSeveral) -> Reply:
    """Show which services can be one visit with those that are chosen; what is not offered begins anew."""
    offered = await repository.load_combinable_targets(context.session)
    chosen = None
    if command.service_id is not None:
        chosen = repository.several(offered, command.service_id, command.added)
    return Reply(views.several(context.texts, offered, chosen, command.page))


@writes(SendShopLink, access=ADMINS)
async def send_link(context: RequestContext, command: SendShopLink) -> Reply:
    """Send the link by which customers find the shop, services of it or one of its specialists."""
    promise_link(context, command.specialist_id, command.service_id, command.added)
    return Reply(toast=context.texts.text("It comes in a message of its own."), changed=True)

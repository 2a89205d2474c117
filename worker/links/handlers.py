"""Which links there are, and sending one of them."""

from shared.contracts.links import SendShopLink, ShowLinks
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
    return Reply(views.links(context.texts, targets, command))


@writes(SendShopLink, access=ADMINS)
async def send_link(context: RequestContext, command: SendShopLink) -> Reply:
    """Send the link by which customers find the shop, one of its services or of its specialists."""
    promise_link(context, command.specialist_id, command.service_id)
    return Reply(toast=context.texts.text("It comes in a message of its own."), changed=True)

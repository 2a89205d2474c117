"""The business as a file in the chat."""

from typing import Final

from worker.business.export import write_document
from worker.business.repository import read_business
from worker.drafts import repository as drafts
from worker.editing import views
from worker.editing.repository import SENT
from worker.proposals import offer_views
from worker.proposals.offers import offer_file
from worker.runtime.context import RequestContext
from worker.runtime.environment import OWNER
from worker.ui.reply import Reply

FILE_NAME: Final = "business.yaml"


async def export(context: RequestContext) -> Reply:
    """Send the business as a file."""
    document = (await read_business(context.session)).document
    if document is None:
        return Reply(offer_views.gone(context.texts))
    return Reply(views.export(context.texts, FILE_NAME, write_document(document)))


async def show_sent(context: RequestContext) -> Reply:
    """Show what the file would change that an owner sent last."""
    if OWNER not in context.roles:
        return Reply(views.owners_only(context.texts))
    draft = await drafts.load_newest(context.session, context.user.id, SENT, context.now)
    if draft is None:
        return Reply(offer_views.gone(context.texts))
    return await offer_file(context, draft.data["name"], draft.data["file"])

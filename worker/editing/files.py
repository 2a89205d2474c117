"""The business as a file in the chat."""

from typing import Final

from worker.business.export import write_document
from worker.business.repository import read_business
from worker.editing import views
from worker.proposals import offer_views
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply

FILE_NAME: Final = "business.yaml"


async def export(context: RequestContext) -> Reply:
    """Send the business as a file."""
    document = (await read_business(context.session)).document
    if document is None:
        return Reply(offer_views.gone(context.texts))
    return Reply(views.export(context.texts, FILE_NAME, write_document(document)))

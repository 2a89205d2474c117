"""What another note to a visit promises."""

from typing import Final

from shared.contracts.base import DraftRef
from worker.notices import news
from worker.runtime.context import RequestContext
from worker.visits.promises import promise_anew, to_customer
from worker.visits.repository import Visit

NOTED: Final = "visits.noted"


async def of_note(context: RequestContext, visit: Visit, undo: DraftRef | None) -> None:
    """Promise that the customer hears that a note is kept, and that every card and the specialist have it."""
    cause = context.envelope.update_id
    payload = {"message_id": context.tapped_message_id, "undo": undo and undo.model_dump()}
    context.enqueue(to_customer(NOTED, visit, f"noted:{visit.id}:{cause}", payload))
    await news.tell_noted(context, visit, cause)
    promise_anew(context, visit)

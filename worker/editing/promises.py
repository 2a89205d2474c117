"""The promise to read a file that an owner sent: it is fetched outside of every transaction."""

from typing import Final

from shared.contracts.chat import SharedDocument
from worker.outbox.message import Chat, OutboxMessage
from worker.runtime.context import RequestContext

SENT_FILE: Final = "editing.sent_file"


def promise_file(context: RequestContext, document: SharedDocument) -> None:
    """Promise the owner an answer to their file."""
    context.enqueue(
        OutboxMessage(
            kind=SENT_FILE,
            destination=Chat(context.user.id),
            key=f"sent_file:{context.user.id}:{context.envelope.update_id}",
            payload={"file_id": document.file_id, "name": document.name, "size": document.size},
        )
    )

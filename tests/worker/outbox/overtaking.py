"""A message that is overtaken: something happens, once, after it is made and before it is sent."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from worker.capabilities import MESSAGES
from worker.outbox.handler import MessageType
from worker.outbox.message import ClaimedMessage
from worker.outbox.messenger import Messenger
from worker.visits.messages import VisitView, VisitViewMessage

type Happen = Callable[[], Awaitable[object]]


class Overtaken(VisitViewMessage):
    """Beside a handler of a message: what happens in the meantime."""

    meanwhile: Happen | None = None

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: VisitView) -> int | None:
        happen, self.meanwhile = self.meanwhile, None
        if happen is not None:
            await happen()
        return await super().send(messenger, claimed, content)


def overtaken(kind: str, meanwhile: Happen) -> Sequence[MessageType[Any]]:
    """Return every type of message, that of one kind so that it is overtaken once."""
    return [_overtaken(each, meanwhile) if each.name == kind else each for each in MESSAGES]


def _overtaken(message: MessageType[Any], meanwhile: Happen) -> MessageType[Any]:
    handler = type(message.handler)
    late = type(f"Overtaken{handler.__name__}", (Overtaken, handler), {"meanwhile": staticmethod(meanwhile)})
    return replace(message, handler=late())

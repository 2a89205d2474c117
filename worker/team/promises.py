"""What is promised about the team: a link to who made it, and word of who came and who left."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from worker.outbox.message import Chat, OutboxMessage
from worker.runtime.context import RequestContext

LINK: Final = "team.link"
NEWS: Final = "team.news"


class TeamNews(StrEnum):
    """What somebody is told of the team."""

    JOINED = "joined"
    """`who` has accepted an invitation."""
    LEFT = "left"
    """`who` is not any more what they were."""
    TAKEN = "taken"
    """You are not any more what you were."""


def promise_link(context: RequestContext, invitation_id: int) -> None:
    """Promise who made an invitation its link, in a message that can be passed on."""
    payload = {"invitation": invitation_id}
    key = f"team_link:{invitation_id}"
    context.enqueue(OutboxMessage(kind=LINK, destination=Chat(context.user.id), key=key, payload=payload))


def promise_news(
    context: RequestContext,
    what: TeamNews,
    to: Iterable[int],
    role: str,
    who: int | None,
    specialist: str | None,
) -> None:
    """Promise people word of what changed; who did it knows."""
    payload = {"what": what, "role": role, "specialist": specialist, "who": who, "by": context.user.id}
    for chat_id in sorted({*to} - {context.user.id}):
        key = f"team_news:{what}:{context.envelope.update_id}:{chat_id}"
        context.enqueue(OutboxMessage(kind=NEWS, destination=Chat(chat_id), key=key, payload=payload))

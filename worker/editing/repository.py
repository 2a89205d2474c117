"""What is being changed and not proposed yet, in a draft of who changes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from worker.drafts import repository as drafts
from worker.drafts.repository import DraftData
from worker.runtime.context import RequestContext

UNFINISHED: Final = "editing.unfinished"
"""The drafts of what was said of entries: each has one of its own, so that another entry ends nothing."""
SENT: Final = "editing.sent"
"""The draft of a file that an owner sent."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What a person has said of one entry and not proposed yet."""

    section: str
    number: int
    values: Mapping[str, Any] = field(default_factory=dict)
    draft: DraftData | None = None


async def load_unfinished(
    context: RequestContext, section: str, number: int, *, lock: bool = True
) -> Unfinished:
    """Load what the person has said of an entry, and lock it unless it is only shown."""
    session, kind = context.session, _kind(section, number)
    draft = await drafts.load_newest(session, context.user.id, kind, context.now, lock=lock)
    return Unfinished(section, number, draft.data["values"] if draft else {}, draft)


async def save_unfinished(context: RequestContext, kept: Unfinished, values: Mapping[str, Any]) -> Unfinished:
    """Keep what the person has said of an entry by now."""
    data, kind = {"values": dict(values)}, _kind(kept.section, kept.number)
    if kept.draft is None:
        ref = await drafts.create(context.session, context.user.id, kind, data, context.now)
    else:
        ref = await drafts.save(context.session, DraftData(kept.draft.ref, data), context.now)
    return Unfinished(kept.section, kept.number, values, DraftData(ref, data))


async def end_unfinished(context: RequestContext, kept: Unfinished) -> None:
    """End what was said of an entry: it is proposed, or begun anew."""
    if kept.draft is not None:
        await drafts.discard(context.session, kept.draft)


def _kind(section: str, number: int) -> str:
    return f"{UNFINISHED}:{section}:{number}"

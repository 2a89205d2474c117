"""What is being changed and not proposed yet, in a draft of who changes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from worker.drafts import repository as drafts
from worker.drafts.repository import DraftData
from worker.runtime.context import RequestContext

UNFINISHED: Final = "editing.unfinished"
SENT: Final = "editing.sent"
"""The draft of a file that an owner sent."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What a person has said of one entry and not proposed yet."""

    section: str
    number: int
    values: Mapping[str, Any] = field(default_factory=dict)
    draft: DraftData | None = None

    def is_of(self, section: str, number: int) -> bool:
        """Tell whether it is of this entry."""
        return (self.section, self.number) == (section, number)


async def load_unfinished(context: RequestContext, section: str, number: int) -> Unfinished:
    """Load and lock what the person has said of an entry; of another one it is nothing."""
    draft = await drafts.load_newest(context.session, context.user.id, UNFINISHED, context.now)
    if draft is None:
        return Unfinished(section, number)
    kept = Unfinished(draft.data["section"], draft.data["number"], draft.data["values"], draft)
    return kept if kept.is_of(section, number) else Unfinished(section, number, draft=draft)


async def save_unfinished(context: RequestContext, kept: Unfinished, values: Mapping[str, Any]) -> Unfinished:
    """Keep what the person has said of an entry by now."""
    data = {"section": kept.section, "number": kept.number, "values": dict(values)}
    if kept.draft is None:
        ref = await drafts.create(context.session, context.user.id, UNFINISHED, data, context.now)
    else:
        ref = await drafts.save(context.session, DraftData(kept.draft.ref, data), context.now)
    return Unfinished(kept.section, kept.number, values, DraftData(ref, data))


async def end_unfinished(context: RequestContext, kept: Unfinished) -> None:
    """End what was said of an entry: it is proposed, or begun anew."""
    if kept.draft is not None:
        await drafts.discard(context.session, kept.draft)

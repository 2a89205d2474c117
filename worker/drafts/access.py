"""Who may go on with a draft: whose it is."""

from dataclasses import dataclass

from shared.contracts.base import Command, DraftRef
from shared.i18n.marking import Marked
from worker.drafts import repository
from worker.drafts.repository import DraftData
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """The person who fills in the draft that a command names by `draft`.

    Hands on the draft, locked. One that is over, or was changed since, is nobody's.
    """

    kind: str
    """The draft's kind."""
    gone: Marked
    """What is answered where there is no such draft."""
    name: str = "own draft"

    async def admit(self, context: RequestContext, command: Command, /) -> Reply | tuple[DraftData]:
        """Let the draft's person in; a stranger learns nothing, not even that the draft is there."""
        ref: DraftRef | None = getattr(command, "draft", None)
        if ref is not None:
            draft = await repository.load(context.session, context.user.id, self.kind, ref, context.now)
            if draft is not None:
                return (draft,)
        return Reply(toast=context.texts.marked(self.gone), alert=True)

"""The set-up's form in the draft of whoever fills it in."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from shared.contracts.setup import SetupStep
from worker.drafts import repository as drafts
from worker.drafts.repository import DraftData
from worker.runtime.context import RequestContext
from worker.setup.rules import SetupForm
from worker.ui.names import shown_name
from worker.ui.phrases import called

SETUP_DRAFT: Final = "setup"
KEPT_FOR: Final = timedelta(days=90)
"""Since the last answer."""


@dataclass(frozen=True, slots=True)
class StoredForm:
    """A form, and the draft that holds it; None before the first answer."""

    form: SetupForm
    draft: DraftData | None = None

    @property
    def version(self) -> int:
        """What tells the form from that of an earlier summary."""
        return self.draft.ref.version if self.draft else 0


async def load(context: RequestContext) -> StoredForm:
    """Load and lock the person's form; begin one where there is none."""
    user = context.user
    draft = await drafts.load_newest(context.session, user.id, SETUP_DRAFT, context.now)
    if draft is not None:
        data = draft.data
        asked = [SetupStep(step) for step in data["asked"] if step in SetupStep]
        form = SetupForm(data["file"], asked, data["owner_name"])
        if form.fits:  # another release's reader may take less
            return StoredForm(form, draft)
    name = called(context.texts, shown_name((user.first_name, user.last_name, user.username)))
    return StoredForm(SetupForm.begun_by(user.id, name, context.texts.language), draft)


async def save(context: RequestContext, stored: StoredForm, form: SetupForm) -> StoredForm:
    """Keep the form as it is now."""
    data = {"file": form.tree, "asked": list(form.asked), "owner_name": form.owner_name}
    if stored.draft is None:
        session, person = context.session, context.user.id
        ref = await drafts.create(session, person, SETUP_DRAFT, data, context.now, KEPT_FOR)
    else:
        ref = await drafts.save(context.session, DraftData(stored.draft.ref, data), context.now, KEPT_FOR)
    return StoredForm(form, DraftData(ref, data))


async def discard(context: RequestContext, stored: StoredForm) -> None:
    """End the draft: the shop is open."""
    if stored.draft is not None:
        await drafts.discard(context.session, stored.draft)

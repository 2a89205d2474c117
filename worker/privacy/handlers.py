"""Whoever asks sees, gets and erases what is kept of them."""

from shared.contracts.privacy import AskForgetMe, ForgetMe, SendMyData, ShowMyData
from worker.privacy import repository, views
from worker.privacy.repository import NotErasedError, StillExpectedError
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.standing.repository import load_standing
from worker.ui.reply import Reply


@reads(ShowMyData)
async def show_my_data(context: RequestContext, _: ShowMyData) -> Reply:
    """Show what is kept of whoever asks."""
    found = await repository.export(context.session, context.user.id)
    return Reply(views.my_data(context.texts, {name: len(rows) for name, rows in found.items()}))


@reads(SendMyData)
async def send_my_data(context: RequestContext, _: SendMyData) -> Reply:
    """Write out what is kept of whoever asks."""
    found = await repository.export(context.session, context.user.id)
    return Reply(views.data_file(context.texts, found))


@reads(AskForgetMe)
async def ask_forget_me(context: RequestContext, _: AskForgetMe) -> Reply:
    """Ask before erasing."""
    return Reply(views.forget_question(context.texts, context.business.name))


@writes(ForgetMe)
async def forget_me(context: RequestContext, _: ForgetMe) -> Reply:
    """Erase who asks, unless somebody still expects them, or what limits them would be forgotten, too."""
    standing = await load_standing(context.session, context.user.id, context.now)
    if too_early := views.too_early(context.texts, standing):
        return _refused(context, too_early)
    try:
        await repository.erase(context.session, context.user.id, context.now)
    except NotErasedError as error:
        told = context.texts.text("You work here: ask whoever runs the business to take you out of it first.")
        if isinstance(error, StillExpectedError):
            told = context.texts.text(
                "You have visits ahead: cancel them first, so that whoever waits is told."
            )
        return _refused(context, told)
    return Reply(views.forgotten(context.texts), changed=True)


def _refused(context: RequestContext, told: str) -> Reply:
    return Reply(views.forget_question(context.texts, context.business.name), toast=told, alert=True)

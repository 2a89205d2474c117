"""The menu, help and settings."""

from shared.contracts.menu import ShowHelp, ShowHome, ShowSettings
from worker.menu import views
from worker.own_texts.replies import own_welcome
from worker.preferences.replies import settings_page
from worker.runtime.capability import reads
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply


@reads(ShowHome)
async def show_home(context: RequestContext, command: ShowHome) -> Reply:
    """Show the menu: what this person can do here. Whoever came by a link that leads nowhere is told so."""
    rows = [
        row.buttons(context.texts) for row in context.environment.home if row.audience <= context.audience
    ]
    lost = context.texts.text("That link leads nowhere here.") if command.payload else None
    own = await own_welcome(context)
    home = views.home(context.texts, context.business, context.user.first_name, rows, own)
    return Reply(home, toast=lost, alert=lost is not None)


@reads(ShowHelp)
async def show_help(context: RequestContext, _: ShowHelp) -> Reply:
    """Show what can be done."""
    lines = [line.text for line in context.environment.help if line.audience <= context.audience]
    return Reply(views.help_page(context.texts, lines))


@reads(ShowSettings)
async def show_settings(context: RequestContext, _: ShowSettings) -> Reply:
    """Show the person's settings."""
    return Reply(await settings_page(context))

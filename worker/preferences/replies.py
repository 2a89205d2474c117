"""The page of settings, as several handlers answer with it."""

from dataclasses import replace

from shared.i18n.translator import Translator
from worker.preferences import repository, views
from worker.preferences.rules import Preferences
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.ui.view import View


async def settings_page(context: RequestContext, texts: Translator | None = None) -> View:
    """Show a person's settings, in their language or in another they have just chosen."""
    chosen = await repository.load(context.session, context.user.id)
    return settings_view(context, chosen, texts)


def settings_view(context: RequestContext, chosen: Preferences, texts: Translator | None = None) -> View:
    """Show settings that are known."""
    said = texts or context.texts
    works_here = context.is_admin or context.specialist_id is not None
    page = views.settings(said, context.business)
    lines, rows = views.settings_parts(said, chosen, works_here=works_here)
    first, menu = page.keyboard[0], page.keyboard[1:]
    return replace(page, text=views.joined(page.text, lines), keyboard=[first, *rows, *menu])


def settings_reply(context: RequestContext, chosen: Preferences) -> Reply:
    """Answer a change with the settings as they are then."""
    done = context.texts.text("Done.")
    return Reply(settings_view(context, chosen), toast=done, changed=True)

"""The menu, help, settings, languages, and answers to what cannot be read."""

from shared.contracts.chat import ExplainButton, Say
from shared.contracts.menu import ShowHelp, ShowHome, ShowSettings
from shared.contracts.people import ChooseLanguage, SetReachable, ShowLanguages
from worker.menu import views
from worker.people import repository as people
from worker.runtime.context import Context
from worker.ui.view import Reply


async def show_home(context: Context, _: ShowHome) -> Reply:
    """Show the menu."""
    return Reply(
        views.home(
            context.texts,
            context.premises,
            context.person.first_name,
            staff=context.specialist_id is not None,
            admin=context.is_admin,
        )
    )


async def show_help(context: Context, _: ShowHelp) -> Reply:
    """Show what can be done."""
    staff = context.specialist_id is not None
    return Reply(views.help_page(context.texts, staff=staff, admin=context.is_admin))


async def show_settings(context: Context, _: ShowSettings) -> Reply:
    """Show the person's settings."""
    return Reply(views.settings(context.texts, context.premises))


async def show_languages(context: Context, _: ShowLanguages) -> Reply:
    """Show the languages."""
    return Reply(views.languages(context.texts, context.translators))


async def choose_language(context: Context, command: ChooseLanguage) -> Reply:
    """Speak the chosen language from now on; one that is not spoken here changes nothing."""
    if command.language not in context.translators.languages:
        return Reply(views.languages(context.texts, context.translators))
    await people.set_language(context.session, context.person.id, command.language)
    texts = context.translators.choose(command.language)
    return Reply(views.settings(texts, context.premises), toast=texts.text("Done."), changed=True)


async def set_reachable(context: Context, command: SetReachable) -> Reply:
    """Note that the person blocked or unblocked the bot."""
    await people.set_reachable(context.session, context.person.id, reachable=command.reachable)
    return Reply(changed=True)


async def explain_text(context: Context, command: Say) -> Reply:
    """Answer what cannot be read."""
    return Reply(views.explain(context.texts, unknown_command=command.unknown_command))


async def explain_button(context: Context, _: ExplainButton) -> Reply:
    """Answer a button that nobody here can read."""
    toast = context.texts.text("This button is out of date. Send /start for a fresh menu.")
    return Reply(toast=toast, alert=True)

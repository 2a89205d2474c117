"""The languages, and whether a person can be written to."""

from shared.contracts.people import ChooseLanguage, SetReachable, ShowLanguages
from worker.people import promises, repository, views
from worker.preferences.replies import settings_page
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply


@reads(ShowLanguages)
async def show_languages(context: RequestContext, _: ShowLanguages) -> Reply:
    """Show the languages."""
    return Reply(views.languages(context.texts, context.translators))


@writes(ChooseLanguage)
async def choose_language(context: RequestContext, command: ChooseLanguage) -> Reply:
    """Speak the chosen language from now on; one that is not spoken here changes nothing."""
    if command.language not in context.translators.languages:
        return Reply(views.languages(context.texts, context.translators))
    await repository.set_language(context.session, context.user.id, command.language)
    texts = context.translators.choose(command.language)
    if promises.is_menu_wrong(context, texts):
        await promises.promise_menu(context, texts)
    return Reply(await settings_page(context, texts), toast=texts.text("Done."), changed=True)


@writes(SetReachable, keeps_question=True)
async def set_reachable(context: RequestContext, command: SetReachable) -> Reply:
    """Note that the person blocked or unblocked the bot."""
    await repository.set_reachable(context.session, context.user.id, reachable=command.reachable)
    return Reply(changed=True)

"""The own text that is said to somebody, if there is one."""

from sqlalchemy.ext.asyncio import AsyncSession

from shared.i18n.translator import Html, Translator, Translators
from worker.own_texts import repository, views
from worker.own_texts.rules import OwnText, OwnTextKind, choose
from worker.runtime.context import RequestContext
from worker.visits.repository import Visit


async def own_welcome(context: RequestContext) -> Html | None:
    """Say the business's own welcome to whoever asks; None where it has none for them."""
    found = await repository.load_welcome(context.session)
    own = choose(found, context.texts.language, context.business.language)
    if own is None:
        return None
    texts = context.translators.choose(own.language)
    return views.welcome_words(texts, own, context.business.name, context.user.first_name)


async def own_words(
    session: AsyncSession, translators: Translators, kind: OwnTextKind, visit: Visit, texts: Translator
) -> Html | None:
    """Say the own text of a kind about a visit to its customer, to whom `texts` speaks; None for ours."""
    found, first_name = await repository.load_of_visit(session, kind, visit.service_id, visit.customer_id)
    own: OwnText | None = choose(found, texts.language, str(visit.customer_languages[-1]))
    if own is None:
        return None
    return views.visit_words(translators.choose(own.language), own, visit, first_name)

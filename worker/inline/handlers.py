"""What is free, for whoever asks in another chat."""

from collections.abc import Sequence

from shared.contracts.inline import AnswerGuest, FindFree
from shared.envelope import NOBODY
from worker.agenda.repository import load_working
from worker.catalogue.repository import ServiceSummary, load_services
from worker.inline import views
from worker.inline.replies import FoundTime, few, free_times
from worker.inline.rules import Named, TypedWish, understand
from worker.runtime.capability import reads
from worker.runtime.context import RequestContext
from worker.ui.phrases import pause_words
from worker.ui.reply import Reply


@reads(FindFree, keeps_question=True, passing=True)
async def find_free(context: RequestContext, command: FindFree) -> Reply:
    """Show what is free as results to choose from; where nothing is, say why."""
    found = await _search(context, command.text)
    if isinstance(found, str):
        return Reply(found=views.nothing(found))
    return Reply(found=views.results(context.texts, context.business, found))


@reads(AnswerGuest, keeps_question=True, passing=True)
async def answer_guest(context: RequestContext, command: AnswerGuest) -> Reply:
    """Post what is free as one card; where nothing is, it says why."""
    texts, business = context.texts, context.business
    found = await _search(context, command.text, lenient=True)
    if isinstance(found, str):
        return Reply(found=views.guest_nothing(texts, business, found))
    times = few(found, views.GUEST_TIMES, business.zone)
    return Reply(found=views.guest_times(texts, business, times))


async def _search(context: RequestContext, typed: str, *, lenient: bool = False) -> Sequence[FoundTime] | str:
    """Find what is free, or say why nothing is. Being `lenient` is to pass over what means nothing here."""
    texts = context.texts
    if context.pause is not None:
        return pause_words(texts, context.pause)
    services = await load_services(context.session, NOBODY)
    if not services:
        return texts.text("Nothing can be booked here yet.")
    wish = await _wish(context, typed, services)
    if not wish.is_understood and not lenient:
        return texts.text("Nothing here is called so. See what there is.")
    first, last = wish.between(context.today)
    found = await free_times(context, wish, services)
    return found or views.nothing_free(texts, first, last, context.today)


async def _wish(context: RequestContext, typed: str, services: Sequence[ServiceSummary]) -> TypedWish:
    if not typed:
        return TypedWish()
    working = await load_working(context.session, None)
    offered = [Named(each.id, each.name) for each in services]
    specialists = [Named(number, name) for number, name in working.items()]
    spoken = [context.texts, *context.translators.all()]
    return understand(spoken, typed, context.today, offered, specialists)

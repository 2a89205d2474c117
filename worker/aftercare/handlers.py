"""A customer says how a visit was; those who run the business read it."""

from typing import Final

from shared.contracts.aftercare import AskRatingWords, Rate, ShowRatings, WriteRatingWords
from worker.aftercare import promises, repository, views
from worker.aftercare.rules import RatingReader, can_be_rated
from worker.notices.repository import load_desk
from worker.notices.rules import recipients
from worker.people.repository import load_managers
from worker.runtime.access import ADMINS
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.ui.buttons import Page
from worker.ui.reply import Reply
from worker.visits.access import OWN_VISIT, OWN_VISIT_LOCKED
from worker.visits.replies import card_reply
from worker.visits.repository import Visit

LATEST: Final = 200
"""So many ratings are looked through."""


@writes(Rate, access=OWN_VISIT_LOCKED)
async def rate(context: RequestContext, command: Rate, visit: Visit) -> Reply:
    """Keep how many stars a visit gets, once, and tell who reads it."""
    if not can_be_rated(visit, context.now) or command.stars not in views.STARS:
        return _not_now(context, visit)
    if not await repository.rate(context.session, visit.id, command.stars):
        return await _said_already(context, visit)
    context.note(visit.id, "rated", stars=command.stars)
    promises.of_rating(context, visit, await _readers(context, visit))
    thanks = views.thanks(context.texts, visit, command.stars, None)
    return Reply(thanks, toast=context.texts.text("Thank you!"), changed=True, outcome="rated")


@writes(AskRatingWords, access=OWN_VISIT)
async def ask_words(context: RequestContext, _: AskRatingWords, visit: Visit) -> Reply:
    """Ask what it was like; nobody has to say."""
    rating = await repository.load_rating(context.session, visit.id)
    if rating is None or rating.words is not None:
        return await _said_already(context, visit)
    asks = WriteRatingWords(booking_id=visit.id, words="")
    return Reply(views.words_question(context.texts, visit), changed=True, asks=asks)


@writes(WriteRatingWords, access=OWN_VISIT_LOCKED)
async def write_words(context: RequestContext, command: WriteRatingWords, visit: Visit) -> Reply:
    """Keep what it was like, once, and tell who reads it."""
    if not await repository.write_words(context.session, visit.id, command.words):
        return await _said_already(context, visit)
    promises.of_words(context, visit, await _readers(context, visit))
    rating = await repository.load_rating(context.session, visit.id)
    stars = 0 if rating is None else rating.stars
    return Reply(views.thanks(context.texts, visit, stars, command.words), changed=True)


@reads(ShowRatings, access=ADMINS)
async def show_ratings(context: RequestContext, command: ShowRatings) -> Reply:
    """Show what customers say, by specialist and the latest of it."""
    averages = await repository.load_averages(context.session)
    page = Page.of(await repository.load_latest(context.session, LATEST), command.page, views.RATINGS_A_PAGE)
    return Reply(views.ratings(context.texts, averages, page, command, context.zone))


async def _readers(context: RequestContext, visit: Visit) -> list[int]:
    """Return the chats of those who read what customers say of a visit."""
    after = await repository.load_after(context.session, visit.id)
    by_settings = context.settings.admin_ids
    if after is None or after.ratings is RatingReader.NOBODY:
        return []
    if after.ratings is RatingReader.OWNER:
        managers = await load_managers(context.session, by_settings)
        return [each for each in managers if each != context.user.id]
    desk = await load_desk(context.session, visit.specialist_id, by_settings)
    return [each.chat_id for each in recipients(desk, context.user.id)]


async def _said_already(context: RequestContext, visit: Visit) -> Reply:
    rating = await repository.load_rating(context.session, visit.id)
    if rating is None:
        return _not_now(context, visit)
    told = context.texts.text("You have told us already. Thank you!")
    return Reply(views.thanks(context.texts, visit, rating.stars, rating.words), toast=told, outcome="stale")


def _not_now(context: RequestContext, visit: Visit) -> Reply:
    told = context.texts.text("You can say how it was once you have been here.")
    return card_reply(context, visit, toast=told, alert=True, outcome="stale")

"""What the staff are shown of those who wait."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.line import AskOffer, ShowLine
from shared.i18n.translator import Translator
from worker.line import views
from worker.line.repository import load_names, load_page, load_places
from worker.line.views import A_PAGE, LinePage, OfferPlan, Waiting
from worker.offers import repository as offers
from worker.offers.by_hand import candidates, fitting
from worker.offers.candidates import Candidate
from worker.offers.free import Viewpoint
from worker.offers.repository import StaffChoice
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.ui.view import View
from worker.wishes.repository import Wish

MOST_CHOICES = 5
"""So many freed times that wait for a choice are named above the line."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Whence the line is looked at when a message is made."""

    session: AsyncSession
    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The date by the business's clock."""
        return self.now.astimezone(self.zone).date()


async def line_reply(context: RequestContext, command: ShowLine, whose: int | None) -> Reply:
    """Answer with a page of those who wait, and what waits for a choice."""
    session = context.session
    page = max(command.page, 0)
    found = await load_page(
        session, whose, context.now, context.today, most=A_PAGE + 1, skipped=page * A_PAGE
    )
    choices = await offers.load_choices(session, whose, MOST_CHOICES)
    names = await load_names(session, [each.specialist_id for each in choices])
    shown = LinePage(
        waiting=await _waiting(context, found[:A_PAGE]),
        number=page,
        more=len(found) > A_PAGE,
        choices=[(each, names[each.specialist_id]) for each in choices],
    )
    return Reply(views.line(context.texts, shown, context.zone, context.today))


async def _waiting(context: RequestContext, wishes: list[Wish]) -> list[Waiting]:
    ids = [each.id for each in wishes]
    places = await load_places(context.session, ids, context.today)
    latest = await offers.load_latest_of(context.session, ids)
    return [Waiting(each, places[each.id], latest.get(each.id)) for each in wishes]


async def waiting_reply(
    context: RequestContext, wish: Wish, whose: int | None, after: datetime | None = None
) -> Reply:
    """Answer with a wish as the staff see it, and the next free times that fit it."""
    [waiting] = await _waiting(context, [wish])
    times = await fitting(context, wish, whose, after or context.now)
    names = await load_names(context.session, [each.specialist_id for each in times])
    shown = [(each, names[each.specialist_id]) for each in times]
    return Reply(views.waiting_card(context.texts, waiting, shown, context.zone, context.today))


async def offer_plan(context: RequestContext, command: AskOffer, candidate: Candidate) -> Reply:
    """Answer with what comes of offering a time."""
    names = await load_names(context.session, [command.specialist_id])
    plan = OfferPlan(candidate, names[command.specialist_id])
    return Reply(views.offer_question(context.texts, plan, command, context.zone, context.now))


async def choice_view(view: Viewpoint, texts: Translator, choice: StaffChoice) -> View | None:
    """Make what the staff choose from; None where nobody in line can have the time any more."""
    found = await candidates(view, choice.freed)
    names = await load_names(view.session, [choice.specialist_id])
    places = await load_places(view.session, [each.wish.id for each in found], view.today)
    named = [(each, places[each.wish.id]) for each in found]
    if not found:
        return None
    return views.choice(texts, choice, names[choice.specialist_id], named, view.zone, view.today)

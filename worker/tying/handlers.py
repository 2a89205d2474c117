"""The link of a customer without Telegram: made for staff, opened by whoever it was passed on to."""

from shared.contracts.base import Audience
from shared.contracts.tying import SendCustomerLink, ShowTie, Tie
from shared.envelope import NOBODY
from worker.agenda.access import CALENDAR_VISIT
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.tying import promises, repository, views
from worker.tying.rules import CustomerLink
from worker.ui.reply import Reply
from worker.visits.repository import Visit, load_several, load_upcoming


@writes(SendCustomerLink, access=CALENDAR_VISIT)
async def send_link(context: RequestContext, _: SendCustomerLink, visit: Visit) -> Reply:
    """Promise the link in a message that can be passed on."""
    if visit.customer_id >= NOBODY:
        return Reply(toast=context.texts.text("This customer is in Telegram already."), alert=True)
    promises.promise_link(context, visit.customer_id)
    context.note(visit.id, "linked")
    return Reply(toast=context.texts.text("It comes in a message of its own."), changed=True)


@reads(ShowTie)
async def show_tie(context: RequestContext, command: ShowTie) -> Reply:
    """Ask whether it is they, before anything of theirs is shown."""
    refused = _refusal(context, command)
    if refused is not None:
        return refused
    name = await repository.load_name(context.session, -command.number)
    if name is None:
        return Reply(views.used_up(context.texts))
    visits = await load_upcoming(context.session, -command.number, context.now)
    return Reply(views.asked(context.texts, context.business, name, len(visits), command))


@writes(Tie)
async def tie(context: RequestContext, command: Tie) -> Reply:
    """Make them one: of two who open the same link at once, the first."""
    refused = _refusal(context, command)
    if refused is not None:
        return refused
    without, person_id = -command.number, context.user.id
    known = await repository.lock(context.session, (without, person_id))
    if without not in known:
        return Reply(views.used_up(context.texts))
    twice = await repository.load_same_visits(context.session, without, person_id)
    if twice:
        return Reply(views.has_both(context.texts, await load_several(context.session, twice)))
    visits = await load_upcoming(context.session, without, context.now)
    if not await repository.make_one(context.session, known, without, person_id):
        return Reply(views.cannot_be(context.texts, context.business))
    theirs = await load_several(context.session, [each.id for each in visits])
    promises.promise_visits(context, theirs)
    return Reply(views.welcome(context.texts, context.business, len(theirs)), changed=True)


def _refusal(context: RequestContext, command: ShowTie | Tie) -> Reply | None:
    """Say why a link leads to nothing for whoever opened it."""
    link = CustomerLink(repository.business_of(context.session), command.number, command.day)
    if not link.is_of(command.code, context.settings.bot_token.get_secret_value()):
        return Reply(views.unknown(context.texts))
    if command.day < context.today:
        return Reply(views.over(context.texts))
    if context.audience is not Audience.EVERYONE:
        return Reply(views.for_the_customer(context.texts))
    return None

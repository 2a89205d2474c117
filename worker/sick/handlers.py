"""/sick: what would follow is shown first; applied, the day is closed and its customers are asked."""

from dataclasses import replace
from datetime import date

from shared.contracts.sick import ApplyIll, AskIllDay, DiscardIll, SayIll, WriteIllDay
from shared.i18n.translator import Html
from worker.absence.access import ONE_CALENDAR
from worker.absence.replies import applied_reply, consequences, undoing
from worker.absence.repository import CalendarOwner, SpecialistCalendar, load_owners
from worker.absence.rules import ONE_DAY, TimeOff, edit_of
from worker.absence.views import nobody, nothing_to_do
from worker.agenda.rules import midnight
from worker.alternatives.opening import is_hit, open_rebooking
from worker.dates.written import read_day
from worker.db.locks import lock_business
from worker.db.models.booking import Status
from worker.drafts import repository as drafts
from worker.drafts.repository import DraftData
from worker.parts.repository import load_between
from worker.proposals import proposal as proposals
from worker.proposals.proposal import WISH, Proposal
from worker.proposals.views import changed_meanwhile, no_longer_open
from worker.runtime.access import OWN_CALENDAR
from worker.runtime.capability import writes
from worker.runtime.context import RequestContext
from worker.sick import views
from worker.sick.rules import ILL, SEEN, day_off, seen
from worker.ui.reply import Reply
from worker.visits.repository import Visit


@writes(SayIll, access=OWN_CALENDAR)
async def say_ill(context: RequestContext, command: SayIll, own: int | None) -> Reply:
    """Ask what is not said yet, and show what would follow."""
    owners = await load_owners(context.session)
    number = command.specialist_id if own is None else own
    if number is None and len(owners) == 1:
        number = owners[0].id
    day = command.day
    if command.words:
        day = read_day(context.texts, command.words, context.today)
    asked = SayIll(specialist_id=number, day=day)
    owner = next((each for each in owners if each.id == number), None)
    if owner is None:
        return Reply(views.whom(context.texts, owners, asked))
    if day is None:
        return Reply(views.which_day(context.texts, owner, context.today, refused=bool(command.words)))
    return await _propose(context, owner, day)


@writes(AskIllDay, access=ONE_CALENDAR)
async def ask_day(context: RequestContext, _: AskIllDay, calendar: SpecialistCalendar) -> Reply:
    """Ask for another day."""
    return _ask(context, calendar.owner)


@writes(WriteIllDay, access=ONE_CALENDAR)
async def write_day(context: RequestContext, command: WriteIllDay, calendar: SpecialistCalendar) -> Reply:
    """Take the day as it was written, or ask again."""
    day = read_day(context.texts, command.text, context.today)
    return (
        _ask(context, calendar.owner, refused=True)
        if day is None
        else await _propose(context, calendar.owner, day)
    )


@writes(ApplyIll, access=OWN_CALENDAR)
async def apply_ill(context: RequestContext, command: ApplyIll, own: int | None) -> Reply:
    """Close the day and have its customers asked; what would be another thing by now is shown first."""
    draft = await proposals.load(context, ILL, command.proposal)
    wish = None if draft is None else TimeOff.from_json(draft.data[WISH])
    owner = None if wish is None else await _owner(context, wish.specialist_id)
    if draft is None or wish is None or own not in {None, wish.specialist_id}:
        return Reply(toast=no_longer_open(context.texts), alert=True)
    if owner is None:
        return Reply(nobody(context.texts))
    return await _apply(context, draft, wish, owner)


@writes(DiscardIll, access=OWN_CALENDAR)
async def discard_ill(context: RequestContext, command: DiscardIll, _: int | None) -> Reply:
    """Leave everything as it is."""
    draft = await proposals.load(context, ILL, command.proposal)
    if draft is None:
        return Reply(toast=no_longer_open(context.texts), alert=True)
    await drafts.discard(context.session, draft)
    return Reply(views.discarded(context.texts), changed=True)


async def _apply(context: RequestContext, draft: DraftData, wish: TimeOff, owner: CalendarOwner) -> Reply:
    await lock_business(context.session)
    visits = await _affected(context, wish.specialist_id, wish.first)
    if seen(visits) != draft.data[WISH][SEEN]:
        return await _shown_anew(context, draft, owner, wish.first)
    done = await proposals.apply(context, draft, edit_of(wish))
    if done is None:
        return Reply(nobody(context.texts), changed=True)
    if isinstance(done, Proposal):
        return await _shown_anew(context, replace(draft, ref=done.ref), owner, wish.first)
    if await open_rebooking(context, visits, undoing(wish, done).as_json()) is None:
        return await applied_reply(context, owner, done, wish)
    return Reply(toast=context.texts.text("Applied."), changed=True)


async def _shown_anew(context: RequestContext, draft: DraftData, owner: CalendarOwner, day: date) -> Reply:
    await drafts.discard(context.session, draft)
    return await _propose(context, owner, day, changed_meanwhile(context.texts))


async def _propose(context: RequestContext, owner: CalendarOwner, day: date, *notes: Html) -> Reply:
    time_off = day_off(owner.id, day)
    if not time_off.fits(context.today):
        return Reply(views.out_of_reach(context.texts, owner, context.today), changed=True)
    visits, requests = await _expected(context, owner.id, day)
    wish = {**time_off.as_json(), SEEN: seen(visits)}
    shown = await proposals.propose(context, ILL, wish, edit_of(time_off))
    if shown is None:
        return Reply(nobody(context.texts), changed=True)
    if not (visits or requests) and not consequences(context, owner, shown.change).changes:
        return Reply(nothing_to_do(context.texts, owner), changed=True)
    found = views.IllDay(owner, day, visits, requests, context.now, context.zone)
    return Reply(views.proposal(context.texts, found, shown.ref, *notes), changed=True)


async def _affected(context: RequestContext, specialist_id: int, day: date) -> list[Visit]:
    return (await _expected(context, specialist_id, day))[0]


async def _expected(
    context: RequestContext, specialist_id: int, day: date
) -> tuple[list[Visit], list[Visit]]:
    """Load the visits of a day that have not begun: those that are agreed on, and the requests."""
    begin, end = (midnight(each, context.zone) for each in (day, day + ONE_DAY))
    visits = await load_between(context.session, begin, end, specialist_id, context.now)
    requests = [each for each in visits if each.status is Status.PENDING and each.start > context.now]
    return [visit for visit in visits if is_hit(visit, context.now)], requests


async def _owner(context: RequestContext, specialist_id: int) -> CalendarOwner | None:
    return next((each for each in await load_owners(context.session) if each.id == specialist_id), None)


def _ask(context: RequestContext, owner: CalendarOwner, *, refused: bool = False) -> Reply:
    view = views.question(context.texts, owner, context.today, refused=refused)
    return Reply(view, changed=True, asks=WriteIllDay(specialist_id=owner.id))

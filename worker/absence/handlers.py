"""Time off: chosen by taps or in words, shown with what follows from it, applied, taken back."""

from dataclasses import replace
from datetime import timedelta

from shared.contracts.absence import (
    ApplyTimeOff,
    AskTimeOff,
    DiscardTimeOff,
    ProposeTimeOff,
    ShowTimeOff,
    ShowTimeOffDay,
    ShowTimeOffDays,
    ShowTimeOffTimes,
    TimeOffKind,
    UndoTimeOff,
    WriteTimeOff,
)
from worker.absence import repository, views
from worker.absence.access import ONE_CALENDAR
from worker.absence.replies import TIME_OFF, UNDO, applied_reply, proposal_reply, undoing
from worker.absence.repository import SpecialistCalendar
from worker.absence.rules import FURTHEST, ONE_DAY, TimeOff, edit_of, read_time_off, read_times
from worker.agenda.rules import midnight, uncovered
from worker.alternatives.opening import offer_others
from worker.dates.rules import coming
from worker.drafts import repository as drafts
from worker.drafts.repository import DraftData
from worker.parts.repository import load_between
from worker.proposals import proposal as proposals
from worker.proposals.proposal import WISH, Proposal
from worker.proposals.views import changed_meanwhile, no_longer_open, nobody_offered, undone_no_more
from worker.runtime.access import OWN_CALENDAR
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply

TAPPED = frozenset(TimeOffKind) - {TimeOffKind.RESTORE}


@reads(ShowTimeOff, access=OWN_CALENDAR)
async def show_time_off(context: RequestContext, command: ShowTimeOff, own: int | None) -> Reply:
    """Show somebody's coming time off; whoever may see everybody's chooses whose."""
    owners = await repository.load_owners(context.session)
    number = command.specialist_id if own is None else own
    if number is None and len(owners) == 1:
        number = owners[0].id
    since = context.today - ONE_DAY
    calendar = None if number is None else await repository.load_calendar(context.session, number, since)
    if calendar is None:
        in_order = sorted(owners, key=lambda owner: owner.id != context.specialist_id)
        return Reply(views.owners(context.texts, in_order, command))
    return await _overview(context, calendar)


@reads(ShowTimeOffDay, access=ONE_CALENDAR)
async def show_day(context: RequestContext, command: ShowTimeOffDay, calendar: SpecialistCalendar) -> Reply:
    """Show a day, and what may be made of it."""
    if command.day < context.today:
        return _over(context)
    begin, end = (midnight(day, context.zone) for day in (command.day, command.day + ONE_DAY))
    booked = await load_between(context.session, begin, end, calendar.owner.id, context.now)
    return Reply(views.day(context.texts, calendar, command.day, len(booked)))


@reads(ShowTimeOffDays, access=ONE_CALENDAR)
async def show_days(context: RequestContext, command: ShowTimeOffDays, calendar: SpecialistCalendar) -> Reply:
    """Show days to choose from."""
    return Reply(views.days(context.texts, calendar.owner, command, context.today))


@reads(ShowTimeOffTimes, access=ONE_CALENDAR)
async def show_times(
    context: RequestContext, command: ShowTimeOffTimes, calendar: SpecialistCalendar
) -> Reply:
    """Show times of a day to choose from."""
    how = TimeOffKind.HOURS if command.how == TimeOffKind.HOURS else TimeOffKind.BLOCK
    if command.day < context.today:
        return _over(context)
    return Reply(views.times(context.texts, calendar, command, how))


@writes(AskTimeOff, access=ONE_CALENDAR)
async def ask_time_off(context: RequestContext, command: AskTimeOff, calendar: SpecialistCalendar) -> Reply:
    """Ask for it in words."""
    asks = WriteTimeOff(specialist_id=calendar.owner.id, how=command.how, day=command.day)
    return _ask(context, asks, calendar)


@writes(WriteTimeOff, access=ONE_CALENDAR)
async def write_time_off(
    context: RequestContext, command: WriteTimeOff, calendar: SpecialistCalendar
) -> Reply:
    """Take it as it was written, or ask again."""
    time_off = _read(context, command, calendar.owner.id)
    if time_off is None:
        return _ask(context, command.model_copy(update={"text": ""}), calendar, refused=True)
    return await _propose(context, calendar, time_off)


@writes(ProposeTimeOff, access=ONE_CALENDAR)
async def propose_time_off(
    context: RequestContext, command: ProposeTimeOff, calendar: SpecialistCalendar
) -> Reply:
    """Show what would follow."""
    if command.how not in TAPPED:
        return await _overview(context, calendar)
    windows = ((command.begins, command.ends),) if command.ends else ()
    time_off = TimeOff(
        specialist_id=calendar.owner.id,
        how=TimeOffKind(command.how),
        first=max(command.first, context.today) if command.how == TimeOffKind.USUAL else command.first,
        last=command.last,
        windows=windows,
    )
    return await _propose(context, calendar, time_off)


@writes(ApplyTimeOff, access=OWN_CALENDAR)
async def apply_time_off(context: RequestContext, command: ApplyTimeOff, own: int | None) -> Reply:
    """Do what was shown; what would be another thing by now is shown first."""
    draft = await proposals.load(context, TIME_OFF, command.proposal)
    wish = None if draft is None else TimeOff.from_json(draft.data[WISH])
    if draft is None or wish is None or own not in {None, wish.specialist_id}:
        return Reply(toast=no_longer_open(context.texts), alert=True)
    return await _apply(context, draft, wish, offers=command.offers)


@writes(DiscardTimeOff, access=OWN_CALENDAR)
async def discard_time_off(context: RequestContext, command: DiscardTimeOff, own: int | None) -> Reply:
    """Leave everything as it is."""
    draft = await proposals.load(context, TIME_OFF, command.proposal)
    if draft is None:
        return Reply(toast=no_longer_open(context.texts), alert=True)
    await drafts.discard(context.session, draft)
    wish = TimeOff.from_json(draft.data[WISH])
    shown = await show_time_off.handle(context, ShowTimeOff(specialist_id=wish.specialist_id), own)
    return replace(shown, toast=context.texts.text("Nothing was changed."), changed=True)


@writes(UndoTimeOff, access=OWN_CALENDAR)
async def undo_time_off(context: RequestContext, command: UndoTimeOff, own: int | None) -> Reply:
    """Take back what was applied; what hits a visit is shown first."""
    draft = await drafts.load(context.session, context.user.id, UNDO, command.proposal, context.now)
    wish = None if draft is None else TimeOff.from_json(draft.data[WISH])
    if draft is None or wish is None or own not in {None, wish.specialist_id}:
        return Reply(toast=undone_no_more(context.texts), alert=True)
    await drafts.discard(context.session, draft)
    shown = await proposals.propose(context, TIME_OFF, wish.as_json(), edit_of(wish))
    calendar = await _calendar(context, wish.specialist_id)
    if shown is None or calendar is None:
        return Reply(views.nobody(context.texts), changed=True)
    if not shown.change.plan.changes:
        return Reply(
            toast=context.texts.text("Those days have been changed since."), alert=True, changed=True
        )
    if shown.change.plan.hits:
        return proposal_reply(context, calendar.owner, shown)
    kept = await proposals.load(context, TIME_OFF, shown.ref)
    return (
        proposal_reply(context, calendar.owner, shown) if kept is None else await _apply(context, kept, wish)
    )


async def _apply(context: RequestContext, draft: DraftData, wish: TimeOff, *, offers: bool = False) -> Reply:
    done = await proposals.apply(context, draft, edit_of(wish))
    calendar = await _calendar(context, wish.specialist_id)
    if done is None or calendar is None:
        return Reply(views.nobody(context.texts), changed=True)
    if isinstance(done, Proposal):
        return proposal_reply(context, calendar.owner, done, changed_meanwhile(context.texts))
    if offers and await offer_others(context, done, undoing(wish, done).as_json()):
        return Reply(toast=context.texts.text("Applied."), changed=True)
    reply = await applied_reply(context, calendar.owner, done, wish)
    return replace(reply, toast=nobody_offered(context.texts), alert=True) if offers else reply


async def _propose(context: RequestContext, calendar: SpecialistCalendar, time_off: TimeOff) -> Reply:
    if not time_off.fits(context.today):
        return Reply(views.out_of_reach(context.texts, calendar.owner), changed=True)
    shown = await proposals.propose(context, TIME_OFF, time_off.as_json(), edit_of(time_off))
    if shown is None:
        return Reply(views.nobody(context.texts), changed=True)
    return proposal_reply(context, calendar.owner, shown)


async def _overview(context: RequestContext, calendar: SpecialistCalendar) -> Reply:
    number, until = calendar.owner.id, context.now + timedelta(days=FURTHEST)
    visits = await load_between(context.session, context.now, until, number, context.now)
    alone = uncovered(visits, {number: calendar.hours}, context.zone, context.now)
    today = context.today
    several = context.is_admin and len(await repository.load_owners(context.session)) > 1
    found = views.Overview(
        calendar=calendar,
        runs=coming(calendar.hours, today),
        uncovered=[visit for visit in visits if visit.id in alone],
        today=today,
        zone=context.zone,
        one_of_several=several,
    )
    return Reply(views.overview(context.texts, found))


async def _calendar(context: RequestContext, specialist_id: int) -> SpecialistCalendar | None:
    return await repository.load_calendar(context.session, specialist_id, context.today - ONE_DAY)


def _read(context: RequestContext, command: WriteTimeOff, specialist_id: int) -> TimeOff | None:
    if command.day is None:
        return read_time_off(context.texts, command.text, specialist_id, context.today)
    windows = read_times(command.text)
    if windows is None or command.how not in TAPPED:
        return None
    how, day = TimeOffKind(command.how), command.day
    return TimeOff(specialist_id=specialist_id, how=how, first=day, last=day, windows=windows)


def _ask(
    context: RequestContext, asks: WriteTimeOff, calendar: SpecialistCalendar, *, refused: bool = False
) -> Reply:
    view = views.question(context.texts, calendar.owner, asks.day, context.today, refused=refused)
    return Reply(view, changed=True, asks=asks)


def _over(context: RequestContext) -> Reply:
    return Reply(toast=context.texts.text("That day is over."), alert=True)

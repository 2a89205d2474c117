"""Why a time is missing, for those who know the calendars: their own, or everyone's."""

from datetime import UTC, datetime

from shared.contracts.why import AskWhyTime, ExplainTime, ShowWhyDays, ShowWhyServices, ShowWhySpecialists
from worker.catalogue.repository import load_services, load_specialists
from worker.parts.repository import load_between
from worker.runtime.access import OWN_CALENDAR
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.scheduling.asker import Asker
from worker.scheduling.following import load_schedule
from worker.scheduling.repository import Schedule
from worker.ui.reply import Reply
from worker.visits.repository import Visit
from worker.why import views
from worker.why.rules import RuleVerdict, judge, moment_of, read_time


@reads(ShowWhyServices, access=OWN_CALENDAR)
async def show_services(context: RequestContext, command: ShowWhyServices, own: int | None) -> Reply:
    """Show the services to choose from."""
    services = await load_services(context.session, context.user.id, own)
    return Reply(views.services(context.texts, services, command, own))


@reads(ShowWhySpecialists, access=OWN_CALENDAR)
async def show_specialists(context: RequestContext, command: ShowWhySpecialists, own: int | None) -> Reply:
    """Show who does the service; whoever knows but their own calendar goes on with it."""
    if own is not None:
        return await show_days.handle(context, ShowWhyDays(service_id=command.service_id), own)
    specialists = await load_specialists(context.session, command.service_id)
    if len(specialists) == 1:
        [only] = specialists
        asked = ShowWhyDays(service_id=command.service_id, specialist_id=only.id)
        return await show_days.handle(context, asked, own)
    return Reply(views.specialists(context.texts, specialists, command))


@reads(ShowWhyDays, access=OWN_CALENDAR)
async def show_days(context: RequestContext, command: ShowWhyDays, own: int | None) -> Reply:
    """Show the days to choose from."""
    asked = _own(command, own)
    today = context.today
    back = views.to_services(context.texts) if own else views.to_specialists(context.texts, asked.service_id)
    return Reply(views.days(context.texts, asked, today, back))


@writes(AskWhyTime, access=OWN_CALENDAR)
async def ask_time(context: RequestContext, command: AskWhyTime, own: int | None) -> Reply:
    """Ask which time of the day is missing."""
    asked = _own(command, own)
    view = views.question(context.texts, asked.day)
    return Reply(view, changed=True, asks=ExplainTime(**asked.model_dump(exclude={"kind"})))


@writes(ExplainTime, access=OWN_CALENDAR)
async def explain_time(context: RequestContext, command: ExplainTime, own: int | None) -> Reply:
    """Say what the rules say about the time, with each specialist."""
    asked = _own(command, own)
    minute = read_time(asked.time)
    if minute is None:
        again = asked.model_copy(update={"time": ""})
        return Reply(views.not_a_time(context.texts), changed=True, asks=again)
    schedule = await load_schedule(
        context.session,
        (asked.service_id,),
        asked.day,
        asked.day,
        Asker(context.now),
        specialist_id=asked.specialist_id,
    )
    if schedule is None or not schedule.calendars:
        return Reply(views.nobody_does_it(context.texts), changed=True)
    verdicts = _verdicts(schedule, asked, minute, context.now)
    visits = await _visits(context, verdicts)
    answer = views.Explanation(schedule, asked, minute, verdicts, visits, context.now, edits=context.is_admin)
    return Reply(views.explanation(context.texts, answer), changed=True)


def _own[Asked: (ShowWhyDays, AskWhyTime, ExplainTime)](asked: Asked, own: int | None) -> Asked:
    """Keep whoever knows but their own calendar to it, whatever a button says."""
    return asked if own is None else asked.model_copy(update={"specialist_id": own})


def _verdicts(schedule: Schedule, asked: ExplainTime, minute: int, now: datetime) -> list[RuleVerdict]:
    """Judge the start with everybody; no verdicts where the clock never shows that time on that day."""
    queries = schedule.queries(now)
    moments = [(query, moment_of(query, asked.day, minute)) for query in queries]
    return [judge(query, moment) for query, moment in moments if moment is not None]


async def _visits(context: RequestContext, verdicts: list[RuleVerdict]) -> list[Visit]:
    """Load the visits that stand in the way, everybody's in one statement."""
    taken = {
        (each.query.calendar.specialist, busy.visit_start): busy
        for each in verdicts
        for busy in each.in_the_way
    }
    if not taken:
        return []
    begin = datetime.fromtimestamp(min(busy.visit_start for busy in taken.values()), UTC)
    # Of a visit that is over the start alone is known.
    end = datetime.fromtimestamp(max(busy.visit_end for busy in taken.values()) + 1, UTC)
    found = await load_between(context.session, begin, end, None, context.now)
    return [each for each in found if (each.specialist_id, int(each.start.timestamp())) in taken]

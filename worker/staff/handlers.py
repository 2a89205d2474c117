"""The visits of a day or a week, for the people who work here."""

from datetime import date, datetime, time, timedelta

from shared.contracts.staff import ShowAgenda
from worker.runtime.access import OWN_CALENDAR
from worker.runtime.capability import reads
from worker.runtime.context import RequestContext
from worker.staff import views
from worker.ui.reply import Reply
from worker.visits.repository import load_between


@reads(ShowAgenda, access=OWN_CALENDAR)
async def show_agenda(context: RequestContext, command: ShowAgenda, specialist_id: int | None) -> Reply:
    """Show the visits of a specialist's calendar, or of everyone's."""
    first = command.first or context.now.astimezone(context.zone).date()
    begin, end = (_midnight(context, first + timedelta(days=days)) for days in (0, command.days))
    visits = await load_between(context.session, begin, end, specialist_id, context.now)
    view = views.agenda(
        context.texts, visits, first, command.days, context.zone, everyone=specialist_id is None
    )
    return Reply(view)


def _midnight(context: RequestContext, day: date) -> datetime:
    return datetime.combine(day, time(), context.zone)

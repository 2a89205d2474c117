"""The visits of a day or a week, for the people who work here."""

from datetime import date, datetime, time, timedelta

from shared.contracts.staff import ShowAgenda
from worker.booking.details import load_between
from worker.runtime.context import Context
from worker.staff import views
from worker.ui.view import Reply


async def show_agenda(context: Context, command: ShowAgenda) -> Reply:
    """Show a specialist their own visits, an admin everyone's."""
    if context.specialist_id is None and not context.is_admin:
        return Reply(views.staff_only(context.texts))
    first = command.first or context.now.astimezone(context.zone).date()
    begin, end = (_midnight(context, first + timedelta(days=days)) for days in (0, command.days))
    whose = None if context.is_admin else context.specialist_id
    visits = await load_between(context.session, begin, end, whose, context.now)
    return Reply(
        views.agenda(context.texts, visits, first, command.days, context.zone, everyone=whose is None)
    )


def _midnight(context: Context, day: date) -> datetime:
    return datetime.combine(day, time(), context.zone)

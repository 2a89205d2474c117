"""How the business is doing, at a glance."""

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Range

from shared.contracts.admin import ShowAdmin
from worker.admin import views
from worker.admin.views import Figures
from worker.db.models.booking import LIVE, Booking
from worker.db.models.catalogue import Service, Specialist
from worker.db.models.delivery import DeadCommand, Outbox, State
from worker.db.models.people import Person
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply


async def show_admin(context: RequestContext, _: ShowAdmin) -> Reply:
    """Show the figures."""
    figures = await load_figures(context)
    return Reply(views.overview(context.texts, context.business, figures))


async def load_figures(context: RequestContext) -> Figures:
    """Count in one statement."""
    counts = (
        select(func.count()).select_from(Service).where(Service.active),
        select(func.count()).select_from(Specialist).where(Specialist.active),
        select(func.count()).select_from(Person),
        select(func.count()).select_from(Person).where(~Person.reachable),
        select(func.count())
        .select_from(Booking)
        .where(
            Booking.status.in_(LIVE),
            Booking.busy.overlaps(Range(context.now, None)),
            func.lower(Booking.during) > context.now,
        ),
        select(func.count())
        .select_from(Outbox)
        .where(Outbox.state == State.PENDING, Outbox.due_at <= context.now),
        select(func.count()).select_from(DeadCommand),
    )
    row = (await context.session.execute(select(*(count.scalar_subquery() for count in counts)))).one()
    return Figures(*row)

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
from worker.runtime.context import Context
from worker.ui.view import Reply


async def show_admin(context: Context, _: ShowAdmin) -> Reply:
    """Show the figures to admins, and a polite word to everyone else."""
    if not context.is_admin:
        return Reply(views.admins_only(context.texts))
    figures = await load_figures(context)
    return Reply(views.overview(context.texts, context.premises, figures))


async def load_figures(context: Context) -> Figures:
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

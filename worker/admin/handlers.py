"""How the business is doing, at a glance."""

from shared.contracts.admin import ShowAdmin
from worker.admin import repository, views
from worker.health import repository as health
from worker.health import views as health_views
from worker.health.views import Reader
from worker.runtime.access import ADMINS
from worker.runtime.capability import reads
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply


@reads(ShowAdmin, access=ADMINS)
async def show_admin(context: RequestContext, _: ShowAdmin) -> Reply:
    """Show the figures."""
    figures = await repository.load_figures(context.session, context.now)
    offered = context.environment.admin
    reader = Reader(context.texts, context.zone)
    lines = health_views.lines(reader, await health.load(context.session), context.now)
    return Reply(views.overview(context.texts, context.business, figures, lines, offered, context.pause))

"""What customers see who want several services in one visit."""

from collections.abc import Sequence

from shared.contracts.booking import AddedServices, AddService, ShowSoonest, ShowSpecialists, ShowSummary
from shared.i18n.translator import Html, Translator
from worker.catalogue.repository import ServiceSummary
from worker.catalogue.rules import ROWS_A_PAGE
from worker.catalogue.views import service_line
from worker.runtime.repository import BusinessProfile
from worker.ui.buttons import Page, menu, pager
from worker.ui.view import Button, View

type Combining = ShowSpecialists | ShowSoonest | ShowSummary
"""From where services are added."""


def add_button(texts: Translator, asked: Combining) -> Button:
    """Return the way to what else the visit may be."""
    chosen = asked.model_dump(include=set(AddService.model_fields) - {"page", "customer"})
    return Button(texts.text("Add a service"), AddService.model_validate(chosen))


def addable(
    texts: Translator,
    business: BusinessProfile,
    chosen: str,
    offered: Sequence[ServiceSummary],
    asked: AddService,
) -> View:
    """The services that can follow what is chosen, a page at a time."""
    page = Page.of(offered, asked.page, ROWS_A_PAGE)
    title = texts.html("<b>{services}</b>\nWhat else would you like, right after it?", services=chosen)
    nothing = texts.html("Nothing else can be added.")
    lines = [service_line(texts, business, each) for each in page.shown] or [nothing]
    choices = [[Button(each.name, chosen_with(asked, each.id))] for each in page.shown]
    back = Button(texts.text("« Back"), chosen_with(asked))
    return View(Html("\n".join([title, Html(), *lines])), [*choices, pager(page, asked), [back, menu(texts)]])


def chosen_with(asked: AddService, *more: int) -> Combining:
    """Make the command that goes on with what is chosen, and what is added to it: where that was begun."""
    ids = (*(asked.added.ids if asked.added else ()), *more)
    added = AddedServices(ids=ids) if ids else None
    what = {"service_id": asked.service_id, "location_id": asked.location_id, "added": added}
    if asked.start is not None:
        return ShowSummary(specialist_id=asked.specialist_id, start=asked.start, **what)
    if asked.specialist_id is not None:
        return ShowSoonest(specialist_id=asked.specialist_id, **what)
    return ShowSpecialists(**what)

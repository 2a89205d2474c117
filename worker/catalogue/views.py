"""What customers see of the business: the services, where they are done and by whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from shared.contracts.base import Command
from shared.contracts.booking import AskService, ShowServices, ShowSoonest, ShowSpecialists
from shared.i18n.translator import Html, Translator
from worker.catalogue.repository import PlaceChoice, ServiceSummary, SpecialistSummary
from worker.catalogue.rules import ROWS_A_PAGE, categories, columns
from worker.runtime.repository import BusinessProfile
from worker.ui.buttons import Page, menu, pager, question_buttons
from worker.ui.phrases import duration, price, shortened, visit_line
from worker.ui.view import Button, Keyboard, View, rows_of

FAVOURITES: Final = 3
"""So many services that the customer had before stand above the categories."""
PLACES_A_PAGE: Final = 8
ADDRESS_WIDTH: Final = 100


def services(
    texts: Translator, business: BusinessProfile, offered: Sequence[ServiceSummary], asked: ShowServices
) -> View:
    """The services to choose from, a page at a time; where they are many, by category, and to be searched."""
    if not offered:
        return View(texts.html("There is nothing to book at the moment."), [[menu(texts)]])
    groups = categories(offered)
    asked = _turned_to(offered, groups, asked)
    category = next((each.category for each in offered if each.id == asked.within), None)
    if groups and category is None:
        return _categories(texts, business, groups, asked)
    title = texts.html("<b>What would you like to book?</b>")
    if groups and category is not None:
        title = texts.html("<b>{category}</b>", category=_category(texts, category))
    page = Page.of(groups.get(category or "", offered), asked.page, ROWS_A_PAGE)
    back = [Button(texts.text("« Back"), ShowServices(specialist_id=asked.specialist_id))] if groups else []
    many = len(offered) > ROWS_A_PAGE and asked.specialist_id is None
    search = [Button(texts.text("Search"), AskService())] if many else []
    ways = [pager(page, asked), search, [*back, menu(texts)]]
    return _choice(texts, business, title, page.shown, ways, asked.specialist_id)


def _turned_to(
    offered: Sequence[ServiceSummary], groups: Mapping[str, Sequence[ServiceSummary]], asked: ShowServices
) -> ShowServices:
    """Turn to the page that a service is on, if one is asked for."""
    around = next((each for each in offered if each.id == asked.around), None)
    if around is None:
        return asked.model_copy(update={"around": None})
    beside = groups.get(around.category, offered)
    found = {"page": beside.index(around) // ROWS_A_PAGE, "within": beside[0].id if groups else None}
    return asked.model_copy(update={**found, "around": None})


def _categories(
    texts: Translator,
    business: BusinessProfile,
    groups: Mapping[str, Sequence[ServiceSummary]],
    asked: ShowServices,
) -> View:
    """The categories to choose from, below what the customer had before."""
    had = [each for services in groups.values() for each in services if each.had][:FAVOURITES]
    page = Page.of(list(groups.items()), asked.page, ROWS_A_PAGE)
    rows = [
        [
            Button(
                _category(texts, name),
                ShowServices(within=services[0].id, specialist_id=asked.specialist_id),
            )
        ]
        for name, services in page.shown
    ]
    search = [Button(texts.text("Search"), AskService())] if asked.specialist_id is None else []
    title = texts.html("<b>What would you like to book?</b>")
    ways = [*rows, pager(page, asked), search, [menu(texts)]]
    return _choice(texts, business, title, had, ways, asked.specialist_id)


def _category(texts: Translator, name: str) -> str:
    return name or texts.text("Other services")


def _choice(
    texts: Translator,
    business: BusinessProfile,
    title: Html,
    shown: Sequence[ServiceSummary],
    ways: Keyboard,
    specialist_id: int | None = None,
) -> View:
    """Some services: each in a line, with what there is to know of it, and on a button."""
    lines = [title, *([""] if shown else []), *(service_line(texts, business, each) for each in shown)]
    choices = [[Button(service.name, _next(service, specialist_id))] for service in shown]
    return View(Html("\n".join(lines)), [*choices, *ways])


@dataclass(frozen=True, slots=True)
class LastTime:
    """What a customer had last, with whom they had it."""

    services: str
    specialist: str
    again: ShowSoonest


def with_the_last(texts: Translator, view: View, last: LastTime) -> View:
    """Put what the customer had last above all else: its times are one tap away."""
    what = visit_line(texts, last.services, last.specialist)
    line = texts.html("↻ Once more: {visit}", visit=what)
    rows = [[Button(texts.text("Book again"), last.again)], *view.keyboard]
    return replace(view, text=Html(f"{view.text}\n\n{line}"), keyboard=rows)


def _next(service: ServiceSummary, specialist_id: int | None) -> Command:
    """Return what follows a service: who does it, or when, where that is known."""
    if specialist_id is None:
        return ShowSpecialists(service_id=service.id)
    return ShowSoonest(service_id=service.id, specialist_id=specialist_id)


def search_question(texts: Translator) -> View:
    """The question what is looked for; its answer is typed."""
    lines = [texts.html("<b>What are you looking for?</b>"), texts.html("Write a part of its name.")]
    return View(Html("\n".join(lines)), question_buttons(texts), asks=True)


def found_services(texts: Translator, business: BusinessProfile, found: Sequence[ServiceSummary]) -> View:
    """What a search found, as much of it as a page holds."""
    ways = [
        [Button(texts.text("Search again"), AskService())],
        [Button(texts.text("All services"), ShowServices()), menu(texts)],
    ]
    if not found:
        return View(texts.html("Nothing here is called that."), ways)
    title = texts.html("<b>This is what I found:</b>")
    view = _choice(texts, business, title, found[:ROWS_A_PAGE], ways)
    if len(found) <= ROWS_A_PAGE:
        return view
    more = texts.html("There is more of that kind: write more of the name to find it.")
    return replace(view, text=Html(f"{view.text}\n\n{more}"))


def service_line(texts: Translator, business: BusinessProfile, service: ServiceSummary) -> Html:
    """Write a service in a line of a list, with what there is to know of it."""
    return _offer_line(texts, business, service.name, service)


def _offer_line(texts: Translator, business: BusinessProfile, name: str, service: ServiceSummary) -> Html:
    """A line of a list: what is offered, how long it takes and what it costs."""
    length = duration(texts, service.duration)
    if service.longest is not None:
        longest = duration(texts, service.longest)
        length = texts.text("{lowest} – {highest}", lowest=length, highest=longest)
    if service.price is None:
        return texts.html("• {service}: {duration}", service=name, duration=length)
    cost = price(texts, service.price, business.currency)
    return texts.html("• {service}: {duration}, {price}", service=name, duration=length, price=cost)


def places(
    texts: Translator, service: ServiceSummary, offered_at: Sequence[PlaceChoice], asked: ShowSpecialists
) -> View:
    """The places where a service is done, a page at a time."""
    page = Page.of(offered_at, asked.page, PLACES_A_PAGE)
    lines = [texts.html("<b>{service}</b>\nWhere would you like to go?", service=service.name), ""]
    lines += [texts.html("• {name}: {address}", **_named(each)) for each in page.shown if each.address]
    choices = [
        Button(each.name, asked.model_copy(update={"location_id": each.id, "page": 0})) for each in page.shown
    ]
    back = Button(texts.text("« Back"), ShowServices(around=service.id))
    return View(Html("\n".join(lines)), [*rows_of(choices, 1), pager(page, asked), [back, menu(texts)]])


def _named(choice: PlaceChoice) -> dict[str, str]:
    return {"name": choice.name, "address": shortened(choice.address, ADDRESS_WIDTH)}


def specialists(
    texts: Translator,
    business: BusinessProfile,
    service: ServiceSummary,
    offered_by: Sequence[SpecialistSummary],
    asked: ShowSpecialists,
) -> View:
    """The specialists who do a service, a page at a time, and 'Anyone'; what each asks, where they differ."""
    wide = columns([each.name for each in offered_by])
    page = Page.of(offered_by, asked.page, ROWS_A_PAGE * wide)
    soonest = ShowSoonest(service_id=service.id, location_id=asked.location_id, added=asked.added)
    anyone = Button(texts.text("Anyone"), soonest)
    named = [Button(each.name, soonest.model_copy(update={"specialist_id": each.id})) for each in page.shown]
    chosen = asked.location_id is not None
    before = ShowSpecialists(service_id=service.id) if chosen else ShowServices(around=service.id)
    if asked.added is not None:
        before = asked.model_copy(update={"added": asked.added.without_last, "page": 0})
    lines = [texts.html("<b>{service}</b>\nWho would you like to go to?", service=service.name)]
    if len({(each.duration, each.price) for each in service.with_each.values()}) > 1:
        lines.append(Html())
        lines += [_offer_line(texts, business, each.name, service.done_by(each.id)) for each in page.shown]
    return View(
        Html("\n".join(lines)),
        [
            [anyone],
            *rows_of(named, wide),
            pager(page, asked),
            [Button(texts.text("« Back"), before), menu(texts)],
        ],
    )

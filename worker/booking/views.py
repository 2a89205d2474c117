"""What customers see of booking: the services, who does them, the summary."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from shared.contracts.base import Command
from shared.contracts.booking import AskService, Book, Move, ShowServices, ShowSoonest, ShowSpecialists
from shared.i18n.translator import Html, Translator
from worker.booking.repository import PlaceChoice, ServiceSummary, SpecialistSummary
from worker.booking.rules import ROWS_A_PAGE, TermsPart, categories, columns
from worker.runtime.repository import BusinessProfile
from worker.ui.buttons import Page, menu, pager, question_buttons
from worker.ui.deadlines import Deadlines, deadline_lines
from worker.ui.phrases import duration, price, priced_line, shortened, span, visit_line, when, where
from worker.ui.view import Button, Keyboard, View, rows_of
from worker.visits.repository import Place, Visit

FAVOURITES: Final = 3
"""So many services that the customer had before stand above the categories."""
PLACES_A_PAGE: Final = 8
ADDRESS_WIDTH: Final = 100


@dataclass(frozen=True, slots=True)
class Plan:
    """A visit that someone is about to confirm."""

    service: ServiceSummary
    specialist: str | None
    start: datetime
    place: Place | None
    command: Book | Move
    back: Button
    now: datetime
    moved_from: datetime | None = None
    place_before: Place | None = None
    """Where a visit is that moves to another place."""
    beside: Sequence[Visit] = ()
    """The customer's other visits at that time."""
    currency: str | None = None
    """What the price is in; None is the business's own."""
    by_staff: bool = False
    """Whether it is somebody else's visit: what the customer may do by themselves is not said."""


def home_row(texts: Translator) -> list[Button]:
    """The menu's row of booking."""
    return [Button(texts.text("Book a visit"), ShowServices(), style="primary")]


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
    lines = [title, *([""] if shown else []), *(_service_line(texts, business, each) for each in shown)]
    choices = [[Button(service.name, _next(service, specialist_id))] for service in shown]
    return View(Html("\n".join(lines)), [*choices, *ways])


def with_the_last(texts: Translator, view: View, last: ServiceSummary | None) -> View:
    """Put what the customer had last above all else, with whom they had it: its times are one tap away."""
    if last is None or last.had_with is None:
        return view
    again = ShowSoonest(service_id=last.id, specialist_id=last.had_with.id)
    what = visit_line(texts, last.name, last.had_with.name)
    line = texts.html("↻ Once more: {visit}", visit=what)
    rows = [[Button(texts.text("Book again"), again)], *view.keyboard]
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


def _service_line(texts: Translator, business: BusinessProfile, service: ServiceSummary) -> Html:
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
        Button(each.name, ShowSpecialists(service_id=service.id, location_id=each.id)) for each in page.shown
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
    soonest = ShowSoonest(service_id=service.id, location_id=asked.location_id)
    anyone = Button(texts.text("Anyone"), soonest)
    named = [Button(each.name, soonest.model_copy(update={"specialist_id": each.id})) for each in page.shown]
    chosen = asked.location_id is not None
    before = ShowSpecialists(service_id=service.id) if chosen else ShowServices(around=service.id)
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


def summary(texts: Translator, business: BusinessProfile, plan: Plan) -> View:
    """What is about to be booked, or where a booking is about to be moved."""
    service = plan.service
    today = plan.now.astimezone(business.zone).date()
    lines = [_question(texts, plan)]
    who = plan.specialist or texts.text("anyone who is free")
    what = visit_line(texts, service.name, who)
    lines.append(priced_line(texts, what, service.price, plan.currency or business.currency))
    if plan.moved_from is not None:
        local = plan.moved_from.astimezone(business.zone)
        lines.append(
            texts.html(
                "From: <s>{day}, {time}</s>",
                day=texts.short_day(local.date(), today),
                time=texts.time(local),
            )
        )
    lines += when(texts, plan.start, plan.start + service.duration, business.zone, plan.now)
    lines += where(texts, plan.place)
    if plan.place_before is not None:
        lines.append(texts.html("Before it was at: <s>{place}</s>", place=plan.place_before.name))
    deadlines = Deadlines.before(plan.start, service.move_until, service.cancel_until)
    lines += [] if plan.by_staff else deadline_lines(texts, deadlines, plan.now, business.zone)
    lines += [_at_that_time(texts, visit, business.zone, by_staff=plan.by_staff) for visit in plan.beside]
    confirm = Button(_confirm(texts, plan), plan.command, style="success")
    return View(Html("\n".join(lines)), [[confirm], [plan.back, menu(texts)]])


def named(place: Place | None) -> tuple[str, str] | None:
    """Return what a summary and a card say of a place."""
    return None if place is None else (place.name, place.address)


def changed(texts: Translator, parts: Sequence[TermsPart]) -> str:
    """Say what is not as it was when the summary was shown."""
    said = {
        TermsPart.PRICE: texts.text("The price has changed since you looked."),
        TermsPart.LENGTH: texts.text("How long it takes has changed since you looked."),
        TermsPart.RULES: texts.text("Where it is or how it can be cancelled has changed since you looked."),
    }
    return " ".join([*(said[part] for part in parts), texts.text("Is it all right now?")])


def elsewhere(texts: Translator, *, by_staff: bool) -> str:
    """Say that the customer has another visit then."""
    if by_staff:
        return texts.text("The customer has another visit at that time.")
    return texts.text("You have another visit at that time.")


def _at_that_time(texts: Translator, visit: Visit, zone: ZoneInfo, *, by_staff: bool) -> Html:
    about = {
        "service": visit.service,
        "specialist": visit.specialist,
        "times": span(texts, visit.start.astimezone(zone), visit.end.astimezone(zone)),
    }
    if by_staff:
        return texts.html("⚠️ The customer has {service} with {specialist} {times} at that time.", **about)
    return texts.html("⚠️ You have {service} with {specialist} {times} at that time.", **about)


def _confirm(texts: Translator, plan: Plan) -> str:
    if not plan.command.anyway:
        return texts.text("Confirm")
    return texts.text("Book anyway") if isinstance(plan.command, Book) else texts.text("Move anyway")


def _question(texts: Translator, plan: Plan) -> Html:
    if plan.moved_from is None:
        return texts.html("<b>Is this right?</b>")
    return texts.html("<b>Move the visit?</b>")

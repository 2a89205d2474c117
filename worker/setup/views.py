"""What the owner sees while the shop is set up, and once it is open."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from html import escape
from typing import TYPE_CHECKING, Final

from shared.contracts.booking import ShowServices
from shared.contracts.editing import ShowSection
from shared.contracts.setup import (
    AnswerSetup,
    ApplySetup,
    ChooseTemplate,
    SetupStep,
    ShowSetup,
    ShowSetupZones,
)
from shared.i18n.marking import Marked, text_noop
from shared.i18n.translator import Html, Translator, load_translators
from worker.business.opening import parse_opening_hours
from worker.holidays.rules import coming
from worker.holidays.views import choices, closed_days, next_ones
from worker.proposals.opening import hours_text
from worker.setup.rules import AS_USUAL, MYSELF, SetupForm, Template
from worker.ui.buttons import Page, menu, pager
from worker.ui.phrases import duration, price
from worker.ui.view import Button, Keyboard, View, rows_of
from worker.ui.zones import REGIONS

if TYPE_CHECKING:
    from worker.business.document import Document

ZONES_A_PAGE: Final = 24
LENGTHS: Final = (30, 45, 60, 90)
CURRENCIES: Final = ("EUR", "USD", "GBP", "RUB", "TRY", "UAH")
HOURS: Final = ("mon-fri 9-18", "mon-sat 10-20", "mon-sun 9-21")
UNFIT: Final = text_noop("That does not fit here, and nothing was changed.")
AT_SEA: Final = text_noop(
    "Nobody's clock is known at that point. Share where the shop is, or write a large city."
)
NAMES: Final[Mapping[SetupStep, Marked]] = {
    SetupStep.NAME: text_noop("Name"),
    SetupStep.ZONE: text_noop("Clock"),
    SetupStep.ADDRESS: text_noop("Address"),
    SetupStep.CURRENCY: text_noop("Currency"),
    SetupStep.SERVICE: text_noop("Service"),
    SetupStep.DURATION: text_noop("Duration"),
    SetupStep.PRICE: text_noop("Price"),
    SetupStep.WHO: text_noop("Who does it"),
    SetupStep.HOURS: text_noop("Opening hours"),
    SetupStep.HOLIDAYS: text_noop("Public holidays"),
    SetupStep.LANGUAGE: text_noop("Language"),
}
PARTS: Final[Mapping[str, Marked]] = {
    "Africa": text_noop("Africa"),
    "America": text_noop("America"),
    "Asia": text_noop("Asia"),
    "Atlantic": text_noop("Atlantic"),
    "Australia": text_noop("Australia"),
    "Europe": text_noop("Europe"),
    "Indian": text_noop("Indian Ocean"),
    "Pacific": text_noop("Pacific"),
}
QUESTIONS: Final[Mapping[SetupStep, tuple[Marked, Marked]]] = {
    SetupStep.NAME: (
        text_noop("What is your shop called?"),
        text_noop("Write the name that customers know."),
    ),
    SetupStep.ZONE: (
        text_noop("Where is it?"),
        text_noop(
            "All hours are by the clock there. Share the location of your shop (📎), which puts it on your "
            "customers' maps, too; or choose a part of the world, or write a large city."
        ),
    ),
    SetupStep.ADDRESS: (
        text_noop("What is the address?"),
        text_noop("Write it as customers find it, with what helps: the floor, the bell."),
    ),
    SetupStep.SERVICE: (
        text_noop("What can be booked?"),
        text_noop("Choose a trade to begin with its usual service, or write what your first one is called."),
    ),
    SetupStep.DURATION: (
        text_noop("How long does it take?"),
        text_noop("Choose, or write it as 50 or 1h15m."),
    ),
    SetupStep.PRICE: (
        text_noop("What does it cost?"),
        text_noop("Write an amount of {currency}, as 35 or from 30."),
    ),
    SetupStep.WHO: (text_noop("Who does it?"), text_noop("Choose, or write a name.")),
    SetupStep.HOURS: (
        text_noop("When are you open?"),
        text_noop("Choose, or write it as Mo-Fr 09:00-18:00; Sa 10-14."),
    ),
    SetupStep.HOLIDAYS: (
        text_noop("Are you closed on public holidays?"),
        text_noop(
            "Those of the whole country, or of your part of it: choose, or write its code as {country}."
        ),
    ),
    SetupStep.LANGUAGE: (
        text_noop("Which language does the shop speak?"),
        text_noop("To customers whose own is not there; everybody else is spoken to in theirs."),
    ),
    SetupStep.CURRENCY: (
        text_noop("What are prices in?"),
        text_noop("Choose, or write a code such as EUR."),
    ),
}
TRADES: Final[Mapping[Template, tuple[Marked, Marked]]] = {
    Template.BARBER: (text_noop("Barber"), text_noop("Haircut")),
    Template.NAILS: (text_noop("Nails"), text_noop("Manicure")),
    Template.MASSAGE: (text_noop("Massage"), text_noop("Classic massage")),
    Template.CLINIC: (text_noop("Clinic"), text_noop("Consultation")),
    Template.TUTOR: (text_noop("Tutor"), text_noop("Lesson")),
    Template.PHOTOGRAPHER: (text_noop("Photographer"), text_noop("Photo session")),
}
"""By template, what the trade is called and what its usual service is."""


def service_of(texts: Translator, template: Template) -> str:
    """Return what a trade's usual service is called."""
    return texts.marked(TRADES[template][1])


def there_already(texts: Translator) -> View:
    """That there is nothing to set up any more."""
    return View(texts.html("The shop has been set up already."), [[menu(texts)]])


def question(
    texts: Translator, form: SetupForm, step: SetupStep, today: date, *, refused: Marked | None = None
) -> View:
    """One question; whoever's answer did not fit is told so first."""
    lines = [] if refused is None else [Html(escape(texts.marked(refused)))]
    given = {"currency": form.business.get("currency", "—"), "country": form.country}
    lines += [
        texts.html("<b>{question}</b>", question=texts.marked(QUESTIONS[step][0])),
        Html(escape(texts.marked(QUESTIONS[step][1]).format_map(given))),
    ]
    if step is SetupStep.HOLIDAYS and form.country is not None:
        lines.append(next_ones(texts, coming(form.country, today)))
    ways = [*_back(texts, form, step), Button(texts.text("Skip"), AnswerSetup(step=step))]
    rows = [*(CHOICES[step](texts, form) if step in CHOICES else []), ways]
    return View(Html("\n".join(lines)), rows, asks=True)


def _zone_choices(texts: Translator, _: SetupForm) -> Keyboard:
    return rows_of([Button(texts.marked(PARTS[each]), ShowSetupZones(region=each)) for each in REGIONS], 2)


def _trades(texts: Translator, _: SetupForm) -> Keyboard:
    buttons = [Button(texts.marked(TRADES[each][0]), ChooseTemplate(template=each)) for each in Template]
    return rows_of(buttons, 2)


def _lengths(texts: Translator, _: SetupForm) -> Keyboard:
    names = [(duration(texts, timedelta(minutes=each)), str(each)) for each in LENGTHS]
    return [[Button(name, AnswerSetup(step=SetupStep.DURATION, value=value)) for name, value in names]]


def _price_choices(texts: Translator, _: SetupForm) -> Keyboard:
    free = Button(texts.title(texts.text("free")), AnswerSetup(step=SetupStep.PRICE, value="free"))
    return [[free, _to(texts, SetupStep.CURRENCY)]]


def _myself(texts: Translator, form: SetupForm) -> Keyboard:
    myself = AnswerSetup(step=SetupStep.WHO, value=MYSELF)
    return [[Button(texts.text("I do: {name}", name=form.owner_name), myself)]]


def _presets(texts: Translator, _: SetupForm) -> Keyboard:
    presets = [(texts.title(hours_text(texts, parse_opening_hours(each))), each) for each in HOURS]
    return [[Button(label, AnswerSetup(step=SetupStep.HOURS, value=value))] for label, value in presets]


def _currencies(_texts: Translator, _: SetupForm) -> Keyboard:
    return rows_of([Button(each, AnswerSetup(step=SetupStep.CURRENCY, value=each)) for each in CURRENCIES], 3)


def _languages(_texts: Translator, _: SetupForm) -> Keyboard:
    spoken = [each for each in load_translators().all() if each.complete]
    buttons = [
        Button(each.own_name(), AnswerSetup(step=SetupStep.LANGUAGE, value=each.language)) for each in spoken
    ]
    return rows_of(buttons, 2)


def _holidays(texts: Translator, form: SetupForm) -> Keyboard:
    usual = Button(texts.text("No, as usual"), AnswerSetup(step=SetupStep.HOLIDAYS, value=AS_USUAL))
    answers = [
        [Button(label, AnswerSetup(step=SetupStep.HOLIDAYS, value=code)) for code, label in row]
        for row in choices(texts, form.country or "")
    ]
    return [*answers, [usual]]


CHOICES: Final[Mapping[SetupStep, Callable[[Translator, SetupForm], Keyboard]]] = {
    SetupStep.ZONE: _zone_choices,
    SetupStep.SERVICE: _trades,
    SetupStep.DURATION: _lengths,
    SetupStep.PRICE: _price_choices,
    SetupStep.WHO: _myself,
    SetupStep.HOURS: _presets,
    SetupStep.HOLIDAYS: _holidays,
    SetupStep.CURRENCY: _currencies,
    SetupStep.LANGUAGE: _languages,
}
"""The answers that need no words."""


def _back(texts: Translator, form: SetupForm, step: SetupStep) -> list[Button]:
    """The way to the question before, none before the first; once all were asked, to the summary."""
    if form.next_step is None or step not in form.path:
        return [Button(texts.text("« Back"), ShowSetup())]
    before = form.path[: form.path.index(step)][-1:]
    return [Button(texts.text("« Back"), ShowSetup(step=each)) for each in before]


def _to(texts: Translator, step: SetupStep) -> Button:
    return Button(texts.marked(NAMES[step]), ShowSetup(step=step))


def zones(texts: Translator, known: Sequence[tuple[str, str]], asked: ShowSetupZones) -> View:
    """A region's zones by their cities, a page at a time."""
    page = Page.of(known, asked.page, ZONES_A_PAGE)
    cities = [Button(city, AnswerSetup(step=SetupStep.ZONE, value=zone)) for city, zone in page.shown]
    text = texts.html("<b>{region}</b>\nWhich city has your clock?", region=texts.marked(PARTS[asked.region]))
    back = Button(texts.text("« Back"), ShowSetup(step=SetupStep.ZONE))
    return View(text, [*rows_of(cities, 3), pager(page, asked), [back]])


def summary(texts: Translator, form: SetupForm, version: int) -> View:
    """The shop as it would open, each line with the way to its question."""
    lines = [texts.html("<b>Your shop</b>"), *_lines(texts, form)]
    changes = rows_of([_to(texts, step) for step in SetupStep if form.asks(step)], 2)
    if form.missing:
        missing = ", ".join(texts.marked(NAMES[step]) for step in form.missing)
        lines += [Html(), texts.html("Before it can open, say: {missing}", missing=missing)]
        return View(Html("\n".join(lines)), changes)
    lines += [Html(), lacking[0]] if (lacking := _lacking(texts, form.document)) else []
    apply = Button(texts.text("Apply"), ApplySetup(seen=version), style="primary")
    return View(Html("\n".join(lines)), [*changes, [apply]])


def _lacking(texts: Translator, document: "Document") -> tuple[Html, str, ShowSection] | None:
    """Say what customers wait for before they can book, and lead to it; None where they can."""
    if not document.services:
        said = texts.html("Nobody can book before there is a service.")
        return said, texts.text("Services"), ShowSection(section="services")
    if any(specialist.hours for specialist in document.specialists):
        return None
    said = texts.html("Nobody can book before there are opening hours.")
    return said, texts.text("Hours"), ShowSection(section="specialists", field="hours")


def _lines(texts: Translator, form: SetupForm) -> list[Html]:
    said = _said(texts, form)
    return [
        texts.html("{what}: {value}", what=texts.marked(NAMES[step]), value=said.get(step) or "—")
        for step in SetupStep
        if form.asks(step)
    ]


def _said(texts: Translator, form: SetupForm) -> dict[SetupStep, str]:
    """Return what the file says so far, as people read it."""
    document, given = form.document, form.business
    [specialist] = document.specialists
    said = {
        SetupStep.NAME: given.get("name", ""),
        SetupStep.ZONE: texts.place_of(given["timezone"]) if "timezone" in given else "",
        SetupStep.CURRENCY: given.get("currency", ""),
        SetupStep.WHO: specialist.name,
        SetupStep.HOURS: hours_text(texts, specialist.hours),
        SetupStep.HOLIDAYS: closed_days(texts, [each.date for each in specialist.exceptions]),
        SetupStep.LANGUAGE: load_translators().choose(given["language"]).own_name(),
    }
    for place in document.locations:
        on_the_map = texts.text("on the map") if form.has_point else ""
        said[SetupStep.ADDRESS] = ", ".join(filter(None, (place.address, on_the_map)))
    for service in document.services:
        said[SetupStep.SERVICE] = service.name
        said[SetupStep.DURATION] = duration(texts, timedelta(minutes=service.duration))
        if service.price is not None:
            said[SetupStep.PRICE] = texts.title(price(texts, service.price, document.business.currency))
    return said


def opened(texts: Translator, document: "Document") -> View:
    """The shop is open; the button is the one that customers see, or leads to what they wait for."""
    seen = texts.html("This is the button that customers see:"), texts.text("Book a visit"), ShowServices()
    said, label, way = _lacking(texts, document) or seen
    more = texts.html(
        "More services, people and places are added under /admin, and everything else is changed there, too."
    )
    lines = [texts.html("<b>{business}</b> is open.", business=document.business.name), said, Html(), more]
    return View(Html("\n".join(lines)), [[Button(label, way, style="primary")], [menu(texts)]])

"""What the people who work here are told of a visit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from shared.contracts.staff import ShowAgenda, ShowStaffCard
from shared.i18n.marking import Marked, text_noop
from shared.i18n.translator import Html, Translator
from worker.customers.views import phone_lines
from worker.lateness.views import follower_lines, staff_late_lines
from worker.notices.rules import Absence
from worker.requests.views import request_rows, until_lines
from worker.ui.phrases import called, mention, price_lines, shortened, span
from worker.ui.view import Button, View
from worker.visits.answers import answer_lines
from worker.visits.repository import Visit
from worker.visits.views import companion_lines, no_note, note_lines

NAME_WIDTH: Final = 48
"""UTF-16 units of a service and a customer where several visits are told of; the card has them whole."""
HEADLINES: Final[Mapping[str, Marked]] = {
    "booked": text_noop("🆕 <b>New visit</b>"),
    "together": text_noop("👥 <b>Booked together</b>"),
    "series": text_noop("🔁 <b>New visits that repeat</b>"),
    "series_moved": text_noop("↪️ <b>Visits that repeat are moved</b>"),
    "series_cancelled": text_noop("❌ <b>Visits that repeat are cancelled</b>"),
    "moved": text_noop("↪️ <b>Visit moved</b>"),
    "cancelled": text_noop("❌ <b>Visit cancelled</b>"),
    "resized": text_noop("👥 <b>Another number of places</b>"),
    "noted": text_noop("📝 <b>Note to a visit</b>"),
    "asked": text_noop("❓ <b>Somebody asks for a visit</b>"),
    "proposed": text_noop("🕒 <b>Another time proposed</b>"),
    "refused": text_noop("❌ <b>The customer declined the time that was proposed</b>"),
    "accepted": text_noop("✅ <b>Request accepted</b>"),
    "paid": text_noop("💳 <b>Deposit paid: the visit is booked</b>"),
    "unpaid": text_noop("⌛ <b>The deposit was not paid: there is no visit</b>"),
    "declined": text_noop("❌ <b>Request declined</b>"),
    "lapsed": text_noop("⌛ <b>Request lapsed without an answer</b>"),
    "late": text_noop("🏃 <b>Running late</b>"),
    "explained": text_noop("💬 <b>Why a visit was cancelled</b>"),
    "explained_move": text_noop("💬 <b>Why a visit was moved late</b>"),
}
"""By what happened, its headline; what is not here, a newer release tells."""


@dataclass(frozen=True, slots=True)
class News:
    """What happened to a visit: told as it was then, whatever has become of the visit since."""

    what: str
    at: datetime
    was: datetime | None
    specialist: str
    """Whose visit it was then."""
    instead: Absence | None
    """Why it is not the specialist who is told."""
    following: Sequence[Visit] = ()
    """The specialist's visits that would have to wait for somebody who is late."""
    reason: str | None = None
    """Why its customer cancelled it, where that is the news."""
    unconfirmed: bool = False
    """Whether it was freed because its customer had not said that they would be there."""
    starts: Sequence[datetime] = ()
    """When the visits begin, where it is about several of them."""
    beside: Sequence[Visit] = ()
    """The visits of others who were booked at once with the customer."""


@dataclass(frozen=True, slots=True)
class NewsItem:
    """A visit as it is now, and what happened to it."""

    visit: Visit
    news: News


def together(texts: Translator, items: Sequence[NewsItem]) -> View:
    """What happened to several visits, in one message."""
    count = texts.plural("{number} piece of news", "{number} pieces of news", len(items))
    lines = [Html(f"🗞 <b>{count}</b>")]
    for each in items:
        lines += [Html(), *_short(texts, each)]
    visits = {each.visit.id: each.visit for each in items}
    return View(Html("\n".join(lines)), [[_show(texts, each)] for each in visits.values()])


def _short(texts: Translator, item: NewsItem) -> list[Html]:
    visit, news = item.visit, item.news
    zone = ZoneInfo(visit.timezone)
    local = news.at.astimezone(zone)
    about = texts.html(
        "{day}, {time}, {service}, {customer}",
        day=texts.title(texts.short_day(local.date())),
        time=texts.time(local),
        service=shortened(visit.service, NAME_WIDTH),
        customer=shortened(called(texts, visit.customer), NAME_WIDTH),
    )
    return [
        Html(texts.marked(HEADLINES[news.what])),
        about,
        *_told_lines(texts, visit, news),
        *_was(texts, visit, news),
    ]


def _show(texts: Translator, visit: Visit) -> Button:
    time = texts.time(visit.start.astimezone(ZoneInfo(visit.timezone)))
    label = f"{time} · {visit.service} · {called(texts, visit.customer)}"
    return Button(label, ShowStaffCard(booking_id=visit.id))


def _was(texts: Translator, visit: Visit, news: News) -> list[Html]:
    if news.was is None:
        return []
    local = news.was.astimezone(ZoneInfo(visit.timezone))
    day = texts.short_day(local.date())
    return [texts.html("Before: <s>{day}, {time}</s>", day=day, time=texts.time(local))]


def notice(texts: Translator, visit: Visit, news: News) -> View:
    """What happened to a visit, for its specialist, or for whoever is told instead and why."""
    zone = ZoneInfo(visit.timezone)
    local = news.at.astimezone(zone)
    until = (news.at + (visit.end - visit.start)).astimezone(zone)
    day = texts.title(texts.short_day(local.date()))
    lines = [
        Html(texts.marked(HEADLINES[_headline(visit, news)])),
        texts.html("{day}, {time}", day=day, time=span(texts, local, until)),
        texts.html("{service}, {customer}", service=visit.service, customer=mention(texts, visit)),
        *phone_lines(texts, visit),
        texts.html("№ {number}", number=visit.id),
        *price_lines(texts, visit.price, visit.currency),
        *answer_lines(texts, visit.answers),
        *companion_lines(texts, visit),
        *note_lines(texts, visit),
    ]
    if news.what == "noted" and not visit.note:
        lines.append(no_note(texts))
    lines += [*_told_lines(texts, visit, news), *_was(texts, visit, news)]
    if news.instead is not None:
        lines += [Html(), _why(texts, news.specialist, news.instead)]
    the_day = Button(texts.text("The day"), ShowAgenda(first=local.date()))
    show = Button(texts.text("Show the visit"), ShowStaffCard(booking_id=visit.id))
    asked = news.what == "asked" and news.at == visit.start
    lines += until_lines(texts, visit) if asked else []
    return View(Html("\n".join(lines)), [*(request_rows(texts, visit) if asked else []), [show, the_day]])


def _headline(visit: Visit, news: News) -> str:
    return "explained_move" if news.what == "explained" and visit.is_live else news.what


def _told_lines(texts: Translator, visit: Visit, news: News) -> list[Html]:
    """What the customer said that is the news: why they cancelled, or how late they will be."""
    if news.what == "late":
        return [*staff_late_lines(texts, visit), *follower_lines(texts, news.following)]
    if news.starts:
        return [_start(texts, each.astimezone(ZoneInfo(visit.timezone))) for each in news.starts]
    if news.beside:
        return [texts.html("With: {names}", names=_names(texts, news.beside))]
    if news.unconfirmed:
        return [texts.html("The customer did not say that they would be there: the time is free.")]
    return [] if news.reason is None else [texts.html("💬 {words}", words=news.reason)]


def _names(texts: Translator, visits: Sequence[Visit]) -> Html:
    by_name = sorted(visits, key=lambda visit: visit.id)
    return Html(", ".join(mention(texts, each) for each in by_name))


def _start(texts: Translator, local: datetime) -> Html:
    return texts.html(
        "🗓 {day}, {time}", day=texts.title(texts.short_day(local.date())), time=texts.time(local)
    )


def _why(texts: Translator, who: str, why: Absence) -> Html:
    match why:
        case Absence.LEFT:
            return texts.html("You get this because {specialist} no longer works here.", specialist=who)
        case Absence.NO_TELEGRAM:
            return texts.html("You get this because {specialist} has no Telegram here.", specialist=who)
        case Absence.NEVER_HERE:
            return texts.html("You get this because {specialist} has not started this bot.", specialist=who)
        case Absence.UNREACHABLE:
            return texts.html("You get this because {specialist} blocked this bot.", specialist=who)
        case _:
            assert_never(why)

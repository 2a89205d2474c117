"""What the staff see of those who wait, and what a customer reads who is taken off the line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from shared.contracts.line import (
    LONGEST_REMOVAL,
    AskOffer,
    AskRemoval,
    LetLineDecide,
    OfferTime,
    RemoveWish,
    ShowChoice,
    ShowLine,
    ShowWaiting,
)
from shared.i18n.translator import Html, Translator
from worker.line.repository import EndedWish
from worker.offers.by_hand import FittingTime
from worker.offers.candidates import Candidate
from worker.offers.repository import HeldOffer, OfferState, StaffChoice
from worker.ui.buttons import menu
from worker.ui.cells import Cell, cell
from worker.ui.deadlines import by_when
from worker.ui.phrases import called, mention, several, shortened, span
from worker.ui.view import Button, Keyboard, View
from worker.wishes.repository import Wish
from worker.wishes.views import SIGN, days_words, wish_times, wish_title

A_PAGE: Final = 6
"""So many wishes a message names, each in three lines."""
NAME_WIDTH: Final = 32
"""UTF-16 units of a name where several people are listed; their cards have it whole."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody in line, as the staff see it."""

    wish: Wish
    place: int
    """From 1 on, among those who may take the same time."""
    latest: HeldOffer | None
    """What was offered to them of it last."""


@dataclass(frozen=True, slots=True)
class LinePage:
    """A page of those who wait."""

    waiting: Sequence[Waiting]
    number: int
    """From 0 on."""
    more: bool
    choices: Sequence[tuple[StaffChoice, str]]
    """What waits for a choice, with whose time it is."""


@dataclass(frozen=True, slots=True)
class OfferPlan:
    """A time that somebody is about to be offered, and with whom."""

    candidate: Candidate
    specialist: str


def admin_button(texts: Translator) -> Button:
    """Return the way from /admin to those who wait."""
    return Button(texts.text("Waitlist"), ShowLine())


def line(texts: Translator, page: LinePage, zone: ZoneInfo, today: date) -> View:
    """Who waits for a time: what, whose, when, since when, and what they were offered last."""
    lines = [texts.html("<b>Who waits for a time</b>")]
    if not page.waiting:
        lines += [Html(), texts.html("Nobody waits.")]
    for each in page.waiting:
        lines += [Html(), *_entry(texts, each, zone, today)]
    choices = [[_choice_button(texts, choice, who, zone)] for choice, who in page.choices]
    rows = [[_entry_button(texts, each, today, zone)] for each in page.waiting]
    return View(Html("\n".join(lines)), [*choices, *rows, _pager(page), [menu(texts)]])


def _entry(texts: Translator, waiting: Waiting, zone: ZoneInfo, today: date) -> list[Html]:
    wish = waiting.wish
    who = texts.html(
        "<b>{customer}</b>: {service}, {specialist}",
        customer=shortened(called(texts, wish.customer), NAME_WIDTH),
        service=shortened(several(wish.service, wish.places), NAME_WIDTH),
        specialist=shortened(wish.specialist or texts.text("anyone who is free"), NAME_WIDTH),
    )
    wanted = Html(escape(f"{SIGN} {wish_times(texts, wish, today, zone)}"))
    return [who, wanted, _standing(texts, waiting, zone, today)]


def _standing(texts: Translator, waiting: Waiting, zone: ZoneInfo, today: date) -> Html:
    """Where somebody stands in line, since when, and what they were offered last."""
    since = texts.short_day(waiting.wish.made_at.astimezone(zone).date())
    line = texts.html("Place {place} in line, since {day}", place=waiting.place, day=since)
    if waiting.latest is None:
        return line
    return Html(f"{line} · {_offered(texts, waiting.latest, zone, today)}")


def _offered(texts: Translator, offer: HeldOffer, zone: ZoneInfo, today: date) -> Html:
    moment = _moment(texts, offer.start, zone)
    match offer.state:
        case OfferState.OPEN:
            until = by_when(texts, offer.deadline, zone, today)
            return texts.html("offered {moment}, until {time}", moment=moment, time=until)
        case OfferState.DECLINED:
            return texts.html("offered {moment}: declined", moment=moment)
        case OfferState.LAPSED | OfferState.WITHDRAWN:
            return texts.html("offered {moment}: not taken", moment=moment)
        case OfferState.TAKEN:
            return texts.html("offered {moment}: taken", moment=moment)
        case _:
            assert_never(offer.state)


def _moment(texts: Translator, start: datetime, zone: ZoneInfo) -> str:
    local = start.astimezone(zone)
    day = texts.title(texts.short_day(local.date()))
    return texts.text("{day}, {time}", day=day, time=texts.time(local))


def _entry_button(texts: Translator, waiting: Waiting, today: date, zone: ZoneInfo) -> Button:
    wish = waiting.wish
    label = f"{called(texts, wish.customer)} · {wish_times(texts, wish, today, zone)} · {wish.service}"
    return Button(label, ShowWaiting(entry_id=wish.id))


def _choice_button(texts: Translator, choice: StaffChoice, who: str, zone: ZoneInfo) -> Button:
    freed = texts.text("Free: {moment}", moment=_moment(texts, choice.freed_from, zone))
    return Button(f"❗ {freed} · {who}", ShowChoice(choice_id=choice.id), style="primary")


def _pager(page: LinePage) -> list[Button]:
    if page.number == 0 and not page.more:
        return []
    before = [Button("‹", ShowLine(page=page.number - 1))] if page.number else []
    after = [Button("›", ShowLine(page=page.number + 1))] if page.more else []
    return [*before, cell(str(page.number + 1), Cell.PAGE), *after]


def waiting_card(
    texts: Translator,
    waiting: Waiting,
    times: Sequence[tuple[FittingTime, str]],
    zone: ZoneInfo,
    today: date,
) -> View:
    """Somebody's wish with the free times that would fit it now."""
    wish = waiting.wish
    lines = [
        Html(f"{SIGN} {wish_title(texts, wish)}"),
        Html(escape(wish_times(texts, wish, today, zone))),
        mention(texts, wish),
        _standing(texts, waiting, zone, today),
        Html(),
        _what_fits(texts, waiting, times, zone, today),
    ]
    rows = [[_time_button(texts, wish, each, who, zone)] for each, who in times]
    return View(Html("\n".join(lines)), [*rows, *_ways(texts, wish, times)])


def _what_fits(
    texts: Translator,
    waiting: Waiting,
    times: Sequence[tuple[FittingTime, str]],
    zone: ZoneInfo,
    today: date,
) -> Html:
    offer = waiting.latest
    if offer is not None and offer.state is OfferState.OPEN:
        until = by_when(texts, offer.deadline, zone, today)
        return texts.html("A time is kept for them until {time}.", time=until)
    if not times:
        return texts.html("Nothing that would fit is free, or could be offered in time.")
    return texts.html("These times would fit:")


def _time_button(texts: Translator, wish: Wish, time: FittingTime, who: str, zone: ZoneInfo) -> Button:
    moment = _moment(texts, time.start, zone)
    label = moment if wish.specialist_id is not None else f"{moment} · {who}"
    return Button(label, AskOffer(entry_id=wish.id, specialist_id=time.specialist_id, start=time.start))


def _ways(texts: Translator, wish: Wish, times: Sequence[tuple[FittingTime, str]]) -> Keyboard:
    later = [
        Button(texts.text("Later times"), ShowWaiting(entry_id=wish.id, after=each.start))
        for each, _ in times[-1:]
    ]
    remove = Button(texts.text("Remove from the line"), AskRemoval(entry_id=wish.id), style="danger")
    return [later, [remove], [Button(texts.text("« Back"), ShowLine()), menu(texts)]]


def offer_question(
    texts: Translator, plan: OfferPlan, asked: AskOffer, zone: ZoneInfo, now: datetime
) -> View:
    """What comes of offering a time, before it is offered."""
    wish, times = plan.candidate.wish, plan.candidate.times
    today = now.astimezone(zone).date()
    lines = [
        texts.html("<b>Offer this time?</b>"),
        texts.html(
            "{moment}: {service}, {specialist}",
            moment=_moment(texts, asked.start, zone),
            service=several(wish.service, wish.places),
            specialist=plan.specialist,
        ),
        mention(texts, wish),
        Html(),
        texts.html("It is kept for them until {moment}.", moment=by_when(texts, times.deadline, zone, today)),
    ]
    if times.told_at > now:
        lines.append(
            texts.html("They are told in the morning: {moment}.", moment=_moment(texts, times.told_at, zone))
        )
    command = OfferTime(entry_id=wish.id, specialist_id=asked.specialist_id, start=asked.start)
    offer = Button(texts.text("Offer this time"), command, style="success")
    back = Button(texts.text("« Back"), ShowWaiting(entry_id=wish.id))
    return View(Html("\n".join(lines)), [[offer], [back]])


def word_question(texts: Translator, wish: Wish) -> View:
    """The question what a customer reads who is taken off the line."""
    lines = [
        texts.html("<b>What do you want to tell {customer}?</b>", customer=called(texts, wish.customer)),
        texts.html(
            "Your answer ends the wish, and the customer reads it. Up to {count} characters.",
            count=LONGEST_REMOVAL,
        ),
    ]
    without = Button(texts.text("Remove without a word"), RemoveWish(entry_id=wish.id), style="danger")
    back = Button(texts.text("« Back"), ShowWaiting(entry_id=wish.id))
    return View(Html("\n".join(lines)), [[without], [back]], asks=True)


def removed(texts: Translator, ended: EndedWish, word: str) -> View:
    """What a customer reads who is taken off the line."""
    days = texts.title(days_words(texts, ended.first_day, ended.last_day))
    lines = [
        texts.html("<b>You are not in line any more.</b>"),
        texts.html("{business} has ended your wish:", business=ended.business),
        texts.html("{service}, {days}", service=ended.service, days=days),
        *([texts.html("💬 {words}", words=word)] if word else []),
    ]
    return View(Html("\n".join(lines)), [[menu(texts)]])


def choice(
    texts: Translator,
    asked: StaffChoice,
    specialist: str,
    named: Sequence[tuple[Candidate, int]],
    zone: ZoneInfo,
    today: date,
) -> View:
    """A time that has freed up, with those in line who can have it."""
    begin, end = asked.freed_from.astimezone(zone), asked.freed_until.astimezone(zone)
    lines = [
        texts.html("<b>A time has come free: who is offered it?</b>"),
        texts.html(
            "{day}, {times}, {specialist}",
            day=texts.title(texts.short_day(begin.date())),
            times=span(texts, begin, end),
            specialist=specialist,
        ),
        texts.html(
            "Where nobody chooses by {moment}, it goes to the first in line.",
            moment=by_when(texts, asked.deadline, zone, today),
        ),
    ]
    rows = [[_candidate_button(texts, asked, each, place, zone)] for each, place in named]
    first = Button(texts.text("First in line"), LetLineDecide(choice_id=asked.id))
    return View(Html("\n".join(lines)), [*rows, [first, Button(texts.text("Waitlist"), ShowLine())]])


def _candidate_button(
    texts: Translator, asked: StaffChoice, found: Candidate, place: int, zone: ZoneInfo
) -> Button:
    wish = found.wish
    name = shortened(called(texts, wish.customer), NAME_WIDTH)
    label = f"{place}. {name} · {texts.time(found.start.astimezone(zone))} · {wish.service}"
    return Button(label, AskOffer(entry_id=wish.id, specialist_id=asked.specialist_id, start=found.start))


def left_to_line(texts: Translator) -> View:
    """That a freed time goes to whoever is first."""
    waitlist = Button(texts.text("Waitlist"), ShowLine())
    return View(texts.html("It goes to the first in line."), [[waitlist, menu(texts)]])

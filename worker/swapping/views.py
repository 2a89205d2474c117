"""What people see of swaps: times without names, the question, and what came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from shared.contracts.earlier import AskEarlier
from shared.contracts.own_visits import ShowBooking, ShowBookings
from shared.contracts.swapping import AcceptSwap, DeclineSwap, RequestSwap, ShowSwaps, WithdrawSwap
from shared.i18n.translator import Html, Translator
from worker.swapping.repository import SwapData
from worker.swapping.rules import SwapState
from worker.ui.buttons import menu
from worker.ui.deadlines import by_when, deadline_lines
from worker.ui.phrases import visit_line
from worker.ui.view import Button, Keyboard, View
from worker.visits.repository import Visit

IN_A_ROW = 3
MOST_DAYS = 21


def times(texts: Translator, visit: Visit, starts: Sequence[datetime], asked: ShowSwaps) -> View:
    """The days on which others have times that could be swapped, or the times of one."""
    zone = ZoneInfo(visit.timezone)
    local = [start.astimezone(zone) for start in starts]
    lines = [
        texts.html("<b>Swap with somebody</b>"),
        visit_line(texts, visit.service, visit.specialist),
        _yours(texts, visit.start, zone),
        Html(),
        _explained(texts, any_there=bool(starts)),
    ]
    on_day = [each for each in local if each.date() == asked.day]
    chosen = _clocks(texts, visit, on_day) if on_day else _days(texts, visit, local)
    before = AskEarlier if visit.may_be_earlier else ShowBooking
    back = ShowSwaps(booking_id=visit.id) if on_day else before(booking_id=visit.id)
    return View(Html("\n".join(lines)), [*_rows(chosen), [Button(texts.text("« Back"), back)]])


def _explained(texts: Translator, *, any_there: bool) -> Html:
    if not any_there:
        return texts.html("Nobody has a time just now that could be swapped for yours.")
    return texts.html(
        "These times are taken. Choose one, and whoever has it is asked once, without your name. "
        "If they say yes, you swap; until then nothing changes."
    )


def _yours(texts: Translator, start: datetime, zone: ZoneInfo) -> Html:
    return texts.html("Your time: <b>{moment}</b>", moment=moment(texts, start, zone))


def moment(texts: Translator, start: datetime, zone: ZoneInfo) -> str:
    """Write when something begins."""
    local = start.astimezone(zone)
    day = texts.title(texts.short_day(local.date()))
    return texts.text("{day}, {time}", day=day, time=texts.time(local))


def _days(texts: Translator, visit: Visit, local: Sequence[datetime]) -> list[Button]:
    days = list(dict.fromkeys(each.date() for each in local))[:MOST_DAYS]
    return [
        Button(texts.title(texts.short_day(day)), ShowSwaps(booking_id=visit.id, day=day)) for day in days
    ]


def _clocks(texts: Translator, visit: Visit, local: Sequence[datetime]) -> list[Button]:
    return [
        Button(texts.time(each), RequestSwap(booking_id=visit.id, version=visit.version, start=each))
        for each in local
    ]


def _rows(buttons: Sequence[Button]) -> Keyboard:
    return [list(buttons[index : index + IN_A_ROW]) for index in range(0, len(buttons), IN_A_ROW)]


def waiting(texts: Translator, visit: Visit, swap: SwapData, now: datetime) -> View:
    """What one has asked, and that nobody has answered yet."""
    zone = ZoneInfo(visit.timezone)
    today = now.astimezone(zone).date()
    lines = [
        texts.html("<b>Swap with somebody</b>"),
        visit_line(texts, visit.service, visit.specialist),
        _yours(texts, visit.start, zone),
        texts.html("You asked for: <b>{moment}</b>", moment=moment(texts, swap.other_start, zone)),
        *deadline_lines(texts, visit.deadlines_at(swap.other_start), now, zone),
        Html(),
        texts.html(
            "Whoever has that time can answer until {moment}. Until then nothing changes.",
            moment=by_when(texts, swap.deadline, zone, today),
        ),
    ]
    back = Button(texts.text("Take the question back"), WithdrawSwap(booking_id=visit.id), style="danger")
    show = Button(texts.text("Show the visit"), ShowBooking(booking_id=visit.id))
    return View(Html("\n".join(lines)), [[back], [show]])


def question(texts: Translator, visit: Visit, swap: SwapData, now: datetime) -> View:
    """The question to whoever has the time: neither learns who the other is."""
    zone = ZoneInfo(visit.timezone)
    today = now.astimezone(zone).date()
    lines = [
        texts.html("🔁 <b>Somebody would like to swap times with you</b>"),
        visit_line(texts, visit.service, visit.specialist),
        _yours(texts, visit.start, zone),
        texts.html("Their time: <b>{moment}</b>", moment=moment(texts, swap.start, zone)),
        *deadline_lines(texts, visit.deadlines_at(swap.start), now, zone),
        Html(),
        texts.html(
            "If you say yes, each of you comes at the other's time. If not, nothing changes. "
            "Nobody learns who you are. Please answer by {moment}.",
            moment=by_when(texts, swap.deadline, zone, today),
        ),
    ]
    yes = Button(texts.text("Yes, swap"), AcceptSwap(swap_id=swap.id), style="success")
    no = Button(texts.text("No, thanks"), DeclineSwap(swap_id=swap.id))
    return View(Html("\n".join(lines)), [[yes], [no]])


def settled(texts: Translator, swap: SwapData) -> View:
    """What came of a question, in the message that asked it."""
    show = Button(texts.text("Show the visit"), ShowBooking(booking_id=swap.other_id))
    return View(_said(texts, swap.state), [[show], [menu(texts)]])


def _said(texts: Translator, state: SwapState) -> Html:
    match state:
        case SwapState.ACCEPTED:
            return texts.html("You have swapped.")
        case SwapState.DECLINED:
            return texts.html("You have kept your time.")
        case SwapState.LAPSED | SwapState.OPEN:
            return texts.html("The time to answer is over. You have kept your time.")
        case SwapState.WITHDRAWN:
            return texts.html("This swap is not possible any more. Nothing has changed for you.")
        case _:
            assert_never(state)


def answer(texts: Translator, visit: Visit, swap: SwapData) -> View:
    """That nothing came of what one asked: the visit stays where it is."""
    zone = ZoneInfo(visit.timezone)
    asked_for = moment(texts, swap.other_start, zone)
    lines = [
        texts.html("🔁 {moment} could not be swapped.", moment=asked_for),
        texts.html("Your visit stays as it is: <b>{moment}</b>", moment=moment(texts, visit.start, zone)),
    ]
    others = Button(texts.text("Ask for another time"), ShowSwaps(booking_id=visit.id))
    show = Button(texts.text("Show the visit"), ShowBooking(booking_id=visit.id))
    bookings = Button(texts.text("My bookings"), ShowBookings())
    return View(Html("\n".join(lines)), [[others], [show], [bookings, menu(texts)]])

"""What people see of a booking together: how many, the card with the link, the invitation, and its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never
from urllib.parse import quote
from zoneinfo import ZoneInfo

from shared.contracts.booking import ShowSummary
from shared.contracts.gathering import (
    AskGathering,
    BookGathering,
    CallOffGathering,
    JoinGathering,
    LeaveGathering,
    ShowGathering,
    StartGathering,
)
from shared.contracts.own_visits import ShowBookings
from shared.i18n.translator import Html, Translator
from worker.catalogue.repository import ServiceSummary
from worker.choosing.next_free import next_rows
from worker.together.repository import GatheringData
from worker.together.rules import FEWEST, GatheringState
from worker.ui.buttons import menu
from worker.ui.deadlines import Deadlines, deadline_lines
from worker.ui.party import A_ROW
from worker.ui.phrases import called, priced_line, visit_line, when, where
from worker.ui.view import Button, Keyboard, View, rows_of


@dataclass(frozen=True, slots=True)
class InvitedTo:
    """What somebody would join, as it is offered now."""

    service: ServiceSummary
    """As its specialist does it."""
    currency: str
    terms: int


def how_many(
    texts: Translator, asked: AskGathering, offered: InvitedTo, choices: Sequence[int], kept_for: timedelta
) -> View:
    """Ask how many come, and say before anything is kept what will come of it."""
    minutes = int(kept_for.total_seconds()) // 60
    lines = [
        texts.html("👥 <b>How many come, with you?</b>"),
        texts.html(
            "You get a link for your friends. The places are kept for up to {minutes} minutes, and everybody "
            "books their own.",
            minutes=minutes,
        ),
        texts.html(
            "When the last has joined, all are booked at once; you can also book for those who have joined. "
            "If neither happens in time, nobody is booked."
        ),
    ]
    what = asked.model_dump(exclude={"kind"})
    starts = [
        Button(str(count), StartGathering(**what, places=count, terms=offered.terms)) for count in choices
    ]
    back = Button(texts.text("« Back"), ShowSummary(**what))
    return View(Html("\n".join(lines)), [*rows_of(starts, A_ROW), [back, menu(texts)]])


def for_organizer(texts: Translator, gathering: GatheringData, address: str = "") -> View:
    """The card of who began it: who has joined, the link to pass on, and what they can do."""
    lines = [
        texts.html("👥 <b>Booking together</b>"),
        *_what(texts, gathering),
        _progress(texts, gathering, names=True),
        texts.html(
            "⏳ The places are kept until {time}. All who have joined are booked at once: when the last has "
            "joined, or when you book for them. If neither happens by then, nobody is booked.",
            time=_deadline(texts, gathering),
        ),
    ]
    if address:
        lines.append(texts.html("The link for your friends: {address}", address=address))
    rows: Keyboard = [[_share(texts, gathering, address)]] if address else []
    joined = len(gathering.joined)
    if joined >= FEWEST:
        label = texts.plural(
            "Book for the {number} who has joined", "Book for the {number} who have joined", joined
        )
        book = BookGathering(gathering_id=gathering.id, joined=joined)
        rows.append([Button(label, book, style="success")])
    off = CallOffGathering(gathering_id=gathering.id)
    rows.append([Button(texts.text("Call it off"), off, style="danger"), menu(texts)])
    return View(Html("\n".join(lines)), rows)


def _share(texts: Translator, gathering: GatheringData, address: str) -> Button:
    words = texts.text("{service}: join and we are booked together.", service=gathering.service)
    url = f"https://t.me/share/url?url={quote(address, safe='')}&text={quote(words, safe='')}"
    return Button(texts.text("Send it to friends"), url=url)


def for_joined(texts: Translator, gathering: GatheringData) -> View:
    """The card of who has joined."""
    lines = [
        texts.html("👥 <b>You come along with {name}</b>", name=_host(texts, gathering)),
        *_what(texts, gathering),
        _progress(texts, gathering),
        _rule(texts, gathering),
    ]
    leave = Button(texts.text("Leave"), LeaveGathering(gathering_id=gathering.id), style="danger")
    return View(Html("\n".join(lines)), [[leave, menu(texts)]])


def invitation(
    texts: Translator, gathering: GatheringData, asked: ShowGathering, offered: InvitedTo, now: datetime
) -> View:
    """What a friend reads before they join: who invites to what, at what price, and the rule."""
    zone, service = ZoneInfo(gathering.timezone), offered.service
    deadlines = Deadlines.before(gathering.start, service.move_until, service.cancel_until)
    line = visit_line(texts, gathering.service, gathering.specialist)
    lines = [
        texts.html("👥 <b>{name} invites you to come along</b>", name=_host(texts, gathering)),
        priced_line(texts, line, service.price, offered.currency),
        *_when(texts, gathering),
        *deadline_lines(texts, deadlines, now, zone),
        _progress(texts, gathering),
        _rule(texts, gathering),
        texts.html("{name} sees your name.", name=_host(texts, gathering)),
    ]
    join = JoinGathering(number=asked.number, code=asked.code, terms=offered.terms)
    return View(Html("\n".join(lines)), [[Button(texts.text("Join"), join, style="success")], [menu(texts)]])


def full(texts: Translator, gathering: GatheringData) -> View:
    """That the others are booked without whoever comes now."""
    lines = [
        texts.html("👥 <b>All places are taken, and the others are booked.</b>"),
        *_what(texts, gathering),
        texts.html("You can still book by yourself, where a place is left."),
    ]
    zone = ZoneInfo(gathering.timezone)
    rows = next_rows(texts, gathering.service_id, gathering.specialist_id, [], zone)
    return View(Html("\n".join(lines)), [*rows, [menu(texts)]])


def ended(texts: Translator, gathering: GatheringData) -> View:
    """What came of it, in the message that showed how far it had come."""
    lines = [_said(texts, gathering)]
    if gathering.state is not GatheringState.BOOKED:
        lines += _what(texts, gathering)
    own = Button(texts.text("My bookings"), ShowBookings())
    return View(Html("\n".join(lines)), [[own, menu(texts)]])


def told_of_end(texts: Translator, gathering: GatheringData, free: Sequence[datetime]) -> View:
    """The word that nobody is booked, with the next free times."""
    zone = ZoneInfo(gathering.timezone)
    lines = [_said(texts, gathering), *_what(texts, gathering)]
    rows = next_rows(texts, gathering.service_id, gathering.specialist_id, free, zone)
    return View(Html("\n".join(lines)), [*rows, [menu(texts)]])


def left(texts: Translator) -> View:
    """That somebody is not with the others any more."""
    text = texts.html("You have left. Nothing is booked for you; the link lets you join again.")
    return View(text, [[menu(texts)]])


def unknown(texts: Translator) -> View:
    """That a link leads to nothing that is known."""
    return View(texts.html("This invitation is over. Ask your friend for a new one."), [[menu(texts)]])


def fewer(texts: Translator) -> str:
    """Say that not as many places are free as were wanted."""
    return texts.text("Not as many places are free any more. Please choose again.")


def others_now(texts: Translator) -> str:
    """Say that others have joined or left since."""
    return texts.text("Somebody has joined or left meanwhile. Please look again.")


def _what(texts: Translator, gathering: GatheringData) -> list[Html]:
    return [visit_line(texts, gathering.service, gathering.specialist), *_when(texts, gathering)]


def _when(texts: Translator, gathering: GatheringData) -> list[Html]:
    zone, place = ZoneInfo(gathering.timezone), gathering.where
    return [*when(texts, gathering.start, gathering.until, zone), *where(texts, place)]


def _progress(texts: Translator, gathering: GatheringData, *, names: bool = False) -> Html:
    count, joined = len(gathering.places), len(gathering.joined)
    if not names:
        return texts.html("{joined} of {count} joined.", joined=joined, count=count)
    people = ", ".join(called(texts, each.customer) for each in gathering.joined)
    return texts.html("{joined} of {count} joined: {people}", joined=joined, count=count, people=people)


def _rule(texts: Translator, gathering: GatheringData) -> Html:
    """Say what comes of it: everybody who is invited reads the same, before they join and afterwards."""
    return texts.html(
        "⏳ The places are kept until {time}. All who have joined are booked at once: when the last has "
        "joined, or when {name} waits for nobody else. If neither happens by then, nobody is booked.",
        time=_deadline(texts, gathering),
        name=_host(texts, gathering),
    )


def _deadline(texts: Translator, gathering: GatheringData) -> str:
    return texts.time(gathering.deadline.astimezone(ZoneInfo(gathering.timezone)))


def _host(texts: Translator, gathering: GatheringData) -> str:
    return called(texts, gathering.organizer)


def _said(texts: Translator, gathering: GatheringData) -> Html:
    match gathering.state:
        case GatheringState.BOOKED:
            return texts.html("✅ <b>You are booked together.</b> Your visit is under “My bookings”.")
        case GatheringState.CALLED_OFF:
            return texts.html(
                "❌ <b>{name} has called it off: nobody is booked.</b>", name=_host(texts, gathering)
            )
        case GatheringState.LAPSED | GatheringState.OPEN:
            return texts.html("⌛ <b>Not all had joined in time: nobody is booked.</b>")
        case GatheringState.IMPOSSIBLE:
            return texts.html("❌ <b>The time cannot be booked any more: nobody is booked.</b>")
        case _:
            assert_never(gathering.state)

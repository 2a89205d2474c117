"""What happened to a visit, in words: who did what, when, and through what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any, Final
from zoneinfo import ZoneInfo

from shared.contracts.staff import ShowStaffCard
from shared.i18n.marking import Marked, text_noop
from shared.i18n.translator import Html, Translator
from worker.scheduling.refusals import rule_name
from worker.ui.buttons import menu
from worker.ui.phrases import called, item, shortened
from worker.ui.view import Button, View
from worker.visits.repository import UNREACHABLE, Visit

REASON_WIDTH: Final = 64
"""UTF-16 units of a word why in a line; the notice had the whole of it."""
KINDS: Final[Mapping[str, Marked]] = {
    "booked": text_noop("booked"),
    "moved": text_noop("moved"),
    "resized": text_noop("changed the number of places"),
    "companions": text_noop("said who comes along"),
    "explained": text_noop("said why"),
    "corrected": text_noop("brought up to date"),
    "attending": text_noop("will be there"),
    "rated": text_noop("said how it was"),
    "late": text_noop("said that they will be late"),
    "arrived": text_noop("marked as arrived"),
    "done": text_noop("marked as done"),
    "no_show": text_noop("marked as a no-show"),
    "unmarked": text_noop("took the mark back"),
    "staff_noted": text_noop("changed the staff's note"),
    "phoned": text_noop("wrote down the phone number"),
    "reasoned": text_noop("gave a reason for the block"),
    "noted": text_noop("changed the note"),
    "paid": text_noop("paid the deposit"),
    "returned": text_noop("returned the deposit"),
    UNREACHABLE: text_noop("the customer could not be told"),
    "blocked": text_noop("blocked the customer"),
    "asked": text_noop("asked for it"),
    "proposed": text_noop("proposed another time"),
    "unpaid": text_noop("lapsed without its deposit"),
    "accepted": text_noop("accepted it"),
    "declined": text_noop("declined it"),
    "lapsed": text_noop("lapsed without an answer"),
    "offered": text_noop("offered the customer a time that had come free"),
    "rebooking": text_noop("offered the customer other times: nobody is there"),
    "rebooking_undone": text_noop("took the offer of other times back"),
    "unblocked": text_noop("unblocked the customer"),
    "linked": text_noop("sent the customer's link to Telegram"),
    "tied": text_noop("opened their link, and is in Telegram now"),
}
"""What was done, by the kind of the event."""


@dataclass(frozen=True, slots=True)
class VisitEvent:
    """Something that happened to a visit."""

    booking_id: int
    customer_id: int
    """Whose visit it is."""
    kind: str
    at: datetime
    actor_id: int | None
    """Who did it; None where nobody did, or whoever it was is forgotten."""
    actor: str
    """Their name as it shows; empty where none does."""
    source: str
    data: Mapping[str, Any]
    """What there is to know of it; nothing once its customer is forgotten."""


def history(texts: Translator, visit: Visit, events: Sequence[VisitEvent]) -> View:
    """Everything that happened to a visit, the oldest first."""
    lines = [texts.html("<b>History of visit № {number}</b>", number=visit.id), Html()]
    lines += [item(event_line(texts, each, ZoneInfo(visit.timezone))) for each in events]
    if not events:
        lines.append(texts.html("Nothing is noted of it any more."))
    back = Button(texts.text("« Back"), ShowStaffCard(booking_id=visit.id))
    return View(Html("\n".join(lines)), [[back, menu(texts)]])


def event_line(texts: Translator, event: VisitEvent, zone: ZoneInfo) -> Html:
    """Say when who did what."""
    return texts.html(
        "{moment}, {who}: {what}",
        moment=_moment(texts, event.at, zone),
        who=Html(f"<b>{escape(event_actor(texts, event))}</b>"),
        what=event_words(texts, event, zone),
    )


def event_actor(texts: Translator, event: VisitEvent) -> str:
    """Name who did it, and how: whoever acts does so in the chat; else the bot itself notes something."""
    if event.source == "file":
        return texts.text("the business file")
    if event.source != "chat":
        return texts.text("by itself")
    if event.actor_id is None:
        return texts.text("somebody in the chat")
    name = called(texts, event.actor)
    if event.actor_id == event.customer_id:
        return texts.text("{name}, customer, in the chat", name=name)
    return texts.text("{name}, staff, in the chat", name=name)


def event_words(texts: Translator, event: VisitEvent, zone: ZoneInfo) -> str:
    """Say what was done."""
    if event.kind in {"moved", "offered"} and "to" in event.data:
        return _with_times(texts, event, zone)
    if event.kind == "explained" and "reason" in event.data:
        return texts.text("said why: {words}", words=shortened(event.data["reason"], REASON_WIDTH))
    if event.kind == "overridden":
        names = ", ".join(rule_name(texts, each) for each in event.data.get("rules", ()))
        return texts.text("booked it outside of the rules: {rules}", rules=names)
    if event.kind == "resized" and {"was", "to"} <= event.data.keys():
        return texts.text("changed the places from {was} to {to}", **event.data)
    if event.kind == "cancelled":
        return _ended(texts, event)
    return texts.marked(KINDS[event.kind]) if event.kind in KINDS else event.kind


def _with_times(texts: Translator, event: VisitEvent, zone: ZoneInfo) -> str:
    to = _moment(texts, datetime.fromisoformat(event.data["to"]), zone)
    if event.kind == "offered":
        return texts.text("offered the customer {moment}, which had come free", moment=to)
    was = _moment(texts, datetime.fromisoformat(event.data["was"]), zone)
    return texts.text("moved from {was} to {to}", was=was, to=to)


def _ended(texts: Translator, event: VisitEvent) -> str:
    if event.data.get("by") == "unconfirmed":
        return texts.text("freed: the customer had not said that they would be there")
    return texts.text("cancelled")


def _moment(texts: Translator, at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return texts.text("{day}, {time}", day=texts.short_day(local.date()), time=texts.time(local))

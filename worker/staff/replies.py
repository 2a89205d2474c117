"""What happened to a visit, in words: who did what, when, and through what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any, Final
from zoneinfo import ZoneInfo

from shared.contracts.staff import ShowStaffCard
from shared.i18n.translator import Html, Translator
from worker.scheduling.refusals import rule_name
from worker.ui.buttons import menu
from worker.ui.phrases import called, shortened
from worker.ui.view import Button, View
from worker.visits.repository import UNREACHABLE, Visit

REASON_WIDTH: Final = 64
"""UTF-16 units of a word why in a line; the notice had the whole of it."""


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
    lines += [event_line(texts, each, ZoneInfo(visit.timezone)) for each in events]
    if not events:
        lines.append(texts.html("Nothing is noted of it any more."))
    back = Button(texts.text("« Back"), ShowStaffCard(booking_id=visit.id))
    return View(Html("\n".join(lines)), [[back, menu(texts)]])


def event_line(texts: Translator, event: VisitEvent, zone: ZoneInfo) -> Html:
    """Say when who did what."""
    return texts.html(
        "{moment}, {who}: {what}",
        moment=_moment(texts, event.at, zone),
        who=Html(f"<b>{escape(_who(texts, event))}</b>"),
        what=_what(texts, event, zone),
    )


def _who(texts: Translator, event: VisitEvent) -> str:
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


def _what(texts: Translator, event: VisitEvent, zone: ZoneInfo) -> str:
    if event.kind == "moved" and {"was", "to"} <= event.data.keys():
        was, to = (datetime.fromisoformat(event.data[name]) for name in ("was", "to"))
        return texts.text(
            "moved from {was} to {to}", was=_moment(texts, was, zone), to=_moment(texts, to, zone)
        )
    if event.kind == "explained" and "reason" in event.data:
        return texts.text("said why: {words}", words=shortened(event.data["reason"], REASON_WIDTH))
    if event.kind == "overridden":
        names = ", ".join(rule_name(texts, each) for each in event.data.get("rules", ()))
        return texts.text("booked it outside of the rules: {rules}", rules=names)
    if event.kind == "cancelled":
        return _ended(texts, event)
    return _in_a_word(texts, event.kind)


def _in_a_word(texts: Translator, kind: str) -> str:
    words = {
        "booked": texts.text("booked"),
        "moved": texts.text("moved"),
        "explained": texts.text("said why"),
        "corrected": texts.text("brought up to date"),
        "attending": texts.text("will be there"),
        "rated": texts.text("said how it was"),
        "late": texts.text("said that they will be late"),
        "arrived": texts.text("marked as arrived"),
        "done": texts.text("marked as done"),
        "no_show": texts.text("marked as a no-show"),
        "unmarked": texts.text("took the mark back"),
        "staff_noted": texts.text("changed the staff's note"),
        "phoned": texts.text("wrote down the phone number"),
        "reasoned": texts.text("gave a reason for the block"),
        "noted": texts.text("changed the note"),
        "paid": texts.text("paid the deposit"),
        "returned": texts.text("returned the deposit"),
        UNREACHABLE: texts.text("the customer could not be told"),
    }
    return {**words, **_of_customers(texts)}.get(kind, kind)


def _of_customers(texts: Translator) -> dict[str, str]:
    """Say what was done about whose visit it is."""
    return {
        "blocked": texts.text("blocked the customer"),
        "asked": texts.text("asked for it"),
        "proposed": texts.text("proposed another time"),
        "unpaid": texts.text("lapsed without its deposit"),
        "accepted": texts.text("accepted it"),
        "declined": texts.text("declined it"),
        "lapsed": texts.text("lapsed without an answer"),
        "unblocked": texts.text("unblocked the customer"),
        "linked": texts.text("sent the customer's link to Telegram"),
        "tied": texts.text("opened their link, and is in Telegram now"),
    }


def _ended(texts: Translator, event: VisitEvent) -> str:
    if event.data.get("by") == "unconfirmed":
        return texts.text("freed: the customer had not said that they would be there")
    return texts.text("cancelled")


def _moment(texts: Translator, at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return texts.text("{day}, {time}", day=texts.short_day(local.date()), time=texts.time(local))

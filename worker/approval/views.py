"""What is asked and said where a visit waits for an answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from shared.contracts.approval import LONGEST_DECLINE, Decline
from shared.contracts.staff import ShowStaffCard
from shared.i18n.translator import Html, Translator
from worker.approval.repository import ASKED_ANEW, PROPOSED, GivenAnswer
from worker.approval.rules import Closed
from worker.choosing.next_free import next_rows
from worker.db.models.booking import Awaited
from worker.ui.buttons import menu
from worker.ui.phrases import called, visit_line, when
from worker.ui.view import Button, View
from worker.visits.repository import Visit


def word_question(texts: Translator, visit: Visit) -> View:
    """The question what the customer reads; the answer declines the request."""
    about = {"booking_id": visit.id, "version": visit.version}
    lines = [
        texts.html("<b>What do you want to tell {customer}?</b>", customer=called(texts, visit.customer)),
        texts.html(
            "Your answer declines the request, and the customer reads it. Up to {count} characters.",
            count=LONGEST_DECLINE,
        ),
    ]
    without = Button(texts.text("Decline without a word"), Decline(**about), style="danger")
    back = Button(texts.text("« Back"), ShowStaffCard(booking_id=visit.id))
    return View(Html("\n".join(lines)), [[without], [back]], asks=True)


def accepted(texts: Translator, visit: Visit) -> str:
    """Tell staff what comes of having accepted."""
    if visit.awaits is Awaited.PAYMENT:
        return texts.text("Accepted. The customer pays the deposit first.")
    return texts.text("Accepted.")


def agreed(texts: Translator, visit: Visit) -> str:
    """Tell a customer what comes of having accepted."""
    return texts.text("Pay the deposit to book it.") if visit.awaits else texts.text("Booked!")


def declined(texts: Translator, visit: Visit) -> str:
    """Say that a request is declined, and who has to be told by phone."""
    if visit.is_by_phone:
        return texts.text("Declined. The customer has no Telegram: call them.")
    return texts.text("Declined.")


def closed(texts: Translator, found: Closed, answer: GivenAnswer | None) -> str:
    """Say why a request cannot be answered, and who was faster."""
    match found:
        case Closed.LAPSED:
            return texts.text("Too late: nobody answered in time, and the request has lapsed.")
        case Closed.CHANGED:
            return _changed(texts, answer)
        case Closed.ANSWERED:
            return _answered(texts, answer)
        case _:
            assert_never(found)


def _changed(texts: Translator, answer: GivenAnswer | None) -> str:
    if answer is not None and answer.kind == ASKED_ANEW:
        return texts.text("The customer asks for another time now. Here it is.")
    if answer is not None and answer.kind == PROPOSED and answer.by:
        return texts.text("{name} has proposed another time already.", name=answer.by)
    if answer is not None and answer.kind == "accepted":
        return _answered(texts, answer)
    return texts.text("This visit has changed since. Here is how it stands now.")


def _answered(texts: Translator, answer: GivenAnswer | None) -> str:
    kind, name = ("", "") if answer is None else (answer.kind, answer.by)
    if kind == "lapsed":
        return texts.text("Too late: nobody answered in time, and the request has lapsed.")
    if kind == "cancelled":
        return texts.text("This visit is cancelled already.")
    if kind == "accepted" and name:
        return texts.text("{name} has accepted it already.", name=name)
    if kind == "declined" and name:
        return texts.text("{name} has declined it already.", name=name)
    return texts.text("This is answered already.")


def answer(texts: Translator, visit: Visit, word: str | None, free: Sequence[datetime], *, own: bool) -> View:
    """That a request was declined, with its word, or that nobody answered; and which times are free.

    `own` says whether it was the customer who had to.
    """
    zone = ZoneInfo(visit.timezone)
    declining = texts.html("❌ <b>{business} cannot take your visit.</b>", business=visit.business)
    lapsing = texts.html("⌛ <b>Nobody answered in time: you have no visit.</b>")
    if own:
        lapsing = texts.html("⌛ <b>You did not answer in time: you have no visit.</b>")
    lines = [lapsing if word is None else declining]
    lines.append(visit_line(texts, visit.service, visit.specialist))
    lines += when(texts, visit.start, visit.end, zone)
    lines += [texts.html("💬 {words}", words=word)] if word else []
    others = next_rows(texts, visit.service_id, visit.specialist_id, free, zone)
    return View(Html("\n".join(lines)), [*others, [menu(texts)]])

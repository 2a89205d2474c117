"""What people call the fields of the business file."""

from collections.abc import Mapping
from typing import Final

from shared.i18n.marking import Marked, text_noop
from shared.i18n.translator import Translator

PEOPLE: Final = frozenset({"specialist", "specialists"})
"""What has the name of a person, as a section of the file and as an entry."""
FIELDS: Final[Mapping[str, Marked]] = {
    "name": text_noop("Name"),
    "timezone": text_noop("Clock"),
    "currency": text_noop("Currency"),
    "language": text_noop("Language"),
    "contact": text_noop("Phone for late changes"),
    "late_text": text_noop("Text for late cancelling"),
    "welcome": text_noop("Welcome"),
    "reminder": text_noop("Reminder"),
    "after_visit": text_noop("After a visit"),
    "reminder_texts": text_noop("Text of the reminder"),
    "words": text_noop("Text"),
    "paused": text_noop("Bookings are paused"),
    "paused_until": text_noop("Paused until"),
    "pause_text": text_noop("Text while paused"),
    "address": text_noop("Address"),
    "latitude": text_noop("Point on the map"),
    "longitude": text_noop("Point on the map"),
    "count": text_noop("How many"),
    "location": text_noop("Place"),
    "resources": text_noop("Resources"),
    "category": text_noop("Category"),
    "duration": text_noop("Duration"),
    "price": text_noop("Price"),
    "deposit": text_noop("Deposit"),
    "deposit_for": text_noop("Who pays the deposit"),
    "keep_deposit": text_noop("Deposit is kept"),
    "buffer_before": text_noop("Free time before"),
    "buffer_after": text_noop("Free time after"),
    "step": text_noop("Between two starts"),
    "min_notice": text_noop("Booked no later than"),
    "horizon": text_noop("Booked no earlier than"),
    "cancel_until": text_noop("Cancelled no later than"),
    "move_until": text_noop("Moved no later than"),
    "max_moves": text_noop("Moved at most so often"),
    "max_series": text_noop("Visits of one series"),
    "capacity": text_noop("Places in one visit"),
    "max_places": text_noop("Places in one booking"),
    "hold": text_noop("Kept while somebody confirms"),
    "approval": text_noop("Waits for approval"),
    "approval_within": text_noop("Answered within"),
    "approval_regulars": text_noop("Regulars at once"),
    "reminders": text_noop("Reminders"),
    "confirm_until": text_noop("Freed if not confirmed"),
    "questions": text_noop("Questions"),
    "ask": text_noop("Question"),
    "type": text_noop("Answered with"),
    "choices": text_noop("Choices"),
    "several": text_noop("Several choices"),
    "required": text_noop("Has to be answered"),
    "pattern": text_noop("Pattern"),
    "hint": text_noop("Hint"),
    "first_visit": text_noop("For a first visit only"),
    "again_after": text_noop("To come again after"),
    "ratings": text_noop("Who reads ratings"),
    "earlier": text_noop("Earlier times on request"),
    "swaps": text_noop("Swaps between customers"),
    "choose_within": text_noop("Staff choose who is offered"),
    "telegram_id": text_noop("Telegram id"),
    "services": text_noop("Services"),
    "locations": text_noop("Places"),
    "hours": text_noop("Hours"),
    "minutes": text_noop("Hours"),
    "periods": text_noop("Seasons and other weeks"),
    "validity": text_noop("When"),
    "weekdays": text_noop("Weekdays"),
    "exceptions": text_noop("Single dates"),
    "max_per_day": text_noop("Visits a day"),
    "max_per_week": text_noop("Visits a week"),
    "owner": text_noop("Owners"),
    "admin": text_noop("Admins"),
    "max_upcoming": text_noop("Visits ahead of a customer"),
    "max_requests": text_noop("Open requests of a customer"),
    "max_cancelled": text_noop("Cancelled in 24 hours"),
}
"""By field, or part of a member, what people call it."""
MEANINGS: Final[Mapping[str, Marked]] = {
    "contact": text_noop("Whom customers call where it is too late to do it here."),
    "late_text": text_noop("What customers read once it is too late to cancel, as what is due then."),
    "welcome": text_noop(
        "What /start says above the menu. Customers whose language has no text here read the one in the "
        "language of the business, else ours."
    ),
    "reminder": text_noop(
        "It stands above the time, the place and the buttons, in place of our title. Customers whose "
        "language has no text here read the one in the language of the business, else ours."
    ),
    "after_visit": text_noop("It stands above the stars with which customers say how a visit was."),
    "reminder_texts": text_noop(
        "What the reminders of this service begin with, in place of the text for all reminders."
    ),
    "words": text_noop("Write it as customers are to read it, in as many lines as you like."),
    "paused": text_noop("While they are, customers can book and move nothing."),
    "paused_until": text_noop("From that day on they can again; without it, once somebody resumes."),
    "pause_text": text_noop("What customers read meanwhile; without one, the usual text."),
    "location": text_noop("Where they are; without one, wherever they are needed."),
    "resources": text_noop("What a visit needs beside the specialist: one of each."),
    "category": text_noop("Heads the services of a kind."),
    "deposit": text_noop("What customers pay through Telegram when they book; it counts towards the price."),
    "deposit_for": text_noop("Everybody, or only who has not been here before."),
    "keep_deposit": text_noop(
        "Whether it stays with you when a customer cancels in time; when you cancel it always goes back."
    ),
    "buffer_before": text_noop("The specialist's own time before the visit."),
    "buffer_after": text_noop("The specialist's own time after the visit."),
    "step": text_noop("How far apart two starts are, counted from opening."),
    "min_notice": text_noop("How long before the start it can still be booked."),
    "horizon": text_noop("How far ahead it can be booked."),
    "cancel_until": text_noop("How long before the start customers may still cancel."),
    "move_until": text_noop(
        "How long before the start customers may still move; usually as with cancelling."
    ),
    "approval": text_noop("What customers ask for waits until the specialist agrees."),
    "approval_within": text_noop("How long a request waits for its answer before it lapses."),
    "approval_regulars": text_noop("Who has been here before is accepted at once."),
    "max_requests": text_noop("So many requests of a customer may wait for an answer at a time."),
    "max_places": text_noop("So many places of a group a customer may book at once, for others too."),
    "hold": text_noop("For how long a time is kept for who is about to confirm it; others see it as taken."),
    "max_moves": text_noop("So often customers may move a visit; staff may move it more often."),
    "max_series": text_noop(
        "So many visits of one series a customer may have ahead, and they count as one visit; usually each "
        "of them counts."
    ),
    "reminders": text_noop("How long before the start customers are reminded."),
    "again_after": text_noop(
        "After so long customers are offered times to come again; usually they are not."
    ),
    "earlier": text_noop(
        "Whether customers may ask to come earlier than they have booked; who has asked stays in line."
    ),
    "swaps": text_noop(
        "Whether a customer may ask another one, without names, to swap the times of their visits."
    ),
    "choose_within": text_noop(
        "How long the staff may choose to whom a time is offered that frees up. Without it, and where nobody "
        "chooses, it goes to the first in line."
    ),
    "ratings": text_noop("A day after a visit its customer is asked how it was."),
    "confirm_until": text_noop(
        "How long before the start a visit is freed whose customer was reminded and has not said that they "
        "will be there; usually none is."
    ),
    "questions": text_noop("What customers are asked before they confirm, in this order."),
    "choices": text_noop("The answers to choose from; without any, customers write what they like."),
    "pattern": text_noop("A regular expression that the whole answer has to fit, as [0-9]+."),
    "hint": text_noop("What is said beneath the question, and where an answer does not fit."),
    "first_visit": text_noop("Then only who has no other visit here is asked."),
    "telegram_id": text_noop("Whose agenda this is, by the number that Telegram knows the person by."),
    "exceptions": text_noop("Hours of single dates in place of the weekday's."),
    "periods": text_noop(
        "Hours of a season, of some weeks or of a weekday of each month, in place of the usual week's. Where "
        "several name a date, the first of them holds; single dates go before all."
    ),
    "validity": text_noop(
        "The dates on which the hours hold; what is written with ; between holds where all of it does."
    ),
    "locations": text_noop("Where the specialist works; none is the first of the places."),
    "max_per_day": text_noop("So many visits the specialist takes a day; a group is one."),
    "max_per_week": text_noop("So many visits the specialist takes from Monday to Sunday; a group is one."),
    "max_upcoming": text_noop("So many visits ahead a customer may have; staff may book more for them."),
    "max_cancelled": text_noop(
        "After so many cancelled or not paid for in 24 hours, a customer has to call to book another."
    ),
}
"""By field, what it means where its name does not say it."""
HINTS: Final[Mapping[str, Marked]] = {
    "text": text_noop("Write it in one line."),
    "duration": text_noop("Choose, or write it as 50, 1h15m or 2d."),
    "durations": text_noop("Choose, or write them as 1d, 2h; - for none."),
    "number": text_noop("Choose, or write a number."),
    "person": text_noop("Write the number that Telegram knows the person by, as 123456789."),
    "degrees": text_noop("Write both degrees, north first: 52.52, 13.405."),
    "switch": text_noop("Choose."),
    "price": text_noop("Choose, or write an amount of {currency}, as 35, from 30 or 15-25."),
    "deposit": text_noop("Choose, or write an amount of {currency}, as 10, or a share of the price, as 20%."),
    "choice": text_noop("Choose."),
    "currency": text_noop("Choose, or write a code such as EUR."),
    "zone": text_noop("Write a large city whose clock is the same."),
    "language": text_noop("Choose."),
    "date": text_noop("Write a date as 2026-12-24."),
    "times": text_noop("Choose, or write it as 09:00-13:00, 14:00-18:00."),
    "week": text_noop("Choose, or write it as Mo-Fr 09:00-18:00; Sa 10-14."),
    "weekdays": text_noop("Choose, or write days as mon-fri or mon,wed."),
    "validity": text_noop(
        "Choose, or write it as 11-01 to 03-31, 2026-12-01 to 2027-02-28, every 3 weeks from 2026-11-30 or "
        "second tue."
    ),
    "question_type": text_noop("Choose."),
    "words": text_noop("What stands in braces is filled in for each customer:"),
    "choices": text_noop("Write each in a line of its own, or commas between them; - for none."),
}
"""By the kind of a value, how to say it."""
QUESTION_TYPES: Final[Mapping[str, Marked]] = {
    "text": text_noop("a text"),
    "phone": text_noop("a phone number"),
    "photo": text_noop("a photo"),
}
"""By what answers a question, what people call it."""


def field_name(texts: Translator, name: str, of: str = "") -> str:
    """Return what people call a field of a section or an entry; one without a name as the file does."""
    if name == "name" and of in PEOPLE:
        return texts.text_in("person", "Name")
    return texts.marked(FIELDS[name]) if name in FIELDS else name

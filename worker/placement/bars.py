"""Answers to a wish that the customer's own visits, or their standing, stand in the way of."""

from html import escape
from typing import Final, assert_never

from shared.contracts.base import Audience
from shared.contracts.booking import ShowSummary
from shared.contracts.own_visits import ShowBookings
from shared.i18n.translator import Html, Translator
from worker.db.models.booking import KeptFor
from worker.placement.rules import Bar, Barred
from worker.runtime.context import RequestContext
from worker.ui.buttons import menu
from worker.ui.phrases import pause_words
from worker.ui.reply import Reply
from worker.ui.view import Button, View
from worker.visits.replies import card_reply
from worker.visits.repository import Visit

REFUSED: Final = "refused"


def is_limited(context: RequestContext) -> bool:
    """Tell whether the limits of customers hold for whoever asks: the people who work here have none."""
    return context.audience is Audience.EVERYONE


def not_now(context: RequestContext) -> Reply | None:
    """Answer customers who may not book and move here at the moment; None for all others."""
    if not is_limited(context):
        return None
    if context.user.blocked:
        return please_call(context)
    return None if context.pause is None else paused(context)


def paused(context: RequestContext) -> Reply:
    """Answer customers while the business has paused; what they have booked stands, and can be cancelled."""
    words = pause_words(context.texts, context.business.pause)
    return _about_ones_own(context, words)


def please_call(context: RequestContext) -> Reply:
    """Answer whoever the staff has it that they call; what they have booked they can still see and cancel."""
    words = context.texts.text("Please call us: you cannot book or move visits here at the moment.")
    return _about_ones_own(context, words)


def answer(context: RequestContext, asked: ShowSummary, found: Barred) -> Reply:
    """Say what stands in the way, and show it; of an overlap the summary says more."""
    texts = context.texts
    if found.bar in {Bar.SAME, Bar.OVERLAP} and found.visits[0].kept_for is KeptFor.GATHERING:
        return _has_joined(context)
    match found.bar:
        case Bar.BLOCKED:
            return please_call(context)
        case Bar.PAUSED:
            return paused(context)
        case Bar.SAME:
            return _has_it(context, asked, found.visits[0])
        case Bar.UPCOMING | Bar.REQUESTS | Bar.CANCELLED | Bar.MOVED:
            return _about_ones_own(context, _too_many(texts, found))
        case Bar.OVERLAP:
            return card_reply(context, found.visits[0])
        case _:
            assert_never(found.bar)


def _has_it(context: RequestContext, asked: ShowSummary, own: Visit) -> Reply:
    """Answer a wish for what the customer has at that time already: the same visit, or with someone else."""
    texts = context.texts
    if asked.specialist_id not in {None, own.specialist_id}:
        words = texts.text(
            "You have this at that time already, with {specialist}. To go to someone else, cancel it first.",
            specialist=own.specialist,
        )
        return card_reply(context, own, toast=words, alert=True, outcome="conflict")
    if asked.moving is None:
        return card_reply(context, own, toast=texts.text("Booked already."))
    twice = texts.text("You have this visit at that time already.")
    return card_reply(context, own, toast=twice, alert=True, outcome="conflict")


def _has_joined(context: RequestContext) -> Reply:
    words = context.texts.text(
        "You have joined a booking together at that time. Leave it first, or wait for what comes of it."
    )
    return Reply(toast=words, alert=True, outcome="conflict")


def _too_many(texts: Translator, found: Barred) -> str:
    match found.bar:
        case Bar.REQUESTS:
            return texts.plural(
                "{number} request of yours waits for an answer. Please wait for it before you ask for more.",
                "{number} requests of yours wait for an answer. Please wait for one before you ask for more.",
                found.count,
            )
        case Bar.MOVED:
            return texts.plural(
                "You have moved visits {number} time within a day. Please call us to move one again.",
                "You have moved visits {number} times within a day. Please call us to move one again.",
                found.count,
            )
        case Bar.CANCELLED:
            return texts.plural(
                "Within a day you have cancelled {number} visit, or not paid for it. Please call us to book.",
                "Within a day you have cancelled {number} visits, or not paid for them. Please call us to "
                "book.",
                found.count,
            )
        case _:
            return texts.plural(
                "You have {number} visit ahead, and no more can be booked here at a time.",
                "You have {number} visits ahead, and no more can be booked here at a time.",
                found.count,
            )


def _about_ones_own(context: RequestContext, words: str) -> Reply:
    own = Button(context.texts.text("My bookings"), ShowBookings())
    view = View(Html(escape(words)), [[own], [menu(context.texts)]])
    return Reply(view, toast=words, alert=True, outcome=REFUSED)

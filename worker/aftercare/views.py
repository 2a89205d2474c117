"""What is asked and said after a visit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from shared.contracts.admin import ShowAdmin
from shared.contracts.aftercare import (
    LONGEST_WORDS,
    MOST_STARS,
    AskRatingWords,
    Rate,
    ShowRatings,
)
from shared.contracts.booking import BookAgain, ShowMonth, ShowSoonest
from shared.contracts.preferences import SetAfterVisits
from shared.contracts.staff import ShowStaffCard
from shared.i18n.translator import Html, Translator
from worker.aftercare.repository import Average, Rating
from worker.own_texts.views import Spoken, above
from worker.scheduling.views import Chosen, soon
from worker.ui.buttons import Page, menu, pager, question_buttons
from worker.ui.phrases import called, shortened, visit_line
from worker.ui.view import Button, View
from worker.visits.repository import Visit

STARS: Final = range(1, MOST_STARS + 1)
RATINGS_A_PAGE: Final = 8
WORDS_WIDTH: Final = 200
"""UTF-16 units of a customer's words in the list; the visit's card has them whole."""


def ratings_button(texts: Translator) -> Button:
    """Return the way to what customers say."""
    return Button(texts.text("Ratings"), ShowRatings())


def how_was_it(texts: Translator, visit: Visit, own: Html | None = None) -> View:
    """The question how a visit was; `own` is the shop's words in place of ours."""
    stars = [Button(f"{number} ⭐", Rate(booking_id=visit.id, stars=number)) for number in STARS]
    return View(after_words(texts, visit, own), [stars, [_no_more(texts)]])


def after_words(texts: Translator, visit: Spoken, own: Html | None) -> Html:
    """Ask how a visit was, in the shop's own words or ours, and say which one and who reads the answer."""
    local = visit.start.astimezone(ZoneInfo(visit.timezone))
    facts = [
        visit_line(texts, visit.services, visit.specialists),
        texts.html("{day}, {time}", day=texts.title(texts.short_day(local.date())), time=texts.time(local)),
        texts.html("{business} reads what you say; other customers do not.", business=visit.business),
    ]
    if own is not None:
        return above(own, facts)
    return Html("\n".join([texts.html("⭐ <b>How was it?</b>"), *facts]))


def thanks(texts: Translator, visit: Visit, stars: int, words: str | None) -> View:
    """What the question becomes once it is answered."""
    lines = [texts.html("<b>Thank you!</b> {stars}", stars=_stars(stars))]
    lines += [] if words is None else [texts.html("💬 {words}", words=words)]
    add = [] if words is not None else [Button(texts.text("Add a word"), AskRatingWords(booking_id=visit.id))]
    again = Button(texts.text("Book again"), BookAgain(booking_id=visit.id))
    return View(Html("\n".join(lines)), [add, [again], [menu(texts)]])


def words_question(texts: Translator, visit: Visit) -> View:
    """The question what it was like."""
    words = texts.html(
        "<b>What was it like?</b>\n{business} reads it. Up to {count} characters.",
        business=visit.business,
        count=LONGEST_WORDS,
    )
    return View(words, question_buttons(texts), asks=True)


def rated(texts: Translator, visit: Visit, rating: Rating) -> View:
    """What a customer said, for who reads it."""
    local = visit.start.astimezone(ZoneInfo(visit.timezone))
    lines = [
        texts.html("⭐ <b>A visit was rated</b>"),
        visit_line(texts, visit.services, visit.specialists),
        texts.html(
            "{day}, {time}, {customer}",
            day=texts.title(texts.short_day(local.date())),
            time=texts.time(local),
            customer=called(texts, visit.customer),
        ),
        *rating_lines(texts, rating),
    ]
    show = Button(texts.text("Show the visit"), ShowStaffCard(booking_id=visit.id))
    return View(Html("\n".join(lines)), [[show]])


def rating_lines(texts: Translator, rating: Rating | None) -> list[Html]:
    """What a customer said of a visit, where they did."""
    if rating is None:
        return []
    lines = [
        texts.html(
            "{stars} {count} of {most}", stars=_stars(rating.stars), count=rating.stars, most=MOST_STARS
        )
    ]
    return lines if rating.words is None else [*lines, texts.html("💬 {words}", words=rating.words)]


def again(
    texts: Translator, visit: Visit, chosen: Chosen, asked: ShowSoonest, starts: Sequence[datetime]
) -> View:
    """That it is time to come again, with times near it."""
    days = ShowMonth(
        service_id=asked.service_id,
        specialist_id=asked.specialist_id,
        added=asked.added,
        month=starts[0].astimezone(chosen.zone).date(),
    )
    lines = [
        texts.html("🔁 <b>Time for the next visit?</b>"),
        visit_line(texts, visit.services, visit.specialists),
        texts.html("These times are free about then. Tap one, and confirm."),
    ]
    times = [[soon(texts, chosen, asked, start)] for start in starts]
    return View(Html("\n".join(lines)), [*times, [Button(texts.text("Other days"), days)], [_no_more(texts)]])


def ratings(
    texts: Translator, averages: Sequence[Average], page: Page[Rating], asked: ShowRatings, zone: ZoneInfo
) -> View:
    """What customers say: of each specialist on the average, and the latest of it."""
    back = [Button(texts.text("« Back"), ShowAdmin()), menu(texts)]
    if not page.shown:
        return View(texts.html("<b>Ratings</b>\nNobody has said anything yet."), [back])
    lines = [texts.html("<b>Ratings</b>")]
    lines += [_average(texts, each) for each in averages]
    lines += [line for each in page.shown for line in _entry(texts, each, zone)]
    return View(Html("\n".join(lines)), [pager(page, asked), back])


def _average(texts: Translator, average: Average) -> Html:
    return texts.html(
        "{specialist}: {stars} of {most} ({count})",
        specialist=average.specialist,
        stars=f"{average.stars:.1f}",
        most=MOST_STARS,
        count=average.count,
    )


def _entry(texts: Translator, rating: Rating, zone: ZoneInfo) -> list[Html]:
    day = texts.short_day(rating.start.astimezone(zone).date())
    line = texts.html(
        "{stars} {day}, {customer}, {specialist}",
        stars=_stars(rating.stars),
        day=day,
        customer=called(texts, rating.customer),
        specialist=rating.specialist,
    )
    words = (
        [] if rating.words is None else [texts.html("💬 {words}", words=shortened(rating.words, WORDS_WIDTH))]
    )
    return [Html(), line, *words]


def _stars(number: int) -> str:
    return "★" * number + "☆" * (MOST_STARS - number)


def _no_more(texts: Translator) -> Button:
    return Button(texts.text("No such messages"), SetAfterVisits(on=False))

"""Free times in other chats: results to choose from, and the cards that are posted."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from shared.contracts.booking import ShowServices, ShowSoonest, ShowTime
from shared.i18n.translator import Html, Translator
from shared.links import payload_of
from worker.inline.replies import FoundTime
from worker.runtime.repository import BusinessProfile
from worker.ui.inline import CardButton, InlineAnswer, InlineCard, ResultsButton
from worker.ui.phrases import duration, price, price_lines, visit_line, when

GUEST_TIMES: Final = 6
"""Times on the card of a guest: more is a wall in somebody else's chat."""
GUEST: Final = "guest"


def results(texts: Translator, business: BusinessProfile, times: Sequence[FoundTime]) -> InlineAnswer:
    """The free times to choose from, the soonest first."""
    return InlineAnswer([_result(texts, business, each) for each in times])


def nothing(words: str) -> InlineAnswer:
    """That there is nothing to choose, and why, on a button that leads to what there is."""
    return InlineAnswer(button=ResultsButton(words, payload_of(ShowServices())))


def guest_times(texts: Translator, business: BusinessProfile, times: Sequence[FoundTime]) -> InlineAnswer:
    """The card of a guest: the soonest times, each a way to book it."""
    text = texts.html(
        "<b>{business}</b>\nThese times are free now. Choose one to book it in a chat with me.",
        business=business.name,
    )
    rows = [[CardButton(_line(texts, business, each), _link(business, each))] for each in times]
    others = CardButton(texts.text("Other times"), payload_of(ShowServices()))
    return InlineAnswer([InlineCard(GUEST, business.name, "", text, [*rows, [others]])])


def guest_nothing(texts: Translator, business: BusinessProfile, words: str) -> InlineAnswer:
    """The card of a guest where there is nothing to choose, and why."""
    text = texts.html("<b>{business}</b>\n{words}", business=business.name, words=words)
    others = CardButton(texts.text("Other times"), payload_of(ShowServices()))
    return InlineAnswer([InlineCard(GUEST, business.name, "", text, [[others]])])


def nothing_free(texts: Translator, first: date, last: date, today: date) -> str:
    """Say that nothing is free on some days, in one line."""
    if last < first or last < today:
        return texts.text("Those days have passed")
    if first == last:
        return texts.text("Nothing is free on {day}", day=texts.short_day(first))
    return texts.text(
        "Nothing is free from {first} to {last}",
        first=texts.short_day(first),
        last=texts.short_day(last),
    )


def _result(texts: Translator, business: BusinessProfile, time: FoundTime) -> InlineCard:
    service = time.service
    details = [time.specialist, duration(texts, service.duration)]
    if service.price is not None:
        details.append(price(texts, service.price, business.currency))
    link = _link(business, time)
    others = ShowSoonest(service_id=service.id, specialist_id=time.specialist_id)
    return InlineCard(
        key=link,
        title=f"{_day_and_time(texts, business, time)} · {service.name}",
        description=" · ".join(details),
        text=_card(texts, business, time),
        keyboard=[
            [CardButton(texts.text("Book this time"), link)],
            [CardButton(texts.text("Other times"), payload_of(others))],
        ],
    )


def _card(texts: Translator, business: BusinessProfile, time: FoundTime) -> Html:
    service, end = time.service, time.start + time.service.duration
    lines = [
        texts.html("{business} has a free time:", business=business.name),
        visit_line(texts, service.name, time.specialist),
        *when(texts, time.start, end, business.zone),
        *price_lines(texts, service.price, business.currency),
    ]
    return Html("\n".join(lines))


def _line(texts: Translator, business: BusinessProfile, time: FoundTime) -> str:
    when_ = _day_and_time(texts, business, time)
    return f"{when_} · {time.service.name}, {time.specialist}"


def _day_and_time(texts: Translator, business: BusinessProfile, time: FoundTime) -> str:
    local = time.start.astimezone(business.zone)
    day = texts.short_day(local.date())
    return texts.title(texts.text("{day}, {time}", day=day, time=texts.time(local)))


def _link(business: BusinessProfile, time: FoundTime) -> str:
    local = time.start.astimezone(business.zone)
    return payload_of(
        ShowTime(
            service_id=time.service.id,
            specialist_id=time.specialist_id,
            day=local.date(),
            clock=local.hour * 100 + local.minute,
        )
    )

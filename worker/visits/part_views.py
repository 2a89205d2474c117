"""What people read of the services that follow in a visit."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from shared.i18n.translator import Html, Translator
from worker.price import Price
from worker.ui.phrases import price, priced_line
from worker.visits.parts import VisitPart


def part_lines(texts: Translator, parts: Sequence[VisitPart], zone: ZoneInfo, currency: str) -> list[Html]:
    """Each part: when it begins, what it is and with whom, and its price."""
    return [_line(texts, each, zone, currency) for each in parts]


def _line(texts: Translator, part: VisitPart, zone: ZoneInfo, currency: str) -> Html:
    line = texts.html(
        "➕ {time} <b>{service}</b>, {specialist}",
        time=texts.time(part.start.astimezone(zone)),
        service=part.service,
        specialist=part.specialist,
    )
    return priced_line(texts, line, part.price, currency)


def total_lines(
    texts: Translator, first: Price | None, parts: Sequence[VisitPart], currency: str
) -> list[Html]:
    """Write what all of it costs together, where each part says what it costs."""
    total = Price.summed([first, *(each.price for each in parts)]) if parts else None
    return [] if total is None else [texts.html("💰 Together: {price}", price=price(texts, total, currency))]

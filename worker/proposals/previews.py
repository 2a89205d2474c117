"""Own texts that a change would bring, as customers would read them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from shared.i18n.translator import Html, Translator, Translators
from worker.aftercare.views import after_words
from worker.business.apply import PlannedChange
from worker.business.changes import EntryChange
from worker.business.document import Document, ServiceEntry
from worker.business.own_texts import TextsEntry
from worker.own_texts.rules import OwnText, OwnTextKind
from worker.own_texts.views import visit_words, welcome_words
from worker.reminders.views import reminder_words
from worker.visits.parts import VisitPart, WithParts
from worker.visits.place import Place

MOST_PREVIEWS: Final = 2
"""So many texts are shown as customers read them; of more than that only the number."""
TEN: Final = time(10)


@dataclass(frozen=True, slots=True)
class SampleVisit(WithParts):
    """A visit as somebody might have one, to show what would be said of it."""

    business: str
    service: str
    specialist: str
    start: datetime
    end: datetime
    timezone: str
    place: Place | None
    currency: str
    parts: tuple[VisitPart, ...] = ()


@dataclass(frozen=True, slots=True)
class PreviewReader:
    """Who looks at previews, and when."""

    texts: Translator
    translators: Translators
    first_name: str
    now: datetime


type NewText = tuple[OwnTextKind, str, str, ServiceEntry | None]
"""Which text is new, in which language, its words, and the service whose own it is."""


def preview_lines(by: PreviewReader, change: PlannedChange) -> list[Html]:
    """Show each own text that is new with what stands below it, as a customer would read it."""
    new = list(_new(change))
    lines: list[Html] = []
    for each in new[:MOST_PREVIEWS]:
        name = by.translators.choose(each[1]).own_name()
        title = by.texts.html("👁 As customers read it ({language}):", language=name)
        lines += [Html(), title, Html(f"<blockquote>{_preview(by, change.document, each)}</blockquote>")]
    if (more := len(new) - MOST_PREVIEWS) > 0:
        lines.append(Html(escape(by.texts.plural("and {number} more", "and {number} more", more))))
    return lines


def _new(change: PlannedChange) -> Iterator[NewText]:
    for each in change.plan.changes:
        if not isinstance(each, EntryChange) or each.after is None:
            continue
        if isinstance(each.after, TextsEntry):
            for kind in OwnTextKind:
                now, before = (getattr(entry, kind.value, {}) for entry in (each.after, each.before))
                yield from ((kind, *text, None) for text in _differing(before, now))
        if isinstance(each.after, ServiceEntry):
            before = each.before.reminder_texts if isinstance(each.before, ServiceEntry) else {}
            for text in _differing(before, each.after.reminder_texts):
                yield (OwnTextKind.REMINDER, *text, each.after)


def _differing(before: Mapping[str, str], now: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(code, words) for code, words in now.items() if before.get(code) != words]


def _preview(by: PreviewReader, document: Document, new: NewText) -> Html:
    kind, language, words, service = new
    texts, own = by.translators.choose(language), OwnText(language, words)
    if kind is OwnTextKind.WELCOME:
        return welcome_words(texts, own, document.business.name, by.first_name)
    visit = sample_visit(texts, document, service, by.now)
    said = visit_words(texts, own, visit, by.first_name)
    return (
        reminder_words(texts, visit, said)
        if kind is OwnTextKind.REMINDER
        else after_words(texts, visit, said)
    )


def sample_visit(
    texts: Translator, document: Document, of: ServiceEntry | None, now: datetime
) -> SampleVisit:
    """Make up tomorrow's visit at ten of a service, else of the first, with somebody who does it."""
    service = of or next(iter(document.services), None)
    key = service.key if service else ""
    does = next((each for each in document.specialists if key in each.services), None)
    business, zone = document.business, ZoneInfo(document.business.timezone)
    start = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), TEN, zone)
    place = next(iter(document.locations), None)
    return SampleVisit(
        business=business.name,
        service=service.name if service else texts.text("Haircut"),
        specialist=does.name if does else business.name,
        start=start,
        end=start + timedelta(minutes=service.duration if service else 60),
        timezone=business.timezone,
        place=Place(place.name, place.address, place.latitude, place.longitude) if place else None,
        currency=business.currency,
    )

"""What somebody means who types a few words behind the bot's name: days, services, specialists."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shared.i18n.translator import Translator
from worker.catalogue.rules import plain
from worker.dates.written import read_days
from worker.scheduling.engine import Offer
from worker.scheduling.parts import part_of

MOST_DAYS: Final = 14
"""So many days are searched at once."""
SHORTEST: Final = 2
"""Letters by which a name is told."""
SHORTEST_END: Final = 3
"""Letters by which a name is told that ends so."""
ENDING: Final = 2
"""Letters that may be others at the end of a word, as it is declined: 'стрижку' is 'стрижка'."""
STEM: Final = 4
"""Letters that have to be the same then."""
WORD: Final = re.compile(r"[^\W_]+(?:[.:/'’-][^\W_]+)*\.?")


@dataclass(frozen=True, slots=True)
class Named:
    """Something that people call by its name: a service, a specialist."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class TypedWish:
    """What somebody looks for. Nothing said of services or specialists is all of them."""

    days: tuple[date, date] | None = None
    """The first and the last; None where any will do."""
    services: tuple[int, ...] = ()
    specialists: tuple[int, ...] = ()
    is_understood: bool = True
    """Whether anything was understood of what was typed."""

    def between(self, today: date) -> tuple[date, date]:
        """Return the days to search, not those that have passed; first behind last where none is left."""
        first, last = self.days or (today, today + timedelta(days=MOST_DAYS - 1))
        first = max(first, today)
        return first, min(last, first + timedelta(days=MOST_DAYS - 1))


def understand(
    spoken: Sequence[Translator],
    typed: str,
    today: date,
    services: Sequence[Named],
    specialists: Sequence[Named],
) -> TypedWish:
    """Understand what was typed: days in the words of a language that is spoken here, and names.

    Days and names may stand in any order; what is neither is passed over.
    """
    words = [each[0] for each in WORD.finditer(typed)]
    read = (_days_among(texts, words, today) for texts in spoken)
    days, rest = next((each for each in read if each[0] is not None), (None, words))
    found = _called(services, rest), _called(specialists, rest)
    understood = not words or days is not None or any(found)
    return TypedWish(days, *found, is_understood=understood)


def _days_among(
    texts: Translator, words: Sequence[str], today: date
) -> tuple[tuple[date, date] | None, Sequence[str]]:
    """Find the first words that say a day or several, and what is left without them."""
    for place in range(len(words)):
        found = read_days(texts, " ".join(words[place:]), today)
        if found is not None:
            first, last = sorted((found.first, found.last))
            return (first, last), [*words[:place], *found.rest.split()]
    return None, words


def _called(items: Sequence[Named], words: Sequence[str]) -> tuple[int, ...]:
    """Return what most of the words name, several where they fit equally well; none where nothing fits.

    Where no word begins a part of a name, those that end one count: 'cut' is the haircut.
    """
    told = [word for word in map(plain, words) if len(word) >= SHORTEST]
    return _best(items, told, _is_same) or _best(items, told, _ends)


def _best(items: Sequence[Named], told: Sequence[str], fits: Callable[[str, str], bool]) -> tuple[int, ...]:
    scores = [(item.id, sum(_names(word, item.name, fits) for word in told)) for item in items]
    best = max((score for _, score in scores), default=0)
    return tuple(number for number, score in scores if score == best) if best else ()


def _names(word: str, name: str, fits: Callable[[str, str], bool]) -> bool:
    return any(fits(word, part) for part in (each[0] for each in WORD.finditer(plain(name))))


def _ends(word: str, part: str) -> bool:
    """Tell whether a word is the second half of a compound one."""
    return len(word) >= SHORTEST_END and part.endswith(word)


def _is_same(word: str, part: str) -> bool:
    """Tell whether a word begins a part of a name, or is it with another ending."""
    if part.startswith(word):
        return True
    shared = next(
        (place for place, pair in enumerate(zip(word, part, strict=False)) if pair[0] != pair[1]), None
    )
    common = min(len(word), len(part)) if shared is None else shared
    needed = max(len(word), len(part)) - ENDING
    return common >= max(STEM, needed) or (common == STEM - 1 == len(word) - 1 == len(part) - 1)


def thin(offers: Iterable[Offer], zone: ZoneInfo, most: int, *, hourly: bool) -> list[Offer]:
    """Choose some of the offers, which come in order: the first of each hour, or of each part of a day.

    No more are read than that takes.
    """
    chosen: list[Offer] = []
    seen = set[tuple[date, int]]()
    for offer in offers:
        moment = datetime.fromtimestamp(offer.start, zone)
        key = (moment.date(), moment.hour if hourly else int(part_of(moment, zone)))
        if key not in seen:
            chosen.append(offer)
            seen.add(key)
        if len(chosen) == most:
            break
    return chosen

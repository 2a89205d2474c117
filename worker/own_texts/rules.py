"""What an own text may hold, how it is filled in, and which of several is said."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.i18n.marking import Marked, text_noop
from worker.ui.graphemes import utf16

MOST_FILLED: Final = 1500
"""UTF-16 units of an own text with the longest values in it: beside it a message has room for what is so."""
PLACEHOLDER: Final = re.compile(r"\{([a-z]+)\}")
BRACES: Final = re.compile(r"\{[^{}]*\}|[{}]")
SPACE_BEFORE_END: Final = re.compile(r"[^\S\n]*\n[^\S\n]*")
EMPTY_LINES: Final = re.compile(r"\n{3,}")


class OwnTextKind(StrEnum):
    """Which of our texts an own text stands for."""

    WELCOME = "welcome"
    REMINDER = "reminder"
    AFTER_VISIT = "after_visit"


NAME, BUSINESS, SERVICE, SPECIALIST = "name", "business", "service", "specialist"
DAY, TIME, PLACE = "day", "time", "place"
MEANINGS: Final[Mapping[str, Marked]] = {
    NAME: text_noop("the customer’s first name"),
    BUSINESS: text_noop("the name of your business"),
    SERVICE: text_noop("the service"),
    SPECIALIST: text_noop("the specialist"),
    DAY: text_noop("the day of the visit"),
    TIME: text_noop("when it begins"),
    PLACE: text_noop("where it is"),
}
"""By placeholder, what stands in its place."""
LONGEST: Final[Mapping[str, int]] = {
    NAME: 128,
    BUSINESS: 128,
    SERVICE: 270,
    SPECIALIST: 128,
    DAY: 40,
    TIME: 20,
    PLACE: 330,
}
"""UTF-16 units of the longest value of each: what names, categories and addresses may have."""
OF_VISITS: Final = (NAME, SERVICE, SPECIALIST, DAY, TIME, PLACE, BUSINESS)
PLACEHOLDERS: Final[Mapping[OwnTextKind, tuple[str, ...]]] = {
    OwnTextKind.WELCOME: (NAME, BUSINESS),
    OwnTextKind.REMINDER: OF_VISITS,
    OwnTextKind.AFTER_VISIT: OF_VISITS,
}


@dataclass(frozen=True, slots=True)
class OwnText:
    """An own text as it is kept."""

    language: str
    words: str
    of_service: bool = False
    """Whether it is of one service alone: it goes before the business's."""


def in_lines(words: str) -> str:
    """Return words as they are kept: no space around line ends, no more than one empty line in a row."""
    ends = words.replace("\r\n", "\n").replace("\r", "\n")
    return EMPTY_LINES.sub("\n\n", SPACE_BEFORE_END.sub("\n", ends)).strip()


def broken(words: str, known: Collection[str]) -> Iterator[tuple[str, bool]]:
    """Yield each brace that holds no placeholder of these, and whether it is closed."""
    for found in BRACES.finditer(words):
        inner = PLACEHOLDER.fullmatch(found[0])
        if inner is None or inner[1] not in known:
            closed = found[0].startswith("{") and found[0].endswith("}")
            yield found[0] if closed else words[found.start() :], closed


def longest_filled(words: str) -> int:
    """Return how many UTF-16 units a text has with the longest values in it."""
    return utf16(PLACEHOLDER.sub("", words)) + sum(
        LONGEST.get(found[1], 0) for found in PLACEHOLDER.finditer(words)
    )


def filled(words: str, values: Mapping[str, str]) -> str:
    """Put values in place of the placeholders; braces in a value are left as they are."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), words)


def choose(found: Iterable[OwnText], spoken: str, house: str) -> OwnText | None:
    """Choose the text that is said to somebody who is spoken to in a language; None for ours.

    The service's own goes before the business's; of each, the one in that language before the one in the
    business's language.
    """
    order = [(of_service, language) for of_service in (True, False) for language in (spoken, house)]
    known = {(each.of_service, each.language): each for each in found}
    return next((known[each] for each in order if each in known), None)

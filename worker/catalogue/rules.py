"""How long lists are, how they are grouped, and what is found by its name."""

import unicodedata
from collections.abc import Callable, Sequence
from typing import Final, Protocol

ROWS_A_PAGE: Final = 8
"""So many rows, their words above them and the rows of ways beneath fit a phone's screen."""
SHORT: Final = 16
"""Names of so many characters stand two in a row without being cut."""


class Grouped(Protocol):
    """Something that is found under a category."""

    @property
    def category(self) -> str:
        """The category's name."""
        ...


def categories[T: Grouped](items: Sequence[T]) -> dict[str, list[T]]:
    """Group what is offered by category; not where a page holds it all, or there is but one category."""
    groups: dict[str, list[T]] = {}
    for item in items:
        groups.setdefault(item.category, []).append(item)
    return groups if len(groups) > 1 and len(items) > ROWS_A_PAGE else {}


def columns(names: Sequence[str]) -> int:
    """Return how many names stand in a row: two where all of them are short."""
    return 2 if len(names) > 1 and max(map(len, names)) <= SHORT else 1


def found[T](items: Sequence[T], typed: str, name: Callable[[T], str]) -> list[T]:
    """Find what has every word that was typed somewhere in its name, whatever the accents and capitals.

    What begins with what was typed comes first, then what has a word that does; else the order is kept.
    """
    words = plain(typed).split()
    held = [(item, plain(name(item))) for item in items]
    fitting = [(item, text) for item, text in held if words and all(word in text for word in words)]
    return [item for item, text in sorted(fitting, key=lambda pair: _distance(pair[1], " ".join(words)))]


def _distance(text: str, typed: str) -> int:
    if text.startswith(typed):
        return 0
    return 1 if f" {typed}" in text else 2


def plain(text: str) -> str:
    """Write a text without accents, capitals and doubled spaces: what is compared, never what is shown."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(each for each in decomposed if not unicodedata.combining(each)).split())

"""Buttons that several views share: the way to the menu, and the pager."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

from shared.contracts.base import Command
from shared.contracts.chat import CancelConversation, SkipQuestion
from shared.contracts.menu import ShowHome
from shared.contracts.why import ShowWhyServices
from shared.i18n.translator import Translator
from worker.ui.cells import Cell, cell
from worker.ui.view import Button, Keyboard


class Paged(Protocol):
    """A command that shows one page of a list, and carries its number."""

    @property
    def page(self) -> int:
        """The page, counted from 0."""

    def model_copy(self, *, update: Mapping[str, Any]) -> Command:
        """Return the command with other fields."""


@dataclass(frozen=True, slots=True)
class Page[T]:
    """What one message shows of a longer list; `number` counts from 0."""

    shown: Sequence[T]
    number: int
    count: int

    @classmethod
    def of(cls, items: Sequence[T], number: int, size: int) -> Self:
        """Cut a page out of a list; behind the last page is the last page."""
        count = max(1, -(-len(items) // size))
        number = max(0, min(number, count - 1))
        return cls(items[number * size : (number + 1) * size], number, count)


def menu(texts: Translator) -> Button:
    """Return the way back to the menu."""
    return Button(texts.text("Menu"), ShowHome())


def why_missing(texts: Translator) -> Button:
    """Return the way to the question why a time cannot be booked."""
    return Button(texts.text("Why is a time missing?"), ShowWhyServices())


def pager[T](page: Page[T], asked: Paged) -> list[Button]:
    """Lay out the row that turns the pages of what was asked for; nothing where there is but one.

    An arrow is there only where it leads to a page: other rows of a screen may have arrows of their own.
    """
    if page.count == 1:
        return []
    before, after = (asked.model_copy(update={"page": page.number + step}) for step in (-1, 1))
    return [
        *([Button("‹", before)] if page.number > 0 else []),
        cell(f"{page.number + 1} / {page.count}", Cell.PAGE),
        *([Button("›", after)] if page.number + 1 < page.count else []),
    ]


def question_buttons(texts: Translator, *, optional: bool = False) -> Keyboard:
    """Lay out the buttons beside a question."""
    skip = [Button(texts.text("Skip"), SkipQuestion())] if optional else []
    return [[*skip, Button(texts.text_in("question", "Cancel"), CancelConversation())]]

"""How many places of a group somebody takes, in words and buttons."""

from collections.abc import Mapping
from typing import Final

from shared.contracts.base import Command
from shared.i18n.translator import Html, Translator
from worker.ui.view import Button, Keyboard, rows_of

A_ROW: Final = 5


def within(wanted: int, most: int) -> int:
    """Return how many places somebody may take who wants so many."""
    return max(1, min(wanted, most))


def how_many(texts: Translator) -> Html:
    """Ask for how many it is."""
    return texts.html("👥 How many?")


def size_rows(choices: Mapping[int, Command], chosen: int) -> Keyboard:
    """Make a button for each number, and mark the one that is chosen."""
    buttons = [
        Button(f"✓ {count}" if count == chosen else str(count), command) for count, command in choices.items()
    ]
    return rows_of(buttons, A_ROW)


def fewer_left(texts: Translator, left: int) -> str:
    """Say how many places are left, where that is fewer than are wanted."""
    return texts.plural(
        "Only {number} place is left at that time. Is that all right?",
        "Only {number} places are left at that time. Is that all right?",
        left,
    )

"""Who changes the business, and from where."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ChangeSource(StrEnum):
    """Where a change comes from."""

    CHAT = "chat"
    FILE = "file"
    """A business file that somebody sent to the bot."""
    TOOL = "tool"


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes the business, and from where."""

    person_id: int | None
    """None for a tool: nobody knows who sits there."""
    source: ChangeSource
    command: str = ""
    """The kind of what was tapped or written; what was typed, of a tool."""


THE_TOOL: Final = Author(None, ChangeSource.TOOL, "business apply")
